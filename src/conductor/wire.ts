import type { Query } from '../http/url.ts';
import type { Execution } from '../model/execution.ts';
import { isNumber, isObject, type Json, type JsonObject, writeJson } from '../model/json.ts';
import { normalize } from '../model/normal.ts';
import type { BulkResult, ExecutionPage, NextFewQuery, SaveBody } from '../model/port.ts';
import type { Writable } from '../model/present.ts';
import { type ObservedSchedule, type ServerFacts, type Tag, tagSet } from '../model/schedule.ts';

/** A schedule of an answer, from `get`, a list or a save. */
export function scheduleFrom(raw: JsonObject): ObservedSchedule {
  const tags = raw.tags === undefined ? undefined : tagsFrom(raw.tags);
  const { cronSchedules: timers } = raw;
  const { schedule, carried, carriedInRequest } = normalize(raw);
  const observed: Writable<ObservedSchedule> = {
    schedule,
    carried,
    carriedInRequest,
    facts: factsFrom(raw),
    literal: raw,
  };
  if (tags !== undefined) observed.tags = tags;
  if (Array.isArray(timers) && timers.includes(null)) observed.hasNullTimer = true;
  return observed;
}

/**
 * The schedule in an answer that must be about `name`; `undefined` when it is about anything else. OSS takes the name
 * `search` for another route, and a database may fold upper and lower case.
 */
export function scheduleNamed(value: Json, name: string): ObservedSchedule | undefined {
  return isObject(value) && value.name === name ? scheduleFrom(value) : undefined;
}

function factsFrom({ createTime, updatedTime, createdBy, updatedBy }: JsonObject): ServerFacts {
  const facts: Writable<ServerFacts> = {};
  if (typeof createTime === 'number') facts.createTime = createTime;
  if (typeof updatedTime === 'number') facts.updatedTime = updatedTime;
  // OSS has no users and says "".
  if (typeof createdBy === 'string' && createdBy !== '') facts.createdBy = createdBy;
  if (typeof updatedBy === 'string' && updatedBy !== '') facts.updatedBy = updatedBy;
  return facts;
}

export type ListFrom =
  | { readonly ok: true; readonly elements: readonly JsonObject[] }
  | { readonly ok: false; readonly why: string };

/**
 * The elements of a list, if it is one: an array of objects, each with a name, no name twice. Servers do hold a
 * schedule whose name is empty (OSS v3.32.1 stores it); it is listed like any other, or one careless save by
 * them all would stop every run.
 */
export function listFrom(value: Json): ListFrom {
  if (!Array.isArray(value))
    return { ok: false, why: `${kindOf(value)} where a list of schedules was expected` };
  const names = new Set<string>();
  for (const [index, element] of value.entries()) {
    if (!isObject(element) || typeof element.name !== 'string')
      return { ok: false, why: `element ${index} of the list is not a schedule with a name` };
    if (names.has(element.name))
      return { ok: false, why: `the list has the name ${JSON.stringify(element.name)} twice` };
    names.add(element.name);
  }
  return { ok: true, elements: value as readonly JsonObject[] };
}

/** What a JSON value is, in words: never its content, which may be anything. */
function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (isNumber(value)) return 'a number';
  return Array.isArray(value) ? 'an array' : isObject(value) ? 'an object' : `a ${typeof value}`;
}

/** The body of a save: what is absent gets the server's default. */
export function saveText({ fields }: SaveBody): string {
  return writeJson(fields);
}

/** Tags of an answer; `undefined` when it is not a list of keys and values. A `type` beside them is deprecated and ignored. */
export function tagsFrom(value: Json): readonly Tag[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const tags: Tag[] = [];
  for (const item of value) {
    if (!isObject(item) || typeof item.key !== 'string') return undefined;
    const { key, value: text = null } = item;
    if (Array.isArray(text) || isObject(text)) return undefined;
    tags.push({ key, value: text === null ? '' : String(text) });
  }
  return tagSet(tags);
}

/** The body of `PUT`, `POST` and `DELETE` of tags. */
export function tagsText(tags: readonly Tag[]): string {
  return writeJson(tags.map(({ key, value }) => ({ key, value })));
}

/** The times of a preview, epoch milliseconds. */
export function momentsFrom(value: Json): readonly number[] | undefined {
  return Array.isArray(value) && value.every((moment) => typeof moment === 'number')
    ? (value as readonly number[])
    : undefined;
}

export function nextFewParameters(query: NextFewQuery): Query {
  const { cronExpression, scheduleStartTime, scheduleEndTime, limit } = query;
  return { cronExpression, scheduleStartTime, scheduleEndTime, limit };
}

/** One page of past runs; `undefined` when it is not one, or a record has no schedule. */
export function executionsFrom(value: Json): ExecutionPage | undefined {
  if (!isObject(value) || typeof value.totalHits !== 'number' || !Array.isArray(value.results))
    return undefined;
  const results: Execution[] = [];
  for (const record of value.results) {
    const run = isObject(record) ? executionFrom(record) : undefined;
    if (run === undefined) return undefined;
    results.push(run);
  }
  return { totalHits: value.totalHits, results };
}

function executionFrom(record: JsonObject): Execution | undefined {
  const { scheduleName, scheduledTime, executionTime, executionId, workflowName, workflowId, reason } =
    record;
  if (typeof scheduleName !== 'string') return undefined;
  return {
    ...(typeof executionId === 'string' ? { id: executionId } : {}),
    schedule: scheduleName,
    ...(typeof scheduledTime === 'number' ? { scheduledTime } : {}),
    ...(typeof executionTime === 'number' ? { executionTime } : {}),
    state: typeof record.state === 'string' ? record.state : 'unknown',
    ...(typeof workflowName === 'string' ? { workflow: workflowName } : {}),
    ...(typeof workflowId === 'string' && workflowId !== '' ? { workflowId } : {}),
    ...(typeof reason === 'string' && reason !== '' ? { reason } : {}),
  };
}

export function bulkFrom(value: Json): BulkResult | undefined {
  if (!isObject(value)) return undefined;
  const { bulkSuccessfulResults: succeeded, bulkErrorResults: errors } = value;
  if (!Array.isArray(succeeded) || !isObject(errors)) return undefined;
  return {
    succeeded: succeeded.filter((name) => typeof name === 'string'),
    failed: Object.fromEntries(Object.entries(errors).map(([name, why]) => [name, String(why)])),
  };
}

/** The token in the answer of `POST /token`. */
export function tokenFrom(value: Json): string | undefined {
  return isObject(value) && typeof value.token === 'string' && value.token !== '' ? value.token : undefined;
}

/** The body of `POST /token`. Keys are pasted with spaces and newlines around them, so both parts are trimmed. */
export function tokenText(key: string, secret: string): string {
  return writeJson({ keyId: key.trim(), keySecret: secret.trim() });
}
