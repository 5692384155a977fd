import { unkept } from '../compare/diff.ts';
import { sameTags, tagsWithout } from '../compare/tags.ts';
import type { NumberEquality } from '../model/number.ts';
import { type Change, nameOf, type Step } from '../model/plan.ts';
import { present } from '../model/present.ts';
import type { ClosingLook, StepResult } from '../model/result.ts';
import type { FieldPath, ObservedSchedule, Schedule, Tag } from '../model/schedule.ts';
import { isTagStep, look } from './look.ts';
import type { ApplyOptions, ChangeOutcome } from './options.ts';
import { targetOf } from './remaining.ts';
import { onEach } from './workers.ts';

type LookOptions = Pick<ApplyOptions, 'capabilities' | 'reader' | 'parallelism' | 'stopped'>;

/** What is on the server when the run ends, as far as it is known. */
interface Found {
  readonly schedule: ObservedSchedule | undefined;
  /** Absent = not known. */
  readonly tags?: readonly Tag[];
}

/** Why a step that was called done, or already so, is not so any more. */
type Contradiction =
  | { readonly outcome: 'lost'; readonly note: string }
  | { readonly outcome: 'overwritten'; readonly note?: string; readonly differs?: readonly FieldPath[] };

/**
 * Reads one list after the last write and holds every schedule of the plan against it: two runs at once can both have
 * seen their own writes, and only a look afterwards tells whose stayed. What is not as its result says becomes `lost` or
 * `overwritten`; a GET confirms it first, in case the list lags behind.
 */
export async function closingLook(
  outcomes: Map<Change, ChangeOutcome>,
  options: LookOptions,
): Promise<ClosingLook> {
  const list = await options.reader.list();
  if (!list.ok)
    return list.failure.kind === 'interrupted'
      ? { outcome: 'not-run' }
      : { outcome: 'failed', failure: list.failure };
  const listed = new Map(list.value.schedules.map((one) => [one.schedule.name, one]));
  // Stopped now, it still judges by what was read.
  const goesOn = (): boolean => false;
  await onEach([...outcomes], options.parallelism, goesOn, async ([change, outcome]) => {
    const steps: StepResult[] = [];
    for (const step of outcome.steps) {
      const found = await foundFor(step, listed.get(step.name), options);
      steps.push(await heldAgainst(change, step, outcome, found, options));
    }
    outcomes.set(change, { ...outcome, steps });
  });
  return { outcome: 'done' };
}

/** The schedule of a list, with its tags where the step is about them and the list has none. */
async function foundFor(
  { name, step, outcome }: StepResult,
  schedule: ObservedSchedule | undefined,
  { reader, stopped }: LookOptions,
): Promise<Found> {
  if (schedule?.tags !== undefined) return { schedule, tags: schedule.tags };
  if (schedule === undefined || !isTagStep(step) || !isClaim(outcome) || stopped()) return { schedule };
  const tags = await reader.tags(name);
  return tags.ok ? { schedule, tags: tags.value } : { schedule };
}

async function heldAgainst(
  change: Change,
  result: StepResult,
  outcome: ChangeOutcome,
  found: Found,
  { capabilities: { numbers }, reader, stopped }: LookOptions,
): Promise<StepResult> {
  const first = contradiction(change, result, outcome, found, numbers);
  if (first === undefined) return result;
  if (stopped()) return contradicted(result, first);
  const again = await look(nameOf(change, result.step), isTagStep(result.step), { reader });
  const confirmed = again.ok
    ? contradiction(
        change,
        result,
        outcome,
        { schedule: again.value?.observed, ...present({ tags: again.value?.tags }) },
        numbers,
      )
    : first;
  if (confirmed === undefined) return result;
  return contradicted(result, confirmed);
}

function contradicted({ note: _note, ...rest }: StepResult, why: Contradiction): StepResult {
  return { ...rest, ...why };
}

function isClaim(outcome: StepResult['outcome']): boolean {
  return outcome === 'done' || outcome === 'already';
}

function contradiction(
  change: Change,
  { step, outcome }: StepResult,
  { left, steps }: ChangeOutcome,
  { schedule, tags }: Found,
  numbers: NumberEquality,
): Contradiction | undefined {
  if (!isClaim(outcome)) return undefined;
  if (step.kind === 'delete')
    return schedule === undefined
      ? undefined
      : { outcome: 'overwritten', note: 'it is there again: somebody created it since' };
  if (schedule === undefined)
    return { outcome: 'lost', note: 'it is not on the server at the end of the run' };
  if (isTagStep(step)) return tags === undefined || hasTags(step, tags) ? undefined : overwritten([['tags']]);
  const wanted = change.kind === 'rename' ? left : wantedBy(step, schedule.schedule);
  // A later step of the change wrote over it.
  if (wanted === undefined || (change.kind === 'rename' && isWrittenOver(step, steps))) return undefined;
  const differs = unkept(wanted, schedule.schedule, numbers).map(({ path }) => path);
  return differs.length === 0 ? undefined : overwritten(differs);
}

function overwritten(differs: readonly FieldPath[]): Contradiction {
  return { outcome: 'overwritten', differs, note: 'somebody else changed it after this step' };
}

/** Whether tags are as a step leaves them. */
function hasTags(step: Step, tags: readonly Tag[]): boolean {
  if (step.kind === 'tag') return sameTags(tags, step.tags);
  return step.kind !== 'untag' || tagsWithout(step.tags, tags).length === step.tags.length;
}

/** The schedule as a step of a change of one name leaves it. */
function wantedBy(step: Step, now: Schedule): Schedule {
  switch (step.kind) {
    case 'save':
      return targetOf(step, now);
    case 'pause':
      return { ...now, paused: true, ...present({ pausedReason: step.reason }) };
    case 'resume':
      return { ...now, paused: false };
    default:
      return now;
  }
}

/** Of a rename: whether a later step was sent that changes what this one left. */
function isWrittenOver(step: Step, steps: readonly StepResult[]): boolean {
  const later = steps.slice(steps.findIndex((one) => one.step === step) + 1);
  return later.some(
    (one) =>
      (one.step.kind === 'save' || one.step.kind === 'resume' || one.step.kind === 'pause') &&
      (one.outcome === 'failed' || (one.step.kind === 'save' && isClaim(one.outcome))),
  );
}
