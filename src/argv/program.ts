import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import { type CommandSpec, commands, type Flag, flags } from './flags.ts';

/** What the command line asked for. Options are by flag name, camel-cased as the flag is written. */
export interface Request {
  readonly command: string;
  readonly argument?: string;
  /** All of them, where the command takes several. */
  readonly names?: readonly string[];
  readonly options: Options;
}

/** Switches are true or absent, numbers are parsed, repeatable flags are lists. */
export interface Options {
  readonly config?: string;
  readonly env?: string;
  readonly var?: readonly string[];
  readonly allowUnknownSecrets?: true;
  readonly server?: string;
  readonly serverType?: string;
  readonly header?: readonly string[];
  readonly timeout?: number;
  readonly maxRetries?: number;
  readonly parallelism?: number;
  readonly debug?: true;
  readonly output?: readonly string[];
  readonly showSensitive?: true;
  readonly allowEmpty?: true;
  readonly failOn?: 'error' | 'warning';
  readonly detailedExitcode?: true;
  readonly out?: string;
  readonly expectDigest?: string;
  readonly autoApprove?: true;
  readonly failFast?: true;
  readonly strict?: true;
  readonly online?: true;
  readonly prune?: true;
  readonly adopt?: readonly string[];
  readonly takeOver?: readonly string[];
  readonly target?: readonly string[];
  readonly exclude?: readonly string[];
  readonly selector?: readonly string[];
  readonly maxDeletes?: number;
  readonly maxUpdates?: number;
  readonly maxFiresPerDay?: number;
  readonly maxFiresPerMinute?: number;
  readonly from?: string;
  readonly to?: string;
  readonly zone?: string;
  readonly limit?: number;
  readonly unmanaged?: true;
  readonly workflow?: string;
  readonly check?: true;
  readonly port?: number;
  readonly latency?: number;
  readonly fault?: readonly string[];
  readonly seed?: number;
  readonly key?: readonly string[];
  readonly data?: string;
  readonly reason?: string;
  readonly all?: true;
  readonly each?: true;
  readonly record?: string;
  readonly failed?: true;
  readonly since?: string;
  readonly query?: string;
  readonly sort?: string;
  readonly ci?: 'github' | 'gitlab' | 'none';
}

export type Parsed =
  | { readonly kind: 'run'; readonly request: Request }
  /** Help or version was printed, or the usage was wrong and it was said. */
  | { readonly kind: 'ended'; readonly code: ExitCode };

export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly columns: number;
}

/** Reads the command line. A wrong flag is an error with the nearest right one, never a guess. */
export function parseArguments(
  argv: readonly string[],
  root: { readonly version: string; readonly help: string },
  streams: Streams,
): Parsed {
  let request: Request | undefined;
  const program = base(new Command('downbeat'), streams)
    .version(root.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help');
  program.helpInformation = () => root.help;
  // Only what is asked for, or all of them to name the nearest one.
  const asked = commands.filter(({ name }) => name === argv[0]);
  for (const spec of asked.length > 0 ? asked : commands) {
    const command = base(new Command(spec.name), streams)
      .summary(spec.summary)
      .description(sentence(spec.summary));
    if (spec.argument !== undefined) command.argument(spec.argument.name, spec.argument.describe);
    for (const name of spec.flags) command.addOption(optionOf(flags[name]));
    command.addHelpText('after', examplesText(spec));
    command.action(() => {
      const argument = command.args[0];
      request = {
        command: spec.name,
        ...(argument === undefined ? {} : { argument }),
        names: command.args,
        options: command.opts<Options>(),
      };
    });
    program.addCommand(command);
  }
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: 'ended', code: error.exitCode === 0 ? exitCodes.fine : exitCodes.error };
  }
  return request === undefined ? { kind: 'ended', code: exitCodes.error } : { kind: 'run', request };
}

function base(command: Command, { out, err, columns }: Streams): Command {
  return command
    .exitOverride()
    .configureOutput({
      writeOut: out,
      writeErr: err,
      // Of a flag that does not exist only the name: what was written after it may be a secret.
      outputError: (text, write) => write(text.replace(/^(error: unknown option '[^=']*)=.*'/s, "$1'")),
      getOutHelpWidth: () => Math.min(columns, 100),
      getErrHelpWidth: () => Math.min(columns, 100),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showHelpAfterError('Run it with --help to see what there is.');
}

function optionOf(flag: Flag): Option {
  const option = new Option(
    flag.value === undefined ? `--${flag.name}` : `--${flag.name} <${flag.value}>`,
    describe(flag),
  );
  if (flag.choices !== undefined) option.choices(flag.choices);
  const { atLeast } = flag;
  if (atLeast !== undefined) option.argParser((text: string) => wholeNumber(text, atLeast));
  if (flag.repeatable) {
    option.argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]);
  }
  return option;
}

function describe({ describe: what, fallback }: Flag): string {
  return fallback === undefined ? what : `${what} (default: ${fallback})`;
}

function wholeNumber(text: string, atLeast: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < atLeast) {
    throw new InvalidArgumentError(`It must be a whole number from ${atLeast} on.`);
  }
  return value;
}

function examplesText({ examples }: CommandSpec): string {
  const lines = examples.map(({ line, does }) => `  ${line}\n      ${does}\n`);
  return `\nExample${examples.length > 1 ? 's' : ''}:\n${lines.join('')}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
