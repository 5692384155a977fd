import { utcText } from '../../cron/zone/utc.ts';
import { isObject, type Json, type JsonObject, objectOf } from '../../model/json.ts';
import { requestFields, scheduleFields } from '../../model/normal.ts';
import {
  compareText,
  type DaysWish,
  type DesiredSchedule,
  type FieldPath,
  type Tag,
} from '../../model/schedule.ts';
import { pathKey } from '../read/field-path.ts';
import { escapeReferences } from '../resolve/references.ts';
import { writeYaml } from './write-yaml.ts';

/**
 * Desired schedules as manifests again, by name: nothing is left to resolve but secrets, which stay references, and
 * reading it gives the same schedules. Fields at their default are left out, but the zone. Times are in UTC.
 */
export function renderManifests(desired: readonly DesiredSchedule[]): string {
  return [...desired]
    .sort((a, b) => compareText(a.schedule.name, b.schedule.name))
    .map((one) => writeYaml(manifestOf(one)))
    .join('---\n');
}

/** A manifest's value: its fields in the API's order, texts so that they stand for themselves. */
export function manifestOf({
  schedule,
  pause,
  tags,
  lifecycle,
  secrets = [],
  days,
}: DesiredSchedule): JsonObject {
  const { startWorkflowRequest: request, scheduleStartTime: start, scheduleEndTime: end } = schedule;
  const references = new Map(secrets.map(({ path, reference }) => [pathKey(path), reference]));
  const fields = {
    ...schedule,
    ...(days === undefined ? {} : wished(days)),
    startWorkflowRequest: written(requestFields, {
      ...request,
      input: notEmpty(request.input),
      taskToDomain: notEmpty(request.taskToDomain),
      priority: request.priority || undefined,
    }),
    scheduleStartTime: start === undefined ? undefined : utcText(start),
    scheduleEndTime: end === undefined ? undefined : utcText(end),
    runCatchupScheduleInstances: schedule.runCatchupScheduleInstances || undefined,
    paused: pause?.paused,
    pausedReason: pause?.reason,
    tags: tags && tagMap(tags),
    lifecycle: notEmpty(
      written(['protect', 'ignoreChanges', 'previousNames', 'sensitive', 'notSensitive'], {
        protect: lifecycle.protect || undefined,
        ignoreChanges: paths(lifecycle.ignoreChanges),
        previousNames: lifecycle.previousNames.length === 0 ? undefined : lifecycle.previousNames,
        sensitive: paths(lifecycle.sensitive),
        notSensitive: paths(lifecycle.notSensitive),
      }),
    ),
  };
  return literal(written(fieldsInOrder, fields), [], references) as JsonObject;
}

const fieldsInOrder: readonly string[] = scheduleFields
  .flatMap((field) => (field === 'cronSchedules' ? [field, 'except', 'only'] : [field]))
  .concat('tags', 'lifecycle');

/** Timers as they were before they were compiled, and the calendars. */
function wished({ entries, except, only }: DaysWish): { readonly [field: string]: Json | undefined } {
  const [single, ...others] = entries;
  const names = (all: DaysWish['only']): Json | undefined =>
    all.length === 0 ? undefined : all.map(({ name }) => name);
  return {
    ...(single !== undefined && others.length === 0
      ? { cronExpression: single.cronExpression, zoneId: single.zoneId, cronSchedules: undefined }
      : { cronSchedules: entries }),
    except: names(except),
    only: names(only),
  };
}

/** Every text so that it stands for itself, or, where a secret went in, as its reference. */
function literal(value: Json, path: FieldPath, references: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') return references.get(pathKey(path)) ?? escapeReferences(value);
  if (Array.isArray(value))
    return value.map((item: Json, index) => literal(item, [...path, String(index)], references));
  if (!isObject(value)) return value;
  return objectOf(
    Object.entries(value).map(([key, item]) => [key, literal(item, [...path, key], references)]),
  );
}

/** In this order, without those that are undefined. */
function written(order: readonly string[], fields: { readonly [key: string]: Json | undefined }): JsonObject {
  return objectOf(
    order.flatMap((key) => {
      const value = fields[key];
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}

function notEmpty(value: JsonObject): JsonObject | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}

function paths(list: readonly FieldPath[]): readonly string[] | undefined {
  return list.length === 0 ? undefined : list.map((path) => path.join('.'));
}

function tagMap(tags: readonly Tag[]): JsonObject {
  const values = new Map<string, string[]>();
  for (const { key, value } of tags) values.set(key, [...(values.get(key) ?? []), value]);
  return objectOf([...values].map(([key, list]) => [key, list.length === 1 ? (list[0] ?? '') : list]));
}
