import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { actionInputs } from '../../../src/action/inputs.ts';
import { actionOutputs } from '../../../src/action/outcome.ts';
import { commands } from '../../../src/argv/commands.ts';
import { everywhere, type FlagKey, fallbackText, flagOf, flags } from '../../../src/argv/flags.ts';
import { formOf } from '../../../src/argv/help.ts';
import { loadManifests } from '../../../src/manifest/desired.ts';
import { readConfig } from '../../../src/manifest/resolve/config.ts';
import { definitions } from '../../../src/problems/codes.ts';
import { blocks, readme, readmePath } from '../../support/readme.ts';

/** The tables of commands and flags as the README has them, made from the tables that make the help texts. */
function flagTable(): string {
  const rows = (Object.keys(flags) as FlagKey[]).map((key) => {
    const flag = flagOf(key);
    const users = everywhere.includes(key)
      ? 'all'
      : commands
          .filter((command) => command.flags.includes(key))
          .map(({ name }) => name)
          .join(', ');
    const choices =
      flag.choices === undefined ? '' : `: ${flag.choices.map((choice) => `\`${choice}\``).join(', ')}`;
    const repeatable = flag.repeatable ? ' (repeatable)' : '';
    return `| \`${formOf(key).replaceAll('|', '\\|')}\` | ${users} | ${flag.describe}${choices}${repeatable} | ${fallbackText(flag) ?? ''} |`;
  });
  const summaries = commands.map(
    ({ name, argument, summary, formats = [], exits = {} }) =>
      `| \`downbeat ${name}${argument ? ` ${argument.name.replaceAll('|', '\\|')}` : ''}\` | ${summary} | ${formats.join(', ')} | ${['0', '1', ...Object.keys(exits)].join(', ')} |`,
  );
  return [
    '| command | does | formats | exit codes |',
    '|---|---|---|---|',
    ...summaries,
    '',
    '| flag | of | does | default |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}

it('has the table of commands and flags that the program has (UPDATE_GOLDEN=1 rewrites it)', () => {
  const marked = /(<!-- flags -->\n)([\s\S]*?)(<!-- \/flags -->)/;
  const wanted = readme().replace(marked, (_all, open, _old, close) => `${open}${flagTable()}\n${close}`);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(readmePath, wanted);
  else expect(readme()).toBe(wanted);
  expect(wanted).toMatch(marked);
});

/** The inputs and outputs of the Action as the README has them; `action.yml` is made from the same tables. */
function actionTables(): string {
  return [
    '| input | of | is | default |',
    '|---|---|---|---|',
    ...actionInputs.map(({ name, of, describe: words, fallback }) => {
      const own = fallback === undefined ? '' : `\`${fallback}\``;
      return `| \`${name}\` | ${of?.join(', ') ?? 'all'} | ${words} | ${own} |`;
    }),
    '',
    '| output | is |',
    '|---|---|',
    ...Object.entries(actionOutputs).map(([name, words]) => `| \`${name}\` | ${words} |`),
  ].join('\n');
}

it('has the inputs and outputs that the Action has (UPDATE_GOLDEN=1 rewrites them)', () => {
  const marked = /(<!-- action -->\n)([\s\S]*?)(<!-- \/action -->)/;
  const wanted = readme().replace(marked, (_all, open, _old, close) => `${open}${actionTables()}\n${close}`);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(readmePath, wanted);
  else expect(readme()).toBe(wanted);
  expect(wanted).toMatch(marked);
});

/** The problems that are always errors, and the rules, as the README has them. */
function problemTables(): readonly [problems: string, rules: string] {
  const rows = Object.entries(definitions);
  return [
    [
      '| code | severity | means |',
      '|---|---|---|',
      ...rows.flatMap(([code, one]) =>
        'fix' in one ? [] : [`| \`${code}\` | ${one.severity} | ${one.means} |`],
      ),
    ].join('\n'),
    [
      '| rule | severity | means | what to do |',
      '|---|---|---|---|',
      ...rows.flatMap(([code, one]) =>
        'fix' in one ? [`| \`${code}\` | ${one.severity} | ${one.means} | ${one.fix} |`] : [],
      ),
    ].join('\n'),
  ];
}

it('has a row for each code of a problem (UPDATE_GOLDEN=1 rewrites them)', () => {
  const [problems, rules] = problemTables();
  const wanted = readme()
    .replace(
      /(<!-- problems -->\n)[\s\S]*?(<!-- \/problems -->)/,
      (_all, open, close) => `${open}${problems}\n${close}`,
    )
    .replace(
      /(<!-- rules -->\n)[\s\S]*?(<!-- \/rules -->)/,
      (_all, open, close) => `${open}${rules}\n${close}`,
    );
  expect(wanted).toContain(problems);
  expect(wanted).toContain(rules);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(readmePath, wanted);
  else expect(readme()).toBe(wanted);
});

it('shows an allowance that holds', () => {
  const manifest = blocks('yaml').find((text) => text.includes('downbeat: allow')) ?? '';
  const text = `${manifest}startWorkflowRequest: {name: w}\n`;
  expect(loadManifests([{ path: 'readme.yaml', text }], { now: 0 }).diagnostics).toStrictEqual([]);
  expect(loadManifests([{ path: 'readme.yaml', text: text.replace(/#.*/, '') }]).diagnostics).toHaveLength(1);
});

it('shows a plan as the program prints it (UPDATE_GOLDEN=1 rewrites it)', () => {
  const golden = fileURLToPath(new URL('../../golden/plan/picture/expected.txt', import.meta.url));
  const printed = /stdout:\n([\s\S]*?)\ndigest:/.exec(readFileSync(golden, 'utf8'))?.[1] ?? '';
  expect(printed).toMatch(/^Plan: /m);
  const wanted = readme().replace(/^```text\n[\s\S]*?^```$/m, () => `\`\`\`text\n${printed}\n\`\`\``);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(readmePath, wanted);
  else expect(readme()).toBe(wanted);
  expect(blocks('text')[0]).toMatch(/^Plan: /m);
});

it('shows a manifest that is valid', () => {
  const [manifest = ''] = blocks('yaml');
  const { desired, diagnostics } = loadManifests([{ path: 'readme.yaml', text: manifest }]);
  expect(diagnostics).toStrictEqual([]);
  expect(desired.map(({ schedule }) => schedule.name)).toStrictEqual(['order_settlement_nightly']);
});

it('shows a configuration that is valid', () => {
  const config = blocks('yaml').find((text) => text.includes('config.schema.json')) ?? '';
  const { file, diagnostics } = readConfig({ path: 'downbeat.yaml', text: config });
  expect(diagnostics).toStrictEqual([]);
  expect(Object.keys(file.environments ?? {})).toStrictEqual(['staging', 'production']);
});

it('names the package and the Action as package.json does, the package by its exact version', () => {
  const { name, version, repository } = JSON.parse(
    readFileSync(fileURLToPath(new URL('../../../package.json', import.meta.url)), 'utf8'),
  ) as { name: string; version: string; repository: string };
  const installed = [...readme().matchAll(/(?:npm install --global|npx(?: --yes)?) ([^\s\]`]+)/g)];
  expect(installed.length).toBeGreaterThan(0);
  expect(new Set(installed.map(([, what]) => what))).toStrictEqual(new Set([`${name}@${version}`]));
  const actions = [...readme().matchAll(/- uses: (\S+)/g)]
    .map(([, what = '']) => what)
    .filter((what) => !what.startsWith('actions/'));
  expect(new Set(actions)).toStrictEqual(
    new Set([`${repository.replace('github:', '')}@v${version.split('.')[0]}`]),
  );
});
