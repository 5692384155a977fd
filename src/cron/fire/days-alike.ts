import type { Cron, CronField } from '../parse/cron.ts';
import { modulo, weekdayOf } from '../zone/civil.ts';
import { keptOffset, lastInstant } from '../zone/offsets.ts';
import { wallAt } from '../zone/wall.ts';
import type { Zone } from '../zone/zone.ts';
import { timeAt, timesBefore, timesOf } from './times.ts';

const dayLength = 86_400;
const allDays = 31;
const allMonths = 12;

/**
 * So many seconds before a change of the clock, days are no longer taken to be alike: on its way to a day Spring looks up
 * to a week ahead of it.
 */
export const margin: number = 8 * dayLength;

/** Fields that were read from equal texts are one. */
const known = new WeakMap<CronField, ReadonlySet<number>>();

/** When a cron fires on every day, or on every one of some weekdays: those weekdays. */
export function weekdaysAlike({ day, month, weekday }: Cron): ReadonlySet<number> | undefined {
  const [rule] = weekday;
  if (rule?.kind !== 'values' || weekday.length > 1) return undefined;
  if (!takesAll(day, allDays) || !takesAll(month, allMonths)) return undefined;
  const found = known.get(weekday);
  if (found !== undefined) return found;
  const weekdays = new Set(rule.values);
  known.set(weekday, weekdays);
  return weekdays;
}

function takesAll(field: CronField, size: number): boolean {
  const [rule] = field;
  return field.length === 1 && rule?.kind === 'values' && rule.values.length === size;
}

/**
 * The first fire later than `second`, told only from the times of day; epoch seconds. Undefined where that is not
 * enough: days are not alike, or the clock changes on the way or soon after.
 */
export function nextOnDaysAlike(cron: Cron, zone: Zone, second: number): number | undefined {
  const weekdays = weekdaysAlike(cron);
  if (weekdays === undefined) return undefined;
  const times = timesOf(cron);
  const { local, offset } = wallAt(zone, second, false);
  let day = Math.floor(local / dayLength);
  let index = weekdays.has(weekdayOf(day)) ? timesBefore(times, modulo(local, dayLength) + 1) : times.count;
  if (index === times.count) {
    index = 0;
    do day += 1;
    while (!weekdays.has(weekdayOf(day)));
  }
  const fire = day * dayLength - offset + timeAt(times, index);
  const until = fire + margin;
  if (until > lastInstant) return undefined;
  return zone.kind === 'fixed' || keptOffset(zone.rules, second, until) !== undefined ? fire : undefined;
}
