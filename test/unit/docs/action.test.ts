import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  type ActionInput,
  actionCommands,
  actionInputs,
  commandLine,
  readInputs,
} from '../../../src/action/inputs.ts';
import { actionOutputs } from '../../../src/action/outcome.ts';
import { parseArguments } from '../../../src/argv/program.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const path = join(root, 'action.yml');

/** `action.yml` as a whole, made from the tables of inputs and outputs. */
function actionYaml(): string {
  const quoted = (text: string): string => JSON.stringify(text);
  const input = ({ name, describe: words, fallback, flag }: ActionInput): readonly string[] => [
    `  ${name}:`,
    `    description: ${quoted(words)}`,
    ...(flag === undefined && fallback !== undefined ? [`    default: ${quoted(fallback)}`] : []),
  ];
  return [
    'name: Downbeat',
    'description: "GitOps for the workflow schedules of Conductor: plan on pull requests, apply on merge, watch for drift"',
    'branding: { icon: clock, color: purple }',
    '# Made from the tables in src/argv and src/action: UPDATE_GOLDEN=1 npx vitest run test/unit/docs rewrites it.',
    'inputs:',
    ...actionInputs.flatMap(input),
    'outputs:',
    ...Object.entries(actionOutputs).flatMap(([name, words]) => [
      `  ${name}:`,
      `    description: ${quoted(words)}`,
    ]),
    'runs:',
    '  using: node24',
    '  main: dist/action.cjs',
    '',
  ].join('\n');
}

it("action.yml has the program's inputs and outputs (UPDATE_GOLDEN=1 rewrites it)", () => {
  const wanted = actionYaml();
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, wanted);
  expect(readFileSync(path, 'utf8')).toBe(wanted);
  const { inputs, outputs, runs } = parse(wanted);
  expect(Object.keys(inputs)).toStrictEqual(actionInputs.map(({ name }) => name));
  expect(Object.keys(outputs)).toStrictEqual(Object.keys(actionOutputs));
  expect(runs).toStrictEqual({ using: 'node24', main: 'dist/action.cjs' });
});

/** As the runner passes inputs: everything that `action.yml` names, with its default or "". */
function inputsOf(given: { readonly [name: string]: string }): { readonly [name: string]: string } {
  const { inputs } = parse(actionYaml()) as { inputs: Record<string, { default?: string }> };
  return Object.fromEntries(
    Object.entries({ ...inputs, ...given }).map(([name, value]) => [
      `INPUT_${name.toUpperCase()}`,
      typeof value === 'string' ? value : (value.default ?? ''),
    ]),
  );
}

describe('inputs', () => {
  it('each belong to a command with that flag', () => {
    for (const { name, of = actionCommands, flag } of actionInputs) {
      if (flag === undefined) continue;
      for (const command of of) {
        const value = flag.value === undefined ? 'true' : (flag.choices?.[0] ?? '7');
        const text = flag.name === 'output' ? `json=x.json` : value;
        const read = readInputs(inputsOf({ command, [name]: text }));
        expect(read).toMatchObject({ ok: true });
        if (!read.ok) continue;
        const said: string[] = [];
        const parsed = parseArguments(commandLine(read.value, command, []), {
          out: (words) => said.push(words),
          err: (words) => said.push(words),
          columns: 80,
        });
        expect(`${name} ${said.join('')}`).toBe(`${name} `);
        expect(parsed.kind === 'run' && Object.keys(parsed.request.options)).toHaveLength(1);
      }
    }
  });

  it('become a command line in which no value is read as a flag', () => {
    const read = readInputs(
      inputsOf({
        directory: '--auto-approve',
        target: 'a b\n  --prune  \n\n',
        prune: 'true',
        strict: 'false',
        'max-deletes': '0',
      }),
    );
    expect(read.ok && commandLine(read.value, 'plan', ['--fail-fast'])).toStrictEqual([
      'plan',
      '--prune',
      '--target=a b',
      '--target=--prune',
      '--max-deletes=0',
      '--fail-fast',
      '--',
      '--auto-approve',
    ]);
  });

  it('a fork’s pull request keeps those that validate and render know', () => {
    const read = readInputs(inputsOf({ prune: 'true', config: 'x.yaml', server: 'http://h' }));
    expect(read.ok && commandLine(read.value, 'validate', [])).toStrictEqual([
      'validate',
      '--config=x.yaml',
      '--server=http://h',
    ]);
  });

  it.each([
    [{ command: 'destroy' }, /the input command is "destroy"/],
    [{ comment: 'maybe' }, /the input comment is "maybe"/],
    [{ prune: 'yes' }, /the input prune is neither true nor false/],
    [{ 'require-reviewed': 'true' }, /the input require-reviewed is not for plan: it is for apply/],
    [{ command: 'apply', issue: 'true' }, /the input issue is not for apply/],
    [{ command: 'validate', prune: 'true' }, /the input prune is not for validate/],
    [{ output: 'json' }, /the input output "json" has no file name/],
  ])('%j is refused', (given, words) => {
    const read = readInputs(inputsOf(given));
    expect(read.ok ? '' : `${read.usage.message}: ${read.usage.hint}`).toMatch(words);
  });

  it('that do not exist are found, with the nearest name', () => {
    const read = readInputs(inputsOf({ 'require-reviewd': 'true', tenant: '' }));
    expect(read.ok && read.value.unknown).toStrictEqual([
      { name: 'require-reviewd', nearest: 'require-reviewed' },
      { name: 'tenant' },
    ]);
  });

  it('debug is on if GitHub repeats a run with debug logging', () => {
    const read = readInputs({ ...inputsOf({ command: 'apply' }), RUNNER_DEBUG: '1' });
    expect(read.ok && commandLine(read.value, 'apply', [])).toStrictEqual(['apply', '--debug']);
    expect(read.ok && commandLine(read.value, 'render', [])).toStrictEqual(['render']);
  });

  it('no input at all is a plan', () => {
    expect(readInputs(inputsOf({}))).toMatchObject({
      ok: true,
      value: { command: 'plan', comment: 'upsert', issue: false, failOnChanges: false },
    });
    expect(readInputs({})).toMatchObject({ ok: true, value: { command: 'plan', token: '' } });
  });
});
