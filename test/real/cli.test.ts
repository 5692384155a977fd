import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { main } from '../../src/main.ts';
import { loadManifests } from '../../src/manifest/desired.ts';
import { type JsonObject, parseJson, writeJson } from '../../src/model/json.ts';
import { deleteSchedules } from '../support/clean-up.ts';
import { fakeIo } from '../support/io.ts';

const api = `${inject('realServer').url}/api`;
const examples = fileURLToPath(new URL('../../examples/schedules', import.meta.url));

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'downbeat-real-'));
  mkdirSync(join(cwd, 'schedules'));
});
const used = new Set<string>();
afterEach(async () => {
  rmSync(cwd, { recursive: true, force: true });
  await deleteSchedules(api, used);
  used.clear();
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function downbeat(...args: readonly string[]): Promise<Ended> {
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const heard = fakeIo({ cwd, env: { CONDUCTOR_SERVER_URL: api }, wait });
  const code = await main(args, heard.io);
  return { code, out: heard.out(), err: heard.err() };
}

/** Writes one manifest and remembers to delete its schedule. */
function manifest(body: JsonObject): void {
  used.add(String(body.name));
  writeFileSync(join(cwd, 'schedules', 'a.json'), writeJson(body));
}

async function apply(): Promise<Ended> {
  const ended = await downbeat('apply', 'schedules', '--auto-approve');
  expect(ended).toMatchObject({ code: 0 });
  return ended;
}

async function planIsEmpty(): Promise<void> {
  const { code, out, err } = await downbeat('plan', 'schedules', '--detailed-exitcode');
  expect(`${code} ${out} ${err}`).toMatch(/^0 [\s\S]*No changes\./);
}

async function stored(name: string): Promise<JsonObject> {
  const answer = await fetch(`${api}/scheduler/schedules/${encodeURIComponent(name)}`);
  const parsed = parseJson(await answer.text());
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.value as JsonObject;
}

async function saved(body: JsonObject): Promise<void> {
  used.add(String(body.name));
  const answer = await fetch(`${api}/scheduler/schedules`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: writeJson(body),
  });
  expect(answer.status).toBe(200);
}

const whole: JsonObject = {
  name: 'downbeat whole 50% ключ',
  description: 'Everything there is',
  cronExpression: '0 0 3 1 1 ?',
  zoneId: 'Europe/Berlin',
  startWorkflowRequest: {
    name: 'wf',
    version: 3,
    input: {
      big: 12345678901234567890n,
      small: 0.1,
      template: '${workflow.input.x}',
      nested: { list: [1, null, { a: 'ü' }], flag: true },
      toString: 'a key like any other',
    },
    correlationId: 'C-1',
    taskToDomain: { t: 'd' },
    priority: 7,
  },
  scheduleStartTime: 1_893_456_000_000,
  scheduleEndTime: 1_993_456_000_000,
};

describe('the examples', () => {
  beforeEach(() => cpSync(examples, join(cwd, 'schedules'), { recursive: true }));

  it('are valid, applied, and leave nothing to do', async () => {
    const files = readdirSync(examples, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(ya?ml|json)$/.test(path))
      .map((path) => ({ path, text: readFileSync(join(examples, path), 'utf8') }));
    const names = loadManifests(files).desired.map(({ schedule }) => schedule.name);
    expect(names).toHaveLength(12);
    for (const name of names) used.add(name);
    expect((await downbeat('validate', 'schedules')).code).toBe(0);
    const { out } = await apply();
    expect(out).toMatch(/Plan: 12 to create/);
    await planIsEmpty();
    expect((await downbeat('drift', 'schedules')).code).toBe(0);
  });
});

describe('one schedule with everything', () => {
  it('reaches the server exactly and plans no change', async () => {
    manifest(whole);
    await apply();
    const { input } = (await stored(String(whole.name))).startWorkflowRequest as { input: JsonObject };
    expect(input).toStrictEqual((whole.startWorkflowRequest as JsonObject).input);
    await planIsEmpty();
  });

  const request = whole.startWorkflowRequest as JsonObject;
  const { description: _none, ...undescribed } = whole;
  it.each<[string, JsonObject]>([
    ['description', undescribed],
    ['cronExpression', { ...whole, cronExpression: '0 0 4 1 1 ?' }],
    ['zoneId', { ...whole, zoneId: 'Europe/Paris' }],
    ['cronSchedules', { ...whole, cronSchedules: [{ cronExpression: '0 0 4 1 1 ?', zoneId: 'UTC' }] }],
    ['startWorkflowRequest.name', { ...whole, startWorkflowRequest: { ...request, name: 'other' } }],
    ['startWorkflowRequest.version', { ...whole, startWorkflowRequest: { ...request, version: 4 } }],
    [
      'startWorkflowRequest.input.big',
      {
        ...whole,
        startWorkflowRequest: {
          ...request,
          input: { ...(request.input as JsonObject), big: 12345678901234567891n },
        },
      },
    ],
    [
      'startWorkflowRequest.correlationId',
      { ...whole, startWorkflowRequest: { ...request, correlationId: 'C-2' } },
    ],
    [
      'startWorkflowRequest.taskToDomain.t',
      { ...whole, startWorkflowRequest: { ...request, taskToDomain: { t: 'x' } } },
    ],
    ['startWorkflowRequest.priority', { ...whole, startWorkflowRequest: { ...request, priority: 8 } }],
    [
      'startWorkflowRequest.idempotencyKey',
      { ...whole, startWorkflowRequest: { ...request, idempotencyKey: 'k' } },
    ],
    [
      'startWorkflowRequest.workflowDef',
      { ...whole, startWorkflowRequest: { ...request, workflowDef: { name: 'i', tasks: [] } } },
    ],
    ['scheduleStartTime', { ...whole, scheduleStartTime: 1_893_456_000_001 }],
    ['scheduleEndTime', { ...whole, scheduleEndTime: 1_993_456_000_001 }],
    ['runCatchupScheduleInstances', { ...whole, runCatchupScheduleInstances: true }],
  ])('%s changed by somebody else is found and repaired', async (field, changed) => {
    manifest(whole);
    await apply();
    await saved(changed);
    const drift = await downbeat('drift', 'schedules', '--output', 'json');
    expect(drift.code).toBe(2);
    const paths = (JSON.parse(drift.out) as { entries: { fields: { path: string[] }[] }[] }).entries.flatMap(
      (entry) => entry.fields.map(({ path }) => path.join('.')),
    );
    expect(paths).toContain(field);
    await apply();
    await planIsEmpty();
  });

  it("the server's defaults in an inline workflow are not a change", async () => {
    const workflowDef: JsonObject = {
      name: 'inline',
      version: 1,
      schemaVersion: 2,
      tasks: [{ name: 'sv', taskReferenceName: 'sv', type: 'SET_VARIABLE', inputParameters: { x: 1 } }],
    };
    manifest({ ...whole, startWorkflowRequest: { ...request, workflowDef } });
    await apply();
    await planIsEmpty();
  });
});

describe('an operator’s pause', () => {
  it('survives an apply that changes another field, and so does its reason', async () => {
    manifest(whole);
    await apply();
    const name = String(whole.name);
    const paused = await fetch(
      `${api}/scheduler/schedules/${encodeURIComponent(name)}/pause?reason=INC-4711%3A%20ledger%20is%20down`,
      { method: 'PUT' },
    );
    expect(paused.status).toBe(200);
    manifest({ ...whole, description: 'Changed in Git' });
    await apply();
    expect(await stored(name)).toMatchObject({
      description: 'Changed in Git',
      paused: true,
      pausedReason: 'INC-4711: ledger is down',
    });
    await planIsEmpty();
  });

  it('is ended by `paused: false`, and set with its reason by `paused: true`', async () => {
    manifest({ ...whole, paused: true, pausedReason: 'not yet' });
    await apply();
    expect(await stored(String(whole.name))).toMatchObject({ paused: true, pausedReason: 'not yet' });
    manifest({ ...whole, paused: false });
    expect((await apply()).out).toMatch(/! resume/);
    expect(await stored(String(whole.name))).toMatchObject({ paused: false });
    manifest({ ...whole, paused: true, pausedReason: 'again' });
    expect((await apply()).out).toMatch(/! pause/);
    await planIsEmpty();
  });
});

describe('a schedule that fires', () => {
  const workflow = 'downbeat_fires';
  beforeAll(async () => {
    const tasks = [{ name: 'sv', taskReferenceName: 'sv', type: 'SET_VARIABLE', inputParameters: { x: 1 } }];
    const answer = await fetch(`${api}/metadata/workflow`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: workflow, version: 1, schemaVersion: 2, tasks }),
    });
    expect([200, 409]).toContain(answer.status);
  });
  afterAll(async () => {
    await fetch(`${api}/metadata/workflow/${workflow}/1`, { method: 'DELETE' });
  });

  it('appears in the executions', async () => {
    const name = `downbeat_fires_${Date.now()}`;
    manifest({
      name,
      cronExpression: '*/2 * * * * ?',
      startWorkflowRequest: { name: workflow, input: { n: 1 } },
    });
    await apply();
    await expect
      .poll(
        async () => {
          const answer = await fetch(`${api}/scheduler/search/executions?query=${name}`);
          const { results } = (await answer.json()) as { results: { state: string; workflowName: string }[] };
          return results.find(({ state }) => state === 'EXECUTED')?.workflowName;
        },
        { timeout: 20_000, interval: 500 },
      )
      .toBe(workflow);
  });
});
