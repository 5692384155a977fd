import type { Connection } from '../conductor/connect.ts';
import { inOrderOfPlaces } from '../manifest/read/locate.ts';
import type { Config } from '../model/config.ts';
import type { NotChecked } from '../model/generated/report-parts.ts';
import type { JsonObject } from '../model/json.ts';
import type { Change, DeleteProof } from '../model/plan.ts';
import { present } from '../model/present.ts';
import type { Policy } from '../model/run-policy.ts';
import type { DesiredSchedule } from '../model/schedule.ts';
import { type JudgedPlan, namesWithTags, type PlanInput, planOf, restsOnReason } from '../plan/plan.ts';
import { narrow } from '../plan/scope.ts';
import type { Diagnostic, LocatedDiagnostic } from '../problems/diagnostic.ts';
import { relativeTo } from '../settings/paths.ts';
import { policyOf } from '../settings/run-policy.ts';
import { type Loaded, type LoadRules, placed } from './load-manifests.ts';
import type { Observed, ObserveOptions } from './observe.ts';
import { done, ended, loadSound, type Opened, observe, open, type Stage, settle } from './prologue.ts';
import type { Run } from './run.ts';
import { comparison, type Unfinished, unshown } from './team/not-checked.ts';
import { judgedByPolicies, readyPolicies, type TeamPolicies } from './team-policies.ts';

/** Manifests and server, put side by side. */
export type Compared = Opened & {
  readonly plan: JudgedPlan;
  readonly desired: readonly DesiredSchedule[];
  readonly observed: Observed;
  readonly problems: readonly LocatedDiagnostic[];
  readonly policy: Policy;
  readonly rules: Config['rules'];
  readonly sourcesOf: Loaded['sourcesOf'];
  readonly settle: Loaded['settle'];
  /** Of each manifest, by the schedule's name, with everything filled in; only where policies are configured. */
  readonly fields: ReadonlyMap<string, JsonObject>;
  /** Absent = the configuration has no policies. */
  readonly policies?: TeamPolicies;
  /** What masked values are sealed with in the plan. */
  readonly digestKey?: string;
};

/** Which schedules' workflows are looked up: those that are written, all, or none. */
type Online = 'changes' | 'all' | 'nothing';

/**
 * What plan, apply and drift begin with. An invalid manifest ends it before the server is asked anything. `judges`: whether
 * the policies are asked.
 */
export async function compared(
  run: Run,
  online: Online,
  { judges }: { readonly judges: boolean },
): Promise<Stage<Compared>> {
  const { options } = run;
  const after: readonly NotChecked[] = judges ? comparison : ['drift'];
  const workflows: readonly NotChecked[] = online === 'nothing' ? [] : ['workflows'];
  const settled = settle(run, run.request, (wrong, checks) => {
    const policies = checks.filter((one) => judges && one === 'policies');
    return run.fail(wrong, undefined, ['manifests', ...after, ...policies, ...workflows]);
  });
  if (settled.kind === 'ended') return settled;
  const { config } = settled.value;
  const policy = policyOf(options, config, run.env);
  if (!policy.ok) return ended(run.refuse(policy.usage));
  const opened = open(run, settled.value);
  if (opened.kind === 'ended') return opened;
  const rules: LoadRules = {
    allowEmpty: options.allowEmpty === true,
    missingSecrets: options.allowUnknownSecrets === true ? 'opaque' : 'error',
  };
  const rest = async (found: Loaded): Promise<Unfinished> => {
    const judged = judges ? await judgedByPolicies(run, config, found) : { problems: [], notChecked: [] };
    return { ...judged, notChecked: [...after, ...judged.notChecked, ...workflows] };
  };
  const loaded = await loadSound(run, settled.value, rules, rest);
  if (loaded.kind === 'ended') return loaded;
  const { desired, problems, isIncomplete, settle: place } = loaded.value;
  const powers = { ...policy.value, isIncomplete };
  const demanded = judges ? await demandedOf(run, loaded.value, rest) : done(undefined);
  if (demanded.kind === 'ended') return demanded;
  const planned = await planAgainst(run, opened.value, desired, powers, {
    ...loaded.value,
    directory: config.directory,
    ...present({ demanded: demanded.value }),
  });
  if (planned.kind === 'ended') return planned;
  const { plan } = planned.value;
  const looked = await workflowProblems(run, opened.value, loaded.value, planned.value, online, config);
  if (looked.kind === 'ended') return looked;
  const found = [...located(plan.diagnostics, place), ...looked.value, ...problems];
  const { digestKey } = policy.value;
  return done({
    ...opened.value,
    ...planned.value,
    desired,
    problems: found,
    policy: powers,
    rules: config.rules,
    sourcesOf: loaded.value.sourcesOf,
    settle: place,
    fields: fieldsByName(loaded.value),
    ...present({ policies: loaded.value.policies }),
    ...(digestKey === undefined ? {} : { digestKey }),
  });
}

/** What the team demands of the manifests; a policy that cannot be used ends the run. */
async function demandedOf(
  run: Run,
  loaded: Loaded,
  rest: (found: Loaded) => Promise<Unfinished>,
): Promise<Stage<PlanInput['demanded']>> {
  const { policies } = loaded;
  if (policies === undefined) return done(undefined);
  const { judge, diagnostics } = await readyPolicies(run, policies);
  if (diagnostics.length > 0) {
    const { problems, notChecked } = await rest(loaded);
    return ended(run.fail(inOrderOfPlaces([...loaded.problems, ...problems]), undefined, notChecked));
  }
  return done({
    judge,
    fields: fieldsByName(loaded),
  });
}

function fieldsByName({
  desired,
  fields = [],
}: Pick<Loaded, 'desired' | 'fields'>): ReadonlyMap<string, JsonObject> {
  return new Map(fields.map((one, index) => [desired[index]?.schedule.name ?? '', one]));
}

type Planned = Pick<Compared, 'plan' | 'observed'>;

/**
 * Reads the server and plans. Of manifests that were `loaded` from a directory, Git is asked what it knows of those of
 * schedules that would be deleted.
 */
async function planAgainst(
  run: Run,
  { connection }: Opened,
  desired: readonly DesiredSchedule[],
  policy: Policy,
  loaded: Pick<Loaded, 'problems' | 'settle'> & Pick<PlanInput, 'demanded'> & { readonly directory: string },
): Promise<Stage<Planned>> {
  const seen = await observeFor(run, connection, desired, policy, { known: loaded.problems });
  if (seen.kind === 'ended') return seen;
  const { settle: place, demanded, directory } = loaded;
  const found = {
    allows: (one: Diagnostic) => one.place.kind === 'field' && place([one]).length === 0,
    ...present({ demanded }),
  };
  const plan = planSeen(seen.value, connection, desired, policy, found);
  const deleted = plan.changes.filter(isDelete).map(({ name }) => name);
  if (deleted.length === 0) return done({ plan, observed: seen.value });
  const { deleteProofs } = await import('./repository/delete-proofs.ts');
  const proofs = fromHere(
    deleteProofs(deleted, (args) => run.files.git(directory, args)),
    directory,
  );
  return done({
    plan: planSeen(seen.value, connection, desired, policy, { ...found, proofs }),
    observed: seen.value,
  });
}

/** Reads the server as a plan has to see it: one list request; tags by name only where the list has none, see `namesWithTags`. */
export function observeFor(
  run: Run,
  connection: Connection,
  desired: readonly DesiredSchedule[],
  policy: Policy,
  how: Pick<ObserveOptions, 'meanwhile'> & { readonly known?: readonly LocatedDiagnostic[] } = {},
): Promise<Stage<Observed>> {
  const tagged = (schedules: Observed['schedules']) => namesWithTags(desired, schedules, policy);
  return observe(run, connection, tagged, { tellsAge: restsOnReason(desired), ...how });
}

/** The plan for what was seen. */
export function planSeen(
  { schedules, server, at }: Observed,
  { url }: Pick<Connection, 'url'>,
  desired: readonly DesiredSchedule[],
  policy: Policy,
  found: Pick<PlanInput, 'allows' | 'demanded' | 'proofs'> = {},
): JudgedPlan {
  return planOf({ desired, observed: schedules, server, url, policy, now: at, ...found });
}

/** Paths as people see all others: from the working directory. */
function fromHere(
  proofs: ReadonlyMap<string, DeleteProof>,
  directory: string,
): ReadonlyMap<string, DeleteProof> {
  return new Map(
    [...proofs].map(([name, proof]) => [
      name,
      proof.kind === 'committed' ? { ...proof, path: relativeTo(`${directory}/`, proof.path) } : proof,
    ]),
  );
}

function isDelete(change: Change): boolean {
  return change.kind === 'delete' || (change.kind === 'leave' && change.reason === 'deletes-wait');
}

/** Those about a field of a manifest with the line that it is on. */
function located(diagnostics: readonly Diagnostic[], settle: Loaded['settle']): readonly LocatedDiagnostic[] {
  const isAtField = ({ place }: Diagnostic): boolean => place.kind === 'field';
  return [...placed(diagnostics.filter((one) => !isAtField(one))), ...settle(diagnostics.filter(isAtField))];
}

/** What is wrong with the workflows that are started; an error among it ends the run. */
async function workflowProblems(
  run: Run,
  { connection }: Opened,
  { desired, problems, settle: place }: Loaded,
  { plan, observed }: Planned,
  online: Online,
  config: Pick<Config, 'workflows' | 'rules'>,
): Promise<Stage<readonly LocatedDiagnostic[]>> {
  const asked = {
    nothing: () => [],
    changes: () => savedBy(plan, desired),
    all: () => narrow(desired, observed.schedules, plan.selection).desired,
  }[online]();
  if (asked.length === 0) return done([]);
  const { lookUp, readerWithTeam } = await import('./look-up-workflows.ts');
  const looking = { rules: config.rules, settle: place, required: online === 'all' };
  const team = readerWithTeam(run.files, config, connection.workflows);
  const looked = await lookUp(team.reader, asked, looking);
  const found = [...looked.problems, ...team.problems];
  const broken = looked.broken || team.problems.some(({ diagnostic }) => diagnostic.severity === 'error');
  if (!broken && looked.failure === undefined) return done(found);
  const lost = online === 'all' ? (['drift'] as const) : unshown;
  return ended(
    run.fail(
      [...located(plan.diagnostics, place), ...found, ...problems],
      looked.failure,
      broken ? lost : undefined,
    ),
  );
}

/** The schedules that a plan saves. */
function savedBy({ changes }: JudgedPlan, desired: readonly DesiredSchedule[]): readonly DesiredSchedule[] {
  const names = new Set(
    changes.filter(({ steps }) => steps.some(({ kind }) => kind === 'save')).map(({ name }) => name),
  );
  return names.size === 0 ? [] : desired.filter(({ schedule }) => names.has(schedule.name));
}
