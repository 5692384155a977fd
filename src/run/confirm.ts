import type { Options } from '../argv/program.ts';
import type { Io } from '../io/io.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import { usageError } from './emit.ts';

/**
 * Asks somebody at the terminal; `--auto-approve` is the answer of those who cannot sit there. Returns the exit code of
 * a run that must not go on, else undefined.
 */
export async function confirm(
  io: Io,
  { autoApprove }: Options,
  question: string,
  signal: AbortSignal,
): Promise<ExitCode | undefined> {
  if (autoApprove) return undefined;
  const answer = await io.ask(`\n${question} Only "yes" will do: `);
  if (answer?.trim() === 'yes' && !signal.aborted) return undefined;
  io.err('Nothing was written.\n');
  return signal.aborted ? exitCodes.interrupted : exitCodes.error;
}

/** For the start of a command that will ask: without a terminal and `--auto-approve` it need not begin. */
export function nobodyToAsk(io: Io, { autoApprove }: Options, command: string): ExitCode | undefined {
  if (autoApprove || io.terminal.in) return undefined;
  return usageError(io, {
    message: 'nobody is there to approve: standard input is no terminal',
    hint: `run \`downbeat ${command}\` with --auto-approve`,
  });
}

/** Runs something that Ctrl-C ends in order: requests in flight are finished, no more are started. */
export async function interruptible(
  io: Io,
  run: (signal: AbortSignal) => Promise<ExitCode>,
): Promise<ExitCode> {
  const interruption = new AbortController();
  const takeBack = io.onInterrupt(() => {
    io.err('\nInterrupted: the requests in flight are finished, no more are started.\n');
    interruption.abort();
  });
  try {
    return await run(interruption.signal);
  } finally {
    takeBack();
  }
}
