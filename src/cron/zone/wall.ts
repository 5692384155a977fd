import { civilDate, dayNumber, modulo, monthLength, weekdayOf } from './civil.ts';
import { offsetAt, stretches } from './offsets.ts';
import type { Zone } from './zone.ts';

/**
 * A time as the clock on the wall of a zone shows it. Movements follow `java.time.ZonedDateTime`: hours and smaller
 * move along real time, days and larger along the calendar; a local time in a gap moves forward by the gap's length;
 * one that occurs twice keeps its offset if it can, else takes the earlier.
 */
export interface Wall {
  /** Seconds since 1970-01-01T00:00 local time. */
  readonly local: number;
  /** Seconds east of UTC. */
  readonly offset: number;
  /** Whether the time lies after the full second. */
  readonly fraction: boolean;
}

/** The parts of a time that cron fields match. */
export type Part = 'second' | 'minute' | 'hour' | 'day' | 'month' | 'weekday';

const minute = 60;
const hour = 3600;
const day = 86_400;
// No zone was ever further from UTC, Java's limit for fixed offsets included.
const farthestOffset = 18 * hour;

/** What the zone's wall clock shows at an instant in epoch seconds. */
export function wallAt(zone: Zone, instant: number, fraction: boolean): Wall {
  const offset = zone.kind === 'fixed' ? zone.offset : offsetAt(zone.rules, instant);
  return { local: instant + offset, offset, fraction };
}

/** Epoch seconds of the full second. */
export function instantOf(wall: Wall): number {
  return wall.local - wall.offset;
}

/** Whether `a` is the earlier time. */
export function isBefore(a: Wall, b: Wall): boolean {
  const difference = instantOf(a) - instantOf(b);
  return difference === 0 ? !a.fraction && b.fraction : difference < 0;
}

/** Whether two times are the same one in one zone. */
export function isSame(a: Wall, b: Wall): boolean {
  return a.local === b.local && a.offset === b.offset && a.fraction === b.fraction;
}

/** The value of a part: days and months from 1, weekdays 1 = Monday to 7 = Sunday. */
export function read({ local }: Wall, part: Part): number {
  switch (part) {
    case 'second':
      return modulo(local, minute);
    case 'minute':
      return Math.floor(modulo(local, hour) / minute);
    case 'hour':
      return Math.floor(modulo(local, day) / hour);
    case 'day':
      return civilDate(Math.floor(local / day)).day;
    case 'month':
      return civilDate(Math.floor(local / day)).month;
    case 'weekday':
      return weekdayOf(Math.floor(local / day));
  }
}

/** The least and the greatest value of a part in this time's month. */
export function bounds(wall: Wall, part: Part): readonly [least: number, greatest: number] {
  switch (part) {
    case 'second':
    case 'minute':
      return [0, 59];
    case 'hour':
      return [0, 23];
    case 'day': {
      const { year, month } = civilDate(Math.floor(wall.local / day));
      return [1, monthLength(year, month)];
    }
    case 'month':
      return [1, 12];
    case 'weekday':
      return [1, 7];
  }
}

/** Sets one part, within its bounds, and leaves the rest of the local time (a day beyond a shorter month's end is its last). */
export function put(zone: Zone, wall: Wall, part: Part, value: number): Wall {
  const change = value - read(wall, part);
  switch (part) {
    case 'second':
      return resolve(zone, wall, wall.local + change);
    case 'minute':
      return resolve(zone, wall, wall.local + change * minute);
    case 'hour':
      return resolve(zone, wall, wall.local + change * hour);
    case 'day':
    case 'weekday':
      return plusDays(zone, wall, change);
    case 'month':
      return plusMonths(zone, wall, change);
  }
}

/** Moves forward by so many of a part's own units. */
export function plus(zone: Zone, wall: Wall, part: Part, amount: number): Wall {
  switch (part) {
    case 'second':
      return elapse(zone, wall, amount);
    case 'minute':
      return elapse(zone, wall, amount * minute);
    case 'hour':
      return elapse(zone, wall, amount * hour);
    case 'day':
    case 'weekday':
      return plusDays(zone, wall, amount);
    case 'month':
      return plusMonths(zone, wall, amount);
  }
}

/** The same date and offset, where that exists, at 00:00. */
export function midnight(zone: Zone, wall: Wall): Wall {
  return { ...resolve(zone, wall, wall.local - modulo(wall.local, day)), fraction: false };
}

function elapse(zone: Zone, wall: Wall, seconds: number): Wall {
  return wallAt(zone, instantOf(wall) + seconds, wall.fraction);
}

/** Moves along the calendar. */
export function plusDays(zone: Zone, wall: Wall, days: number): Wall {
  return resolve(zone, wall, wall.local + days * day);
}

function plusMonths(zone: Zone, wall: Wall, months: number): Wall {
  const number = Math.floor(wall.local / day);
  const from = civilDate(number);
  const count = from.year * 12 + from.month - 1 + months;
  const year = Math.floor(count / 12);
  const month = modulo(count, 12) + 1;
  const to = dayNumber({ year, month, day: Math.min(from.day, monthLength(year, month)) });
  return plusDays(zone, wall, to - number);
}

/** The time at which the zone shows `local`, reached from `wall`. */
function resolve(zone: Zone, wall: Wall, local: number): Wall {
  const { fraction } = wall;
  if (zone.kind === 'fixed') return { local, offset: zone.offset, fraction };
  const around = stretches(zone.rules, local - farthestOffset, local + farthestOffset);
  const only = around.length === 1 ? around[0] : undefined;
  if (only !== undefined) return { local, offset: only.offset, fraction };
  let earliest: number | undefined;
  for (const { start, end, offset } of around) {
    const instant = local - offset;
    if (instant < start || instant >= end) continue;
    if (offset === wall.offset) return { local, offset, fraction };
    earliest ??= offset;
  }
  if (earliest !== undefined) return { local, offset: earliest, fraction };
  for (const [index, { end, offset }] of around.entries()) {
    const next = around[index + 1];
    if (next !== undefined && local >= end + offset && local < end + next.offset)
      return { local: local + next.offset - offset, offset: next.offset, fraction };
  }
  throw new Error(`local time ${local} is neither in a stretch nor between two`);
}
