import type { Failure } from '../../model/port.ts';
import type { RunEntry } from '../../model/run-entry.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';

import {
  type FailureEntry,
  failureEntry,
  type Headed,
  heading,
  type ProblemEntry,
  problemEntry,
} from './entries.ts';
/** Takes the place of any other document when there is none: the manifests are invalid or the server did not answer. */
export type FailureDocument = Headed<'failure'> & {
  readonly run?: RunEntry;
  readonly problems: readonly ProblemEntry[];
  readonly failure?: FailureEntry;
};

export function failureDocument(problems: readonly LocatedDiagnostic[], failure?: Failure): FailureDocument {
  return {
    ...heading('failure'),
    problems: problems.map(problemEntry),
    ...(failure === undefined ? {} : { failure: failureEntry(failure) }),
  };
}
