import { lineWith } from '../argv/program.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import type { Run } from './run.ts';

/**
 * Asks at the terminal, unless `--yes` is given. Returns the exit code of a run that must stop, else undefined.
 */
export async function confirm(run: Run, question: string): Promise<ExitCode | undefined> {
  if (run.options.autoApprove) return undefined;
  const answer = await run.ask(`\n${question} Type yes to continue: `);
  if (answer?.trim() === 'yes' && !run.signal.aborted) return undefined;
  const { aborted } = run.signal;
  run.say('Nothing was written.\n');
  const message = aborted ? 'interrupted before it was approved' : 'not approved';
  run.refuse({ message, hint: 'nothing was written; type yes to continue, or pass --yes' }, { said: true });
  return aborted ? exitCodes.interrupted : exitCodes.error;
}

/**
 * For the start of a command that will ask: without a terminal and `--yes` it stops here, with the command line that does
 * not ask, all that was typed included.
 */
export function cannotAsk(
  run: Run,
  { first = '', or = '' }: { readonly first?: string; readonly or?: string } = {},
): ExitCode | undefined {
  if (run.options.autoApprove || run.terminal.in) return undefined;
  return run.refuse({
    message: 'cannot ask for approval: stdin is not a terminal',
    hint: `${first}run \`${lineWith(run.request, '--yes')}\`${or}`,
  });
}
