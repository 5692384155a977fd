import { type Change, nameOf, type Step } from '../model/plan.ts';
import type { Failure } from '../model/port.ts';
import { present } from '../model/present.ts';
import type { StepResult } from '../model/result.ts';
import type { Schedule } from '../model/schedule.ts';
import type { ChangeOutcome } from './options.ts';

/** What became of a step, before it is put beside the step. */
export type StepEnd = Omit<StepResult, 'name' | 'step' | 'origin'> & {
  /** Of a create that failed: the server has the schedule anyway, and it is ours. */
  readonly stored?: true;
};

/** A step that failed by a request; one that was stopped before it was sent was not run. */
export function failedBy(failure: Failure, note?: string): StepEnd {
  if (failure.kind === 'interrupted') return { outcome: 'not-run' };
  return { outcome: 'failed', failure, ...present({ note }) };
}

/** A step whose write was accepted, and which could not be looked at afterwards: it may well have been carried out. */
export function unchecked(failure: Failure, note: string): StepEnd {
  return { outcome: 'failed', failure: { ...failure, effect: 'unknown' }, note };
}

/** Says that a pause has no reason on the server, where one was sent with it. */
export function reasonNote(sent: string | undefined, { pausedReason }: Schedule): Pick<StepEnd, 'note'> {
  return sent === undefined || pausedReason !== undefined
    ? {}
    : { note: 'it is paused, and this server does not keep the reason' };
}

export const changedMeanwhile = 'somebody else changed it at the same time; it was not written again';

/**
 * Whether a write that failed, and that a look shows to have done nothing, is sent again. A plain 500 is mostly bad input;
 * a resume answers 404 to what it does not find paused, whatever the look shows.
 */
export function isRepeated(
  { retryable, kind }: Failure,
  tries: number,
  { maxRetries, stopped }: { readonly maxRetries: number; readonly stopped: () => boolean },
): boolean {
  return (retryable === true || kind === 'missing') && tries < maxRetries && !stopped();
}

export function stepResult(change: Change, step: Step, { stored: _stored, ...end }: StepEnd): StepResult {
  return {
    name: nameOf(change, step),
    step,
    ...end,
    ...present({ origin: change.origin }),
  };
}

/** One end for the whole change; after a failed read only the first step has failed, the others were not run. */
export function everyStep(change: Change, end: StepEnd): ChangeOutcome {
  return {
    steps: change.steps.map((step, index) =>
      stepResult(change, step, end.outcome === 'failed' && index > 0 ? { outcome: 'not-run' } : end),
    ),
    missed: [],
  };
}
