import type { Connection } from '../conductor/connect.ts';
import type { Io } from '../io/io.ts';
import type { LocatedDiagnostic } from '../model/diagnostic.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import type { Plan } from '../model/plan.ts';
import { failureDocument } from '../report/document.ts';
import { emit, tell, usageError } from './emit.ts';
import type { Request } from './program.ts';
import { type ConnectionSettings, type Output, outputsOf } from './settings.ts';
import { defaultDirectory, load, type Observed, open, placed, planAgainst } from './stages.ts';

/** Manifests and server, put side by side. */
export type Compared =
  | {
      readonly kind: 'compared';
      readonly plan: Plan;
      readonly observed: Observed;
      readonly problems: readonly LocatedDiagnostic[];
      readonly connection: Connection;
      readonly settings: ConnectionSettings;
      readonly outputs: readonly Output[];
    }
  /** It could not be done, and that has been said. */
  | { readonly kind: 'ended'; readonly code: ExitCode };

/** What plan, apply and drift begin with. An invalid manifest ends it before the server is asked anything. */
export async function compared(
  { argument = defaultDirectory, options }: Request,
  io: Io,
  signal: AbortSignal = new AbortController().signal,
): Promise<Compared> {
  const outputs = outputsOf(options.output);
  if (!outputs.ok) return { kind: 'ended', code: usageError(io, outputs.usage) };
  const opened = open(io, options, signal);
  if (!opened.ok) return { kind: 'ended', code: usageError(io, opened.usage) };
  const { connection, settings } = opened;

  const { desired, problems, broken } = load(io, argument, options.allowEmpty === true);
  const fail = (document: ReturnType<typeof failureDocument>): Compared => {
    // Text goes where problems go; whoever asked for JSON gets the failure as JSON too.
    const machine = outputs.value.filter(({ format, to }) => format === 'json' || to.kind === 'file');
    emit(io, machine, document);
    tell(io, machine, document);
    return { kind: 'ended', code: exitCodes.error };
  };
  if (broken) return fail(failureDocument(problems));

  const planned = await planAgainst(connection, desired, io.now);
  if (!planned.ok) return fail(failureDocument(problems, planned.failure));
  const { plan, observed } = planned;
  if (observed.server.credentialsUnused) {
    io.err(
      'note: the server has no authentication (POST /token is 404), so the key and secret are not used\n',
    );
  }
  return {
    kind: 'compared',
    plan,
    observed,
    problems: [...placed(plan.diagnostics), ...problems],
    connection,
    settings,
    outputs: outputs.value,
  };
}
