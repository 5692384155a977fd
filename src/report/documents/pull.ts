import { present } from '../../model/present.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import { unifiedDiff } from '../diff/unified.ts';
import { type DocumentOptions, heading, problemEntry } from './entries.ts';
import type { PullDocument } from './generated/documents.ts';
import { maskField } from './mask.ts';
import type { PulledFile, PullResult } from './pull-result.ts';

export function pullDocument(
  result: PullResult,
  problems: readonly LocatedDiagnostic[],
  { showSensitive }: DocumentOptions,
): PullDocument {
  const { from, check, files, kept, skipped, missing, secrets } = result;
  const count = (kind: PulledFile['kind']): number =>
    files.filter((file) => file.kind === kind && file.outcome.kind !== 'failed').length;
  return {
    ...heading('pull'),
    from,
    check,
    counts: {
      created: count('create'),
      edited: count('edit'),
      failed: files.filter(({ outcome }) => outcome.kind === 'failed').length,
      kept: kept.length,
      skipped: skipped.length,
      missing: missing.length,
      unchanged: result.unchanged,
      unmanaged: result.unmanaged,
    },
    files: files.map(({ path, kind, shownBefore, shownAfter, schedules, lostComments, outcome }) => {
      const diff = unifiedDiff(path, kind === 'create' ? undefined : shownBefore, shownAfter);
      return {
        path,
        kind,
        outcome: outcome.kind,
        ...(outcome.kind === 'failed' ? { why: outcome.why } : {}),
        schedules: schedules.map(({ name, fields, hiding }) => ({
          name,
          fields: fields.map((field) => maskField(field, { ...hiding, unknownPaths: [], showSensitive })),
        })),
        ...(lostComments.length === 0 ? {} : { lostComments }),
        ...present({ diff }),
      };
    }),
    kept: kept.map(({ name, reason, file, at, field, hiding, problems: why }) => ({
      name,
      reason,
      file,
      ...present({ at }),
      field: maskField(field, { ...hiding, unknownPaths: [], showSensitive }),
      problems: why.map(problemEntry),
    })),
    skipped: skipped.map((one) =>
      one.reason === 'invalid' ? { ...one, problems: one.problems.map(problemEntry) } : one,
    ),
    missing,
    secrets,
    unknownSecrets: result.unknownSecrets,
    unknownFields: result.unknownFields,
    paused: result.paused,
    unmarked: result.unmarked,
    problems: problems.map(problemEntry),
  };
}
