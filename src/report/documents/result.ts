import { present } from '../../model/present.ts';
import type { ApplyResult, ClosingLook, StepResult } from '../../model/result.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import { failureEntry, heading, isoTime, problemEntry } from './entries.ts';
import type { ResultDocument, StepEntry } from './generated/documents.ts';

export function resultDocument(result: ApplyResult, problems: readonly LocatedDiagnostic[]): ResultDocument {
  return {
    ...heading('result'),
    digest: result.digest,
    interrupted: result.interrupted,
    counts: result.counts,
    requests: result.requests,
    steps: result.steps.map(stepEntry),
    possiblyMissed: result.possiblyMissed.map(({ name, at }) => ({ name, at: isoTime(at) })),
    closingLook: closingLookEntry(result.closingLook),
    problems: problems.map(problemEntry),
  };
}

function closingLookEntry(look: ClosingLook): ResultDocument['closingLook'] {
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
