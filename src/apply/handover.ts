import { unfinished } from '../model/marks/renaming.ts';
import type { Rename } from '../model/plan.ts';
import type { MissedFire } from '../model/result.ts';
import type { ObservedSchedule, Schedule } from '../model/schedule.ts';
import { asItIsNow, firesFrom, type Outlook, outlookOf, unseen, waitFor } from './due-fires.ts';
import type { ApplyOptions, FireTiming } from './options.ts';
import type { Sides } from './sides.ts';

/**
 * A handover keeps this far from a fire, in milliseconds: a server starts one up to 1.5 s early, and then both names
 * could start it; or late, and then neither. On some servers much later (OSS 3.32.1): that is seen among the past runs.
 */
const margin = 2000;
/** What the requests from the delete to the resume are given. */
const handoverTime = 2000;
const longestWait = 60_000;

/** The time of a rename, from the first delete to the resume, in which neither schedule fires. */
export interface Handover {
  /** When it began. */
  readonly from: number;
  /** A fire is due or near, and waiting would not have helped, or did not. */
  readonly near: boolean;
  /** Fires of the old ones from before, which no past run shows. */
  readonly due: readonly number[];
  /** An old one is gone, or may be. */
  readonly deleted: boolean;
}

/** Waits for a time at which no fire is due and none near; `renamed` is the new schedule as it was saved. */
export async function beginHandover(
  change: Rename,
  sides: Sides,
  renamed: Schedule | undefined,
  options: ApplyOptions,
  halted: () => boolean,
): Promise<Handover> {
  const begun = options.now();
  const ahead = handoverTime + margin;
  let replaced = replacedIn(sides);
  const all = firing(change, sides, renamed);
  for (let said = false; ; ) {
    const from = options.now();
    const outlooks = await Promise.all(replaced.map((old) => outlookOf(old, ahead, options)));
    const now = options.now();
    const due = outlooks.flatMap(({ fires }) => fires.filter((at) => at <= from));
    const wait = untilQuiet(outlooks, all, begun, options);
    if (wait === 0 || halted()) return { from, near: false, due, deleted: false };
    if (wait === null) return { from, near: true, due, deleted: false };
    const [first = now] = due;
    if (!said && now - first > ahead) {
      said = true;
      options.onFireWait?.({ name: change.name, at: first });
    }
    await options.waitAside(wait);
    replaced = await Promise.all(replaced.map((old) => asItIsNow(old, options)));
  }
}

/** How long to wait before the next look; 0 = nothing is due or near, null = waiting does not help, or has not. */
function untilQuiet(
  outlooks: readonly Outlook[],
  all: readonly Schedule[],
  begun: number,
  { now: clock, nextFire, fireWait }: ApplyOptions,
): number | null {
  const now = clock();
  const at = quietTime(all, now, nextFire);
  const isBlind = fireWait === 0 || outlooks.some(({ blind }) => blind);
  if (at === null || isBlind) return at === null ? null : at - now;
  const waits = outlooks.flatMap((outlook) => {
    const [first = now + 1] = outlook.fires;
    return first > now ? [] : [waitFor(first, now, begun, outlook)];
  });
  if (waits.includes(0)) return null;
  return waits.length === 0 ? at - now : Math.min(...waits);
}

/** The new schedule stays paused until the old ones are gone. */
export function waits({ steps }: Rename): boolean {
  return steps.findLastIndex(({ kind }) => kind === 'delete') < steps.length - 1;
}

/**
 * The fires that may have been missed, and that no past run of either name shows. Of a rename that broke off in an earlier
 * run, those since it was saved: when the old one went is not known.
 */
export async function missedIn(
  change: Rename,
  sides: Sides,
  renamed: Schedule | undefined,
  /** Absent = it never came to one. `resumed`: the new schedule fires again. */
  handover: (Handover & { readonly resumed: boolean }) | undefined,
  options: ApplyOptions,
): Promise<readonly MissedFire[]> {
  const { now } = options;
  const found = sides.renamed?.observed;
  const note = found === undefined ? undefined : unfinished(found.schedule);
  const seenOfAll = async (fires: readonly number[]): Promise<readonly MissedFire[]> => {
    let open: readonly number[] = [...new Set(fires)];
    for (const name of [...change.previous.map((old) => old.name), change.name])
      open = (await unseen(name, open, options)).map(({ at }) => at);
    return open.map((at) => ({ name: change.name, at }));
  };
  if (note !== undefined && (sides.replaced.get(note.from) ?? null) === null) {
    const { updatedTime } = found?.facts ?? {};
    if (updatedTime === undefined) return [];
    return seenOfAll(firesFrom(note.schedule, updatedTime - margin, now() + margin, options));
  }
  if (handover?.deleted !== true) return [];
  // A fire after the end is in question only where somebody fires again.
  const to = handover.resumed ? now() + margin : waits(change) ? now() : handover.from;
  const since = handover.from - margin;
  const fires = firing(change, sides, renamed).flatMap((one) => firesFrom(one, since, to, options));
  return seenOfAll([...handover.due, ...fires]);
}

function replacedIn({ replaced }: Sides): readonly ObservedSchedule[] {
  return [...replaced.values()].flatMap((read) => (read === null ? [] : [read.observed]));
}

/** The schedules whose fires a handover could cost or double: the old ones and, if it is to be resumed, the new one. */
function firing(change: Rename, sides: Sides, renamed: Schedule | undefined): readonly Schedule[] {
  const old = replacedIn(sides).map(({ schedule }) => schedule);
  return renamed !== undefined && waits(change) ? [...old, { ...renamed, paused: false }] : old;
}

/** The first time within the next minute at which a handover can begin; null = there is none. */
function quietTime(
  schedules: readonly Schedule[],
  now: number,
  nextFire: FireTiming['nextFire'],
): number | null {
  for (let at = now; at <= now + longestWait; ) {
    const near = Math.min(...schedules.map((one) => nextFire(one, at - margin) ?? Number.POSITIVE_INFINITY));
    if (near >= at + handoverTime + margin) return at;
    at = near + margin;
  }
  return null;
}
