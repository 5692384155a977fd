import type { Json, JsonObject } from '../../model/json.ts';
import { present } from '../../model/present.ts';
import { compareText } from '../../model/schedule.ts';

export type RunQuery =
  | { readonly ok: true; readonly matches: (run: JsonObject) => boolean }
  | { readonly ok: false; readonly message: string };

const fields: { readonly [name: string]: string } = {
  workflowId: 'workflowId',
  workflowType: 'workflowName',
  correlationId: 'correlationId',
  status: 'status',
  startTime: 'createTime',
  updateTime: 'updateTime',
  endTime: 'endTime',
};

/** The query of a search of workflows, such as `status IN (RUNNING,FAILED) AND workflowType = 'a'` (OSS 3.32.1). */
export function readRunQuery(query: string): RunQuery {
  const conditions: ((run: JsonObject) => boolean)[] = [];
  for (const clause of query.trim() === '' ? [] : query.split(/ AND /i)) {
    const [, name = '', operator = '', written = ''] =
      /^\s*(\w+)\s*(=|<|>|\bIN\b)\s*(.+?)\s*$/is.exec(clause) ?? [];
    if (name === '') return { ok: false, message: `Incorrectly formatted query string: ${query}` };
    const field = fields[name] ?? name;
    const plain = written.replace(/^\((.*)\)$/s, '$1');
    const values = (operator.toUpperCase() === 'IN' ? plain.split(',') : [written]).map((value) =>
      value.trim().replace(/^(["'])(.*)\1$/s, '$2'),
    );
    const [first = ''] = values;
    if (operator === '<') conditions.push((run) => Number(run[field]) < Number(first));
    else if (operator === '>') conditions.push((run) => Number(run[field]) > Number(first));
    else conditions.push((run) => values.includes(String(run[field] ?? '')));
  }
  return { ok: true, matches: (run) => conditions.every((holds) => holds(run)) };
}

/** The order of `sort=field:DIRECTION`; without one the newest come first. */
export function runOrder(sort: string): (a: JsonObject, b: JsonObject) => number {
  const [name = '', direction = 'ASC'] = (sort.trim() || 'startTime:DESC').split(':');
  const field = fields[name] ?? 'createTime';
  const sign = direction.toUpperCase() === 'DESC' ? -1 : 1;
  return (a, b) => sign * compareValues(a[field] ?? '', b[field] ?? '');
}

function compareValues(a: Json, b: Json): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : compareText(String(a), String(b));
}

/** A run as the search shows it: a WorkflowSummary, whose input and output are texts as Java prints maps. */
export function summaryOf(run: JsonObject): JsonObject {
  const [input, output] = [javaText(run.input ?? {}), javaText(run.output ?? {})];
  const ended = Number(run.endTime ?? 0);
  return {
    workflowType: run.workflowName ?? null,
    version: run.workflowVersion ?? null,
    workflowId: run.workflowId ?? null,
    ...present({ correlationId: run.correlationId }),
    startTime: timeText(run.createTime),
    updateTime: timeText(run.updateTime),
    ...(ended > 0 ? { endTime: timeText(run.endTime) } : {}),
    status: run.status ?? null,
    input,
    output,
    ...present({ reasonForIncompletion: run.reasonForIncompletion }),
    executionTime: ended > 0 ? ended - Number(run.createTime) : 0,
    failedReferenceTaskNames: '',
    priority: run.priority ?? 0,
    failedTaskNames: [],
    taskToDomain: run.taskToDomain ?? {},
    parentWorkflowId: '',
    classifier: 'workflow',
    inputSize: input.length,
    outputSize: output.length,
  };
}

function timeText(time: Json | undefined): string {
  return new Date(Number(time)).toISOString();
}

function javaText(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(javaText).join(', ')}]`;
  if (value === null || typeof value !== 'object') return String(value);
  if (Object.getPrototypeOf(value) !== Object.prototype) return String(value);
  const entries = Object.entries(value as JsonObject).map(([key, item]) => `${key}=${javaText(item)}`);
  return `{${entries.join(', ')}}`;
}
