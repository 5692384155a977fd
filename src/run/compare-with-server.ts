import type { Request } from '../argv/program.ts';
import type { Connection } from '../conductor/connect.ts';
import type { Io } from '../io/io.ts';
import type { ExitCode } from '../model/exit.ts';
import type { Plan } from '../model/plan.ts';
import type { RunEntry } from '../model/run-entry.ts';
import type { DesiredSchedule } from '../model/schedule.ts';
import type { JudgedPlan } from '../plan/plan.ts';
import { narrow } from '../plan/scope.ts';
import type { LocatedDiagnostic } from '../problems/diagnostic.ts';
import { withRun } from '../report/documents/document.ts';
import { type FailureDocument, failureDocument } from '../report/documents/failure.ts';
import { withoutSecrets } from '../report/documents/secrets.ts';
import { type Configured, configure } from '../settings/configure.ts';
import { runOf } from '../settings/run-entry.ts';
import { policyOf } from '../settings/run-policy.ts';
import { type ConnectionSettings, type Output, outputsOf, runFormats } from '../settings/settings.ts';
import { emitFailure, usageError } from './emit.ts';
import { load, placed } from './load-manifests.ts';
import { noteCredentials, type Observed, oldScheduler, open, planAgainst } from './stages.ts';

/** Manifests and server, put side by side. */
export type Compared =
  | {
      readonly kind: 'compared';
      readonly plan: JudgedPlan;
      readonly desired: readonly DesiredSchedule[];
      readonly observed: Observed;
      readonly problems: readonly LocatedDiagnostic[];
      readonly configured: Configured;
      /** What must not be shown, wherever it stands: see `Loaded`. */
      readonly secretValues: readonly string[];
      readonly connection: Connection;
      readonly settings: ConnectionSettings;
      readonly outputs: readonly Output[];
      readonly run: RunEntry;
    }
  /** It could not be done, and that has been said. */
  | { readonly kind: 'ended'; readonly code: ExitCode };

interface Comparing {
  /** Whose workflows are looked up: those of schedules that are written, of all, or nobody's. */
  readonly online: 'changes' | 'all' | 'nothing';
  readonly signal?: AbortSignal;
}

/** What plan, apply and drift begin with. An invalid manifest ends it before the server is asked anything. */
export async function compared(
  request: Request,
  io: Io,
  { online, signal = new AbortController().signal }: Comparing,
): Promise<Compared> {
  const { options } = request;
  const outputs = outputsOf(options.output, runFormats);
  if (!outputs.ok) return { kind: 'ended', code: usageError(io, outputs.usage) };
  let run = runOf(request, io.env);
  let secretValues: readonly string[] = [];
  const fail = (document: FailureDocument): Compared => ({
    kind: 'ended',
    code: emitFailure(io, outputs.value, withoutSecrets(withRun(document, run), secretValues)),
  });
  const settled = configure(request, io);
  if (settled.kind === 'usage') return { kind: 'ended', code: usageError(io, settled.usage) };
  if (settled.kind === 'broken') return fail(failureDocument(settled.problems));
  const configured = settled.value;
  run = runOf(request, io.env, configured.config);
  const policy = policyOf(options, configured.config);
  if (!policy.ok) return { kind: 'ended', code: usageError(io, policy.usage) };
  const opened = open(io, options, configured.config, signal);
  if (!opened.ok) return { kind: 'ended', code: usageError(io, opened.usage) };
  const { connection, settings } = opened;

  const loaded = load(io, configured, {
    allowEmpty: options.allowEmpty === true,
    missingSecrets: options.allowUnknownSecrets === true ? 'opaque' : 'error',
  });
  const { desired, problems, broken } = loaded;
  secretValues = loaded.secretValues;
  if (broken) return fail(failureDocument(problems));

  const planned = await planAgainst(connection, desired, policy.value, io.now);
  if (!planned.ok) return fail(failureDocument(problems, planned.failure));
  const { plan, observed } = planned;
  const refusal = oldScheduler(observed.server);
  if (refusal !== undefined) return fail(failureDocument([...problems, ...placed([refusal])]));
  noteCredentials(observed.server, io);
  const asked = {
    nothing: () => [],
    changes: () => savedBy(plan, desired),
    all: () => narrow(desired, observed.schedules, plan.selection).desired,
  }[online]();
  const { rules } = configured.config;
  const looking = { rules, settle: loaded.settle, required: online === 'all' };
  const workflows =
    asked.length === 0
      ? undefined
      : await (await import('./look-up-workflows.ts')).lookUp(connection.workflows, asked, looking);
  const found = [...placed(plan.diagnostics), ...(workflows?.problems ?? []), ...problems];
  if (workflows?.broken || workflows?.failure !== undefined)
    return fail(failureDocument(found, workflows.failure));
  return {
    kind: 'compared',
    plan,
    desired,
    observed,
    problems: found,
    configured,
    secretValues,
    connection,
    settings,
    outputs: outputs.value,
    run,
  };
}

/** The schedules that a plan saves. */
function savedBy({ changes }: Plan, desired: readonly DesiredSchedule[]): readonly DesiredSchedule[] {
  const names = new Set(
    changes.filter(({ steps }) => steps.some(({ kind }) => kind === 'save')).map(({ name }) => name),
  );
  return names.size === 0 ? [] : desired.filter(({ schedule }) => names.has(schedule.name));
}
