import { unfinished } from '../model/marks/renaming.ts';
import type { Rename } from '../model/plan.ts';
import type { MissedFire } from '../model/result.ts';
import type { Schedule } from '../model/schedule.ts';
import type { ApplyOptions } from './options.ts';
import { mostNamed, type NextFire } from './quiet-time.ts';
import type { Sides } from './sides.ts';

/**
 * A handover keeps this far from a fire, in milliseconds: a server starts one up to 1.5 s early, and then both names
 * could start it; or late, and then neither (OSS 3.32.1).
 */
const margin = 2000;
/** What the requests from the delete to the resume are given. */
const handoverTime = 2000;
const longestWait = 60_000;

/** The time of a rename, from the first delete to the resume, in which neither schedule fires. */
export interface Handover {
  /** When it began. */
  readonly from: number;
  /** A fire is near, and waiting would not have helped. */
  readonly near: boolean;
  /** An old one is gone, or may be. */
  readonly deleted: boolean;
}

/** Waits for a moment that no fire is near to; `renamed` is the new schedule as it was saved. */
export async function beginHandover(
  change: Rename,
  sides: Sides,
  renamed: Schedule | undefined,
  options: ApplyOptions,
): Promise<Handover> {
  const at = quietTime(firing(change, sides, renamed), options.now(), options.nextFire);
  const wait = (at ?? 0) - options.now();
  if (wait > 0) await options.wait(wait);
  return { from: options.now(), near: at === null, deleted: false };
}

/** The new schedule stays paused until the old ones are gone. */
export function waits({ steps }: Rename): boolean {
  return steps.at(-1)?.kind !== 'delete';
}

/**
 * The fires that may have been missed. Of a rename that broke off in an earlier run, those since it was saved: when
 * the old one went is not known.
 */
export function missedIn(
  change: Rename,
  sides: Sides,
  renamed: Schedule | undefined,
  /** Absent = it never came to one. `resumed`: the new schedule fires again. */
  handover: (Handover & { readonly resumed: boolean }) | undefined,
  { now, nextFire }: ApplyOptions,
): readonly MissedFire[] {
  const found = sides.renamed?.observed;
  const note = found === undefined ? undefined : unfinished(found.schedule);
  if (note !== undefined && (sides.olds.get(note.from) ?? null) === null) {
    const { updatedTime } = found?.facts ?? {};
    return updatedTime === undefined
      ? []
      : firesIn([note.schedule], updatedTime - margin, now() + margin, change.name, nextFire);
  }
  if (handover?.deleted !== true) return [];
  // A fire after the end is in question only where somebody fires again.
  const to = handover.resumed ? now() + margin : waits(change) ? now() : handover.from;
  return firesIn(firing(change, sides, renamed), handover.from - margin, to, change.name, nextFire);
}

/** The schedules whose fires a handover could cost or double: the old ones and, if it is to be resumed, the new one. */
function firing(change: Rename, { olds }: Sides, renamed: Schedule | undefined): readonly Schedule[] {
  const old = [...olds.values()].flatMap((read) => (read === null ? [] : [read.observed.schedule]));
  return renamed !== undefined && waits(change) ? [...old, { ...renamed, paused: false }] : old;
}

/** The first moment within the next minute at which a handover can begin; null = there is none. */
function quietTime(schedules: readonly Schedule[], now: number, nextFire: NextFire): number | null {
  for (let at = now; at <= now + longestWait; ) {
    const near = Math.min(...schedules.map((one) => nextFire(one, at - margin) ?? Number.POSITIVE_INFINITY));
    if (near >= at + handoverTime + margin) return at;
    at = near + margin;
  }
  return null;
}

/** The moments after `from` and before `to` at which any of these fires. */
function firesIn(
  schedules: readonly Schedule[],
  from: number,
  to: number,
  name: string,
  nextFire: NextFire,
): readonly MissedFire[] {
  const found = new Set<number>();
  for (const schedule of schedules) {
    let at = nextFire(schedule, from);
    for (let seen = 0; at !== null && at < to && seen < mostNamed; seen += 1) {
      found.add(at);
      at = nextFire(schedule, at);
    }
  }
  return [...found]
    .sort((a, b) => a - b)
    .slice(0, mostNamed)
    .map((at) => ({ name, at }));
}
