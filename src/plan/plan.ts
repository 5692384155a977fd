import { hashOf } from '../compare/basis.ts';
import { redactStep } from '../compare/redact.ts';
import { sealWith } from '../compare/seal.ts';
import { dateText } from '../cron/zone/civil.ts';
import type { PlanCounts } from '../model/generated/report-parts.ts';
import type { Hiding } from '../model/hiding/hiding.ts';
import {
  type Change,
  type DeleteProof,
  formatVersion,
  type Guard,
  horizonField,
  isRefused,
  type MaskedValue,
  ownerField,
  type Plan,
  type PreviousName,
  protectedField,
  type Rename,
  type Step,
  switches,
  type Verdict,
} from '../model/plan.ts';
import type { ServerIdentity } from '../model/port.ts';
import { present } from '../model/present.ts';
import type { Policy } from '../model/run-policy.ts';
import { compareText, type DesiredSchedule, type ObservedSchedule } from '../model/schedule.ts';
import type { DiagnosticArgs, DiagnosticCode } from '../problems/codes.ts';
import { bySettings } from '../problems/codes.ts';
import { type Diagnostic, type Place, problem } from '../problems/diagnostic.ts';
import { adapt } from './adapt.ts';
import { withAddedTags } from './added-tags.ts';
import { type Built, build } from './build.ts';
import { fireGuards } from './checks/fire-guards.ts';
import { type Exceeded, exceeded, guardsOf } from './checks/guard.ts';
import { lookAlikes } from './checks/look-alikes.ts';
import { doomed } from './checks/never-fires.ts';
import { collisions, oddNames } from './checks/new-names.ts';
import { type Demanded, policyBreaches } from './checks/policy-breaches.ts';
import { unmatchedFlags } from './checks/unmatched-flags.ts';
import { isUnknown } from './field-changes.ts';
import { maskedValues } from './masked-values.ts';
import { hasOtherOwner, isOurs, onServer, placesOf } from './on-server.ts';
import { previousOf } from './previous.ts';
import { narrow } from './scope.ts';

export interface PlanInput {
  readonly desired: readonly DesiredSchedule[];
  readonly observed: readonly ObservedSchedule[];
  readonly server: ServerIdentity;
  /** Without user and password. */
  readonly url: string;
  readonly policy: Policy;
  /** Epoch milliseconds, for the limits on fires and for what never fires again. */
  readonly now: number;
  /** What Git knows of the manifests of schedules that are to be deleted, by name; absent = it was not asked. */
  readonly proofs?: ReadonlyMap<string, DeleteProof>;
  /** What a team demands; absent = nothing is demanded of this run. */
  readonly demanded?: Demanded;
  /** This plan is never applied: it has no digest, and no notes on masked values. `silent`: its creates are not read, either. */
  readonly unapplied?: 'shown' | 'silent';
  /** Whether a comment in a manifest allows a problem; absent = none does. */
  readonly allows?: (diagnostic: Diagnostic) => boolean;
}

/** A plan with what is to be said of it. */
export type JudgedPlan = Plan & {
  readonly diagnostics: readonly Diagnostic[];
  /** What a digest without a key does not cover. */
  readonly masked: readonly MaskedValue[];
  /** Observed, in no manifest, and none that this run may touch. */
  readonly others: readonly string[];
};

/** The plan: a pure function of what the manifests ask and what the server has. */
export function planOf(input: PlanInput): JudgedPlan {
  const { observed, server, url, policy, now, allows = () => false } = input;
  const { capabilities, serverType, assumed, version } = server;
  const places = placesOf(capabilities);
  const desired = withAddedTags(input.desired, observed, places);
  const inScope = observed.filter(({ schedule }) => !policy.ignores(schedule.name));
  const scope = narrow(desired, inScope, policy.selection);
  const adapted = adapt(scope.desired, observed, capabilities);
  const previous = previousOf(desired, observed, scope, policy, places);
  const touched = <T extends { readonly schedule: { readonly name: string } }>(
    all: readonly T[],
  ): readonly T[] =>
    previous.withheld.size === 0 ? all : all.filter(({ schedule }) => !previous.withheld.has(schedule.name));
  const built = build({
    desired: touched(adapted.desired),
    observed: touched(scope.observed),
    replaced: previous.replaced,
    names: new Set(observed.map(({ schedule }) => schedule.name)),
    policy,
    places,
    now,
    tellsCreates: input.unapplied !== 'silent',
  });
  // Of all of them, however little this run is about: a share of a selection would be none.
  const owned =
    policy.owner === undefined ? 0 : inScope.filter((raw) => isOurs(onServer(raw, places), policy)).length;
  const asked = [...built.changes, ...previous.refused];
  const changes = deletesWait(proven(asked, input.proofs, policy), policy);
  const { limits } = policy;
  const guards = [...guardsOf(asked, owned, limits), ...fireGuards({ changes, observed, limits, now })];
  const all = [
    ...adapted.diagnostics,
    ...scope.unknown.map((name) => error('unknown-target', { name })),
    ...previous.diagnostics,
    ...lookAlikes(changes, adapted.desired, scope.observed, places),
    ...refusals(changes, policy, input.proofs, adapted.desired),
    ...(input.unapplied === undefined ? unmatchedFlags(policy, scope, desired, observed, places) : []),
    ...copies(built.copies),
    ...collisions(changes, observed, input.unapplied === undefined ? 'server' : 'base'),
    ...(capabilities.anyName ? [] : oddNames(changes)),
    ...guards.flatMap((guard) => guardProblem(guard, exceeded(guard, asked, changes, limits))),
    ...(input.demanded === undefined
      ? []
      : policyBreaches({ ...input.demanded, changes, desired: scope.desired, observed, allows })),
    ...aboutToEnd(changes, now),
    ...doomed(adapted.desired, scope.observed, policy.rules, now, (raw) =>
      hasOtherOwner(onServer(raw, places), policy),
    ),
  ];
  const diagnostics = bySettings(all, policy.rules).filter((one) => !allows(one));
  const { owner, selection } = policy;
  return {
    format: formatVersion,
    target: { url, serverType, ...present({ assumed, version }) },
    ...present({ owner, selection }),
    changes,
    counts: countsOf(changes, built),
    guards,
    ...(input.unapplied !== undefined || changes.some(({ unknownPaths }) => unknownPaths.length > 0)
      ? {}
      : { digest: digestOf(url, policy, changes, policy.digestKey) }),
    verdict: verdictOf(changes, diagnostics),
    diagnostics,
    masked: input.unapplied !== undefined ? [] : maskedValues(changes, observed),
    others: built.others,
  };
}

/** Deletes with what Git knows of them; a manifest that is committed and was not read is a reason to refuse one. */
function proven(
  changes: readonly Change[],
  proofs: PlanInput['proofs'],
  { allowsUncommitted }: Policy,
): readonly Change[] {
  if (proofs === undefined) return changes;
  return changes.map((change) => {
    const proof = change.kind === 'delete' ? proofs.get(change.name) : undefined;
    if (change.kind !== 'delete' || proof === undefined) return change;
    return proof.kind === 'committed' && !allowsUncommitted
      ? { ...change, kind: 'leave', reason: 'still-committed', fields: [], steps: [] }
      : { ...change, proof };
  });
}

/**
 * While anything is refused for its owner, or manifests were not read, nothing is deleted: what was to replace an orphan
 * may be among the refused, and its manifest among the unread.
 */
function deletesWait(changes: readonly Change[], { isIncomplete }: Policy): readonly Change[] {
  if (!isIncomplete && !changes.some(isRefused)) return changes;
  const waiting = changes.map((change) => waitingOf(change, isIncomplete));
  const [left, others] = [waiting.filter(isLeft), waiting.filter((change) => !isLeft(change))];
  return [...others, ...left.sort((a, b) => compareText(a.name, b.name))];
}

function waitingOf(change: Change, isIncomplete: boolean): Change {
  if (change.kind === 'delete')
    return { ...change, kind: 'leave', reason: 'deletes-wait', fields: [], steps: [] };
  if (change.kind !== 'rename' || !isIncomplete) return change;
  const [old] = change.previous;
  if (old === undefined) return change;
  const { previous: _previous, becomes: _becomes, pausedBefore: _paused, ...rest } = change;
  return { ...rest, kind: 'leave', reason: 'deletes-wait', basis: change.basis ?? old.basis, steps: [] };
}

function isLeft({ kind }: Change): boolean {
  return kind === 'leave';
}

function copies(found: Built['copies']): readonly Diagnostic[] {
  return found.map((copy) => problem('copied-marker', copy, { kind: 'nowhere' }));
}

/** What an owner's marker, its absence, or a commit forbids. */
function refusals(
  changes: readonly Change[],
  { isUnconfigured }: Policy,
  proofs: PlanInput['proofs'],
  desired: readonly DesiredSchedule[],
): readonly Diagnostic[] {
  return changes.flatMap((change) => {
    if (change.kind !== 'leave') return [];
    const { origin } = change;
    const place: Place =
      origin === undefined ? { kind: 'nowhere' } : { kind: 'field', origin, path: ['name'], at: 'value' };
    if (change.reason === 'needs-adopt') {
      const unknown = unknownSecrets(change, desired);
      return [problem('needs-adopt', { name: change.name, ...present({ unknown }) }, place)];
    }
    if (change.reason === 'still-committed') {
      const proof = proofs?.get(change.name);
      return proof?.kind === 'committed'
        ? [problem('still-committed', { name: change.name, path: proof.path }, place)]
        : [];
    }
    if (change.reason !== 'foreign-owner') return [];
    const field = change.fields.find(({ path }) => path[0] === ownerField);
    const ours = field?.after === undefined ? present({ isUnconfigured }) : { ours: String(field.after) };
    return [problem('foreign-owner', { name: change.name, owner: String(field?.before), ...ours }, place)];
  });
}

/** The secrets that keep a schedule from being compared; undefined = it differs whatever they are. */
function unknownSecrets(
  { name, fields, unknownPaths }: Change,
  desired: readonly DesiredSchedule[],
): readonly string[] | undefined {
  const differs = fields.some(
    ({ path }) => path[0] !== ownerField && path[0] !== protectedField && !isUnknown(path, unknownPaths),
  );
  if (differs) return undefined;
  const { secrets = [] } = desired.find(({ schedule }) => schedule.name === name) ?? {};
  return [...new Set(secrets.flatMap(({ known, names }) => (known ? [] : names)))];
}

function guardProblem(
  { guard, seen, at, limit, refused }: Guard,
  { file, ...found }: Exceeded,
): readonly Diagnostic[] {
  if (!refused || limit === undefined) return [];
  const place: Place = file === undefined ? { kind: 'nowhere' } : { kind: 'file', file };
  return [problem('guard', { guard, seen, limit, ...found, ...present({ at }) }, place)];
}

function error<C extends DiagnosticCode>(code: C, args: DiagnosticArgs[C]): Diagnostic {
  return problem(code, args, { kind: 'nowhere' });
}

/**
 * The names whose tags must be known before `planOf`, where the list does not carry them: all of them where tags tell who
 * owns what or select what is in, else those that manifests name, which may be another owner's.
 */
export function namesWithTags(
  desired: readonly DesiredSchedule[],
  observed: readonly ObservedSchedule[],
  { owner, selection, takeOver }: Policy,
): readonly string[] {
  const without = observed.filter(({ tags }) => tags === undefined).map(({ schedule }) => schedule.name);
  if (
    owner !== undefined ||
    takeOver.length > 0 ||
    (selection !== undefined && selection.selector.length > 0)
  )
    return without;
  const named = new Set(
    desired.flatMap(({ schedule, lifecycle }) => [schedule.name, ...lifecycle.previousNames]),
  );
  return without.filter((name) => named.has(name));
}

/** Whether the plan depends on whether the server keeps the reason of a pause; a rename notes there what it has started. */
export function restsOnReason(desired: readonly DesiredSchedule[]): boolean {
  return desired.some(
    ({ pause, lifecycle }) => pause?.reason !== undefined || lifecycle.previousNames.length > 0,
  );
}

/** What of a change enters the digest. */
type Planned = Hiding &
  Pick<Change, 'kind' | 'name' | 'basis' | 'tagsBasis' | 'steps' | 'reviewed'> &
  Partial<Pick<Rename, 'previous'>>;

/** Hash of the target, the owner, the selection and of what would be done: no times, no paths of files, no limits. */
export function digestOf(
  url: string,
  { owner, selection }: Pick<Plan, 'owner' | 'selection'>,
  changes: readonly Planned[],
  digestKey: string | undefined,
): string {
  const seal = sealWith(digestKey);
  const planned = changes.filter(({ kind, steps }) => steps.length > 0 && kind !== 'horizon');
  return hashOf({
    url,
    owner: owner ?? null,
    selection: selection === undefined ? null : selection,
    changes: planned.map((change) => ({
      name: change.name,
      kind: change.kind,
      basis: change.reviewed?.basis ?? change.basis,
      ...present({
        days: change.reviewed?.days,
        previous: change.previous?.map(seenOf),
        tagsBasis: change.tagsBasis,
      }),
      steps: change.steps.map((step) =>
        redactStep(change.reviewed === undefined ? step : withoutTimers(step), change, seal),
      ),
    })),
  });
}

/** What a review saw of an old name. */
function seenOf({ name, basis, reviewed = basis }: PreviousName): PreviousName {
  return { name, basis: reviewed };
}

/** The crons that leave out days on the server should hold for so many days more. */
const horizonDays = 45;

/** Schedules whose days off will soon be wrong, where nothing moves their crons on. */
function aboutToEnd(changes: readonly Change[], now: number): readonly Diagnostic[] {
  const soon = dateText(Math.floor(now / 86_400_000) + horizonDays);
  const ending = changes.flatMap(({ name, fields }) => {
    const before = fields.find(({ path }) => path[0] === horizonField)?.before;
    return typeof before === 'string' && before < soon ? [{ name, before }] : [];
  });
  const [first] = ending.map(({ before }) => before).sort();
  if (first === undefined) return [];
  const names = ending.map(({ name }) => name).sort(compareText);
  return [problem('calendar-horizon', { names, until: first }, { kind: 'nowhere' })];
}

const timerFields: ReadonlySet<string | undefined> = new Set(['cronExpression', 'zoneId', 'cronSchedules']);

/** A step without the timers that calendars were compiled into: they differ from month to month. */
function withoutTimers(step: Step): Step {
  if (step.kind !== 'save') return step;
  if (step.mode === 'create') {
    const { cronExpression: _cron, zoneId: _zone, cronSchedules: _several, ...schedule } = step.schedule;
    return { ...step, schedule };
  }
  return {
    ...step,
    set: step.set.filter(({ path }) => !timerFields.has(path[0])),
    unset: step.unset.filter((path) => !timerFields.has(path[0])),
  };
}

/** These stop one schedule each. */
const ownerCodes: ReadonlySet<DiagnosticCode> = new Set(['needs-adopt', 'foreign-owner', 'still-committed']);

function verdictOf(changes: readonly Change[], diagnostics: readonly Diagnostic[]): Verdict {
  if (diagnostics.some(({ code, severity }) => severity === 'error' && !ownerCodes.has(code)))
    return 'blocked';
  return changes.some(({ steps }) => steps.length > 0) ? 'ready' : 'nothing-to-do';
}

function countsOf(
  changes: readonly Change[],
  { unchanged, unmanaged, ofOtherOwners }: Pick<Built, 'unchanged' | 'unmanaged' | 'ofOtherOwners'>,
): PlanCounts {
  const count = (kind: Change['kind']): number => changes.filter((change) => change.kind === kind).length;
  const switched = (to: boolean): number => changes.filter((change) => switches(change, to)).length;
  return {
    create: count('create'),
    update: changes.filter(({ kind, steps }) => kind === 'update' && !steps.every(isSwitch)).length,
    adopt: count('adopt'),
    horizon: count('horizon'),
    rename: count('rename'),
    delete: count('delete'),
    pause: switched(true),
    resume: switched(false),
    unchanged,
    unmanaged,
    ofOtherOwners,
  };
}

function isSwitch({ kind }: Step): boolean {
  return kind === 'pause' || kind === 'resume';
}
