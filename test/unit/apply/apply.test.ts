import { describe, expect, it } from 'vitest';
import { markedDescription } from '../../../src/model/marks/marker.ts';
import { normalize } from '../../../src/model/normal.ts';
import { openPolicy, type Policy } from '../../../src/model/run-policy.ts';
import type { DesiredSchedule, Tag } from '../../../src/model/schedule.ts';
import type { Fault } from '../../../src/scheduler/faults.ts';
import type { WireRequest } from '../../../src/scheduler/wire.ts';
import { desiredOf } from '../../support/schedules.ts';
import { type World, type WorldOptions, worldOf } from '../../support/world.ts';

const body = { name: 'a', cronExpression: '0 0 3 * * ?', startWorkflowRequest: { name: 'wf' } };

function wanted(
  over: Record<string, unknown> = {},
  managed: Parameters<typeof desiredOf>[1] = {},
): DesiredSchedule {
  return desiredOf(normalize({ ...body, ...over } as never).schedule, managed);
}

/** A fault for the n-th request that fits, counted from 1. */
function faultAt(
  fits: (request: WireRequest) => boolean,
  faults: { readonly [nth: number]: Fault },
): NonNullable<WorldOptions['fault']> {
  let seen = 0;
  return (request) => {
    if (!fits(request)) return undefined;
    seen += 1;
    return faults[seen];
  };
}

const isSave = ({ method, path }: WireRequest): boolean => method === 'POST' && path.endsWith('/schedules');
const isPause = ({ path }: WireRequest): boolean => path.endsWith('/pause');

/** `METHOD name-or-path-end` of what came in. */
function sent(world: World, from = 0): readonly string[] {
  return world.events
    .slice(from)
    .flatMap((event) =>
      event.kind === 'request' ? [`${event.method} ${event.path.replace(/^.*\/scheduler\//, '')}`] : [],
    )
    .filter((line) => !/version|token|downbeat-asks/.test(line));
}

async function planned(world: World, ...desired: readonly DesiredSchedule[]) {
  const plan = await world.plan(desired);
  const from = world.events.length;
  return { plan, requests: () => sent(world, from) };
}

function stored(world: World, name = 'a') {
  return world.scheduler.state().schedules.find((one) => one.name === name);
}

describe('freshness', () => {
  it.each<[string, (world: World) => void, string, boolean]>([
    ['as the plan saw it', () => undefined, 'done', true],
    [
      'edited by somebody else',
      (world) => world.scheduler.put({ ...body, zoneId: 'Asia/Tokyo' }),
      'stale',
      false,
    ],
    ['paused by an operator', (world) => world.scheduler.put({ ...body, paused: true }), 'stale', false],
    ['already as planned', (world) => world.scheduler.put({ ...body, description: 'new' }), 'already', false],
    ['saved again without a change', (world) => world.scheduler.put(body), 'done', true],
  ])('%s', async (_case, meanwhile, outcome, writes) => {
    const world = worldOf({ serverType: 'oss-2' });
    world.scheduler.put(body);
    const { plan, requests } = await planned(world, wanted({ description: 'new' }));
    meanwhile(world);
    const before = stored(world);
    const result = await world.apply(plan);
    expect(result.steps.map((step) => step.outcome)).toStrictEqual([outcome]);
    expect(requests()).toStrictEqual([
      'GET schedules/a',
      ...(writes ? ['POST schedules', 'GET schedules'] : []),
    ]);
    if (!writes) expect(stored(world)).toStrictEqual(before);
  });

  it('a deleted schedule is stale, not created again', async () => {
    const world = worldOf({ serverType: 'oss-2' });
    world.scheduler.put(body);
    const { plan } = await planned(world, wanted({ description: 'new' }));
    world.scheduler.handle({ method: 'DELETE', path: '/api/scheduler/schedules/a', query: '', headers: {} });
    expect((await world.apply(plan)).counts).toMatchObject({ stale: 1, done: 0 });
    expect(stored(world)).toBeUndefined();
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['the same one', {}, 'already'],
    ['another one', { zoneId: 'Asia/Tokyo' }, 'stale'],
  ])('a name that was taken for %s', async (_case, theirs, outcome) => {
    for (const serverType of ['oss-2', 'orkes-new'] as const) {
      const world = worldOf({ serverType });
      const { plan } = await planned(world, wanted());
      world.scheduler.put({ ...body, ...theirs } as never);
      const before = stored(world);
      expect((await world.apply(plan)).steps.map((step) => step.outcome)).toStrictEqual([outcome]);
      expect(stored(world)).toStrictEqual(before);
    }
  });

  it('a look before each create, and one list after the last', async () => {
    const world = worldOf({ serverType: 'oss-2' });
    const many = ['a', 'b', 'c', 'd', 'e'].map((name) => wanted({ name }));
    const { plan, requests } = await planned(world, ...many);
    await world.apply(plan);
    const looks = requests().filter((line) => line.startsWith('GET'));
    expect(looks.slice(0, -1).sort()).toStrictEqual(
      many.map(({ schedule }) => `GET schedules/${schedule.name}`),
    );
    expect(looks.at(-1)).toBe('GET schedules');
  });
});

describe('a save without an answer', () => {
  const orGet = ['GET schedules/a', 'POST schedules', 'GET schedules/a'];
  it.each<[string, { readonly [nth: number]: Fault }, string, readonly string[]]>([
    ['it took effect', { 1: { kind: 'reset', effect: true } }, 'done', orGet],
    ['it did not', { 1: { kind: 'reset', effect: false } }, 'done', [...orGet, 'POST schedules']],
    ['the gateway timed out after it', { 1: { kind: 'status', status: 504, effect: true } }, 'done', orGet],
    [
      'the gateway had no server',
      { 1: { kind: 'status', status: 503, effect: false } },
      'done',
      [...orGet, 'POST schedules'],
    ],
    ['it was cut off', { 1: { kind: 'cut-off' } }, 'done', orGet],
    [
      'a plain 500 of the store: saved once more, since its timer may be gone',
      { 1: { kind: 'status', status: 500, effect: true } },
      'done',
      [...orGet, 'POST schedules'],
    ],
  ])('%s', async (_case, faults, outcome, requests) => {
    const world = worldOf({ serverType: 'oss-2', fault: faultAt(isSave, faults) });
    world.scheduler.put(body);
    const made = await planned(world, wanted({ description: 'new' }));
    const result = await world.apply(made.plan);
    expect(result.steps.map((step) => step.outcome)).toStrictEqual([outcome]);
    expect(made.requests()).toStrictEqual([...requests, 'GET schedules']);
    expect(stored(world)).toMatchObject({ description: 'new' });
    expect(world.scheduler.timers('a')).toHaveLength(1);
  });

  it('if saving keeps failing, the old schedule is saved again and the report says so', async () => {
    const broken: Fault = { kind: 'status', status: 500, effect: false };
    const world = worldOf({ serverType: 'oss-2', fault: faultAt(isSave, { 1: broken, 2: broken }) });
    world.scheduler.put(body);
    const { plan, requests } = await planned(world, wanted({ description: 'new' }));
    const { steps } = await world.apply(plan);
    expect(steps).toMatchObject([
      { outcome: 'failed', failure: { status: 500 }, note: expect.stringMatching(/keeps firing/) },
    ]);
    expect(requests().filter((line) => line.startsWith('POST'))).toHaveLength(3);
    expect(stored(world)).not.toHaveProperty('description');
    expect(world.scheduler.timers('a')).toHaveLength(1);
  });

  it('if that fails, too, the report says that it may never fire again', async () => {
    const broken: Fault = { kind: 'status', status: 500, effect: false };
    const world = worldOf({
      serverType: 'oss-2',
      fault: faultAt(isSave, { 1: broken, 2: broken, 3: broken }),
    });
    world.scheduler.put(body);
    const { plan } = await planned(world, wanted({ description: 'new' }));
    expect((await world.apply(plan)).steps).toMatchObject([
      { note: expect.stringMatching(/may never fire:/) },
    ]);
  });

  it("after somebody else's write it is not written again", async () => {
    const theirs = {
      method: 'POST',
      path: '/api/scheduler/schedules',
      query: '',
      headers: { 'content-type': 'application/json' },
    };
    const foreign: Fault = {
      kind: 'foreign writer',
      request: { ...theirs, body: JSON.stringify({ ...body, zoneId: 'Asia/Tokyo' }) },
    };
    let reads = 0;
    const world = worldOf({
      serverType: 'oss-2',
      fault: (request) => {
        if (isSave(request)) return { kind: 'reset', effect: false };
        if (request.method !== 'GET' || !request.path.endsWith('/a')) return undefined;
        reads += 1;
        return reads === 2 ? foreign : undefined;
      },
    });
    world.scheduler.put(body);
    const { plan } = await planned(world, wanted({ description: 'new' }));
    expect((await world.apply(plan)).steps).toMatchObject([
      { outcome: 'failed', note: expect.stringMatching(/somebody else/) },
    ]);
    expect(stored(world)).toMatchObject({ zoneId: 'Asia/Tokyo' });
  });
});

describe('fields that a server does not keep', () => {
  it('is a failure that names the field', async () => {
    const world = worldOf({ serverType: 'orkes-new' });
    const cronSchedules = [{ cronExpression: '0 0 3 * * ?', zoneId: 'UTC' }];
    const { name, startWorkflowRequest } = body;
    const desired = desiredOf(normalize({ name, startWorkflowRequest, cronSchedules }).schedule);
    const { plan } = await planned(world, desired);
    const { steps } = await world.apply(plan);
    expect(steps).toMatchObject([{ outcome: 'failed' }]);
    expect(steps[0]?.notKept).toContainEqual(['cronSchedules']);
  });

  it('a pause that did nothing is a failure', async () => {
    const world = worldOf({ serverType: 'oss-2', fault: faultAt(isPause, { 1: { kind: 'lost write' } }) });
    world.scheduler.put(body);
    const { plan } = await planned(world, wanted({}, { pause: { paused: true } }));
    expect((await world.apply(plan)).steps).toMatchObject([{ outcome: 'failed', notKept: [['paused']] }]);
  });
});

describe('tags', () => {
  const [a, b, old]: readonly Tag[] = [
    { key: 'team', value: 'a' },
    { key: 'team', value: 'b' },
    { key: 'old', value: 'x' },
  ] as const;

  it.each(['replace', 'upsert', 'append'] as const)('are exact where PUT is %s', async (tagsWrite) => {
    const world = worldOf({ serverType: 'orkes-new', switches: { tagsWrite } });
    world.scheduler.put(body, [a as Tag, old as Tag]);
    const { plan } = await planned(world, wanted({}, { tags: [b as Tag] }));
    expect((await world.apply(plan)).counts).toMatchObject({ done: 1, failed: 0 });
    expect(world.scheduler.state().tags.a).toStrictEqual([b]);
  });

  it('of a re-created schedule do not come back from the old one', async () => {
    const world = worldOf({
      serverType: 'orkes-new',
      switches: { tagsOutliveSchedule: true, tagsWrite: 'append' },
    });
    world.scheduler.put(body, [old as Tag]);
    world.scheduler.handle({ method: 'DELETE', path: '/api/scheduler/schedules/a', query: '', headers: {} });
    const { plan } = await planned(world, wanted({}, { tags: [a as Tag] }));
    await world.apply(plan);
    expect(world.scheduler.state().tags.a).toStrictEqual([a]);
  });

  const breaks = (['replace', 'upsert', 'append'] as const).flatMap((tagsWrite) =>
    [true, false].flatMap((there) => [1, 2, 3, 4].map((at) => [tagsWrite, there, at] as const)),
  );
  it.each(breaks)(
    'are finished by the same plan, where PUT is %s, there before %s, broken off at write %i',
    async (tagsWrite, there, at) => {
      let left = Number.POSITIVE_INFINITY;
      const world = worldOf({
        serverType: 'orkes-new',
        switches: { tagsWrite },
        maxRetries: 0,
        fault: ({ method, path }) => {
          if (method === 'GET' || path.endsWith('/token')) return undefined;
          left -= 1;
          return left > 0 ? undefined : { kind: 'reset', effect: false };
        },
      });
      if (there) world.scheduler.put(body, [a as Tag, old as Tag]);
      const { plan } = await planned(world, wanted({ description: 'new' }, { tags: [b as Tag] }));
      left = at;
      const first = await world.apply(plan);
      left = Number.POSITIVE_INFINITY;
      const { steps } = await world.apply(plan);
      expect(steps.filter(({ outcome }) => outcome !== 'done' && outcome !== 'already')).toStrictEqual([]);
      expect(stored(world)).toMatchObject({ description: 'new' });
      expect(world.scheduler.state().tags.a).toStrictEqual([b]);
      const again = await world.apply(plan);
      expect(new Set(again.steps.map(({ outcome }) => outcome))).toStrictEqual(new Set(['already']));
      if (at === 1) expect(first.counts.done).toBe(0);
    },
  );

  it.each<[string, readonly Tag[], string]>([
    ['one more tag', [a as Tag, old as Tag, { key: 'theirs', value: '1' }], 'stale'],
    ['one tag less', [a as Tag], 'stale'],
    ['other tags', [{ key: 'theirs', value: '1' }], 'stale'],
    ['the planned ones beside a new one', [b as Tag, { key: 'theirs', value: '1' }], 'stale'],
    [
      'the planned ones beside an old one and a new one',
      [b as Tag, old as Tag, { key: 'theirs', value: '1' }],
      'stale',
    ],
    ['the planned ones', [b as Tag], 'already'],
    ['the planned ones, with an old one left', [b as Tag, old as Tag], 'done'],
  ])('of somebody else: %s', async (_case, tags, outcome) => {
    const world = worldOf({ serverType: 'orkes-new' });
    world.scheduler.put(body, [a as Tag, old as Tag]);
    const { plan } = await planned(world, wanted({}, { tags: [b as Tag] }));
    world.scheduler.put(body, tags);
    expect((await world.apply(plan)).steps.map((step) => step.outcome)).toStrictEqual([outcome]);
  });

  it('of a create that somebody else did first are set on those that were just read', async () => {
    const world = worldOf({ serverType: 'orkes-new' });
    const { plan, requests } = await planned(world, wanted({}, { tags: [a as Tag] }));
    world.scheduler.put(body);
    expect((await world.apply(plan)).steps.map(({ outcome }) => outcome)).toStrictEqual(['already', 'done']);
    expect(requests().filter((line) => line.endsWith('/tags'))).toStrictEqual([
      'GET schedules/a/tags',
      'PUT schedules/a/tags',
      'GET schedules/a/tags',
    ]);
  });

  it('are not tried when the save before them failed', async () => {
    const world = worldOf({ serverType: 'orkes-new', fault: faultAt(isSave, { 1: { kind: 'lost write' } }) });
    const { plan, requests } = await planned(world, wanted({}, { tags: [a as Tag] }));
    expect((await world.apply(plan)).steps.map(({ outcome }) => outcome)).toStrictEqual([
      'failed',
      'not-run',
    ]);
    expect(requests().some((line) => line.endsWith('/tags'))).toBe(false);
  });
});

describe('fires', () => {
  it('a write waits until a near fire is over, and nothing is missed', async () => {
    const world = worldOf({ serverType: 'oss-2' });
    world.scheduler.put({ ...body, cronExpression: '0 0 * * * ?' });
    world.clock.advance(3_599_500, world.scheduler.tick);
    const { plan } = await planned(world, wanted({ cronExpression: '0 0 * * * ?', description: 'new' }));
    const { possiblyMissed } = await world.apply(plan);
    expect(possiblyMissed).toStrictEqual([]);
    const fired = world.events.findIndex((event) => event.kind === 'effect' && event.effect.kind === 'fired');
    const saved = world.events.findLastIndex(
      (event) => event.kind === 'effect' && event.effect.kind === 'saved',
    );
    expect(fired).toBeGreaterThan(-1);
    expect(fired).toBeLessThan(saved);
  });

  it('a schedule that fires every second has no quiet time: what may be missed is listed', async () => {
    const world = worldOf({ serverType: 'oss-2' });
    world.scheduler.put({ ...body, cronExpression: '* * * * * ?' });
    // What is due is not started any more.
    world.scheduler.handle({ method: 'GET', path: '/api/scheduler/admin/pause', query: '', headers: {} });
    world.clock.advance(5000, world.scheduler.tick);
    const { plan } = await planned(world, wanted({ cronExpression: '* * * * * ?', description: 'new' }));
    const before = world.clock.now();
    const { possiblyMissed, counts } = await world.apply(plan);
    expect(counts.done).toBe(1);
    expect(world.clock.now()).toBe(before);
    expect(possiblyMissed.map(({ at }) => new Date(at).toISOString())).toStrictEqual([
      '2026-11-23T12:00:01.000Z',
    ]);
  });

  it('a paused one is written at once', async () => {
    const world = worldOf({ serverType: 'oss-2' });
    world.scheduler.put({ ...body, cronExpression: '* * * * * ?', paused: true });
    const { plan } = await planned(world, wanted({ cronExpression: '* * * * * ?', description: 'new' }));
    expect((await world.apply(plan)).possiblyMissed).toStrictEqual([]);
  });
});

describe('deletes', () => {
  const policy: Policy = {
    ...openPolicy,
    owner: 'us',
    prune: true,
    limits: { ...openPolicy.limits, deletes: { kind: 'none' } },
  };
  const ours = (name: string) => ({
    ...body,
    name,
    description: markedDescription(name, undefined, { owner: 'us', protected: false }),
  });

  it.each<[string, NonNullable<WorldOptions['fault']>, string]>([
    [
      'a create failed',
      (request) => (isSave(request) ? { kind: 'status', status: 429, effect: false } : undefined),
      'failed',
    ],
    [
      'an answer is missing',
      (request) => (isSave(request) ? { kind: 'reset', effect: false } : undefined),
      'failed',
    ],
    ['nothing did', () => undefined, 'done'],
  ])('when %s', async (_case, fault, outcome) => {
    const world = worldOf({ serverType: 'oss-2', policy, maxRetries: 0, fault });
    world.scheduler.put(ours('gone'));
    const { plan } = await planned(world, wanted({ name: 'new' }));
    const { steps } = await world.apply(plan);
    expect(steps.map(({ name, outcome: became }) => [name, became])).toStrictEqual([
      ['new', outcome],
      ['gone', outcome === 'done' ? 'done' : 'not-run'],
    ]);
    expect(stored(world, 'gone') === undefined).toBe(outcome === 'done');
  });

  it.each([
    ['an update failed', true],
    ['an update is stale', false],
  ])('do not start when %s', async (_case, fails) => {
    let failing = false;
    const world = worldOf({
      serverType: 'oss-2',
      policy,
      maxRetries: 0,
      fault: (request) =>
        failing && isSave(request) ? { kind: 'status', status: 429, effect: false } : undefined,
    });
    world.scheduler.put(ours('gone'));
    world.scheduler.put(ours(String(body.name)));
    const { plan } = await planned(world, wanted({ description: 'new' }));
    if (fails) failing = true;
    else world.scheduler.put({ ...ours(String(body.name)), zoneId: 'Asia/Tokyo' });
    expect((await world.apply(plan)).steps.map(({ outcome }) => outcome)).toStrictEqual([
      fails ? 'failed' : 'stale',
      'not-run',
    ]);
    expect(stored(world, 'gone')).toBeDefined();
  });
});

describe('the run', () => {
  const refused: Fault = { kind: 'status', status: 429, effect: false };
  const refusedForA = (request: WireRequest): Fault | undefined =>
    isSave(request) && request.body?.includes('"name":"a"') ? refused : undefined;
  const many = ['a', 'b', 'c'].map((name) => wanted({ name }));

  it('goes on with independent schedules after a failure', async () => {
    const world = worldOf({ serverType: 'oss-2', parallelism: 1, fault: refusedForA });
    const { plan } = await planned(world, ...many);
    expect((await world.apply(plan)).steps.map(({ outcome }) => outcome)).toStrictEqual([
      'failed',
      'done',
      'done',
    ]);
  });

  it('stops at the first failure when asked', async () => {
    const world = worldOf({ serverType: 'oss-2', parallelism: 1, fault: refusedForA });
    const { plan } = await planned(world, ...many);
    const { steps } = await world.apply(plan, { failFast: true });
    expect(steps.map(({ outcome }) => outcome)).toStrictEqual(['failed', 'not-run', 'not-run']);
  });

  it('interrupted, finishes requests in flight, starts no more, and lists every step', async () => {
    const world = worldOf({ serverType: 'oss-2', parallelism: 1 });
    const run = await world.run(many, 7);
    if (run.kind === 'failed') throw new Error('it could not plan');
    expect(run.result.interrupted).toBe(true);
    expect(run.result.closingLook).toEqual({ outcome: 'not-run' });
    expect(run.result.steps.map(({ outcome }) => outcome)).toStrictEqual(['done', 'done', 'not-run']);
  });
});
