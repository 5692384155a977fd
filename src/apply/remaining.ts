import { basisOf, tagsBasisOf } from '../compare/basis.ts';
import { unkept } from '../compare/diff.ts';
import { patch } from '../compare/patch.ts';
import { sameTags, tagsWithout } from '../compare/tags.ts';
import type { Change, Rename, Step } from '../model/plan.ts';
import type { Keeping } from '../model/port.ts';
import { present } from '../model/present.ts';
import type { Schedule, Tag } from '../model/schedule.ts';
import { isTagStep, type Seen } from './look.ts';
import type { Judging } from './options.ts';

/** A change of one name; a rename has two. */
export type ChangeOfOne = Exclude<Change, Rename>;

/**
 * The steps that are still to be done: all of them when the server is as the plan saw it, none when it is as planned, and
 * what is left of a run that broke off. Undefined = somebody else changed what the plan rests on.
 */
export function remainingSteps(
  change: ChangeOfOne,
  seen: Seen | null,
  { capabilities, digestKey }: Judging,
): readonly Step[] | undefined {
  if (seen === null) {
    if (change.kind === 'create') return change.steps;
    return change.kind === 'delete' ? [] : undefined;
  }
  const { observed, tags } = seen;
  const remaining = change.steps.filter((step) => !isDone(step, seen, capabilities));
  if (remaining.length === 0) return remaining;
  const isSaved = change.steps.some((step) => !isTagStep(step) && !remaining.includes(step));
  const asSeen = basisOf(observed, change, digestKey, change.kind === 'delete' ? tags : undefined);
  if (!isSaved && asSeen !== change.basis) return undefined;
  return remaining.every((step) => !isTagStep(step) || mayTag(step, change, tags ?? [], digestKey))
    ? remaining
    : undefined;
}

/** Whether tags are as the plan saw them, or as a tag step leaves them when it breaks off: the new ones there, old ones too. */
export function mayTag(
  step: Step,
  { tagsBasis = [] }: Change,
  tags: readonly Tag[],
  digestKey: string | undefined,
): boolean {
  const now = tagsBasisOf(tags, digestKey);
  if (now.length === tagsBasis.length && now.every((hash) => tagsBasis.includes(hash))) return true;
  if (step.kind !== 'tag' || tagsWithout(step.tags, tags).length > 0) return false;
  return tagsBasisOf(tagsWithout(tags, step.tags), digestKey).every((hash) => tagsBasis.includes(hash));
}

/** Whether a schedule is as the step leaves it. */
export function isDone(step: Step, { observed: { schedule }, tags }: Seen, keeping: Keeping): boolean {
  switch (step.kind) {
    case 'save':
      return unkept(targetOf(step, schedule), schedule, keeping).length === 0;
    case 'pause':
      return unkept(asPaused(schedule, step.reason ?? schedule.pausedReason), schedule, keeping).length === 0;
    case 'resume':
      return !schedule.paused;
    case 'tag':
      return tags !== undefined && sameTags(tags, step.tags);
    case 'untag':
      return tags !== undefined && tagsWithout(step.tags, tags).length === step.tags.length;
    case 'delete':
      return false;
  }
}

/** What a save makes of a schedule that is there. */
export function targetOf(step: Step & { kind: 'save' }, observed: Schedule): Schedule {
  return step.mode === 'create' ? step.schedule : patch(observed, step.set, step.unset);
}

/** A schedule as a pause leaves it. */
export function asPaused({ pausedReason: _reason, ...rest }: Schedule, reason: string | undefined): Schedule {
  return { ...rest, paused: true, ...present({ pausedReason: reason }) };
}

/** As a resume leaves it. */
export function asResumed({ pausedReason: _reason, ...rest }: Schedule): Schedule {
  return { ...rest, paused: false };
}
