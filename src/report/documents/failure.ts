import { formatVersion } from '../../model/plan.ts';
import type { Failure } from '../../model/port.ts';
import type { RunEntry } from '../../model/run-entry.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';

import { type FailureEntry, failureEntry, type ProblemEntry, problemEntry } from './entries.ts';
/** Takes the place of any other document when there is none: the manifests are invalid or the server did not answer. */
export interface FailureDocument {
  readonly format: typeof formatVersion;
  readonly kind: 'failure';
  readonly run?: RunEntry;
  readonly problems: readonly ProblemEntry[];
  readonly failure?: FailureEntry;
}

export function failureDocument(problems: readonly LocatedDiagnostic[], failure?: Failure): FailureDocument {
  return {
    format: formatVersion,
    kind: 'failure',
    problems: problems.map(problemEntry),
    ...(failure === undefined ? {} : { failure: failureEntry(failure) }),
  };
}
