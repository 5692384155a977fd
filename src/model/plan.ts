import type { LeaveReason, PlanCounts, Selection, Target } from './generated/report-parts.ts';
import type { Hiding } from './hiding/hiding.ts';
import type { Json } from './json.ts';
import type { FieldChange, FieldPath, Origin, Schedule, ServerFacts, Tag } from './schedule.ts';

/** Version of the plan's and the result's machine-readable form. */
export const formatVersion = 1;

/** One value that an update sets on the schedule as it is read just before the write. */
export type Assignment = {
  readonly path: FieldPath;
  readonly value: Json;
};

/**
 * A step is one write request (`tag` may need a PUT and then a DELETE of leftovers, see the apply stage).
 * A create holds the whole schedule; an update holds only what it changes, so that values which are merely
 * carried along never are in a plan.
 */
export type Step =
  | { readonly kind: 'save'; readonly mode: 'create'; readonly schedule: Schedule }
  | {
      readonly kind: 'save';
      readonly mode: 'update';
      readonly set: readonly Assignment[];
      readonly unset: readonly FieldPath[];
    }
  /** A rename's: the schedule `from` as it is read just before, with these differences, under its new name. */
  | {
      readonly kind: 'save';
      readonly mode: 'copy';
      readonly from: string;
      readonly set: readonly Assignment[];
      readonly unset: readonly FieldPath[];
    }
  | { readonly kind: 'pause'; readonly reason?: string }
  | { readonly kind: 'resume' }
  /** Afterwards the schedule has exactly these tags; never empty. */
  | { readonly kind: 'tag'; readonly tags: readonly Tag[] }
  /** Afterwards the schedule has none of these pairs. */
  | { readonly kind: 'untag'; readonly tags: readonly Tag[] }
  /** `old`: of a rename, the old name; absent = the schedule that the change is about. */
  | { readonly kind: 'delete'; readonly old?: string };

type ChangeOfAnyKind = Hiding & {
  readonly name: string;
  /** The differences that were decided, made once: shown, written and checked from here. */
  readonly fields: readonly FieldChange[];
  /** In the order in which they run. Empty only for `leave`. */
  readonly steps: readonly Step[];
  readonly origin?: Origin;
  /** Of timers compiled from calendars: what the digest covers instead of them, and the date until which they hold. */
  readonly reviewed?: { readonly basis?: string; readonly days: string; readonly until: string };
  /** Of a change of tags: those that were seen, see `tagsBasisOf`. Apart from `basis`, so that what was broken off between the save and the tags can be finished. */
  readonly tagsBasis?: readonly string[];
  /** Those of `secretPaths` whose secret is not defined where the plan is made: what would be written is not known. */
  readonly unknownPaths: readonly FieldPath[];
};

/** The name of an owner and a change of protection are shown as fields of these names; a schedule does not have them. */
export const ownerField = 'owner';
export const protectedField = 'protected';
/** So are the calendars that its timers are compiled with, and the date until which they hold. */
export const exceptField = 'except';
export const onlyField = 'only';
export const horizonField = 'horizon';

export type Create = ChangeOfAnyKind & {
  readonly kind: 'create';
  readonly basis: null;
};

export type Update = ChangeOfAnyKind & {
  readonly kind: 'update';
  /** Hash of the schedule that was seen: see `basisOf`. */
  readonly basis: string;
  readonly facts: ServerFacts;
  /** The server's pause before, for "who paused it, when and why" beside a resume. */
  readonly pausedBefore: boolean;
  readonly pausedReasonBefore?: string;
};

/** A schedule without marker that a manifest names becomes ours, and equal to its manifest. */
export type Adopt = Omit<Update, 'kind'> & {
  readonly kind: 'adopt';
};

/**
 * Nothing but the age of the crons that leave out days: they are moved on, so that they hold for twelve months again. No
 * review is about it, so no digest covers it.
 */
export type HorizonMove = Omit<Update, 'kind'> & {
  readonly kind: 'horizon';
};

/**
 * A schedule of ours moves to the name of its manifest: saved paused under the new one, deleted under the old one, then
 * resumed. Also the rest of a rename that broke off.
 */
export type Rename = ChangeOfAnyKind & {
  readonly kind: 'rename';
  /** Hash of what was seen under the new name; null = nothing. */
  readonly basis: string | null;
  /** What is deleted, in this order, with the hash of what was seen. Empty when it is gone already. */
  readonly previous: readonly PreviousName[];
  /** The hash of the schedule when all is done: see `outcomeOf`. */
  readonly becomes: string;
  /** Of the schedule whose pause moves along: the old one as long as it is there, else the new one. */
  readonly facts: ServerFacts;
  readonly pausedBefore: boolean;
  readonly pausedReasonBefore?: string;
};

/** A masked value that a change rests on or writes. */
export type MaskedValue = { readonly name: string; readonly field: FieldPath };

export type PreviousName = {
  readonly name: string;
  readonly basis: string;
  /** Of timers compiled from calendars: what the digest covers instead of `basis`. */
  readonly reviewed?: string;
};

/**
 * What Git knows of the manifest of a schedule that is to be deleted.
 * - `removed`: the commit that took it away; `at` in ISO 8601
 * - `committed`: the commit that is checked out still has it, so it was not read, or deleted and not committed
 * - `never`: no commit that is here had it: generated files, a shallow clone, another repository of the same owner
 * - `untracked`: the directory is in no commit
 * - `unknown`: Git could not be asked
 */
export type DeleteProof =
  | {
      readonly kind: 'removed';
      readonly commit: string;
      readonly subject: string;
      readonly author: string;
      readonly at: string;
    }
  | { readonly kind: 'committed'; readonly path: string }
  | { readonly kind: 'never'; readonly isShallow: boolean }
  | { readonly kind: 'untracked' | 'unknown' };

export type Delete = ChangeOfAnyKind & {
  readonly kind: 'delete';
  readonly basis: string;
  /** Absent = Git was not asked. */
  readonly proof?: DeleteProof;
  readonly facts: ServerFacts;
};

export type Leave = ChangeOfAnyKind & {
  readonly kind: 'leave';
  readonly basis: string;
  readonly reason: LeaveReason;
  readonly facts: ServerFacts;
  readonly pausedReasonBefore?: string;
};

export type Change = Create | Update | Adopt | HorizonMove | Rename | Delete | Leave;

const refusals: ReadonlySet<LeaveReason> = new Set(['needs-adopt', 'foreign-owner', 'still-committed']);

/** A schedule that is refused by itself: the others go on, deletes wait, and the exit code says so. */
export function isRefused(change: { readonly kind: Change['kind']; readonly reason?: LeaveReason }): boolean {
  return change.kind === 'leave' && change.reason !== undefined && refusals.has(change.reason);
}

/** The name that a step acts on: the new one, but for the deletes of a rename. */
export function nameOf({ name }: Pick<Change, 'name'>, step: Step): string {
  return step.kind === 'delete' ? (step.old ?? name) : name;
}

/** Whether a schedule that is there is paused, or resumed, by its own step or inside a save. */
export function switches({ kind, fields }: Change, paused: boolean): boolean {
  return (
    (kind === 'update' || kind === 'adopt' || kind === 'rename') &&
    fields.some(({ path, after }) => path[0] === 'paused' && after === paused)
  );
}

/** A limit that was looked at, with its numbers: what a reviewer sees and a pipeline can watch. */
export type Guard = {
  readonly guard: 'deletes' | 'updates' | 'creates' | 'pauses' | 'fires-per-day' | 'fires-per-minute';
  readonly seen: number;
  /** Of fires: when the busiest UTC day or minute begins, in ISO 8601. */
  readonly at?: string;
  /** The most that is allowed; absent = no limit. */
  readonly limit?: number;
  readonly refused: boolean;
};

export type Verdict = 'nothing-to-do' | 'ready' | 'blocked';

/** Plain data, complete, in the order of execution: apply carries it out and decides nothing. */
export type Plan = {
  readonly format: typeof formatVersion;
  readonly target: Target;
  readonly owner?: string;
  /** Absent = everything. */
  readonly selection?: Selection;
  readonly changes: readonly Change[];
  readonly counts: PlanCounts;
  readonly guards: readonly Guard[];
  /** Absent when a secret is not known here: then the plan is not a promise. Hash of the target's URL, the owner, the selection and of each change's name, basis (of a rename, of the old ones too) and steps; see `digestOf`. */
  readonly digest?: string;
  readonly verdict: Verdict;
};

/** Of a plan without changes, or of which nothing is known. */
export const noCounts: PlanCounts = {
  create: 0,
  update: 0,
  adopt: 0,
  horizon: 0,
  rename: 0,
  delete: 0,
  pause: 0,
  resume: 0,
  unchanged: 0,
  unmanaged: 0,
  ofOtherOwners: 0,
};
