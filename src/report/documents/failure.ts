import type { NotChecked } from '../../model/generated/report-parts.ts';
import type { Failure } from '../../model/port.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import { failureEntry, heading, problemEntry } from './entries.ts';
import type { FailureDocument } from './generated/documents.ts';

export function failureDocument(
  problems: readonly LocatedDiagnostic[],
  failure?: Failure,
  notChecked: readonly NotChecked[] = [],
): FailureDocument {
  return {
    ...heading('failure'),
    problems: problems.map(problemEntry),
    ...(failure === undefined ? {} : { failure: failureEntry(failure) }),
    ...(notChecked.length === 0 ? {} : { notChecked }),
  };
}
