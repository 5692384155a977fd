import type { Connection } from '../conductor/connect.ts';
import type { Io } from '../io/io.ts';
import type { LocatedDiagnostic } from '../model/diagnostic.ts';
import type { ExitCode } from '../model/exit.ts';
import type { Plan } from '../model/plan.ts';
import type { DesiredSchedule } from '../model/schedule.ts';
import { type FailureDocument, failureDocument, type RunEntry, withRun } from '../report/document.ts';
import { withoutSecrets } from '../report/secrets.ts';
import { type Configured, configure } from './configure.ts';
import { emitFailure, usageError } from './emit.ts';
import { load, placed } from './load.ts';
import { policyOf } from './policy.ts';
import type { Request } from './program.ts';
import { runOf } from './run-entry.ts';
import { type ConnectionSettings, type Output, outputsOf, runFormats } from './settings.ts';
import { noteCredentials, type Observed, oldScheduler, open, planAgainst } from './stages.ts';

/** Manifests and server, put side by side. */
export type Compared =
  | {
      readonly kind: 'compared';
      readonly plan: Plan;
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

/** What plan, apply and drift begin with. An invalid manifest ends it before the server is asked anything. */
export async function compared(
  request: Request,
  io: Io,
  signal: AbortSignal = new AbortController().signal,
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
  return {
    kind: 'compared',
    plan,
    desired,
    observed,
    problems: [...placed(plan.diagnostics), ...problems],
    configured,
    secretValues,
    connection,
    settings,
    outputs: outputs.value,
    run,
  };
}
