import { isObject, type Json, type JsonObject, objectOf } from '../../model/json.ts';
import { bean, int, type JavaType, listOf, long, map, mapOf, type Property, text, truth } from './beans.ts';
import { strategies, workflowDefinition } from './definition.ts';

/**
 * A save's body as the server's JSON reader takes it (OSS v3.32.1 WorkflowSchedule, Jackson): known fields with
 * values coerced to their types, the rest dropped. `answer` is what the save itself answers; `stored` is what every
 * later read answers. They differ where the body had an explicit null for a field that has a default, and where a text
 * is not Unicode.
 */
export type ReadSave =
  | { readonly ok: true; readonly answer: JsonObject; readonly stored: JsonObject }
  | { readonly ok: false; readonly why: string };

/** Reads the body of a save. `keepsCronSchedules` is false for servers whose schedule has no such field. */
export function readSave(body: Json, keepsCronSchedules: boolean): ReadSave {
  const type = keepsCronSchedules ? schedule : scheduleWithoutSeveral;
  const read = type(body);
  if (!read.ok) return read;
  // The store keeps the answer as text, and every later read is another reading of it.
  const kept = type(replaceHalves(read.value));
  if (!kept.ok || !isObject(read.value) || !isObject(kept.value))
    throw new Error('What was written cannot be read.');
  return { ok: true, answer: read.value, stored: kept.value };
}

const half = /\p{Surrogate}/gu;

/** A question mark for each half of a character, as database drivers store it. */
export function replaceHalves(value: Json): Json {
  if (typeof value === 'string') return value.replace(half, '?');
  if (Array.isArray(value)) return value.map(replaceHalves);
  if (!isObject(value)) return value;
  return objectOf(
    Object.entries(value).map(([key, item]): [string, Json] => [key.replace(half, '?'), replaceHalves(item)]),
  );
}

const cronEntry: JavaType = bean([
  { name: 'cronExpression', as: text },
  { name: 'zoneId', as: text, initial: 'UTC' },
]);

/** A StartWorkflowRequest. */
export const startRequest: JavaType = bean([
  { name: 'name', as: text },
  { name: 'version', as: int },
  { name: 'correlationId', as: text },
  { name: 'input', as: map, initial: {} },
  { name: 'taskToDomain', as: mapOf(text), initial: {} },
  { name: 'workflowDef', as: workflowDefinition },
  { name: 'externalInputPayloadStoragePath', as: text },
  { name: 'priority', as: int, initial: 0 },
  { name: 'createdBy', as: text },
  { name: 'idempotencyKey', as: text },
  { name: 'idempotencyStrategy', as: strategies },
]);

const properties: readonly Property[] = [
  { name: 'name', as: text },
  { name: 'cronExpression', as: text },
  { name: 'runCatchupScheduleInstances', as: truth, initial: false, nulled: false },
  { name: 'paused', as: truth, initial: false, nulled: false },
  { name: 'pausedReason', as: text },
  { name: 'startWorkflowRequest', as: startRequest },
  { name: 'zoneId', as: text, initial: 'UTC' },
  { name: 'scheduleStartTime', as: long },
  { name: 'scheduleEndTime', as: long },
  { name: 'createTime', as: long },
  { name: 'updatedTime', as: long },
  { name: 'createdBy', as: text },
  { name: 'updatedBy', as: text },
  { name: 'description', as: text },
  { name: 'nextRunTime', as: long },
];

const scheduleWithoutSeveral: JavaType = bean(properties);

/** An entry may be null here; what that does to the schedule is in `store.ts`. */
const schedule: JavaType = bean([
  ...properties,
  { name: 'cronSchedules', as: listOf(cronEntry), initial: [], nulled: [] },
]);
