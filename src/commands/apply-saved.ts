import type { Options, Request } from '../argv/program.ts';
import { withTexts } from '../compare/leaves.ts';
import { keyCheck } from '../compare/seal.ts';
import { serverTypes } from '../conductor/server-types.ts';
import { serverUrl } from '../http/url.ts';
import type { Scope } from '../manifest/resolve/substitute.ts';
import { resolveSecrets } from '../manifest/secrets/secret-text.ts';
import type { Config } from '../model/config.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import type { Step } from '../model/plan.ts';
import type { Capabilities } from '../model/port.ts';
import { present } from '../model/present.ts';
import type { FieldPath, ObservedSchedule } from '../model/schedule.ts';
import { placesOf } from '../plan/on-server.ts';
import { digestOfSaved, readSaved } from '../plan/saved/read-saved.ts';
import { planOfSaved } from '../plan/saved/revive.ts';
import type { SavedPlan } from '../plan/saved/saved-plan.ts';
import type { DiagnosticArgs } from '../problems/codes.ts';
import { type Diagnostic, type Place, problem } from '../problems/diagnostic.ts';
import { carryOut, show } from '../run/carry-out.ts';
import { placed } from '../run/load-manifests.ts';
import { diskOf, observe, open, settle } from '../run/prologue.ts';
import type { FileRead, Run } from '../run/run.ts';
import { runOf } from '../settings/run-entry.ts';
import { digestKeyOf } from '../settings/run-policy.ts';
import type { UsageError } from '../settings/settings.ts';

/** What was settled when the plan was made: with a saved plan these would be ignored, so they are refused. */
const settled = [
  ['--var', 'var'],
  ['--prune', 'prune'],
  ['--no-prune', 'noPrune'],
  ['--adopt', 'adopt'],
  ['--take-over', 'takeOver'],
  ['--target', 'target'],
  ['--exclude', 'exclude'],
  ['--selector', 'selector'],
  ['--max-deletes', 'maxDeletes'],
  ['--max-updates', 'maxUpdates'],
  ['--max-creates', 'maxCreates'],
  ['--max-pauses', 'maxPauses'],
  ['--max-fires-per-day', 'maxFiresPerDay'],
  ['--max-fires-per-minute', 'maxFiresPerMinute'],
  ['--allow-empty', 'allowEmpty'],
] as const satisfies readonly (readonly [string, keyof Options])[];

/** Carries out a plan that was saved to a file, without asking: the file is the reviewed plan. */
export async function applyFile(
  run: Run,
  path: string,
  file: FileRead & { readonly kind: 'read' | 'unreadable' },
): Promise<ExitCode> {
  const wrong = settled.flatMap(([flag, name]) => (run.options[name] === undefined ? [] : [flag]));
  if (wrong.length > 0) {
    return run.refuse({
      message: `${wrong.join(', ')} cannot be used with a saved plan`,
      hint: `\`downbeat plan --out\` decided what ${path} does: pass the flags there`,
    });
  }
  if (file.kind === 'unreadable') {
    return run.refuse({
      message: `${path} cannot be read: ${file.why}`,
      hint: 'only the user who saved it can read it: run as that user, or make it readable',
    });
  }
  const { argument: _file, ...request } = run.request;
  const disk = diskOf(run);
  run.identify(runOf(request, disk));
  const read = readSaved(file.text, path);
  if (!read.ok) return run.fail(placed([read.diagnostic]));
  return run.interruptible(() => applySaved(run, request, read.saved, { kind: 'file', file: path }));
}

async function applySaved(run: Run, request: Request, saved: SavedPlan, place: Place): Promise<ExitCode> {
  const { env } = run;
  for (const value of withSecrets(saved, { env, allow: { env: [] } }, place).secretValues)
    run.masker.learn(value);
  const configured = settle(run, request);
  if (configured.kind === 'ended') return configured.code;
  const { config } = configured.value;
  const key = digestKeyOf(env);
  if (!key.ok) return run.refuse(key.usage);
  const { resolved, diagnostics } = withSecrets(saved, { env, allow: config.allow }, place);
  const { selection } = saved;
  run.identify({ ...runOf(request, diskOf(run), config), ...present({ selection }) });
  const unnamed = noServer(saved, config);
  if (unnamed !== undefined) return run.refuse(unnamed);
  const others = forOthers(saved, config, key.value).map((args) => problem('plan-for-other', args, place));
  if (others.length + diagnostics.length > 0) return run.fail(placed([...others, ...diagnostics]));
  // A plan that was made without a key knows nothing of masked values.
  const digestKey = saved.digestKey === undefined ? undefined : key.value;
  const digest = digestKey === undefined ? saved.digest : digestOfSaved(resolved, digestKey);
  const expected = [run.options.expectDigest ?? saved.digest, saved.digest].find((one) => one !== digest);
  if (expected !== undefined) {
    run.fail(placed([problem('plan-changed', { digest, expected }, place)]));
    return exitCodes.stale;
  }
  const opened = open(run, configured.value);
  if (opened.kind === 'ended') return opened.code;
  const seen = await observe(run, opened.value.connection, (schedules) => namesToTag(saved, schedules), {
    tellsAge: restsOnReason(saved),
  });
  if (seen.kind === 'ended') return seen.code;
  const observed = seen.value;
  const { serverType: here, capabilities } = observed.server;
  const { serverType: planned, assumed = false } = saved.target;
  if (!isRightFor(capabilities, serverTypes[planned].capabilities, assumed))
    return run.fail(placed([problem('plan-for-other', { what: 'serverType', planned, here }, place)]));
  const plan = planOfSaved(resolved, observed.schedules, placesOf(capabilities));
  const names = new Set(plan.changes.map(({ name }) => name));
  const ready = {
    ...opened.value,
    plan,
    observed,
    names,
    rules: config.rules,
    ...(digestKey === undefined ? {} : { digestKey }),
  };
  show(run, ready, [], { final: false });
  return carryOut(run, ready);
}

/** The steps with the values that this environment has for the references in them; no request is made before. */
function withSecrets(
  saved: SavedPlan,
  scope: Pick<Scope, 'env' | 'allow'>,
  place: Place,
): {
  readonly resolved: SavedPlan;
  readonly diagnostics: readonly Diagnostic[];
  readonly secretValues: readonly string[];
} {
  const problems = new Map<string, Diagnostic>();
  const values = new Set<string>();
  const changes = saved.changes.map((change) => {
    const secret = new Set(change.secretPaths.map((path) => JSON.stringify(path)));
    const resolve = (text: string, path: FieldPath): string => {
      if (!secret.has(JSON.stringify(path))) return text;
      const found = resolveSecrets(text, path, scope, place);
      for (const value of found.values) values.add(value);
      // One secret in many places is told once.
      for (const one of found.diagnostics) problems.set(JSON.stringify([one.code, one.args]), one);
      return found.text;
    };
    return { ...change, steps: change.steps.map((step) => withTexts(step, resolve)) };
  });
  return {
    resolved: { ...saved, changes },
    diagnostics: [...problems.values()],
    secretValues: [...values],
  };
}

/** The server is never taken from the file: whoever wrote it would say where the credentials are sent. */
function noServer(saved: SavedPlan, { server }: Config): UsageError | undefined {
  if (server.conflict !== undefined || (server.url ?? '') !== '') return undefined;
  return {
    message: `no server given; the plan is for ${saved.target.url}`,
    hint: 'pass it with --server, CONDUCTOR_SERVER_URL, --env or server.url in downbeat.yaml',
  };
}

/** What this run is for and the plan is not. Without an owner in the configuration, the plan's is taken. */
function forOthers(
  saved: SavedPlan,
  config: Config,
  digestKey: string | undefined,
): readonly DiagnosticArgs['plan-for-other'][] {
  const { target, owner = '' } = saved;
  const url = serverUrl(config.server.url ?? '');
  return [
    ...(url.ok && url.value.base !== target.url
      ? [{ what: 'server', planned: target.url, here: url.value.base } as const]
      : []),
    ...(config.owner !== undefined && config.owner !== owner
      ? [{ what: 'owner', planned: owner, here: config.owner } as const]
      : []),
    ...(saved.digestKey !== undefined && (digestKey === undefined || keyCheck(digestKey) !== saved.digestKey)
      ? [{ what: 'digest-key', planned: '', here: digestKey === undefined ? '' : 'another' } as const]
      : []),
  ];
}

/** Whether a plan that was adapted to the other is right for this server: what it rests on must be kept here, too. */
function isRightFor(here: Capabilities, planned: Capabilities, assumed: boolean): boolean {
  return (
    here.tags === planned.tags &&
    (assumed || here.pauseReason === 'unknown' || here.pauseReason === planned.pauseReason)
  );
}

/** What a rename has started is noted beside the pause, too. */
function restsOnReason({ changes }: SavedPlan): boolean {
  return changes.some(({ kind, steps }) => kind === 'rename' || steps.some(hasReason));
}

function hasReason(step: Step): boolean {
  if (step.kind === 'pause') return step.reason !== undefined;
  if (step.kind !== 'save') return false;
  return step.mode === 'create'
    ? step.schedule.pausedReason !== undefined
    : step.set.some(({ path }) => path[0] === 'pausedReason');
}

/** Whose tags the plan is about, where the list does not have them. */
function namesToTag({ changes }: SavedPlan, schedules: readonly ObservedSchedule[]): readonly string[] {
  const about = new Set(
    changes.flatMap(({ name, kind, tagsBasis }) =>
      kind === 'delete' || tagsBasis !== undefined ? [name] : [],
    ),
  );
  return schedules.flatMap(({ schedule, tags }) =>
    tags === undefined && about.has(schedule.name) ? [schedule.name] : [],
  );
}
