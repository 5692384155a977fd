import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScheduler } from '../../src/scheduler/core.ts';
import { packed } from '../support/packed.ts';
import { page } from '../support/pages.ts';
import { serveLocal } from '../support/scheduler.ts';

/** Somebody's TypeScript project: strict, every declaration checked, the package from its archive. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const project = mkdtempSync(join(tmpdir(), 'downbeat-library-'));
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const examples = [...page('docs/library.md').matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(
  ([, text = '']) => text,
);
const [commands = '', cron = '', scheduler = ''] = examples;

type Ended = { readonly code: number; readonly out: string; readonly err: string };

function run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd: project, env: { ...process.env, ...env } }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err }),
    );
  });
}

/** CommonJS has no `await` outside of functions. */
function inFunction(text: string): string {
  const lines = text.split('\n');
  const imports = lines.filter((line) => line.startsWith('import '));
  const rest = lines.filter((line) => !line.startsWith('import '));
  return `${imports.join('\n')}\nasync function main(): Promise<void> {\n${rest.join('\n')}\n}\nvoid main();\n`;
}

const files = {
  'commands.mts': commands,
  'commands-required.cts': inFunction(commands),
  'cron.mts': cron,
  'cron-required.cts': inFunction(cron),
  'scheduler.mts': scheduler,
  'scheduler-required.cts': inFunction(scheduler),
};

beforeAll(async () => {
  const archive = await packed(project);
  writeFileSync(join(project, 'package.json'), '{"name":"outside","private":true}');
  expect(await run('npm', ['install', '--offline', archive])).toMatchObject({ code: 0 });
  for (const name of ['@types/node', 'undici-types'])
    cpSync(join(root, 'node_modules', name), join(project, 'node_modules', name), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** Compiles some of the files and says what is wrong with them. */
async function compiled(names: readonly string[], options: object): Promise<string> {
  const strict = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    target: 'es2023',
    outDir: 'out',
  };
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...strict, ...options }, files: names }),
  );
  return (await run(process.execPath, [tsc, '-p', '.'])).out;
}

it('has three examples', () => {
  expect(examples).toHaveLength(3);
  expect(examples.map((text) => /from '([^']+)'/.exec(text)?.[1])).toStrictEqual([
    'conductor-downbeat',
    'conductor-downbeat/cron',
    'conductor-downbeat/scheduler',
  ]);
});

describe('compiled, with every declaration checked', () => {
  beforeAll(async () => {
    const node = { module: 'nodenext', types: ['node'] };
    expect(await compiled(Object.keys(files), node)).toBe('');
  });

  it.each(['commands.mjs', 'commands-required.cjs'])('%s plans, applies and audits', async (file) => {
    const schedules = join(project, 'schedules');
    mkdirSync(schedules, { recursive: true });
    cpSync(join(root, 'examples', 'schedules'), schedules, { recursive: true });
    const server = createScheduler({ serverType: 'oss-2', now: Date.now });
    const served = await serveLocal(server);
    const { code, out, err } = await run(process.execPath, [join('out', file)], {
      CONDUCTOR_SERVER_URL: served.url,
    });
    expect({ code, err }).toStrictEqual({ code: 0, err: '' });
    const count = server.state().schedules.length;
    expect(count).toBeGreaterThan(5);
    expect(out).toMatch(new RegExp(`^${count} [0-9a-f]{64}\\n0 ${count}\\n\\[[^\\]]*09:00:00\\+0[12]:00`));
    expect(out).toMatch(/\n0\n$/);
    await served.close();
  });

  it.each(['cron.mjs', 'cron-required.cjs'])('%s knows when a cron fires', async (file) => {
    const { code, out, err } = await run(process.execPath, [join('out', file)]);
    expect({ code, err }).toStrictEqual({ code: 0, err: '' });
    expect(out).toBe(
      "at 09:00, Monday to Friday\n[ '2027-03-27T01:30:00.000Z', '2027-03-29T00:30:00.000Z' ]\n",
    );
  });

  it.each(['scheduler.mjs', 'scheduler-required.cjs'])('%s lets a week pass', async (file) => {
    const { code, out, err } = await run(process.execPath, [join('out', file)]);
    expect({ code, err }).toStrictEqual({ code: 0, err: '' });
    const days = [1, 2, 3, 4, 5, 6, 7].map((day) => `  '2027-01-0${day}T03:00:00.000Z'`);
    expect(out).toBe(`503 200\n[\n${days.join(',\n')}\n]\n[ 'POST 503', 'POST 200' ]\n`);
  });
});

it('compiles for a bundler, and cron without the types of Node', async () => {
  const bundled = { module: 'esnext', moduleResolution: 'bundler', noEmit: true };
  expect(await compiled(['commands.mts', 'scheduler.mts'], { ...bundled, types: ['node'] })).toBe('');
  expect(await compiled(['cron.mts'], { ...bundled, types: [], lib: ['es2023', 'dom'] })).toBe('');
});

it('refuses options that the functions do not take', async () => {
  const wrong = [
    "import { apply, plan } from 'conductor-downbeat';",
    "import { startScheduler } from 'conductor-downbeat/scheduler';",
    "await plan({ direktory: 'schedules' });",
    "await apply({ directory: 'schedules' });",
    "await startScheduler({ type: 'oss-9' });",
    "(await plan()).document.kind === 'result';",
  ];
  writeFileSync(join(project, 'wrong.mts'), wrong.join('\n'));
  const said = await compiled(['wrong.mts'], { module: 'nodenext', types: ['node'] });
  expect([...said.matchAll(/^wrong\.mts\((\d+),/gm)].map(([, line]) => Number(line))).toStrictEqual([
    3, 4, 5, 6,
  ]);
});

it('exports cron and the scheduler without the program, and cron without Node', () => {
  const folder = join(project, 'node_modules/conductor-downbeat/dist');
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  for (const name of ['cron.js', 'commonjs/cron.js']) {
    expect(text(name)).not.toMatch(/require\("|from"node:|from"\.|import\(/);
    expect(text(name).length).toBeLessThan(40_000);
  }
  expect(text('commonjs/scheduler.js')).not.toMatch(/pass --yes|require\("\.|commander/);
  expect(
    [...text('commonjs/scheduler.js').matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name).sort(),
  ).toStrictEqual(['node:crypto', 'node:http']);
});
