import { unkept } from '../compare/diff.ts';
import { patch } from '../compare/patch.ts';
import { sameTags } from '../compare/tags.ts';
import { unfinished } from '../model/marks/renaming.ts';
import type { Rename, Step } from '../model/plan.ts';
import { type Keeping, succeed } from '../model/port.ts';
import { present } from '../model/present.ts';
import type { StepResult } from '../model/result.ts';
import type { ObservedSchedule, Schedule } from '../model/schedule.ts';
import { losesDueFire, mayHaveLostFires, missedSince, type Quiet, quietMoment } from './due-fires.ts';
import { everyStep, failedBy, type StepEnd, stepResult } from './end.ts';
import { beginHandover, type Handover, missedIn, waits } from './handover.ts';
import type { ApplyOptions, ChangeOutcome } from './options.ts';
import { asPaused, asResumed, isDone } from './remaining.ts';
import { removeSchedule } from './remove.ts';
import { saveSchedule } from './save.ts';
import { isAsSeen, judge, readOld, readSides, type Sides } from './sides.ts';
import { switchPause } from './switch.ts';
import { removeTags, setTags, type Tagging } from './tags.ts';

/** How far a rename has come. */
type Course = {
  readonly change: Rename;
  readonly options: ApplyOptions;
  readonly sides: Sides;
  /** The time that was waited for before the first write. */
  readonly quiet: Quiet | undefined;
  readonly done: StepResult[];
  /** The new schedule as this run left it. */
  expected: Schedule | undefined;
  handover: Handover | undefined;
};

/**
 * Carries out a rename. Each step is preceded by a look at what it is about to change, and the delete by one at the
 * new schedule too, so that never both are gone. From the delete to the resume neither fires: these two keep away from
 * the fires of both, and a `failFast` that strikes between them does not hold up the second.
 */
export async function applyRename(
  change: Rename,
  options: ApplyOptions,
  /** Ends the run before anything is deleted; afterwards only `options.stopped` does. */
  halted: () => boolean,
): Promise<ChangeOutcome> {
  let read = await readSides(change, options);
  const running = read.ok ? read.value.renamed?.observed : undefined;
  const [begin] = change.steps;
  let quiet: Quiet | undefined;
  // What is written before the delete of an old one comes first.
  if (running !== undefined && begin !== undefined && begin.kind !== 'delete' && losesDueFire(begin)) {
    quiet = await quietMoment(running, options, halted);
    if (quiet.waited) read = await readSides(change, options);
  }
  if (!read.ok) return everyStep(change, { outcome: 'failed', failure: read.failure });
  const sides = read.value;
  const verdict = judge(change, sides, options);
  if (verdict === 'already')
    return { ...everyStep(change, { outcome: 'already' }), ...leftAs(sides.renamed?.observed.schedule) };
  if (verdict === 'stale') return everyStep(change, { outcome: 'stale' });
  const expected = sides.renamed?.observed.schedule;
  const course: Course = { change, options, sides, quiet, done: [], expected, handover: undefined };
  for (const step of change.steps) await take(step, course, halted);
  return outcomeOf(course);
}

async function take(step: Step, course: Course, halted: () => boolean): Promise<void> {
  const { change, options, sides, done } = course;
  const broken = done.some(({ outcome }) => outcome !== 'done' && outcome !== 'already');
  const stopped = (): boolean => (course.handover === undefined ? halted() : options.stopped());
  if (!broken && !stopped() && step.kind === 'delete' && course.handover === undefined) {
    const begun = await beginHandover(change, sides, course.expected, options, halted);
    if (!halted()) course.handover = begun;
  }
  const end: StepEnd = broken || stopped() ? { outcome: 'not-run' } : await run(step, course);
  const { handover } = course;
  if (end.outcome === 'not-run') {
    const note = handover?.deleted && waits(change) ? { note: pausedUntilFinished } : {};
    done.push(stepResult(change, step, { ...end, ...note }));
    return;
  }
  if (handover !== undefined && mayBeGone(end)) course.handover = { ...handover, deleted: true };
  done.push(stepResult(change, step, end));
}

async function outcomeOf(course: Course): Promise<ChangeOutcome> {
  const { change, options, sides, quiet, done, expected, handover } = course;
  const resumed = waits(change) && done.at(-1)?.outcome === 'done';
  const over = handover === undefined ? undefined : { ...handover, resumed };
  // After a first step that was not sent there is no other.
  const atFirst = quiet !== undefined && done.some(mayHaveLostFires) ? await missedSince(quiet, options) : [];
  const missed = [...atFirst, ...(await missedIn(change, sides, expected, over, options))];
  return { steps: done, missed, ...leftAs(expected) };
}

async function run(step: Step, course: Course): Promise<StepEnd> {
  const { change, options } = course;
  switch (step.kind) {
    case 'save':
      return save(step, course);
    case 'tag':
      return setTags(change.name, step.tags, tagging(course), options);
    case 'untag':
      return removeTags(change.name, step.tags, tagging(course), options);
    case 'delete':
      return deleteOld(step.old ?? change.name, course);
    case 'pause':
      if (course.expected !== undefined) course.expected = asPaused(course.expected, step.reason);
      return switchPause(change.name, { paused: true, ...present({ reason: step.reason }) }, options);
    case 'resume': {
      const now = await newSchedule(course);
      if (!now.ok) return failedBy(now.failure);
      if (now.value === null || !stillWaits(now.value.schedule, course.expected))
        return switchedBySomebody(step, now.value, course);
      course.expected = course.expected && asResumed(course.expected);
      return switchPause(change.name, { paused: false }, options);
    }
  }
}

async function save(step: Step & { readonly kind: 'save' }, course: Course): Promise<StepEnd> {
  const { options, sides, done } = course;
  if (step.mode === 'create') return saveSchedule(step.schedule, null, options);
  if (step.mode === 'copy') {
    const source = sides.replaced.get(step.from)?.observed;
    if (source === undefined) return { outcome: 'stale' };
    course.expected = patch(source.schedule, step.set, step.unset);
    return saveSchedule(course.expected, null, options, source);
  }
  const now = await newSchedule(course);
  if (!now.ok) return failedBy(now.failure);
  if (now.value === null || (done.length > 0 && !stillWaits(now.value.schedule, course.expected)))
    return switchedBySomebody(step, now.value, course);
  course.expected = patch(now.value.schedule, step.set, step.unset);
  return saveSchedule(course.expected, now.value, options);
}

/** The first step goes by what was just read. */
function newSchedule({ change, options, sides, done }: Course): ReturnType<ApplyOptions['reader']['get']> {
  return done.length === 0
    ? Promise.resolve(succeed(sides.renamed?.observed ?? null))
    : options.reader.get(change.name);
}

/** Why the last step has nothing to do: somebody else has switched the new schedule in the meantime. */
function switchedBySomebody(step: Step, now: ObservedSchedule | null, course: Course): StepEnd {
  const { expected, options } = course;
  const end = afterHandover(step, now, options.capabilities);
  if (end.outcome === 'already')
    course.expected = step.kind === 'resume' ? expected && asResumed(expected) : now?.schedule;
  return end;
}

/** Of a schedule that this rename made, whatever the server has of an earlier one of its name is replaced. */
function tagging({ sides, done }: Course): Tagging {
  const before = sides.renamed?.tags;
  return {
    read: done.length === 0 ? before : undefined,
    may: (tags) => before === undefined || sameTags(tags, before),
  };
}

async function deleteOld(name: string, course: Course): Promise<StepEnd> {
  const mayDelete = (): Promise<StepEnd | undefined> => whyNotDeleted(name, course);
  const end = (await mayDelete()) ?? (await removeSchedule(name, mayDelete, course.options));
  return course.handover?.near === true && end.outcome !== 'already' && end.note === undefined
    ? { ...end, note: tooNear }
    : end;
}

/** The new one must be as it was saved, the old one as the plan saw it. */
async function whyNotDeleted(
  name: string,
  { change, options, expected }: Course,
): Promise<StepEnd | undefined> {
  const renamed = await options.reader.get(change.name);
  if (!renamed.ok) return failedBy(renamed.failure);
  const now = renamed.value;
  if (
    now === null ||
    expected === undefined ||
    unkept(expected, now.schedule, options.capabilities).length > 0
  )
    return {
      outcome: 'stale',
      note: 'the new schedule changed after it was saved, so the old one is not deleted',
    };
  const old = await readOld(name, options);
  if (!old.ok) return failedBy(old.failure);
  if (old.value === null) return { outcome: 'already' };
  const seen = change.previous.find((one) => one.name === name);
  return seen !== undefined && isAsSeen(old.value, seen.basis, change, options.digestKey)
    ? undefined
    : { outcome: 'stale' };
}

/** Why the last step of a rename has nothing to do: somebody else has switched the new schedule in the meantime. */
function afterHandover(step: Step, now: ObservedSchedule | null, keeping: Keeping): StepEnd {
  if (now === null) return { outcome: 'stale', note: 'the new one is gone' };
  if (now.schedule.paused)
    return { outcome: 'stale', note: 'somebody paused it in the meantime; it stays paused' };
  return isDone(step, { observed: now }, keeping)
    ? { outcome: 'already' }
    : { outcome: 'stale', note: 'somebody resumed it in the meantime; the next apply does the rest' };
}

function mayBeGone({ outcome, failure }: StepEnd): boolean {
  return outcome === 'done' || outcome === 'already' || failure?.effect === 'unknown';
}

const pausedUntilFinished = 'it is paused, and does not fire before the next apply finishes the rename';
const tooNear =
  'fires are too close together in the next minute: one may have been missed, or have started twice';

function leftAs(left: Schedule | undefined): Pick<ChangeOutcome, 'left'> {
  return present({ left });
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
