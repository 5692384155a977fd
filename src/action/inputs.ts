import { keysOf } from '../argv/arrange.ts';
import { type CommandName, commandOf, type Format, formats } from '../argv/commands.ts';
import {
  everywhere,
  type Flag,
  type FlagKey,
  type FlagName,
  type FlagWord,
  fallbackText,
  flagOf,
  flags,
} from '../argv/flags.ts';
import type { Io } from '../io/io.ts';
import { nearestKey } from '../manifest/nearest.ts';
import { present } from '../model/present.ts';
import { refuse, type Settled } from '../settings/settings.ts';

/**
 * The inputs of the Action. Most of them are flags and are made of the one table; `action.yml` and docs/github.md are
 * checked against this.
 */
export interface ActionInput {
  readonly name: string;
  readonly describe: string;
  readonly fallback?: string;
  /** Absent = for every command. */
  readonly of?: readonly ActionCommand[];
  readonly flag?: Flag & { readonly name: FlagName };
}

export const actionCommands = ['validate', 'plan', 'apply', 'drift'] as const;
export type ActionCommand = (typeof actionCommands)[number];

export const commentModes = ['upsert', 'always-new', 'changes-only', 'off'] as const;
export type CommentSetting = (typeof commentModes)[number];

/** A workflow cannot answer, so `apply` never asks; for exit codes there are outputs and `fail-on-changes`. */
const notInputs: ReadonlySet<FlagKey> = new Set(['auto-approve', 'detailed-exitcode', ...everywhere]);

const ownInputs: readonly ActionInput[] = [
  { name: 'command', describe: `Run this command: ${actionCommands.join(', ')}`, fallback: 'plan' },
  { name: 'directory', describe: 'Read the manifests from this directory, not the configured one' },
  {
    name: 'comment',
    describe:
      'Comment on the pull request: upsert (one, kept up to date), changes-only (none until there are changes), always-new (one each run), off',
    fallback: 'upsert',
    of: ['plan'],
  },
  {
    name: 'issue',
    describe: 'Keep one issue open while there is drift, and close it when it is gone',
    fallback: 'false',
    of: ['drift'],
  },
  {
    name: 'fail-on-changes',
    describe: 'Fail the job when there are changes or drift',
    fallback: 'false',
    of: ['plan', 'drift'],
  },
  {
    name: 'require-reviewed',
    describe: 'Apply only the plan that our comment on the merged pull request shows',
    fallback: 'false',
    of: ['apply'],
  },
  {
    name: 'allow-old-commit',
    describe: 'Apply even if the branch has a newer commit, to roll back to this one',
    fallback: 'false',
    of: ['apply'],
  },
  {
    name: 'github-token',
    describe:
      'Use this token for the comment, the issue, require-reviewed and the newest commit of the branch',
    fallback: '$' + '{{ github.token }}',
  },
];

/** In the order of `action.yml`. */
export const actionInputs: readonly ActionInput[] = [...ownInputs, ...flagInputs()];

function flagInputs(): readonly ActionInput[] {
  return (Object.keys(flags) as FlagKey[]).flatMap((key): readonly ActionInput[] => {
    const of = actionCommands.filter((name) => commandOf(name)?.flags.includes(key));
    const flag = flagOf(key);
    return of.length === 0 || notInputs.has(key)
      ? []
      : [
          {
            name: flag.name,
            describe: describe(flag, key === 'output' ? formatsOf(of) : undefined),
            of,
            flag,
          },
        ];
  });
}

function describe(flag: Flag, formats: string | undefined): string {
  const { describe: words, repeatable, choices, value } = flag;
  const fallback = fallbackText(flag);
  return [
    words,
    ...(choices === undefined ? [] : [`: ${choices.join(', ')}`]),
    ...(formats === undefined ? [] : [`: ${formats}`]),
    ...(repeatable ? ['; one per line'] : []),
    ...(value === undefined ? ['; true or false'] : []),
    ...(fallback === undefined ? [] : [` (default: ${fallback})`]),
  ].join('');
}

/** The formats that all of the commands have, then those that only some have. */
function formatsOf(names: readonly ActionCommand[]): string {
  const having = (format: Format): readonly ActionCommand[] =>
    names.filter((name) => commandOf(name)?.formats?.includes(format));
  const common = formats.filter((format) => having(format).length === names.length);
  const special = formats.filter((format) => having(format).length > 0 && !common.includes(format));
  return [
    common.join(', '),
    ...special.map((format) => `for ${having(format).join(' and ')} also ${format}`),
  ].join('; ');
}

/** What a workflow asks for. */
export interface Inputs {
  readonly command: ActionCommand;
  readonly directory?: string;
  readonly comment: CommentSetting;
  readonly issue: boolean;
  readonly failOnChanges: boolean;
  readonly requireReviewed: boolean;
  readonly allowOldCommit: boolean;
  /** Empty = there is none. */
  readonly token: string;
  /** By the names of flags; a switch that is on has one empty value. */
  readonly flags: ReadonlyMap<FlagName, readonly string[]>;
  /** Variables that look like inputs and are none, with what may have been meant. */
  readonly unknown: readonly UnknownInput[];
}

export type UnknownInput = { readonly name: string; readonly nearest?: string };

const prefix = 'INPUT_';

/** From the variables in which the runner passes inputs: upper case, spaces as `_`, hyphens kept, unset as "". */
export function readInputs(env: Io['env']): Settled<Inputs> {
  const values = new Map<string, string>();
  const unknown: UnknownInput[] = [];
  for (const [variable, value = ''] of Object.entries(env)) {
    if (!variable.toUpperCase().startsWith(prefix)) continue;
    const name = variable.slice(prefix.length).toLowerCase();
    if (!actionInputs.some((input) => input.name === name)) unknown.push(unknownInput(name));
    else if (value.trim() !== '') values.set(name, value.trim());
  }
  const command = values.get('command') ?? 'plan';
  if (!isOneOf(command, actionCommands))
    return refuse(
      `the input command is ${JSON.stringify(command)}`,
      `there are ${actionCommands.join(', ')}`,
    );
  const comment = values.get('comment') ?? 'upsert';
  if (!isOneOf(comment, commentModes))
    return refuse(`the input comment is ${JSON.stringify(comment)}`, `there are ${commentModes.join(', ')}`);

  const given = new Map<FlagName, readonly string[]>();
  const switches = new Map<string, boolean>();
  for (const input of actionInputs) {
    const value = values.get(input.name);
    if (value === undefined) continue;
    const isSwitch = input.flag === undefined ? input.fallback === 'false' : input.flag.value === undefined;
    if (isSwitch && value !== 'true' && value !== 'false')
      return refuse(`the input ${input.name} is neither true nor false`, 'leave it out for false');
    // What is off is off for every command; an input that would do nothing must not look as if it did.
    if (isSwitch && value === 'false') continue;
    if (input.of !== undefined && !input.of.includes(command) && value !== input.fallback)
      return refuse(
        `the input ${input.name} is not for ${command}`,
        `it is for ${input.of.join(', ')}: take it out here`,
      );
    if (isSwitch) switches.set(input.name, true);
    if (input.flag !== undefined) given.set(input.flag.name, isSwitch ? [''] : valuesOf(input.flag, value));
  }
  for (const output of given.get('output') ?? [])
    if (!output.includes('='))
      return refuse(
        `the input output ${JSON.stringify(output)} has no file name`,
        'the log has the text already: write FORMAT=FILE',
      );
  // How GitHub asks for more words, when a run is repeated with them.
  if (env.RUNNER_DEBUG === '1') given.set('debug', ['']);
  const directory = values.get('directory');
  return {
    ok: true,
    value: {
      command,
      ...present({ directory }),
      comment,
      issue: switches.has('issue'),
      failOnChanges: switches.has('fail-on-changes'),
      requireReviewed: switches.has('require-reviewed'),
      allowOldCommit: switches.has('allow-old-commit'),
      unknown,
      token: values.get('github-token') ?? '',
      flags: given,
    },
  };
}

/**
 * The command line that the inputs stand for. Each value is one word with its flag, so none is taken for a flag of its
 * own.
 */
export function commandLine(
  { directory, flags: given }: Inputs,
  command: CommandName,
  more: readonly FlagWord[],
): readonly string[] {
  const known: readonly string[] = keysOf(command).map((key) => flagOf(key).name);
  return [
    command,
    ...[...given]
      .filter(([name]) => known.includes(name))
      .flatMap(([name, values]) =>
        values.map((value) => (value === '' ? `--${name}` : `--${name}=${value}`)),
      ),
    ...more,
    ...(directory === undefined ? [] : ['--', directory]),
  ];
}

function valuesOf({ repeatable }: Flag, value: string): readonly string[] {
  if (!repeatable) return [value];
  return value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function unknownInput(name: string): UnknownInput {
  const nearest = nearestKey(
    name,
    actionInputs.map((input) => input.name),
  );
  return { name, ...present({ nearest }) };
}

function isOneOf<T extends string>(text: string, all: readonly T[]): text is T {
  return (all as readonly string[]).includes(text);
}
