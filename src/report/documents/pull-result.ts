import type { Hiding } from '../../model/hiding/hiding.ts';
import type { FieldChange, FieldPath } from '../../model/schedule.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import type { KeptReason, PullDocument } from './generated/documents.ts';

/** What the server's side of things came to, once brought into files. Of every difference, `before` is the file's side. */
export type PullResult = Pick<
  PullDocument,
  'from' | 'check' | 'missing' | 'secrets' | 'unknownSecrets' | 'unknownFields' | 'paused' | 'unmarked'
> & {
  /** By path. */
  readonly files: readonly PulledFile[];
  /** Differences that stay, by name. */
  readonly kept: readonly KeptField[];
  /** Schedules that were left out as a whole. */
  readonly skipped: readonly SkippedSchedule[];
  /** Without a manifest, and not asked for. */
  readonly unmanaged: number;
  readonly unchanged: number;
};

export type PulledFile = {
  readonly path: string;
  readonly kind: 'create' | 'edit';
  /** Empty for a new file. What must not be shown is masked. */
  readonly shownBefore: string;
  readonly shownAfter: string;
  readonly schedules: readonly PulledSchedule[];
  /** Comments of an edited file that are no longer in it, with the lines that they were on. */
  readonly lostComments: readonly { readonly line: number; readonly text: string }[];
  readonly outcome:
    | { readonly kind: 'written' | 'not-asked' }
    | { readonly kind: 'failed'; readonly why: string };
};

export type PulledSchedule = {
  readonly name: string;
  /** Empty for a new file. */
  readonly fields: readonly FieldChange[];
  readonly hiding: Hiding;
};

export type KeptField = {
  readonly name: string;
  readonly reason: KeptReason;
  /** The manifest's file. */
  readonly file: string;
  /** Where the value was written, when that is elsewhere. */
  readonly at?: { readonly file: string; readonly line?: number; readonly column?: number };
  readonly field: FieldChange;
  readonly hiding: Hiding;
  readonly problems: readonly LocatedDiagnostic[];
};

/** `foreign-owner`: it has the marker of another owner; `invalid` and `credential` as for a field. */
export type SkippedSchedule =
  | { readonly name: string; readonly reason: 'foreign-owner'; readonly owner: string }
  | { readonly name: string; readonly reason: 'credential'; readonly paths: readonly FieldPath[] }
  | { readonly name: string; readonly reason: 'invalid'; readonly problems: readonly LocatedDiagnostic[] };
