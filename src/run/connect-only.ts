import type { Request } from '../argv/program.ts';
import type { Connection } from '../conductor/connect.ts';
import type { Io } from '../io/io.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import type { Failure, ServerIdentity } from '../model/port.ts';
import { type Diagnostic, problem } from '../problems/diagnostic.ts';
import { type FailureDocument, failureDocument } from '../report/documents/failure.ts';
import { type Configured, configure } from '../settings/configure.ts';
import { type ConnectionSettings, type Output, outputsOf } from '../settings/settings.ts';
import { emitFailure, usageError } from './emit.ts';
import { placed } from './load-manifests.ts';
import { open } from './stages.ts';

/** A server that can be spoken to, for the commands that need no manifests. */
export interface Connected {
  readonly configured: Configured;
  readonly connection: Connection;
  readonly settings: ConnectionSettings;
  readonly outputs: readonly Output[];
  /** Says why there is nothing to show, in every form that was asked for. */
  fail(failure: Failure): ExitCode;
  refuse(problems: readonly Diagnostic[]): ExitCode;
}

export type ConnectedOutcome =
  | { readonly kind: 'connected'; readonly value: Connected }
  /** It could not be done, and that has been said. */
  | { readonly kind: 'ended'; readonly code: ExitCode };

/** Reads the configuration and makes the client. Sends nothing yet. The arguments of the command name no directory. */
export function connected(
  { command, options }: Request,
  io: Io,
  signal: AbortSignal = new AbortController().signal,
): ConnectedOutcome {
  const outputs = outputsOf(options.output);
  if (!outputs.ok) return { kind: 'ended', code: usageError(io, outputs.usage) };
  const say = (document: FailureDocument): ExitCode => {
    const code = emitFailure(io, outputs.value, document);
    return signal.aborted ? exitCodes.interrupted : code;
  };
  const settled = configure({ command, options }, io);
  if (settled.kind === 'usage') return { kind: 'ended', code: usageError(io, settled.usage) };
  if (settled.kind === 'broken') return { kind: 'ended', code: say(failureDocument(settled.problems)) };
  const configured = settled.value;
  const opened = open(io, options, configured.config, signal);
  if (!opened.ok) return { kind: 'ended', code: usageError(io, opened.usage) };
  const { connection, settings } = opened;
  return {
    kind: 'connected',
    value: {
      configured,
      connection,
      settings,
      outputs: outputs.value,
      fail: (failure) => say(failureDocument([], failure)),
      refuse: (problems) => say(failureDocument(placed(problems))),
    },
  };
}

/** The refusal of a server whose scheduler is an older one than Downbeat speaks to, if it is one. */
export function outdatedProblem({ outdated, version }: ServerIdentity): readonly Diagnostic[] {
  if (!outdated) return [];
  return [problem('old-scheduler', version === undefined ? {} : { version }, { kind: 'nowhere' })];
}
