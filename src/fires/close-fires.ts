import { parseTimer, type Timing } from '../cron/fire/entry-timers.ts';
import { type Fire, fires, type Span } from '../cron/fire/fires.ts';
import { type Times, timeAt, timesBefore, timesOf } from '../cron/fire/times.ts';
import { modulo } from '../cron/zone/civil.ts';
import type { Zone } from '../cron/zone/zone.ts';
import { steadyTimes } from './zone-stretches.ts';

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
  const timers = timing.entries.flatMap((entry): readonly DailyTimer[] => {
    const parsed = parseTimer(entry);
    return parsed === undefined ? [] : [{ zone: parsed.zone, times: timesOf(parsed.cron) }];
  });
  const most = Math.ceil(day / least);
  if (timers.reduce((sum, { times }) => sum + times.count, 0) > most) return false;
  const known = new Set<string>();
  const stretches = steadyTimes(
    timers.map(({ zone }) => zone),
    from,
    to,
  );
  return stretches.every(({ from: start, offsets }, index) => {
    const key = offsets.join();
    if (!known.has(key)) {
      if (!isSpread(secondsOfDay(timers, offsets), least)) return false;
      known.add(key);
    }
    const before = stretches[index - 1]?.offsets;
    return (
      before === undefined || sinceLast(timers, before, start) + untilNext(timers, offsets, start) >= least
    );
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

function sinceLast(timers: readonly DailyTimer[], offsets: readonly number[], instant: number): number {
  return Math.min(
    ...timers.map(({ times }, index) => {
      const clock = modulo(instant + (offsets[index] ?? 0), day);
      const before = timesBefore(times, clock);
      return before > 0 ? clock - timeAt(times, before - 1) : clock + day - timeAt(times, times.count - 1);
    }),
  );
}

function untilNext(timers: readonly DailyTimer[], offsets: readonly number[], instant: number): number {
  return Math.min(
    ...timers.map(({ times }, index) => {
      const clock = modulo(instant + (offsets[index] ?? 0), day);
      const next = timesBefore(times, clock);
      return next < times.count ? timeAt(times, next) - clock : timeAt(times, 0) + day - clock;
    }),
  );
}
