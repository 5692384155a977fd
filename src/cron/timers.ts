import { nextFire } from './next.ts';
import { type Cron, parseCron } from './parse.ts';
import { parseZone, type Zone } from './zone.ts';

/** What decides when a schedule fires. Times are epoch milliseconds. */
export interface Timing {
  /** Its timers: `cronSchedules`, or the one of `cronExpression` and `zoneId`. */
  readonly entries: readonly TimerEntry[];
  readonly startTime?: number;
  readonly endTime?: number;
  readonly catchup: boolean;
}

/** One timer as it was written: Spring cron, Java zone id. */
export interface TimerEntry {
  readonly cronExpression: string;
  readonly zoneId: string;
}

/** The part of a `Timing` that all its entries share. */
export type Window = Omit<Timing, 'entries'>;

interface Timer {
  readonly cron: Cron;
  readonly zone: Zone;
}

// A schedule that starts later looks from this long before its start, so that a fire exactly at it counts.
const startSlack = 500;

/**
 * The next run of one entry, as Conductor OSS 3.30.0.rc9 and later computes it (SchedulerService
 * computeNextScheduleForSingleCron); null when there is none, or when cron or zone are bad, which the server skips in
 * silence. A save or resume counts from `now` = `last` = the current time; after a fire `last` is the moment just fired.
 * - With catch-up only `last` counts: start and end are not looked at.
 * - Before the start, the first fire from it on counts; the end is not looked at, so it may lie behind the end.
 * - A fire exactly at the end counts.
 */
export function nextRunOfEntry(entry: TimerEntry, window: Window, now: number, last: number): number | null {
  const timer = timerOf(entry);
  return timer === undefined ? null : nextRun(timer, window, now, last);
}

/**
 * What a schedule that was saved at `now` fires next, at most `limit` moments in the order of time, each fire being punctual.
 * Every entry has a timer of its own: two that meet at one instant fire twice.
 */
export function firesAfter(timing: Timing, now: number, limit: number): readonly number[] {
  const timers = timing.entries.flatMap((entry) => timerOf(entry) ?? []);
  const upcoming = timers.map((timer) => ({ timer, at: nextRun(timer, timing, now, now) }));
  const fires: number[] = [];
  while (fires.length < limit) {
    let first: (typeof upcoming)[number] | undefined;
    for (const candidate of upcoming)
      if (candidate.at !== null && candidate.at < (first?.at ?? Number.POSITIVE_INFINITY)) first = candidate;
    if (first === undefined || first.at === null) break;
    fires.push(first.at);
    first.at = nextRun(first.timer, timing, first.at, first.at);
  }
  return fires;
}

function timerOf({ cronExpression, zoneId }: TimerEntry): Timer | undefined {
  const cron = parseCron(cronExpression);
  const zone = parseZone(zoneId);
  return cron.ok && zone.ok ? { cron: cron.cron, zone: zone.zone } : undefined;
}

function nextRun({ cron, zone }: Timer, window: Window, now: number, last: number): number | null {
  const { startTime, endTime, catchup } = window;
  if (catchup) return nextFire(cron, zone, last);
  if (startTime !== undefined && now < startTime - startSlack)
    return nextFire(cron, zone, startTime - startSlack);
  const next = nextFire(cron, zone, Math.max(now, last));
  return next !== null && endTime !== undefined && next > endTime ? null : next;
}
