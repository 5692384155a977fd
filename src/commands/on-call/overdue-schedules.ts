import {
  fewestSilent,
  overdueSince,
  type Silent,
  silentSchedules,
  type Watched,
} from '../../fires/audit/overdue.ts';
import { usualLateness } from '../../fires/audit/usual.ts';
import type { Execution } from '../../model/execution.ts';
import { present } from '../../model/present.ts';
import type { ObservedSchedule } from '../../model/schedule.ts';
import { timingOf } from '../../model/timing.ts';
import type { LastRuns } from './last-runs.ts';

type Overdue = {
  /** By name: the fire that an active schedule should have started. */
  readonly since: ReadonlyMap<string, number>;
  /** Nothing fires on this server, since the newest start of all. */
  readonly stopped?: { readonly since?: number; readonly schedules: number };
};

/** Which of the schedules whose newest runs are known have a missed fire; `now` by the server's clock. */
export function overdueSchedules(
  observed: readonly ObservedSchedule[],
  { runs, unknown, recent }: LastRuns,
  now: number,
  /** `recent` has the newest runs of all schedules. */
  seesAll: boolean,
): Overdue {
  const changes = new Map(observed.map(({ schedule, facts }) => [schedule.name, facts.updatedTime]));
  const usual = usualLateness(repeats(recent, changes));
  const starts = newestStarts(recent);
  const since = new Map<string, number>();
  const silent: Silent[] = [];
  for (const { schedule, facts } of observed) {
    const { name, paused } = schedule;
    const { updatedTime: changed } = facts;
    if (paused || changed === undefined || unknown.has(name)) continue;
    const at = runs.get(name)?.scheduledTime;
    const started = starts.get(name);
    const watched: Watched = {
      timing: timingOf(schedule),
      changed,
      ...(at === undefined ? {} : { lastRun: { at, ...present({ started }) } }),
    };
    const overdue = overdueSince(watched, now, usual);
    if (overdue === undefined) continue;
    since.set(name, overdue);
    silent.push({ ...watched, overdue });
  }
  const lastStart = starts.size === 0 ? undefined : Math.max(...starts.values());
  const count = silentSchedules(silent, lastStart, now, usual);
  return {
    since,
    ...(!seesAll || count < fewestSilent
      ? {}
      : { stopped: { schedules: count, ...present({ since: lastStart }) } }),
  };
}

/** By schedule: its newest start, which may be that of an older fire and takes what fell due before it along. */
function newestStarts(recent: readonly Execution[]): ReadonlyMap<string, number> {
  const starts = new Map<string, number>();
  for (const { schedule, scheduledTime, executionTime = scheduledTime } of recent)
    if (executionTime !== undefined)
      starts.set(schedule, Math.max(executionTime, starts.get(schedule) ?? executionTime));
  return starts;
}

/** How late runs were that another one of the schedule came before, since its last change: the first is prompt anywhere. */
function* repeats(
  recent: readonly Execution[],
  changes: ReadonlyMap<string, number | undefined>,
): Generator<number, undefined> {
  const seen = new Set<string>();
  const sorted = recent.toSorted((a, b) => (a.scheduledTime ?? 0) - (b.scheduledTime ?? 0));
  for (const { schedule, scheduledTime, executionTime } of sorted) {
    const changed = changes.get(schedule) ?? Number.POSITIVE_INFINITY;
    if (scheduledTime === undefined || scheduledTime <= changed) continue;
    if (seen.has(schedule) && executionTime !== undefined) yield executionTime - scheduledTime;
    seen.add(schedule);
  }
  return undefined;
}
