import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { main } from '../../src/main.ts';
import { fakeIo } from '../support/io.ts';
import { setUps } from '../support/real/set-ups.ts';
import { type RealServer, startRealServer } from '../support/real-server.ts';

/**
 * `kill -9` of a server of our own while schedules are created and changed. DOWNBEAT_KILLS: how often (default: once).
 * After the next run every schedule fires, or is named.
 */
const kills = Number(process.env.DOWNBEAT_KILLS ?? 1);
const { setUp } = inject('realServer');
const { late } = setUps[setUp];
const cwd = mkdtempSync(join(tmpdir(), 'downbeat-kills-'));
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const workflow = 'kills_work';
let server: RealServer;
let api: string;

beforeAll(async () => {
  server = await startRealServer(setUp);
  api = `${server.url}/api`;
  const tasks = [{ name: 'sv', taskReferenceName: 'sv', type: 'SET_VARIABLE', inputParameters: { x: 1 } }];
  const answer = await fetch(`${api}/metadata/workflow`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: workflow, version: 1, schemaVersion: 2, tasks }),
  });
  expect(answer.status).toBe(200);
  mkdirSync(join(cwd, 'schedules'));
  writeFileSync(join(cwd, 'downbeat.yaml'), 'owner: us\n');
}, 900_000);
afterAll(async () => {
  await server?.stop();
  rmSync(cwd, { recursive: true, force: true });
});

function manifests(count: number, description: string): void {
  const all = Array.from({ length: count }, (_, at) => ({
    name: `kills_${at}`,
    description,
    cronExpression: '*/10 * * * * ?',
    startWorkflowRequest: { name: workflow },
  }));
  writeFileSync(join(cwd, 'schedules', 'all.json'), JSON.stringify(all));
}

async function apply(...flags: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  const heard = fakeIo({ cwd, env: { CONDUCTOR_SERVER_URL: api }, wait });
  const code = await main(['apply', '--auto-approve', ...flags], heard.io);
  return { code, out: heard.out() + heard.err() };
}

interface Stored {
  readonly name: string;
  readonly updatedTime: number;
  readonly description: string;
}

async function stored(): Promise<readonly Stored[]> {
  return (await (await fetch(`${api}/scheduler/schedules`)).json()) as Stored[];
}

async function lastStart(name: string): Promise<number> {
  const answer = await fetch(
    `${api}/scheduler/search/executions?size=1&sort=executionTime:DESC&query=${name}`,
  );
  return ((await answer.json()) as { results: { executionTime: number }[] }).results[0]?.executionTime ?? 0;
}

/** Those that nothing was started for since their last change. */
async function silentSchedules(): Promise<string[]> {
  const silent: string[] = [];
  for (const { name, updatedTime } of await stored())
    if ((await lastStart(name)) < updatedTime) silent.push(name);
  return silent;
}

it(`after ${kills} kills of a server, every schedule fires or is named`, {
  timeout: 7_200_000,
}, async () => {
  manifests(20, 'before');
  expect((await apply()).code).toBe(0);
  let broken = 0;
  for (let kill = 1; kill <= kills; kill += 1) {
    manifests(20 + 10 * kill, `kill ${kill}`);
    const running = apply('--max-retries', '1', '--timeout', '10', '--fire-wait', '0');
    // Creates come first, and a write takes 5 to 50 ms.
    await wait(50 + ((kill * 7919) % 1500));
    await server.crash();
    if ((await running).code !== 0) broken += 1;
    await server.restart();
    const next = await apply('--fire-wait', '0');
    expect(next.code, next.out).toBe(0);
    console.log(`kill ${kill}: ${broken} broken runs so far`);
  }
  expect(broken, 'a kill came in the middle').toBeGreaterThan(0);
  const all = await stored();
  expect(all).toHaveLength(20 + 10 * kills);
  for (const one of all) expect(one.description).toContain('[downbeat-owner: us; id ');
  // Long enough for every timer to fire.
  await wait(late ? 150_000 : 30_000);
  let silent = await silentSchedules();
  // Until then a fire that is missing may still come.
  if (silent.length > 0) {
    await wait(190_000);
    silent = await silentSchedules();
  }
  const last = await apply();
  const named = [...last.out.matchAll(/"(kills_\d+)" is active, but no past run/g)].map(([, name]) => name);
  console.log(
    `${setUp}: ${kills} kills, ${broken} broken runs, ${silent.length} of ${all.length} without a timer, named: ${named.length}`,
  );
  expect(named).toStrictEqual(expect.arrayContaining(silent));
  // Nobody is named who fires.
  expect(silent).toStrictEqual(expect.arrayContaining(named));
  // As the hint says.
  for (const name of silent) {
    for (const action of ['pause', 'resume']) {
      const answer = await fetch(`${api}/scheduler/schedules/${name}/${action}`, { method: 'PUT' });
      expect(answer.status).toBe(200);
    }
  }
  if (silent.length > 0) await wait(30_000);
  const again = (await stored()).filter(({ name }) => silent.includes(name));
  for (const { name, updatedTime } of again) expect(await lastStart(name), name).toBeGreaterThan(updatedTime);
});
