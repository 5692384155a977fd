import { type JsonObject, writeJson } from '../model/json.ts';
import { present } from '../model/present.ts';
import { compareText } from '../model/schedule.ts';
import type { ServerTypeRow } from './server-types.ts';
import type { BackEndRow } from './storage/back-ends.ts';

/** One past run, as answers show it. Times are epoch milliseconds. */
export type Execution = {
  readonly executionId: string;
  readonly scheduleName: string;
  /** The exact cron time. */
  readonly scheduledTime: number;
  /** When the workflow was started. */
  readonly executionTime: number;
  readonly workflowName: string;
  /** Only when `state` is EXECUTED. */
  readonly workflowId?: string;
  readonly reason?: string;
  readonly stackTrace?: string;
  readonly startWorkflowRequest: JsonObject;
  readonly state: 'EXECUTED' | 'FAILED';
  readonly zoneId: string;
};

type Conditions = {
  readonly names: Set<string>;
  readonly states: Set<string>;
  readonly after?: number;
  readonly before?: number;
  readonly workflow?: string;
  readonly executionId?: string;
};

export type ReadQuery =
  | {
      readonly ok: true;
      readonly matches: (execution: Execution) => boolean;
      /** Every one that matches is scheduled after and before these times. */
      readonly after?: number;
      readonly before?: number;
      /** Every one between those times matches. */
      readonly onlyMoments: boolean;
    }
  | { readonly ok: false; readonly status: number; readonly message: string };

/** Reads the `query` of a past-runs search in the grammar of the server type. */
export function readQuery(
  query: string | undefined,
  grammar: ServerTypeRow['historyGrammar'],
  texts: TextRules,
): ReadQuery {
  const asked = query?.trim() ?? '';
  if (grammar === 'orkes') {
    if (query === undefined)
      return {
        ok: false,
        status: 400,
        message: "Required request parameter 'query' for method parameter type String is not present",
      };
    if (asked === '*') return { ok: true, matches: () => true, onlyMoments: true };
  }
  return readClauses(grammar === 'documented' ? asOss(asked) : (query ?? ''), texts);
}

/**
 * The grammar of OSS 3.32.1 (SchedulerSearchQuery): clauses joined by ` AND `. Names and states of several clauses
 * add up, of the other kinds the last clause counts, and a clause that is none of them is one literal schedule name.
 */
function readClauses(query: string, texts: TextRules): ReadQuery {
  let conditions: Conditions = { names: new Set(), states: new Set() };
  for (const clause of query === '' ? [] : query.split(' AND ').map((part) => part.trim())) {
    const list = /^(scheduleName|state) IN \((.*)\)$/s.exec(clause);
    const bound = /^scheduledTime([<>])(.*)$/s.exec(clause);
    const value = /^(workflowName|executionId)=(.*)$/s.exec(clause);
    if (list) {
      const isState = list[1] === 'state';
      for (const item of (list[2] ?? '').split(',').map((part) => part.trim())) {
        if (item === '') continue;
        if (isState) conditions.states.add(item);
        else conditions.names.add(texts.keyOf(item));
      }
    } else if (bound) {
      const digits = (bound[2] ?? '').trim();
      if (!/^[+-]?\d+$/.test(digits) || BigInt.asIntN(64, BigInt(digits)) !== BigInt(digits))
        return { ok: false, status: 500, message: `For input string: "${digits}"` };
      const limit = Number(digits);
      conditions = bound[1] === '>' ? { ...conditions, after: limit } : { ...conditions, before: limit };
    } else if (value) {
      const given = value[2] ?? '';
      if (given !== '')
        conditions =
          value[1] === 'workflowName'
            ? { ...conditions, workflow: given }
            : { ...conditions, executionId: given };
    } else if (clause !== '') {
      conditions.names.add(texts.keyOf(clause));
    }
  }
  const { names, states, after, before, workflow, executionId } = conditions;
  return {
    ok: true,
    matches: (execution) => meets(execution, conditions, texts),
    ...present({ after, before }),
    onlyMoments: names.size === 0 && states.size === 0 && workflow === undefined && executionId === undefined,
  };
}

/** The published page's `scheduleName='x' AND status='COMPLETED'`, said in the other grammar. */
function asOss(query: string): string {
  if (query === '*') return '';
  return query
    .replace(/\bscheduleName\s*=\s*'([^']*)'/g, 'scheduleName IN ($1)')
    .replace(/\bstatus\s*=\s*'COMPLETED'/g, 'state IN (EXECUTED)')
    .replace(/\bstatus\s*=\s*'([^']*)'/g, 'state IN ($1)')
    .replace(/\bworkflowName\s*=\s*'([^']*)'/g, 'workflowName=$1');
}

function meets(execution: Execution, conditions: Conditions, texts: TextRules): boolean {
  const { names, states, after, before, workflow, executionId } = conditions;
  return (
    (names.size === 0 || names.has(texts.keyOf(execution.scheduleName))) &&
    (states.size === 0 || states.has(execution.state)) &&
    (after === undefined || execution.scheduledTime > after) &&
    (before === undefined || execution.scheduledTime < before) &&
    (workflow === undefined || likePart(workflow, texts)(execution.workflowName)) &&
    (executionId === undefined || execution.executionId === executionId)
  );
}

/** How a database compares texts. */
export type TextRules = Pick<BackEndRow, 'keyOf' | 'likes'>;

/** SQL's `LIKE '%part%'`: `%` and `_` are wildcards. */
export function likePart(part: string, { keyOf, likes }: TextRules): (text: string) => boolean {
  const source = keyOf(part)
    .replace(/[^A-Za-z0-9%_]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  const pattern = new RegExp(source, likes === 'any case' ? 'is' : 's');
  return (text) => pattern.test(keyOf(text));
}

type SortFields = { readonly [field: string]: keyof Execution };

const ossSortFields: SortFields = {
  scheduledTime: 'scheduledTime',
  executionTime: 'executionTime',
  scheduleName: 'scheduleName',
  workflowName: 'workflowName',
  state: 'state',
};
const orkesSortFields: SortFields = {
  ...ossSortFields,
  executionId: 'executionId',
  workflowType: 'workflowName',
  status: 'state',
};
const sortFields: { readonly [G in ServerTypeRow['historyGrammar']]: SortFields } = {
  oss: ossSortFields,
  orkes: orkesSortFields,
  documented: orkesSortFields,
};

export type SortKey = { readonly field: keyof Execution; readonly sign: 1 | -1 };

const newestKey: SortKey = { field: 'scheduledTime', sign: -1 };

/**
 * What a `sort=field:DIRECTION,…` orders by; an unknown field is scheduledTime, empty parts say nothing, and without
 * any the newest come first. Undefined when a part is only colons: Java splits that into nothing, and its first part
 * is missing.
 */
export function sortKeys(
  sort: string | undefined,
  { historyGrammar, sortDefault }: Pick<ServerTypeRow, 'historyGrammar' | 'sortDefault'>,
): readonly SortKey[] | undefined {
  const parts = (sort ?? '')
    .split(',')
    .map(trimmed)
    .filter((part) => part !== '');
  if (parts.some((part) => /^:+$/.test(part))) return undefined;
  const fields = sortFields[historyGrammar];
  const keys = parts.map((part): SortKey => {
    // Java drops the empty texts at the end of a split.
    const [field = '', direction] = part.replace(/:+$/, '').split(':').map(trimmed);
    return {
      field: (Object.hasOwn(fields, field) ? fields[field] : undefined) ?? 'scheduledTime',
      sign: (direction ?? sortDefault).toUpperCase() === 'ASC' ? 1 : -1,
    };
  });
  return keys.length === 0 ? [newestKey] : keys;
}

/** Java's trim. */
function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text.charCodeAt(start) <= 0x20) start += 1;
  while (start < end && text.charCodeAt(end - 1) <= 0x20) end -= 1;
  return text.slice(start, end);
}

/** Whether these keys are those of a search that names none. */
export function isNewestFirst(keys: readonly SortKey[]): boolean {
  return keys[0]?.field === newestKey.field && keys[0].sign === newestKey.sign && keys.length === 1;
}

export function executionOrder(keys: readonly SortKey[]): (a: Execution, b: Execution) => number {
  return (a, b) => {
    for (const { field, sign } of keys) {
      const order = compare(a[field], b[field]);
      if (order !== 0) return order * sign;
    }
    return 0;
  };
}

/** Newest times first, put in order once for all pages of a search; runs of one time stay as they came. */
export function newestFirst(): (executions: readonly Execution[]) => readonly Execution[] {
  let known: {
    readonly of: readonly Execution[];
    readonly count: number;
    readonly sorted: readonly Execution[];
  };
  return (executions) => {
    if (known?.of !== executions || known.count !== executions.length)
      known = {
        of: executions,
        count: executions.length,
        sorted: executions.toSorted((a, b) => b.scheduledTime - a.scheduledTime),
      };
    return known.sorted;
  };
}

/** Those between the times of a query, of runs in that order. */
export function between(
  sorted: readonly Execution[],
  { after, before }: { readonly after?: number; readonly before?: number },
): readonly Execution[] {
  if (after === undefined && before === undefined) return sorted;
  const from = before === undefined ? 0 : firstBelow(sorted, before);
  return sorted.slice(from, after === undefined ? sorted.length : firstBelow(sorted, after + 1));
}

/** The index of the first one before a time, of newest ones first. */
function firstBelow(sorted: readonly Execution[], moment: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as Execution).scheduledTime < moment) high = middle;
    else low = middle + 1;
  }
  return low;
}

function compare(a: Execution[keyof Execution], b: Execution[keyof Execution]): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : compareText(String(a), String(b));
}

const requestTexts = new WeakMap<JsonObject, string>();

/** As answers have it. Many runs start with one and the same request, so that is written once. */
export function executionText({ startWorkflowRequest, state, zoneId, ...rest }: Execution): string {
  const request = requestTexts.get(startWorkflowRequest) ?? writeJson(startWorkflowRequest);
  requestTexts.set(startWorkflowRequest, request);
  const [start, end] = [JSON.stringify(rest).slice(0, -1), JSON.stringify({ state, zoneId }).slice(1)];
  return `${start},"startWorkflowRequest":${request},${end}`;
}

/**
 * What is left when the archive is cut: schedules with more than ten records keep their newest five. Servers do
 * it whenever 5000 more records were archived (OSS v3.32.1 SchedulerProperties), so missing history is normal.
 */
export function cutHistory(executions: readonly Execution[]): readonly Execution[] {
  const bySchedule = new Map<string, Execution[]>();
  for (const execution of executions) {
    const own = bySchedule.get(execution.scheduleName);
    if (own) own.push(execution);
    else bySchedule.set(execution.scheduleName, [execution]);
  }
  const kept = new Set<Execution>();
  for (const own of bySchedule.values())
    for (const execution of own.length > 10 ? own.slice(-5) : own) kept.add(execution);
  return executions.filter((execution) => kept.has(execution));
}
