import { run as drift } from './commands/drift.ts';
import { run as plan } from './commands/plan.ts';
import { parseArguments, type Request } from './commands/program.ts';
import { run as validate } from './commands/validate.ts';
import type { Io } from './io/io.ts';
import { type ExitCode, exitCodes } from './model/exit.ts';
import { rootAnswer, version } from './root.ts';

type Run = (request: Request, io: Io) => Promise<ExitCode>;

/** What `plan`, `drift` and `validate` do not need is not set up before it is asked for. */
const commands: { readonly [name: string]: Run } = {
  init: async (request, io) => (await import('./commands/init.ts')).run(request, io),
  validate,
  plan,
  apply: async (request, io) => (await import('./commands/apply.ts')).run(request, io),
  drift,
  pull: async (request, io) => (await import('./commands/pull.ts')).run(request, io),
  render: async (request, io) => (await import('./commands/render.ts')).run(request, io),
  config: async (request, io) => (await import('./commands/config.ts')).run(request, io),
  next: async (request, io) => (await import('./commands/next.ts')).run(request, io),
  agenda: async (request, io) => (await import('./commands/agenda.ts')).run(request, io),
  load: async (request, io) => (await import('./commands/load-command.ts')).run(request, io),
  status: async (request, io) => (await import('./commands/status.ts')).run(request, io),
  history: async (request, io) => (await import('./commands/history.ts')).run(request, io),
  pause: async (request, io) => (await import('./commands/pause.ts')).run(request, io),
  resume: async (request, io) => (await import('./commands/resume.ts')).run(request, io),
  requeue: async (request, io) => (await import('./commands/requeue.ts')).run(request, io),
  schema: async (request, io) => (await import('./commands/schema.ts')).run(request, io),
  completion: async (request, io) => (await import('./commands/completion.ts')).run(request, io),
  serve: async (request, io) => (await import('./commands/serve.ts')).run(request, io),
};

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
  const run = commands[parsed.request.command];
  if (run === undefined) throw new Error(`no implementation of the command ${parsed.request.command}`);
  return run(parsed.request, io);
}
