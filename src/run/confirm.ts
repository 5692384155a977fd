import { type ExitCode, exitCodes } from '../model/exit.ts';
import type { Run } from './run.ts';

/**
 * Asks somebody at the terminal; `--auto-approve` is the answer of those who cannot sit there. Returns the exit code of
 * a run that must not go on, else undefined.
 */
export async function confirm(run: Run, question: string): Promise<ExitCode | undefined> {
  if (run.options.autoApprove) return undefined;
  const answer = await run.ask(`\n${question} Only "yes" will do: `);
  if (answer?.trim() === 'yes' && !run.signal.aborted) return undefined;
  const { aborted } = run.signal;
  run.say('Nothing was written.\n');
  const message = aborted ? 'interrupted before it was approved' : 'not approved';
  run.refuse({ message, hint: 'nothing was written; type yes to continue, or pass --yes' }, { said: true });
  return aborted ? exitCodes.interrupted : exitCodes.error;
}

/** For the start of a command that will ask: without a terminal and `--auto-approve` it need not begin. */
export function nobodyToAsk(run: Run, hint: string): ExitCode | undefined {
  if (run.options.autoApprove || run.terminal.in) return undefined;
  return run.refuse({ message: 'nobody is there to approve: standard input is no terminal', hint });
}
