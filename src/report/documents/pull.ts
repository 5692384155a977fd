import { present } from '../../model/present.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import { unifiedDiff } from '../diff/unified.ts';
import { type DocumentOptions, type Headed, heading, type ProblemEntry, problemEntry } from './entries.ts';
import { type MaskedField, maskField } from './mask.ts';
import type { KeptReason, PulledFile, PullResult, SkippedSchedule } from './pull-result.ts';

/** What a pull wrote, or would write. `schemas/pull.schema.json` describes it. */
export type PullDocument = Headed<'pull'> &
  Pick<
    PullResult,
    'from' | 'check' | 'missing' | 'secrets' | 'unknownSecrets' | 'unknownFields' | 'paused' | 'unmarked'
  > & {
    readonly counts: {
      /** Files. */
      readonly created: number;
      readonly edited: number;
      readonly failed: number;
      /** Differences. */
      readonly kept: number;
      /** Schedules. */
      readonly skipped: number;
      readonly missing: number;
      readonly unchanged: number;
      readonly unmanaged: number;
    };
    readonly files: readonly PulledFileEntry[];
    readonly kept: readonly KeptEntry[];
    readonly skipped: readonly SkippedEntry[];
    readonly problems: readonly ProblemEntry[];
  };

export type PulledFileEntry = Pick<PulledFile, 'path' | 'kind'> & {
  readonly outcome: PulledFile['outcome']['kind'];
  /** Why it could not be written. */
  readonly why?: string;
  readonly schedules: readonly { readonly name: string; readonly fields: readonly MaskedField[] }[];
  /** Absent = none. */
  readonly lostComments?: PulledFile['lostComments'];
  /** As `patch` reads it, but for values that are masked. Absent when the two differ in too much. */
  readonly diff?: string;
};

export type KeptEntry = {
  readonly name: string;
  readonly reason: KeptReason;
  readonly file: string;
  readonly at?: { readonly file: string; readonly line?: number; readonly column?: number };
  /** `before` is the manifest's side, `after` the server's: the patch that was not made. */
  readonly field: MaskedField;
  readonly problems: readonly ProblemEntry[];
};

export type SkippedEntry =
  | Exclude<SkippedSchedule, { readonly reason: 'invalid' }>
  | { readonly name: string; readonly reason: 'invalid'; readonly problems: readonly ProblemEntry[] };

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
