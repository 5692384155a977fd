import { unkept } from '../compare/diff.ts';
import { sameTags, tagsWithout } from '../compare/tags.ts';
import type { Change, Step } from '../model/plan.ts';
import type { Keeping } from '../model/port.ts';
import { present } from '../model/present.ts';
import type { ClosingLook, StepResult } from '../model/result.ts';
import type { FieldPath, ObservedSchedule, Schedule, Tag } from '../model/schedule.ts';
import { isTagStep, look, type TagStep } from './look.ts';
import type { ApplyOptions, ChangeOutcome } from './options.ts';
import { targetOf } from './remaining.ts';
import { onEach } from './workers.ts';
import type { StepWriter } from './writing/stoppable.ts';

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
 * Reads one list after the last write and compares every schedule of the plan with it: two runs at once can both have
 * seen their own writes, and only a look afterwards tells whose stayed. What is not as its result says becomes `lost` or
 * `overwritten`; a GET confirms it first, in case the list is out of date.
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
    outcomes.set(change, { ...outcome, steps: await heldAgainst(change, outcome, listed, options) });
  });
  return { outcome: 'done' };
}

/**
 * Every run looks at the server no sooner after its last create, in milliseconds. So a create that overwrote another one
 * of the same name within this time need not say so: the run that made the other will see it.
 */
export const settlingTime = 100;

/**
 * Times the creates. A server looks for a schedule, then stores it (OSS 3.32.1), so of two creates of one name at once
 * both can find none, and the one that is stored last shows nothing of the other. So the closing look also waits as long
 * as the slowest create took: one that was under way when ours was stored is stored by then. `now`: epoch milliseconds.
 */
export function timingCreates(
  writer: StepWriter,
  now: () => number,
): {
  readonly writer: StepWriter;
  /** How long it still is until the closing look, in milliseconds; 0 or less = no longer. */
  readonly untilSettled: () => number;
} {
  let slowest = settlingTime;
  let ended = Number.NEGATIVE_INFINITY;
  return {
    writer: {
      ...writer,
      async save(body, mode) {
        const begun = now();
        const answer = await writer.save(body, mode);
        if (mode === 'create') {
          ended = now();
          slowest = Math.max(slowest, ended - begun);
        }
        return answer;
      },
    },
    untilSettled: () => ended + slowest - now(),
  };
}

/** The steps of a change, all of one name judged by the same newest read of it. */
async function heldAgainst(
  change: Change,
  outcome: ChangeOutcome,
  listed: ReadonlyMap<string, ObservedSchedule>,
  options: LookOptions,
): Promise<readonly StepResult[]> {
  const against = new Map<StepResult, Contradiction>();
  const claims = outcome.steps.filter((step) => isClaim(step.outcome));
  for (const name of new Set(claims.map((step) => step.name))) {
    const ofName = claims.filter((step) => step.name === name);
    const judge = (found: Found): readonly (readonly [StepResult, Contradiction])[] =>
      ofName.flatMap((result) => {
        const why = contradiction(change, result, outcome, found, options.capabilities);
        return why === undefined ? [] : [[result, why] as const];
      });
    const hasTagStep = ofName.some(({ step }) => isTagStep(step));
    let found = judge(await foundFor(name, listed.get(name), hasTagStep, options));
    if (found.length > 0 && !options.stopped()) {
      const again = await look(name, hasTagStep, options);
      if (again.ok)
        found = judge({ schedule: again.value?.observed, ...present({ tags: again.value?.tags }) });
    }
    for (const [result, why] of found) against.set(result, why);
  }
  return outcome.steps.map((result) => {
    const why = against.get(result);
    return why === undefined ? result : contradicted(result, why);
  });
}

/** The schedule of a list, with its tags where steps are about them and the list has none. */
async function foundFor(
  name: string,
  schedule: ObservedSchedule | undefined,
  withTags: boolean,
  { reader, stopped }: LookOptions,
): Promise<Found> {
  if (schedule?.tags !== undefined) return { schedule, tags: schedule.tags };
  if (schedule === undefined || !withTags || stopped()) return { schedule };
  const tags = await reader.tags(name);
  return tags.ok ? { schedule, tags: tags.value } : { schedule };
}

function contradicted({ note: _note, ...rest }: StepResult, why: Contradiction): StepResult {
  return { ...rest, ...why };
}

function isClaim(outcome: StepResult['outcome']): boolean {
  return outcome === 'done' || outcome === 'already';
}

function contradiction(
  change: Change,
  { step }: StepResult,
  { left, steps }: ChangeOutcome,
  { schedule, tags }: Found,
  keeping: Keeping,
): Contradiction | undefined {
  if (step.kind === 'delete')
    return schedule === undefined
      ? undefined
      : { outcome: 'overwritten', note: 'it exists again: somebody created it' };
  if (schedule === undefined)
    return { outcome: 'lost', note: 'it is not on the server at the end of the run' };
  if (isTagStep(step)) return tags === undefined || hasTags(step, tags) ? undefined : overwritten([['tags']]);
  const ofRename = change.kind === 'rename';
  const wanted = ofRename && step.kind === 'save' ? left : wantedBy(step, schedule.schedule);
  // A later step of the change wrote over it.
  if (wanted === undefined || (ofRename && isWrittenOver(step, steps))) return undefined;
  const differs = unkept(wanted, schedule.schedule, keeping).map(({ path }) => path);
  return differs.length === 0 ? undefined : overwritten(differs);
}

function overwritten(differs: readonly FieldPath[]): Contradiction {
  return { outcome: 'overwritten', differs, note: 'somebody else changed it after this step' };
}

/** Whether tags are as a step leaves them. */
function hasTags({ kind, tags: named }: TagStep, tags: readonly Tag[]): boolean {
  return kind === 'tag' ? sameTags(tags, named) : tagsWithout(named, tags).length === named.length;
}

/** The schedule as a step of a change of one name leaves it. */
function wantedBy(step: Exclude<Step, TagStep | { readonly kind: 'delete' }>, now: Schedule): Schedule {
  if (step.kind === 'save') return targetOf(step, now);
  return step.kind === 'pause'
    ? { ...now, paused: true, ...present({ pausedReason: step.reason }) }
    : { ...now, paused: false };
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
