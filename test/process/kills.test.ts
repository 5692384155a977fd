import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScheduler, type Scheduler } from '../../src/scheduler/core.ts';
import { seededNumbers } from '../../src/scheduler/random.ts';
import { builtProgram } from '../support/program.ts';
import { scheduleBody, serveLocal } from '../support/scheduler.ts';

/**
 * The program kills itself in the middle of the work on its files: before or after the n-th call of the file system, or
 * halfway through what that call writes. No file is ever half, and the next run finishes.
 */

/** Of each command; more with KILLS=40. */
const kills = Number(process.env.KILLS ?? 6);
/** Other moments with KILLS_SEED=1, 2 …, so that many can be had in parts. */
const part = Number(process.env.KILLS_SEED ?? 0);

let program: Awaited<ReturnType<typeof builtProgram>>;
beforeAll(async () => {
  program = await builtProgram();
  writeFileSync(join(program.folder, 'hook.cjs'), hook);
});
afterAll(() => rmSync(program.folder, { recursive: true, force: true }));

const hook = `
const fs = require('node:fs');
const real = { ...fs };
const opened = new Set();
const [at, how] = [Number(process.env.KILL_AT), process.env.KILL_HOW];
let count = 0;
const die = () => process.kill(process.pid, 'SIGKILL');
const isOurs = (one) => (typeof one === 'number' ? opened.has(one) : !String(one).startsWith('/') || String(one).startsWith(process.cwd()));
const half = { writeFileSync: 1, writeSync: 1 };
for (const name of ['openSync', 'writeFileSync', 'writeSync', 'renameSync', 'linkSync', 'fsyncSync', 'chmodSync', 'rmSync', 'mkdirSync']) {
  fs[name] = (...args) => {
    if (!isOurs(args[0])) return real[name](...args);
    count += 1;
    if (count === at) {
      try {
        if (how === 'half' && half[name]) {
          const bytes = Buffer.from(args[1]);
          const rest = name === 'writeFileSync' ? [args[2]] : [];
          real[name](args[0], bytes.subarray(0, Math.floor(bytes.length / 2)), ...rest);
        } else if (how === 'after') real[name](...args);
      } catch {
        // A file that is not there: killed all the same.
      }
      die();
    }
    const result = real[name](...args);
    if (name === 'openSync') opened.add(result);
    return result;
  };
}
process.on('exit', () => real.writeFileSync(process.env.COUNT_FILE, String(count)));
`;

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
  /** Calls of the file system about files below the working directory; 0 when it was killed. */
  readonly calls: number;
}

type Killing = { readonly at: number; readonly how: 'before' | 'half' | 'after' };

async function run(cwd: string, args: readonly string[], killing?: Killing): Promise<Ended> {
  const countFile = join(program.folder, 'count');
  rmSync(countFile, { force: true });
  const child = spawn(
    process.execPath,
    ['--require', join(program.folder, 'hook.cjs'), program.path, ...args],
    {
      cwd,
      env: {
        COUNT_FILE: countFile,
        KILL_AT: String(killing?.at ?? 0),
        KILL_HOW: killing?.how ?? '',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout.on('data', (chunk) => out.push(String(chunk)));
  child.stderr.on('data', (chunk) => err.push(String(chunk)));
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.once('close', (...end) => resolve(end)),
  );
  const calls = signal === null ? Number(readFileSync(countFile, 'utf8')) : 0;
  return { code, signal, out: out.join(''), err: err.join(''), calls };
}

const names = ['s1', 's2', 's3'];

function place(more: object = {}): string {
  const cwd = mkdtempSync(join(program.folder, 'x-'));
  mkdirSync(join(cwd, 'schedules'));
  for (const name of names)
    writeFileSync(
      join(cwd, 'schedules', `${name}.json`),
      `${JSON.stringify({ ...scheduleBody(name), ...more }, null, 2)}\n`,
    );
  return cwd;
}

function holding(schedules: readonly object[]): Scheduler {
  const scheduler = createScheduler({ serverType: 'oss-2', now: Date.now, acceptAnyWorkflow: true });
  for (const one of schedules) scheduler.put(one as ReturnType<typeof scheduleBody>);
  return scheduler;
}

/** The files that a person sees, whole. */
function visible(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(files.map((path) => [path.slice(folder.length), readFileSync(path, 'utf8')]));
}

/** What runs leave beside the files that they write: nothing, once the next one has ended. */
function leftIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.includes('.downbeat-'),
  );
}

const hows = ['before', 'half', 'after'] as const;

/** Seeded moments: somewhere among so many calls. */
function moments(seed: number, calls: number): readonly Killing[] {
  if (calls < 5) throw new Error(`only ${calls} calls of the file system were counted`);
  const random = seededNumbers(seed + 100 * part);
  return Array.from({ length: kills }, (_, index) => ({
    at: 1 + Math.floor(random() * calls),
    how: hows[index % 3] ?? 'half',
  }));
}

const local = async <T>(scheduler: Scheduler, work: (flag: readonly string[]) => Promise<T>): Promise<T> => {
  const server = await serveLocal(scheduler);
  try {
    return await work(['--server', server.url]);
  } finally {
    await server.close();
  }
};

describe(`killed at ${kills} calls of the file system`, () => {
  it('plan --out: leaves the old plan or the new one', async () => {
    const line = ['plan', '--out', 'plan.json', '-o', 'json=report.json'];
    const scheduler = holding([scheduleBody('s1', { description: 'other' })]);
    await local(scheduler, async (server) => {
      const whole = place();
      const { calls } = await run(whole, [...line, ...server]);
      const [plan, report] = [visible(whole)['/plan.json'], visible(whole)['/report.json']];
      let died = 0;
      for (const killing of moments(1, calls)) {
        const cwd = place();
        writeFileSync(join(cwd, 'plan.json'), 'old plan');
        writeFileSync(join(cwd, 'report.json'), 'old report');
        died += (await run(cwd, [...line, ...server], killing)).signal === 'SIGKILL' ? 1 : 0;
        const { '/plan.json': now = '', '/report.json': said = '' } = visible(cwd);
        expect(['old plan', plan]).toContain(now);
        expect(said === 'old report' || JSON.parse(said).kind === 'plan').toBe(true);
        expect((await run(cwd, [...line, ...server])).code).toBe(0);
        expect(visible(cwd)['/plan.json']).toBe(plan);
        expect(leftIn(cwd)).toStrictEqual([]);
        expect(JSON.parse(visible(cwd)['/report.json'] ?? '').digest).toBe(JSON.parse(report ?? '').digest);
      }
      expect(died).toBe(kills);
    });
  });

  it('apply: the result is complete or the old one, and the next run does the rest', async () => {
    const line = ['apply', '-y', '-o', 'json=result.json', '-o', 'text=result.txt'];
    const whole = place();
    const { calls } = await local(holding([]), (server) => run(whole, [...line, ...server]));
    for (const killing of moments(2, calls)) {
      const cwd = place();
      writeFileSync(join(cwd, 'result.json'), 'old');
      const scheduler = holding([]);
      await local(scheduler, async (server) => {
        expect((await run(cwd, [...line, ...server], killing)).signal).toBe('SIGKILL');
        const said = visible(cwd)['/result.json'] ?? '';
        expect(said === 'old' || JSON.parse(said).kind === 'result').toBe(true);
        expect((await run(cwd, [...line, ...server])).code).toBe(0);
        expect(leftIn(cwd)).toStrictEqual([]);
      });
      expect(
        scheduler
          .state()
          .schedules.map(({ name }) => name)
          .sort(),
      ).toStrictEqual(names);
    }
  });

  it('pull: each manifest is the old one or the new one', async () => {
    const line = ['pull', '--unmanaged'];
    const there = [...names, 'n1', 'n2'].map((name) => scheduleBody(name, { description: `of ${name}` }));
    await local(holding(there), async (server) => {
      const whole = place();
      const before = visible(whole);
      const { calls, code } = await run(whole, [...line, ...server]);
      expect(code).toBe(0);
      const after = visible(whole);
      expect(Object.keys(after)).toHaveLength(5);
      for (const killing of moments(3, calls)) {
        const cwd = place();
        expect((await run(cwd, [...line, ...server], killing)).signal).toBe('SIGKILL');
        for (const [path, text] of Object.entries(visible(cwd)))
          expect([before[path], after[path]]).toContain(text);
        expect((await run(cwd, [...line, ...server])).code).toBe(0);
        expect(visible(cwd)).toStrictEqual(after);
        expect(leftIn(cwd)).toStrictEqual([]);
      }
    });
  });

  it('pause --each --record: every paused schedule is in the record, and all of them resume', async () => {
    const line = ['pause', '--all', '--each', '--record', 'r.json', '-y'];
    const whole = place();
    const all = names.map((name) => scheduleBody(name));
    const { calls } = await local(holding(all), (server) => run(whole, [...line, ...server]));
    for (const killing of moments(4, calls)) {
      const cwd = place();
      const scheduler = holding(all);
      const paused = (): readonly unknown[] =>
        scheduler.state().schedules.flatMap((one) => (one.paused ? [one.name] : []));
      await local(scheduler, async (server) => {
        expect((await run(cwd, [...line, ...server], killing)).signal).toBe('SIGKILL');
        const record = visible(cwd)['/r.json'];
        const known =
          record === undefined ? [] : JSON.parse(record).running.map(({ name }: { name: string }) => name);
        expect(known).toStrictEqual(expect.arrayContaining([...paused()]));
        expect((await run(cwd, [...line, ...server])).code).toBe(0);
        expect(paused()).toHaveLength(names.length);
        expect((await run(cwd, ['resume', '--record', 'r.json', '-y', ...server])).code).toBe(0);
        expect(paused()).toStrictEqual([]);
        expect(leftIn(cwd)).toStrictEqual([]);
      });
    }
  });

  it.each(moments(5, 40))(
    'serve --data: everything that was answered is there, $at $how',
    async (killing) => {
      const cwd = place();
      const answered: string[] = [];
      let asked = '';
      const first = await serving(cwd, killing);
      for (let index = 0; first.url !== undefined; index += 1) {
        asked = `s${index}`;
        const sent = await fetch(`${first.url}/scheduler/schedules`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(scheduleBody(asked)),
        }).catch(() => undefined);
        if (sent === undefined) break;
        answered.push(asked);
      }
      expect(await first.ended).toBe('SIGKILL');
      const second = await serving(cwd);
      const found = (await (await fetch(`${second.url}/scheduler/schedules`)).json()) as { name: string }[];
      const there = found.map(({ name }) => name);
      expect([answered, [...answered, asked]]).toContainEqual(there);
      second.stop();
      expect(await second.ended).toBe('SIGTERM');
    },
  );
});

/** A server on a free port; without a URL when it was killed before it had one. */
async function serving(cwd: string, killing?: Killing) {
  const args = [
    '--require',
    join(program.folder, 'hook.cjs'),
    program.path,
    'serve',
    '--port',
    '0',
    '--data',
    'd',
  ];
  const child = spawn(process.execPath, args, {
    cwd,
    env: { COUNT_FILE: '/dev/null', KILL_AT: String(killing?.at ?? 0), KILL_HOW: killing?.how ?? '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<string>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? (code === 0 ? 'SIGTERM' : String(code)))),
  );
  let said = '';
  const url = await new Promise<string | undefined>((resolve) => {
    child.stdout.on('data', (chunk) => {
      said += String(chunk);
      const [found] = /http:\S+/.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once('close', () => resolve(undefined));
  });
  return { url, ended, stop: () => child.kill('SIGTERM') };
}
