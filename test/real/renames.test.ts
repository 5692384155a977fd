import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { main } from '../../src/main.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { markedDescription } from '../../src/model/marks/marker.ts';
import { inRenaming } from '../../src/model/marks/renaming.ts';
import { normalize } from '../../src/model/normal.ts';
import { deleteSchedules } from '../support/clean-up.ts';
import { fakeIo } from '../support/io.ts';
import { setUps } from '../support/real/set-ups.ts';

const { url, setUp } = inject('realServer');
const { late } = setUps[setUp];
const api = `${url}/api`;
const cwd = mkdtempSync(join(tmpdir(), 'downbeat-renames-'));
const names = ['rn-old', 'rn-new'];
const workflow = 'rn_work';
const everyTenSeconds = '*/10 * * * * ?';
const headers = { 'content-type': 'application/json' };
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

beforeAll(async () => {
  const task = { name: 'sv', taskReferenceName: 'sv', type: 'SET_VARIABLE', inputParameters: { x: 1 } };
  const definition = { name: workflow, version: 1, schemaVersion: 2, tasks: [task] };
  const answer = await fetch(`${api}/metadata/workflow`, {
    method: 'POST',
    headers,
    body: JSON.stringify(definition),
  });
  expect(answer.status).toBe(200);
  await deleteSchedules(api, names);
  mkdirSync(join(cwd, 'schedules'));
  writeFileSync(join(cwd, 'downbeat.yaml'), 'owner: us\n');
});
afterEach(() => deleteSchedules(api, names));
afterAll(async () => {
  await fetch(`${api}/metadata/workflow/${workflow}/1`, { method: 'DELETE' });
  rmSync(cwd, { recursive: true, force: true });
});

function body(name: string, over: JsonObject = {}): JsonObject {
  return { name, cronExpression: '0 0 3 1 1 ?', startWorkflowRequest: { name: workflow }, ...over };
}

/** A manifest of the new name. */
function wants(over: JsonObject = {}, previousNames: readonly string[] = ['rn-old']): void {
  const manifest = { ...body('rn-new', over), lifecycle: { previousNames } };
  writeFileSync(join(cwd, 'schedules', 'a.json'), JSON.stringify(manifest));
}

async function save(schedule: JsonObject): Promise<void> {
  const marked = {
    description: markedDescription(String(schedule.name), undefined, { owner: 'us', protected: false }),
    ...schedule,
  };
  const answer = await fetch(`${api}/scheduler/schedules`, {
    method: 'POST',
    headers,
    body: JSON.stringify(marked),
  });
  expect(answer.status).toBe(200);
}

async function downbeat(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string }> {
  const heard = fakeIo({ cwd, env: { CONDUCTOR_SERVER_URL: api }, wait });
  const code = await main(args, heard.io);
  return { code, out: heard.out() + heard.err() };
}

async function there(): Promise<readonly JsonObject[]> {
  const all = (await (await fetch(`${api}/scheduler/schedules`)).json()) as JsonObject[];
  return all.filter(({ name }) => names.includes(String(name)));
}

/** The moments at which either name has started its workflow. */
async function started(): Promise<readonly number[]> {
  const pages = await Promise.all(
    names.map(async (name) => {
      const answer = await fetch(`${api}/scheduler/search/executions?size=100&query=${name}`);
      return ((await answer.json()) as { results: { scheduledTime: number }[] }).results;
    }),
  );
  return pages
    .flat()
    .map(({ scheduledTime }) => scheduledTime)
    .sort((a, b) => a - b);
}

it('a schedule that fires every ten seconds is renamed, and each fire starts it once', {
  timeout: 400_000,
}, async () => {
  await save(body('rn-old', { cronExpression: everyTenSeconds }));
  await wait(25_000);
  wants({ cronExpression: everyTenSeconds });
  const { code, out } = await downbeat('apply', '--auto-approve');
  expect(out).toMatch(/1 to rename/);
  // Where fires are late, the ten seconds after one may not be enough.
  if (!late) expect(out).not.toMatch(/possibly missed/);
  expect(code).toBe(0);
  await wait(30_000);
  expect(await there()).toMatchObject([{ name: 'rn-new', paused: false }]);
  expect((await downbeat('plan', '--detailed-exitcode')).code).toBe(0);
  await deleteSchedules(api, names);
  await wait(2000);
  const moments = await started();
  expect(new Set(moments).size, 'no moment starts it twice').toBe(moments.length);
  // Of the moments that pass while a late one waits, such a server leaves out all.
  if (late) return expect(moments.length).toBeGreaterThanOrEqual(2);
  expect(moments.length).toBeGreaterThanOrEqual(5);
  const gaps = moments.slice(1).map((at, index) => at - (moments[index] ?? 0));
  expect(new Set(gaps)).toStrictEqual(new Set([10_000]));
});

it("an operator's pause of the old name stays, with its reason", async () => {
  await save(body('rn-old'));
  await fetch(`${api}/scheduler/schedules/rn-old/pause?reason=INC-1`, { method: 'PUT' });
  wants();
  expect((await downbeat('apply', '--auto-approve')).code).toBe(0);
  expect(await there()).toMatchObject([{ name: 'rn-new', paused: true, pausedReason: 'INC-1' }]);
  expect((await downbeat('plan', '--detailed-exitcode')).code).toBe(0);
});

const waiting = inRenaming(normalize(body('rn-new')).schedule, 'rn-old', 'reason') as unknown as JsonObject;

it.each<[string, boolean]>([
  ['the save', true],
  ['the delete', false],
])('interrupted after %s, the next run finishes it', async (_after, oldIsThere) => {
  if (oldIsThere) await save(body('rn-old'));
  await save(waiting);
  wants();
  const { code, out } = await downbeat('apply', '--auto-approve');
  expect(code).toBe(0);
  expect(out).toMatch(oldIsThere ? /done +delete rn-old\ndone +resume rn-new/ : /done +resume rn-new/);
  const [now, ...others] = await there();
  expect(others).toStrictEqual([]);
  expect(now).toMatchObject({ name: 'rn-new', paused: false });
  expect(now).not.toHaveProperty('pausedReason');
  expect((await downbeat('plan', '--detailed-exitcode')).code).toBe(0);
});

it('interrupted, then paused by an operator: the rename is finished and the pause stays', async () => {
  await save(body('rn-old'));
  await save(waiting);
  await fetch(`${api}/scheduler/schedules/rn-new/pause?reason=INC-2`, { method: 'PUT' });
  wants();
  expect((await downbeat('apply', '--auto-approve')).code).toBe(0);
  expect(await there()).toMatchObject([{ name: 'rn-new', paused: true, pausedReason: 'INC-2' }]);
});

it('without a marker on the old one, only the new one is saved, with a warning', async () => {
  await save(body('rn-old', { description: 'nobody’s' }));
  wants();
  const { code, out } = await downbeat('apply', '--auto-approve');
  expect(code).toBe(0);
  expect(out).toMatch(/\[previous-name-there\]/);
  expect((await there()).map(({ name }) => name).sort()).toStrictEqual(['rn-new', 'rn-old']);
});
