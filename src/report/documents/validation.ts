import type { NotChecked } from '../../model/generated/report-parts.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import { heading, problemEntry } from './entries.ts';
import type { ValidationDocument } from './generated/documents.ts';

export function validationDocument(
  found: { readonly files: number; readonly manifests: number; readonly withErrors?: number },
  problems: readonly LocatedDiagnostic[],
  notChecked: readonly NotChecked[] = [],
): ValidationDocument {
  const errors = problems.filter(({ diagnostic }) => diagnostic.severity === 'error').length;
  return {
    ...heading('validation'),
    valid: errors === 0,
    counts: {
      files: found.files,
      manifests: found.manifests,
      ...(found.withErrors ? { manifestsWithErrors: found.withErrors } : {}),
      errors,
      warnings: problems.length - errors,
    },
    problems: problems.map(problemEntry),
    ...(notChecked.length === 0 ? {} : { notChecked }),
  };
}
