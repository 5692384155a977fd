import { basisOf, outcomeOf } from '../compare/basis.ts';
import { unkept } from '../compare/diff.ts';
import type { PreviousName, Rename, Step } from '../model/plan.ts';
import { type Keeping, type Outcome, succeed } from '../model/port.ts';
import { present } from '../model/present.ts';
import type { Schedule } from '../model/schedule.ts';
import { isTagStep, look, lookAtNewName, restsOnTags, type Seen } from './look.ts';
import type { ApplyOptions, Judging } from './options.ts';
import { asPaused, asResumed, isDone, targetOf } from './remaining.ts';

/** Both sides of a rename; `null` = not there. */
export interface Sides {
  readonly renamed: Seen | null;
  readonly replaced: ReadonlyMap<string, Seen | null>;
}

export async function readSides(change: Rename, options: ApplyOptions): Promise<Outcome<Sides>> {
  const replaced = new Map<string, Seen | null>();
  for (const { name } of change.previous) {
    const old = await readOld(name, options);
    if (!old.ok) return old;
    replaced.set(name, old.value);
  }
  const renamed =
    change.basis === null
      ? await lookAtNewName(change.name, restsOnTags(change), options)
      : await look(change.name, restsOnTags(change), options);
  return renamed.ok ? succeed({ replaced, renamed: renamed.value }) : renamed;
}

/** An old schedule, with its tags where they hold the marker that its delete rests on. */
export function readOld(name: string, options: ApplyOptions): Promise<Outcome<Seen | null>> {
  return look(name, options.capabilities.tags, options);
}

/** Whether both sides are as the plan saw them, or all that the plan has is done. */
export function judge(
  change: Rename,
  { renamed, replaced }: Sides,
  { digestKey, capabilities }: Judging,
): 'as-seen' | 'already' | 'stale' {
  const { basis, previous, becomes } = change;
  const seen = (old: PreviousName): Seen | null => replaced.get(old.name) ?? null;
  if (renamed !== null && previous.every((old) => seen(old) === null)) {
    const { schedule } = renamed.observed;
    const reasoned = withReasonOf(change.steps.reduce(afterStep, schedule), schedule, capabilities);
    const hash = outcomeOf(reasoned, change, digestKey, capabilities.numbers);
    // The hash has no tags, and may leave masked values out; those that the plan holds are compared themselves.
    if (hash === becomes && isAfter(change.steps, renamed, capabilities)) return 'already';
  }
  const newAsSeen =
    basis === null ? renamed === null : renamed !== null && isAsSeen(renamed, basis, change, digestKey);
  // An old one that is gone has been deleted for us, unless it is what the new one is to be made of.
  const replacedAsSeen = previous.every((old) => {
    const there = seen(old);
    return there === null ? !isSource(old.name, change) : isAsSeen(there, old.basis, change, digestKey);
  });
  return newAsSeen && replacedAsSeen ? 'as-seen' : 'stale';
}

/** Whether it is the schedule that the plan saw. */
export function isAsSeen(
  { observed, tags }: Seen,
  basis: string,
  change: Rename,
  digestKey: string | undefined,
): boolean {
  return basisOf(observed, change, digestKey, tags) === basis;
}

/** As the plan left it, where the server may not have kept the reason of the pause. */
function withReasonOf(planned: Schedule, now: Schedule, { pauseReason }: Keeping): Schedule {
  const mayBeLost = pauseReason !== 'kept' && now.paused && now.pausedReason === undefined;
  return mayBeLost ? { ...now, ...present({ pausedReason: planned.pausedReason }) } : now;
}

/** Whether all steps together would change nothing of a schedule and its tags. */
function isAfter(steps: readonly Step[], seen: Seen, keeping: Keeping): boolean {
  const { schedule } = seen.observed;
  return (
    unkept(steps.reduce(afterStep, schedule), schedule, keeping).length === 0 &&
    steps.every((step) => !isTagStep(step) || isDone(step, seen, keeping))
  );
}

function afterStep(schedule: Schedule, step: Step): Schedule {
  if (step.kind === 'save') return targetOf(step, schedule);
  if (step.kind === 'pause') return asPaused(schedule, step.reason);
  return step.kind === 'resume' ? asResumed(schedule) : schedule;
}

function isSource(name: string, { steps }: Rename): boolean {
  return steps.some((step) => step.kind === 'save' && step.mode === 'copy' && step.from === name);
}
