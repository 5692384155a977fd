import { describe, expect, it } from 'vitest';
import { claimPause, isNews } from '../../../../src/apply/standstill/claim-pause.ts';
import type { SwitchEnd } from '../../../../src/apply/switch-many.ts';
import { connect } from '../../../../src/conductor/connect.ts';
import { serverTypes } from '../../../../src/conductor/server-types.ts';
import type { JsonObject } from '../../../../src/model/json.ts';
import { inRenaming } from '../../../../src/model/marks/renaming.ts';
import { normalize } from '../../../../src/model/normal.ts';
import type { Capabilities } from '../../../../src/model/port.ts';
import { markedReason } from '../../../../src/model/standstill.ts';
import type { Fault } from '../../../../src/scheduler/faults.ts';
import type { ServedType } from '../../../../src/scheduler/server-types.ts';
import { inProcess } from '../../../support/in-process.ts';
import { scheduleBody, type TestScheduler, testScheduler } from '../../../support/scheduler.ts';
import { observedOf } from '../../../support/schedules.ts';

const mark = markedReason('00c0ffee', 'maintenance');
const byRecord = { paused: true, pausedReason: mark };
/** As a rename leaves its new side on a server that stores no reasons. */
const noted = (description?: string): JsonObject => {
  const body = scheduleBody('a', description === undefined ? {} : { description });
  return inRenaming(normalize(body).schedule, 'old', 'description') as unknown as JsonObject;
};

interface Claimed {
  readonly end: SwitchEnd;
  readonly requests: readonly string[];
  readonly stored: JsonObject | undefined;
}

/** One schedule, seen in a list; `meanwhile` and the faults come after that. `fault`: by the end of a request. */
async function claim(
  body: JsonObject,
  reason: string | undefined,
  {
    serverType = 'oss-2',
    capabilities = {},
    fault = {},
    meanwhile = () => undefined,
    during = () => undefined,
  }: {
    readonly serverType?: ServedType;
    readonly capabilities?: Partial<Capabilities>;
    readonly fault?: { readonly [end: string]: Fault };
    readonly meanwhile?: (scheduler: TestScheduler) => unknown;
    /** Right before each request. */
    readonly during?: (scheduler: TestScheduler, method: string) => unknown;
  } = {},
): Promise<Claimed> {
  let armed = false;
  const scheduler: TestScheduler = testScheduler({
    serverType,
    acceptAnyWorkflow: true,
    fault: ({ method, path }) => {
      if (!armed) return undefined;
      during(scheduler, method);
      return Object.entries(fault).find(([end]) => `${method} ${path}`.endsWith(end))?.[1];
    },
  });
  scheduler.put(body);
  const requests: string[] = [];
  const { reader, writer } = connect({
    url: 'http://local',
    transport: inProcess(scheduler, (line) => requests.push(line.replace('/scheduler/', ''))),
    ...(serverType.startsWith('orkes')
      ? { credentials: { kind: 'key', key: 'k', secret: 's' } as const }
      : {}),
    ...(serverType === 'documented' ? { serverType } : {}),
    now: scheduler.clock.now,
    random: () => 0.5,
    wait: async () => undefined,
    maxRetries: 0,
  });
  const list = await reader.list();
  const seen = list.ok ? list.value.schedules[0] : undefined;
  if (seen === undefined) throw new Error('it is not listed');
  requests.length = 0;
  meanwhile(scheduler);
  armed = true;
  const end = await claimPause(seen, reason, {
    reader,
    writer,
    capabilities: { ...serverTypes[serverType].capabilities, ...capabilities },
    parallelism: 1,
    maxRetries: 0,
    retryDelay: () => 0,
    wait: async () => undefined,
    stopped: () => false,
  });
  const stored = scheduler.state().schedules[0];
  return { end, requests: requests.map((line) => line.replace('?overwrite=true', '')), stored };
}

const again = ['GET schedules/a', 'PUT schedules/a/pause', 'GET schedules/a', 'GET schedules/a'];

describe('a pause of ours becomes a person’s', () => {
  it.each([['INC-1'], [undefined]])('by another pause where that takes the reason %s', async (reason) => {
    const { end, requests, stored } = await claim(scheduleBody('a', byRecord), reason);
    expect(end).toEqual({ kind: 'done' });
    expect(requests).toEqual(again);
    expect(stored?.paused).toBe(true);
    expect(stored?.pausedReason).toBe(reason);
  });

  it.each([['INC-1'], [undefined]])('by a save where another pause changes nothing: %s', async (reason) => {
    const { end, requests, stored } = await claim(
      scheduleBody('a', { ...byRecord, description: 'mine' }),
      reason,
      {
        serverType: 'orkes-new',
      },
    );
    expect(end).toEqual({ kind: 'done' });
    expect(requests.slice(0, 5)).toEqual([...again, 'POST schedules']);
    expect(stored).toMatchObject({ paused: true, description: 'mine' });
    expect(stored?.pausedReason).toBe(reason);
  });

  it.each<[string, string | undefined, string | undefined, string | undefined]>([
    ['a description of its own, which stays', 'mine', 'mine', undefined],
    ['no other description', undefined, undefined, undefined],
    ['a reason, which that server does not store', 'mine', 'mine', 'INC-1'],
  ])('by a save where the mark is in the description: %s', async (_case, before, after, reason) => {
    const { end, requests, stored } = await claim(noted(before), reason, { serverType: 'documented' });
    expect(end).toEqual({ kind: 'done', ...(reason === undefined ? {} : { reasonLost: true }) });
    expect(requests.slice(0, 2)).toEqual(['GET schedules/a', 'POST schedules']);
    expect(stored?.paused).toBe(true);
    expect(stored?.description).toBe(after);
  });

  it('by a save where the mark is in the description of a server that stores reasons', async () => {
    const { end, requests, stored } = await claim(noted('mine'), 'INC-1');
    expect(end).toEqual({ kind: 'done' });
    expect(requests).toEqual(['GET schedules/a', 'POST schedules', ...requests.slice(2)]);
    expect(stored).toMatchObject({ paused: true, description: 'mine', pausedReason: 'INC-1' });
  });

  it('by a pause when it was resumed meanwhile', async () => {
    const { end, requests, stored } = await claim(scheduleBody('a', byRecord), 'INC-1', {
      meanwhile: (scheduler) => scheduler.ask('PUT', '/api/scheduler/schedules/a/resume'),
    });
    expect(end).toEqual({ kind: 'done' });
    expect(requests).toEqual(again.slice(0, 3));
    expect(stored).toMatchObject({ paused: true, pausedReason: 'INC-1' });
  });

  it.each([
    ['INC-1', { kind: 'done', reasonLost: true }],
    [undefined, { kind: 'done' }],
  ])('by a bulk pause where the name cannot be in a URL: %s', async (reason, expected) => {
    const { end, stored } = await claim(scheduleBody('a/b', byRecord), reason);
    expect(end).toEqual(expected);
    expect(stored).toMatchObject({ paused: true });
    expect(stored).not.toHaveProperty('pausedReason');
  });

  it('by a bulk pause, whatever else is in the list', async () => {
    const { end } = await claim(scheduleBody('a/b', byRecord), 'INC-1', {
      meanwhile: (scheduler) => scheduler.put(scheduleBody('runs')),
    });
    expect(end).toEqual({ kind: 'done', reasonLost: true });
  });

  it('by a save when the other pause is an error of the server', async () => {
    const { end, stored } = await claim(scheduleBody('a', byRecord), 'INC-1', {
      fault: { '/pause': { kind: 'status', status: 500, effect: false } },
    });
    expect(end).toEqual({ kind: 'done' });
    expect(stored).toMatchObject({ paused: true, pausedReason: 'INC-1' });
  });
});

const lostReason: SwitchEnd = { kind: 'done', reasonLost: true };

describe('a save that takes our mark away', () => {
  it.each<[string, string | undefined, number, SwitchEnd]>([
    ['has lost the reason when somebody else gives another one right after it', 'INC-1', 1, lostReason],
    ['has lost the reason when somebody else gives another one a little later', 'INC-1', 2, lostReason],
    ['has lost none where none was given', undefined, 2, { kind: 'done' }],
  ])('%s', async (_what, reason, look, expected) => {
    let looks = Number.NaN;
    const { end } = await claim(noted('mine'), reason, {
      serverType: 'orkes-new',
      capabilities: { pauseReason: 'unknown' },
      during: (scheduler, method) => {
        if (method === 'POST') looks = 0;
        else looks += 1;
        const theirs = { paused: true, pausedReason: 'INC-9', description: 'mine' };
        if (looks === look) scheduler.put(scheduleBody('a', theirs));
      },
    });
    expect(end).toEqual(expected);
  });

  it('is not known to be one if the schedule is gone afterwards', async () => {
    let saves = 0;
    const { end } = await claim(noted('mine'), 'INC-1', {
      serverType: 'documented',
      during: (scheduler, method) => {
        if (saves > 0 && method === 'GET') scheduler.ask('DELETE', '/api/scheduler/schedules/a');
        if (method === 'POST') saves += 1;
      },
    });
    expect(end).toMatchObject({ kind: 'failed', failure: { kind: 'missing' } });
  });
});

describe('a pause of ours stays ours', () => {
  it('when the schedule is gone', async () => {
    const { end, requests } = await claim(scheduleBody('a', byRecord), 'INC-1', {
      meanwhile: (scheduler) => scheduler.ask('DELETE', '/api/scheduler/schedules/a'),
    });
    expect(end).toEqual({
      kind: 'failed',
      failure: {
        kind: 'missing',
        operation: 'pause',
        method: 'PUT',
        url: '',
        schedule: 'a',
        words: 'the schedule is gone',
        attempts: 1,
        effect: 'none',
      },
    });
    expect(requests).toEqual(['GET schedules/a']);
  });

  it.each<[string, ServedType, { readonly [end: string]: Fault }, string, readonly string[]]>([
    [
      'it cannot be read',
      'oss-2',
      { 'GET /api/scheduler/schedules/a': { kind: 'reset', effect: false } },
      'reset',
      again.slice(0, 1),
    ],
    [
      'another pause is refused',
      'oss-2',
      { '/pause': { kind: 'status', status: 429, effect: false } },
      'throttled',
      again.slice(0, 2),
    ],
    [
      'a save is refused',
      'orkes-new',
      { 'POST /api/scheduler/schedules': { kind: 'status', status: 429, effect: false } },
      'throttled',
      [...again, 'POST schedules', 'GET schedules/a'],
    ],
    [
      'a save does nothing',
      'orkes-new',
      { 'POST /api/scheduler/schedules': { kind: 'lost write' } },
      'shape',
      [...again, 'POST schedules', 'GET schedules/a', 'GET schedules/a'],
    ],
  ])('when %s', async (_case, serverType, fault, kind, requests) => {
    const claimed = await claim(scheduleBody('a', byRecord), 'INC-1', { serverType, fault });
    expect(claimed.end).toMatchObject({ kind: 'failed', failure: { kind } });
    expect(claimed.requests).toEqual(requests);
    expect(claimed.stored).toMatchObject(byRecord);
  });

  it.each<[string, Parameters<typeof claim>[2], string]>([
    [
      'the list cannot be read',
      { fault: { 'GET /api/scheduler/schedules': { kind: 'reset', effect: false } } },
      'reset',
    ],
    ['the bulk request does nothing', { fault: { 'bulk/pause': { kind: 'lost write' } } }, 'unaddressable'],
  ])('when its name cannot be in a URL and %s', async (_case, options, kind) => {
    const { end } = await claim(scheduleBody('a/b', byRecord), 'INC-1', options);
    expect(end).toMatchObject({ kind: 'failed', failure: { kind } });
  });

  it('when it was changed so that the save cannot be recognized', async () => {
    const theirs = { paused: true, pausedReason: 'INC-9', description: 'theirs' };
    const { end, stored } = await claim(scheduleBody('a', { ...byRecord, description: 'mine' }), 'INC-1', {
      serverType: 'orkes-new',
      fault: { 'POST /api/scheduler/schedules': { kind: 'lost write' } },
      during: (scheduler, method) => {
        if (method === 'POST') scheduler.put(scheduleBody('a', theirs));
      },
    });
    expect(end).toMatchObject({ kind: 'failed', failure: { kind: 'shape' } });
    expect(stored).toMatchObject(theirs);
  });

  it('says what may follow', async () => {
    const { end } = await claim(scheduleBody('a', byRecord), 'INC-1', {
      serverType: 'orkes-new',
      fault: { 'POST /api/scheduler/schedules': { kind: 'lost write' } },
    });
    expect(end).toMatchObject({
      failure: { schedule: 'a', words: expect.stringMatching(/kept the mark of Downbeat/) },
    });
  });
});

it.each<[boolean, string, JsonObject, string | undefined, boolean]>([
  [true, 'it runs', {}, undefined, true],
  [true, 'paused by a record', byRecord, undefined, true],
  [true, 'paused by a rename', noted(), undefined, true],
  [
    true,
    'paused by a person, without a new reason',
    { paused: true, pausedReason: 'INC-1' },
    undefined,
    false,
  ],
  [true, 'paused by a person, with the same reason', { paused: true, pausedReason: 'INC-1' }, 'INC-1', false],
  [true, 'paused by a person, with another reason', { paused: true, pausedReason: 'INC-1' }, 'INC-2', true],
  [false, 'the server stores no reasons', { paused: true }, undefined, true],
])('changes where reasons are stored %s: %s', (pauseReason, _case, over, reason, news) => {
  const seen = observedOf(normalize(scheduleBody('a', over)).schedule);
  expect(
    isNews(seen, reason, {
      ...serverTypes['oss-2'].capabilities,
      pauseReason: pauseReason ? 'kept' : 'dropped',
    }),
  ).toBe(news);
});
