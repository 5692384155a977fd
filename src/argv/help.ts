import { type CommandSpec, variables } from './commands.ts';
import { everywhere, type Flag, type FlagKey, fallbackText, flagOf } from './flags.ts';

type Row = readonly [left: string, right: string];

/** The help of a command: common flags first, then the rare ones, its exit codes, and the variables that it reads. */
export function commandHelp(spec: CommandSpec, columns: number): string {
  const { name, summary, argument } = spec;
  const examples = Object.entries(spec.examples);
  const keys = [...spec.flags].map((key) => ({ key, isRare: flagOf(key).rare === true }));
  const rowsOf = (isRare: boolean): readonly Row[] =>
    keys.filter((one) => one.isRare === isRare).map(({ key }) => [formOf(key), describeFlag(key, spec)]);
  const general: readonly Row[] = [
    ...everywhere.map((key): Row => [formOf(key), describeFlag(key, spec)]),
    ['-h, --help', 'Print this help'],
  ];
  const sections: readonly (readonly [heading: string, rows: readonly Row[]])[] = [
    ['Arguments', argument === undefined ? [] : [[argument.name, argument.describe]]],
    ['Options', [...rowsOf(false), ...general]],
    ['Less common options', rowsOf(true)],
    ['Exit codes', exitRows(spec)],
    ['Environment variables', spec.reads.map((variable) => [variable, variables[variable]])],
  ];
  const width = Math.min(columns, 100);
  return [
    `Usage: downbeat ${name} [options]${argument === undefined ? '' : ` ${argument.name}`}\n`,
    `${sentence(summary)}\n`,
    ...sections.slice(0, 3).map(([heading, rows]) => section(heading, rows, width)),
    `Example${examples.length > 1 ? 's' : ''}:\n${examples.map(([line, does]) => `  ${line}\n      ${does}\n`).join('')}`,
    ...sections.slice(3).map(([heading, rows]) => section(heading, rows, width)),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

/** What a flag does, with its choices and default; of `--output` only the formats that the command has. */
export function describeFlag(key: FlagKey, { formats }: Pick<CommandSpec, 'formats'>): string {
  const flag: Flag = flagOf(key);
  const choices = key === 'output' ? formats : flag.choices;
  const fallback = fallbackText(flag);
  const remarks = [
    ...(flag.repeatable ? ['repeatable'] : []),
    ...(fallback === undefined ? [] : [`default: ${fallback}`]),
  ];
  return [
    flag.describe,
    ...(choices === undefined ? [] : [`: ${choices.join(', ')}`]),
    ...(remarks.length === 0 ? [] : [` (${remarks.join('; ')})`]),
  ].join('');
}

/** All spellings of a flag, with what its value is. */
export function formOf(key: FlagKey): string {
  const { name, short, alias, value } = flagOf(key);
  const spellings = [
    ...(short === undefined ? [] : [`-${short}`]),
    ...(alias === undefined ? [] : [`--${alias}`]),
    `--${name}`,
  ];
  return `${spellings.join(', ')}${value === undefined ? '' : ` ${value}`}`;
}

function exitRows({ exits = {} }: CommandSpec): readonly Row[] {
  return Object.entries({ 0: 'Success', 1: 'Error', ...exits });
}

function section(heading: string, rows: readonly Row[], width: number): string {
  if (rows.length === 0) return '';
  const left = Math.max(...rows.map(([text]) => text.length)) + 4;
  const body = rows.map(([text, words]) => {
    const [first = '', ...more] = wrapped(words, Math.max(width - left, 30));
    return [`  ${text.padEnd(left - 2)}${first}`, ...more.map((line) => `${' '.repeat(left)}${line}`)]
      .map((line) => `${line.trimEnd()}\n`)
      .join('');
  });
  return `${heading}:\n${body.join('')}`;
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
