import type { RequestCounts } from '../../model/port.ts';
import { present } from '../../model/present.ts';
import type {
  ApplyResult,
  ClosingLook,
  MissedFire,
  ResultCounts,
  StepOutcome,
  StepResult,
} from '../../model/result.ts';
import type { RunEntry } from '../../model/run-entry.ts';
import type { FieldPath, Origin } from '../../model/schedule.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import {
  type FailureEntry,
  failureEntry,
  type Headed,
  heading,
  type ProblemEntry,
  problemEntry,
} from './entries.ts';
export type ResultDocument = Headed<'result'> & {
  readonly run?: RunEntry;
  /** Absent when a secret is not known here. */
  readonly digest?: string;
  readonly interrupted: boolean;
  readonly counts: ResultCounts;
  readonly requests: RequestCounts;
  /** Every planned step in the order of the plan, run or not. */
  readonly steps: readonly StepEntry[];
  readonly possiblyMissed: readonly MissedFire[];
  readonly closingLook: ClosingLookEntry;
  readonly problems: readonly ProblemEntry[];
};

/** The look at the server after the last write. */
export type ClosingLookEntry = {
  readonly outcome: ClosingLook['outcome'];
  readonly failure?: FailureEntry;
};

export type StepEntry = {
  readonly name: string;
  readonly step: StepResult['step']['kind'];
  /** Only for `save`. */
  readonly mode?: 'create' | 'update' | 'copy';
  readonly outcome: StepOutcome;
  readonly origin?: Origin;
  readonly failure?: FailureEntry;
  readonly notKept?: readonly FieldPath[];
  readonly differs?: readonly FieldPath[];
  readonly note?: string;
};

export function resultDocument(result: ApplyResult, problems: readonly LocatedDiagnostic[]): ResultDocument {
  return {
    ...heading('result'),
    digest: result.digest,
    interrupted: result.interrupted,
    counts: result.counts,
    requests: result.requests,
    steps: result.steps.map(stepEntry),
    possiblyMissed: result.possiblyMissed,
    closingLook: closingLookEntry(result.closingLook),
    problems: problems.map(problemEntry),
  };
}

function closingLookEntry(look: ClosingLook): ClosingLookEntry {
  return look.outcome === 'failed' ? { ...look, failure: failureEntry(look.failure) } : look;
}

function stepEntry({ name, step, outcome, origin, failure, notKept, differs, note }: StepResult): StepEntry {
  return {
    name,
    step: step.kind,
    ...(step.kind === 'save' ? { mode: step.mode } : {}),
    outcome,
    ...present({ origin }),
    ...(failure === undefined ? {} : { failure: failureEntry(failure) }),
    ...present({ notKept, differs, note }),
  };
}
