import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { flags } from '../../../src/argv/flags.ts';
import { main } from '../../../src/main.ts';
import { dataText } from '../../../src/scheduler/data.ts';
import { faultKinds } from '../../../src/scheduler/fault-kinds.ts';
import { assumptions } from '../../../src/scheduler/switches.ts';
import { fakeIo, type Heard } from '../../support/io.ts';
import { testScheduler } from '../../support/scheduler.ts';

/** `downbeat serve` on a free port, and the URL that it prints. */
function started(...args: readonly string[]) {
  return startedIn({ cwd: '.' }, ...args);
}

async function startedIn(folder: Parameters<typeof fakeIo>[0], ...args: readonly string[]) {
  const heard: Heard = fakeIo(folder);
  const ended = main(['serve', '--port', '0', ...args], heard.io);
  await expect.poll(heard.out).toMatch(/answers at/);
  const url = /http:\S+/.exec(heard.out())?.[0] ?? '';
  return {
    url,
    heard,
    async stop() {
      heard.interrupt();
      return ended;
    },
  };
}

async function statuses(url: string, count: number): Promise<readonly number[]> {
  const seen: number[] = [];
  for (let asked = 0; asked < count; asked += 1) {
    const answer = await fetch(`${url}/scheduler/schedules`);
    await answer.arrayBuffer();
    seen.push(answer.status);
  }
  return seen;
}

describe('--fault and --seed', () => {
  it('the help names every kind', () => {
    expect(flags.fault.describe).toContain(`: ${[...faultKinds, 'failed-run'].join(', ')}`);
  });

  it('the same seed fails in the same way, and each fault is printed', async () => {
    const runs: (readonly number[])[] = [];
    for (const seed of ['7', '7', '8']) {
      const server = await started('--fault', '503=40%', '--fault', '429=0.2', '--seed', seed);
      runs.push(await statuses(server.url, 30));
      expect(server.heard.err()).toContain(`Requests fail: 503 40 %, 429 20 %. --seed ${seed} repeats it.`);
      expect(await server.stop()).toBe(0);
    }
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0]).not.toEqual(runs[2]);
    expect(new Set(runs[0])).toEqual(new Set([200, 429, 503]));
  });

  it('a random seed is printed if none is given, with a rate of 5 %', async () => {
    const server = await started('--fault', 'reset-before');
    expect(server.heard.err()).toMatch(/Requests fail: reset-before 5 %\. --seed \d+ repeats it\./);
    await server.stop();
  });

  it('without --fault nothing is printed and nothing fails', async () => {
    const server = await started();
    expect(new Set(await statuses(server.url, 20))).toEqual(new Set([200]));
    expect(server.heard.err()).not.toContain('seed');
    await server.stop();
  });
});

it('--key: a token is required, and only that pair gets one', async () => {
  const server = await started('--server-type', 'orkes-new', '--key', 'local:a:b');
  const ask = async (keySecret: string): Promise<readonly [number, string]> => {
    const issued = await fetch(`${server.url}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ keyId: 'local', keySecret }),
    });
    const { token = '' } = (await issued.json()) as { token?: string };
    return [issued.status, token];
  };
  expect(await statuses(server.url, 1)).toEqual([401]);
  expect((await ask('wrong'))[0]).toBe(401);
  const [status, token] = await ask('a:b');
  expect(status).toBe(200);
  const list = await fetch(`${server.url}/scheduler/schedules`, { headers: { 'x-authorization': token } });
  expect(list.status).toBe(200);
  await list.arrayBuffer();
  await server.stop();
  expect(server.heard.out() + server.heard.err()).not.toContain('a:b');
});

it.each([
  [['--fault', 'ressit'], "unknown fault 'ressit'"],
  [['--fault', '503=2'], 'no share of the requests from 0 to 1'],
  [['--fault', '503='], 'no share of the requests'],
  [['--fault', '503=101%'], 'no share of the requests'],
  [['--fault', '503=0.7', '--fault', 'html=0.4'], 'add up to 1.1'],
  [['--fault', 'lost-tags-write'], 'cannot happen on oss-2'],
  [['--server-type', 'documented', '--fault', 'expired-token'], 'cannot happen on documented'],
  [['--seed', '3'], '--seed needs --fault'],
  [['--server-version', '3.30.0'], 'unknown version of oss-2: "3.30.0"'],
  [['--server-type', 'oss-1', '--server-version', '3.32.1'], 'unknown version of oss-1: "3.32.1"'],
  [['--server-type', 'oss-1', '--server-version', '3.30'], 'unknown version of oss-1: "3.30"'],
  [
    ['--server-type', 'orkes-new', '--server-version', 'orkes-local'],
    'not known what that changes on orkes-new',
  ],
  [['--server-type', 'documented', '--backend', 'mysql'], 'not known what that changes on documented'],
  [['--key', 'a:b'], 'oss-2 has no authentication'],
  [['--server-type', 'orkes-old', '--key', 'nosecret'], 'is not KEY:SECRET'],
  [['--assume', 'update=overwrite'], 'nothing is assumed about oss-2'],
  [['--server-type', 'orkes-new', '--assume', 'upd=plain'], "unknown assumption 'upd'"],
  [['--server-type', 'orkes-new', '--assume', 'update=maybe'], "--assume update is not 'maybe'"],
])('%j is a usage error with a hint', async (args, message) => {
  const heard = fakeIo({ cwd: '.' });
  expect(await main(['serve', '--port', '0', ...args], heard.io)).toBe(1);
  expect(heard.err()).toMatch(/^error: .*\nhint: .+\n$/s);
  expect(heard.err()).toContain(message);
  expect(heard.out()).toBe('');
});

it('an update is a plain save on Orkes, unless it is assumed to need overwrite=true', async () => {
  const saves = async (...args: readonly string[]): Promise<readonly number[]> => {
    const server = await started('--server-type', 'orkes-new', ...args);
    const save = () =>
      fetch(`${server.url}/scheduler/schedules`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'a', startWorkflowRequest: { name: 'w' } }),
      });
    const answers = [await save(), await save()];
    for (const answer of answers) await answer.arrayBuffer();
    await server.stop();
    expect(server.heard.err()).toContain('Assumed about Orkes (see --assume): update=');
    return answers.map(({ status }) => status);
  };
  expect(await saves()).toEqual([200, 200]);
  expect(await saves('--assume', 'update=overwrite')).toEqual([200, 409]);
});

it('the help names every assumption and its values, the default first', () => {
  for (const { name, words } of assumptions)
    expect(flags.assume.describe).toContain(`${name}=${Object.keys(words).join(' or ')}`);
});

it('shares may add up to exactly 1', async () => {
  const tenth = Array.from({ length: 10 }, () => ['--fault', '503=0.1']).flat();
  const server = await started(...tenth);
  expect(new Set(await statuses(server.url, 5))).toEqual(new Set([503]));
  await server.stop();
});

it('--data remembers by how much the clock was moved', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'downbeat-'));
  const path = join(cwd, 'data');
  const { schedules, timers, tags, executions, workflows, runs } = testScheduler().state();
  const served = { serverType: 'oss-2', version: '3.32.1', backEnd: 'sqlite' } as const;
  const files = new Map([
    ['data', dataText(served, { schedules, timers, tags, executions, workflows, runs })],
  ]);
  writeFileSync(path, '');
  const aheadAfter = async (ms: number): Promise<number> => {
    const server = await startedIn({ cwd, files }, '--data', 'data');
    const page = server.url.replace(/api$/, '_downbeat/');
    const headers = { 'content-type': 'application/json' };
    await fetch(`${page}advance`, { method: 'POST', headers, body: JSON.stringify({ ms }) });
    const { ahead } = (await (await fetch(`${page}state`)).json()) as { readonly ahead: number };
    await server.stop();
    // What the fake appends to is on the disk.
    files.set('data', (server.heard.files.get('data') ?? '') + readFileSync(path, 'utf8'));
    writeFileSync(path, '');
    return ahead;
  };
  try {
    expect(await aheadAfter(3_600_000)).toBe(3_600_000);
    expect(await aheadAfter(1000)).toBe(3_601_000);
    expect(await aheadAfter(0)).toBe(3_601_000);
  } finally {
    rmSync(cwd, { recursive: true });
  }
});

it('--data remembers type, version and back end, and refuses another', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'downbeat-'));
  const early = ['--server-type', 'oss-1', '--server-version', '3.30.0', '--backend', 'mysql'];
  const served = { serverType: 'oss-1', version: '3.30.0', backEnd: 'mysql' } as const;
  const { schedules, timers, tags, executions, workflows, runs } = testScheduler().state();
  const text = dataText(served, { schedules, timers, tags, executions, workflows, runs });
  const files = new Map([['data', text]]);
  // What the fake appends to is on the disk.
  writeFileSync(join(cwd, 'data'), '');
  try {
    for (const args of [early, []]) {
      const server = await startedIn({ cwd, files }, '--data', 'data', ...args);
      expect(server.heard.out()).toContain('(oss-1 3.30.0 on mysql) answers at');
      await server.stop();
      expect(server.heard.files.get('data')).toBe(text);
    }
    for (const [args, message] of [
      [['--server-type', 'oss-2'], 'of type oss-1, not oss-2'],
      [['--server-version', '3.30.1'], 'of version 3.30.0, not 3.30.1'],
      [['--backend', 'postgres'], 'on mysql, not postgres'],
    ] as const) {
      const heard = fakeIo({ cwd, files });
      expect(await main(['serve', '--port', '0', '--data', 'data', ...args], heard.io)).toBe(1);
      expect(heard.err()).toContain(`is from a server ${message}\nhint: remove ${args[0]}`);
    }
  } finally {
    rmSync(cwd, { recursive: true });
  }
});
