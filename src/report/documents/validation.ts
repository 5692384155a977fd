import type { RunEntry } from '../../model/run-entry.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';

import { type Headed, heading, type ProblemEntry, problemEntry } from './entries.ts';
export type ValidationDocument = Headed<'validation'> & {
  readonly run?: RunEntry;
  readonly valid: boolean;
  readonly counts: {
    readonly files: number;
    readonly manifests: number;
    readonly errors: number;
    readonly warnings: number;
  };
  readonly problems: readonly ProblemEntry[];
};

export function validationDocument(
  found: { readonly files: number; readonly manifests: number },
  problems: readonly LocatedDiagnostic[],
): ValidationDocument {
  const errors = problems.filter(({ diagnostic }) => diagnostic.severity === 'error').length;
  return {
    ...heading('validation'),
    valid: errors === 0,
    counts: {
      files: found.files,
      manifests: found.manifests,
      errors,
      warnings: problems.length - errors,
    },
    problems: problems.map(problemEntry),
  };
}
