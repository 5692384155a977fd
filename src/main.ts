import { parseArguments, type Request } from './argv/program.ts';
import { rootAnswer, version } from './argv/root.ts';
import { run as drift } from './commands/drift.ts';
import { run as plan } from './commands/plan.ts';
import { run as validate } from './commands/validate.ts';
import type { Io } from './io/io.ts';
import { type ExitCode, exitCodes } from './model/exit.ts';

type Run = (request: Request, io: Io) => Promise<ExitCode>;

/** What pipelines run on every push. */
const first: { readonly [name: string]: Run } = { validate, plan, drift };

/** Arguments in, exit code out; everything else goes through `io`. */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  const answer = rootAnswer(argv);
  if (answer !== undefined) {
    io.out(answer);
    return exitCodes.fine;
  }
  const parsed = parseArguments(
    argv,
    { version, help: rootAnswer(['--help']) ?? '' },
    { out: io.out, err: io.err, columns: io.terminal.columns },
  );
  if (parsed.kind === 'ended') return parsed.code;
  const { command } = parsed.request;
  const run = first[command] ?? (await import('./commands/on-demand.ts')).others[command];
  if (run === undefined) throw new Error(`no implementation of the command ${command}`);
  return run(parsed.request, io);
}
