import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { main } from '../../src/main.ts';
import { fakeIo } from '../support/io.ts';
import { scheduleBody } from '../support/scheduler.ts';

/** The commands of whoever is on call, on the real server. */

const { url } = inject('realServer');
const cwd = mkdtempSync(join(tmpdir(), 'downbeat-oncall-'));
const schedules = `${url}/api/scheduler/schedules`;
const names = Array.from({ length: 12 }, (_, at) => `oncall ${String(at).padStart(2, '0')}`);
const ticking = 'oncall ticks';

// One Io for all of them, because it has the record in memory.
const heard = fakeIo({ cwd, env: { CONDUCTOR_SERVER_URL: url } });

async function run(...words: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  const before = heard.out().length;
  const code = await main(words, heard.io);
  return { code, out: heard.out().slice(before) };
}

async function json(...words: readonly string[]): Promise<Record<string, never>> {
  const { code, out } = await run(...words, '--output', 'json');
  expect(code).toBe(0);
  return JSON.parse(out);
}

async function stored(): Promise<readonly (readonly unknown[])[]> {
  const list = (await (await fetch(schedules)).json()) as readonly Record<string, unknown>[];
  return list
    .filter(({ name }) => String(name).startsWith('oncall'))
    .map(({ name, paused, pausedReason }) => [name, paused, pausedReason])
    .sort();
}

async function request(method: string, path: string, body?: object): Promise<void> {
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${schedules}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...init,
  });
  expect(answer.status).toBe(200);
}

beforeAll(async () => {
  for (const name of names) await request('POST', '', scheduleBody(name));
  await request('POST', '', scheduleBody(ticking, { cronExpression: '* * * * * ?' }));
});
afterAll(async () => {
  for (const name of [...names, ticking]) await request('DELETE', `/${encodeURIComponent(name)}`);
  rmSync(cwd, { recursive: true });
});

it('history and status show the runs', async () => {
  await expect
    .poll(async () => (await run('history', ticking)).out, { timeout: 20_000, interval: 500 })
    .toMatch(/failed/);
  expect(await json('history', ticking, '--failed', '--since', '5m', '--limit', '1')).toMatchObject({
    runs: [{ schedule: ticking, state: 'FAILED', reason: expect.stringContaining('No such workflow') }],
  });
  expect(await json('status', ticking, 'oncall 03')).toMatchObject({
    schedules: [
      { name: 'oncall 03', state: 'active' },
      { name: ticking, lastRun: { state: 'FAILED' } },
    ],
  });
  expect((await run('history', '--query', 'scheduledTime>yesterday')).code).toBe(1);
  expect(heard.err()).toMatch(/For\s+input\s+string:\s+"yesterday"/);
}, 40_000);

it('pauses and resumes by name: one with a reason, several in bulk', async () => {
  expect((await run('pause', 'oncall 00', '--reason', 'INC-1 & ü')).code).toBe(0);
  expect(await json('pause', 'oncall 00', 'oncall 01', 'oncall 02')).toMatchObject({
    counts: { done: 2, already: 1 },
  });
  expect((await stored()).slice(0, 4)).toEqual([
    ['oncall 00', true, 'INC-1 & ü'],
    ['oncall 01', true, undefined],
    ['oncall 02', true, undefined],
    ['oncall 03', false, undefined],
  ]);
  expect(await json('resume', 'oncall 01', 'oncall 02', 'oncall 03')).toMatchObject({
    counts: { done: 2, already: 1 },
  });
  expect((await run('resume', 'oncal 04')).code).toBe(1);
});

it('stops everything and brings back exactly what was running', async () => {
  const before = await stored();
  const record = ['--record', 'stopped.json', '--auto-approve'];
  const stopped = await run('pause', '--all', '--each', ...record);
  expect(stopped.code).toBe(0);
  expect((await stored()).every(([, paused]) => paused === true)).toBe(true);
  expect((await run('resume', ...record)).code).toBe(0);
  expect(await stored()).toEqual(before);
}, 60_000);

it('pause all, requeue and the preview answer', async () => {
  expect((await run('pause', '--all', '--auto-approve')).out).toContain('done');
  expect((await run('resume', '--all', '--auto-approve')).out).toContain('done');
  expect((await run('requeue', '--auto-approve')).out).toContain('sampleIds');
  const { out } = await run('next', '0 0 9 * * ?', '--server', url, '--output', 'json');
  expect(JSON.parse(out).fires).toHaveLength(5);
});
