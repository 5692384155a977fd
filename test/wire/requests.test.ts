import nock from 'nock';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { open } from './open.ts';

const server = 'http://conductor.test';
const json = { 'content-type': 'application/json' };
const key = { kind: 'key', key: 'id', secret: 'the-secret' } as const;
/** Conductor's own, so it goes through as it is. */
const reference = '$'.concat('{workflow.input.x} ü 🚚');
const schedule = {
  name: 's',
  cronExpression: '0 0 9 * * ?',
  zoneId: 'Europe/Berlin',
  startWorkflowRequest: {
    name: 'w',
    input: { id: 12345678901234567890n, rate: 0.1, text: reference },
    taskToDomain: {},
    priority: 0,
  },
  runCatchupScheduleInstances: false,
  paused: true,
  pausedReason: 'why "not"',
};
const saved =
  '{"newer":[1],"name":"s","cronExpression":"0 0 9 * * ?","zoneId":"Europe/Berlin","startWorkflowRequest":{"name":"w",' +
  `"input":{"id":12345678901234567890,"rate":0.1,"text":"${reference}"},"taskToDomain":{},"priority":0},` +
  '"runCatchupScheduleInstances":false,"paused":true,"pausedReason":"why \\"not\\""}';

beforeAll(() => {
  // Another file of the same process may have switched it off.
  if (!nock.isActive()) nock.activate();
  nock.disableNetConnect();
  nock.enableNetConnect('127.0.0.1');
});
afterEach(() => {
  const pending = nock.pendingMocks();
  nock.cleanAll();
  expect(pending).toEqual([]);
});
afterAll(() => {
  nock.restore();
  nock.enableNetConnect();
});

describe('requests', () => {
  it('lists, asking for JSON', async () => {
    nock(server, {
      reqheaders: { accept: 'application/json' },
      badheaders: ['content-type', 'x-authorization'],
    })
      .get('/api/scheduler/schedules')
      .reply(200, [{ name: 'a b' }], { ...json, date: 'Tue, 24 Nov 2026 12:00:00 GMT' });
    const list = await open(server).connection.reader.list();
    expect(list).toMatchObject({
      ok: true,
      value: { serverTime: Date.UTC(2026, 10, 24, 12), schedules: [{ schedule: { name: 'a b' } }] },
    });
    expect(nock.isDone()).toBe(true);
  });

  it.each(['http://conductor.test/api/', 'http://conductor.test/'])(
    'finds the list under %s',
    async (url) => {
      nock(server).get('/api/scheduler/schedules').query({ workflowName: 'a&b=c d' }).reply(200, [], json);
      expect((await open(url).connection.reader.list({ workflowName: 'a&b=c d' })).ok).toBe(true);
      expect(nock.isDone()).toBe(true);
    },
  );

  it.each([
    ['a b', 'a%20b'],
    ['100%', '100%25'],
    ['?x=1#y;z', '%3Fx%3D1%23y%3Bz'],
    ['tägliche+Läufe,🚚', 't%C3%A4gliche%2BL%C3%A4ufe%2C%F0%9F%9A%9A'],
    ['%2e%2e', '%252e%252e'],
  ])('has the name %s as one segment', async (name, segment) => {
    nock(server)
      .get((path) => path === `/api/scheduler/schedules/${segment}`)
      .reply(200, { name }, json);
    expect(await open(server).connection.reader.get(name)).toMatchObject({
      ok: true,
      value: { schedule: { name } },
    });
    expect(nock.isDone()).toBe(true);
  });

  it('saves every digit, as UTF-8, and sends back unknown fields', async () => {
    nock(server, { reqheaders: { 'content-type': 'application/json', accept: 'application/json' } })
      .post('/api/scheduler/schedules?overwrite=true', saved)
      .reply(200, saved.replace('{', '{"createTime":7,'), json);
    const { writer } = open(server).connection;
    expect(
      await writer.save({ name: schedule.name, fields: { newer: [1], ...schedule } }, 'update'),
    ).toMatchObject({
      ok: true,
      value: { schedule, carried: { newer: [1] }, facts: { createTime: 7 } },
    });
    expect(nock.isDone()).toBe(true);
  });

  it('creates without overwrite', async () => {
    nock(server).post('/api/scheduler/schedules').query({}).reply(200);
    const { writer } = open(server).connection;
    expect(await writer.save({ name: schedule.name, fields: schedule }, 'create')).toEqual({
      ok: true,
      value: null,
    });
    expect(nock.isDone()).toBe(true);
  });

  it('pauses with the reason in the query, and sends no body', async () => {
    nock(server, { badheaders: ['content-type'] })
      .put((path) => path === '/api/scheduler/schedules/a%20b/pause?reason=why%20not%20%26%20%2B', '')
      .reply(200);
    expect((await open(server).connection.writer.pause('a b', 'why not & +')).ok).toBe(true);
    expect(nock.isDone()).toBe(true);
  });

  it('sets, reads and deletes tags, the last with a body', async () => {
    const text = '[{"key":"team","value":"ü"}]';
    nock(server)
      .put('/api/scheduler/schedules/s/tags', text)
      .reply(200)
      .get('/api/scheduler/schedules/s/tags')
      .reply(200, [{ key: 'team', value: 'ü' }], json)
      .delete('/api/scheduler/schedules/s/tags', text)
      .reply(200);
    const { reader, writer } = open(server).connection;
    const tags = [{ key: 'team', value: 'ü' }];
    expect(await writer.putTags('s', tags)).toEqual({ ok: true, value: null });
    expect(await reader.tags('s')).toEqual({ ok: true, value: tags });
    expect(await writer.deleteTags('s', tags)).toEqual({ ok: true, value: null });
    expect(nock.isDone()).toBe(true);
  });

  it('pauses many in one request', async () => {
    nock(server)
      .put('/api/scheduler/bulk/pause', '["a","b"]')
      .reply(200, { bulkErrorResults: {}, bulkSuccessfulResults: ['a', 'b'] }, json);
    expect(await open(server).connection.writer.pauseMany(['a', 'b'])).toMatchObject({
      value: { succeeded: ['a', 'b'] },
    });
    expect(nock.isDone()).toBe(true);
  });

  it('asks for the next fires and for executions', async () => {
    nock(server)
      .get('/api/scheduler/nextFewSchedules')
      .query({ cronExpression: '0 0 9 * * ?', limit: '3' })
      .reply(200, [1, 2, 3], json)
      .get('/api/scheduler/search/executions')
      .query({ query: 'a b', start: '0', size: '2', sort: 'scheduledTime:DESC' })
      .reply(200, { totalHits: 0, results: [] }, json);
    const { reader } = open(server).connection;
    expect(await reader.nextFew({ cronExpression: '0 0 9 * * ?', limit: 3 })).toEqual({
      ok: true,
      value: [1, 2, 3],
    });
    expect(
      (await reader.searchExecutions({ query: 'a b', start: 0, size: 2, sort: 'scheduledTime:DESC' })).ok,
    ).toBe(true);
    expect(nock.isDone()).toBe(true);
  });
});

describe('authentication', () => {
  it('exchanges the key for a token, and sends it without Bearer', async () => {
    nock(server, { badheaders: ['x-authorization'] })
      .post('/api/token', '{"keyId":"id","keySecret":"the-secret"}')
      .reply(200, { token: 'jwt-1' }, json);
    nock(server, { reqheaders: { 'x-authorization': 'jwt-1' } })
      .get('/api/scheduler/schedules')
      .reply(200, [], json);
    expect((await open(server, { credentials: key }).connection.reader.list()).ok).toBe(true);
    expect(nock.isDone()).toBe(true);
  });

  it('renews an expired token in the middle, for a write too', async () => {
    nock(server)
      .post('/api/token')
      .reply(200, { token: 'jwt-1' }, json)
      .post('/api/token')
      .reply(200, { token: 'jwt-2' }, json);
    nock(server, { reqheaders: { 'x-authorization': 'jwt-1' } })
      .post('/api/scheduler/schedules')
      .reply(401, { error: 'EXPIRED_TOKEN', message: 'Token has expired' }, json);
    nock(server, { reqheaders: { 'x-authorization': 'jwt-2' } })
      .post('/api/scheduler/schedules', saved.replace('"newer":[1],', ''))
      .reply(200);
    const { writer } = open(server, { credentials: key }).connection;
    expect((await writer.save({ name: schedule.name, fields: schedule }, 'create')).ok).toBe(true);
    expect(nock.isDone()).toBe(true);
  });

  it('sends Basic credentials and extra headers to a proxy', async () => {
    nock(server, { reqheaders: { authorization: `Basic ${btoa('ada:love')}`, 'x-team': 'payments' } })
      .get('/api/scheduler/schedules')
      .reply(200, [], json);
    const { connection } = open('http://ada:love@conductor.test', { headers: { 'X-Team': 'payments' } });
    expect((await connection.reader.list()).ok).toBe(true);
    expect(nock.isDone()).toBe(true);
  });
});

describe('answers', () => {
  it('of 429 are repeated after the time that they ask for', async () => {
    nock(server)
      .get('/api/scheduler/schedules')
      .reply(429, 'slow down', { 'retry-after': '2' })
      .get('/api/scheduler/schedules')
      .reply(429, 'slow down', { 'Retry-After': 'abc' })
      .get('/api/scheduler/schedules')
      .reply(200, [], json);
    const { connection, waits } = open(server);
    expect((await connection.reader.list()).ok).toBe(true);
    expect(waits).toEqual([2000, 300]);
    expect(nock.isDone()).toBe(true);
  });

  it('of a single-page application on the wrong path are not a list', async () => {
    nock(server)
      .get('/api/scheduler/schedules')
      .reply(200, '<!doctype html><html><head><title>Conductor UI</title></head></html>', {
        'content-type': 'text/html',
      });
    expect(await open(server).connection.reader.list()).toMatchObject({
      ok: false,
      failure: { kind: 'html', status: 200, words: 'an HTML page, "Conductor UI"' },
    });
    expect(nock.isDone()).toBe(true);
  });

  it.each([
    ['zero bytes', ''],
    ['null', 'null'],
  ])('of %s to a GET mean that the schedule does not exist', async (_what, text) => {
    nock(server).get('/api/scheduler/schedules/s').reply(200, text, json);
    expect(await open(server).connection.reader.get('s')).toEqual({ ok: true, value: null });
    expect(nock.isDone()).toBe(true);
  });

  it('of 204 are success', async () => {
    nock(server).delete('/api/scheduler/schedules/s').reply(204);
    expect(await open(server).connection.writer.delete('s')).toEqual({ ok: true, value: null });
    expect(nock.isDone()).toBe(true);
  });

  it('of 405 to PUT switch to GET for the rest of the run', async () => {
    nock(server)
      .put('/api/scheduler/schedules/a/pause?reason=x')
      .reply(405, { status: 405, message: "Request method 'PUT' is not supported" }, json)
      .get('/api/scheduler/schedules/a/pause?reason=x')
      .reply(200)
      .get('/api/scheduler/schedules/b/pause')
      .reply(200);
    const { writer } = open(server).connection;
    expect((await writer.pause('a', 'x')).ok).toBe(true);
    expect((await writer.pause('b')).ok).toBe(true);
    expect(nock.isDone()).toBe(true);
  });

  it('tell the version as text', async () => {
    nock(server).get('/api/version').reply(200, '3.32.1', { 'content-type': 'text/plain' });
    const message = 'No static resource api/scheduler/schedules/x/tags.';
    nock(server)
      .get(/\/tags$/)
      .reply(404, { status: 404, message });
    expect(await open(server).connection.reader.identify()).toMatchObject({
      value: { serverType: 'oss-2', version: '3.32.1' },
    });
    expect(nock.isDone()).toBe(true);
  });
});

describe('an error of the network', () => {
  /** As `node:http` gives it. */
  const given = (facts: object): Error => Object.assign(new Error('why'), facts);

  it.each<[object, string, 'none' | 'unknown']>([
    [{ code: 'ENOTFOUND', syscall: 'getaddrinfo' }, 'dns', 'none'],
    [{ code: 'EAI_AGAIN', syscall: 'getaddrinfo' }, 'dns', 'none'],
    [{ code: 'ECONNREFUSED', syscall: 'connect' }, 'refused', 'none'],
    [{ errors: [Object.assign(new Error('why'), { code: 'ECONNREFUSED' })] }, 'refused', 'none'],
    [{ code: 'ETIMEDOUT', syscall: 'connect' }, 'timeout', 'none'],
    [{ code: 'ETIMEDOUT', syscall: 'read' }, 'timeout', 'unknown'],
    [{ code: 'ECONNRESET', syscall: 'read' }, 'reset', 'unknown'],
    [{ code: 'EPIPE' }, 'reset', 'unknown'],
    [{ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, 'untrusted', 'none'],
    [{ code: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'untrusted', 'none'],
    [{ code: 'CERT_HAS_EXPIRED' }, 'tls', 'none'],
    [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'tls', 'none'],
    [{ code: 'EHOSTUNREACH', syscall: 'connect' }, 'network', 'none'],
    [{ code: 'HPE_INVALID_CONSTANT' }, 'malformed', 'unknown'],
    [{}, 'network', 'unknown'],
  ])('%o is %s, effect %s', async (facts, kind, effect) => {
    nock(server).delete('/api/scheduler/schedules/s').replyWithError(given(facts));
    const outcome = await open(server, { maxRetries: 0 }).connection.writer.delete('s');
    expect(outcome).toMatchObject({
      ok: false,
      failure: { kind, effect, words: expect.stringContaining('why') },
    });
    expect(nock.isDone()).toBe(true);
  });
});
