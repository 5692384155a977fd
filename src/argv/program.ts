import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import { present } from '../model/present.ts';
import { arrange, keysOf, unknownFlag } from './arrange.ts';
import { type CommandName, type CommandSpec, commandOf } from './commands.ts';
import { type Flag, flagOf, type Options } from './flags.ts';
import { commandHelp } from './help.ts';
import { rootHelp, versionText } from './root.ts';

export type { Options };

/** What the command line asked for. */
export interface Request {
  readonly command: CommandName;
  readonly argument?: string;
  /** All of them, where the command takes several. */
  readonly names?: readonly string[];
  readonly options: Options;
  /** What was typed after the command. */
  readonly words?: readonly string[];
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
export function parseArguments(argv: readonly string[], { out, err, columns }: Streams): Parsed {
  const arranged = arrange(argv);
  const print = (text: string): Parsed => {
    out(text);
    return { kind: 'ended', code: exitCodes.fine };
  };
  switch (arranged.kind) {
    case 'version':
      return print(versionText);
    case 'help':
      return print(
        arranged.command === undefined ? rootHelp() : commandHelp(specOf(arranged.command), columns),
      );
    case 'wrong':
      return refuse(arranged, err);
    case 'command': {
      const spec = specOf(arranged.command);
      const parsed = parseWords(spec, arranged.words);
      if (parsed instanceof CommanderError)
        return parsed.exitCode === 0 ? print(commandHelp(spec, columns)) : refuse(usageOf(parsed, spec), err);
      return { kind: 'run', request: parsed };
    }
  }
}

/** The command line of a request with one more flag, to be copied into a shell. */
export function lineWith({ command, words = [] }: Request, flag: string): string {
  const end = words.indexOf('--');
  const at = end === -1 ? words.length : end;
  return ['downbeat', command, ...[...words.slice(0, at), flag, ...words.slice(at)].map(quoted)].join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function specOf(name: CommandName): CommandSpec {
  return commandOf(name) as CommandSpec;
}

function refuse(wrong: { readonly message: string; readonly hint: string }, err: Streams['err']): Parsed {
  err(`error: ${wrong.message}\nhint: ${wrong.hint}\n`);
  return { kind: 'ended', code: exitCodes.error };
}

function parseWords(spec: CommandSpec, words: readonly string[]): Request | CommanderError {
  const parser = new Command(spec.name)
    .exitOverride()
    .configureOutput({ writeOut: () => {}, writeErr: () => {} })
    .showSuggestionAfterError(false)
    .helpOption('-h, --help')
    .allowExcessArguments(false);
  if (spec.argument !== undefined) parser.argument(spec.argument.name);
  const options = keysOf(spec.name).map((key) => [flagOf(key), optionOf(flagOf(key))] as const);
  for (const [, option] of options) parser.addOption(option);
  try {
    parser.parse(words, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error;
    throw error;
  }
  const [argument] = parser.args;
  return {
    command: spec.name,
    ...present({ argument }),
    names: parser.args,
    words,
    options: typed(parser, options),
  };
}

/** What was typed and nothing else. Commander reads `--no-x` as `x: false`; here it is `noX: true`. */
function typed(parser: Command, options: readonly (readonly [Flag, Option])[]): Options {
  const values = options.flatMap(([, option]): readonly (readonly [string, unknown])[] => {
    const key = option.attributeName();
    if (parser.getOptionValueSource(key) !== 'cli') return [];
    // `--x` and `--no-x` share a value, and the last one typed counts.
    const value: unknown = parser.getOptionValue(key);
    if ((value === false) !== option.negate) return [];
    return option.negate ? [[`no${key.charAt(0).toUpperCase()}${key.slice(1)}`, true]] : [[key, value]];
  });
  return Object.fromEntries(values) as Options;
}

function optionOf(flag: Flag & { readonly name: string }): Option {
  const { name, short, value, choices, whole, repeatable } = flag;
  const long = value === undefined ? `--${name}` : `--${name} <${value}>`;
  const option = new Option(short === undefined ? long : `-${short}, ${long}`);
  if (choices !== undefined) option.choices(choices);
  if (whole !== undefined) option.argParser((text: string) => wholeNumber(text, whole));
  if (repeatable)
    option.argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]);
  return option;
}

function wholeNumber(text: string, [from, to]: readonly [number, number]): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= from && value <= to) return value;
  throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
}

/** Commander's refusals in our form. */
function usageOf(
  { code, message }: CommanderError,
  { name, argument }: CommandSpec,
): { readonly message: string; readonly hint: string } {
  const text = message.replace(/^error: /, '');
  const hint = `Run \`downbeat ${name} --help\` for the options.`;
  const unknown = /^unknown option '(.*)'$/s.exec(text)?.[1];
  if (code === 'commander.unknownOption' && unknown !== undefined) {
    const wrong = unknownFlag(unknown, keysOf(name), name);
    if (wrong.kind === 'wrong') return wrong;
  }
  if (code === 'commander.missingArgument')
    return { message: `${name} needs ${argument?.name ?? 'an argument'}`, hint };
  if (code === 'commander.optionMissingArgument')
    return { message: `${/'(.*)'/.exec(text)?.[1] ?? 'a flag'} needs a value`, hint };
  if (code === 'commander.excessArguments')
    return {
      message:
        argument === undefined ? `${name} takes no arguments` : `${name} takes only one ${argument.name}`,
      hint,
    };
  const [, flag, value, demand] =
    /^option '(?:-\w, )?(--[\w-]+).*?' argument '(.*)' is invalid\. (.*)$/s.exec(text) ?? [];
  if (flag !== undefined && value !== undefined)
    return { message: `${flag} ${demandOf(demand)}, not ${JSON.stringify(value)}`, hint };
  return { message: text.replace(/\.$/, ''), hint };
}

/** The end of Commander's sentence about a wrong value, as the middle of ours. */
function demandOf(demand = ''): string {
  return demand
    .replace(/\.$/, '')
    .replace(/^Allowed choices are /, 'must be one of ')
    .replace(/^It must /, 'must ');
}
