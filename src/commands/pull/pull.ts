import type { Request } from '../../argv/program.ts';
import type { Io } from '../../io/io.ts';
import { shownTexts } from '../../manifest/secrets/mask-text.ts';
import { type ExitCode, exitCodes } from '../../model/exit.ts';
import type { Failure, ServerIdentity } from '../../model/port.ts';
import type { Policy } from '../../model/run-policy.ts';
import type { DesiredSchedule, ObservedSchedule } from '../../model/schedule.ts';
import { namesWithTags } from '../../plan/plan.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import { failureDocument } from '../../report/documents/failure.ts';
import { pullDocument } from '../../report/documents/pull.ts';
import type { PulledFile, PullResult } from '../../report/documents/pull-result.ts';
import { withoutSecrets } from '../../report/documents/secrets.ts';
import { emit, emitFailure, tell, usageError } from '../../run/emit.ts';
import { load, placed } from '../../run/load-manifests.ts';
import { noteCredentials, observe, oldScheduler, open } from '../../run/stages.ts';
import { type Configured, configure } from '../../settings/configure.ts';
import { policyOf } from '../../settings/run-policy.ts';
import { outputsOf, refuse, type Settled, type UsageError } from '../../settings/settings.ts';
import type { PullFile } from './edited-files.ts';
import { anyServer, readFrom } from './from-file.ts';
import { pulling } from './pull-plan.ts';

/** Brings the server's side into the files. */
export async function run(request: Request, io: Io): Promise<ExitCode> {
  const { options } = request;
  const outputs = outputsOf(options.output);
  if (!outputs.ok) return usageError(io, outputs.usage);
  let secretValues: readonly string[] = [];
  const fail = (problems: readonly LocatedDiagnostic[], failure?: Failure): ExitCode => {
    return emitFailure(io, outputs.value, withoutSecrets(failureDocument(problems, failure), secretValues));
  };

  const clash = clashOf(request);
  if (!clash.ok) return usageError(io, clash.usage);
  const settled = configure(request, io);
  if (settled.kind === 'usage') return usageError(io, settled.usage);
  if (settled.kind === 'broken') return fail(settled.problems);
  const { config } = settled.value;
  const policy = policyOf(options, config);
  if (!policy.ok) return usageError(io, policy.usage);
  const unmanaged = options.unmanaged === true || options.from !== undefined;

  const loaded = load(io, settled.value, {
    allowEmpty: unmanaged,
    allowMissing: unmanaged && config.isWholeDirectory,
    missingSecrets: 'opaque',
    keepSources: true,
  });
  secretValues = loaded.secretValues;
  const { desired, written } = loaded;
  if (loaded.broken || written === undefined) return fail(loaded.problems);

  const seen =
    options.from === undefined
      ? await seeServer(request, settled.value, policy.value, desired, io)
      : seeFile(options.from, options.workflow, io);
  if (seen.kind === 'usage') return usageError(io, seen.usage);
  if (seen.kind === 'failed') return fail(seen.problems, seen.failure);

  const found = pulling({
    desired,
    written,
    observed: seen.schedules,
    isPartial: options.from !== undefined || options.workflow !== undefined,
    server: seen.server,
    url: seen.url,
    policy: policy.value,
    config,
    unmanaged,
  });
  const unknown = found.plan.diagnostics.filter(({ code }) => code === 'unknown-target');
  if (unknown.length > 0) return fail(placed(unknown));

  const { check = false, showSensitive = false } = options;
  const files = found.files.map((file): PulledFile => {
    const { path, before = '', after, schedules } = file;
    const sensitive = new Map(desired.map(({ schedule, lifecycle }) => [schedule.name, lifecycle.sensitive]));
    const shown = showSensitive ? { before, after } : shownTexts(before, after, sensitive);
    return {
      path,
      kind: file.before === undefined ? 'create' : 'edit',
      shownBefore: shown.before,
      shownAfter: shown.after,
      schedules,
      outcome: check ? { kind: 'not-asked' } : writing(file, io),
    };
  });
  const { plan: _plan, brokenRules, ...rest } = found;
  const result: PullResult = { ...rest, from: seen.from, check, files };
  const document = withoutSecrets(
    pullDocument(result, [...loaded.problems, ...brokenRules], { showSensitive }),
    secretValues,
  );
  const code = emit(io, outputs.value, document);
  tell(io, outputs.value, document);
  if (code !== exitCodes.fine || files.some(({ outcome }) => outcome.kind === 'failed'))
    return exitCodes.error;
  return check && files.length > 0 ? exitCodes.changes : exitCodes.fine;
}

/** What there is to pull. */
type Seen =
  | {
      readonly kind: 'seen';
      readonly schedules: readonly ObservedSchedule[];
      readonly server: ServerIdentity;
      readonly url: string;
      readonly from: PullResult['from'];
    }
  | { readonly kind: 'usage'; readonly usage: UsageError }
  | { readonly kind: 'failed'; readonly problems: readonly LocatedDiagnostic[]; readonly failure?: Failure };

function seeFile(path: string, workflow: string | undefined, io: Io): Seen {
  const read = readFrom(path, io);
  if (!read.ok) return { kind: 'usage', usage: read.usage };
  if (read.value.kind === 'broken') return { kind: 'failed', problems: read.value.problems };
  return {
    kind: 'seen',
    schedules: ofWorkflow(read.value.schedules, workflow),
    server: anyServer,
    url: '',
    from: { kind: 'file', file: path },
  };
}

async function seeServer(
  { options }: Request,
  { config }: Configured,
  policy: Policy,
  desired: readonly DesiredSchedule[],
  io: Io,
): Promise<Seen> {
  const opened = open(io, options, config, new AbortController().signal);
  if (!opened.ok) return { kind: 'usage', usage: opened.usage };
  const { connection } = opened;
  const named = new Set(desired.map(({ schedule }) => schedule.name));
  const observation = await observe(
    connection,
    (all) => {
      const schedules = ofWorkflow(all, options.workflow);
      const fresh = options.unmanaged
        ? schedules.filter(({ schedule, tags }) => tags === undefined && !named.has(schedule.name))
        : [];
      return [...namesWithTags(desired, schedules, policy), ...fresh.map(({ schedule }) => schedule.name)];
    },
    io.now,
    options.workflow,
  );
  if (!observation.ok) return { kind: 'failed', problems: [], failure: observation.failure };
  const { schedules, server } = observation.observed;
  const refusal = oldScheduler(server);
  if (refusal !== undefined) return { kind: 'failed', problems: placed([refusal]) };
  noteCredentials(server, io);
  const { serverType, version } = server;
  const target = { url: connection.url, serverType, ...(version === undefined ? {} : { version }) };
  return {
    kind: 'seen',
    schedules: ofWorkflow(schedules, options.workflow),
    server,
    url: connection.url,
    from: { kind: 'server', target },
  };
}

/** Servers are asked for one workflow's; whether they obey is seen here. */
function ofWorkflow(
  schedules: readonly ObservedSchedule[],
  workflow: string | undefined,
): readonly ObservedSchedule[] {
  if (workflow === undefined) return schedules;
  return schedules.filter(({ schedule }) => schedule.startWorkflowRequest.name === workflow);
}

function writing({ path, before, after }: PullFile, io: Io): PulledFile['outcome'] {
  const why = io.replaceFile(path, before, after);
  return why === undefined ? { kind: 'written' } : { kind: 'failed', why };
}

/** Flags that would be without effect together. */
function clashOf({ options }: Request): Settled<undefined> {
  if (options.from !== undefined && options.server !== undefined)
    return refuse('--from and --server are two sources', 'give one of them: --from needs no server');
  return { ok: true, value: undefined };
}
