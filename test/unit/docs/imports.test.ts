import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const elsewhere = mkdtempSync(join(tmpdir(), 'downbeat-lint-'));

/** A rule of the import table that nobody breaks could be dead: each of these must be refused. */
const broken: readonly (readonly [path: string, text: string, rule: string])[] = [
  ['src/model/x1.ts', "export { plan } from '../plan/plan.ts';", 'noRestrictedImports'],
  ['src/cron/x1.ts', "export { problem } from '../model/diagnostic.ts';", 'noRestrictedImports'],
  ['src/manifest/x1.ts', "export { planOf } from '../plan/plan.ts';", 'noRestrictedImports'],
  ['src/compare/x1.ts', "export { planOf } from '../plan/plan.ts';", 'noRestrictedImports'],
  ['src/fires/x1.ts', "export { planOf } from '../plan/plan.ts';", 'noRestrictedImports'],
  ['src/plan/x1.ts', "export { parse } from '../manifest/parse.ts';", 'noRestrictedImports'],
  ['src/plan/x2.ts', "export { readFileSync } from 'node:fs';", 'noRestrictedImports'],
  [
    'src/plan/x3.ts',
    "export const late = (): Promise<unknown> => import('../conductor/ky.ts');",
    'noRestrictedImports',
  ],
  ['src/apply/x1.ts', "export { connect } from '../conductor/connect.ts';", 'noRestrictedImports'],
  ['src/report/x1.ts', "export { parse } from 'yaml';", 'noRestrictedImports'],
  ['src/conductor/x1.ts', "export { serve } from '../scheduler/serve.ts';", 'noRestrictedImports'],
  ['src/scheduler/x1.ts', "export { connect } from '../conductor/connect.ts';", 'noRestrictedImports'],
  ['src/github/x1.ts', "export { connect } from '../conductor/connect.ts';", 'noRestrictedImports'],
  ['src/github/x2.ts', "export const get = (): unknown => fetch('http://h');", 'noRestrictedGlobals'],
  ['src/io/x1.ts', "export { problem } from '../model/diagnostic.ts';", 'noRestrictedImports'],
  ['src/commands/x1.ts', "export { nodeIo } from '../io/node.ts';", 'noRestrictedImports'],
  ['src/main.ts', "export { planOf } from './plan/plan.ts';", 'noRestrictedImports'],
  ['src/plan/x4.ts', 'export const at: number = Date.now();', 'noRestrictedGlobals'],
  ['src/apply/x2.ts', 'export const cwd: string = process.cwd();', 'noRestrictedGlobals'],
  ['src/commands/x2.ts', 'console.log(1);', 'noConsole'],
];

/** And what the table allows must pass. */
const sound: readonly (readonly [path: string, text: string])[] = [
  ['src/plan/y1.ts', "export { problem } from '../model/diagnostic.ts';"],
  ['src/conductor/y1.ts', 'export const at: number = Date.now();'],
  ['src/commands/y1.ts', "export { planOf } from '../plan/plan.ts';"],
];

let complaints: readonly { readonly category: string; readonly location: { readonly path: string } }[];

beforeAll(() => {
  cpSync(fromRoot('biome.json'), join(elsewhere, 'biome.json'));
  for (const [path, text] of [...broken, ...sound]) {
    mkdirSync(join(elsewhere, dirname(path)), { recursive: true });
    writeFileSync(join(elsewhere, path), `${text}\n`);
  }
  let printed = '';
  try {
    const args = [
      fromRoot('node_modules/@biomejs/biome/bin/biome'),
      'lint',
      '--reporter=json',
      '--max-diagnostics=none',
      '.',
    ];
    printed = execFileSync(process.execPath, args, { cwd: elsewhere, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    printed = (error as { stdout: string }).stdout;
  }
  ({ diagnostics: complaints } = JSON.parse(printed) as { diagnostics: typeof complaints });
});
afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

function rulesAgainst(path: string): readonly string[] {
  return complaints.filter(({ location }) => location.path === path).map(({ category }) => category);
}

it.each(broken)('%s may not say %s', (path, _text, rule) => {
  expect(rulesAgainst(path).map((category) => category.split('/').at(-1))).toContain(rule);
});

it.each(sound)('%s may say %s', (path) => {
  expect(rulesAgainst(path).filter((category) => category.includes('noRestricted'))).toStrictEqual([]);
});
