import { hashOfText } from '../../compare/basis.ts';
import { serverTypes } from '../../conductor/server-types.ts';
import { isSameLoad, loadsOf } from '../../fires/load.ts';
import { serverUrl } from '../../http/url.ts';
import type { CommitFiles } from '../../io/io.ts';
import { parse } from '../../manifest/read/parse-file.ts';
import type { Config } from '../../model/config.ts';
import { canonicalJson, type Json } from '../../model/json.ts';
import type { ServerIdentity } from '../../model/port.ts';
import { present } from '../../model/present.ts';
import type { Policy } from '../../model/run-policy.ts';
import type { DesiredSchedule } from '../../model/schedule.ts';
import { type Applied, asApplied } from '../../plan/base/as-applied.ts';
import { planFromBase, type SecretPaths } from '../../plan/base/plan-from-base.ts';
import { schedulesAfter } from '../../plan/checks/fire-guards.ts';
import type { JudgedPlan, PlanInput } from '../../plan/plan.ts';
import { narrow } from '../../plan/scope.ts';
import type { Diagnostic, LocatedDiagnostic } from '../../problems/diagnostic.ts';
import type { BasePlanFacts } from '../../report/documents/base-plan.ts';
import type { BaseState, SettingChange } from '../../report/documents/generated/documents.ts';
import { type Configured, configure } from '../../settings/configure.ts';
import { isSamePath, relativeTo } from '../../settings/paths.ts';
import { policyOf } from '../../settings/run-policy.ts';
import { type Loaded, type LoadRules, load, placed } from '../load-manifests.ts';
import { repositoryWorkflowProblems } from '../look-up-workflows.ts';
import { done, ended, loadSound, type Stage, settle } from '../prologue.ts';
import type { Run } from '../run.ts';
import { aboutPolicies, readyPolicies } from '../team-policies.ts';
import { allowanceChanges } from './allowance-changes.ts';
import { goneNamesakes, olderPlace } from './older-place.ts';
import { checkoutFault, resolveBase } from './resolve-base.ts';

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

/** How both sides are read: most files are equal, and those are parsed once. */
function reading(): Pick<LoadRules, 'missingSecrets' | 'clockChanges' | 'parseFile'> {
  const known = new Map<string, ReturnType<typeof parse>>();
  return {
    missingSecrets: 'unread',
    clockChanges: true,
    parseFile: (file) => {
      const key = `${file.path}\n${file.text}`;
      const found = known.get(key) ?? parse(file);
      known.set(key, found);
      return found;
    },
  };
}

/** One side: manifests, and what they are to come to. */
type Side = {
  readonly configured: Configured;
  readonly loaded: Loaded;
  readonly policy: Policy;
  /** By schedule, where its values have references to secrets. */
  readonly secretsOf: SecretPaths;
};

/**
 * Holds the manifests of the working directory against those of a commit, each with its own configuration. No server is
 * asked, no secret read and nothing fetched or written, so deletes are shown as the configuration has them, whoever wrote it.
 */
export async function comparedWithBase(run: Run, typed: string): Promise<Stage<ComparedWithBase>> {
  const { trust, options } = run;
  const harmless: Run = { ...run, trust: { ...trust, prunes: trust.readsConfiguration } };
  const settled = settle(harmless);
  if (settled.kind === 'ended') return settled;
  const policy = policyOf(options, settled.value.config, run.env);
  if (!policy.ok) return ended(run.refuse(policy.usage));
  const resolved = resolveBase(typed, (args) => run.files.git('.', args));
  if (!resolved.ok) return ended(run.refuse(resolved.usage));
  const files = run.files.filesAt(resolved.value.commit);
  if (files === undefined)
    return ended(
      run.refuse({
        message: '--base needs a checkout that has the commit whole',
        hint: 'run it in the working directory of a checkout, and fetch the commit',
      }),
    );
  const fault = checkoutFault(run.files.git, settled.value.config);
  if (fault !== undefined) return ended(run.refuse(fault));
  const rules = reading();
  const sound = await loadSound(run, settled.value, { ...rules, allowEmpty: options.allowEmpty === true });
  if (sound.kind === 'ended') return sound;
  const head: Side = {
    configured: settled.value,
    loaded: withoutSecrets(sound.value),
    policy: { ...policy.value, isIncomplete: sound.value.isIncomplete },
    secretsOf: secretPathsOf(sound.value),
  };
  const workflows = await repositoryWorkflowProblems(run.files, head.configured.config, head.loaded);
  if (workflows.some(isError)) return ended(run.fail([...workflows, ...head.loaded.problems]));
  const demanded = await demandedOf(run, run.files, head.loaded);
  if (demanded.problems.length > 0) return ended(run.fail(demanded.problems));

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
  const now = run.now();
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
  const problems = [...located(plan.diagnostics, head.loaded.settle), ...workflows, ...head.loaded.problems];
  const was = keysOf(base.problems, base.side?.loaded.desired ?? []);
  const is = keysOf(problems, head.loaded.desired);
  const known = new Set(was.values());
  const left = new Set(is.values());
  const schedules = observed.map(({ schedule }) => schedule);
  const chosen = narrow(head.loaded.desired, observed, plan.selection).desired;
  const schedulesThen = schedulesAfter(plan.changes, chosen, schedules);
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

/** The other formats say of the load only that it is another one. */
function tellsLoads({ outputs }: Pick<Run, 'outputs'>): boolean {
  return outputs.some(({ format }) => format === 'json' || format === 'html');
}

type BaseSide = {
  /** Absent = there is no configuration of this environment. */
  readonly side?: Side;
  readonly state: BaseState;
  readonly problems: readonly LocatedDiagnostic[];
  /** Absent = what it asks for is not known. */
  readonly applied?: Applied;
  /** Why not, a line each. */
  readonly reasons?: readonly string[];
  /** Where it has the manifests, when that is another directory than now. */
  readonly directory?: string;
};

/** What the commit asks for, as a server has it once it was applied. */
async function baseSide(
  run: Run,
  files: CommitFiles,
  server: ServerIdentity,
  rules: ReturnType<typeof reading>,
  head: Side,
  commit: string,
): Promise<BaseSide> {
  const { request, options, env, trust, now, masker } = run;
  /** What this checkout cannot tell of it does not count against the base. */
  const unknown = (side: Omit<BaseSide, 'problems'> & Partial<Pick<BaseSide, 'problems'>>): BaseSide => {
    const missing = leftOutTexts(files, side.problems ?? []);
    return missing.length === 0
      ? { problems: [], ...side }
      : { state: 'unread', problems: [], reasons: missing, ...present({ side: side.side }) };
  };
  const configured = configure(request, { ...files, env }, trust);
  // It cannot be read, or has no such environment or file: that says nothing about what was applied.
  if (configured.kind === 'usage')
    return unknown({ state: 'unconfigured', reasons: [configured.usage.message] });
  if (configured.kind === 'broken') return unknown({ state: 'broken', problems: configured.problems });
  const policy = policyOf(options, configured.value.config, env);
  if (!policy.ok) return unknown({ state: 'unconfigured', reasons: [policy.usage.message] });
  const place = { commit, ask: (args: readonly string[]) => run.files.git('.', args), exists: existsIn(run) };
  const movedFile =
    configured.value.source === undefined && head.configured.source !== undefined
      ? goneNamesakes(nameIn(head.configured.source.path), place)
      : [];
  if (movedFile === undefined || movedFile.length > 0)
    return unknown({ state: 'unconfigured', reasons: (movedFile ?? []).map(goneText) });
  const read = { env, now, masker, trust, files, ...present({ tz: run.tz }) };
  const loadFrom = async (from: Configured): Promise<Loaded> =>
    load(read, from, { ...rules, allowEmpty: true, allowMissing: true });

  let from = configured.value;
  let found = await loadFrom(from);
  let directory: string | undefined;
  if (found.files === 0 && !found.broken) {
    const { configuredDirectory } = from.config;
    const older =
      head.configured.config.isWholeDirectory &&
      !isSamePath(configuredDirectory, from.config.directory) &&
      files.readTree(configuredDirectory, []).kind === 'read'
        ? ({ kind: 'at', directory: configuredDirectory } as const)
        : olderPlace({ ...place, here: head.loaded.paths, noManifests: from.noManifests });
    if (older.kind === 'unknown') return unknown({ state: 'moved', reasons: goneTexts(older.gone) });
    if (older.kind === 'at' && !isSamePath(older.directory, from.config.directory)) {
      directory = older.directory;
      from = { ...from, config: { ...from.config, directory } };
      found = await loadFrom(from);
    }
  }
  const secretsOf = secretPathsOf(found);
  const loaded = withoutSecrets(found);
  const side: Side = { configured: from, loaded, policy: policy.value, secretsOf };
  const demanded = await demandedOf(run, files, loaded);
  if (loaded.broken || demanded.problems.length > 0)
    return unknown({ state: 'broken', side, problems: [...demanded.problems, ...loaded.problems] });
  const workflows = await repositoryWorkflowProblems(files, from.config, loaded);
  const applied = asApplied({
    desired: loaded.desired,
    server,
    policy: policy.value,
    now: now(),
    allows: allowing(loaded),
    ...present({ demanded: demanded.value }),
  });
  const problems = [...located(applied.diagnostics, loaded.settle), ...workflows, ...loaded.problems];
  // A calendar or a policy that could not be read may be in none of the problems.
  if (files.leftOut().length > 0) return unknown({ state: 'unread', side });
  return {
    state: loaded.files === 0 ? 'empty' : 'read',
    side,
    applied,
    problems,
    ...present({ directory }),
  };
}

function existsIn({ files }: Run): (path: string) => boolean {
  return (path) => files.realPath(path) !== undefined;
}

function nameIn(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

const mostReasons = 5;

function goneTexts(paths: readonly string[] | undefined): readonly string[] {
  if (paths === undefined) return ['Git did not list the files of the base'];
  const rest = paths.length - mostReasons;
  return [...paths.slice(0, mostReasons).map(goneText), ...(rest > 0 ? [`${rest} more`] : [])];
}

function goneText(path: string): string {
  return `${path} is in the base, and nothing is there now`;
}

/** What the checkout lacks, with what to do about it. */
function leftOutTexts(files: CommitFiles, problems: readonly LocatedDiagnostic[]): readonly string[] {
  const out = files.leftOut();
  const blobs = out.filter(({ why }) => why === 'partial-clone').map(({ path }) => path);
  const filtered = out.flatMap((one) => (one.why === 'filter' ? [`${one.path} (${one.filter})`] : []));
  const submodules = problems.flatMap(({ diagnostic: { code, args } }) =>
    code === 'not-read' && 'fault' in args && args.fault === 'empty-submodule' && 'path' in args
      ? [String(args.path)]
      : [],
  );
  return [
    ...listing(
      blobs,
      'this is a partial clone without the older content of',
      '`git fetch --refetch --no-filter` gets it',
    ),
    ...listing(
      submodules,
      'not checked out, or without the commit of the base: the submodule',
      '`git submodule update --init`, then `git fetch` in it',
    ),
    ...listing(
      filtered,
      'a filter of Git changes at checkout',
      'what a checkout of the base would have is not known',
    ),
  ];
}

function listing(paths: readonly string[], what: string, hint: string): readonly string[] {
  if (paths.length === 0) return [];
  const rest = paths.length - mostReasons;
  return [`${what} ${paths.slice(0, mostReasons).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}: ${hint}`];
}

function isError({ diagnostic }: LocatedDiagnostic): boolean {
  return diagnostic.severity === 'error';
}

function secretPathsOf({ desired }: Loaded): SecretPaths {
  return new Map(
    desired.map(({ schedule, secrets = [] }) => [schedule.name, secrets.map(({ path }) => path)] as const),
  );
}

/** Their texts hold references instead of values; these are compared, and are not secret. */
function withoutSecrets(loaded: Loaded): Loaded {
  return { ...loaded, desired: loaded.desired.map(({ secrets: _secrets, ...one }) => one) };
}

type Demanding = {
  readonly value?: NonNullable<PlanInput['demanded']>;
  readonly problems: readonly LocatedDiagnostic[];
};

/** What the team demands there; a policy that cannot be used is a problem. */
async function demandedOf(
  { now }: Run,
  files: Parameters<typeof readyPolicies>[0]['files'],
  { policies, desired, fields = [] }: Loaded,
): Promise<Demanding> {
  if (policies === undefined) return { problems: [] };
  const { judge, diagnostics } = await readyPolicies({ now, files }, policies);
  if (diagnostics.length > 0) return { problems: aboutPolicies(policies, diagnostics) };
  const byName = desired.map(({ schedule }, index) => [schedule.name, fields[index] ?? {}] as const);
  return { value: { judge, fields: new Map(byName) }, problems: [] };
}

function allowing(loaded: Loaded): NonNullable<PlanInput['allows']> {
  return (one) => one.place.kind === 'field' && loaded.settle([one]).length === 0;
}

/** Those about a field of a manifest with the line that it is on. */
function located(diagnostics: readonly Diagnostic[], place: Loaded['settle']): readonly LocatedDiagnostic[] {
  const isAtField = (one: Diagnostic): boolean => one.place.kind === 'field';
  return [...placed(diagnostics.filter((one) => !isAtField(one))), ...place(diagnostics.filter(isAtField))];
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

/** Every setting and every policy that differs: what decides what schedules come to and where, and how they are judged. */
async function settingChanges(before: Settings, after: Settings): Promise<readonly SettingChange[]> {
  const [was, is] = [await settingsOf(before), await settingsOf(after)];
  return [...new Set([...Object.keys(is), ...Object.keys(was)])].flatMap((setting) => {
    const [one, other] = [was[setting], is[setting]];
    return canonicalJson(one ?? null) === canonicalJson(other ?? null)
      ? []
      : [{ setting, ...present({ before: one, after: other }) }];
  });
}

type Settings = {
  readonly config: Config;
  readonly policies: Loaded['policies'] | undefined;
  readonly files: Pick<CommitFiles, 'readFile'>;
};

type Shown = { readonly [setting: string]: Json | undefined };

async function settingsOf({ config, policies, files }: Settings): Promise<Shown> {
  const shown = Object.values(shownSettings).flatMap((show) => (show === undefined ? [] : [show(config)]));
  const rules = await Promise.all(
    (policies?.policies ?? []).map(async ({ entry }): Promise<Shown> => {
      const setting = `policies.${entry.name}`;
      const { name: _name, ...rest } = entry;
      const shown: Shown = { [setting]: rest as Json };
      if (entry.schema === undefined) return shown;
      const read = await files.readFile(relativeTo(policies?.source?.path ?? '', entry.schema));
      return {
        ...shown,
        [`${setting}.schema`]:
          read.kind === 'read' ? `sha256 ${hashOfText(read.text).slice(0, 12)}` : read.kind,
      };
    }),
  );
  return Object.assign({}, ...shown, ...rules) as Shown;
}

/** How each part of a configuration is shown; undefined = it is the same for both sides, or is seen in the changes only. */
const shownSettings: { readonly [K in keyof Required<Config>]: ((config: Config) => Shown) | undefined } = {
  server: ({ server: { url, type } }) => {
    const read = serverUrl(url ?? '');
    return { 'server.url': read.ok ? read.value.base : undefined, 'server.type': type };
  },
  directory: ({ directory }) => ({ manifests: directory }),
  overlays: ({ overlays }) => ({ overlays }),
  owner: ({ owner }) => ({ owner }),
  prune: ({ prune }) => ({ prune }),
  ignore: ({ ignore }) => ({ ignore }),
  policies: ({ policies }) => ({ policies }),
  workflows: ({ workflows }) => ({ workflows }),
  rules: ({ rules }) => under('rules', rules),
  calendars: ({ calendars = {} }) => under('calendars', calendars),
  presets: ({ presets: { names, paused, tags } }) => ({ names, paused, tags }),
  defaults: ({ defaults }) => under('defaults', defaults),
  allow: ({ allow }) => under('allow', allow),
  notSensitive: ({ notSensitive }) => ({ 'sensitive.not': notSensitive.map((path) => path.join('.')) }),
  limits: ({ limits }) =>
    Object.fromEntries(
      Object.entries(limits).map(([name, limit]) => [
        `limits.${name}`,
        limit.kind === 'none' ? 'none' : limit.kind === 'percent' ? `${limit.percent}%` : limit.count,
      ]),
    ),
  // A value may be anything, and what it changes is in the changes.
  variables: undefined,
  environment: undefined,
  environments: undefined,
  file: undefined,
  isUnconfigured: undefined,
  isWholeDirectory: undefined,
  configuredDirectory: undefined,
  sources: undefined,
};

function under(prefix: string, values: { readonly [key: string]: unknown }): Shown {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`${prefix}.${key}`, value as Json]),
  );
}
