import type { DiagnosticCode, Located, LocatedDiagnostic, Severity } from '../../model/diagnostic.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import {
  type Change,
  formatVersion,
  type LeaveReason,
  type Plan,
  type PlanCounts,
} from '../../model/plan.ts';
import type { Failure, RequestCounts } from '../../model/port.ts';
import type { ApplyResult, MissedFire, ResultCounts, StepOutcome, StepResult } from '../../model/result.ts';
import type { RunEntry } from '../../model/run-entry.ts';
import type { FieldPath, Origin, ServerFacts } from '../../model/schedule.ts';
import type { ChangeFires } from '../../model/timing.ts';
import { explain } from '../../problems/explain.ts';
import type { HistoryDocument } from '../text/history.ts';
import type { PullDocument } from '../text/pull.ts';
import type { SettingsDocument } from '../text/settings.ts';
import type { StatusDocument } from '../text/status.ts';
import type { CommandDocument, SwitchDocument } from '../text/switch.ts';
import { explainFailure } from './failure-words.ts';
import { type MaskedField, type MaskRules, maskField } from './mask.ts';

/**
 * The machine-readable form of everything that is reported, and the only thing that any renderer reads. Values are
 * masked here. `schemas/*.schema.json` describe it; a change that breaks a reader raises `formatVersion`.
 */
export type AnyDocument =
  | RunDocument
  | SettingsDocument
  | StatusDocument
  | HistoryDocument
  | SwitchDocument
  | CommandDocument
  | PullDocument;

/** The documents of runs that end in a report. */
export type RunDocument =
  | PlanDocument
  | ResultDocument
  | DriftDocument
  | ValidationDocument
  | FailureDocument;

export function isRunDocument(document: AnyDocument): document is RunDocument {
  return ['plan', 'result', 'drift', 'validation', 'failure'].includes(document.kind);
}

/** The document with the run that it is of. */
export function withRun<D extends RunDocument>({ format, kind, ...rest }: D, run: RunEntry): D {
  return { format, kind, run, ...rest } as unknown as D;
}

export interface DocumentOptions {
  /** Shows what `lifecycle.sensitive` and the names of keys would hide. */
  readonly showSensitive: boolean;
}

export interface PlanDocumentOptions extends DocumentOptions {
  /** By schedule; absent = fires are not shown. */
  readonly fires?: ReadonlyMap<string, ChangeFires>;
}

export interface PlanDocument {
  readonly format: typeof formatVersion;
  readonly kind: 'plan';
  readonly run?: RunEntry;
  readonly target: Plan['target'];
  readonly verdict: Plan['verdict'];
  readonly counts: PlanCounts;
  readonly owner?: string;
  readonly selection?: Plan['selection'];
  readonly guards: Plan['guards'];
  /** In the order in which they run. */
  readonly changes: readonly ChangeEntry[];
  readonly digest?: string;
  readonly problems: readonly ProblemEntry[];
}

export interface ChangeEntry {
  readonly kind: Change['kind'];
  readonly name: string;
  readonly origin?: Origin;
  /** Only for `leave`. */
  readonly reason?: LeaveReason;
  /** Only for `rename`: what is deleted. Empty when that has been done, and only the rest is left. */
  readonly previous?: readonly string[];
  /** The server's last write of it, by whom and when (epoch milliseconds). */
  readonly lastChange?: { readonly by?: string; readonly at?: number };
  readonly pause?: PauseEntry;
  readonly fields: readonly MaskedField[];
  /** Only for what is saved, paused or resumed. The one part of a plan that changes with the time it is made at. */
  readonly fires?: ChangeFires;
  /** The requests of this change, in order. */
  readonly steps: readonly Change['steps'][number]['kind'][];
}

/**
 * What a change does to an existing schedule's pause. For `pause` the reason is the new one, for `resume` and `stays`
 * the one that the server has.
 */
export interface PauseEntry {
  readonly action: 'pause' | 'resume' | 'stays';
  readonly reason?: string;
}

export interface ResultDocument {
  readonly format: typeof formatVersion;
  readonly kind: 'result';
  readonly run?: RunEntry;
  /** Absent when a secret is not known here. */
  readonly digest?: string;
  readonly interrupted: boolean;
  readonly counts: ResultCounts;
  readonly requests: RequestCounts;
  /** Every planned step in the order of the plan, run or not. */
  readonly steps: readonly StepEntry[];
  readonly possiblyMissed: readonly MissedFire[];
  readonly problems: readonly ProblemEntry[];
}

export interface StepEntry {
  readonly name: string;
  readonly step: StepResult['step']['kind'];
  /** Only for `save`. */
  readonly mode?: 'create' | 'update' | 'copy';
  readonly outcome: StepOutcome;
  readonly origin?: Origin;
  readonly failure?: FailureEntry;
  readonly notKept?: readonly FieldPath[];
  readonly note?: string;
}

/** A failed request with the words for it. */
export interface FailureEntry extends Failure {
  readonly message: string;
  readonly hint?: string;
}

export type DriftClass = 'changed' | 'missing' | 'renamed' | 'orphan' | 'paused';

export interface DriftDocument {
  readonly format: typeof formatVersion;
  readonly kind: 'drift';
  readonly run?: RunEntry;
  readonly target: Plan['target'];
  /** Whether anything counts as drift. */
  readonly drifted: boolean;
  /** With it, unmanaged schedules and pauses that no manifest speaks of count too. */
  readonly strict: boolean;
  readonly counts: { readonly [C in DriftClass]: number } & {
    readonly unmanaged: number;
    readonly unchanged: number;
  };
  readonly entries: readonly DriftEntry[];
  readonly problems: readonly ProblemEntry[];
}

export interface DriftEntry {
  readonly class: DriftClass;
  /** Whether this one counts as drift. */
  readonly counts: boolean;
  readonly name: string;
  readonly origin?: Origin;
  /** Only for `renamed`: the names under which it still is on the server. */
  readonly previous?: readonly string[];
  readonly lastChange?: { readonly by?: string; readonly at?: number };
  readonly pause?: PauseEntry;
  /** `before` is the server's side, `after` the manifest's. */
  readonly fields: readonly MaskedField[];
}

export interface ValidationDocument {
  readonly format: typeof formatVersion;
  readonly kind: 'validation';
  readonly run?: RunEntry;
  readonly valid: boolean;
  readonly counts: {
    readonly files: number;
    readonly manifests: number;
    readonly errors: number;
    readonly warnings: number;
  };
  readonly problems: readonly ProblemEntry[];
}

/** Takes the place of any other document when there is none: the manifests are invalid or the server did not answer. */
export interface FailureDocument {
  readonly format: typeof formatVersion;
  readonly kind: 'failure';
  readonly run?: RunEntry;
  readonly problems: readonly ProblemEntry[];
  readonly failure?: FailureEntry;
}

export interface ProblemEntry {
  readonly severity: Severity;
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint?: string;
  /** The facts that the message is made of. */
  readonly args: JsonObject;
  readonly at?: Located;
}

/** `problems` are the plan's own diagnostics and those of the stages before it, placed and sorted. */
export function planDocument(
  plan: Plan,
  problems: readonly LocatedDiagnostic[],
  options: PlanDocumentOptions,
): PlanDocument {
  return {
    format: plan.format,
    kind: 'plan',
    target: plan.target,
    verdict: plan.verdict,
    counts: plan.counts,
    ...(plan.owner === undefined ? {} : { owner: plan.owner }),
    ...(plan.selection === undefined ? {} : { selection: plan.selection }),
    guards: plan.guards,
    changes: plan.changes.map((change) => changeEntry(change, options, options.fires?.get(change.name))),
    ...(plan.digest === undefined ? {} : { digest: plan.digest }),
    problems: problems.map(problemEntry),
  };
}

export function resultDocument(result: ApplyResult, problems: readonly LocatedDiagnostic[]): ResultDocument {
  return {
    format: result.format,
    kind: 'result',
    digest: result.digest,
    interrupted: result.interrupted,
    counts: result.counts,
    requests: result.requests,
    steps: result.steps.map(stepEntry),
    possiblyMissed: result.possiblyMissed,
    problems: problems.map(problemEntry),
  };
}

/** The plan read as a question: what on the server is not as its manifest says? */
export function driftDocument(
  plan: Plan,
  problems: readonly LocatedDiagnostic[],
  options: DocumentOptions & { readonly strict: boolean },
): DriftDocument {
  const { strict } = options;
  const entries = plan.changes.map((change) => driftEntry(changeEntry(change, options), strict));
  const count = (wanted: DriftClass): number => entries.filter((entry) => entry.class === wanted).length;
  return {
    format: plan.format,
    kind: 'drift',
    target: plan.target,
    drifted: entries.some((entry) => entry.counts) || (strict && plan.counts.unmanaged > 0),
    strict,
    counts: {
      changed: count('changed'),
      missing: count('missing'),
      renamed: count('renamed'),
      orphan: count('orphan'),
      paused: count('paused'),
      unmanaged: plan.counts.unmanaged,
      unchanged: plan.counts.unchanged,
    },
    entries,
    problems: problems.map(problemEntry),
  };
}

export function validationDocument(
  found: { readonly files: number; readonly manifests: number },
  problems: readonly LocatedDiagnostic[],
): ValidationDocument {
  const errors = problems.filter(({ diagnostic }) => diagnostic.severity === 'error').length;
  return {
    format: formatVersion,
    kind: 'validation',
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

export function failureDocument(problems: readonly LocatedDiagnostic[], failure?: Failure): FailureDocument {
  return {
    format: formatVersion,
    kind: 'failure',
    problems: problems.map(problemEntry),
    ...(failure === undefined ? {} : { failure: failureEntry(failure) }),
  };
}

function changeEntry(
  change: Change,
  { showSensitive }: DocumentOptions,
  fires: ChangeFires | undefined = undefined,
): ChangeEntry {
  const rules: MaskRules = {
    paths: change.sensitive,
    secretPaths: change.secretPaths,
    unknownPaths: change.unknownPaths,
    showSensitive,
  };
  const pause = pauseEntry(change, rules);
  const lastChange = change.kind === 'create' ? undefined : lastChangeOf(change.facts);
  return {
    kind: change.kind,
    name: change.name,
    ...(change.origin === undefined ? {} : { origin: change.origin }),
    ...(change.kind === 'leave' ? { reason: change.reason } : {}),
    ...(change.kind === 'rename' ? { previous: change.previous.map(({ name }) => name) } : {}),
    ...(lastChange === undefined ? {} : { lastChange }),
    ...(pause === undefined ? {} : { pause }),
    fields: change.fields.map((field) => maskField(field, rules)),
    ...(fires === undefined || (hidesTimes(change) && !showSensitive) ? {} : { fires }),
    steps: change.steps.map(({ kind }) => kind),
  };
}

/** Fires tell the cron, the zone and the window they come from. */
function hidesTimes({ sensitive }: Change): boolean {
  return sensitive.some(([field]) => field !== undefined && timeFields.has(field));
}

const timeFields = new Set([
  'cronExpression',
  'zoneId',
  'cronSchedules',
  'scheduleStartTime',
  'scheduleEndTime',
  'runCatchupScheduleInstances',
]);

function pauseEntry(change: Change, rules: MaskRules): PauseEntry | undefined {
  if (change.kind === 'leave') {
    return change.reason === 'paused-on-server'
      ? pauseWith('stays', change.pausedReasonBefore, rules)
      : undefined;
  }
  if (change.kind === 'create' || change.kind === 'delete') return undefined;
  const paused = change.fields.find(({ path }) => path.length === 1 && path[0] === 'paused');
  if (paused === undefined) {
    return change.pausedBefore ? pauseWith('stays', change.pausedReasonBefore, rules) : undefined;
  }
  if (change.pausedBefore) return pauseWith('resume', change.pausedReasonBefore, rules);
  const reason = change.fields.find(({ path }) => path.length === 1 && path[0] === 'pausedReason')?.after;
  return pauseWith('pause', reason, rules);
}

function pauseWith(action: PauseEntry['action'], reason: Json | undefined, rules: MaskRules): PauseEntry {
  if (typeof reason !== 'string') return { action };
  const shown = maskField({ path: ['pausedReason'], after: reason }, rules).after;
  return { action, reason: String(shown) };
}

/** OSS writes "" for the user it does not know. */
function lastChangeOf({ updatedBy, updatedTime }: ServerFacts): ChangeEntry['lastChange'] {
  const by = updatedBy === undefined || updatedBy === '' ? {} : { by: updatedBy };
  const at = updatedTime === undefined ? {} : { at: updatedTime };
  return updatedTime === undefined && by.by === undefined ? undefined : { ...by, ...at };
}

function driftEntry(change: ChangeEntry, strict: boolean): DriftEntry {
  const { name, origin, previous, lastChange, pause, fields } = change;
  return {
    class: driftClass(change),
    counts: change.reason !== 'paused-on-server' || strict,
    name,
    ...(origin === undefined ? {} : { origin }),
    ...(previous === undefined ? {} : { previous }),
    ...(lastChange === undefined ? {} : { lastChange }),
    ...(pause === undefined ? {} : { pause }),
    fields,
  };
}

function driftClass({ kind, reason, pause, fields }: ChangeEntry): DriftClass {
  if (kind === 'create') return 'missing';
  if (kind === 'rename' || reason === 'rename-refused') return 'renamed';
  if (kind === 'delete' || reason === 'needs-prune' || reason === 'protected') return 'orphan';
  const onlyPause = fields.every(({ path }) => path[0] === 'paused' || path[0] === 'pausedReason');
  return onlyPause && (pause?.action === 'resume' || pause?.action === 'stays') ? 'paused' : 'changed';
}

function stepEntry({ name, step, outcome, origin, failure, notKept, note }: StepResult): StepEntry {
  return {
    name,
    step: step.kind,
    ...(step.kind === 'save' ? { mode: step.mode } : {}),
    outcome,
    ...(origin === undefined ? {} : { origin }),
    ...(failure === undefined ? {} : { failure: failureEntry(failure) }),
    ...(notKept === undefined ? {} : { notKept }),
    ...(note === undefined ? {} : { note }),
  };
}

export function failureEntry(failure: Failure): FailureEntry {
  return { ...failure, ...explainFailure(failure) };
}

/** A problem with the words for it. */
export function problemEntry({ diagnostic, at }: LocatedDiagnostic): ProblemEntry {
  const { message, hint } = explain(diagnostic);
  return {
    severity: diagnostic.severity,
    code: diagnostic.code,
    message,
    ...(hint === undefined ? {} : { hint }),
    args: diagnostic.args as unknown as JsonObject,
    ...(at === undefined ? {} : { at }),
  };
}
