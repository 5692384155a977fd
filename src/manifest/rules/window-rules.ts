import { startSlack } from '../../cron/fire/entry-timers.ts';
import { nextFire } from '../../cron/fire/next.ts';
import { utcText } from '../../cron/zone/utc.ts';
import { isNumber, type Json, type JsonObject } from '../../model/json.ts';
import { doubleOf } from '../../model/number.ts';
import { present } from '../../model/present.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import { at, type Manifest } from '../manifest.ts';
import { readTime } from '../resolve/time.ts';
import type { Timer } from './crons.ts';

/** From when to when a manifest lets its schedule fire, in epoch milliseconds. */
export interface Window {
  readonly start?: number;
  readonly end?: number;
}

/** The window of a manifest; undefined when a part of it cannot be read, which is an error of its own. */
export function windowOf({ scheduleStartTime, scheduleEndTime }: JsonObject): Window | undefined {
  const [start, end] = [moment(scheduleStartTime), moment(scheduleEndTime)];
  if (start === 'unknown' || end === 'unknown') return undefined;
  return present({ start, end });
}

function moment(written: Json | undefined): number | 'unknown' | undefined {
  if (written === undefined) return undefined;
  if (isNumber(written)) return doubleOf(written);
  const time = typeof written === 'string' ? readTime(written) : undefined;
  return time?.ok ? time.ms : 'unknown';
}

/** Hardly any manifest has one. */
function hasWindow({ scheduleStartTime, scheduleEndTime }: JsonObject): boolean {
  return scheduleStartTime !== undefined || scheduleEndTime !== undefined;
}

export function times({ fields, origin }: Manifest): readonly Diagnostic[] {
  if (!hasWindow(fields)) return [];
  return ['scheduleStartTime', 'scheduleEndTime'].flatMap((field) => {
    const text = fields[field];
    if (typeof text !== 'string') return [];
    const time = readTime(text);
    return time.ok
      ? []
      : [problem('bad-time', { field: [field], text, fault: time.fault }, at(origin, [field]))];
  });
}

export function endAtZero({ fields, origin }: Manifest): readonly Diagnostic[] {
  const { scheduleEndTime: end } = fields;
  return isNumber(end) && doubleOf(end) === 0
    ? [problem('end-at-zero', {}, at(origin, ['scheduleEndTime']))]
    : [];
}

/** What is below counts seconds, not milliseconds, in all likelihood: it is before March 1973. */
const leastMilliseconds = 1e11;

export function timeInSeconds({ fields, origin }: Manifest): readonly Diagnostic[] {
  if (!hasWindow(fields)) return [];
  return ['scheduleStartTime', 'scheduleEndTime'].flatMap((field) => {
    const written = fields[field];
    const value = isNumber(written) ? doubleOf(written) : 0;
    if (value <= 0 || value >= leastMilliseconds) return [];
    return [problem('time-in-seconds', { field, value }, at(origin, [field]))];
  });
}

/** It fires at once and for ever: start and end are not looked at (live on OSS 3.32.1). */
export function catchupIgnoresWindow({ fields, origin }: Manifest): readonly Diagnostic[] {
  if (fields.runCatchupScheduleInstances !== true) return [];
  return (['scheduleStartTime', 'scheduleEndTime'] as const)
    .filter((field) => fields[field] !== undefined)
    .map((field) => problem('catchup-ignores-window', { field }, at(origin, [field])));
}

/** A window in which nothing fires. Where the rules are from: `nextRunOfEntry`. */
export function emptyWindow(
  { fields, origin }: Manifest,
  { start, end }: Window,
  timers: readonly Timer[],
  now: number,
): readonly Diagnostic[] {
  // With catch-up it is not looked at; 0 is an error of its own.
  if (end === undefined || end === 0 || fields.runCatchupScheduleInstances === true) return [];
  const place = at(origin, ['scheduleEndTime']);
  const shown = utcText(end);
  const fireAfter = (after: number): number | undefined => {
    const fires = timers.flatMap(({ cron, zone }) => nextFire(cron, zone, after) ?? []);
    return fires.length === 0 ? undefined : Math.min(...fires);
  };
  const first = start === undefined ? undefined : fireAfter(start - startSlack);
  if (start !== undefined && start >= end) {
    // The first run after a start to come is computed without a look at the end.
    const once = now < start - startSlack && first !== undefined ? { once: utcText(first) } : {};
    return [problem('window-upside-down', { start: utcText(start), end: shown, ...once }, place)];
  }
  if (start !== undefined && (first === undefined || first > end))
    return [
      problem(
        'window-without-fire',
        { end: shown, ...(first === undefined ? {} : { first: utcText(first) }) },
        place,
      ),
    ];
  if (end < now) return [problem('window-over', { end: shown, isPast: true }, place)];
  const next = start !== undefined && now < start - startSlack ? first : fireAfter(now);
  return next !== undefined && next <= end
    ? []
    : [problem('window-over', { end: shown, isPast: false }, place)];
}
