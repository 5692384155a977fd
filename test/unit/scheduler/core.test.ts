import { describe, expect, it } from 'vitest';
import type { Effect } from '../../../src/scheduler/journal.ts';
import type { WireResponse } from '../../../src/scheduler/wire.ts';
import { scheduleBody, testScheduler } from '../../support/scheduler.ts';

const schedules = '/api/scheduler/schedules';
const backend = { key: 'team', value: 'backend' };
const data = { key: 'team', value: 'data' };
const prod = { key: 'environment', value: 'production' };

function parsed(response: WireResponse): unknown {
  return JSON.parse(response.body);
}

describe('tags writes', () => {
  it.each([
    ['replace', [data], [data]],
    ['upsert', [data], [prod, data]],
    ['append', [data], [prod, backend, data]],
    ['replace', [], []],
    ['upsert', [], [prod, backend]],
    ['append', [], [prod, backend]],
  ] as const)('%s %j', (tagsWrite, written, left) => {
    const scheduler = testScheduler({ serverType: 'orkes-new', switches: { tagsWrite } });
    scheduler.put(scheduleBody('a'), [backend, prod]);
    expect(scheduler.ask('PUT', `${schedules}/a/tags`, written).status).toBe(200);
    expect(parsed(scheduler.ask('GET', `${schedules}/a/tags`))).toEqual(left);
  });

  it('drop the deprecated type, keep several values of a key, and delete exact pairs', () => {
    const scheduler = testScheduler({ serverType: 'orkes-old', switches: { tagsWrite: 'replace' } });
    scheduler.put(scheduleBody('a'));
    scheduler.ask('PUT', `${schedules}/a/tags`, [{ ...backend, type: 'METADATA' }, data, data]);
    expect(scheduler.state().tags).toEqual({ a: [backend, data] });
    scheduler.ask('DELETE', `${schedules}/a/tags`, [{ key: 'team', value: 'other' }, data]);
    expect(scheduler.state().tags).toEqual({ a: [backend] });
  });

  it('the documented serverType replaces by POST and answers a delete with what remains', () => {
    const scheduler = testScheduler({ serverType: 'documented' });
    scheduler.put(scheduleBody('a'), [prod]);
    scheduler.ask('POST', `${schedules}/a/tags`, [backend, data]);
    expect(parsed(scheduler.ask('DELETE', `${schedules}/a/tags`, [data]))).toEqual([backend]);
  });

  it.each([
    [undefined, 404],
    ['accepted', 200],
  ] as const)('for a missing schedule with tagsOfMissing %s: %i', (tagsOfMissing, status) => {
    const switches = tagsOfMissing === undefined ? {} : { tagsOfMissing };
    const scheduler = testScheduler({ serverType: 'orkes-new', switches });
    expect(scheduler.ask('PUT', `${schedules}/no/tags`, [prod]).status).toBe(status);
    expect(scheduler.ask('GET', `${schedules}/no/tags`).status).toBe(status);
  });

  it.each([
    [false, []],
    [true, [prod]],
  ] as const)('after delete and create, tagsOutliveSchedule %s', (tagsOutliveSchedule, left) => {
    const scheduler = testScheduler({ serverType: 'orkes-new', switches: { tagsOutliveSchedule } });
    scheduler.put(scheduleBody('a'), [prod]);
    scheduler.ask('DELETE', `${schedules}/a`);
    scheduler.put(scheduleBody('a'));
    expect(parsed(scheduler.ask('GET', `${schedules}/a/tags`))).toEqual(left);
  });

  it('are in the list, unless switched off, survive a save, and find schedules', () => {
    const shown = testScheduler({ serverType: 'orkes-new' });
    shown.put(scheduleBody('a'), [prod]);
    shown.put(scheduleBody('b'), [data]);
    shown.put(scheduleBody('a'));
    expect(parsed(shown.ask('GET', schedules))).toMatchObject([
      { name: 'b', tags: [data] },
      { name: 'a', tags: [prod] },
    ]);
    expect(parsed(shown.ask('GET', `${schedules}/tags?tag=team%3Adata`))).toMatchObject([{ name: 'b' }]);
    const hidden = testScheduler({ serverType: 'orkes-new', switches: { listTags: false } });
    hidden.put(scheduleBody('a'), [prod]);
    expect(hidden.ask('GET', schedules).body).not.toContain('"tags"');
  });
});

describe('switches', () => {
  it('a create without overwrite is a conflict or not', () => {
    const strict = testScheduler({ serverType: 'orkes-old', switches: { conflictOnCreate: true } });
    strict.put(scheduleBody('a'));
    expect(strict.ask('POST', schedules, scheduleBody('a')).status).toBe(409);
    expect(strict.ask('POST', `${schedules}?overwrite=true`, scheduleBody('a')).status).toBe(200);
    const lax = testScheduler({ serverType: 'orkes-new', switches: { conflictOnCreate: false } });
    lax.put(scheduleBody('a'));
    expect(lax.ask('POST', schedules, scheduleBody('a')).status).toBe(200);
  });

  it('the workflow filter of the list is obeyed or ignored', () => {
    for (const [honoursWorkflowFilter, count] of [
      [true, 0],
      [false, 1],
    ] as const) {
      const scheduler = testScheduler({ switches: { honoursWorkflowFilter } });
      scheduler.put(scheduleBody('a'));
      expect(parsed(scheduler.ask('GET', `${schedules}?workflowName=other`))).toHaveLength(count);
    }
  });

  it('a scheduler that is off has none of its routes, only the others', () => {
    const scheduler = testScheduler({ off: true });
    expect(parsed(scheduler.ask('GET', schedules))).toMatchObject({
      status: 404,
      message: 'No static resource api/scheduler/schedules.',
    });
    expect(scheduler.ask('GET', '/api/version').body).toBe('3.32.1');
  });
});

describe('keys', () => {
  const keys = [
    { id: 'all', secret: 's' },
    { id: 'few', secret: 's', sees: (name: string) => name.startsWith('mine'), admin: false },
  ];

  function tokenOf(
    scheduler: ReturnType<typeof testScheduler>,
    keyId: string,
  ): { 'x-authorization': string } {
    const answer = scheduler.ask('POST', '/api/token', { keyId, keySecret: 's' });
    return { 'x-authorization': (parsed(answer) as { token: string }).token };
  }

  it('every request needs a token of a known key', () => {
    const scheduler = testScheduler({ serverType: 'orkes-new', access: { keys } });
    expect(scheduler.ask('GET', schedules)).toMatchObject({ status: 401 });
    expect(scheduler.ask('POST', '/api/token', { keyId: 'all', keySecret: 'wrong' }).status).toBe(401);
    const token = tokenOf(scheduler, 'all');
    expect(scheduler.ask('GET', schedules, undefined, token).status).toBe(200);
    expect(scheduler.ask('POST', schedules, scheduleBody('a'), token).status).toBe(200);
    expect(scheduler.state().schedules).toMatchObject([{ name: 'a', createdBy: 'all', updatedBy: 'all' }]);
  });

  it('the first token expires once after so many requests, and by hand', () => {
    const scheduler = testScheduler({ serverType: 'orkes-new', access: { keys, firstTokenRequests: 1 } });
    const first = tokenOf(scheduler, 'all');
    expect(scheduler.ask('GET', schedules, undefined, first).status).toBe(200);
    const expired = scheduler.ask('GET', schedules, undefined, first);
    expect(expired.status).toBe(401);
    expect(parsed(expired)).toEqual({ error: 'EXPIRED_TOKEN', message: 'Token has expired' });
    const second = tokenOf(scheduler, 'all');
    for (let count = 0; count < 5; count += 1)
      expect(scheduler.ask('GET', schedules, undefined, second).status).toBe(200);
    scheduler.expireTokens();
    expect(scheduler.ask('GET', schedules, undefined, second).status).toBe(401);
  });

  it('without keys any pair gets a token and none is needed', () => {
    const scheduler = testScheduler({ serverType: 'orkes-new' });
    expect(tokenOf(scheduler, 'whoever')['x-authorization']).toMatch(/^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/);
    expect(scheduler.ask('GET', schedules).status).toBe(200);
  });

  it('a key sees some schedules, lists only them and cannot touch the others', () => {
    const scheduler = testScheduler({ serverType: 'orkes-new', access: { keys } });
    scheduler.put(scheduleBody('mine'));
    scheduler.put(scheduleBody('theirs'), [prod]);
    const token = tokenOf(scheduler, 'few');
    expect(parsed(scheduler.ask('GET', schedules, undefined, token))).toMatchObject([{ name: 'mine' }]);
    const refused = [
      ['GET', `${schedules}/theirs`],
      ['DELETE', `${schedules}/theirs`],
      ['PUT', `${schedules}/theirs/pause`],
      ['PUT', `${schedules}/theirs/resume`],
      ['GET', `${schedules}/theirs/tags`],
      ['GET', '/api/scheduler/admin/pause'],
    ] as const;
    for (const [method, path] of refused)
      expect(scheduler.ask(method, path, undefined, token).status, `${method} ${path}`).toBe(403);
    expect(scheduler.ask('POST', `${schedules}?overwrite=true`, scheduleBody('theirs'), token).status).toBe(
      403,
    );
    expect(scheduler.state().schedules).toMatchObject([{ name: 'mine' }, { name: 'theirs', paused: false }]);
  });
});

describe('state and journal', () => {
  it('a new scheduler continues from a state', () => {
    const before = testScheduler({ serverType: 'orkes-new', acceptAnyWorkflow: true });
    before.put(scheduleBody('b', { cronExpression: '*/2 * * * * ?' }), [prod]);
    before.put(scheduleBody('a'));
    before.ask('POST', '/api/metadata/workflow', {
      name: 'w',
      tasks: [{ name: 't', taskReferenceName: 't' }],
    });
    before.advance(2000);
    before.ask('GET', '/api/scheduler/admin/pause');
    const state = before.state();
    const after = testScheduler({ serverType: 'orkes-new', now: before.clock.now, initial: state });
    expect(after.state()).toEqual(state);
    expect(state.executions).toHaveLength(1);
    expect(state.polling).toBe(false);
    expect(after.ask('GET', schedules).body).toBe(before.ask('GET', schedules).body);
  });

  it('has every effect in order', () => {
    const effects: Effect[] = [];
    const scheduler = testScheduler({ journal: (effect) => effects.push(effect), acceptAnyWorkflow: true });
    const at = scheduler.clock.now();
    scheduler.ask('POST', schedules, scheduleBody('a', { cronExpression: '*/2 * * * * ?' }));
    scheduler.advance(2000);
    scheduler.ask('GET', '/api/scheduler/admin/pause');
    scheduler.advance(2000);
    scheduler.ask('POST', schedules, scheduleBody('a'));
    scheduler.ask('POST', schedules, scheduleBody('a', { startWorkflowRequest: {} }));
    scheduler.ask('PUT', `${schedules}/a/pause?reason=r`);
    scheduler.ask('PUT', `${schedules}/a/resume`);
    scheduler.ask('DELETE', `${schedules}/a`);
    expect(effects).toMatchObject([
      { kind: 'saved', name: 'a', at, before: null, after: { name: 'a', paused: false }, lostFires: [] },
      { kind: 'fired', name: 'a', scheduledTime: at + 2000, state: 'EXECUTED' },
      { kind: 'polling', on: false },
      { kind: 'saved', name: 'a', before: { name: 'a' }, lostFires: [at + 4000] },
      { kind: 'timers lost', name: 'a' },
      { kind: 'paused', name: 'a', before: { paused: false }, after: { paused: true, pausedReason: 'r' } },
      { kind: 'resumed', name: 'a', before: { paused: true }, after: { paused: false } },
      { kind: 'deleted', name: 'a', before: { name: 'a' } },
    ]);
  });

  it('reads leave nothing in it', () => {
    const effects: Effect[] = [];
    const scheduler = testScheduler({ journal: (effect) => effects.push(effect) });
    for (const path of [schedules, `${schedules}/no`, '/health', '/api/scheduler/search/executions'])
      scheduler.ask('GET', path);
    expect(effects).toEqual([]);
  });
});

describe('the clock', () => {
  const everyTwo = { cronExpression: '*/2 * * * * ?' };

  it('fires each time once, in order over all schedules', () => {
    const scheduler = testScheduler({ acceptAnyWorkflow: true });
    const start = scheduler.clock.now();
    scheduler.put(scheduleBody('b', everyTwo));
    scheduler.put(scheduleBody('a', { cronExpression: '1/2 * * * * ?' }));
    scheduler.advance(4000);
    expect(scheduler.state().executions.map((run) => [run.scheduleName, run.scheduledTime - start])).toEqual([
      ['a', 1000],
      ['b', 2000],
      ['a', 3000],
      ['b', 4000],
    ]);
    expect(scheduler.tick()).toBe(0);
  });

  it('after an outage starts one fire late, and with catch-up every missed one, a second apart', () => {
    const scheduler = testScheduler({ acceptAnyWorkflow: true });
    const start = scheduler.clock.now();
    scheduler.put(scheduleBody('plain', everyTwo));
    scheduler.put(scheduleBody('catchup', { ...everyTwo, runCatchupScheduleInstances: true }));
    // Nobody ticks: the server is down.
    scheduler.clock.advance(7000);
    scheduler.tick();
    const lateness = (name: string) =>
      scheduler
        .state()
        .executions.filter((run) => run.scheduleName === name)
        .map((run) => [run.scheduledTime - start, run.executionTime - start]);
    expect(lateness('plain')).toEqual([[2000, 7000]]);
    expect(lateness('catchup')).toEqual([[2000, 7000]]);
    scheduler.advance(2500);
    expect(lateness('plain')).toEqual([
      [2000, 7000],
      [8000, 8000],
    ]);
    expect(lateness('catchup')).toEqual([
      [2000, 7000],
      [4000, 8000],
      [6000, 9000],
    ]);
  });

  it('has the live timers: none when paused, invalid or dead', () => {
    const scheduler = testScheduler();
    const start = scheduler.clock.now();
    scheduler.put(scheduleBody('two', { cronSchedules: [everyTwo, { cronExpression: '0 0 13 * * ?' }, {}] }));
    scheduler.put(scheduleBody('bad', { cronExpression: '0 9 * * *' }));
    scheduler.put(scheduleBody('paused', { paused: true }));
    expect(scheduler.timers('two')).toEqual([start + 2000, start + 3_600_000]);
    expect(scheduler.timers('bad')).toEqual([]);
    expect(scheduler.timers('paused')).toEqual([]);
    expect(scheduler.timers('no')).toEqual([]);
    scheduler.ask('POST', schedules, { name: 'two' });
    expect(scheduler.timers('two')).toEqual([]);
  });

  it('records a failed run for an unregistered workflow', () => {
    const scheduler = testScheduler();
    scheduler.put(scheduleBody('a', everyTwo));
    scheduler.advance(2000);
    expect(scheduler.state().executions).toMatchObject([
      { state: 'FAILED', reason: 'No such workflow defined. name=wf, version=null' },
    ]);
  });

  it('cuts the archive to the newest five of a schedule whenever 5000 more runs are in it', () => {
    const scheduler = testScheduler({ acceptAnyWorkflow: true });
    scheduler.put(scheduleBody('rare', { cronExpression: '0 0 * * * ?' }));
    scheduler.put(scheduleBody('often', { cronExpression: '* * * * * ?' }));
    scheduler.advance(4_999_000);
    const left = scheduler.state().executions.map((run) => run.scheduleName);
    expect(left.filter((name) => name === 'often')).toHaveLength(5);
    expect(left.filter((name) => name === 'rare')).toHaveLength(1);
  });
});

describe('history of Orkes and of the published page', () => {
  function withRuns(serverType: 'orkes-new' | 'documented') {
    const scheduler = testScheduler({ serverType });
    scheduler.ask('POST', '/api/metadata/workflow', {
      name: 'wf',
      tasks: [{ name: 't', taskReferenceName: 't' }],
    });
    scheduler.put(scheduleBody('good', { cronExpression: '*/2 * * * * ?' }));
    scheduler.put(
      scheduleBody('poor', { cronExpression: '*/2 * * * * ?', startWorkflowRequest: { name: 'no' } }),
    );
    scheduler.advance(4000);
    return (query: string) => {
      const answer = scheduler.ask('GET', `/api/scheduler/search/executions?${query}`);
      if (answer.status !== 200) return answer.status;
      return (parsed(answer) as { results: { scheduleName: string; scheduledTime: number }[] }).results.map(
        (run) => `${run.scheduleName} ${(run.scheduledTime / 1000) % 60}`,
      );
    };
  }

  it.each([
    ['query=*', ['good 4', 'poor 4', 'good 2', 'poor 2']],
    ['', 400],
    ['query=good&sort=scheduledTime', ['good 2', 'good 4']],
    ['query=state%20IN%20(FAILED)&sort=startTime%3ADESC&size=1', ['poor 4']],
    ['query=*&sort=workflowType%3AASC,scheduledTime&size=3', ['poor 2', 'poor 4', 'good 2']],
  ])('Orkes: %s', (query, expected) => {
    expect(withRuns('orkes-new')(query)).toEqual(expected);
  });

  it.each([
    ["query=scheduleName%3D'good'%20AND%20status%3D'COMPLETED'", ['good 4', 'good 2']],
    ["query=status%3D'FAILED'", ['poor 4', 'poor 2']],
    ["query=scheduleName%3D'poor'%20AND%20status%3D'COMPLETED'", []],
    ['query=*', ['good 4', 'poor 4', 'good 2', 'poor 2']],
  ])('documented: %s', (query, expected) => {
    expect(withRuns('documented')(query)).toEqual(expected);
  });
});

it.each([
  ['POST', '/api/workflow/wf', { x: 1 }, 200, /^[0-9a-f-]{36}$/],
  ['POST', '/api/workflow/wf?version=1', {}, 200, /^[0-9a-f-]{36}$/],
  ['POST', '/api/workflow/wf?version=7', {}, 404, /"No such workflow found by name: wf, version: 7"/],
  ['POST', '/api/workflow/none', {}, 404, /"No such workflow found by name: none, version: null"/],
  ['POST', '/api/workflow/wf?version=x', {}, 500, /'java.lang.Integer'; For input string: /],
  ['POST', '/api/workflow/wf', [1], 500, /JSON parse error/],
  ['POST', '/api/workflow/wf', undefined, 500, /Required request body is missing/],
  ['PUT', '/api/workflow/wf', {}, 405, /Request method 'PUT' is not supported/],
])('starts a workflow by its name: %s %s %j', (method, path, body, status, text) => {
  const scheduler = testScheduler();
  scheduler.ask('POST', '/api/metadata/workflow', {
    name: 'wf',
    tasks: [{ name: 't', taskReferenceName: 't' }],
  });
  const answer = scheduler.ask(method, path, body);
  expect(answer.status).toBe(status);
  expect(answer.body).toMatch(text);
  if (status !== 200) return;
  const run = parsed(scheduler.ask('GET', `/api/workflow/${answer.body}`));
  expect(run).toMatchObject({ workflowName: 'wf', workflowVersion: 1, input: body });
});

it('never throws, for any request', () => {
  const scheduler = testScheduler();
  for (const path of ['', '/', '//', '/api', '/api/%', '/api/scheduler/schedules/%zz', '/api/;', '?'])
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'BREW', ''])
      for (const body of [undefined, '', '{', '[]', '{"name":{}}'])
        expect(scheduler.ask(method, path, body).status).toBeGreaterThanOrEqual(200);
});

it('a null among the names of a bulk call matches nothing, not even a schedule called null', () => {
  const scheduler = testScheduler();
  scheduler.put(scheduleBody('null', { paused: true }));
  expect(scheduler.ask('PUT', '/api/scheduler/bulk/resume', '[null]').status).toBe(500);
  expect(scheduler.state().schedules).toMatchObject([{ name: 'null', paused: true }]);
});
