import { describe, expect, it } from 'vitest';
import { absentName } from '../../../src/conductor/identity.ts';
import type { Failure, Outcome } from '../../../src/model/port.ts';
import { element, errorOf, noRoute, type Scripted, scripted, wrongVerb, wrongVerbOfOld } from './scripted.ts';

const schedule = {
  name: 's',
  cronExpression: '0 0 9 * * ?',
  zoneId: 'UTC',
  startWorkflowRequest: { name: 'w', input: {}, taskToDomain: {}, priority: 0 },
  runCatchupScheduleInstances: false,
  paused: false,
};
const body = { name: 's', fields: schedule };
const html: Scripted = { text: '<!doctype html><title>UI</title>', headers: { 'content-type': 'text/html' } };

function failureOf(outcome: Outcome<unknown>): Failure {
  if (outcome.ok) throw new Error('it should have failed');
  return outcome.failure;
}

describe('list', () => {
  it('has every schedule and the time of the server', async () => {
    const { connection, sent } = scripted([
      {
        json: [element('b', { tags: [{ key: 'k', value: 'v' }] }), element('a')],
        headers: { date: 'Tue, 24 Nov 2026 12:00:00 GMT', 'content-type': 'application/json;charset=UTF-8' },
      },
    ]);
    const list = await connection.reader.list();
    if (!list.ok) throw new Error(list.failure.words);
    expect(list.value.serverTime).toBe(Date.UTC(2026, 10, 24, 12));
    expect(list.value.schedules.map(({ schedule: { name }, tags }) => [name, tags])).toEqual([
      ['b', [{ key: 'k', value: 'v' }]],
      ['a', undefined],
    ]);
    expect(sent).toEqual(['GET /scheduler/schedules']);
  });

  it('asks for one workflow', async () => {
    const { connection, sent } = scripted([{ json: [] }]);
    await connection.reader.list({ workflowName: 'a & b' });
    expect(sent).toEqual(['GET /scheduler/schedules?workflowName=a%20%26%20b']);
  });

  it.each<[string, Scripted, Partial<Failure>]>([
    ['a page', html, { kind: 'html', words: 'an HTML page, "UI"', status: 200 }],
    ['nothing', {}, { kind: 'not-json' }],
    ['a text', { text: '[]', headers: { 'content-type': 'text/plain' } }, { kind: 'not-json' }],
    [
      'half of it',
      { text: '[{"name":"a"}', headers: { 'content-type': 'application/json' } },
      { kind: 'cut-off' },
    ],
    ['an object', { json: { results: [] } }, { kind: 'shape' }],
    [
      'a name twice',
      { json: [element('a'), element('a')] },
      { kind: 'shape', words: 'the list has the name "a" twice' },
    ],
    ['the scheduler switched off', noRoute, { kind: 'no-scheduler', status: 404 }],
    ['a 404 of a gateway', { status: 404, text: 'not found' }, { kind: 'no-scheduler' }],
    [
      'a 404 of a gateway that speaks JSON',
      { status: 404, json: { message: 'no Route' } },
      { kind: 'no-scheduler' },
    ],
    ['no right', errorOf(403, 'no'), { kind: 'forbidden', status: 403 }],
    ['another status', errorOf(500, 'broken'), { kind: 'status', status: 500 }],
    ['a redirect', { status: 301, headers: { location: 'https://x.test/' } }, { kind: 'redirect' }],
  ])('is not a list: %s', async (_what, answer, failure) => {
    const { connection } = scripted([answer]);
    expect(failureOf(await connection.reader.list())).toMatchObject({ ...failure, operation: 'list' });
  });
});

describe('get', () => {
  it.each<[string, Scripted]>([
    ['404 of OSS', errorOf(404, "Schedule 's' not found")],
    ['zero bytes', {}],
    ['zero bytes that are called JSON', { text: '', headers: { 'content-type': 'application/json' } }],
    ['null', { text: 'null', headers: { 'content-type': 'application/json' } }],
    ['204', { status: 204 }],
  ])('reports a missing schedule: %s', async (_what, answer) => {
    expect(await scripted([answer]).connection.reader.get('s')).toEqual({ ok: true, value: null });
  });

  it.each<[string, Scripted, Partial<Failure>]>([
    ['a 404 of another kind', noRoute, { kind: 'unsupported' }],
    ['a 404 page', { ...html, status: 404 }, { kind: 'unsupported', words: 'an HTML page, "UI"' }],
    [
      'a 404 of a gateway',
      { status: 404, json: { message: 'no Route matched' } },
      { kind: 'status', status: 404 },
    ],
    ['a page', html, { kind: 'html' }],
    [
      'another schedule',
      { json: element('S') },
      { kind: 'shape', words: 'the answer is not the schedule "s"' },
    ],
    ['no schedule', { json: { totalHits: 0, results: [] } }, { kind: 'shape' }],
    ['no right', errorOf(403, 'no'), { kind: 'forbidden' }],
  ])('fails: %s', async (_what, answer, failure) => {
    expect(failureOf(await scripted([answer]).connection.reader.get('s'))).toMatchObject({
      ...failure,
      operation: 'get',
      schedule: 's',
      effect: 'none',
    });
  });
});

describe('a name that does not fit in a URL', () => {
  it.each(['', '.', '..', 'a/b', 'a\\b'])('%j is never sent', async (name) => {
    const { connection, sent } = scripted([{ json: [] }]);
    const { reader, writer } = connection;
    const outcomes = await Promise.all([
      reader.get(name),
      reader.tags(name),
      writer.save({ ...body, name }, 'create'),
      writer.delete(name),
      writer.pause(name),
      writer.resume(name),
      writer.putTags(name, []),
      writer.deleteTags(name, []),
    ]);
    for (const outcome of outcomes)
      expect(failureOf(outcome)).toMatchObject({
        kind: 'unaddressable',
        schedule: name,
        attempts: 0,
        effect: 'none',
      });
    expect(outcomes).toHaveLength(8);
    expect(sent).toEqual([]);
  });

  it('may look like a pattern of replacement', async () => {
    const { connection, sent } = scripted([{}]);
    await connection.writer.delete("$&$'{name}");
    expect(sent).toEqual(["DELETE /scheduler/schedules/%24%26%24'%7Bname%7D"]);
  });
});

describe('save', () => {
  it('sends overwrite only for existing schedules', async () => {
    const { connection, sent, requests } = scripted([{}]);
    await connection.writer.save(body, 'create');
    await connection.writer.save(body, 'update');
    expect(sent).toEqual(['POST /scheduler/schedules', 'POST /scheduler/schedules?overwrite=true']);
    expect(requests[0]?.body).toBe(
      '{"name":"s","cronExpression":"0 0 9 * * ?","zoneId":"UTC","startWorkflowRequest":{"name":"w","input":{},' +
        '"taskToDomain":{},"priority":0},"runCatchupScheduleInstances":false,"paused":false}',
    );
  });

  it.each<[string, Scripted]>([
    ['nothing', {}],
    ['{}', { json: {} }],
    ['null', { json: null }],
  ])('accepts %s as an answer', async (_what, answer) => {
    expect(await scripted([answer]).connection.writer.save(body, 'create')).toEqual({
      ok: true,
      value: null,
    });
  });

  it('has the schedule as it was stored', async () => {
    const { connection } = scripted([{ status: 201, json: element('s', { createTime: 7 }) }]);
    expect(await connection.writer.save(body, 'create')).toMatchObject({
      ok: true,
      value: { schedule, facts: { createTime: 7 } },
    });
  });

  it.each<[string, Scripted, Partial<Failure>]>([
    ['another schedule', { json: element('t') }, { kind: 'shape', effect: 'unknown' }],
    ['a page', html, { kind: 'html', effect: 'unknown' }],
    ['a text', { text: 'saved' }, { kind: 'not-json', effect: 'unknown' }],
    ['a list', { json: [] }, { kind: 'shape', effect: 'unknown' }],
    [
      'half an answer',
      { text: '{"name":"s', headers: { 'content-type': 'application/json' } },
      { kind: 'cut-off' },
    ],
    ['no such route', noRoute, { kind: 'unsupported', effect: 'none' }],
    [
      'a 404 about something else',
      errorOf(404, 'no workflow w'),
      { kind: 'status', status: 404, effect: 'none' },
    ],
  ])('fails: %s', async (_what, answer, failure) => {
    expect(failureOf(await scripted([answer]).connection.writer.save(body, 'create'))).toMatchObject({
      ...failure,
      operation: 'save',
      schedule: 's',
    });
  });
});

describe('delete, pause, resume and tags', () => {
  it.each<[string, Scripted]>([
    ['nothing', {}],
    ['204', { status: 204 }],
    ['JSON', { json: { ok: true } }],
    ['a text', { text: 'done', headers: { 'content-type': 'text/plain' } }],
  ])('accept %s as done', async (_what, answer) => {
    const { connection, requests, sent } = scripted([answer]);
    const { writer } = connection;
    const tags = [{ key: 'k', value: 'v' }];
    const outcomes = [
      await writer.delete('a b'),
      await writer.pause('a b'),
      await writer.pause('a b', 'why not'),
      await writer.resume('a b'),
      await writer.putTags('a b', tags),
      await writer.deleteTags('a b', tags),
    ];
    expect(outcomes).toEqual(Array(6).fill({ ok: true, value: null }));
    expect(sent).toEqual([
      'DELETE /scheduler/schedules/a%20b',
      'PUT /scheduler/schedules/a%20b/pause',
      'PUT /scheduler/schedules/a%20b/pause?reason=why%20not',
      'PUT /scheduler/schedules/a%20b/resume',
      'PUT /scheduler/schedules/a%20b/tags',
      'DELETE /scheduler/schedules/a%20b/tags',
    ]);
    const text = '[{"key":"k","value":"v"}]';
    expect(requests.map(({ body: sentBody }) => sentBody)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      text,
      text,
    ]);
  });

  it('report `missing` and no effect for a 404 of the scheduler', async () => {
    const { connection } = scripted([errorOf(404, "Schedule 's' not found")]);
    for (const outcome of [await connection.writer.resume('s'), await connection.writer.delete('s')])
      expect(failureOf(outcome)).toMatchObject({ kind: 'missing', status: 404, effect: 'none' });
  });

  it('do not accept a web page as an answer', async () => {
    expect(failureOf(await scripted([html]).connection.writer.delete('s'))).toMatchObject({
      kind: 'html',
      effect: 'unknown',
    });
  });

  it('read the tags as a sorted set', async () => {
    const { connection, sent } = scripted([
      {
        json: [
          { key: 'b', value: '2' },
          { key: 'a', value: '1' },
          { key: 'b', value: '2' },
        ],
      },
    ]);
    expect(await connection.reader.tags('s')).toEqual({
      ok: true,
      value: [
        { key: 'a', value: '1' },
        { key: 'b', value: '2' },
      ],
    });
    expect(sent).toEqual(['GET /scheduler/schedules/s/tags']);
  });

  it('report `unsupported` if there are no tags', async () => {
    const { connection, sent } = scripted([noRoute]);
    expect(failureOf(await connection.reader.tags('s')).kind).toBe('unsupported');
    expect(failureOf(await connection.writer.putTags('s', []))).toMatchObject({
      kind: 'unsupported',
      effect: 'none',
    });
    expect(sent).toEqual(['GET', 'PUT', 'POST'].map((method) => `${method} /scheduler/schedules/s/tags`));
  });
});

describe('the forms of an operation', () => {
  const byMethod = (methods: { readonly [method: string]: Scripted }) =>
    scripted(({ method }) => methods[method] ?? {});

  it.each<[string, Scripted]>([
    ['405', wrongVerb],
    ['405 without words', { status: 405 }],
    ['500 of older servers', wrongVerbOfOld],
    ['404 without a route', noRoute],
    ['404 that is no JSON', { status: 404, text: 'nope' }],
  ])('are tried in turn after %s, and the verdict is kept', async (_what, answer) => {
    const { connection, sent } = byMethod({ PUT: answer });
    const { writer } = connection;
    expect(await Promise.all([writer.pause('a', 'why'), writer.pause('b')])).toEqual(
      Array(2).fill({ ok: true, value: null }),
    );
    expect((await writer.pause('c')).ok).toBe(true);
    expect(sent).toEqual([
      'PUT /scheduler/schedules/a/pause?reason=why',
      'GET /scheduler/schedules/a/pause?reason=why',
      'GET /scheduler/schedules/b/pause',
      'GET /scheduler/schedules/c/pause',
    ]);
    // A pause by GET is a write: it is not repeated like a read.
    expect(connection.counts()).toEqual({ reads: 0, writes: 4, retries: 0 });
  });

  it.each<[string, Scripted]>([
    ['401', { status: 401, json: { message: 'who' } }],
    ['403', errorOf(403, 'no')],
    ['404 that names the schedule', errorOf(404, "Schedule 'a' not found")],
    ['a 404 of a gateway that speaks JSON', { status: 404, json: { message: 'no Route' } }],
    ['503', errorOf(503, 'down')],
    ['500', errorOf(500, 'broken')],
    ['no answer', { why: 'reset', sent: true }],
  ])('are not tried after %s', async (_what, answer) => {
    const { connection, sent } = byMethod({ PUT: answer });
    expect((await connection.writer.pause('a')).ok).toBe(false);
    expect(sent).toEqual(['PUT /scheduler/schedules/a/pause']);
  });

  it('of a GET that pauses are not retried automatically', async () => {
    const { connection, sent } = byMethod({ PUT: wrongVerb, GET: errorOf(503, 'down') });
    expect(failureOf(await connection.writer.pause('a'))).toMatchObject({
      method: 'GET',
      effect: 'unknown',
      attempts: 1,
    });
    expect(sent).toHaveLength(2);
  });

  it.each([
    ['orkes-old', ['GET /scheduler/schedules/a/pause', 'GET /scheduler/schedules/a/resume']],
    ['orkes-new', ['PUT /scheduler/schedules/a/pause', 'PUT /scheduler/schedules/a/resume']],
  ] as const)('start at the form of a configured %s', async (serverType, expected) => {
    const { connection, sent } = scripted([{}], { serverType });
    await connection.writer.pause('a');
    await connection.writer.resume('a');
    expect(sent).toEqual(expected);
  });

  it('that a configured server type lacks are not sent', async () => {
    const { connection, sent } = scripted([{}], { serverType: 'oss-2' });
    for (const outcome of [
      await connection.reader.tags('s'),
      await connection.writer.putTags('s', []),
      await connection.writer.deleteTags('s', []),
    ])
      expect(failureOf(outcome)).toMatchObject({ kind: 'unsupported', attempts: 0, effect: 'none' });
    expect(sent).toEqual([]);
  });

  it('of the published description', async () => {
    const { connection, sent } = scripted([{ json: [] }], { serverType: 'documented' });
    await connection.writer.putTags('s', [{ key: 'k', value: 'v' }]);
    await connection.writer.pauseAll();
    await connection.writer.resumeAll();
    await connection.writer.requeue();
    await connection.reader.nextFew({ cronExpression: '@daily' });
    expect(sent).toEqual([
      'POST /scheduler/schedules/s/tags',
      'PUT /scheduler/schedules/pause',
      'PUT /scheduler/schedules/resume',
      'POST /scheduler/requeue',
      'GET /scheduler/nextFewRuns?cronExpression=%40daily',
    ]);
  });
});

describe('bulk', () => {
  it("has the server's message for each name that failed", async () => {
    const { connection, sent, requests } = scripted([
      { json: { bulkErrorResults: { nope: "Schedule 'nope' not found" }, bulkSuccessfulResults: ['a'] } },
    ]);
    expect(await connection.writer.pauseMany(['a', 'nope'])).toEqual({
      ok: true,
      value: { succeeded: ['a'], failed: { nope: "Schedule 'nope' not found" } },
    });
    expect(sent).toEqual(['PUT /scheduler/bulk/pause']);
    expect(requests[0]?.body).toBe('["a","nope"]');
  });

  it('sends no more than a thousand names at once, and nothing for none', async () => {
    const { connection, requests } = scripted(({ body: text = '' }) => ({
      json: { bulkErrorResults: {}, bulkSuccessfulResults: JSON.parse(text) },
    }));
    const names = Array.from({ length: 2001 }, (_, index) => `s${index}`);
    expect(await connection.writer.resumeMany(names)).toEqual({
      ok: true,
      value: { succeeded: names, failed: {} },
    });
    expect(requests.map(({ body: text = '' }) => JSON.parse(text).length)).toEqual([1000, 1000, 1]);
    expect(await connection.writer.resumeMany([])).toEqual({
      ok: true,
      value: { succeeded: [], failed: {} },
    });
    expect(requests).toHaveLength(3);
  });

  it('is one request per schedule on a server without it', async () => {
    const { connection, sent } = scripted(({ path }) =>
      path.includes('bulk') ? noRoute : path.includes('b') ? errorOf(404, "Schedule 'b' not found") : {},
    );
    expect(await connection.writer.pauseMany(['a', 'b'])).toEqual({
      ok: true,
      value: { succeeded: ['a'], failed: { b: "Schedule 'b' not found" } },
    });
    expect(sent).toEqual([
      'PUT /scheduler/bulk/pause',
      'PUT /scheduler/schedules/a/pause',
      'PUT /scheduler/schedules/b/pause',
    ]);
  });

  it('fails as a whole by another failure', async () => {
    const { connection } = scripted([errorOf(403, 'no')]);
    expect(failureOf(await connection.writer.pauseMany(['a']))).toMatchObject({
      kind: 'forbidden',
      operation: 'bulk pause',
    });
  });
});

describe('the switches of the whole scheduler', () => {
  it("return the server's answer, or null", async () => {
    const { connection, sent } = scripted([
      { json: { status: 'done' } },
      {},
      { json: { 'recordIds.size': 0 } },
    ]);
    expect(await connection.writer.pauseAll()).toEqual({ ok: true, value: { status: 'done' } });
    expect(await connection.writer.resumeAll()).toEqual({ ok: true, value: null });
    expect(await connection.writer.requeue()).toEqual({ ok: true, value: { 'recordIds.size': 0 } });
    expect(sent).toEqual(['pause', 'resume', 'requeue'].map((word) => `GET /scheduler/admin/${word}`));
  });
});

describe('next few and executions', () => {
  it('ask with exactly what was given', async () => {
    const { connection, sent } = scripted(({ path }) =>
      path.includes('search')
        ? { json: { totalHits: 1, results: [{ scheduleName: 'a', state: 'EXECUTED' }] } }
        : { json: [1, 2] },
    );
    const { reader } = connection;
    expect(await reader.nextFew({ cronExpression: '0 0 9 * * ?', scheduleStartTime: 0, limit: 2 })).toEqual({
      ok: true,
      value: [1, 2],
    });
    expect(
      await reader.searchExecutions({ query: "a,'b'", start: 0, size: 5, sort: 'scheduledTime:DESC' }),
    ).toEqual({
      ok: true,
      value: { totalHits: 1, results: [{ schedule: 'a', state: 'EXECUTED' }] },
    });
    expect(sent).toEqual([
      'GET /scheduler/nextFewSchedules?cronExpression=0%200%209%20*%20*%20%3F&scheduleStartTime=0&limit=2',
      "GET /scheduler/search/executions?query=a%2C'b'&start=0&size=5&sort=scheduledTime%3ADESC",
    ]);
  });

  it.each([
    ['oss-2', 'GET /scheduler/search/executions'],
    ['orkes-new', 'GET /scheduler/search/executions?query=*'],
  ] as const)('ask an %s for all executions in its own way', async (serverType, expected) => {
    const { connection, sent } = scripted([{ json: { totalHits: 0, results: [] } }], { serverType });
    await connection.reader.searchExecutions({});
    expect(sent).toEqual([expected]);
  });
});

describe('identify', () => {
  it('asks for the version after a list of OSS, once', async () => {
    const { connection, sent } = scripted(({ path }) =>
      path === '/version' ? { text: '3.31.0\n' } : { json: [element('a', { cronSchedules: [] })] },
    );
    await connection.reader.list();
    const asked = await Promise.all([connection.reader.identify(), connection.reader.identify()]);
    expect(asked[0]).toMatchObject({ ok: true, value: { serverType: 'oss-1', version: '3.31.0' } });
    expect(asked[1]).toEqual(asked[0]);
    expect(sent).toEqual(['GET /scheduler/schedules', 'GET /version']);
  });

  it('asks for the version while the list is under way', async () => {
    let versionAsked = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      versionAsked = resolve;
    });
    const { connection, sent } = scripted(async ({ path }) => {
      if (path === '/version') {
        versionAsked();
        return { text: '3.31.0\n' };
      }
      await asked;
      return { json: [element('a', { cronSchedules: [] })] };
    });
    await connection.reader.list({ identifies: true });
    expect(await connection.reader.identify()).toMatchObject({ ok: true, value: { version: '3.31.0' } });
    expect(sent).toEqual(['GET /scheduler/schedules', 'GET /version']);
  });

  it('asks again for a version that did not come beside the list, which is not tried twice', async () => {
    let answers = 0;
    const { connection, sent } = scripted(({ path }) => {
      if (path !== '/version') return { json: [element('a', { cronSchedules: [] })] };
      answers += 1;
      return answers === 1 ? errorOf(503, 'not yet') : { text: '3.31.0' };
    });
    await connection.reader.list({ identifies: true });
    expect(sent).toEqual(['GET /scheduler/schedules', 'GET /version']);
    expect(await connection.reader.identify()).toMatchObject({ ok: true, value: { version: '3.31.0' } });
    expect(sent).toHaveLength(3);
  });

  it.each<[string, Parameters<typeof scripted>[1]]>([
    ['the server type is configured', { serverType: 'oss-2' }],
    ['it has a token', { credentials: { kind: 'token', token: 'a-given-token' } }],
  ])('asks for no version beside the list where %s', async (_why, options) => {
    const { connection, sent } = scripted(() => ({ json: [element('a', { cronSchedules: [] })] }), options);
    await connection.reader.list({ identifies: true });
    expect(sent).toEqual(['GET /scheduler/schedules']);
  });

  it('asks nothing after a list of Orkes', async () => {
    const { connection, sent } = scripted([{ json: [element('a', { tags: [], orgId: '0' })] }]);
    await connection.reader.list();
    expect(await connection.reader.identify()).toMatchObject({
      ok: true,
      value: { serverType: 'orkes-new', assumed: true, capabilities: { tags: true, tagsInList: true } },
    });
    expect(sent).toEqual(['GET /scheduler/schedules']);
  });

  it('asks nothing if it is configured', async () => {
    const { connection, sent } = scripted([{}], { serverType: 'orkes-old' });
    expect(await connection.reader.identify()).toMatchObject({
      ok: true,
      value: { serverType: 'orkes-old' },
    });
    expect(sent).toEqual([]);
  });

  it.each<[string, Scripted, string]>([
    ['no such route', noRoute, 'oss-2'],
    ['no right', errorOf(403, 'no'), 'orkes-new'],
    ['a page', html, 'oss-2'],
    [
      'a page that is called text',
      { text: '<!doctype html>', headers: { 'content-type': 'text/plain' } },
      'oss-2',
    ],
  ])('assumes something about a server that reveals nothing: %s', async (_what, answer, serverType) => {
    const identity = await scripted(() => answer).connection.reader.identify();
    expect(identity).toMatchObject({ ok: true, value: { serverType, assumed: true } });
    expect(JSON.stringify(identity)).not.toContain('version');
  });

  it('asks an empty server of unknown version for its tags, then for a missing schedule', async () => {
    const { connection, sent } = scripted(({ path }) => {
      if (path === '/version') return { text: 'N/A' };
      if (path.endsWith('/tags')) return noRoute;
      return { status: 404, json: { status: 404, message: `Schedule not found: ${absentName}` } };
    });
    const identity = await connection.reader.identify();
    expect(identity).toMatchObject({ ok: true, value: { serverType: 'oss-0', outdated: true } });
    expect(identity).not.toHaveProperty('value.assumed');
    expect(sent).toEqual([
      'GET /version',
      `GET /scheduler/schedules/${absentName}/tags`,
      `GET /scheduler/schedules/${absentName}`,
    ]);
  });

  it('learns by OPTIONS how an Orkes server pauses, if that matters', async () => {
    const { connection, sent } = scripted(({ method }) =>
      method === 'OPTIONS'
        ? { text: '', headers: { allow: 'GET,HEAD,OPTIONS' } }
        : { json: [element('a', { tags: [], orgId: '0' })] },
    );
    await connection.reader.list();
    expect(await connection.reader.identify()).toMatchObject({ value: { assumed: true } });
    const identity = await connection.reader.identify({ tellsAge: true });
    expect(identity).toMatchObject({
      value: { serverType: 'orkes-old', capabilities: { pauseReason: 'dropped' } },
    });
    expect(identity).not.toHaveProperty('value.assumed');
    expect(await connection.reader.identify()).toEqual(identity);
    expect(sent).toEqual(['GET /scheduler/schedules', `OPTIONS /scheduler/schedules/${absentName}/pause`]);
  });

  it('fails with the network, and asks again next time', async () => {
    const { connection } = scripted([{ why: 'refused', sent: false }, { text: '3.32.1' }, noRoute], {
      maxRetries: 0,
    });
    expect(failureOf(await connection.reader.identify())).toMatchObject({
      kind: 'refused',
      operation: 'version',
    });
    expect(await connection.reader.identify()).toMatchObject({ ok: true, value: { serverType: 'oss-2' } });
  });

  it('recognizes the previous scheduler', async () => {
    const { connection } = scripted(({ path }) =>
      path === '/version' ? { text: '3.23.0' } : { json: [element('a', { nextRunTime: 1 })] },
    );
    await connection.reader.list();
    expect(await connection.reader.identify()).toMatchObject({ ok: true, value: { serverType: 'oss-0' } });
  });

  it('treats a token in the headers as given by the user', async () => {
    const { connection, requests } = scripted(() => ({ json: [] }), {
      headers: { 'X-Authorization': 'jwt' },
    });
    expect(await connection.reader.identify()).toMatchObject({
      ok: true,
      value: { serverType: 'orkes-new', assumed: true },
    });
    expect(requests.every(({ headers }) => headers['x-authorization'] === 'jwt')).toBe(true);
  });
});
