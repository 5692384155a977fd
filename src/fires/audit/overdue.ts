import type { Timing } from '../../cron/fire/entry-timers.ts';
import { firstFire } from '../../cron/fire/fires.ts';
import type { UsualLateness } from '../../model/fires/audit.ts';
import { changeMs, isRunaway, isSteady, quartersAround } from './judge.ts';

/** An active schedule, its last change, and its newest run; epoch milliseconds. */
export type Watched = {
  readonly timing: Timing;
  readonly changed: number;
  /** Absent = none since the change, and that is known. */
  readonly lastRun?: { readonly at: number; readonly started?: number };
};

/**
 * The fire that a schedule should have started and has been due for longer than the server takes; undefined = none.
 * What fell due while an earlier run waited for its start never comes, so it is not counted. With several timers the
 * newest run counts for all of them: an audit looks closer.
 */
export function overdueSince(
  { timing, changed, lastRun }: Watched,
  now: number,
  { missedAfter }: UsualLateness,
): number | undefined {
  if (timing.entries.some(isRunaway)) return undefined;
  const { at = 0, started = at } = lastRun ?? {};
  // It makes up one after the other.
  if (timing.catchup && started > now - missedAfter) return undefined;
  const after = Math.max(changed + changeMs, at, timing.catchup ? at : started);
  const waiting = firstMissed(timing, { after, until: now - missedAfter, changed });
  return waiting !== undefined && isMoved(timing, changed, at, waiting) ? undefined : waiting;
}

/** Whether the newest run was the fire that we wait for, by other rules of its time zone. */
function isMoved(timing: Timing, changed: number, run: number, waiting: number): boolean {
  if (timing.entries.every(isSteady) || !quartersAround(waiting).includes(run)) return false;
  return firstFire(timing, { from: run, to: run + 1, since: changed }) === undefined;
}

function firstMissed(
  timing: Timing,
  { after, until, changed }: { readonly after: number; readonly until: number; readonly changed: number },
): number | undefined {
  const from = Math.floor(after) + 1;
  if (until < from) return undefined;
  return firstFire(timing, { from, to: until + 1, since: changed });
}

/** One schedule on a server that may have stopped. */
export type Silent = Watched & { readonly overdue: number | undefined };

/**
 * How many schedules had a fire after the newest start of all, and so long ago that it is missed: with two or
 * more, nothing fires on this server. Schedules that were overdue while others still ran do not count.
 */
export function silentSchedules(
  schedules: readonly Silent[],
  lastStart: number | undefined,
  now: number,
  { missedAfter }: UsualLateness,
): number {
  return schedules.filter(({ timing, changed, overdue }) => {
    if (overdue === undefined) return false;
    if (lastStart === undefined) return true;
    if (overdue + missedAfter < lastStart) return false;
    const after = Math.max(lastStart, changed + changeMs);
    return firstMissed(timing, { after, until: now - missedAfter, changed }) !== undefined;
  }).length;
}

/** So many schedules must be silent before the server counts as stopped: one may have lost its timer. */
export const fewestSilent = 2;
