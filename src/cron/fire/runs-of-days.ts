import type { Cron } from '../parse/cron.ts';
import { lastDayOffsetTooLarge } from '../parse/parse-cron.ts';
import { modulo, weekdayOf } from '../zone/civil.ts';
import { lastInstant, nextChange } from '../zone/offsets.ts';
import { wallAt } from '../zone/wall.ts';
import type { Zone } from '../zone/zone.ts';
import { margin, weekdaysAlike } from './days-alike.ts';
import { nextFire } from './next.ts';
import { type Times, timeAt, timesBefore, timesOf } from './times.ts';

/** A cron in its zone, read once and asked often. */
export interface Timer {
  readonly cron: Cron;
  readonly zone: Zone;
  readonly times: Times;
  /** When it fires on every day, or on every one of some weekdays: those weekdays. */
  readonly weekdays: ReadonlySet<number> | undefined;
}

/**
 * Fires of one local day, between two changes of its clock: the cron's times of day from one index up to another, so that
 * they are counted without being visited. Never empty.
 */
export interface Run {
  /** Day number of the local date: 0 = 1970-01-01. */
  readonly day: number;
  /** Seconds east of UTC. */
  readonly offset: number;
  readonly times: Times;
  /** Index of the first fire among the times. */
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
}

const dayLength = 86_400;
// How far ahead changes of the clock are looked for at a time.
const outlook = 64 * dayLength;

/** Reads what a walk needs of a cron. */
export function timer(cron: Cron, zone: Zone): Timer {
  return { cron, zone, times: timesOf(cron), weekdays: weekdaysAlike(cron) };
}

/**
 * All fires from `first`, which is one (or null: there is none), to before `to` (epoch milliseconds), in order: exactly
 * those that `nextFire` gives one after the other. It is asked once for each day that has fires and each change of the
 * clock, and for nothing in between: from a fire on, the rest of its local day is known until the clock changes.
 */
export function* runs(timer: Timer, first: number | null, to: number): Generator<Run, undefined> {
  const { cron, zone, times, weekdays } = timer;
  const stop = Math.ceil(to / 1000);
  const quirky = lastDayOffsetTooLarge(cron);
  const steady = steadiness(zone);
  for (let at = first; at !== null && at < to; ) {
    const run = runFrom(timer, at / 1000, stop, quirky);
    yield run;
    let last = lastOf(run);
    if (weekdays !== undefined && run.end === times.count) {
      const whole = { offset: run.offset, times, first: 0, end: times.count };
      for (let day = run.day + 1; ; day += 1) {
        const midnight = day * dayLength - run.offset;
        if (midnight + dayLength > stop || !steady(last, midnight + dayLength + margin)) break;
        if (!weekdays.has(weekdayOf(day))) continue;
        const next = { day, ...whole };
        yield next;
        last = lastOf(next);
      }
    }
    at = nextFire(cron, zone, last * 1000);
  }
  return undefined;
}

/** The fires of a run in epoch milliseconds. */
export function* firesOf(run: Run): Generator<number, undefined> {
  for (let index = run.first; index < run.end; index += 1) yield fireAt(run, index) * 1000;
  return undefined;
}

/** The part of a run in epoch seconds from `from` to before `to`; it may be empty. */
export function countWithin({ day, offset, times, first, end }: Run, from: number, to: number): number {
  const midnight = day * dayLength - offset;
  const low = Math.max(first, timesBefore(times, from - midnight));
  return Math.max(0, Math.min(end, timesBefore(times, to - midnight)) - low);
}

function fireAt({ day, offset, times }: Run, index: number): number {
  return day * dayLength - offset + timeAt(times, index);
}

function lastOf(run: Run): number {
  return fireAt(run, run.end - 1);
}

/** From a fire in epoch seconds to the end of its local day, the next change of its clock, or `stop`. */
function runFrom({ cron, zone, times }: Timer, fire: number, stop: number, quirky: boolean): Run {
  const { local, offset } = wallAt(zone, fire, false);
  const day = Math.floor(local / dayLength);
  const midnight = day * dayLength - offset;
  const first = timesBefore(times, modulo(local, dayLength));
  const until = Math.min(
    stop,
    knownUntil(local, changeBefore(zone, fire, midnight + dayLength) + offset) - offset,
  );
  const run = { day, offset, times, first, end: timesBefore(times, until - midnight) };
  // Spring takes some days by mistake, and on those no more than one time.
  const lonely =
    quirky && run.end > first + 1 && nextFire(cron, zone, fire * 1000) !== fireAt(run, first + 1) * 1000;
  return lonely ? { ...run, end: first + 1 } : run;
}

/**
 * Up to when the times of day tell all fires after one at `fire`, when the clock changes at `change` (local time, in
 * seconds). On its way to the next hour Spring looks an hour ahead, then back to its beginning; a change in the middle of
 * that hour can make it miss times before it. So it is asked again at the beginning of that hour; likewise for a minute.
 */
function knownUntil(fire: number, change: number): number {
  for (const unit of [3600, 60]) {
    const begin = change - modulo(change, unit);
    if (begin > fire) return begin;
  }
  return change;
}

/** The first change of a zone's clock after an instant, at most `limit`; epoch seconds. */
function changeBefore(zone: Zone, after: number, limit: number): number {
  return zone.kind === 'fixed' ? limit : (nextChange(zone.rules, after, limit)?.at ?? limit);
}

/** Whether a zone keeps its offset from one instant to a later one (epoch seconds), for questions that go forward. */
function steadiness(zone: Zone): (from: number, to: number) => boolean {
  if (zone.kind === 'fixed') return (_from, to) => to < lastInstant;
  let known = Number.NEGATIVE_INFINITY;
  let changes = false;
  return (from, to) => {
    if (to <= known) return true;
    if (changes && from < known) return false;
    const limit = to + outlook;
    if (limit > lastInstant) return false;
    known = changeBefore(zone, from, limit);
    changes = known < limit;
    return to <= known;
  };
}
