import { basisOf, tagsBasisOf } from '../compare/basis.ts';
import { unkept } from '../compare/diff.ts';
import { patch } from '../compare/patch.ts';
import { sameTags, tagsWithout } from '../compare/tags.ts';
import { type Change, maskedIn, type Rename, type Step } from '../model/plan.ts';
import { type Outcome, succeed } from '../model/port.ts';
import type { StepResult } from '../model/result.ts';
import type { ObservedSchedule, Schedule, Tag } from '../model/schedule.ts';
import { everyStep, type StepEnd, stepResult } from './end.ts';
import type { Lookup } from './freshness.ts';
import type { ApplyOptions, ChangeOutcome } from './options.ts';
import { missedBetween, quietMoment } from './quiet-time.ts';
import { removeSchedule } from './remove.ts';
import { saveSchedule } from './save.ts';
import { switchPause } from './switch.ts';
import { removeTags, setTags } from './tags.ts';

/** A change of one name; a rename is another matter. */
export type ChangeOfOne = Exclude<Change, Rename>;

/** The schedule as it is just before the write, with its tags where the change is about tags. */
interface Now {
  readonly observed: ObservedSchedule | null;
  readonly tags?: readonly Tag[];
}

/**
 * Carries out one change: looks whether the server is as the plan saw it, writes only then, and checks each write.
 * Already as planned = `already`; anything else = `stale`, and nothing is written.
 */
export async function applyChange(
  change: ChangeOfOne,
  options: ApplyOptions,
  lookup: Lookup,
): Promise<ChangeOutcome> {
  const read = await readNow(change, options, lookup);
  if (!read.ok) return everyStep(change, { outcome: 'failed', failure: read.failure });
  let now = read.value;
  let left = stepsLeft(change, now);
  if (
    now.observed !== null &&
    left?.some(losesDueFire) &&
    (await quietMoment(now.observed.schedule, options))
  ) {
    const again = await readNow(change, options, lookup);
    if (!again.ok) return everyStep(change, { outcome: 'failed', failure: again.failure });
    now = again.value;
    left = stepsLeft(change, now);
  }
  if (left === undefined) return everyStep(change, { outcome: 'stale' });
  if (left.length === 0) return everyStep(change, { outcome: 'already' });
  if (options.stopped()) return everyStep(change, { outcome: 'not-run' });

  const from = options.now();
  const steps: StepResult[] = [];
  for (const step of change.steps) {
    const broken = steps.some(({ outcome }) => outcome !== 'done' && outcome !== 'already');
    const end: StepEnd = !left.includes(step)
      ? { outcome: 'already' }
      : broken || options.stopped()
        ? { outcome: 'not-run' }
        : await runStep(change.name, step, now.observed, options);
    steps.push(stepResult(change, step, end));
  }
  const wrote = change.kind !== 'create' && left.some(losesDueFire);
  return {
    steps,
    missed:
      wrote && now.observed !== null
        ? missedBetween(now.observed.schedule, from, options.now(), options.nextFire)
        : [],
  };
}

async function readNow(change: ChangeOfOne, options: ApplyOptions, lookup: Lookup): Promise<Outcome<Now>> {
  if (change.kind === 'create') {
    const known = await lookup(change.name);
    if (!known.ok) return known;
    if (known.value === null) return succeed({ observed: null });
  }
  const found = await options.reader.get(change.name);
  if (!found.ok) return found;
  // A delete rests on the marker, which is a tag where there are tags.
  const needsTags = change.steps.some(isTagStep) || (change.kind === 'delete' && options.capabilities.tags);
  if (found.value === null || !needsTags) return succeed({ observed: found.value });
  const tags = await options.reader.tags(change.name);
  return tags.ok ? succeed({ observed: found.value, tags: tags.value }) : tags;
}

/**
 * The steps that are still to be done: all of them when the server is as the plan saw it, none when it is as planned, and
 * what is left of a run that broke off. Undefined = somebody else changed what the plan rests on.
 */
function stepsLeft(change: ChangeOfOne, { observed, tags }: Now): readonly Step[] | undefined {
  if (observed === null) {
    if (change.kind === 'create') return change.steps;
    return change.kind === 'delete' ? [] : undefined;
  }
  const left = change.steps.filter((step) => !isDone(step, observed, tags));
  if (left.length === 0) return left;
  const isSaved = change.steps.some((step) => !isTagStep(step) && !left.includes(step));
  const asSeen = basisOf(observed, maskedIn(change), change.kind === 'delete' ? tags : undefined);
  if (!isSaved && asSeen !== change.basis) return undefined;
  return left.every((step) => !isTagStep(step) || mayTag(step, change, tags ?? [])) ? left : undefined;
}

/** Whether tags are as the plan saw them, or as a tag step leaves them when it breaks off: the new ones there, old ones too. */
function mayTag(step: Step, { tagsBasis = [] }: Change, tags: readonly Tag[]): boolean {
  const now = tagsBasisOf(tags);
  if (now.length === tagsBasis.length && now.every((hash) => tagsBasis.includes(hash))) return true;
  if (step.kind !== 'tag' || tagsWithout(step.tags, tags).length > 0) return false;
  return tagsBasisOf(tagsWithout(tags, step.tags)).every((hash) => tagsBasis.includes(hash));
}

/** Whether the schedule is already as the step would leave it. */
function isDone(step: Step, { schedule }: ObservedSchedule, tags: readonly Tag[] | undefined): boolean {
  switch (step.kind) {
    case 'save':
      return unkept(targetOf(step, schedule), schedule).length === 0;
    case 'pause':
      return schedule.paused && (step.reason === undefined || step.reason === schedule.pausedReason);
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

function targetOf(step: Step & { kind: 'save' }, observed: Schedule): Schedule {
  return step.mode === 'create' ? step.schedule : patch(observed, step.set, step.unset);
}

function runStep(
  name: string,
  step: Step,
  observed: ObservedSchedule | null,
  options: ApplyOptions,
): Promise<StepEnd> {
  switch (step.kind) {
    case 'save': {
      if (step.mode === 'create') return saveSchedule(step.schedule, null, options);
      if (observed === null) return Promise.resolve({ outcome: 'stale' });
      return saveSchedule(targetOf(step, observed.schedule), observed, options);
    }
    case 'pause':
      return switchPause(
        name,
        { paused: true, ...(step.reason === undefined ? {} : { reason: step.reason }) },
        options,
      );
    case 'resume':
      return switchPause(name, { paused: false }, options);
    case 'tag':
      return setTags(name, step.tags, options);
    case 'untag':
      return removeTags(name, step.tags, options);
    case 'delete':
      return removeSchedule(name, options);
  }
}

/** These remove the timers or leave them behind: a fire that is due but not started is lost. */
function losesDueFire({ kind }: Step): boolean {
  return kind === 'save' || kind === 'pause' || kind === 'delete';
}

function isTagStep({ kind }: Step): boolean {
  return kind === 'tag' || kind === 'untag';
}
