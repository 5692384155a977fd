import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectOptions } from '../../../src/conductor/connect.ts';
import type { RequestEvent } from '../../../src/conductor/send.ts';
import type { Failure, Outcome } from '../../../src/model/port.ts';
import { element, errorOf, noRoute, type Scripted, scripted } from './scripted.ts';

const schedule = {
  name: 's',
  cronExpression: '0 0 9 * * ?',
  zoneId: 'UTC',
  startWorkflowRequest: { name: 'w', input: {}, taskToDomain: {}, priority: 0 },
  runCatchupScheduleInstances: false,
  paused: false,
};
const body = { name: 's', fields: schedule };

function failureOf(outcome: Outcome<unknown>): Failure {
  if (outcome.ok) throw new Error('it should have failed');
  return outcome.failure;
}

describe('repeating', () => {
  it('repeats a read until it is answered, with longer and longer waits', async () => {
    const { connection, waits } = scripted([
      { why: 'refused', sent: false },
      { status: 503 },
      { why: 'cut-off', sent: true },
      errorOf(500, 'busy', { retryable: true }),
      { json: [] },
    ]);
    expect(await connection.reader.list()).toEqual({ ok: true, value: { schedules: [] } });
    expect(waits).toEqual([150, 300, 600, 1200]);
    expect(connection.counts()).toEqual({ reads: 5, writes: 0, retries: 4 });
  });

  it('gives up after as many retries as allowed', async () => {
    const { connection, sent } = scripted([errorOf(503, 'down')], { maxRetries: 2 });
    expect(failureOf(await connection.reader.list())).toEqual({
      kind: 'status',
      operation: 'list',
      method: 'GET',
      url: 'http://conductor.test/api/scheduler/schedules',
      status: 503,
      words: 'down',
      attempts: 3,
      retryable: true,
      effect: 'none',
    });
    expect(sent).toHaveLength(3);
  });

  it('waits as long as the server asks, but never more than a minute', async () => {
    const { connection, waits } = scripted([
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 429, headers: { 'retry-after': '86400' } },
      { status: 429, headers: { 'retry-after': 'abc' } },
      { json: [] },
    ]);
    expect((await connection.reader.list()).ok).toBe(true);
    expect(waits).toEqual([7000, 60_000, 600]);
  });

  it.each<[string, Scripted, Partial<Failure>]>([
    ['a plain 500', errorOf(500, 'bad zone'), { kind: 'status', effect: 'unknown', words: 'bad zone' }],
    ['503', errorOf(503, 'down'), { kind: 'status', effect: 'unknown' }],
    ['a reset', { why: 'reset', sent: true }, { kind: 'reset', effect: 'unknown', words: 'scripted reset' }],
    ['a timeout', { why: 'timeout', sent: true }, { kind: 'timeout', effect: 'unknown' }],
    ['a lost answer', { why: 'cut-off', sent: true }, { kind: 'cut-off', effect: 'unknown' }],
    ['a bad certificate', { why: 'tls', sent: false }, { kind: 'tls', effect: 'none' }],
    ['a conflict', errorOf(409, 'taken'), { kind: 'conflict', effect: 'none' }],
    ['no permission', errorOf(403, 'no'), { kind: 'forbidden', effect: 'none' }],
    [
      'a page',
      { text: '<html>', headers: { 'content-type': 'text/html' } },
      { kind: 'html', effect: 'unknown' },
    ],
    ['a redirect', { status: 302, headers: { location: '/login' } }, { kind: 'redirect', effect: 'none' }],
  ])('sends a save once when it fails by %s', async (_what, answer, failure) => {
    const { connection, sent, waits } = scripted([answer]);
    expect(failureOf(await connection.writer.save(body, 'create'))).toMatchObject({
      ...failure,
      operation: 'save',
      schedule: 's',
      attempts: 1,
    });
    expect(sent).toEqual(['POST /scheduler/schedules']);
    expect(waits).toEqual([]);
  });

  it('repeats a save that the server cannot have taken', async () => {
    const { connection, waits } = scripted([
      { why: 'refused', sent: false },
      { status: 429, headers: { 'retry-after': '1' } },
      { why: 'timeout', sent: false },
      {},
    ]);
    expect(failureOf(await connection.writer.save(body, 'create'))).toMatchObject({
      kind: 'timeout',
      effect: 'none',
    });
    expect(await connection.writer.save(body, 'create')).toEqual({ ok: true, value: null });
    expect(waits).toEqual([150, 1000]);
    expect(connection.counts()).toEqual({ reads: 0, writes: 4, retries: 3 });
  });

  it('counts a write that is sent again after a failure as one more attempt, for each schedule by itself', async () => {
    const { connection } = scripted([
      ...[
        errorOf(500, 'no'),
        { why: 'reset', sent: true } as const,
        errorOf(500, 'not b'),
        errorOf(503, 'no'),
      ],
      ...[{}, errorOf(500, 'no')],
    ]);
    const attemptsOf = async (name: string): Promise<number> =>
      failureOf(await connection.writer.delete(name)).attempts;
    expect([
      await attemptsOf('a'),
      await attemptsOf('a'),
      await attemptsOf('b'),
      await attemptsOf('a'),
    ]).toEqual([1, 2, 1, 3]);
    expect((await connection.writer.delete('a')).ok).toBe(true);
    expect(await attemptsOf('a')).toBe(1);
    expect(connection.counts()).toEqual({ reads: 0, writes: 6, retries: 3 });
  });

  it.each<[string, Scripted, true | undefined]>([
    ['a plain 500', errorOf(500, 'no'), undefined],
    ['a 500 that says so', errorOf(500, 'busy', { retryable: true }), true],
    ['a gateway', errorOf(502, 'no'), true],
    ['a lost answer', { why: 'reset', sent: true }, true],
    ['a timeout', { why: 'timeout', sent: true }, true],
    ['a conflict', errorOf(409, 'no'), undefined],
    ['a certificate', { why: 'untrusted', sent: false }, undefined],
    ['two lengths', { why: 'malformed', sent: true }, undefined],
    ['a page', { text: '<html>', headers: { 'content-type': 'text/html' } }, undefined],
  ])('reports for %s whether a retry may help', async (_what, answer, retryable) => {
    const { connection } = scripted([answer], { maxRetries: 0 });
    expect(failureOf(await connection.writer.delete('a')).retryable).toBe(retryable);
  });
});

describe('words of a failure', () => {
  it('show neither the host of the server, nor a query, nor a secret', async () => {
    const { connection } = scripted(
      [errorOf(400, 'bad\nthing: "X-Proxy: hunter2hunter2", Basic YWRhOmxvdmVsYWNl, lovelace \u001b[2J')],
      { url: 'http://ada:lovelace@conductor.test/api', headers: { 'X-Proxy': 'hunter2hunter2' } },
    );
    const failure = failureOf(await connection.writer.pause('s', 'because of lovelace'));
    expect(failure.words).toBe('bad thing: "X-Proxy: ***", ***, *** [2J');
    expect(failure.url).toBe('http://conductor.test/api/scheduler/schedules/s/pause');
    expect(JSON.stringify(failure)).not.toMatch(/host-of-the-server|lovelace|hunter2/);
    expect(connection.url).toBe('http://conductor.test/api');
  });

  it('show of a redirect only where it leads', async () => {
    const { connection } = scripted([
      { status: 307, headers: { location: 'https://ada:lovelace@login.test/a?token=x#y' } },
    ]);
    expect(failureOf(await connection.reader.list())).toMatchObject({
      kind: 'redirect',
      status: 307,
      words: 'redirects to https://login.test/a',
    });
  });

  it('hide a token that was fetched', async () => {
    const { connection } = scripted(
      (request) =>
        request.path === '/token'
          ? { json: { token: 'jwt-very-secret' } }
          : errorOf(500, 'for jwt-very-secret'),
      { credentials: { kind: 'key', key: 'id', secret: 'the-secret' } },
    );
    expect(failureOf(await connection.reader.list()).words).toBe('for ***');
  });
});

describe('stopping', () => {
  it('sends nothing after it is aborted', async () => {
    const stop = new AbortController();
    stop.abort();
    const { connection, sent } = scripted([{ json: [] }], { signal: stop.signal });
    expect(failureOf(await connection.writer.delete('s'))).toMatchObject({
      kind: 'interrupted',
      attempts: 0,
      effect: 'none',
    });
    expect(sent).toEqual([]);
    expect(connection.counts()).toEqual({ reads: 0, writes: 0, retries: 0 });
  });

  it('finishes what is in flight, and starts nothing that waits for room', async () => {
    const stop = new AbortController();
    const { connection, sent } = scripted(
      async () => {
        stop.abort();
        return { json: element('a') };
      },
      { signal: stop.signal, parallelism: 1 },
    );
    const [first, second] = await Promise.all([connection.reader.get('a'), connection.reader.get('b')]);
    expect(first.ok).toBe(true);
    expect(failureOf(second).kind).toBe('interrupted');
    expect(sent).toEqual(['GET /scheduler/schedules/a']);
  });

  it('reads what it has just written, once, as a part of the write', async () => {
    const stop = new AbortController();
    const { connection, sent } = scripted(
      async ({ method }) => {
        stop.abort();
        return method === 'GET' ? { json: element('a') } : { json: {} };
      },
      { signal: stop.signal },
    );
    expect((await connection.writer.resume('a')).ok).toBe(true);
    expect(failureOf(await connection.reader.get('b')).kind).toBe('interrupted');
    expect((await connection.reader.get('a')).ok).toBe(true);
    expect(failureOf(await connection.reader.get('a')).kind).toBe('interrupted');
    expect(failureOf(await connection.writer.pause('a')).kind).toBe('interrupted');
    expect(sent.map((line) => line.split(' ')[0])).toEqual(['PUT', 'GET']);
  });

  it('ends a wait, with the failure that was waited for', async () => {
    const stop = new AbortController();
    const { connection, sent } = scripted([errorOf(503, 'down')], {
      signal: stop.signal,
      wait: async () => {
        stop.abort();
        throw stop.signal.reason;
      },
    });
    expect(failureOf(await connection.reader.list())).toMatchObject({
      kind: 'status',
      status: 503,
      attempts: 1,
    });
    expect(sent).toHaveLength(1);
  });
});

describe('requests in flight', () => {
  it('are never more than asked', async () => {
    let flying = 0;
    let most = 0;
    const { connection } = scripted(
      async ({ path }) => {
        flying += 1;
        most = Math.max(most, flying);
        await new Promise(setImmediate);
        flying -= 1;
        return { json: element(path.slice(-1)) };
      },
      { parallelism: 2 },
    );
    const all = await Promise.all([...'abcdefgh'].map((name) => connection.reader.get(name)));
    expect(all.every(({ ok }) => ok)).toBe(true);
    expect(most).toBe(2);
  });

  it('do not include those that wait for their next attempt', async () => {
    const { connection, sent } = scripted(
      ({ path }, index) =>
        path.endsWith('a') && index === 0 ? { status: 502 } : { json: element(path.slice(-1)) },
      { parallelism: 1, wait: () => new Promise(setImmediate) },
    );
    await Promise.all([connection.reader.get('a'), connection.reader.get('b')]);
    expect(sent.map((line) => line.slice(-1))).toEqual(['a', 'b', 'a']);
  });
});

it('reports each attempt, without query, headers and body', async () => {
  const events: RequestEvent[] = [];
  const { connection } = scripted([{ why: 'refused', sent: false }, { status: 200 }], {
    onRequest: (event) => events.push(event),
  });
  await connection.writer.pause('a b', 'secret reason');
  expect(events).toEqual([
    { method: 'PUT', path: '/scheduler/schedules/a%20b/pause', attempt: 1, ms: 0, trouble: 'refused' },
    { method: 'PUT', path: '/scheduler/schedules/a%20b/pause', attempt: 2, ms: 0, status: 200 },
  ]);
});

describe('the token', () => {
  const key = { kind: 'key', key: ' id ', secret: ' the-secret\n' } as const;
  /** Gives out jwt-1, jwt-2 …; answers everything else by `answer`. */
  function orkes(answer: (token: string | undefined, index: number) => Scripted) {
    let given = 0;
    return scripted(
      async (request, index) => {
        await new Promise(setImmediate);
        if (request.path !== '/token') return answer(request.headers['x-authorization'], index);
        given += 1;
        return { json: { token: `jwt-${given}` } };
      },
      { credentials: key },
    );
  }

  it('is fetched once, also for parallel first requests', async () => {
    const { connection, sent, requests } = orkes(() => ({ json: element('s') }));
    await Promise.all([1, 2, 3].map(() => connection.reader.get('s')));
    expect(sent).toEqual(['POST /token', ...Array(3).fill('GET /scheduler/schedules/s')]);
    expect(requests[0]?.body).toBe('{"keyId":"id","keySecret":"the-secret"}');
    expect(requests[0]?.headers).not.toHaveProperty('x-authorization');
    expect(requests.slice(1).map(({ headers }) => headers['x-authorization'])).toEqual(
      Array(3).fill('jwt-1'),
    );
    expect(connection.counts()).toEqual({ reads: 4, writes: 0, retries: 0 });
  });

  it('is renewed after 45 minutes', async () => {
    const script = orkes(() => ({ json: [] }));
    await script.connection.reader.list();
    script.now += 45 * 60_000 - 1;
    await script.connection.reader.list();
    script.now += 1;
    await script.connection.reader.list();
    expect(script.sent.map((line) => line.split(' ')[1])).toEqual([
      '/token',
      '/scheduler/schedules',
      '/scheduler/schedules',
      '/token',
      '/scheduler/schedules',
    ]);
  });

  it.each<[string, Scripted]>([
    ['401 EXPIRED_TOKEN', { status: 401, json: { error: 'EXPIRED_TOKEN', message: 'Token has expired' } }],
    ['403 INVALID_TOKEN', { status: 403, json: { error: 'INVALID_TOKEN' } }],
    ['a 401 that is no JSON', { status: 401, text: 'Unauthorized' }],
  ])('is renewed once for all after %s, for writes too', async (_what, refusal) => {
    const { connection, sent } = orkes((token) => (token === 'jwt-1' ? refusal : {}));
    const all = await Promise.all(['a', 'b', 'c'].map((name) => connection.writer.delete(name)));
    expect(all.every(({ ok }) => ok)).toBe(true);
    expect(sent.filter((line) => line === 'POST /token')).toHaveLength(2);
    expect(connection.counts()).toEqual({ reads: 2, writes: 6, retries: 3 });
  });

  it('is renewed at most twice for one request', async () => {
    const { connection, sent } = orkes(() => ({ status: 401, json: { error: 'EXPIRED_TOKEN' } }));
    expect(failureOf(await connection.writer.delete('a'))).toMatchObject({
      kind: 'unauthorized',
      words: 'EXPIRED_TOKEN',
      attempts: 3,
      effect: 'none',
    });
    expect(sent).toHaveLength(6);
  });

  it('that ends twice during sixteen requests is renewed twice, whenever it ends', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 30 }),
        fc.integer({ min: 1, max: 30 }),
        async (first, after) => {
          let ended = 0;
          const { connection, sent } = orkes((token, index) => {
            if (index === first || (index > first && index === first + after))
              ended = Number(token?.slice(4));
            return Number(token?.slice(4)) <= ended ? { status: 401, json: { error: 'EXPIRED_TOKEN' } } : {};
          });
          const names = Array.from({ length: 16 }, (_, index) => `s${index}`);
          const all = await Promise.all(names.map((name) => connection.writer.delete(name)));
          expect(all.filter(({ ok }) => !ok)).toEqual([]);
          expect(sent.filter((line) => line === 'POST /token').length).toBeLessThanOrEqual(3);
        },
      ),
      { numRuns: 300, seed: 1 },
    );
  });

  it.each<[string, Scripted, string]>([
    ['401 for another reason', errorOf(401, 'who are you'), 'unauthorized'],
    ['403', errorOf(403, 'not yours'), 'forbidden'],
  ])('is not renewed after %s', async (_what, refusal, kind) => {
    const { connection, sent } = orkes(() => refusal);
    expect(failureOf(await connection.reader.list()).kind).toBe(kind);
    expect(sent).toHaveLength(2);
  });

  it.each<[string, Partial<ConnectOptions>, true | undefined]>([
    ['nothing', {}, true],
    ['a token', { credentials: { kind: 'token', token: 'jwt' } }, undefined],
    ['a user and password in the URL', { url: 'http://user:pass@conductor.test' }, undefined],
    ['a header that may prove it', { headers: { 'X-Api-Key': 'k' } }, undefined],
  ])('a 401 says that no credentials were given only after %s', async (_what, options, anonymous) => {
    const { connection } = scripted([{ status: 401, json: { message: 'who' } }], options);
    const failure = failureOf(await connection.reader.list());
    expect([failure.kind, failure.anonymous]).toEqual(['unauthorized', anonymous]);
  });

  it('that was given is used as it is and not renewed', async () => {
    const { connection, sent, requests } = scripted([{ status: 401, json: { error: 'EXPIRED_TOKEN' } }], {
      credentials: { kind: 'token', token: ' jwt-given\n' },
    });
    expect(failureOf(await connection.reader.list()).kind).toBe('unauthorized');
    expect(sent).toEqual(['GET /scheduler/schedules']);
    expect(requests[0]?.headers['x-authorization']).toBe('jwt-given');
  });

  it.each<[string, Scripted, Partial<Failure>]>([
    ['a wrong key', errorOf(401, 'no such key'), { kind: 'unauthorized', status: 401, words: 'no such key' }],
    ['a page', { text: '<html>', headers: { 'content-type': 'text/html' } }, { kind: 'html', status: 200 }],
    ['no token', { json: {} }, { kind: 'shape', words: 'the answer to the key and secret has no token' }],
    [
      'a cut-off answer',
      { text: '{"token":', headers: { 'content-type': 'application/json' } },
      { kind: 'cut-off' },
    ],
    ['no server', { why: 'refused', sent: false }, { kind: 'refused', attempts: 5 }],
  ])('that cannot be fetched stops everything: %s', async (_what, answer, failure) => {
    const { connection, sent } = scripted([answer], { credentials: key });
    expect(failureOf(await connection.writer.delete('s'))).toMatchObject({
      ...failure,
      operation: 'token',
      method: 'POST',
      url: 'http://conductor.test/api/token',
      effect: 'none',
    });
    expect(new Set(sent)).toEqual(new Set(['POST /token']));
  });

  it('is not needed if the server has no route for it, and the identity says so', async () => {
    const { connection, sent, requests } = scripted(
      ({ path }) =>
        /token|tags/.test(path) ? noRoute : path === '/version' ? { text: '3.32.1' } : { json: [] },
      { credentials: key },
    );
    expect((await connection.reader.list()).ok).toBe(true);
    expect(await connection.reader.identify()).toMatchObject({
      ok: true,
      value: { serverType: 'oss-2', version: '3.32.1', credentialsUnused: true },
    });
    expect(sent.slice(0, 3)).toEqual(['POST /token', 'GET /scheduler/schedules', 'GET /version']);
    expect(requests.some(({ headers }) => 'x-authorization' in headers)).toBe(false);
  });

  it('must be available if the configuration says Orkes', async () => {
    const { connection } = scripted([noRoute], { credentials: key, serverType: 'orkes-new' });
    expect(failureOf(await connection.reader.list())).toMatchObject({
      kind: 'unsupported',
      operation: 'token',
      status: 404,
    });
  });

  it('cannot become empty when it is renewed', async () => {
    const script = scripted(
      ({ path }, index) =>
        path !== '/token' ? { json: [] } : index === 0 ? { json: { token: 'jwt-1' } } : noRoute,
      { credentials: key },
    );
    expect((await script.connection.reader.list()).ok).toBe(true);
    script.now += 60 * 60_000;
    expect(failureOf(await script.connection.reader.list()).operation).toBe('token');
  });
});

describe('headers', () => {
  it('of the caller have precedence, and a user in the URL is Basic', async () => {
    const { connection, requests } = scripted([{ json: [] }], {
      url: 'http://ada:l%C3%B6ve@conductor.test',
      headers: { 'X-Team': 'a', ACCEPT: 'application/problem+json' },
    });
    await connection.reader.list();
    expect(requests[0]?.headers).toEqual({
      accept: 'application/problem+json',
      authorization: `Basic ${Buffer.from('ada:löve').toString('base64')}`,
      'x-team': 'a',
    });
  });

  it('mark every body, and only a body, as JSON', async () => {
    const { connection, requests } = scripted([{}]);
    await connection.writer.save(body, 'create');
    await connection.writer.resume('s');
    expect(requests.map(({ headers }) => headers['content-type'])).toEqual(['application/json', undefined]);
  });
});
