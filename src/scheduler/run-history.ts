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

const sortFields: { readonly [field: string]: keyof Execution } = {
  scheduledTime: 'scheduledTime',
  executionTime: 'executionTime',
  executionId: 'executionId',
  scheduleName: 'scheduleName',
  workflowName: 'workflowName',
  workflowType: 'workflowName',
  state: 'state',
  status: 'state',
};

/** True for a sort of which a part is colons only: Java splits it into nothing, and its first part is missing. */
export function hasEmptySort(sort: string | undefined): boolean {
  return (sort?.trim() ?? '').split(',').some((part) => /^:+$/.test(part.trim()));
}

/** The order of `sort=field:DIRECTION,…`; an unknown field is scheduledTime, no sort is newest first. */
export function executionOrder(
  sort: string | undefined,
  sortDefault: 'ASC' | 'DESC',
): (a: Execution, b: Execution) => number {
  const keys = (sort?.trim() || 'scheduledTime:DESC').split(',').map((part) => {
    const [field = '', direction = sortDefault] = part.trim().split(':');
    return {
      field: sortFields[field] ?? 'scheduledTime',
      sign: direction.toUpperCase() === 'ASC' ? 1 : -1,
    };
  });
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
