import { isObject, type Json, type JsonObject, objectOf } from '../model/json.ts';
import { requestFields, scheduleFields, serverFields } from '../model/normal.ts';
import type { SaveBody } from '../model/port.ts';
import type { ObservedSchedule, Schedule } from '../model/schedule.ts';
import { same } from './same.ts';

const known: ReadonlySet<string> = new Set(scheduleFields);
const knownInRequest: ReadonlySet<string> = new Set(requestFields);
const serversOwn: ReadonlySet<string> = new Set(serverFields);
const nothing: ReadonlySet<string> = new Set();

/**
 * What a save of `target` sends. `from` is the schedule that it is made of, `null` for one that is new: each field that
 * is equal in both goes back in the letters in which it was read, also where these say nothing (`""`, a number in
 * quotes, a zone beside `cronSchedules`), and so does what Downbeat does not know.
 */
export function saveBody(target: Schedule, from: ObservedSchedule | null): SaveBody {
  const { name } = target;
  if (from === null) return { name, fields: target };
  const { schedule: before, literal } = from;
  const request = literal.startWorkflowRequest;
  const fields = inLetters(asJson(target), asJson(before), literal, known, serversOwn);
  return {
    name,
    fields: {
      ...fields,
      // OSS answers every save of a list with null in it with a 500.
      ...(from.hasNullTimer && target.cronSchedules
        ? { cronSchedules: asJson(target).cronSchedules as Json }
        : {}),
      startWorkflowRequest: inLetters(
        asJson(target.startWorkflowRequest),
        asJson(before.startWorkflowRequest),
        isObject(request) ? request : {},
        knownInRequest,
        nothing,
      ),
    },
  };
}

function inLetters(
  target: JsonObject,
  before: JsonObject,
  literal: JsonObject,
  fields: ReadonlySet<string>,
  left: ReadonlySet<string>,
): JsonObject {
  const entries: [string, Json][] = [];
  for (const key of new Set([...Object.keys(literal), ...Object.keys(target)])) {
    if (left.has(key)) continue;
    const isKept =
      Object.hasOwn(literal, key) && (!fields.has(key) || same(own(target, key), own(before, key), 'kind'));
    const value = isKept ? literal[key] : own(target, key);
    if (value !== undefined) entries.push([key, value]);
  }
  return objectOf(entries);
}

function own(value: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function asJson(value: Schedule | Schedule['startWorkflowRequest']): JsonObject {
  return value;
}
