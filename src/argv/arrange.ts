import { nearest } from '../cron/parse/edit-distance.ts';
import { type CommandName, commandNames, commandOf } from './commands.ts';
import { everywhere, type Flag, type FlagKey, flagOf, flags } from './flags.ts';

/** A command line with its command apart, wherever the options were, and each flag by its own name. */
export type Arranged =
  | { readonly kind: 'command'; readonly command: CommandName; readonly words: readonly string[] }
  /** `help`, `--help` and the like before any command; with the command that it is about, if one was named. */
  | { readonly kind: 'help'; readonly command?: CommandName }
  | { readonly kind: 'version' }
  | { readonly kind: 'wrong'; readonly message: string; readonly hint: string };

const allKeys = Object.keys(flags) as readonly FlagKey[];

/** Finds the command of a command line: the first word that is neither an option nor an option's value. */
export function arrange(argv: readonly string[]): Arranged {
  const words: string[] = [];
  let command: string | undefined;
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] as string;
    if (word === '--') {
      words.push(...argv.slice(index));
      break;
    }
    if (isOption(word)) {
      if (command === undefined && isOneOf(word, ['--help', '-h'])) return { kind: 'help' };
      if (command === undefined && isOneOf(word, ['--version', '-V'])) {
        if (!argv.includes('--debug')) return { kind: 'version' };
        command = 'version';
        continue;
      }
      // At once: what follows may be its value, and a secret.
      if (command === undefined && !isKnown(word)) return unknownFlag(word, allKeys);
      words.push(byOwnName(word));
      const value = argv[index + 1];
      if (!takesNext(word) || value === undefined) continue;
      words.push(value);
      index += 1;
    } else if (command === undefined) command = word;
    else words.push(word);
  }
  if (command === 'help') return helpFor(words.find((word) => !isOption(word)));
  if (command === undefined)
    return { kind: 'wrong', message: 'no command', hint: 'Run `downbeat --help` for the commands.' };
  const name = commandNames.find((one) => one === command);
  return name === undefined ? unknownCommand(command) : { kind: 'command', command: name, words };
}

function helpFor(asked: string | undefined): Arranged {
  if (asked === undefined || asked === 'help') return { kind: 'help' };
  const name = commandNames.find((one) => one === asked);
  return name === undefined ? unknownCommand(asked) : { kind: 'help', command: name };
}

/** What other tools call a command of ours, and the command line to use. */
const otherTools: { readonly [command: string]: string } = {
  ...{ get: 'status', list: 'status', ls: 'status', ps: 'status', state: 'status' },
  ...{ describe: 'show NAME', inspect: 'show NAME', logs: 'history NAME', runs: 'history' },
  ...{ diff: 'plan', preview: 'plan', sync: 'apply', deploy: 'apply', push: 'apply', up: 'apply' },
  ...{ import: 'pull', export: 'pull --unmanaged', dump: 'pull --unmanaged', fetch: 'pull' },
  ...{ lint: 'validate', check: 'validate', test: 'validate', build: 'render', template: 'render' },
  ...{ new: 'init', stop: 'pause', suspend: 'pause', start: 'resume', unpause: 'resume', server: 'serve' },
};

const deleting: readonly string[] = ['delete', 'destroy', 'remove', 'rm'];

function unknownCommand(word: string): Arranged {
  const meant = Object.hasOwn(otherTools, word) ? otherTools[word] : undefined;
  const near = meant ?? nearest(word, [...commandNames, 'help']);
  const help = 'Run `downbeat --help` for the commands.';
  const hint = deleting.includes(word)
    ? `To delete a schedule, remove its manifest and run \`downbeat apply --prune\`. ${help}`
    : near === undefined
      ? help
      : `Did you mean \`downbeat ${near}\`? ${help}`;
  return { kind: 'wrong', message: `unknown command ${JSON.stringify(word)}`, hint };
}

/** Of a flag that does not exist only the name is repeated: what was written after it may be a secret. */
export function unknownFlag(typed: string, keys: readonly FlagKey[], command?: CommandName): Arranged {
  const name = nameIn(typed);
  const near = nearest(name, [...keys.flatMap(spellings), '--help']);
  const help = `Run \`downbeat ${command === undefined ? '' : `${command} `}--help\` for the options.`;
  const owner = near === undefined ? ownerOf(name) : undefined;
  const hint =
    near !== undefined
      ? `Did you mean ${near}? ${help}`
      : owner === undefined
        ? help
        : `It is a flag of \`downbeat ${owner}\`. ${help}`;
  return { kind: 'wrong', message: `unknown flag ${name}`, hint };
}

/** A command that has the flag. */
function ownerOf(name: string): CommandName | undefined {
  const key = allKeys.find((one) => isOneOf(name, spellings(one)));
  return key === undefined ? undefined : commandNames.find((one) => commandOf(one)?.flags.includes(key));
}

/** The keys of the flags that a command has. */
export function keysOf(command: CommandName): readonly FlagKey[] {
  return [...(commandOf(command)?.flags ?? []), ...everywhere];
}

function isOption(word: string): boolean {
  return word.startsWith('-') && word !== '-';
}

function nameIn(word: string): string {
  return /^[^=]*/.exec(word)?.[0] ?? word;
}

/** With the hyphens; the first is the flag's own name. */
function spellings(key: FlagKey): readonly string[] {
  const { name, alias, short } = flagOf(key);
  return [
    `--${name}`,
    ...(alias === undefined ? [] : [`--${alias}`]),
    ...(short === undefined ? [] : [`-${short}`]),
  ];
}

function isKnown(word: string): boolean {
  return withSpelling(word.startsWith('--') ? nameIn(word) : word.slice(0, 2)) !== undefined;
}

function byOwnName(word: string): string {
  const name = nameIn(word);
  const key = allKeys.find((one) => flagOf(one).alias !== undefined && name === `--${flagOf(one).alias}`);
  return key === undefined ? word : `--${flagOf(key).name}${word.slice(name.length)}`;
}

/** True when the value of the last flag in a word is the next word. One name takes a value in every command or in none. */
function takesNext(word: string): boolean {
  if (word.startsWith('--')) return !word.includes('=') && withSpelling(word)?.value !== undefined;
  const letters = [...word.slice(1)];
  const taking = letters.findIndex((letter) => withSpelling(`-${letter}`)?.value !== undefined);
  return taking >= 0 && taking === letters.length - 1;
}

function withSpelling(spelling: string): Flag | undefined {
  const key = allKeys.find((one) => isOneOf(spelling, spellings(one)));
  return key === undefined ? undefined : flagOf(key);
}

function isOneOf(word: string, words: readonly string[]): boolean {
  return words.includes(word);
}
