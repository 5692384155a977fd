import { serverTypes } from '../../conductor/server-types.ts';
import { isSameLoad, loadsOf } from '../../fires/load.ts';
import { inOrderOfPlaces } from '../../manifest/read/locate.ts';
import type { Config } from '../../model/config.ts';
import type { NotChecked } from '../../model/generated/report-parts.ts';
import { canonicalJson, type Json } from '../../model/json.ts';
import type { ServerIdentity } from '../../model/port.ts';
import { present } from '../../model/present.ts';
import type { DesiredSchedule } from '../../model/schedule.ts';
import type { Applied } from '../../plan/base/as-applied.ts';
import { planFromBase } from '../../plan/base/plan-from-base.ts';
import { schedulesAfter } from '../../plan/checks/fire-guards.ts';
import type { JudgedPlan } from '../../plan/plan.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import type { BasePlanFacts } from '../../report/documents/base-plan.ts';
import { policyOf } from '../../settings/run-policy.ts';
import type { Loaded } from '../load-manifests.ts';
import { repositoryWorkflowProblems } from '../look-up-workflows.ts';
import { done, ended, loadSound, type Stage, settle } from '../prologue.ts';
import type { Run } from '../run.ts';
import { comparison } from '../team/not-checked.ts';
import { judgedByPolicies } from '../team-policies.ts';
import { allowanceChanges } from './allowance-changes.ts';
import { baseSide } from './base-side.ts';
import { checkoutFault, resolveBase } from './resolve-base.ts';
import { settingChanges } from './setting-changes.ts';
import {
  allowing,
  demandedOf,
  isError,
  located,
  reading,
  type Side,
  secretPathsOf,
  withoutSecrets,
} from './side.ts';

/** The manifests here and those of another commit, side by side. */
export type ComparedWithBase = {
  readonly facts: BasePlanFacts;
  /** Undefined = the manifests of the base have errors. */
  readonly plan?: JudgedPlan;
  readonly before: Applied['observed'];
  /** The one that the base is applied to in thought. */
  readonly server: ServerIdentity;
  readonly desired: readonly DesiredSchedule[];
  readonly sourcesOf: Loaded['sourcesOf'];
};

/**
 * Holds the manifests of the working directory against those of a commit, each with its own configuration. No server is
 * asked, no secret read and nothing fetched or written, so deletes are shown as the configuration has them, whoever wrote it.
 */
export async function comparedWithBase(given: Run, typed: string): Promise<Stage<ComparedWithBase>> {
  // One time for both sides, or what differs might be the clock.
  const now = given.now();
  const run: Run = { ...given, now: () => now };
  const { trust, options } = run;
  const harmless: Run = { ...run, trust: { ...trust, prunes: trust.readsConfiguration } };
  const settled = settle(harmless, run.request, (wrong, checks) =>
    run.fail(wrong, undefined, ['manifests', ...fromBase, ...checks]),
  );
  if (settled.kind === 'ended') return settled;
  const policy = policyOf(options, settled.value.config, run.env);
  if (!policy.ok) return ended(run.refuse(policy.usage));
  const resolved = resolveBase(typed, (args) => run.files.git('.', args));
  if (!resolved.ok) return ended(run.refuse(resolved.usage));
  const { rules, texts } = reading();
  const files = run.files.filesAt(resolved.value.commit, texts);
  if (files === undefined)
    return ended(
      run.refuse({
        message: '--base needs a checkout that has the commit whole',
        hint: 'run it in the working directory of a checkout, and fetch the commit',
      }),
    );
  const fault = checkoutFault(run.files, run.env, settled.value.config);
  if (fault !== undefined) return ended(run.refuse(fault));
  const { config } = settled.value;
  const reads = { ...rules, allowEmpty: options.allowEmpty === true };
  const sound = await loadSound(run, settled.value, reads, async (broken) => {
    const workflows = await repositoryWorkflowProblems(run.files, config, broken);
    const policies = await judgedByPolicies(run, config, withoutSecrets(broken));
    return {
      problems: [...workflows.problems, ...policies.problems],
      notChecked: [...fromBase, ...policies.notChecked, ...workflows.notChecked],
    };
  });
  if (sound.kind === 'ended') return sound;
  const head: Side = {
    configured: settled.value,
    loaded: withoutSecrets(sound.value),
    policy: { ...policy.value, isIncomplete: sound.value.isIncomplete },
    secretsOf: secretPathsOf(sound.value),
  };
  const workflows = await repositoryWorkflowProblems(run.files, head.configured.config, head.loaded);
  const demanded = await demandedOf(run, run.files, head.loaded);
  if (workflows.problems.some(isError) || demanded.problems.length > 0) {
    const judged = await judgedByPolicies(run, config, head.loaded);
    const found = [...workflows.problems, ...judged.problems, ...head.loaded.problems];
    const rest = [...fromBase, ...judged.notChecked, ...workflows.notChecked];
    return ended(run.fail(inOrderOfPlaces(found), undefined, rest));
  }

  const server = serverFor(head.configured.config);
  const base = await baseSide(harmless, files, server, rules, head, resolved.value.commit);
  const settings =
    base.side === undefined
      ? []
      : await settingChanges(
          { config: base.side.configured.config, policies: base.side.loaded.policies, files },
          { config: head.configured.config, policies: head.loaded.policies, files: run.files },
        );
  const allowances =
    base.side === undefined ? [] : allowanceChanges(base.side.loaded.allowances(), head.loaded.allowances());
  if (base.applied === undefined) {
    return done({
      facts: {
        base: { ...resolved.value, state: base.state, ...present({ reasons: base.reasons }) },
        plan: undefined,
        settings,
        allowances,
        problems: head.loaded.problems,
        isNew: () => false,
        ended: base.problems,
      },
      before: [],
      server,
      desired: head.loaded.desired,
      sourcesOf: head.loaded.sourcesOf,
    });
  }
  const { observed } = base.applied;
  const plan = planFromBase({
    desired: head.loaded.desired,
    observed,
    before: base.side?.loaded.desired ?? [],
    secrets: { before: base.side?.secretsOf ?? new Map(), after: head.secretsOf },
    server,
    url: '',
    policy: head.policy,
    now,
    allows: allowing(head.loaded),
    ...present({ demanded: demanded.value }),
  });
  const problems = [
    ...located(plan.diagnostics, head.loaded.settle),
    ...workflows.problems,
    ...head.loaded.problems,
  ];
  const was = keysOf(base.problems, base.side?.loaded.desired ?? []);
  const is = keysOf(problems, head.loaded.desired);
  const known = new Set(was.values());
  const left = new Set(is.values());
  const schedules = observed.map(({ schedule }) => schedule);
  const schedulesThen = schedulesAfter(plan.changes, schedules);
  const [before, after] =
    !tellsLoads(run) && isSameLoad(schedules, schedulesThen) ? [] : loadsOf([schedules, schedulesThen], now);
  return done({
    facts: {
      base: { ...resolved.value, state: base.state, ...present({ directory: base.directory }) },
      plan,
      settings,
      allowances,
      ...(before === undefined || after === undefined ? {} : { load: { before, after } }),
      problems,
      isNew: (one) => base.state === 'read' && !known.has(is.get(one) ?? ''),
      ended: base.problems.filter((one) => !left.has(was.get(one) ?? '')),
    },
    plan,
    before: observed,
    server,
    desired: head.loaded.desired,
    sourcesOf: head.loaded.sourcesOf,
  });
}

const fromBase: readonly NotChecked[] = ['settings', ...comparison];

/** The other formats say of the load only that it is another one. */
function tellsLoads({ outputs }: Pick<Run, 'outputs'>): boolean {
  return outputs.some(({ format }) => format === 'json' || format === 'html');
}

/** Keeps all that a manifest can say. */
const keepsAll: ServerIdentity = {
  serverType: 'documented',
  capabilities: {
    ...serverTypes.documented.capabilities,
    tagsInList: true,
    cronSchedules: 'kept',
    pauseReason: 'kept',
  },
};

/** A server of the configured type; of an unknown one, one that keeps everything. */
function serverFor({ server: { type } }: Config): ServerIdentity {
  return type === 'auto' ? keepsAll : { serverType: type, capabilities: serverTypes[type].capabilities };
}

/** What tells a problem of one commit from those of another: not its line, which moves. */
function keysOf(
  problems: readonly LocatedDiagnostic[],
  desired: readonly DesiredSchedule[],
): ReadonlyMap<LocatedDiagnostic, string> {
  if (problems.length === 0) return new Map();
  const names = new Map(desired.map(({ origin, schedule }) => [canonicalJson(origin), schedule.name]));
  return new Map(
    problems.map((one) => {
      const { code, severity, args, place } = one.diagnostic;
      const about =
        place.kind === 'field'
          ? [names.get(canonicalJson(place.origin)) ?? place.origin.file, place.path]
          : place.kind === 'nowhere'
            ? []
            : [place.file];
      return [one, canonicalJson([code, severity, args as Json, about as Json])];
    }),
  );
}
