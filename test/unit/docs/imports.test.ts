import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const elsewhere = mkdtempSync(join(tmpdir(), 'downbeat-lint-'));
afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

/** Writes a tree and says what a program prints about it, whatever its exit code. */
function printedBy(args: readonly string[], folder: string): string {
  try {
    return execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

function tree(name: string, files: readonly (readonly [path: string, text: string])[]): string {
  const folder = join(elsewhere, name);
  for (const [path, text] of files) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), `${text}\n`);
  }
  return folder;
}

const structureOf = (folder: string): readonly string[] =>
  printedBy([fromRoot('scripts/structure.mjs'), folder], folder)
    .trim()
    .split('\n');

/** A rule of the import table that nobody breaks could be dead: each of these must be refused. */
const forbidden: readonly (readonly [path: string, text: string])[] = [
  ['src/model/a1.ts', "export { plan } from '../plan/plan.ts';"],
  ['src/cron/parse/a2.ts', "export { problem } from '../../model/diagnostic.ts';"],
  ['src/problems/a3.ts', "export { planOf } from '../plan/plan.ts';"],
  ['src/manifest/read/a4.ts', "import { planOf } from '../../plan/plan.ts';\nexport { planOf };"],
  ['src/compare/a5.ts', "export { planOf } from '../plan/plan.ts';"],
  ['src/fires/a6.ts', "export { planOf } from '../plan/plan.ts';"],
  ['src/plan/a7.ts', "export { parse } from '../manifest/read/parse-file.ts';"],
  ['src/plan/a8.ts', "export { readFileSync } from 'node:fs';"],
  ['src/plan/a9.ts', "export const late = (): Promise<unknown> => import('../http/client.ts');"],
  ['src/apply/a10.ts', "export type { Connection } from '../conductor/connect.ts';"],
  ['src/report/text/a11.ts', "export { parse } from 'yaml';"],
  ['src/conductor/a12.ts', "export { serve } from '../scheduler/serve.ts';"],
  ['src/conductor/a13.ts', "export { default } from 'ky';"],
  ['src/http/a14.ts', "export { connect } from '../conductor/connect.ts';"],
  ['src/scheduler/a15.ts', "export { connect } from '../conductor/connect.ts';"],
  ['src/github/a16.ts', "export { connect } from '../conductor/connect.ts';"],
  ['src/io/a17.ts', "export { problem } from '../model/diagnostic.ts';"],
  ['src/argv/a18.ts', "export { configure } from '../settings/configure.ts';"],
  ['src/settings/a19.ts', "export { planOf } from '../plan/plan.ts';"],
  ['src/run/a20.ts', "export { run } from '../commands/plan.ts';"],
  ['src/commands/a21.ts', "export { nodeIo } from '../io/node.ts';"],
  ['src/commands/a24.ts', "export type { Io } from '../io/io.ts';"],
  ['src/commands/on-call/a25.ts', "export { masker } from '../../masking/masker.ts';"],
  ['src/action/a22.ts', "export { run } from '../commands/plan.ts';"],
  ['src/main.ts', "export { planOf } from './plan/plan.ts';"],
  ['src/nowhere/a23.ts', 'export {};'],
];
const allowed: readonly (readonly [path: string, text: string])[] = [
  ['src/plan/b1.ts', "export { problem } from '../model/diagnostic.ts';"],
  ['src/plan/checks/b2.ts', "export { planOf } from '../plan.ts';"],
  ['src/commands/b3.ts', "export { planOf } from '../plan/plan.ts';"],
  ['src/http/b4.ts', "export { default } from 'ky';"],
];

it('refuses exactly the imports that the table does not have', () => {
  const offenders = structureOf(tree('rooms', [...forbidden, ...allowed])).map((line) => line.split(':')[0]);
  expect(offenders).toStrictEqual(forbidden.map(([path]) => path.replace('src/', '')).sort());
});

it('finds import cycles (types, too), crowded folders and duplicate names', () => {
  const many = Array.from({ length: 21 }, (_, n) => [`src/fires/f${n}.ts`, 'export {};'] as const);
  const folder = tree('shape', [
    ['src/model/x.ts', "import type { Y } from './y.ts';\nexport type X = Y;"],
    ['src/model/y.ts', "import { z } from './z.ts';\nexport type Y = typeof z;"],
    ['src/model/z.ts', "export const z = (): unknown => import('./x.ts');"],
    ['src/compare/same.ts', 'export {};'],
    ['src/model/same.ts', 'export {};'],
    ...many,
  ]);
  expect(structureOf(folder)).toStrictEqual([
    'circle: model/x.ts -> model/y.ts -> model/z.ts -> model/x.ts',
    'fires: 21 files, at most 20',
    'same.ts: compare/same.ts, model/same.ts share a name',
  ]);
});

/** What the core must not know: each must be refused where it stands. */
const globals: readonly (readonly [path: string, text: string, rule: string])[] = [
  ['src/github/x2.ts', "export const get = (): unknown => fetch('http://h');", 'noRestrictedGlobals'],
  ['src/plan/x4.ts', 'export const at: number = Date.now();', 'noRestrictedGlobals'],
  ['src/apply/x2.ts', 'export const cwd: string = process.cwd();', 'noRestrictedGlobals'],
  ['src/commands/x2.ts', 'console.log(1);', 'noConsole'],
];
const clock = 'src/http/y1.ts';
let complaints: readonly { readonly category: string; readonly location: { readonly path: string } }[];

beforeAll(() => {
  const folder = tree('globals', [
    ...globals.map(([path, text]) => [path, text] as const),
    [clock, 'export const at: number = Date.now();'],
  ]);
  cpSync(fromRoot('biome.json'), join(folder, 'biome.json'));
  const biome = fromRoot('node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '.'];
  ({ diagnostics: complaints } = JSON.parse(printedBy(args, folder)) as { diagnostics: typeof complaints });
});

const rulesAgainst = (path: string): readonly (string | undefined)[] =>
  complaints
    .filter(({ location }) => location.path === path)
    .map(({ category }) => category.split('/').at(-1));

it.each(globals)('%s does not use %s', (path, _text, rule) => {
  expect(rulesAgainst(path)).toContain(rule);
});

it('the folders that talk to servers have a clock', () => {
  expect(rulesAgainst(clock)).not.toContain('noRestrictedGlobals');
});
