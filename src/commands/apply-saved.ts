import type { Options, Request } from '../argv/program.ts';
import { withTexts } from '../compare/leaves.ts';
import { serverTypes } from '../conductor/server-types.ts';
import { serverUrl } from '../http/url.ts';
import type { FileRead, Io } from '../io/io.ts';
import { resolveSecrets } from '../manifest/secrets/secret-text.ts';
import type { Config } from '../model/config.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import type { Capabilities, Failure } from '../model/port.ts';
import type { FieldPath, ObservedSchedule } from '../model/schedule.ts';
import { placesOf } from '../plan/on-server.ts';
import { readSaved } from '../plan/saved/read-saved.ts';
import { planOfSaved } from '../plan/saved/revive.ts';
import type { SavedPlan } from '../plan/saved/saved-plan.ts';
import type { DiagnosticArgs } from '../problems/codes.ts';
import { type Diagnostic, type Place, problem } from '../problems/diagnostic.ts';
import { withRun } from '../report/documents/document.ts';
import { type FailureDocument, failureDocument } from '../report/documents/failure.ts';
import { withoutSecrets } from '../report/documents/secrets.ts';
import { carryOut, show } from '../run/carry-out.ts';
import { interruptible } from '../run/confirm.ts';
import { emitFailure, usageError } from '../run/emit.ts';
import { placed } from '../run/load-manifests.ts';
import { noteCredentials, observe, oldScheduler, open } from '../run/stages.ts';
import { configure } from '../settings/configure.ts';
import { runOf } from '../settings/run-entry.ts';
import { type Output, outputsOf, runFormats, type UsageError } from '../settings/settings.ts';

/** What was settled when the plan was made: with a saved plan these would be ignored, so they are refused. */
const settled = [
  ['--var', 'var'],
  ['--prune', 'prune'],
  ['--adopt', 'adopt'],
  ['--take-over', 'takeOver'],
  ['--target', 'target'],
  ['--exclude', 'exclude'],
  ['--selector', 'selector'],
  ['--max-deletes', 'maxDeletes'],
  ['--max-updates', 'maxUpdates'],
  ['--max-fires-per-day', 'maxFiresPerDay'],
  ['--max-fires-per-minute', 'maxFiresPerMinute'],
  ['--allow-empty', 'allowEmpty'],
] as const satisfies readonly (readonly [string, keyof Options])[];

/** Carries out a plan that was saved to a file. Nobody is asked: that the plan was reviewed is what the file is for. */
export async function run(
  request: Request,
  path: string,
  file: FileRead & { readonly kind: 'read' | 'unreadable' },
  io: Io,
): Promise<ExitCode> {
  const { options } = request;
  const outputs = outputsOf(options.output, runFormats);
  if (!outputs.ok) return usageError(io, outputs.usage);
  const wrong = settled.flatMap(([flag, name]) => (options[name] === undefined ? [] : [flag]));
  if (wrong.length > 0) {
    return usageError(io, {
      message: `${wrong.join(', ')} cannot go with a saved plan`,
      hint: `what ${path} does was settled by \`downbeat plan --out\`: give them there`,
    });
  }
  if (file.kind === 'unreadable') {
    return usageError(io, {
      message: `${path} cannot be read: ${file.why}`,
      hint: 'it is readable for whoever saved it alone: run as the same user, or make it readable',
    });
  }
  const read = readSaved(file.text, path);
  const { argument: _file, ...rest } = request;
  if (!read.ok) {
    const document = withRun(failureDocument(placed([read.diagnostic])), runOf(rest, io.env));
    return emitFailure(io, outputs.value, document);
  }
  return interruptible(io, (signal) =>
    applySaved(read.saved, rest, { path, outputs: outputs.value }, io, signal),
  );
}

async function applySaved(
  saved: SavedPlan,
  request: Request,
  { path, outputs }: { readonly path: string; readonly outputs: readonly Output[] },
  io: Io,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { options } = request;
  const place: Place = { kind: 'file', file: path };
  const { resolved, diagnostics, secretValues } = withSecrets(saved, io.env, place);
  let run = runOf(request, io.env);
  const failWith = (document: FailureDocument): ExitCode =>
    emitFailure(io, outputs, withoutSecrets(withRun(document, run), secretValues));
  const fail = (problems: readonly Diagnostic[], failure?: Failure): ExitCode => {
    if (signal.aborted) return exitCodes.interrupted;
    return failWith(failureDocument(placed(problems), failure));
  };
  const settings = configure(request, io);
  if (settings.kind === 'usage') return usageError(io, settings.usage);
  if (settings.kind === 'broken') return failWith(failureDocument(settings.problems));
  const { config } = settings.value;
  const { selection } = saved;
  run = { ...runOf(request, io.env, config), ...(selection === undefined ? {} : { selection }) };
  const unnamed = noServer(saved, config);
  if (unnamed !== undefined) return usageError(io, unnamed);
  const others = forOthers(saved, config);
  if (others.length + diagnostics.length > 0)
    return fail([...others.map((args) => problem('plan-for-other', args, place)), ...diagnostics]);
  if (options.expectDigest !== undefined && options.expectDigest !== saved.digest) {
    const args = { digest: saved.digest, expected: options.expectDigest };
    fail([problem('plan-changed', args, place)]);
    return exitCodes.stale;
  }

  const opened = open(io, options, config, signal);
  if (!opened.ok) return usageError(io, opened.usage);
  const { connection } = opened;
  const observation = await observe(connection, (schedules) => namesToTag(saved, schedules), io.now);
  if (!observation.ok) return fail([], observation.failure);
  const { observed } = observation;
  const { serverType, capabilities } = observed.server;
  const refusal = oldScheduler(observed.server);
  if (refusal !== undefined) return fail([refusal]);
  const planned = saved.target.serverType;
  if (!keepTheSame(serverTypes[planned].capabilities, capabilities))
    return fail([problem('plan-for-other', { what: 'serverType', planned, here: serverType }, place)]);
  noteCredentials(observed.server, io);
  const plan = planOfSaved(resolved, observed.schedules, placesOf(capabilities));
  const ready = { plan, observed, connection, settings: opened.settings, outputs, secretValues, run };
  show(ready, [], options, io, { final: false });
  return carryOut(ready, options, io, signal);
}

/** The steps with the values that this environment has for the references in them; no request is made before. */
function withSecrets(
  saved: SavedPlan,
  env: Io['env'],
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
      const found = resolveSecrets(text, path, env, place);
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
    message: `no server is named; the plan is for ${saved.target.url}`,
    hint: 'name it with --server, CONDUCTOR_SERVER_URL, --env or server.url in downbeat.yaml',
  };
}

/** What this run is for and the plan is not. Without an owner in the configuration, the plan's is taken. */
function forOthers(saved: SavedPlan, config: Config): readonly DiagnosticArgs['plan-for-other'][] {
  const { target, owner = '' } = saved;
  const url = serverUrl(config.server.url ?? '');
  return [
    ...(url.ok && url.value.base !== target.url
      ? [{ what: 'server', planned: target.url, here: url.value.base } as const]
      : []),
    ...(config.owner !== undefined && config.owner !== owner
      ? [{ what: 'owner', planned: owner, here: config.owner } as const]
      : []),
  ];
}

/** Whether a plan that was adapted to the one is right for the other. */
function keepTheSame(one: Capabilities, other: Capabilities): boolean {
  return one.tags === other.tags && one.pauseReason === other.pauseReason;
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
