import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type LocalScheduler, startScheduler } from '../../../../src/scheduler/local/start-scheduler.ts';

const start = Date.UTC(2027, 0, 4, 12);
let server: LocalScheduler | undefined;
afterEach(() => server?.close());

const begin = async (): Promise<LocalScheduler> => {
  server = await startScheduler({ now: start, acceptAnyWorkflow: true });
  return server;
};

type Answer = {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
};

/** A request with exactly these headers: `fetch` chooses some itself. */
function ask(
  { port }: LocalScheduler,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const json = { 'content-type': 'application/json' };

it('is one file whose policy allows exactly its own script and style', async () => {
  const { status, headers, text } = await ask(await begin(), 'GET', '/');
  expect([status, headers['content-type']]).toStrictEqual([200, 'text/html;charset=utf-8']);
  const policy = String(headers['content-security-policy']);
  expect(policy).toMatch(/^default-src 'none';/);
  expect(policy).not.toMatch(/unsafe|\*|http/);
  for (const [name, kind] of [
    ['script', 'script-src'],
    ['style', 'style-src'],
  ] as const) {
    const found = [...text.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))].map(
      ([, inner = '']) => inner,
    );
    expect(found).toHaveLength(1);
    const hash = createHash('sha256')
      .update(found[0] ?? '')
      .digest('base64');
    expect(policy).toContain(`${kind} 'sha256-${hash}'`);
  }
  expect(text).not.toMatch(/<(?:script|link|img|iframe)[^>]+(?:src|href)="(?!data:,)/);
  expect(text.length).toBeLessThan(16_000);
});

describe('access', () => {
  const advance = JSON.stringify({ ms: 60_000 });
  const own = (port: number): string => `127.0.0.1:${port}`;

  it('accepts a write from the page itself and from a program', async () => {
    const local = await begin();
    const host = own(local.port);
    const fromPage = { ...json, host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
    expect((await ask(local, 'POST', '/_downbeat/advance', fromPage, advance)).status).toBe(200);
    expect((await ask(local, 'POST', '/_downbeat/advance', json, advance)).status).toBe(200);
    expect(local.now()).toBe(start + 120_000);
  });

  it.each<readonly [string, Record<string, string>]>([
    ['another site', { ...json, origin: 'https://evil.example' }],
    ['a site without an origin', { ...json, origin: 'null' }],
    ['another port of this machine', { ...json, origin: 'http://127.0.0.1:1' }],
    ['what the browser calls another site', { ...json, 'sec-fetch-site': 'cross-site' }],
    ['a form, which needs no permission', { 'content-type': 'text/plain' }],
    ['a form with fields', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['no type at all', {}],
    ['a type that begins like JSON', { 'content-type': 'application/json-seq' }],
    ['a name that leads here', { ...json, host: 'evil.example' }],
    ['a name that looks like an address', { ...json, host: '127.0.0.1.evil.example' }],
  ])('refuses a write from %s', async (_name, headers) => {
    const local = await begin();
    for (const [name, body] of [
      ['advance', advance],
      ['fault', '{"kind":"500","rate":1}'],
    ] as const) {
      const { status, headers: answered } = await ask(local, 'POST', `/_downbeat/${name}`, headers, body);
      expect([403, 415]).toContain(status);
      expect(Object.keys(answered).filter((one) => one.startsWith('access-control'))).toStrictEqual([]);
    }
    expect(local.now()).toBe(start);
    expect((await ask(local, 'GET', '/api/scheduler/schedules')).status).toBe(200);
  });

  it('shows nothing under another host name, and does nothing on a GET', async () => {
    const local = await begin();
    for (const path of ['/', '/_downbeat/state'])
      for (const host of ['evil.example', `evil.example:${local.port}`])
        expect((await ask(local, 'GET', path, { host })).status).toBe(403);
    for (const host of ['localhost', 'a.localhost:80', '[::1]:80', '10.0.0.7', 'conductor'])
      expect((await ask(local, 'GET', '/_downbeat/state', { host })).status).toBe(200);
    expect((await ask(local, 'GET', '/_downbeat/advance?ms=60000')).status).toBe(404);
    expect(local.now()).toBe(start);
  });

  const pause = '/api/scheduler/schedules/nightly/pause';
  const nightly = {
    name: 'nightly',
    cronExpression: '0 0 3 * * ?',
    startWorkflowRequest: { name: 'w' },
  };

  it.each<readonly [string, Record<string, string>]>([
    ['a name that leads here', { host: 'evil.example' }],
    ['one with the port', { host: 'evil.example:8080', origin: 'http://evil.example:8080' }],
    ['a name that looks like an address', { host: '127.0.0.1.evil.example' }],
    ['another site', { origin: 'https://evil.example' }],
    ['a site without an origin', { origin: 'null' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['an image in another site', { 'sec-fetch-site': 'cross-site' }],
    ['another port, by what the browser says', { 'sec-fetch-site': 'same-site' }],
  ])('refuses the API to %s', async (_name, headers) => {
    const local = await begin();
    local.put(nightly);
    for (const [method, path] of [
      ['GET', '/api/scheduler/schedules'],
      ['PUT', pause],
      ['GET', pause],
      ['POST', '/api/scheduler/schedules'],
      ['OPTIONS', '/api/scheduler/schedules'],
    ] as const) {
      const answer = await ask(local, method, path, { ...json, ...headers }, method === 'POST' ? '{}' : '');
      expect([method, answer.status]).toStrictEqual([method, 403]);
      expect(answer.text).not.toContain('nightly');
      expect(Object.keys(answer.headers).filter((one) => one.startsWith('access-control'))).toStrictEqual([]);
    }
    expect(local.schedules()).toMatchObject([{ name: 'nightly', paused: false }]);
    expect(local.requests()).toStrictEqual([]);
  });

  it('gives it to programs by every name that cannot be registered, and by configured names', async () => {
    server = await startScheduler({ allowHosts: ['conductor.example.com'] });
    for (const host of [
      ...['127.0.0.1:8080', 'localhost', 'LOCALHOST:8080', '[::1]:80', '10.0.0.7', 'conductor:8080', 'a_b'],
      ...['host.docker.internal', 'scheduler.default.svc.cluster.local:80', 'conductor.example.com:8080'],
    ])
      expect([host, (await ask(server, 'GET', '/api/scheduler/schedules', { host })).status]).toStrictEqual([
        host,
        200,
      ]);
    const page = {
      host: own(server.port),
      origin: `http://${own(server.port)}`,
      'sec-fetch-site': 'same-origin',
    };
    expect((await ask(server, 'GET', '/api/scheduler/schedules', page)).status).toBe(200);
  });

  it('cannot be framed, cached or read by other sites', async () => {
    const local = await begin();
    for (const path of ['/', '/_downbeat/state']) {
      const { headers } = await ask(local, 'GET', path);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
      expect(String(headers['content-security-policy'])).toContain("frame-ancestors 'none'");
    }
  });
});

describe('actions', () => {
  const post = async (
    local: LocalScheduler,
    name: string,
    body: unknown,
  ): Promise<readonly [number, string]> => {
    const { status, text } = await ask(local, 'POST', `/_downbeat/${name}`, json, JSON.stringify(body));
    return [status, (JSON.parse(text) as { message: string }).message];
  };
  const stateOf = async (local: LocalScheduler, filter = ''): Promise<Record<string, never>> =>
    JSON.parse((await ask(local, 'GET', `/_downbeat/state?filter=${encodeURIComponent(filter)}`)).text);
  const schedule = (name: string, cronExpression: string) => ({
    name,
    cronExpression,
    zoneId: 'Europe/Berlin',
    startWorkflowRequest: { name: 'w' },
  });

  it('moves the clock by a span, and to the next fire', async () => {
    const local = await begin();
    local.put(schedule('hourly', '0 0 * * * *'));
    expect(await post(local, 'advance', { to: 'next' })).toStrictEqual([
      200,
      'It is now 2027-01-04 13:00:00Z: 1 fire started.',
    ]);
    expect((await post(local, 'advance', { ms: 7_200_000 }))[1]).toContain(': 2 fires started.');
    for (const ms of [-1, '1', null, 32 * 86_400_000, 1e300])
      expect((await post(local, 'advance', { ms }))[0]).toBe(400);
    expect(local.now()).toBe(start + 3 * 3_600_000);
    local.reset();
    expect(await post(local, 'advance', { to: 'next' })).toStrictEqual([409, 'Nothing will fire.']);
  });

  it('switches faults on and off, up to all requests', async () => {
    const local = await begin();
    const answers = async (): Promise<number> => (await ask(local, 'GET', '/api/scheduler/schedules')).status;
    expect((await post(local, 'fault', { kind: '503', rate: 1 }))[0]).toBe(200);
    expect(await answers()).toBe(503);
    expect((await post(local, 'fault', { kind: '500', rate: 0.5 }))[0]).toBe(409);
    expect((await post(local, 'fault', { kind: '503', rate: 0 }))[1]).toBe('503 is off.');
    expect(await answers()).toBe(200);
    for (const wrong of [
      { kind: '503', rate: 2 },
      { kind: '503', rate: -1 },
    ])
      expect((await post(local, 'fault', wrong))[0]).toBe(409);
    for (const wrong of [
      { kind: 'expired-token', rate: 1 },
      { kind: 'none', rate: 1 },
      { rate: 1 },
      { kind: '503' },
    ])
      expect((await post(local, 'fault', wrong))[0]).toBe(400);
    expect((await ask(local, 'POST', '/_downbeat/fault', json, '[1]')).status).toBe(400);
    expect((await ask(local, 'POST', '/_downbeat/fault', json, '{')).status).toBe(400);
  });

  it('shows schedules, next fires, runs and requests, without its own', async () => {
    const local = await begin();
    local.put(schedule('noisy', '0 * * * * *'));
    local.put(schedule('nightly', '0 30 3 * * *'));
    local.put({ ...schedule('stopped', '0 0 3 * * *'), paused: true });
    local.advance(600_000);
    await ask(local, 'GET', '/api/scheduler/schedules?x=1');
    const state = await stateOf(local);
    expect(state).toMatchObject({
      server: 'oss-2 3.32.1',
      now: start + 600_000,
      ahead: 600_000,
      stopped: true,
      schedules: { total: 3, matching: 3 },
      runs: { total: 10 },
      requests: { total: 1, rows: [{ method: 'GET', url: '/api/scheduler/schedules?x=1', status: 200 }] },
    });
    const { schedules, next, runs } = state as never as {
      schedules: { rows: readonly Record<string, unknown>[] };
      next: { rows: readonly { name: string; at: string }[] };
      runs: { rows: readonly { at: string }[] };
    };
    expect(schedules.rows.find(({ name }) => name === 'nightly')).toMatchObject({
      state: 'active',
      next: '2027-01-05T02:30:00Z',
      otherZone: '2027-01-05 03:30:00+01:00',
      crons: [{ words: 'at 03:30 every day' }],
    });
    expect(schedules.rows.find(({ name }) => name === 'stopped')?.state).toBe('paused');
    expect(next.rows.map(({ name, at }) => `${name} ${at}`)).toStrictEqual([
      'noisy 2027-01-04T12:11:00Z',
      'noisy 2027-01-04T12:12:00Z',
      'noisy 2027-01-04T12:13:00Z',
      'nightly 2027-01-05T02:30:00Z',
      'nightly 2027-01-06T02:30:00Z',
      'nightly 2027-01-07T02:30:00Z',
    ]);
    expect(runs.rows[0]?.at).toBe('2027-01-04T12:10:00Z');
    expect(await stateOf(local, 'NIGHT')).toMatchObject({ schedules: { total: 3, matching: 1 } });
  });

  it('stays small with many schedules', async () => {
    const local = await begin();
    for (let index = 0; index < 1000; index += 1) local.put(schedule(`s${index}`, '0 0 3 * * *'));
    const state = (await stateOf(local)) as never as {
      schedules: { total: number; rows: readonly unknown[] };
    };
    expect([state.schedules.total, state.schedules.rows.length]).toStrictEqual([1000, 200]);
  });
});
