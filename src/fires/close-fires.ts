import { parseTimer, type Timing } from '../cron/fire/entry-timers.ts';
import { type Fire, fires, type Span } from '../cron/fire/fires.ts';
import { leastGap, type Times, timeAt, timesBefore, timesOf } from '../cron/fire/times.ts';
import { modulo } from '../cron/zone/civil.ts';
import type { Zone } from '../cron/zone/zone.ts';
import { type SteadyTime, steadyTimes } from './zone-stretches.ts';

/** Two fires of one schedule, one right after the other. */
export interface FirePair {
  readonly first: Fire;
  readonly second: Fire;
}

const day = 86_400;

/**
 * The first two fires of an interval that are less than so many milliseconds apart, from one timer or from two; undefined when
 * there are none. Most schedules are cleared by their times of day only, whatever the days; of the others every fire is
 * visited.
 */
export function firstCloserThan(timing: Timing, span: Span, least: number): FirePair | undefined {
  if (staysApart(timing, span, least / 1000)) return undefined;
  let before: Fire | undefined;
  for (const fire of fires(timing, span)) {
    if (before !== undefined && fire.at - before.at < least) return { first: before, second: fire };
    before = fire;
  }
  return undefined;
}

type DailyTimer = { readonly zone: Zone; readonly times: Times };

/**
 * Whether no two fires can be closer than `least` seconds even if each timer fired every day: a timer takes a part of these
 * times, and fewer fires are never closer. Where a clock changes, the last before it is compared with the first after it.
 */
function staysApart(timing: Timing, { from, to }: Span, least: number): boolean {
  if (least > day) return false;
  const timers: DailyTimer[] = [];
  for (const entry of timing.entries) {
    const parsed = parseTimer(entry);
    if (parsed !== undefined) timers.push({ zone: parsed.zone, times: timesOf(parsed.cron) });
  }
  const zones = timers.map(({ zone }) => zone);
  const stretches = steadyTimes(zones, from, to);
  if (!areSpread(timers, stretches, least)) return false;
  for (let index = 1; index < stretches.length; index += 1) {
    const [before, after] = [stretches[index - 1] as SteadyTime, stretches[index] as SteadyTime];
    if (gapAt(timers, before, after) < least) return false;
  }
  return true;
}

/** Whether the times of day lie so many seconds apart while no clock changes. */
function areSpread(timers: readonly DailyTimer[], stretches: readonly SteadyTime[], least: number): boolean {
  const [only, ...others] = timers;
  if (only === undefined) return true;
  // The distances within one timer are the same whatever its offset is.
  if (others.length === 0) return leastGap(only.times) >= least;
  if (timers.reduce((sum, { times }) => sum + times.count, 0) > Math.ceil(day / least)) return false;
  const known = new Set<string>();
  return stretches.every(({ offsets }) => {
    const key = offsets.join();
    if (known.has(key)) return true;
    known.add(key);
    return isSpread(secondsOfDay(timers, offsets), least);
  });
}

/** Of the UTC day, in order. */
function secondsOfDay(timers: readonly DailyTimer[], offsets: readonly number[]): readonly number[] {
  const seconds = timers.flatMap(({ times }, index) =>
    Array.from({ length: times.count }, (_, at) => modulo(timeAt(times, at) - (offsets[index] ?? 0), day)),
  );
  return seconds.sort((a, b) => a - b);
}

/** The day repeats itself, so the last is followed by the first. */
function isSpread(seconds: readonly number[], least: number): boolean {
  const [first] = seconds;
  if (first === undefined) return true;
  return seconds.every((second, index) => (seconds[index + 1] ?? first + day) - second >= least);
}

/** From the last time of any timer before a change of a clock to the first after it. */
function gapAt(timers: readonly DailyTimer[], before: SteadyTime, after: SteadyTime): number {
  let [since, until] = [day, day];
  for (const [index, { times }] of timers.entries()) {
    since = Math.min(since, sinceLast(times, after.from + (before.offsets[index] ?? 0)));
    until = Math.min(until, untilNext(times, after.from + (after.offsets[index] ?? 0)));
  }
  return since + until;
}

function sinceLast(times: Times, local: number): number {
  const clock = modulo(local, day);
  const before = timesBefore(times, clock);
  return before > 0 ? clock - timeAt(times, before - 1) : clock + day - timeAt(times, times.count - 1);
}

function untilNext(times: Times, local: number): number {
  const clock = modulo(local, day);
  const next = timesBefore(times, clock);
  return next < times.count ? timeAt(times, next) - clock : timeAt(times, 0) + day - clock;
}
