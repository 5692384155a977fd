import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import type { AuditDocument, AuditEntry } from '../../src/report/documents/generated/documents.ts';
import { fakeIo } from '../support/io.ts';
import { setUpName, setUps } from '../support/real/set-ups.ts';
import { type RealServer, startRealServer } from '../support/real-server.ts';

/**
 * An audit of minutes in which everything happens that makes schedules miss fires, held against a journal that the test
 * keeps itself: each workflow that is started calls the test. It waits for real fires, and has a server of its own to
 * kill.
 */
const stepMs = 5000;
const { late } = setUps[setUpName()];
/** Longer than this back end takes for a fire, so that what has not come by then is missed. */
const patience = late ? 260_000 : 40_000;
const names = Array.from({ length: 20 }, (_, at) => `audited_${String(at).padStart(2, '0')}`);
const [paused = '', saved = '', dead = '', missing = '', alsoMissing = ''] = names;

/** Moments of each schedule that a workflow was started for, as that workflow says, and when it said so. */
const journal = new Map<string, Map<number, number>>(names.map((name) => [name, new Map()]));
const listener = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  journal.get(searchParams.get('name') ?? '')?.set(Number(searchParams.get('at')), Date.now());
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
});

const cwd = mkdtempSync(join(tmpdir(), 'downbeat-audited-'));
let server: RealServer;

async function ask(method: string, path: string, body?: object, status = 200): Promise<void> {
  const answer = await fetch(`${server.url}/api${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(`${method} ${path} ${answer.status}`).toBe(`${method} ${path} ${status}`);
}

function schedule(name: string, description: string): object {
  const workflow = name === missing || name === alsoMissing ? 'nobody_knows_it' : 'calls_the_test';
  return {
    name,
    description,
    cronExpression: '*/5 * * * * ?',
    startWorkflowRequest: { name: workflow, version: 1 },
  };
}

function save(name: string, description = 'first'): Promise<void> {
  return ask('POST', '/scheduler/schedules', schedule(name, description));
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Half-way between two fires, so that none is in the middle of its start. */
async function betweenFires(): Promise<void> {
  await wait(stepMs + stepMs / 2 - (Date.now() % stepMs));
}

async function audit(): Promise<AuditDocument> {
  const heard = fakeIo({ cwd, now: Date.now, env: { CONDUCTOR_SERVER_URL: server.url } });
  expect(await main(['audit', '--since', '30m', '--output', 'json'], heard.io), heard.err()).toBe(0);
  return JSON.parse(heard.out()) as AuditDocument;
}

/** What the audit says of each fire: those that are in no group ran. */
function classes({ groups }: AuditEntry, from: number, to: number): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  const listed = groups.filter((group) => group.class !== 'unexpected');
  for (let at = Math.ceil((from + 1) / stepMs) * stepMs; at < to; at += stepMs) {
    const own = listed.filter(({ first, last }) => Date.parse(first) <= at && at <= Date.parse(last));
    expect(own.length).toBeLessThan(2);
    found.set(at, own[0]?.class ?? 'ran');
  }
  return found;
}

function judgedRight(document: AuditDocument, created: ReadonlyMap<string, number>): void {
  const to = Date.parse(document.to);
  for (const entry of document.schedules) {
    const { name, changed = '', counts } = entry;
    const ran = journal.get(name) ?? new Map<number, number>();
    const isMissing = name === missing || name === alsoMissing;
    const all = classes(entry, created.get(name) ?? 0, to);
    const count = (wanted: string): number => [...all.values()].filter((kind) => kind === wanted).length;
    // Each fire is in exactly one class.
    for (const kind of ['ran', 'late', 'failed', 'missed', 'due', 'unknown'] as const)
      expect(`${name} ${kind} ${counts[kind]}`).toBe(`${name} ${kind} ${count(kind)}`);
    expect(`${name} ${JSON.stringify(entry.groups.filter((group) => group.class === 'unexpected'))}`).toBe(
      `${name} []`,
    );
    for (const [at, kind] of all) {
      const what = `${name} ${new Date(at).toISOString()} ${kind}`;
      if (isMissing) expect(what).toMatch(/failed|missed|due|unknown/);
      // Right after the audit it may have been started all the same.
      else if (kind === 'due' && ran.has(at)) expect(ran.get(at)).toBeGreaterThan(to - 5000);
      else if (ran.has(at)) expect(what).toMatch(/ ran| late/);
      else expect(what).toMatch(/missed|due|unknown/);
      if (kind === 'unknown') expect(at).toBeLessThanOrEqual(Date.parse(changed) + 2000);
      if (kind === 'missed') expect(at).toBeGreaterThan(Date.parse(changed) + 2000);
    }
    for (const group of entry.groups)
      if (group.class === 'late') expect(group.lateMs?.least).toBeGreaterThan(10_000);
  }
}

beforeAll(async () => {
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  server = await startRealServer(setUpName());
  const { port } = listener.address() as AddressInfo;
  const uri =
    `http://127.0.0.1:${port}/?name=\${workflow.input._startedByScheduler}` +
    '&at=${workflow.input._scheduledTime}';
  await ask('POST', '/metadata/workflow', {
    name: 'calls_the_test',
    version: 1,
    schemaVersion: 2,
    ownerEmail: 'test@example.com',
    tasks: [
      {
        name: 'call',
        taskReferenceName: 'call',
        type: 'HTTP',
        inputParameters: { http_request: { uri, method: 'GET' } },
      },
    ],
  });
}, 900_000);

afterAll(async () => {
  await server?.stop();
  listener.close();
  rmSync(cwd, { recursive: true });
});

it(
  'each fire is in exactly one class, the right one according to our journal',
  async () => {
    await betweenFires();
    const created = new Map<string, number>();
    for (const name of names) {
      await save(name);
      created.set(name, Date.now());
    }
    await wait(30_000);
    await betweenFires();
    await ask('GET', '/scheduler/admin/pause');
    await wait(20_000);
    await ask('GET', '/scheduler/admin/resume');
    await wait(15_000);
    await betweenFires();
    await ask('PUT', `/scheduler/schedules/${paused}/pause?reason=INC-1`);
    await save(saved, 'second');
    await ask('POST', '/scheduler/schedules', { name: dead, startWorkflowRequest: {} }, 500);
    await wait(12_000);
    await ask('PUT', `/scheduler/schedules/${paused}/resume`);
    await betweenFires();
    await server.crash();
    await server.restart();
    await wait(patience);
    await betweenFires();
    const first = await audit();
    // Workflows call some time after they were started.
    await wait(10_000);
    judgedRight(first, created);
    expect(first.stopped).toBeUndefined();
    expect(first.counts.missed).toBeGreaterThan(0);
    expect(first.counts.late).toBeGreaterThan(0);
    expect(first.counts.failed).toBeGreaterThan(0);
    expect(first.counts.unknown).toBeGreaterThan(0);
    expect(first.counts.ran).toBeGreaterThan(0);
    const overdue = first.schedules.filter((entry) => entry.overdue !== undefined);
    expect(overdue.map(({ name, overdue: waits }) => [name, waits?.cause])).toStrictEqual([
      [dead, 'schedule'],
    ]);

    await ask('GET', '/scheduler/admin/pause');
    await wait(patience);
    await betweenFires();
    const second = await audit();
    await wait(10_000);
    judgedRight(second, created);
    expect(second.stopped?.schedules).toBeGreaterThan(15);
    expect(second.counts.overdue).toBe(names.length);
  },
  30 * 60_000,
);
