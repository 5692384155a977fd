import type { Hiding } from '../../model/hiding/hiding.ts';
import type { NewSecret } from '../../model/new-secret.ts';
import type { Plan } from '../../model/plan.ts';
import type { FieldChange, FieldPath, Origin } from '../../model/schedule.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';

/** What the server's side of things came to, once brought into files. Of every difference, `before` is the file's side. */
export type PullResult = {
  readonly from:
    | { readonly kind: 'server'; readonly target: Plan['target'] }
    | { readonly kind: 'file'; readonly file: string };
  /** Nothing was written, it was only looked at. */
  readonly check: boolean;
  /** By path. */
  readonly files: readonly PulledFile[];
  /** Differences that stay, by name. */
  readonly kept: readonly KeptField[];
  /** Schedules that were left out as a whole. */
  readonly skipped: readonly SkippedSchedule[];
  /** Manifests whose schedule is not on the server. */
  readonly missing: readonly { readonly name: string; readonly origin: Origin }[];
  /** Secrets that have to be defined from now on. */
  readonly secrets: readonly NewSecret[];
  /** Secrets that are not defined here, so that nobody knows whether the server has their values. */
  readonly unknownSecrets: readonly string[];
  /** Fields that Downbeat does not know, by schedule: they are in no manifest, and stay on the server. */
  readonly unknownFields: readonly { readonly name: string; readonly fields: readonly string[] }[];
  /** New manifests of paused schedules, whose pause is enforced from now on. */
  readonly paused: readonly string[];
  /** Pulled ones that carry no marker, with an owner: the next plan adopts them. */
  readonly unmarked: readonly string[];
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

/**
 * Why a difference is not in the files.
 * - `variable`, `overlay`, `environment`, `default`, `secret`: its value was not written in the manifest
 * - `credential`: it looks like one, and is where no `${secret.NAME}` may
 * - `alias`, `anchor`: it is shared with other places of the file
 * - `layout`: it is written in a way that an edit of its lines alone would break
 * - `invalid`: the server has a value that no manifest may have; `problems` says which
 * - `calendar`: the manifest leaves out days of calendars, and other crons do not tell which
 * - `unverified`: the edited file would not have come to what the server has
 */
export type KeptReason =
  | 'variable'
  | 'overlay'
  | 'environment'
  | 'default'
  | 'secret'
  | 'credential'
  | 'alias'
  | 'anchor'
  | 'layout'
  | 'invalid'
  | 'calendar'
  | 'unverified';

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
