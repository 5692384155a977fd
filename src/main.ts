import { parseArguments, type Request } from './commands/program.ts';
import type { Io } from './io/io.ts';
import type { ExitCode } from './model/exit.ts';

declare const __DOWNBEAT_VERSION__: string | undefined;

/** The package's version; the build puts it here. */
export const version: string =
  typeof __DOWNBEAT_VERSION__ === 'string' ? __DOWNBEAT_VERSION__ : '0.0.0-source';

type Run = (request: Request, io: Io) => Promise<ExitCode>;

/** Each command is loaded when it is asked for: `--help` should not wait for the parsers. */
const commands: { readonly [name: string]: () => Promise<{ readonly run: Run }> } = {
  validate: () => import('./commands/validate.ts'),
  plan: () => import('./commands/plan.ts'),
  apply: () => import('./commands/apply.ts'),
  drift: () => import('./commands/drift.ts'),
  serve: () => import('./commands/serve.ts'),
};

/** Arguments in, exit code out; everything else goes through `io`. */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  const parsed = parseArguments(argv, version, { out: io.out, err: io.err, columns: io.terminal.columns });
  if (parsed.kind === 'ended') return parsed.code;
  const load = commands[parsed.request.command];
  if (load === undefined) throw new Error(`no implementation of the command ${parsed.request.command}`);
  const { run } = await load();
  return run(parsed.request, io);
}
