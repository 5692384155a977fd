import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { normalSchedule } from '../../model/normal.ts';
import type { Writable } from '../../model/present.ts';
import {
  type DesiredSchedule,
  type FieldPath,
  type Lifecycle,
  type PauseWish,
  tagSet,
} from '../../model/schedule.ts';
import type { Manifest } from '../manifest.ts';
import { writtenTags } from './tags.ts';
import { readTime } from './time.ts';

/** What a manifest without errors asks for: the schedule in normal form, and apart from it what is managed only when written. */
export function resolve({ fields, origin }: Pick<Manifest, 'fields' | 'origin'>): DesiredSchedule {
  const { paused, pausedReason, tags, lifecycle } = fields;
  const pause = pauseWish(paused, pausedReason);
  const desired: Writable<DesiredSchedule> = {
    schedule: normalSchedule(bodyOf(fields)),
    lifecycle: isObject(lifecycle) ? lifecycleOf(lifecycle) : noLifecycle,
    origin,
  };
  if (pause !== undefined) desired.pause = pause;
  if (tags !== undefined) desired.tags = tagSet(writtenTags(tags));
  return desired;
}

/** Without the pause, and with times as the API has them. Most manifests are that already. */
function bodyOf(fields: JsonObject): JsonObject {
  const { paused, pausedReason, scheduleStartTime, scheduleEndTime } = fields;
  if ((paused ?? pausedReason ?? scheduleStartTime ?? scheduleEndTime) === undefined) return fields;
  const { paused: _paused, pausedReason: _reason, ...rest } = fields;
  const { scheduleStartTime: _start, scheduleEndTime: _end, ...body } = rest;
  return {
    ...body,
    ...milliseconds('scheduleStartTime', scheduleStartTime),
    ...milliseconds('scheduleEndTime', scheduleEndTime),
  };
}

function pauseWish(paused: Json | undefined, reason: Json | undefined): PauseWish | undefined {
  if (typeof paused !== 'boolean') return undefined;
  return { paused, ...(paused && typeof reason === 'string' ? { reason } : {}) };
}

function milliseconds(field: string, written: Json | undefined): JsonObject {
  if (typeof written !== 'string') return written === undefined ? {} : { [field]: written };
  const time = readTime(written);
  return time.ok ? { [field]: time.ms } : {};
}

const noLifecycle: Lifecycle = lifecycleOf({});

function lifecycleOf({
  protect,
  ignoreChanges,
  previousNames,
  sensitive,
  notSensitive,
}: JsonObject): Lifecycle {
  return {
    protect: protect === true,
    ignoreChanges: texts(ignoreChanges).map(fieldPath),
    previousNames: texts(previousNames),
    sensitive: texts(sensitive).map(fieldPath),
    notSensitive: texts(notSensitive).map(fieldPath),
  };
}

function texts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function fieldPath(text: string): FieldPath {
  return text.split('.');
}
