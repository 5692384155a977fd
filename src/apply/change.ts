import { basisOf } from '../compare/basis.ts';
import { unkept } from '../compare/diff.ts';
import { patch } from '../compare/patch.ts';
import { sameTags, tagsWithout } from '../compare/tags.ts';
import { type Change, maskedIn, type Rename, type Step } from '../model/plan.ts';
import { type Outcome, succeed } from '../model/port.ts';
import type { StepResult } from '../model/result.ts';
import type { ObservedSchedule, Schedule, Tag } from '../model/schedule.ts';
import { everyStep, type StepEnd, stepResult } from './end.ts';
import { missedBetween, quietMoment } from './fires.ts';
import type { Lookup } from './freshness.ts';
import type { ApplyOptions, ChangeOutcome } from './options.ts';
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
  if (change.kind !== 'create' && now.observed !== null && change.steps.some(losesDueFire)) {
    if (await quietMoment(now.observed.schedule, options)) {
      const again = await readNow(change, options, lookup);
      if (!again.ok) return everyStep(change, { outcome: 'failed', failure: again.failure });
      now = again.value;
    }
  }
  const verdict = judge(change, now);
  if (verdict !== 'as-seen') return everyStep(change, { outcome: verdict });
  if (options.stopped()) return everyStep(change, { outcome: 'not-run' });

  const from = options.now();
  const steps: StepResult[] = [];
  for (const step of change.steps) {
    const broken = steps.some(({ outcome }) => outcome !== 'done' && outcome !== 'already');
    const end: StepEnd =
      broken || options.stopped()
        ? { outcome: 'not-run' }
        : await runStep(change.name, step, now.observed, options);
    steps.push(stepResult(change, step, end));
  }
  const wrote = change.kind !== 'create' && change.steps.some(losesDueFire);
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
    const found = await lookup(change.name);
    return found.ok ? succeed({ observed: found.value }) : found;
  }
  const found = await options.reader.get(change.name);
  if (!found.ok) return found;
  // A delete rests on the marker, which is a tag where there are tags.
  const needsTags = change.steps.some(isTagStep) || (change.kind === 'delete' && options.capabilities.tags);
  if (found.value === null || !needsTags) return succeed({ observed: found.value });
  const tags = await options.reader.tags(change.name);
  return tags.ok ? succeed({ observed: found.value, tags: tags.value }) : tags;
}

function judge(change: ChangeOfOne, { observed, tags }: Now): 'as-seen' | 'already' | 'stale' {
  if (change.kind === 'create') {
    if (observed === null) return 'as-seen';
    return change.steps.every((step) => isDone(step, observed, observed.tags)) ? 'already' : 'stale';
  }
  if (observed === null) return change.kind === 'delete' ? 'already' : 'stale';
  if (basisOf(observed, maskedIn(change), tags) === change.basis) return 'as-seen';
  return change.steps.every((step) => isDone(step, observed, tags)) ? 'already' : 'stale';
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
