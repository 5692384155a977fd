import type { MissedFire } from '../model/result.ts';
import type { Schedule } from '../model/schedule.ts';

/**
 * A write that removes a schedule's timers loses a fire that is due but has not started. Servers start a fire from
 * 0.34 s before to 1.3 s after its moment (measured on OSS 3.32.1), so a write keeps this far away from one.
 */
const before = 1000;
const after = 1500;

export type NextFire = (schedule: Schedule, after: number) => number | null;

/** Waits out a fire that is near, if that helps; true when it waited, so that what was read is old. */
export async function quietMoment(
  schedule: Schedule,
  world: {
    readonly now: () => number;
    readonly wait: (milliseconds: number) => Promise<void>;
    readonly nextFire: NextFire;
  },
): Promise<boolean> {
  if (schedule.paused) return false;
  const now = world.now();
  const near = world.nextFire(schedule, now - after);
  if (near === null || near > now + before) return false;
  const quiet = near + after;
  const next = world.nextFire(schedule, near);
  // A schedule that fires every second has no quiet moment: then what may be missed is reported instead.
  if (next !== null && next < quiet + before) return false;
  await world.wait(quiet - now);
  return true;
}

/** At most this many are named: a schedule that fires every second would fill the report. */
export const mostNamed = 10;

/** The fires that a write between two moments may have cost. */
export function missedBetween(
  schedule: Schedule,
  from: number,
  to: number,
  nextFire: NextFire,
): readonly MissedFire[] {
  if (schedule.paused) return [];
  const missed: MissedFire[] = [];
  let at = nextFire(schedule, from - after);
  while (at !== null && at <= to && missed.length < mostNamed) {
    missed.push({ name: schedule.name, at });
    at = nextFire(schedule, at);
  }
  return missed;
}
