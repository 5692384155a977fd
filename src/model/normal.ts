import { canonicalJson, isNumber, isObject, type Json, type JsonObject, objectOf } from './json.ts';
import { doubleOf } from './number.ts';
import type { Writable } from './present.ts';
import { type CronEntry, compareText, type Schedule, type StartRequest } from './schedule.ts';

/** What `normalize` makes of one schedule object. */
export type Normalized = {
  readonly schedule: Schedule;
  /** Fields at the top and inside `startWorkflowRequest` that are neither known nor the server's own. */
  readonly carried: JsonObject;
  readonly carriedInRequest: JsonObject;
};

/** Fields that servers set by themselves: never desired, never sent (OSS v3.32.1 WorkflowSchedule; Orkes' list answer). */
export const serverFields: readonly string[] = [
  'createTime',
  'createdBy',
  'updatedTime',
  'updatedBy',
  'nextRunTime',
  'orgId',
  'queueMsgId',
  'capabilities',
  'tags',
];

/** The fields of a schedule, in the order in which people read them: what, when, what it starts, from when to when, whether. */
export const scheduleFields: readonly string[] = fieldsOf<Schedule>({
  name: true,
  description: true,
  cronExpression: true,
  zoneId: true,
  cronSchedules: true,
  startWorkflowRequest: true,
  scheduleStartTime: true,
  scheduleEndTime: true,
  runCatchupScheduleInstances: true,
  paused: true,
  pausedReason: true,
});

/** The fields of `startWorkflowRequest`, in that order. */
export const requestFields: readonly string[] = fieldsOf<StartRequest>({
  name: true,
  version: true,
  input: true,
  correlationId: true,
  taskToDomain: true,
  priority: true,
  workflowDef: true,
  externalInputPayloadStoragePath: true,
  idempotencyKey: true,
  idempotencyStrategy: true,
});

/** The one field of `startWorkflowRequest` that servers set by themselves. */
export const serverRequestField = 'createdBy';

/** The keys of a type as they are written: a list that has one too few or too many does not compile. */
function fieldsOf<T>(fields: { readonly [F in keyof Required<T>]: true }): readonly string[] {
  return Object.keys(fields);
}

const knownFields = new Set([...serverFields, ...scheduleFields]);
const knownRequestFields = new Set([serverRequestField, ...requestFields]);

/** What the scheduler puts into the input of each run, over what is there (OSS v3.32.1). */
export const injectedInputs: readonly string[] = [
  '_startedByScheduler',
  '_scheduledTime',
  '_executedTime',
  '_executionId',
  '_schedulerCron',
];

/**
 * The normal form of a schedule object in the API's field names, of either side: a manifest's body or a server's
 * answer. It never fails: text where a number belongs is read as OSS coerces it, and what cannot be read at all
 * counts as absent (a manifest has passed its schema before; a server's odd value then shows as a change).
 */
export function normalize(raw: JsonObject): Normalized {
  return {
    schedule: normalSchedule(raw),
    carried: unknownOf(raw, knownFields),
    carriedInRequest: unknownOf(requestOf(raw), knownRequestFields),
  };
}

/** The same without what is not known. */
export function normalSchedule(raw: JsonObject): Schedule {
  const entries = Array.isArray(raw.cronSchedules) ? raw.cronSchedules.filter(isObject).map(cronEntry) : [];
  const description = text(raw.description);
  const cronExpression = text(raw.cronExpression);
  const pausedReason = text(raw.pausedReason);
  const start = whole(raw.scheduleStartTime);
  const end = whole(raw.scheduleEndTime);
  const schedule: Partial<Writable<Schedule>> = { name: text(raw.name) ?? '' };
  if (description !== undefined) schedule.description = description;
  // A non-empty cronSchedules wins and the two fields beside it have no effect (OSS SchedulerService).
  if (entries.length > 0) schedule.cronSchedules = sortedTimers(entries);
  else {
    if (cronExpression !== undefined) schedule.cronExpression = cronExpression;
    schedule.zoneId = text(raw.zoneId) ?? 'UTC';
  }
  schedule.startWorkflowRequest = normalRequest(requestOf(raw));
  if (start !== undefined) schedule.scheduleStartTime = start;
  if (end !== undefined) schedule.scheduleEndTime = end;
  schedule.runCatchupScheduleInstances = truth(raw.runCatchupScheduleInstances);
  schedule.paused = truth(raw.paused);
  if (pausedReason !== undefined) schedule.pausedReason = pausedReason;
  return schedule as Schedule;
}

function requestOf({ startWorkflowRequest }: JsonObject): JsonObject {
  return isObject(startWorkflowRequest) ? startWorkflowRequest : {};
}

function normalRequest(raw: JsonObject): StartRequest {
  const version = whole(raw.version);
  const correlationId = text(raw.correlationId);
  const path = text(raw.externalInputPayloadStoragePath);
  const key = text(raw.idempotencyKey);
  // Without a key the strategy has no effect; the Python SDK sends "FAIL" on every save.
  const strategy = key === undefined ? undefined : text(raw.idempotencyStrategy);
  const request: Partial<Writable<StartRequest>> = { name: text(raw.name) ?? '' };
  if (version !== undefined) request.version = version;
  request.input = isObject(raw.input) ? raw.input : {};
  if (correlationId !== undefined) request.correlationId = correlationId;
  request.taskToDomain = isObject(raw.taskToDomain)
    ? (objectOf(Object.entries(raw.taskToDomain).map(([task, domain]) => [task, scalarText(domain)])) as {
        [task: string]: string;
      })
    : {};
  request.priority = whole(raw.priority) ?? 0;
  if (isObject(raw.workflowDef)) request.workflowDef = raw.workflowDef;
  if (path !== undefined) request.externalInputPayloadStoragePath = path;
  if (key !== undefined) request.idempotencyKey = key;
  if (strategy !== undefined) request.idempotencyStrategy = strategy;
  return request as StartRequest;
}

function cronEntry(raw: JsonObject): CronEntry {
  return { cronExpression: text(raw.cronExpression) ?? '', zoneId: text(raw.zoneId) ?? 'UTC' };
}

/** Timers as a normal form has them: their order has no effect. */
export function sortedTimers(entries: readonly CronEntry[]): readonly CronEntry[] {
  return [...entries].sort(byEntry);
}

function byEntry(a: CronEntry, b: CronEntry): number {
  return compareText(a.cronExpression, b.cronExpression) || compareText(a.zoneId, b.zoneId);
}

function text(value: Json | undefined): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  return scalarText(value);
}

function scalarText(value: Json): string {
  return typeof value === 'string' ? value : canonicalJson(value);
}

function truth(value: Json | undefined): boolean {
  return value === true || value === 'true';
}

function whole(value: Json | undefined): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'string' ? Number(value) : isNumber(value) ? doubleOf(value) : undefined;
  return number !== undefined && Number.isFinite(number) ? number + 0 : undefined;
}

const none: JsonObject = {};

function unknownOf(raw: JsonObject, known: ReadonlySet<string>): JsonObject {
  // Hardly any schedule has one.
  if (Object.keys(raw).every((key) => known.has(key))) return none;
  return objectOf(Object.entries(raw).filter(([key]) => !known.has(key)));
}
