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
/** Twice what this back end usually takes, and more: a fire that waits for the end of such a standstill is late there. */
const standstill = late ? 300_000 : 20_000;
/** What a server does between taking its clock for the workflow and for the past run. */
const slack = 1500;
const names = Array.from({ length: 20 }, (_, at) => `audited_${String(at).padStart(2, '0')}`);
const [paused = '', saved = '', dead = '', missing = '', alsoMissing = ''] = names;

/** A workflow that was started, as it says itself. */
type Started = { readonly started: number; readonly said: number };

/** Of each schedule, by the moments that a workflow was started for. */
const journal = new Map<string, Map<number, Started>>(names.map((name) => [name, new Map()]));
/** `NAME AT`: every moment at which a workflow was started for it. A server that is killed may start one again. */
const starts = new Map<string, Set<number>>();
/** `NAME AT`: how many past runs the server has of it. */
const kept = new Map<string, number>();

function noteStart(name: string, at: number, started: number): void {
  const key = `${name} ${at}`;
  starts.set(key, (starts.get(key) ?? new Set()).add(started));
}

const listener = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const [started, at] = [Number(searchParams.get('started')), Number(searchParams.get('at'))];
  const name = searchParams.get('name') ?? '';
  journal.get(name)?.set(at, { started, said: Date.now() });
  noteStart(name, at, started);
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

type Workflow = { readonly createTime: number; readonly input: { readonly [name: string]: unknown } };

/**
 * A workflow that was started right before the kill had no time to say so. It is there, though, and its input says what
 * it was started for.
 */
async function addUnheard(killed: number): Promise<void> {
  for (const name of names) {
    const answer = await fetch(`${server.url}/api/scheduler/search/executions?query=${name}&size=1000`);
    const { results } = (await answer.json()) as {
      results: { scheduledTime: number; workflowId?: string }[];
    };
    for (const { scheduledTime, workflowId } of results) {
      const key = `${name} ${scheduledTime}`;
      kept.set(key, (kept.get(key) ?? 0) + 1);
      if (workflowId === undefined) continue;
      const found = await fetch(`${server.url}/api/workflow/${workflowId}?includeTasks=false`);
      const { createTime, input } = (await found.json()) as Workflow;
      if (createTime > killed || createTime < killed - 30_000) continue;
      expect([input._startedByScheduler, Number(input._scheduledTime)]).toStrictEqual([name, scheduledTime]);
      const started = Number(input._executedTime);
      noteStart(name, scheduledTime, started);
      if (!journal.get(name)?.has(scheduledTime))
        journal.get(name)?.set(scheduledTime, { started, said: killed });
    }
  }
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

/** How late the workflows say that they were started: those after another one of their schedule, since its last change. */
function usualByJournal({ schedules }: AuditDocument): readonly number[] {
  return schedules
    .flatMap(({ name, changed = '' }) =>
      [...(journal.get(name) ?? [])]
        .filter(([at]) => at > Date.parse(changed))
        .sort(([a], [b]) => a - b)
        .slice(1)
        .map(([at, { started }]) => started - at),
    )
    .sort((a, b) => a - b);
}

/** What the audit takes for usual is what the journal has, but for the schedules whose workflows cannot say anything. */
function usualIsRight({ usual }: AuditDocument, lateness: readonly number[]): void {
  const share = (part: number): number => lateness[Math.floor(part * lateness.length)] ?? 0;
  expect(lateness.length).toBeGreaterThan(15);
  expect(usual.medianMs).toBeGreaterThan(share(0.3) - slack);
  expect(usual.medianMs).toBeLessThan(share(0.7) + slack);
  expect(usual.lateAfterMs).toBe(Math.max(10_000, 2 * (usual.medianMs ?? 0)));
}

function judgedRight(document: AuditDocument, created: ReadonlyMap<string, number>): void {
  const to = Date.parse(document.to);
  const { lateAfterMs } = document.usual;
  usualIsRight(document, usualByJournal(document));
  for (const entry of document.schedules) {
    const { name, changed = '', counts } = entry;
    const ran = journal.get(name) ?? new Map<number, Started>();
    const isMissing = name === missing || name === alsoMissing;
    const all = classes(entry, created.get(name) ?? 0, to);
    const count = (wanted: string): number => [...all.values()].filter((kind) => kind === wanted).length;
    // Each fire is in exactly one class.
    for (const kind of ['ran', 'late', 'failed', 'missed', 'due', 'unknown'] as const)
      expect(`${name} ${kind} ${counts[kind]}`).toBe(`${name} ${kind} ${count(kind)}`);
    // Only what the server started again after the kill, as the workflows say.
    const again = [...all.keys()].filter((at) => (kept.get(`${name} ${at}`) ?? 0) > 1);
    for (const at of isMissing ? [] : again) expect(starts.get(`${name} ${at}`)?.size).toBeGreaterThan(1);
    const unexpected = entry.groups.filter((group) => group.class === 'unexpected');
    expect(unexpected.map(({ why }) => why?.kind)).toStrictEqual(unexpected.map(() => 'again'));
    expect(`${name} ${unexpected.reduce((sum, group) => sum + group.count, 0)}`).toBe(
      `${name} ${again.length}`,
    );
    for (const [at, kind] of all) {
      const what = `${name} ${new Date(at).toISOString()} ${kind}`;
      if (isMissing) expect(what).toMatch(/failed|missed|due|unknown/);
      // Right after the audit it may have been started all the same.
      else if (kind === 'due' && ran.has(at)) expect(ran.get(at)?.said).toBeGreaterThan(to - 5000);
      else if (ran.has(at)) {
        const by = (ran.get(at)?.started ?? 0) - at;
        // Late against what this server usually takes, and nothing else.
        if (Math.abs(by - lateAfterMs) > slack) expect(what).toMatch(by > lateAfterMs ? / late$/ : / ran$/);
        else expect(what).toMatch(/ ran$| late$/);
      } else expect(what).toMatch(/missed|due|unknown/);
      if (kind === 'unknown') expect(at).toBeLessThanOrEqual(Date.parse(changed) + 2000);
      if (kind === 'missed') expect(at).toBeGreaterThan(Date.parse(changed) + 2000);
    }
    for (const { class: kind, first, last, lateMs } of entry.groups) {
      if (kind !== 'late') continue;
      const by = [...ran]
        .filter(([at]) => Date.parse(first) <= at && at <= Date.parse(last))
        .map(([at, { started }]) => started - at);
      expect(lateMs?.least).toBeGreaterThan(lateAfterMs);
      expect(Math.abs((lateMs?.least ?? 0) - Math.min(...by))).toBeLessThan(slack);
      expect(Math.abs((lateMs?.most ?? 0) - Math.max(...by))).toBeLessThan(slack);
    }
  }
}

beforeAll(async () => {
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  server = await startRealServer(setUpName());
  const { port } = listener.address() as AddressInfo;
  const uri =
    `http://127.0.0.1:${port}/?name=\${workflow.input._startedByScheduler}` +
    '&at=${workflow.input._scheduledTime}&started=${workflow.input._executedTime}';
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
    await wait(standstill);
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
    const killed = Date.now();
    await server.restart();
    await wait(patience);
    await betweenFires();
    const first = await audit();
    // Workflows call some time after they were started.
    await wait(10_000);
    await addUnheard(killed);
    console.log(JSON.stringify({ usual: first.usual, counts: first.counts }));
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
    // What it takes for missed grows with what is usual.
    await wait(Math.max(patience, 1.2 * first.usual.missedAfterMs + 20_000));
    await betweenFires();
    const second = await audit();
    await wait(10_000);
    judgedRight(second, created);
    expect(second.stopped?.schedules).toBeGreaterThan(15);
    expect(second.counts.overdue).toBe(names.length);
  },
  40 * 60_000,
);
