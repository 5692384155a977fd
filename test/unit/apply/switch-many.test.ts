import { describe, expect, it } from 'vitest';
import { type SwitchEnd, type SwitchOptions, switchMany } from '../../../src/apply/switch-many.ts';
import { connect } from '../../../src/conductor/connect.ts';
import { serverTypes } from '../../../src/conductor/server-types.ts';
import type { Capabilities } from '../../../src/model/port.ts';
import type { PauseWish } from '../../../src/model/schedule.ts';
import type { Fault } from '../../../src/scheduler/faults.ts';
import type { ServedType } from '../../../src/scheduler/server-types.ts';
import { inProcess } from '../../support/in-process.ts';
import { scheduleBody, testScheduler } from '../../support/scheduler.ts';

it.each<[at: number, end: string | undefined, paused: boolean]>([
  [1, 'not-run', false],
  // Whether it is paused is looked at all the same.
  [2, 'done', true],
  [3, 'done', true],
])('interrupted before request %i of a pause: %s', async (at, end, paused) => {
  const scheduler = testScheduler();
  scheduler.put(scheduleBody('a'));
  const interruption = new AbortController();
  let requests = 0;
  const sent = inProcess(scheduler);
  const open = connect({
    url: 'http://local',
    transport: async (request) => {
      const answer = await sent(request);
      requests += 1;
      if (requests === at - 1) interruption.abort();
      return answer;
    },
    now: scheduler.clock.now,
    random: () => 0.5,
    wait: async () => undefined,
    signal: interruption.signal,
  });
  if (at === 1) interruption.abort();
  const capabilities = { bulk: false, pauseReason: 'kept' } as never;
  const ends = await switchMany(
    ['a'],
    { paused: true },
    {
      ...open,
      capabilities,
      parallelism: 1,
      maxRetries: 0,
      wait: async () => undefined,
      stopped: () => false,
    },
  );
  const got = ends.get('a');
  expect(got?.kind === 'failed' ? `failed, effect ${got.failure.effect}` : got?.kind).toBe(end);
  expect(scheduler.state().schedules[0]?.paused).toBe(paused);
});

interface Yard {
  /** What came in, without what the client asks for itself. */
  readonly requests: string[];
  /** `name, paused, reason`, as the server has them in the end. */
  states(): readonly string[];
  run(names: readonly string[], wish: PauseWish, more?: Partial<SwitchOptions>): Promise<readonly string[]>;
  ends(names: readonly string[], wish: PauseWish): Promise<readonly (readonly [string, SwitchEnd])[]>;
}

/** `c` is paused, all the others run. `fault`: by the end of the path. */
async function yard(
  names: readonly string[],
  {
    serverType = 'oss-2',
    fault = {},
    capabilities = {},
  }: {
    readonly serverType?: ServedType;
    readonly fault?: { readonly [end: string]: Fault };
    readonly capabilities?: Partial<Capabilities>;
  } = {},
): Promise<Yard> {
  let armed = false;
  const scheduler = testScheduler({
    serverType,
    fault: ({ method, path }) =>
      armed
        ? Object.entries(fault).find(([end]) => `${method} ${decodeURIComponent(path)}`.endsWith(end))?.[1]
        : undefined,
  });
  for (const name of names) scheduler.put(scheduleBody(name, { paused: name === 'c' }));
  const requests: string[] = [];
  const { reader, writer } = connect({
    url: 'http://local',
    transport: inProcess(scheduler, (line) => requests.push(line.replace('/scheduler/', ''))),
    now: scheduler.clock.now,
    random: () => 0.5,
    wait: async () => undefined,
    maxRetries: 0,
  });
  await reader.list();
  requests.length = 0;
  armed = true;
  const switched = (
    asked: readonly string[],
    wish: PauseWish,
    more?: Partial<SwitchOptions>,
  ): ReturnType<typeof switchMany> =>
    switchMany(asked, wish, {
      reader,
      writer,
      capabilities: { ...serverTypes['oss-2'].capabilities, ...capabilities },
      parallelism: 1,
      maxRetries: 0,
      retryDelay: () => 0,
      wait: async () => undefined,
      stopped: () => false,
      ...more,
    });
  return {
    requests,
    states: () =>
      scheduler
        .state()
        .schedules.map(({ name, paused, pausedReason }) => [name, paused, pausedReason ?? '-'].join(' '))
        .sort(),
    ends: async (asked, wish) => [...(await switched(asked, wish))],
    run: async (asked, wish, more) =>
      [...(await switched(asked, wish, more))].map(([name, end]) => `${name} ${textOf(end)}`),
  };
}

function textOf(end: SwitchEnd): string {
  if (end.kind === 'failed') return `failed: ${end.failure.kind}`;
  return end.kind === 'done' && end.reasonLost ? 'done, without its reason' : end.kind;
}

describe('several schedules', () => {
  it('go in one request, and a list shows what became of it', async () => {
    const all = await yard(['a', 'b', 'c', 'd']);
    expect(await all.run(['a', 'b'], { paused: true })).toEqual(['a done', 'b done']);
    expect(all.requests).toEqual(['PUT bulk/pause', 'GET schedules']);
    expect(all.states()).toEqual(['a true -', 'b true -', 'c true -', 'd false -']);
    all.requests.length = 0;
    expect(await all.run(['a', 'c'], { paused: false })).toEqual(['a done', 'c done']);
    expect(all.requests).toEqual(['PUT bulk/resume', 'GET schedules']);
    expect(all.states()).toEqual(['a false -', 'b true -', 'c false -', 'd false -']);
  });

  const single = ['PUT schedules/a/pause', 'GET schedules/a', 'PUT schedules/b/pause', 'GET schedules/b'];
  it.each<[string, PauseWish, Partial<Capabilities>, string]>([
    ['with a reason, which a bulk request cannot carry', { paused: true, reason: 'why' }, {}, 'why'],
    ['where the server has no bulk request', { paused: true }, { bulk: false }, '-'],
  ])('go one by one %s', async (_case, wish, capabilities, reason) => {
    const all = await yard(['a', 'b'], { capabilities });
    expect(await all.run(['a', 'b'], wish)).toEqual(['a done', 'b done']);
    expect(all.requests).toEqual(single);
    expect(all.states()).toEqual([`a true ${reason}`, `b true ${reason}`]);
  });

  it('that are one need no bulk request', async () => {
    const all = await yard(['a', 'b']);
    expect(await all.run(['a'], { paused: true })).toEqual(['a done']);
    expect(all.requests).toEqual(single.slice(0, 2));
  });

  it('are not switched after an interruption', async () => {
    const all = await yard(['a', 'b']);
    expect(await all.run(['a', 'b'], { paused: true }, { stopped: () => true })).toEqual([]);
    expect(all.requests).toEqual([]);
  });

  it.each<[string, { readonly [end: string]: Fault }]>([
    ['is refused', { 'bulk/pause': { kind: 'status', status: 503, effect: false } }],
    ['does nothing', { 'bulk/pause': { kind: 'lost write' } }],
    ['cannot be looked at', { 'GET /api/scheduler/schedules': { kind: 'reset', effect: false } }],
  ])('go one by one when the bulk request %s', async (_case, fault) => {
    const all = await yard(['a', 'b'], { fault });
    expect(await all.run(['a', 'b'], { paused: true })).toEqual(['a done', 'b done']);
    expect(all.requests).toEqual(['PUT bulk/pause', 'GET schedules', ...single]);
    expect(all.states()).toEqual(['a true -', 'b true -']);
  });

  it('of which one is gone: the bulk request switched the rest', async () => {
    const all = await yard(['a']);
    expect(await all.run(['a', 'b'], { paused: true })).toEqual(['a done', 'b failed: missing']);
    expect(all.requests.slice(0, 3)).toEqual(['PUT bulk/pause', 'GET schedules', 'PUT schedules/b/pause']);
  });
});

describe('a reason', () => {
  it('is not sent to a server that does not store it', async () => {
    const all = await yard(['a'], { capabilities: { pauseReason: 'dropped' } });
    expect(await all.run(['a'], { paused: true, reason: 'why' })).toEqual(['a done, without its reason']);
    expect(all.states()).toEqual(['a true -']);
  });

  it('that the server does not keep is lost, and the schedule is paused', async () => {
    const all = await yard(['a'], { serverType: 'documented' });
    expect(await all.run(['a'], { paused: true, reason: 'why' })).toEqual(['a done, without its reason']);
    expect(all.states()).toEqual(['a true -']);
  });
});

describe('a name that does not fit in a URL', () => {
  const name = 'a/b';
  it.each<[string, PauseWish, string]>([
    ['is paused in bulk', { paused: true }, 'done'],
    ['is paused in bulk without its reason', { paused: true, reason: 'why' }, 'done, without its reason'],
  ])('%s', async (_case, wish, end) => {
    const all = await yard([name, 'd']);
    expect(await all.run([name], wish)).toEqual([`${name} ${end}`]);
    expect(all.requests).toEqual(['PUT bulk/pause', 'GET schedules']);
    expect(all.states()).toEqual([`${name} true -`, 'd false -']);
  });

  it.each<[string, Parameters<typeof yard>[1], readonly string[]]>([
    ['where there is no bulk request', { capabilities: { bulk: false } }, []],
    [
      'where the bulk request does nothing',
      { fault: { 'bulk/pause': { kind: 'lost write' } } },
      ['PUT bulk/pause', 'GET schedules'],
    ],
  ])('is not paused %s', async (_case, options, requests) => {
    const all = await yard([name, 'c'], options);
    expect(await all.run([name], { paused: true })).toEqual([`${name} failed: unaddressable`]);
    expect(all.requests).toEqual(requests);
  });
});

it.each([
  ['pause', 'a', true],
  ['resume', 'c', false],
])(
  'a %s that the server accepts and does not do is a failure of its own',
  async (operation, name, paused) => {
    const all = await yard(['a', 'c'], { fault: { [operation]: { kind: 'lost write' } } });
    expect(await all.ends([name], { paused })).toEqual([
      [
        name,
        {
          kind: 'failed',
          failure: {
            kind: 'shape',
            operation,
            schedule: name,
            method: 'PUT',
            url: '',
            words: 'the server answered with success, and a read shows it unchanged',
            attempts: 1,
            effect: 'none',
          },
        },
      ],
    ]);
  },
);
