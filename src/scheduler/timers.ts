import { nextRunOfEntry, type Timing } from '../cron/fire/entry-timers.ts';
import { parseZone } from '../cron/zone/zone.ts';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { present } from '../model/present.ts';
import type { CronEntry } from '../model/schedule.ts';

/** One timer of a schedule. Times are epoch milliseconds. */
export type Timer = {
  readonly entry: CronEntry;
  /** The exact cron time of the next fire. */
  readonly at: number;
  /** Not started before: later than `at` when `at` was past already when it was computed, or the back end is late. */
  readonly notBefore: number;
};

/** The timers of a schedule that is saved or resumed now. Entries that never fire have none. */
export function timersOf(schedule: JsonObject, now: number): readonly Timer[] {
  if (schedule.paused === true) return [];
  const timing = timingOf(schedule);
  return timing.entries.flatMap((entry) => {
    const at = nextRunOfEntry(entry, timing, now, now);
    return at === null ? [] : [{ entry, at, notBefore: at }];
  });
}

/**
 * The timer after a fire. A time that is past already (catch-up, or Spring's `L-28`) waits a second:
 * the server puts at least that between two fires of one timer (OSS v3.32.1 SchedulerService). `freed` says when a timer
 * that is ready at a time is taken up.
 */
export function timerAfter(
  fired: Timer,
  schedule: JsonObject,
  now: number,
  freed: (ready: number) => number,
): Timer | null {
  const at = nextRunOfEntry(fired.entry, timingOf(schedule), now, fired.at);
  return at === null ? null : { entry: fired.entry, at, notBefore: freed(at > now ? at : now + 1000) };
}

function timingOf(schedule: JsonObject): Timing {
  const start = timeOf(schedule.scheduleStartTime);
  const end = timeOf(schedule.scheduleEndTime);
  return {
    entries: entriesOf(schedule),
    ...present({ startTime: start, endTime: end }),
    catchup: schedule.runCatchupScheduleInstances === true,
  };
}

function timeOf(value: Json | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

/** The crons of a schedule, each with its zone. Of those beside `cronSchedules` none counts. */
export function entriesOf(schedule: JsonObject): readonly CronEntry[] {
  const several = Array.isArray(schedule.cronSchedules) ? schedule.cronSchedules.filter(isObject) : [];
  if (several.length > 0) return several.map(cronEntry);
  return schedule.cronExpression === undefined || isMisread(String(schedule.name))
    ? []
    : [cronEntry(schedule)];
}

function cronEntry({ cronExpression = '', zoneId = 'UTC' }: JsonObject): CronEntry {
  return { cronExpression: String(cronExpression), zoneId: String(zoneId) };
}

/**
 * True for names that the timer's queue takes for something else, so that a schedule with a top-level cron never
 * fires: four characters and a colon are read as an organisation, a JSON object as a timer of `cronSchedules`
 * (OSS 3.32.1, SchedulerService.getOrgAndPayload).
 */
function isMisread(name: string): boolean {
  if (name[4] === ':') return true;
  try {
    return name.startsWith('{') && isObject(JSON.parse(name) as Json);
  } catch {
    return false;
  }
}

/**
 * Why a save with this top-level zone is a 500, in Java's words; the zone next to `cronSchedules` is not read. Java
 * has several more sentences for numeric offsets.
 */
export function zoneProblem({ zoneId, cronSchedules }: JsonObject): string | undefined {
  if (typeof zoneId !== 'string' || (Array.isArray(cronSchedules) && cronSchedules.length > 0))
    return undefined;
  if (parseZone(zoneId).ok) return undefined;
  if (zoneId.length <= 1 || /^[+-]/.test(zoneId))
    return `Invalid ID for ZoneOffset, invalid format: ${zoneId}`;
  if (/^(?:UTC|GMT|UT)[+-]/.test(zoneId)) return `Invalid ID for offset-based ZoneId: ${zoneId}`;
  return /^[A-Za-z][A-Za-z0-9~/._+-]+$/.test(zoneId)
    ? `Unknown time-zone ID: ${zoneId}`
    : `Invalid ID for region-based ZoneId, invalid format: ${zoneId}`;
}
