import type { Cron, CronField, CronRule } from '../parse/cron.ts';
import { approach, clearBelow, roll } from '../zone/moves.ts';
import { lastInstant } from '../zone/offsets.ts';
import { instantOf, isBefore, isSame, type Part, plus, read, type Wall, wallAt } from '../zone/wall.ts';
import type { Zone } from '../zone/zone.ts';
import { nextOnDaysAlike } from './days-alike.ts';
import { specialDay } from './special-days.ts';

// Spring gives up after so many rounds, and within a field after so many moves. Leap days that must fall on one weekday
// are at most 40 years apart, a round or a few each year.
const maxRounds = 366;
// Larger parts first, so that what they reset is set by the smaller ones after them.
const order: readonly Part[] = ['weekday', 'month', 'day', 'hour', 'minute', 'second'];
// Answers with the past end within the month.
const maxHoursPast = 31 * 24;

/**
 * The next fire strictly later than `after`, both in epoch milliseconds, on a full second; null when there is none: the
 * answers of Spring 6.2.19's `CronExpression.next` on a `ZonedDateTime`, quirks included. Where the clock jumps, a fixed time
 * inside the gap is left out that day, and a time that occurs twice fires twice (a daily midnight in Havana once: there
 * Spring comes from later that day).
 *
 * The one deviation: Spring answers with the past for `L-28` and beyond in short months, and for some crons while a clock
 * goes back to the middle of an hour (each autumn in Lord Howe and on Chatham). A server then fires about every second until
 * that day or hour is over; here the answer is the first later one that the search finds from one hour after `after`, or
 * from two, and so on.
 */
export function nextFire(cron: Cron, zone: Zone, after: number): number | null {
  const second = Math.floor(after / 1000);
  if (Math.abs(second) > lastInstant) return null;
  const alike = nextOnDaysAlike(cron, zone, second);
  return alike === undefined ? nextBySearch(cron, zone, second) : alike * 1000;
}

/** The same for a time in epoch seconds, always by Spring's own steps: ten times as slow, and right for every cron. */
export function nextBySearch(cron: Cron, zone: Zone, second: number): number | null {
  for (let hours = 0; hours < maxHoursPast; hours += 1) {
    // Spring begins a nanosecond later, so always inside a second.
    const found = search(cron, zone, wallAt(zone, second + hours * 3600, true));
    if (found === undefined) return null;
    if (instantOf(found) > second) return instantOf(found) * 1000;
  }
  return null;
}

/** Whether Spring's answer after a time (epoch milliseconds) is not later than it: the deviation of `nextFire`. */
export function answersWithPast(cron: Cron, zone: Zone, after: number): boolean {
  const second = Math.floor(after / 1000);
  if (Math.abs(second) > lastInstant) return false;
  const found = search(cron, zone, wallAt(zone, second, true));
  return found !== undefined && instantOf(found) <= second;
}

/** Goes through the fields again and again until a round leaves the time as it is. */
function search(cron: Cron, zone: Zone, from: Wall): Wall | undefined {
  let wall = from;
  for (let round = 0; round < maxRounds; round += 1) {
    const settled = settle(cron, zone, wall);
    if (settled === undefined || isSame(settled, wall)) return settled;
    if (Math.abs(instantOf(settled)) > lastInstant) return undefined;
    wall = settled;
  }
  return undefined;
}

function settle(cron: Cron, zone: Zone, from: Wall): Wall | undefined {
  let wall = from;
  for (const part of order) {
    const found = earliest(zone, part, cron[part], wall);
    if (found === undefined) return undefined;
    wall = found;
  }
  return wall.fraction ? { ...plus(zone, wall, 'second', 1), fraction: false } : wall;
}

/** The first of what the field's rules find. */
function earliest(zone: Zone, part: Part, field: CronField, from: Wall): Wall | undefined {
  let first: Wall | undefined;
  for (const rule of field) {
    const found = nextOf(zone, part, rule, from);
    if (found !== undefined && (first === undefined || isBefore(found, first))) first = found;
  }
  return first;
}

function nextOf(zone: Zone, part: Part, rule: CronRule, from: Wall): Wall | undefined {
  if (rule.kind !== 'values') return specialDay(zone, rule, from);
  if (rule.values.includes(read(from, part))) return from;
  let wall = from;
  for (let moves = 0; moves < maxRounds; moves += 1) {
    const [start, goal] = aim(zone, part, rule.values, wall);
    if (read(start, part) === goal) return clearBelow(zone, start, part);
    wall = approach(zone, start, part, goal);
  }
  return undefined;
}

/** The value to go for, and the time to go from: in the next larger unit when this one holds none any more. */
function aim(
  zone: Zone,
  part: Part,
  values: readonly number[],
  from: Wall,
): readonly [start: Wall, goal: number] {
  let start = from;
  // Twice, because a gap at the beginning of that unit can hide the value there too.
  for (let rolls = 0; rolls <= 1; rolls += 1) {
    const current = read(start, part);
    const goal = values.find((value) => value >= current);
    if (goal !== undefined) return [start, goal];
    start = roll(zone, start, part);
  }
  return [start, values[0] as number];
}
