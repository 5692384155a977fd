import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blocks } from '../support/readme.ts';

/** The package as people get it: packed, installed into an empty folder elsewhere, and used as the README says. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const elsewhere = mkdtempSync(join(tmpdir(), 'downbeat-package-'));
const bin = join(elsewhere, 'node_modules', '.bin', 'downbeat');

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env: { ...process.env, ...env } }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err });
    });
  });
}

beforeAll(async () => {
  const packed = await run('npm', ['pack', '--silent', '--pack-destination', elsewhere], root);
  expect(packed).toMatchObject({ code: 0 });
  const [archive = ''] = readdirSync(elsewhere).filter((name) => name.endsWith('.tgz'));
  expect(await run('npm', ['init', '-y'], elsewhere)).toMatchObject({ code: 0 });
  // Nothing comes with it, so nothing has to be fetched.
  expect(await run('npm', ['install', '--offline', `./${archive}`], elsewhere)).toMatchObject({ code: 0 });
  cpSync(join(root, 'examples', 'schedules'), join(elsewhere, 'schedules'), { recursive: true });
}, 60_000);

const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(elsewhere, { recursive: true, force: true });
});

it('brings the program, the schemas, the licences and no other package', async () => {
  expect(readdirSync(join(elsewhere, 'node_modules')).filter((name) => !name.startsWith('.'))).toStrictEqual([
    'downbeat',
  ]);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(await run(bin, ['--version'], elsewhere)).toMatchObject({ code: 0, out: `${version}\n` });
  const folder = join(elsewhere, 'node_modules', 'downbeat');
  for (const file of [
    'LICENSE',
    'README.md',
    'CHANGELOG.md',
    'dist/THIRD-PARTY-LICENSES.txt',
    'dist/types/index.d.ts',
  ]) {
    expect(existsSync(join(folder, file)), file).toBe(true);
  }
  for (const name of readdirSync(join(root, 'schemas'))) {
    const schema = JSON.parse(readFileSync(join(folder, 'schemas', name), 'utf8')) as { $schema: string };
    expect(schema.$schema).toMatch(/2020-12/);
  }
});

it('can be imported', async () => {
  const script = 'import("downbeat").then(({ main, version }) => console.log(typeof main, version))';
  expect((await run(process.execPath, ['-e', script], elsewhere)).out).toMatch(/^function \d/);
});

it('does every command of the README', async () => {
  const lines = blocks('sh')
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('export '));
  const downbeat = lines.filter((line) => line.startsWith('downbeat '));
  // The two with npm are run by the next test and by whoever runs this one.
  expect(lines.filter((line) => !downbeat.includes(line))).toStrictEqual([
    'npm ci && npm run demo',
    'npm ci && npm test',
  ]);

  const serve = downbeat.find((line) => line.startsWith('downbeat serve'));
  const server = spawn(bin, (serve ?? '').replace('8080', '0').split(' ').slice(1), { cwd: elsewhere });
  children.push(server);
  let url = '';
  for await (const line of createInterface({ input: server.stdout })) {
    url = /http:\S+/.exec(line)?.[0] ?? '';
    break;
  }
  const env = { CONDUCTOR_SERVER_URL: url };
  const done: string[] = [];
  for (const line of downbeat.filter((one) => one !== serve)) {
    const args = line.split(' ').slice(1);
    // Nobody sits at this terminal.
    const approved = args[0] === 'apply' ? [...args, '--auto-approve'] : args;
    const { code, err } = await run(bin, approved, elsewhere, env);
    expect(`${line} ${code} ${err}`).toBe(`${line} 0 `);
    done.push(args[0] ?? '');
  }
  expect(done).toStrictEqual(['validate', 'plan', 'apply', 'drift']);
  server.kill('SIGTERM');
  expect(await once(server, 'exit')).toStrictEqual([0, null]);
});

it('walks through the demo and leaves nothing behind', async () => {
  const before = new Set(readdirSync(tmpdir()));
  const { code, out, err } = await run('npm', ['run', '--silent', 'demo'], root, {
    CONDUCTOR_SERVER_URL: 'http://127.0.0.1:1',
  });
  expect(`${code} ${err}`).toBe('0 ');
  expect(out).toMatch(/No changes\. 12 schedules/);
  expect(out).toMatch(/1 changed, 0 missing, 0 orphans, 1 paused/);
  expect(out).toMatch(/No drift\./);
  expect(
    readdirSync(tmpdir()).filter((name) => name.startsWith('downbeat-demo-') && !before.has(name)),
  ).toStrictEqual([]);
});
