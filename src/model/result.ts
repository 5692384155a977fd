import type { RequestCounts, ResultCounts, StepOutcome } from './generated/report-parts.ts';
import type { formatVersion, Step } from './plan.ts';
import type { Failure } from './port.ts';
import type { FieldPath, Origin } from './schedule.ts';

/**
 * The look at the server after the last write. `not-needed`: nothing was written. `not-run`: the run was stopped
 * before. Without it `done` says what each step's own check saw, not what is there at the end.
 */
export type ClosingLook =
  | { readonly outcome: 'done' | 'not-needed' | 'not-run' }
  | { readonly outcome: 'failed'; readonly failure: Failure };

export type StepResult = {
  readonly name: string;
  readonly step: Step;
  readonly outcome: StepOutcome;
  /** The request's failure, when one failed. */
  readonly failure?: Failure;
  /** Fields that the server took with a success status and did not keep. */
  readonly notKept?: readonly FieldPath[];
  /** Of a step that was overwritten: the fields that are not as it left them. */
  readonly differs?: readonly FieldPath[];
  /** What else the reader should know, in words: what was repaired, what still is wrong. */
  readonly note?: string;
  readonly origin?: Origin;
};

/** A fire that may not have happened because of a write next to it. Epoch milliseconds. */
export type MissedFire = {
  readonly name: string;
  readonly at: number;
};

/** Every planned step, run or not, in the order of the plan. */
export type ApplyResult = {
  readonly format: typeof formatVersion;
  readonly digest: string;
  readonly steps: readonly StepResult[];
  readonly counts: ResultCounts;
  readonly requests: RequestCounts;
  readonly interrupted: boolean;
  readonly possiblyMissed: readonly MissedFire[];
  readonly closingLook: ClosingLook;
};
