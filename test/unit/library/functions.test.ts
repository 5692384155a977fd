import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { flags } from '../../../src/argv/flags.ts';
import { apply, audit, nextFires, plan, validate } from '../../../src/library/functions.ts';
import { type Json, writeJson } from '../../../src/model/json.ts';
import { type LocalScheduler, startScheduler } from '../../../src/scheduler/local/start-scheduler.ts';

const folder = mkdtempSync(join(tmpdir(), 'downbeat-functions-'));
const directory = join(folder, 'schedules');
const secret = 'correct-horse-battery';
const now = Date.UTC(2027, 0, 1);
let server: LocalScheduler;

beforeAll(async () => {
  mkdirSync(directory);
  const manifest = `name: nightly
cronExpression: "0 0 3 * * *"
startWorkflowRequest: {name: report, input: {apiKey: "\${secret.REPORT_KEY}", size: 12345678901234567890, rate: 1.0}}
`;
  writeFileSync(join(directory, 'nightly.yaml'), manifest);
  server = await startScheduler({ now, acceptAnyWorkflow: true });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const world = (env: Record<string, string> = {}) => ({
  env: { REPORT_KEY: secret, ...env },
  now: () => server.now(),
});

it('does what the commands do, from plan to audit, without changing the process', async () => {
  const streams = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write'));
  const listeners = process.listenerCount('SIGINT');
  const where = { directory, server: server.url, world: world() };
  const valid = await validate(where);
  expect(valid).toMatchObject({ exitCode: 0, document: { kind: 'validation', counts: { manifests: 1 } } });
  const planned = await plan(where);
  if (planned.document.kind !== 'plan') throw new Error(planned.messages);
  const { digest = '' } = planned.document;
  expect(planned.document.counts.create).toBe(1);
  const other = await apply({ ...where, expectDigest: digest.replace(/./g, '0') });
  expect(other).toMatchObject({ exitCode: 4, document: { kind: 'plan' } });
  expect(server.schedules()).toHaveLength(0);
  const applied = await apply({ ...where, expectDigest: digest });
  expect(applied).toMatchObject({ exitCode: 0, document: { kind: 'result', counts: { done: 1 } } });
  const again = await apply({ ...where, autoApprove: true });
  expect(again).toMatchObject({ exitCode: 0, document: { kind: 'result', steps: [] } });
  server.advance(86_400_000);
  const audited = await audit({ server: server.url, world: world() });
  expect(audited).toMatchObject({ exitCode: 0, document: { kind: 'audit', counts: { ran: 1, missed: 0 } } });
  const next = await nextFires('0 0 9 * * MON-FRI', { zone: 'Europe/Berlin', limit: 1, world: world() });
  expect(next).toMatchObject({
    exitCode: 0,
    document: { kind: 'next', fires: [{ at: '2027-01-04T09:00:00+01:00', zoneId: 'Europe/Berlin' }] },
  });
  for (const write of streams) expect(write).not.toHaveBeenCalled();
  expect(process.listenerCount('SIGINT')).toBe(listeners);
  expect(process.exitCode).toBeUndefined();
});

it('masks secrets in the document and in the messages', async () => {
  server.reset();
  const leak = {
    directory,
    server: `http://127.0.0.1:1/${secret}`,
    maxRetries: 0,
    debug: true,
    world: world(),
  };
  const failed = await plan(leak);
  expect(failed).toMatchObject({ exitCode: 1, document: { kind: 'failure' } });
  const planned = await plan({ ...leak, server: server.url, showSensitive: true });
  expect(planned.document.kind).toBe('plan');
  for (const { document, messages } of [failed, planned]) {
    expect(messages).not.toBe('');
    expect(
      JSON.stringify(document, (_key, value) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toContain(secret);
    expect(messages).not.toContain(secret);
  }
});

it('passes numbers on as written', async () => {
  const { document } = await plan({ directory, server: server.url, world: world() });
  const text = writeJson(document as unknown as Json);
  expect(text).toContain('"size":12345678901234567890');
  expect(text).toContain('"rate":1.0');
});

it('reports invalid options and values', async () => {
  const misspelt = await validate({ ...({ onlin: true } as object), directory });
  expect(misspelt.exitCode).toBe(1);
  expect(misspelt.document).toMatchObject({
    kind: 'failure',
    problems: [{ code: 'usage', message: 'unknown flag --onlin' }],
  });
  const value = await validate({ ...({ failOn: 'never' } as object), directory });
  expect(value).toMatchObject({ exitCode: 1, document: { kind: 'failure', problems: [{ code: 'usage' }] } });
  const missing = await apply({ plan: join(folder, 'none.json'), world: world() });
  expect(missing).toMatchObject({ exitCode: 1, document: { kind: 'failure' } });
  const nobody = await apply({ directory, server: server.url, world: world() } as unknown as Parameters<
    typeof apply
  >[0]);
  expect(nobody).toMatchObject({ exitCode: 1, document: { kind: 'failure' } });
  expect(server.schedules()).toHaveLength(0);
});

it('plans over a commit without a server', async () => {
  const git = () => ({ kind: 'ended', status: 128, text: '' }) as const;
  const { exitCode, document } = await plan({ directory, base: 'HEAD', world: { ...world(), git } });
  // There is no repository: that is the failure, not a missing server.
  expect([exitCode, document.kind]).toStrictEqual([1, 'failure']);
  expect(JSON.stringify(document)).not.toContain('no server');
});

it('treats names that look like flags as names', async () => {
  const dashed = await validate({ directory: '--online', world: world() });
  expect(dashed.exitCode).toBe(1);
  expect(JSON.stringify(dashed.document)).toContain('--online');
});

it('ends in order when the signal is aborted', async () => {
  const stopped = await apply({
    directory,
    server: server.url,
    autoApprove: true,
    signal: AbortSignal.abort(),
    world: world(),
  });
  expect(stopped.exitCode).toBe(130);
  expect(server.schedules()).toHaveLength(0);
});

it.each([
  ['validate', (signal: AbortSignal) => validate({ directory, signal, world: world() })],
  ['plan', (signal: AbortSignal) => plan({ directory, server: server.url, signal, world: world() })],
  ['next', (signal: AbortSignal) => nextFires('0 0 9 * * ?', { signal, world: world() })],
  ['audit', (signal: AbortSignal) => audit({ server: server.url, signal, world: world() })],
])('so does %s, which only reads, and asks the server nothing', async (_name, begin) => {
  const before = server.requests().length;
  const { exitCode } = await begin(AbortSignal.abort());
  expect(exitCode).toBe(130);
  expect(server.requests().length).toBe(before);
});

it('and when it is aborted while requests are in flight', async () => {
  const stop = new AbortController();
  const running = plan({ directory, server: server.url, signal: stop.signal, world: world() });
  stop.abort();
  expect((await running).exitCode).toBe(130);
});

it('limits the number of fires', async () => {
  const { exitCode, document } = await nextFires('0 0 9 * * ?', { limit: 1e9, world: world() });
  expect([exitCode, document.kind]).toStrictEqual([1, 'failure']);
  expect(JSON.stringify(document)).toContain('from 1 to 100000');
});

it('has every flag under the name of its option', () => {
  const camel = (name: string): string =>
    name.replace(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase());
  const back = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  for (const key of Object.keys(flags)) expect(back(camel(key))).toBe(key);
});
