import type { DayChoice } from '../days/named-days.ts';
import type { Cron } from '../parse/cron.ts';
import { parseCron } from '../parse/parse-cron.ts';
import { parseZone, type Zone } from '../zone/zone.ts';
import { nextFire } from './next.ts';

/** What decides when a schedule fires. Times are epoch milliseconds. */
export interface Timing {
  /** Its timers: `cronSchedules`, or the one of `cronExpression` and `zoneId`. */
  readonly entries: readonly TimerEntry[];
  readonly startTime?: number;
  readonly endTime?: number;
  readonly catchup: boolean;
  /** A wish for days with and without fires, which no server knows: it is compiled for them. Absent = every day. */
  readonly days?: DayChoice;
}

/** One timer as it was written: Spring cron, Java zone id. */
export interface TimerEntry {
  readonly cronExpression: string;
  readonly zoneId: string;
}

/** The part of a `Timing` that all its entries share. */
export type Window = Omit<Timing, 'entries'>;

/** An entry that the server takes. */
export interface ParsedTimer {
  readonly cron: Cron;
  readonly zone: Zone;
}

/** A schedule that starts later looks from so many milliseconds before its start, so that a fire exactly at it counts. */
export const startSlack = 500;

/**
 * The next run of one entry, as Conductor OSS 3.30.0.rc9 and later computes it (SchedulerService
 * computeNextScheduleForSingleCron); null when there is none, or when cron or zone are bad, which the server skips in
 * silence. A save or resume counts from `now` = `last` = the current time; after a fire `last` is the time just fired.
 * - With catch-up only `last` counts: start and end are not looked at.
 * - Before the start, the first fire from it on counts; the end is not looked at, so it may lie after the end.
 * - A fire exactly at the end counts.
 */
export function nextRunOfEntry(entry: TimerEntry, window: Window, now: number, last: number): number | null {
  const timer = parseTimer(entry);
  if (timer === undefined) return null;
  const { cron, zone } = timer;
  const { startTime, endTime, catchup } = window;
  if (catchup) return nextFire(cron, zone, last);
  if (startTime !== undefined && now < startTime - startSlack)
    return nextFire(cron, zone, startTime - startSlack);
  const next = nextFire(cron, zone, Math.max(now, last));
  return next !== null && endTime !== undefined && next > endTime ? null : next;
}

/** Cron and zone of an entry; undefined when the server skips it. */
export function parseTimer({ cronExpression, zoneId }: TimerEntry): ParsedTimer | undefined {
  const cron = parseCron(cronExpression);
  const zone = parseZone(zoneId);
  return cron.ok && zone.ok ? { cron: cron.cron, zone: zone.zone } : undefined;
}

/** Whether the zone of an entry is not known here; a server with other rules may know it. */
export function hasUnknownZone({ zoneId }: Pick<TimerEntry, 'zoneId'>): boolean {
  return !parseZone(zoneId).ok;
}
