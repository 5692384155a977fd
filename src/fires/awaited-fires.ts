import { nextRunOfEntry, parseTimer, type Timing } from '../cron/fire/entry-timers.ts';
import { nextFire } from '../cron/fire/next.ts';
import type { Execution } from '../model/execution.ts';

type Run = Pick<Execution, 'scheduledTime' | 'executionTime'>;

/**
 * The fire that each timer of a running schedule waits for, in order; one that has come is due, and a save, pause or
 * delete would lose it. A timer is set by a save or resume (`since`, the schedule's `updatedTime`), and again by each run
 * of it: fires that pass while a late one waits never happen (OSS 3.32.1 on PostgreSQL). `runs`: those since then, in any
 * order, older ones do no harm. All times are epoch milliseconds.
 */
export function awaitedFires(timing: Timing, since: number, runs: readonly Run[]): readonly number[] {
  const { entries, ...window } = timing;
  const timers = entries.map((entry) => ({ entry, now: since, last: since }));
  for (const [at, starts] of startsByFire(runs, since)) {
    const fired = timers.filter(({ entry }) => firesAt(entry, at));
    // Of two timers that meet, with one run so far, either may be the one that is due.
    fired.slice(0, starts.length).forEach((timer, index) => {
      timer.now = Math.max(timer.now, starts[index] ?? at);
      timer.last = Math.max(timer.last, at);
    });
  }
  return timers
    .flatMap(({ entry, now, last }) => nextRunOfEntry(entry, window, now, last) ?? [])
    .sort((a, b) => a - b);
}

/** The times at which runs were started, by the time of their fire, in order. */
function startsByFire(
  runs: readonly Run[],
  since: number,
): readonly (readonly [number, readonly number[]])[] {
  const starts = new Map<number, number[]>();
  for (const { scheduledTime, executionTime = scheduledTime } of runs) {
    if (scheduledTime === undefined || executionTime === undefined) continue;
    // A server starts a fire up to a second and a half early.
    if (Math.max(executionTime, scheduledTime) < since) continue;
    starts.set(scheduledTime, [...(starts.get(scheduledTime) ?? []), executionTime]);
  }
  return [...starts].sort(([a], [b]) => a - b);
}

function firesAt(entry: Timing['entries'][number], at: number): boolean {
  const timer = parseTimer(entry);
  return timer !== undefined && nextFire(timer.cron, timer.zone, at - 1) === at;
}

/** What past runs tell of how late a server starts fires; `unknown` = too few to tell. */
export type Punctuality = 'prompt' | 'late' | 'unknown';

/** A start that comes later than this, in milliseconds, is late: prompt servers take up to 1.5 s, more under load. */
const promptWithin = 10_000;

/**
 * How late the fires of a schedule start. The first one after a save is prompt everywhere, so only later ones prove that a
 * server is (on PostgreSQL and MySQL each of those is 60 to 120 s late; OSS 3.32.1). `timers`: how many it has.
 */
export function punctualityOf(since: number, timers: number, runs: readonly Run[]): Punctuality {
  const delays = runs.flatMap(({ scheduledTime, executionTime }) =>
    scheduledTime === undefined || executionTime === undefined
      ? []
      : [{ scheduledTime, delay: executionTime - scheduledTime }],
  );
  if (delays.some(({ delay }) => delay > promptWithin)) return 'late';
  return delays.filter(({ scheduledTime }) => scheduledTime >= since).length > timers ? 'prompt' : 'unknown';
}
