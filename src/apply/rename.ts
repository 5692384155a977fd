import { basisOf, outcomeOf } from '../compare/basis.ts';
import { unkept } from '../compare/diff.ts';
import { patch } from '../compare/patch.ts';
import { maskedIn, type PreviousName, type Rename, type Step } from '../model/plan.ts';
import { type Outcome, succeed } from '../model/port.ts';
import { unfinished } from '../model/renaming.ts';
import type { MissedFire, StepResult } from '../model/result.ts';
import type { ObservedSchedule, Schedule, Tag } from '../model/schedule.ts';
import { everyStep, type StepEnd, stepResult } from './end.ts';
import { missedAround, quietMoment, quietTime } from './fires.ts';
import type { Lookup } from './freshness.ts';
import type { ApplyOptions, ChangeOutcome } from './options.ts';
import { removeSchedule } from './remove.ts';
import { saveSchedule } from './save.ts';
import { switchPause } from './switch.ts';
import { removeTags, setTags } from './tags.ts';

interface Read {
  readonly observed: ObservedSchedule;
  /** Where the basis rests on them. */
  readonly tags?: readonly Tag[];
}

/** Both sides of a rename as they are now; `null` = not there. */
interface Sides {
  readonly renamed: Read | null;
  readonly olds: ReadonlyMap<string, Read | null>;
}

/**
 * Carries out a rename. Each step is preceded by a look at what it is about to change, and the delete by one at the
 * new schedule too, so that never both are gone. From the delete to the resume neither fires: these two keep away from
 * the fires of both, and a `failFast` that strikes between them does not hold up the second.
 */
export async function applyRename(
  change: Rename,
  options: ApplyOptions,
  lookup: Lookup,
  /** Ends the run before anything is deleted; afterwards only `options.stopped` does. */
  halted: () => boolean,
): Promise<ChangeOutcome> {
  let read = await readSides(change, options, lookup);
  if (!read.ok) return everyStep(change, { outcome: 'failed', failure: read.failure });
  const running = read.value.renamed?.observed.schedule;
  if (running !== undefined && change.steps[0]?.kind === 'save' && (await quietMoment(running, options))) {
    read = await readSides(change, options, lookup);
    if (!read.ok) return everyStep(change, { outcome: 'failed', failure: read.failure });
  }
  const sides = read.value;
  const verdict = judge(change, sides);
  if (verdict !== 'as-seen') return everyStep(change, { outcome: verdict });

  const done: StepResult[] = [];
  let expected = sides.renamed?.observed.schedule;
  let handover: Handover | undefined;
  for (const step of change.steps) {
    const broken = done.some(({ outcome }) => outcome !== 'done' && outcome !== 'already');
    const stopped = (): boolean => (handover === undefined ? halted() : options.stopped());
    if (!broken && !stopped() && step.kind === 'delete' && handover === undefined) {
      const begun = await beginHandover(firing(change, sides, expected), options);
      if (!halted()) handover = begun;
    }
    if (broken || stopped()) {
      const note = handover?.deleted && waits(change) ? { note: nobodyFires } : {};
      done.push(stepResult(change, step, { outcome: 'not-run', ...note }));
      continue;
    }
    const end = await run(step);
    if (step.kind === 'delete' && handover !== undefined && mayBeGone(end))
      handover = { ...handover, deleted: true };
    done.push(stepResult(change, step, end));
  }
  return { steps: done, missed: missedIn(change, sides, expected, handover, done, options) };

  async function run(step: Step): Promise<StepEnd> {
    const isFirst = done.length === 0;
    const justRead = succeed(sides.renamed?.observed ?? null);
    switch (step.kind) {
      case 'save': {
        if (step.mode === 'create') return { outcome: 'stale' };
        if (step.mode === 'copy') {
          const source = sides.olds.get(step.from)?.observed;
          if (source == null) return { outcome: 'stale' };
          expected = patch(source.schedule, step.set, step.unset);
          return saveSchedule(expected, null, options, source);
        }
        const now = isFirst ? justRead : await options.reader.get(change.name);
        if (!now.ok) return { outcome: 'failed', failure: now.failure };
        if (now.value === null || (!isFirst && !stillWaits(now.value.schedule, expected)))
          return afterHandover(now.value);
        expected = patch(now.value.schedule, step.set, step.unset);
        return saveSchedule(expected, now.value, options);
      }
      case 'tag':
        return setTags(change.name, step.tags, options);
      case 'untag':
        return removeTags(change.name, step.tags, options);
      case 'delete':
        return deleteOld(step.old ?? change.name);
      case 'pause':
        if (expected !== undefined) expected = pausedWith(expected, step.reason);
        return switchPause(
          change.name,
          { paused: true, ...(step.reason === undefined ? {} : { reason: step.reason }) },
          options,
        );
      case 'resume': {
        const now = isFirst ? justRead : await options.reader.get(change.name);
        if (!now.ok) return { outcome: 'failed', failure: now.failure };
        if (now.value === null || !stillWaits(now.value.schedule, expected)) return afterHandover(now.value);
        return switchPause(change.name, { paused: false }, options);
      }
    }
  }

  async function deleteOld(name: string): Promise<StepEnd> {
    const renamed = await options.reader.get(change.name);
    if (!renamed.ok) return { outcome: 'failed', failure: renamed.failure };
    if (
      renamed.value === null ||
      expected === undefined ||
      unkept(expected, renamed.value.schedule).length > 0
    )
      return {
        outcome: 'stale',
        note: 'the new one is no longer as it was saved, so the old one is not deleted',
      };
    const old = await readWhole(name, options.capabilities.tags, options);
    if (!old.ok) return { outcome: 'failed', failure: old.failure };
    if (old.value === null) return { outcome: 'already' };
    const seen = change.previous.find((one) => one.name === name);
    if (seen === undefined || !isAsSeen(old.value, seen.basis, change)) return { outcome: 'stale' };
    const end = await removeSchedule(name, options);
    return handover?.near === true && end.note === undefined ? { ...end, note: tooNear } : end;
  }
}

/** Why the last step of a rename has nothing to do: somebody else has switched the new schedule meanwhile. */
function afterHandover(now: ObservedSchedule | null): StepEnd {
  if (now !== null && !now.schedule.paused) return { outcome: 'already' };
  return {
    outcome: 'stale',
    note: now === null ? 'the new one is gone' : 'somebody paused it meanwhile, and it stays paused',
  };
}

function mayBeGone({ outcome, failure }: StepEnd): boolean {
  return outcome === 'done' || outcome === 'already' || failure?.effect === 'unknown';
}

const nobodyFires = 'it is paused, and does not fire before the next apply finishes the rename';
const tooNear =
  'no moment of the next minute is two seconds away from a fire: one may have been missed, or have started twice';

/** The time between the first delete and the resume, in which neither schedule fires. */
interface Handover {
  /** When it began. */
  readonly from: number;
  /** A fire is near, and waiting would not have helped. */
  readonly near: boolean;
  /** An old one is gone, or may be. */
  readonly deleted: boolean;
}

/** Waits for a moment without fires of these schedules. */
async function beginHandover(schedules: readonly Schedule[], options: ApplyOptions): Promise<Handover> {
  const at = quietTime(schedules, options.now(), options.nextFire);
  const wait = (at ?? 0) - options.now();
  if (wait > 0) await options.wait(wait);
  return { from: options.now(), near: at === null, deleted: false };
}

/** The schedules whose fires the handover could cost or double: the old ones and, if it is to be resumed, the new one. */
function firing(change: Rename, { olds }: Sides, renamed: Schedule | undefined): readonly Schedule[] {
  const running = [...olds.values()].flatMap((old) => (old === null ? [] : [old.observed.schedule]));
  return renamed !== undefined && waits(change) ? [...running, { ...renamed, paused: false }] : running;
}

/** The new schedule stays paused until the old ones are gone. */
function waits({ steps }: Rename): boolean {
  return steps.at(-1)?.kind !== 'delete';
}

/**
 * The fires that may not have happened. Of a rename that broke off in an earlier run, those since it was saved: when
 * the old one went is not known.
 */
function missedIn(
  change: Rename,
  sides: Sides,
  renamed: Schedule | undefined,
  handover: Handover | undefined,
  done: readonly StepResult[],
  options: ApplyOptions,
): readonly MissedFire[] {
  const { name } = change;
  const found = sides.renamed?.observed;
  const note = found === undefined ? undefined : unfinished(found.schedule);
  if (note !== undefined && (sides.olds.get(note.from) ?? null) === null) {
    const { updatedTime } = found?.facts ?? {};
    if (updatedTime === undefined) return [];
    return missedAround([note.schedule], { name, from: updatedTime, to: options.now() }, options.nextFire);
  }
  if (handover?.deleted !== true) return [];
  const resumed = waits(change) && done.at(-1)?.outcome === 'done';
  const to = waits(change) ? options.now() : handover.from;
  const schedules = firing(change, sides, renamed);
  return missedAround(
    schedules,
    { name, from: handover.from, to, ...(resumed ? {} : { openEnd: true }) },
    options.nextFire,
  );
}

function pausedWith(schedule: Schedule, reason: string | undefined): Schedule {
  const { pausedReason: _reason, ...rest } = schedule;
  return { ...rest, paused: true, ...(reason === undefined ? {} : { pausedReason: reason }) };
}

/** The pause, and why, are still those that the last step is to end. */
function stillWaits(now: Schedule, expected: Schedule | undefined): boolean {
  return (
    expected !== undefined &&
    now.paused &&
    now.pausedReason === expected.pausedReason &&
    unfinished(now)?.from === unfinished(expected)?.from
  );
}

async function readSides(change: Rename, options: ApplyOptions, lookup: Lookup): Promise<Outcome<Sides>> {
  const olds = new Map<string, Read | null>();
  for (const { name } of change.previous) {
    const old = await readWhole(name, options.capabilities.tags, options);
    if (!old.ok) return old;
    olds.set(name, old.value);
  }
  if (change.basis === null) {
    const found = await lookup(change.name);
    if (!found.ok) return found;
    return succeed({ olds, renamed: found.value === null ? null : { observed: found.value } });
  }
  const tagged = change.steps.some(({ kind }) => kind === 'tag' || kind === 'untag');
  const renamed = await readWhole(change.name, tagged, options);
  return renamed.ok ? succeed({ olds, renamed: renamed.value }) : renamed;
}

async function readWhole(
  name: string,
  withTags: boolean,
  { reader }: ApplyOptions,
): Promise<Outcome<Read | null>> {
  const found = await reader.get(name);
  if (!found.ok) return found;
  if (found.value === null) return succeed(null);
  if (!withTags) return succeed({ observed: found.value });
  const tags = await reader.tags(name);
  return tags.ok ? succeed({ observed: found.value, tags: tags.value }) : tags;
}

function judge(change: Rename, { renamed, olds }: Sides): 'as-seen' | 'already' | 'stale' {
  const { basis, previous, becomes } = change;
  const seen = (old: PreviousName): Read | null => olds.get(old.name) ?? null;
  if (renamed !== null && previous.every((old) => seen(old) === null)) {
    if (outcomeOf(renamed.observed.schedule, maskedIn(change)) === becomes) return 'already';
  }
  const newAsSeen = basis === null ? renamed === null : renamed !== null && isAsSeen(renamed, basis, change);
  // An old one that is gone has been deleted for us, unless it is what the new one is to be made of.
  const source = change.steps.find((step) => step.kind === 'save' && step.mode === 'copy');
  const oldsAsSeen = previous.every((old) => {
    const there = seen(old);
    if (there === null)
      return !(source?.kind === 'save' && source.mode === 'copy' && source.from === old.name);
    return isAsSeen(there, old.basis, change);
  });
  return newAsSeen && oldsAsSeen ? 'as-seen' : 'stale';
}

function isAsSeen({ observed, tags }: Read, basis: string, change: Rename): boolean {
  return basisOf(observed, maskedIn(change), tags) === basis;
}
