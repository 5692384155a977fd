import type { Step } from '../model/plan.ts';
import type { Outcome } from '../model/port.ts';
import { present } from '../model/present.ts';
import type { StepResult } from '../model/result.ts';
import type { Tag } from '../model/schedule.ts';
import { losesDueFire, mayHaveLostFires, missedSince, type Quiet, quietMoment } from './due-fires.ts';
import { changedMeanwhile, everyStep, failedBy, type StepEnd, stepResult } from './end.ts';
import { look, lookAtNewName, restsOnTags, type Seen } from './look.ts';
import type { ApplyOptions, ChangeOutcome } from './options.ts';
import { type ChangeOfOne, mayTag, remainingSteps, targetOf } from './remaining.ts';
import { removeSchedule } from './remove.ts';
import { saveSchedule } from './save.ts';
import { switchPause } from './switch.ts';
import { removeTags, setTags } from './tags.ts';

/**
 * Carries out one change: looks whether the server is as the plan saw it, writes only then, and checks each write.
 * Already as planned = `already`; anything else = `stale`, and nothing is written.
 */
export async function applyChange(
  change: ChangeOfOne,
  options: ApplyOptions,
  /** Ends the run before the first write of a change; afterwards only `options.stopped` does, so that it is not left half done. */
  halted: () => boolean,
): Promise<ChangeOutcome> {
  const { read, quiet } = await lookInQuiet(change, options, halted);
  if (!read.ok) return everyStep(change, { outcome: 'failed', failure: read.failure });
  const seen = read.value;
  const remaining = remainingSteps(change, seen, options);
  if (remaining === undefined) return everyStep(change, { outcome: 'stale' });
  if (remaining.length === 0) return alreadyDone(change, seen);
  if (halted()) return everyStep(change, { outcome: 'not-run' });

  const steps: StepResult[] = [];
  /** Then its tags, which mark it as ours, follow whatever else became of it. */
  let isCreated = false;
  for (const step of change.steps) {
    const end: StepEnd = !remaining.includes(step)
      ? already(step, seen)
      : options.stopped() || !(isCreated || wentWell(steps))
        ? { outcome: 'not-run' }
        : await runStep(change, step, seen, steps, options);
    isCreated ||= change.kind === 'create' && end.stored === true;
    steps.push(stepResult(change, step, end));
  }
  const lost = quiet !== undefined && steps.some(mayHaveLostFires);
  return { steps, missed: lost ? await missedSince(quiet, options) : [] };
}

/** Nothing is left to do; what the plan asked for and is not there is said. */
function alreadyDone(change: ChangeOfOne, seen: Seen | null): ChangeOutcome {
  return { steps: change.steps.map((step) => stepResult(change, step, already(step, seen))), missed: [] };
}

/** A pause without its reason counts where it is not known whether the server keeps one: then that is what it says. */
function already(step: Step, seen: Seen | null): StepEnd {
  const lacksReason =
    step.kind === 'pause' &&
    step.reason !== undefined &&
    seen?.observed.schedule.pausedReason !== step.reason;
  return { outcome: 'already', ...(lacksReason ? { note: 'it is paused without the reason' } : {}) };
}

/** Reads the schedule when no fire is due or near that a write of this change would lose, if waiting helps. */
async function lookInQuiet(
  change: ChangeOfOne,
  options: ApplyOptions,
  halted: () => boolean,
): Promise<{
  readonly read: Outcome<Seen | null>;
  /** Absent = there is no fire to lose. */
  readonly quiet?: Quiet;
}> {
  const read = await lookBefore(change, options);
  if (!read.ok || read.value === null) return { read };
  if (!remainingSteps(change, read.value, options)?.some(losesDueFire)) return { read };
  const quiet = await quietMoment(read.value.observed, options, halted);
  return { read: quiet.waited ? await lookBefore(change, options) : read, quiet };
}

function lookBefore(change: ChangeOfOne, options: ApplyOptions): Promise<Outcome<Seen | null>> {
  if (change.kind === 'create') return lookAtNewName(change.name, restsOnTags(change), options);
  // A delete rests on the marker, which is a tag where there are tags.
  const withTags = restsOnTags(change) || (change.kind === 'delete' && options.capabilities.tags);
  return look(change.name, withTags, options);
}

function wentWell(before: readonly StepResult[]): boolean {
  return before.every(({ outcome }) => outcome === 'done' || outcome === 'already');
}

function runStep(
  change: ChangeOfOne,
  step: Step,
  seen: Seen | null,
  before: readonly StepResult[],
  options: ApplyOptions,
): Promise<StepEnd> {
  const { name } = change;
  const there = seen?.observed.schedule;
  const wrote = before.some(({ outcome }) => outcome !== 'already');
  const tagging = {
    // A write of ours may have taken a while: then they are read again.
    read: wrote ? undefined : seen?.tags,
    // What a new schedule has of an earlier one of its name is replaced.
    may: (tags: readonly Tag[]): boolean =>
      (change.kind === 'create' && wrote) || mayTag(step, change, tags, options.digestKey),
  };
  switch (step.kind) {
    case 'save': {
      if (step.mode === 'create') return saveSchedule(step.schedule, null, options);
      if (seen === null) return Promise.resolve({ outcome: 'stale' });
      return saveSchedule(targetOf(step, seen.observed.schedule), seen.observed, options);
    }
    case 'pause':
      return switchPause(name, { paused: true, ...present({ reason: step.reason }) }, options, there);
    case 'resume':
      return switchPause(name, { paused: false }, options, there);
    case 'tag':
      return setTags(name, step.tags, tagging, options);
    case 'untag':
      return removeTags(name, step.tags, tagging, options);
    case 'delete':
      return removeSchedule(name, () => mayDelete(change, options), options);
  }
}

async function mayDelete(change: ChangeOfOne, options: ApplyOptions): Promise<StepEnd | undefined> {
  const read = await lookBefore(change, options);
  if (!read.ok) return failedBy(read.failure);
  const remaining = remainingSteps(change, read.value, options);
  if (remaining === undefined) return { outcome: 'stale', note: changedMeanwhile };
  return remaining.length === 0 ? { outcome: 'already' } : undefined;
}
