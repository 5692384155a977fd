import { expect, it } from 'vitest';
import configSchema from '../../../schemas/config.schema.json' with { type: 'json' };
import scheduleSchema from '../../../schemas/schedule.schema.json' with { type: 'json' };
import { actionInputs } from '../../../src/action/inputs.ts';
import { actionOutputs } from '../../../src/action/outcome.ts';
import { type CommandSpec, commands, variables } from '../../../src/argv/commands.ts';
import { everywhere, type FlagKey, flagOf } from '../../../src/argv/flags.ts';
import { describeFlag, formOf } from '../../../src/argv/help.ts';
import { fieldAt, fieldPaths } from '../../../src/commands/explain/schema-field.ts';
import { exitCodes } from '../../../src/model/exit.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { type DiagnosticCode, definitions } from '../../../src/problems/codes.ts';
import { remedyOf } from '../../../src/problems/explain.ts';
import { expectGenerated, page } from '../../support/pages.ts';

/** The pages of reference, made from the tables and schemas that the program uses. UPDATE_GOLDEN=1 rewrites them. */

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  expect(rows.length).toBeGreaterThan(0);
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
}

/** A flag that this many commands have is described once, in a section of its own. */
const sharedBy = 8;

const users = (key: FlagKey): readonly CommandSpec[] => commands.filter(({ flags }) => flags.includes(key));

const isShared = (key: FlagKey): boolean => users(key).length >= sharedBy;

function commandSection(spec: CommandSpec): string {
  const { name, summary, argument, flags, formats, exits = {}, reads, examples } = spec;
  const own = flags.filter((key) => !isShared(key));
  const shared = flags.filter(isShared);
  const anchors = shared.map((key) => `[\`--${flagOf(key).name}\`](#shared-options)`).join(', ');
  const codes = Object.entries({ 0: 'success', 1: 'error', ...exits });
  return [
    `### downbeat ${name}`,
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    ...(argument === undefined ? [] : [`\`${argument.name}\`: ${argument.describe}.`]),
    `\`\`\`text\n${Object.entries(examples)
      .map(([line, does]) => `${line}\n    ${does}`)
      .join('\n')}\n\`\`\``,
    ...(own.length === 0
      ? []
      : [
          table(
            ['option', 'does'],
            own.map((key) => [`\`${formOf(key)}\``, describeFlag(key, spec)]),
          ),
        ]),
    ...(shared.length === 0 ? [] : [`Shared options: ${anchors}.`]),
    ...(formats === undefined ? [] : [`Formats of \`--output\`: ${formats.join(', ')}.`]),
    `Exit codes: ${codes.map(([code, when]) => `${code} (${when})`).join('; ')}.`,
    ...(reads.length === 0 ? [] : [`Reads ${reads.map((variable) => `\`${variable}\``).join(', ')}.`]),
  ].join('\n\n');
}

it('has every command', () => {
  const rows = commands.map(({ name, summary }) => [`[\`${name}\`](#downbeat-${name})`, summary]);
  expectGenerated('docs/reference/cli.md', 'commands', table(['command', 'does'], rows));
  expectGenerated('docs/reference/cli.md', 'details', commands.map(commandSection).join('\n\n'));
});

it('has the options that many or all commands share', () => {
  const keys = new Set(commands.flatMap(({ flags }) => flags).filter(isShared));
  const rows = [
    ...everywhere.map((key) => [`\`${formOf(key)}\``, describeFlag(key, {}), 'all']),
    ...[...keys].map((key) => [
      `\`${formOf(key)}\``,
      describeFlag(key, {}),
      users(key)
        .map(({ name }) => name)
        .join(', '),
    ]),
  ];
  expectGenerated('docs/reference/cli.md', 'shared', table(['option', 'does', 'commands'], rows));
});

it('has the environment variables', () => {
  const rows = Object.entries(variables).map(([name, does]) => [`\`${name}\``, does]);
  expectGenerated('docs/reference/cli.md', 'variables', table(['variable', 'means'], rows));
});

it('has each exit code', () => {
  const rows = [...page('docs/reference/cli.md').matchAll(/^\| (\d+) \| /gm)].map(([, code]) => Number(code));
  expect(rows).toStrictEqual(Object.values(exitCodes));
});

it('has the inputs and outputs of the Action', () => {
  const inputs = actionInputs.map(({ name, of, describe: words, fallback }) => [
    `\`${name}\``,
    of?.join(', ') ?? 'all',
    words,
    fallback === undefined ? '' : `\`${fallback}\``,
  ]);
  const outputs = Object.entries(actionOutputs).map(([name, words]) => [`\`${name}\``, words]);
  expectGenerated(
    'docs/github.md',
    'action',
    `${table(['input', 'commands', 'means', 'default'], inputs)}\n\n${table(['output', 'means'], outputs)}`,
  );
});

it('has each code of a problem and each rule', () => {
  const rows = Object.entries(definitions) as [DiagnosticCode, (typeof definitions)[DiagnosticCode]][];
  const help = (code: DiagnosticCode, page?: string): string =>
    `${remedyOf(code)}${page === undefined ? '' : ` ([more](../${page}))`}`;
  const problems = rows.flatMap(([code, { means, fix, page }]) =>
    fix === undefined ? [[`\`${code}\``, means, help(code, page)]] : [],
  );
  const rules = rows.flatMap(([code, { severity, means, fix, page }]) =>
    fix === undefined ? [] : [[`\`${code}\``, severity, means, help(code, page)]],
  );
  const path = 'docs/reference/rules-and-problems.md';
  expectGenerated(path, 'problems', table(['code', 'means', 'what to do'], problems));
  expectGenerated(path, 'rules', table(['rule', 'severity', 'means', 'what to do'], rules));
});

/** Every field that a schema has, with what it says of it. */
function fieldRows(schema: JsonObject, root: string): readonly (readonly string[])[] {
  return fieldPaths(schema, root).flatMap((path) => {
    const facts = fieldAt(schema, root, path.split('.'));
    if (facts?.description === undefined) return [];
    const example = facts.example === undefined ? '' : `\`${facts.example}\``;
    return [[`\`${path}\`${facts.isRequired ? ' (required)' : ''}`, facts.type, facts.description, example]];
  });
}

it.each([
  ['docs/reference/manifest.md', scheduleSchema, 'schedule'],
  ['docs/reference/configuration.md', configSchema, 'config'],
])('%s has each field of its schema', (path, schema, root) => {
  const rows = fieldRows(schema as unknown as JsonObject, root).filter(
    ([field]) => !field?.startsWith('`rules.'),
  );
  expectGenerated(path, 'fields', table(['field', 'type', 'means', 'example'], rows));
});

it('has each document with a format and its schema', async () => {
  const { readdirSync, readFileSync } = await import('node:fs');
  const folder = new URL('../../../schemas/', import.meta.url);
  const rows = readdirSync(folder)
    .filter((name) => name.endsWith('.schema.json'))
    .map((name) => {
      const { description } = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as {
        description: string;
      };
      return [`[\`${name}\`](https://github.com/YOUR_ORG/downbeat/blob/main/schemas/${name})`, description];
    });
  expectGenerated('docs/reference/json-formats.md', 'formats', table(['schema', 'describes'], rows));
});
