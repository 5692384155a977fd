import type { MissedFire } from '../model/result.ts';
import type { Schedule } from '../model/schedule.ts';

/**
 * A write that removes a schedule's timers loses a fire that is due but has not started. Servers start a fire from
 * 0.34 s before to 1.3 s after its moment (measured on OSS 3.32.1), so a write keeps this far away from one.
 */
const before = 1000;
const after = 1500;

type NextFire = (schedule: Schedule, after: number) => number | null;

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

/** A rename keeps this far from a fire, since a server may start one up to 1.5 s early, and this one under either name. */
const margin = 2000;
/** What the requests of a rename, from the delete to the resume, are given. */
const handoverTime = 2000;
/** How long a rename waits at most. */
const longestWait = 60_000;

/**
 * The first moment at which a handover can begin that no fire of these schedules is near to; null = there is none within
 * the next minute.
 */
export function quietTime(schedules: readonly Schedule[], now: number, nextFire: NextFire): number | null {
  for (let at = now; at <= now + longestWait; ) {
    const near = Math.min(...schedules.map((one) => nextFire(one, at - margin) ?? Number.POSITIVE_INFINITY));
    if (near >= at + handoverTime + margin) return at;
    at = near + margin;
  }
  return null;
}

/**
 * The fires that may have been missed by a handover between two moments; with `openEnd`, it has not come to its end, so
 * none after it is in question.
 */
export function missedAround(
  schedules: readonly Schedule[],
  { name, from, to, openEnd = false }: { name: string; from: number; to: number; openEnd?: boolean },
  nextFire: NextFire,
): readonly MissedFire[] {
  const end = openEnd ? to : to + margin;
  const found = new Set<number>();
  for (const schedule of schedules) {
    let at = nextFire(schedule, from - margin);
    for (let seen = 0; at !== null && at < end && seen < mostNamed; seen += 1) {
      found.add(at);
      at = nextFire(schedule, at);
    }
  }
  return [...found]
    .sort((a, b) => a - b)
    .slice(0, mostNamed)
    .map((at) => ({ name, at }));
}

/** At most this many are named: a schedule that fires every second would fill the report. */
const mostNamed = 10;

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
