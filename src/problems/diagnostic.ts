import type { NameFault, NameOddity } from '../model/name.ts';
import type { FieldPath, Origin } from '../model/schedule.ts';
import type { Severity } from '../model/severity.ts';
import { isRule, rules } from './rules.ts';

/**
 * A problem as data: what it is (`code`), the facts (`args`) and where. The words and hints for every code stand in
 * `report/explain.ts`; a code without words does not compile.
 */
export interface DiagnosticArgs {
  /** What was typed or exported cannot be used; the words come from where it was read. */
  readonly usage: { readonly message: string; readonly hint: string };
  // Reading the directory
  readonly 'no-directory': { readonly path: string };
  readonly 'not-a-directory': { readonly path: string };
  readonly unreadable: { readonly path: string; readonly why: string };
  readonly 'no-manifests': { readonly path: string };
  // Text → value
  /** In a `.json` file; what YAML would take is not taken there. */
  readonly 'json-syntax': { readonly expected: string };
  readonly 'yaml-syntax': { readonly why: string };
  readonly 'tab-indent': NoArgs;
  /** A plain value that begins with a character YAML keeps for itself, as in `@daily` or `* * * * * *`. */
  readonly 'unquoted-value': { readonly text: string };
  /** A plain value with `: ` in it. */
  readonly 'unquoted-colon': { readonly text: string };
  /** `${…}` inside brackets, where YAML reads `{` as a mapping. */
  readonly 'unquoted-reference': { readonly text: string };
  readonly 'colon-without-blank': { readonly key: string };
  /** `{{ … }}`, which other tools fill in and YAML reads as mappings. */
  readonly 'template-braces': NoArgs;
  readonly 'unclosed-quote': { readonly quote: string };
  readonly 'bad-escape': { readonly sequence: string };
  readonly 'control-character': { readonly codePoint: number };
  readonly 'lone-surrogate': NoArgs;
  readonly 'unknown-tag': { readonly tag: string };
  readonly 'unknown-alias': { readonly alias: string };
  readonly 'alias-loop': { readonly alias: string };
  /** `limit` counts the nodes that aliases may stand for in one document. */
  readonly 'alias-bomb': { readonly limit: number };
  readonly 'too-deep': { readonly limit: number };
  readonly 'bad-merge': NoArgs;
  readonly 'duplicate-key': { readonly key: string };
  readonly 'number-range': { readonly text: string };
  readonly 'cut-by-comment': { readonly kept: string; readonly lost: string };
  readonly 'not-a-manifest': { readonly found: string };
  // Value → manifest
  readonly 'unknown-key': { readonly key: string; readonly nearest?: string; readonly parent: FieldPath };
  readonly 'server-field': { readonly key: string };
  readonly 'missing-key': { readonly key: string; readonly parent: FieldPath };
  /** `rewrite`: the same value written so that it has the right type. */
  readonly 'wrong-type': {
    readonly field: FieldPath;
    readonly expected: string;
    readonly found: string;
    readonly rewrite?: string;
  };
  readonly 'wrong-value': { readonly field: FieldPath; readonly expected: string; readonly found: string };
  readonly 'bad-time': { readonly field: FieldPath; readonly text: string; readonly fault: TimeFault };
  // Configuration, overlays and references
  readonly 'not-a-config': { readonly found: string };
  /** In `downbeat.yaml`, outside of `defaults`. */
  readonly 'reference-in-config': { readonly text: string };
  readonly 'bad-server-url': { readonly field: FieldPath; readonly why: string };
  readonly 'credentials-in-config': { readonly field: FieldPath };
  readonly 'no-overlays': { readonly path: string };
  readonly 'unknown-overlay': { readonly name: string; readonly nearest?: string };
  /** `other`: the place of the first one, `file:line:column`. */
  readonly 'two-overlays': { readonly name: string; readonly other: string };
  readonly 'ignored-name': { readonly name: string; readonly pattern: string };
  readonly 'bad-reference': { readonly text: string; readonly fault: ReferenceFault };
  /** `environments`: those whose variables have the name, when the chosen one has not. */
  readonly 'undefined-variable': {
    readonly name: string;
    readonly nearest?: string;
    readonly environments: readonly string[];
  };
  readonly 'undefined-env': { readonly name: string };
  readonly 'undefined-secret': { readonly name: string };
  /** A name that `${env.…}` or `${secret.…}` may not read. */
  readonly 'refused-name': {
    readonly kind: 'env' | 'secret';
    readonly name: string;
    /** `strangers`: on `pull_request_target` the manifests may be anybody's, and the secrets are ours. */
    readonly fault: 'reserved' | 'credential' | 'strangers';
  };
  readonly 'secret-outside-input': { readonly name: string };
  // Manifest → schedule
  /** `other`: the place of the first one, `file:line:column`. */
  readonly 'duplicate-name': { readonly name: string; readonly other: string };
  readonly 'names-differ-in-case': {
    readonly name: string;
    readonly otherName: string;
    readonly other: string;
  };
  readonly 'bad-name': { readonly name: string; readonly fault: NameFault };
  readonly 'odd-name': { readonly name: string; readonly oddity: NameOddity };
  readonly 'no-cron': { readonly name: string };
  readonly 'two-crons': { readonly name: string };
  readonly 'bad-cron': { readonly expression: string; readonly why: string; readonly hint?: string };
  /** `L-28` and beyond in day of month. */
  readonly 'runaway-cron': { readonly expression: string };
  readonly 'bad-zone': { readonly zone: string; readonly why: string; readonly nearest?: string };
  readonly 'idle-zone': { readonly zone: string };
  /** No date that the cron wants exists, or the clock of its zone skips each of them. */
  readonly 'never-fires': { readonly expression: string; readonly zone: string };
  /** The field of the seconds takes all sixty. */
  readonly 'every-second': { readonly expression: string; readonly suggestion: string };
  /** Day of month and day of week are both restricted. */
  readonly 'both-days': { readonly expression: string };
  /** A number as day of week: the day that it is here and the one in Quartz; `suggestion` is the field with names. */
  readonly 'numbered-weekday': {
    readonly number: number;
    readonly day: string;
    readonly quartz?: string;
    readonly suggestion?: string;
  };
  /** Two entries of `cronSchedules` that fire at one instant (epoch milliseconds), or are the same. */
  readonly 'crons-meet': { readonly entry: number; readonly other: number; readonly at?: number };
  /** Local dates on which changes of the clock skip or double fires. */
  readonly 'clock-change': {
    readonly zone: string;
    readonly shifts: readonly ClockShift[];
    /** How many days ahead were looked at. */
    readonly days: number;
    /** The local time from which on no change of that clock is in the way: `03:00`. */
    readonly safeFrom: string;
  };
  readonly 'old-zone': { readonly zone: string; readonly now: string };
  readonly 'end-at-zero': NoArgs;
  /** Start and end, epoch milliseconds. `once`: the moment of the only fire; absent when it has passed or there is none. */
  readonly 'window-upside-down': { readonly start: number; readonly end: number; readonly once?: number };
  /** The first fire from the start on, or none, and the end before it (epoch milliseconds). */
  readonly 'window-without-fire': { readonly first?: number; readonly end: number };
  /** No fire is left before the end (epoch milliseconds). */
  readonly 'window-over': { readonly end: number; readonly isPast: boolean };
  readonly 'catchup-ignores-window': { readonly field: 'scheduleStartTime' | 'scheduleEndTime' };
  readonly 'catchup-burst': { readonly expression: string; readonly firesPerHour: number };
  readonly 'literal-correlation': { readonly text: string };
  readonly 'overwritten-input': { readonly key: string };
  readonly 'idle-strategy': { readonly strategy: string };
  // Rules
  /** A comment allows what no rule says; `nearest` is one that does. */
  readonly 'unknown-rule': { readonly code: string; readonly nearest?: string };
  readonly 'allowance-without-reason': { readonly code: string };
  readonly 'unused-allowance': { readonly code: string };
  readonly 'reason-without-pause': { readonly name: string };
  readonly 'bad-tag': { readonly key: string; readonly fault: TagFault };
  /** A path of `lifecycle` that leads to no field: it would hide or ignore nothing. */
  readonly 'unknown-path': { readonly path: string; readonly key: string; readonly nearest?: string };
  /** `other`: where the manifest stands that has this name, or claims it too. */
  readonly 'bad-previous-name': {
    readonly name: string;
    readonly previous: string;
    readonly fault: PreviousNameFault;
    readonly other?: string;
  };
  /** The marker is ours to write. */
  readonly 'marker-in-manifest': { readonly name: string };
  readonly 'protect-without-owner': { readonly name: string };
  // Manifests against a server
  /** The server is older than the scheduler that Downbeat speaks to (`oss-0`). */
  readonly 'old-scheduler': { readonly version?: string };
  readonly 'idempotency-not-kept': { readonly names: readonly string[] };
  /** New names with other characters than letters, digits and `_`, for a server of Orkes. */
  readonly 'name-beyond-orkes': { readonly names: readonly string[] };
  /** Schedules on the server that will never fire: one, or several summed up. */
  readonly 'dead-there': { readonly schedules: readonly DeadSchedule[] };
  /** Schedules on the server that can be neither saved nor deleted: one, or several summed up. */
  readonly 'stuck-there': { readonly schedules: readonly StuckSchedule[] };
  /** `others`: how many more schedules start it. */
  readonly 'no-workflow': { readonly workflow: string; readonly nearest?: string; readonly others?: number };
  readonly 'no-workflow-version': {
    readonly workflow: string;
    readonly version: number;
    readonly versions: readonly number[];
    readonly others?: number;
  };
  readonly 'unknown-input': { readonly key: string; readonly workflow: string; readonly nearest?: string };
  readonly 'missing-input': { readonly keys: readonly string[]; readonly workflow: string };
  /** The server's workflows could not be looked up; nothing is known of them. */
  readonly 'workflows-not-readable': { readonly why: string; readonly forbidden: boolean };
  /** The old schedule is not ours to delete: both are there, and both fire. `owner`: whose it is, if somebody's. */
  readonly 'previous-name-there': {
    readonly name: string;
    readonly previous: string;
    readonly why: 'no-owner' | 'unmarked' | 'foreign' | 'ignored';
    readonly owner?: string;
  };
  /** `outside`: which of the two names the selection leaves out. */
  readonly 'rename-outside': { readonly name: string; readonly previous: string; readonly outside: string };
  /** Another directory than the configured one was read. */
  readonly 'rename-elsewhere': { readonly name: string; readonly previous: string };
  /** The old schedule is protected, and the manifest does not protect the new one. */
  readonly 'rename-protected': { readonly name: string; readonly previous: string };
  /** One goes, one comes, and only the name differs. */
  readonly 'looks-renamed': { readonly name: string; readonly previous: string };
  readonly 'foreign-owner': { readonly name: string; readonly owner: string; readonly ours?: string };
  readonly 'needs-adopt': { readonly name: string };
  /** The schedule has no marker but one that was written for another name. */
  readonly 'copied-marker': { readonly name: string; readonly owner: string };
  readonly 'unknown-target': { readonly name: string };
  readonly 'unknown-schedule': { readonly name: string; readonly nearest?: string };
  readonly guard: {
    readonly guard: 'deletes' | 'updates' | 'fires-per-day' | 'fires-per-minute';
    readonly seen: number;
    readonly limit: number;
    /** When the fullest UTC day or minute begins; epoch milliseconds. */
    readonly at?: number;
  };
  // Saved plans
  /** `field` is masked wherever it is shown, so it must not stand in a file; without it, a secret's value is elsewhere. */
  readonly 'literal-in-plan': { readonly name: string; readonly field?: FieldPath };
  readonly 'bad-plan-file': { readonly fault: PlanFileFault; readonly detail?: string };
  /** What is planned for one server, owner or kind of server, and what this run has. */
  readonly 'plan-for-other': {
    readonly what: 'server' | 'owner' | 'serverType';
    readonly planned: string;
    readonly here: string;
  };
  readonly 'plan-changed': { readonly digest: string; readonly expected: string };
  readonly 'tags-not-kept': { readonly names: readonly string[] };
  readonly 'reason-not-kept': { readonly names: readonly string[] };
}

type NoArgs = { readonly [key: string]: never };

/**
 * Why a text is no moment.
 * - `form`: not `YYYY-MM-DDTHH:MM[:SS[.fraction]]` with an offset
 * - `no-offset`: of that form, but it does not say how far from UTC
 * - `no-such-day`, `no-such-time`, `no-such-offset`: a part is outside its range
 */
export type TimeFault = 'form' | 'no-offset' | 'no-such-day' | 'no-such-time' | 'no-such-offset';

/**
 * Why a reference cannot be resolved.
 * - `form`: no name, or another character than letters, digits, `_` and `-` in it, or no `}`
 * - `dollar-before-secret`: a resolved value ends in `$` and a secret follows: together they would be an escape
 */
export type ReferenceFault = 'form' | 'dollar-before-secret';

/**
 * Why a file is no plan that can be carried out.
 * - `json`: no JSON, as after a write or a download that broke off
 * - `kind`: JSON of another kind; `detail`: which, if it says so
 * - `format`: of another version of Downbeat; `detail`: its number
 * - `form`: `detail`: the path to what does not belong there or is missing
 * - `edited`: not what was saved
 */
export type PlanFileFault = 'json' | 'kind' | 'format' | 'form' | 'edited';

/** Fires of one local date that a change of the clock skips or doubles. */
export interface ClockShift {
  readonly kind: 'skipped' | 'doubled';
  /** `2027-03-14`. */
  readonly date: string;
  /** Local time of the first of them: `02:30`, with seconds only when there are any. */
  readonly time: string;
  /** How many local times. */
  readonly count: number;
}

/**
 * Why a schedule on a server never fires.
 * - `bad-cron`, `bad-zone`: the server cannot read `text`, and skips it
 * - `no-cron`: there is none
 * - `no-date`: no date that `text` wants exists
 * - `over`: its end has passed, or no fire is left before it
 * - `name`: the scheduler takes its name for something else
 */
export type DeathCause = 'bad-cron' | 'bad-zone' | 'no-cron' | 'no-date' | 'over' | 'name';

/**
 * Why nothing can be done to a schedule on a server.
 * - `name`: no request by its name arrives at it
 * - `null-entry`: its `cronSchedules` has a null in it, and the server answers 500 to every write (OSS 3.32.1)
 */
export interface StuckSchedule {
  readonly name: string;
  readonly cause: 'name' | 'null-entry';
}

export interface DeadSchedule {
  readonly name: string;
  readonly cause: DeathCause;
  readonly text?: string;
}

export type TagFault = 'colon-in-key' | 'colon-in-value' | 'empty-key';

/**
 * Why a name cannot be a previous one.
 * - `own`: it is the manifest's present name
 * - `used`: another manifest has it
 * - `claimed`: another manifest has it among its previous names
 * - `unreachable`: a server cannot be asked for it, so nothing can be deleted under it
 */
export type PreviousNameFault = 'own' | 'used' | 'claimed' | 'unreachable';

export type DiagnosticCode = keyof DiagnosticArgs;

/** Where a problem is, before its line and column are known. */
export type Place =
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'file'; readonly file: string }
  /** Offsets are UTF-16 code units from the start of the file. */
  | { readonly kind: 'span'; readonly file: string; readonly start: number; readonly end: number }
  | {
      readonly kind: 'field';
      readonly origin: Origin;
      /** Within the manifest; array items by their index as text. */
      readonly path: readonly string[];
      readonly at: 'key' | 'value';
      /** Offsets inside the scalar's text, when only a part of it is meant. */
      readonly within?: { readonly start: number; readonly end: number };
    };

export type Diagnostic = {
  readonly [C in DiagnosticCode]: {
    readonly code: C;
    readonly severity: Severity;
    readonly args: DiagnosticArgs[C];
    readonly place: Place;
  };
}[DiagnosticCode];

/** Line and column count from 1; columns count code points. `end` is exclusive. */
export interface Located {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  /** The source line that `line` names, for the code frame. */
  readonly source?: string;
}

export interface LocatedDiagnostic {
  readonly diagnostic: Diagnostic;
  readonly at?: Located;
}

/** A problem with the severity of its rule; what is no rule is an error. */
export function problem<C extends DiagnosticCode>(
  code: C,
  args: DiagnosticArgs[C],
  place: Place,
): Diagnostic {
  const severity: Severity = isRule(code) ? rules[code] : 'error';
  return { code, severity, args, place } as Diagnostic;
}
