import type { LeaveReason, NotChecked, PlanCounts, Target } from '../../model/generated/report-parts.ts';
import { ownerField, protectedField } from '../../model/plan.ts';
import { present } from '../../model/present.ts';
import type { Sides } from '../diff/field-rows.ts';
import type {
  ChangeEntry,
  DriftClass,
  PauseEntry,
  PauseFacts,
  ValidationDocument,
} from '../documents/generated/documents.ts';
import { unknownText } from '../documents/mask.ts';
import { terminalText } from './escape.ts';

/** What every renderer for people says in the same words. */

export const sidesOf: { readonly [K in ChangeEntry['kind']]: Sides } = {
  create: 'after',
  update: 'both',
  adopt: 'both',
  horizon: 'both',
  rename: 'both',
  delete: 'before',
  leave: 'both',
};

export const driftSides: { readonly [C in DriftClass]: Sides } = {
  changed: 'both',
  missing: 'after',
  renamed: 'both',
  orphan: 'before',
  overdue: 'both',
  paused: 'both',
};

export function isPauseField(path: readonly string[]): boolean {
  return path.length === 1 && (path[0] === 'paused' || path[0] === 'pausedReason');
}

/** Why a schedule is left alone; of a pause the facts beside it speak. */
const leftWords: { readonly [R in LeaveReason]: string } = {
  'paused-on-server': '',
  'needs-prune': 'in no manifest: would delete (needs --prune)',
  protected: 'in no manifest, but protected: never deleted until a commit removes the protection',
  'deletes-wait': 'would delete, but deletes wait: schedules are refused, or manifests were not read',
  'still-committed':
    'in no manifest that was read, but in the checked out commit (needs --allow-uncommitted)',
  'needs-adopt': 'it has no marker and differs from its manifest: would change (needs --adopt)',
  'foreign-owner': 'it belongs to another owner: left alone',
  'stays-without-manifest':
    'no longer in a manifest: it stays on the server and keeps firing, since this run may not delete it (no `owner`, another owner, or not the configured directory)',
  'rename-refused': 'still on the server under its old name: see the error above',
};

/** The same for one schedule; empty where there is nothing to say. */
export function leftText({ reason, fields }: Pick<ChangeEntry, 'reason' | 'fields'>): string {
  if (reason === undefined) return '';
  const own = fields.filter(({ path }) => path[0] !== ownerField && path[0] !== protectedField);
  if (reason === 'needs-adopt' && own.every(({ after }) => after === unknownText))
    return 'it has no marker, and cannot be compared while secrets are not known';
  const differs = reason === 'foreign-owner' && own.length > 0;
  return `${leftWords[reason]}${differs ? ', and differs from its manifest' : ''}`;
}

/** What to do about a pause that the server itself made. */
export const lacksRightText: string =
  'the server paused it: whoever created or last saved it lacks the right to run its workflow (EXECUTE); grant it, then resume';

/** A time of a document without its milliseconds. */
export function toTheSecond(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}

/** When a schedule should have fired. */
export function overdueText(since: string): string {
  return `should have fired at ${since}; \`downbeat audit\` says why`;
}

/** Nothing fires on the server: what that can be, and what helps. */
export function stoppedText({
  since,
  schedules,
}: {
  readonly since?: string;
  readonly schedules: number;
}): string {
  const when = since === undefined ? '' : ` since ${toTheSecond(since)}`;
  return (
    `Nothing fires on this server${when}: ${many(schedules, 'schedule')} should have. Its scheduler was stopped ` +
    '(`downbeat resume --all` starts one server process again), or its pollers are dead (restart the server).'
  );
}

/** `show` makes text of others safe for where it goes. */
export function pauseText({ action, reason, inBase }: PauseEntry, show: (text: string) => string): string {
  const words = reason === undefined ? undefined : show(JSON.stringify(reason));
  if (action === 'pause') return words === undefined ? 'without a reason' : `reason: ${words}`;
  const where = inBase === true ? 'paused in the base' : 'paused on the server';
  return words === undefined ? `${where} without a reason` : `${where}: ${words}`;
}

/** What Git knows of the manifest of a schedule that is deleted; nothing where the directory is in no commit. */
export function proofTexts(proof: ChangeEntry['proof'], show: (text: string) => string): readonly string[] {
  switch (proof?.kind) {
    case 'removed':
      return [
        `its manifest was removed in commit ${show(proof.commit.slice(0, 10))} by ${show(proof.author)} at ${show(proof.at)}: ${show(JSON.stringify(proof.subject))}`,
      ];
    case 'committed':
      return [`the checked out commit still has its manifest in ${show(JSON.stringify(proof.path))}`];
    case 'never':
      return [
        proof.isShallow
          ? 'no commit of this shallow clone had its manifest'
          : 'no commit of this repository had its manifest: it was generated, or comes from another repository',
      ];
    case 'unknown':
      return ['Git could not be asked about its manifest'];
    default:
      return [];
  }
}

/** `show` makes text of others safe for where it goes. */
export function lastChangeText(
  { by, at }: NonNullable<ChangeEntry['lastChange']>,
  show: (text: string) => string,
): string {
  const who = by === undefined ? '' : ` by ${show(by)}`;
  return `last changed${who}${at === undefined ? '' : ` at ${toTheSecond(at)}`}`;
}

/** What is left to do after the steps that were not run. */
export function notRunText(count: number, interrupted: boolean): string {
  const why = interrupted ? 'the run was stopped' : 'an earlier step failed or was stale';
  return `${many(count, 'step')} not run, because ${why}: plan again to see what is left.`;
}

export const noClosingLook: string =
  'The schedules could not be read after the last write: each step was checked when it was written, and whether ' +
  'somebody else changed it since is not known.';

/** `oss-2, version 3.32.1`; `orkes-new, assumed` */
export function serverText({ serverType, assumed, version }: Target): string {
  return [
    serverType,
    ...(assumed ? ['assumed'] : []),
    ...(version === undefined ? [] : [`version ${version}`]),
  ].join(', ');
}

/** `oss-2`; `orkes-new, assumed` */
export function typeText({ serverType, assumed }: Target): string {
  return serverText({ url: '', serverType, ...present({ assumed }) });
}

/** What a rename does to which of the names, in order. `show` makes text of others safe for where it goes. */
export function renameText(
  steps: ChangeEntry['steps'],
  previous: readonly string[],
  show: (text: string) => string,
): string {
  if (previous.length === 0)
    return 'a rename was interrupted: the old schedule is gone, and this one is paused until it is resumed';
  const waits = steps.at(-1) !== 'delete';
  const begins = steps[0] === 'save' ? `it is saved${waits ? ', paused' : ''}; then ` : '';
  return `${begins}${namesText(previous, show)} ${previous.length > 1 ? 'are' : 'is'} deleted${waits ? ', and this one resumed' : ''}`;
}

/** Under which names a schedule that a manifest renames still is on the server. */
export function oldNameText(previous: readonly string[], show: (text: string) => string): string {
  return previous.length === 0
    ? 'a rename was interrupted: it is paused'
    : `still on the server as ${namesText(previous, show)}`;
}

/** What a rename comes from, on a server or in a base. */
export function newNameText(previous: readonly string[], show: (text: string) => string): string {
  return previous.length === 0 ? oldNameText(previous, show) : `renamed from ${namesText(previous, show)}`;
}

function namesText(names: readonly string[], show: (text: string) => string): string {
  return names.map((name) => show(JSON.stringify(name))).join(', ');
}

export function asManifestsSay(count: number): string {
  return count === 1 ? '1 schedule matches its manifest' : `${count} schedules match their manifests`;
}

/** Schedules on the server that are in no manifest, for the end of a sentence about those that are. */
export function unmanagedWords(counts: UnmanagedCounts): string {
  return counts.unmanaged + counts.ofOtherOwners === 0 ? '' : `; ${unmanagedText(counts)}`;
}

/** A plan without a step. With refusals that is not a success. */
export function nothingToDo(counts: PlanCounts, refused: number): string {
  const rest = `${asManifestsSay(counts.unchanged)}${unmanagedWords(counts)}.`;
  return refused === 0
    ? `No changes. ${rest}`
    : `Nothing to apply: ${many(refused, 'schedule')} refused. ${rest}`;
}

/** Schedules that are left alone because of whose they are. */
export function refusedText(count: number): string {
  return `${many(count, 'schedule')} refused: see the errors. Other changes continue, deletes wait, and the exit code is 3.`;
}

type UnmanagedCounts = { readonly unmanaged: number; readonly ofOtherOwners: number };

export function unmanagedText({ unmanaged, ofOtherOwners }: UnmanagedCounts): string {
  return `${unmanaged} unmanaged${ofOtherOwners === 0 ? '' : `, ${ofOtherOwners} of other owners`}`;
}

export function many(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}

/** `paused: "INC-4711"; last changed by alice at 2026-11-23T12:00:00Z` */
export function pauseWords(pause: PauseFacts = {}): string {
  const why =
    pause.reason === undefined
      ? 'paused without a reason'
      : `paused: ${terminalText(JSON.stringify(pause.reason))}`;
  const who = pause.by === undefined ? '' : ` by ${terminalText(pause.by)}`;
  const when = pause.at === undefined ? '' : ` at ${toTheSecond(pause.at)}`;
  return who + when === '' ? why : `${why}; last changed${who}${when}`;
}

/** Why not all past runs of an interval could be read. */
export const whyUnread = 'there are too many, or the server repeats its pages';

const checks: { readonly [C in NotChecked]: string } = {
  manifests: 'manifests',
  drift: 'drift',
  changes: 'changes',
  renames: 'renames',
  deletes: 'deletes',
  limits: 'limits',
  settings: 'changed settings',
  policies: 'policies',
  'policies-with-errors': 'policies with errors',
  'policies-of-invalid-manifests': 'policies for the manifests that the errors affect',
  'policies-over-all': 'policies about all schedules together',
  workflows: 'workflows',
  'workflow-files-with-errors': 'workflows in the files with errors',
  'workflows-of-invalid-manifests': 'workflows of the manifests that the errors affect',
};

/** What a run that ended at its errors says of everything after them; undefined = there is nothing. */
export function notCheckedText(notChecked: readonly NotChecked[] = []): string | undefined {
  if (notChecked.length === 0) return undefined;
  return `Not checked until the errors are fixed: ${notChecked.map((one) => checks[one]).join(', ')}.`;
}

/** How many manifests there are, and in how many files. */
export function manifestsText({
  manifests,
  manifestsWithErrors = 0,
  files,
}: ValidationDocument['counts']): string {
  const all = manifests + manifestsWithErrors;
  const broken = manifestsWithErrors === 0 ? '' : `, ${manifestsWithErrors} with errors`;
  return `${many(all, 'manifest')} in ${many(files, 'file')}${broken}`;
}
