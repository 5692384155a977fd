import { describe, expect, it } from 'vitest';
import { settlingTime } from '../../../src/apply/closing-look.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { markedDescription, markerTags } from '../../../src/model/marks/marker.ts';
import { normalize } from '../../../src/model/normal.ts';
import { openPolicy, type Policy } from '../../../src/model/run-policy.ts';
import type { DesiredSchedule, PauseWish, Tag } from '../../../src/model/schedule.ts';
import type { Fault } from '../../../src/scheduler/faults.ts';
import type { ServedType } from '../../../src/scheduler/server-types.ts';
import type { WireRequest } from '../../../src/scheduler/wire.ts';
import { desiredOf } from '../../support/schedules.ts';
import { type Run, type World, type WorldOptions, worldOf } from '../../support/world.ts';

const policy: Policy = { ...openPolicy, owner: 'us' };
const marker = { owner: 'us', protected: false };
const team: Tag = { key: 'team', value: 'a' };
const hasTags = (serverType: ServedType): boolean => !serverType.startsWith('oss');

function world(serverType: ServedType, options: Partial<WorldOptions> = {}): World {
  const configured = serverType === 'documented' || serverType === 'orkes-old';
  return worldOf({ serverType, configured, policy, ...options });
}

/** One of ours on the server. */
function put(to: World, name: string, over: JsonObject = {}, tagged = false): void {
  const cronExpression = '0 0 * * * ?';
  const body = { name, cronExpression, startWorkflowRequest: { name: 'wf' }, ...over };
  if (tagged) to.scheduler.put(body, [...markerTags(name, marker), team]);
  else to.scheduler.put({ description: markedDescription(name, undefined, marker), ...body });
}

function wanted(over: JsonObject = {}, pause?: PauseWish): DesiredSchedule {
  const cronExpression = '0 0 * * * ?';
  const body = { name: 'new', cronExpression, startWorkflowRequest: { name: 'wf' }, ...over };
  const plain = desiredOf(normalize(body as never).schedule, pause === undefined ? {} : { pause });
  return { ...plain, lifecycle: { ...plain.lifecycle, previousNames: ['old'] } };
}

const stored = (of: World, name: string): JsonObject | undefined =>
  of.scheduler.state().schedules.find((one) => one.name === name);
const names = (of: World): readonly unknown[] => of.scheduler.state().schedules.map(({ name }) => name);
const ask = (of: World, method: string, path: string, query = ''): void => {
  of.scheduler.handle({ method, path: `/api/scheduler/schedules/${path}`, query, headers: {} });
};

function sent(of: World, from: number): readonly string[] {
  return of.events
    .slice(from)
    .flatMap((event) =>
      event.kind === 'request' && !/version|token/.test(event.path)
        ? [`${event.method} ${event.path.replace(/^.*\/scheduler\//, '')}`]
        : [],
    );
}

/** The moments at which something was started, with the name that started it. */
function fires(of: World): readonly string[] {
  return of.events.flatMap((event) =>
    event.kind === 'effect' && event.effect.kind === 'fired'
      ? [`${event.effect.name} ${new Date(event.effect.scheduledTime).toISOString().slice(11, 19)}`]
      : [],
  );
}

async function rename(of: World, desired = wanted()) {
  const plan = await of.plan([desired]);
  const from = of.events.length;
  const result = await of.apply(plan);
  return {
    outcomes: result.steps.map(({ name, step, outcome }) => `${outcome} ${step.kind} ${name}`),
    result,
    requests: sent(of, from),
    plan,
  };
}

const settled = async (of: World, desired = wanted()): Promise<boolean> =>
  (await of.plan([desired])).verdict === 'nothing-to-do';

describe.each<ServedType>(['oss-1', 'oss-2', 'orkes-old', 'orkes-new', 'documented'])(
  'a rename on %s',
  (serverType) => {
    const tagged = hasTags(serverType);
    const keepsReason = !['orkes-old', 'documented'].includes(serverType);

    it('moves what runs, with its tags, and nothing is left to do', async () => {
      const at = world(serverType);
      put(at, 'old', {}, tagged);
      const { outcomes, result } = await rename(at);
      expect(outcomes).toStrictEqual([
        'done save new',
        ...(tagged ? ['done tag new'] : []),
        'done delete old',
        `done ${keepsReason ? 'resume' : 'save'} new`,
      ]);
      expect(result.possiblyMissed).toStrictEqual([]);
      expect(names(at)).toStrictEqual(['new']);
      expect(stored(at, 'new')).toMatchObject({ paused: false });
      expect(stored(at, 'new')).not.toHaveProperty('pausedReason');
      expect(stored(at, 'new')?.description).toBe(
        tagged ? undefined : markedDescription('new', undefined, marker),
      );
      expect(at.scheduler.state().tags.new ?? []).toStrictEqual(
        tagged ? [...markerTags('new', marker), team] : [],
      );
      expect(await settled(at)).toBe(true);
    });

    it("keeps an operator's pause of the old one, with its reason", async () => {
      const at = world(serverType);
      put(at, 'old', {}, tagged);
      ask(at, serverType === 'orkes-old' ? 'GET' : 'PUT', 'old/pause', 'reason=INC-1');
      const { outcomes } = await rename(at);
      expect(outcomes.at(-1)).toBe('done delete old');
      expect(stored(at, 'new')).toMatchObject({
        paused: true,
        ...(keepsReason ? { pausedReason: 'INC-1' } : {}),
      });
      expect(at.events.some((event) => event.kind === 'effect' && event.effect.kind === 'resumed')).toBe(
        false,
      );
    });

    it('is finished by the next run, wherever the first one is interrupted', async () => {
      for (let stop = 1; stop < 30; stop += 1) {
        const at = world(serverType);
        put(at, 'old', {}, tagged);
        await at.run([wanted()], stop);
        // Somebody fires at every moment but between the delete and the resume.
        const both = [stored(at, 'old'), stored(at, 'new')].filter((one) => one?.paused === false);
        expect(both.length, `stopped at request ${stop}`).toBeLessThanOrEqual(1);
        const again = (await at.run([wanted()])) as Run & { kind: 'applied' };
        expect(again.result.steps.filter(({ outcome }) => outcome !== 'done')).toStrictEqual([]);
        expect(names(at)).toStrictEqual(['new']);
        expect(stored(at, 'new')).toMatchObject({ paused: false });
        expect(await settled(at)).toBe(true);
      }
    });

    it.each<[string, Fault]>([
      ['refused', { kind: 'status', status: 429, effect: false, retryAfterSeconds: 1 }],
      ['broken', { kind: 'status', status: 500, effect: false }],
      ['broken after the effect', { kind: 'status', status: 500, effect: true }],
      ['lost before the effect', { kind: 'reset', effect: false }],
      ['lost after the effect', { kind: 'reset', effect: true }],
      ['without effect', { kind: 'lost write' }],
    ])('is finished by the next run, whichever request is %s', async (_case, fault) => {
      let [armed, seen, requests] = [true, 0, 1];
      for (let broken = 1; broken <= requests; broken += 1) {
        [armed, seen] = [true, 0];
        const at = world(serverType, {
          maxRetries: 1,
          // From the one on, all of the run are broken, so that no retry helps.
          fault: ({ path }) => {
            if (!armed || /token|version/.test(path)) return undefined;
            seen += 1;
            return seen >= broken ? fault : undefined;
          },
        });
        put(at, 'old', {}, tagged);
        await at.run([wanted()]);
        requests = Math.max(requests, seen < broken ? seen : broken + 1);
        armed = false;
        const both = [stored(at, 'old'), stored(at, 'new')].filter((one) => one?.paused === false);
        expect(both.length).toBeLessThanOrEqual(1);
        for (let run = 0; run < 3; run += 1) await at.run([wanted()]);
        expect(names(at), `request ${broken}`).toStrictEqual(['new']);
        expect(stored(at, 'new')).toMatchObject({ paused: false });
        expect(await settled(at)).toBe(true);
      }
      expect(requests).toBeGreaterThan(8);
    });
  },
);

describe('changes by others in the meantime', () => {
  const during = (
    path: RegExp,
    method: string,
    act: (at: World) => void,
    nth = 1,
    serverType: ServedType = 'oss-2',
  ): World => {
    let seen = 0;
    const at: World = world(serverType, {
      fault: (request) => {
        if (request.method !== method || !path.test(request.path)) return undefined;
        seen += 1;
        if (seen === nth) act(at);
        return undefined;
      },
    });
    put(at, 'old', {}, hasTags(serverType));
    return at;
  };
  const resaved =
    (over: JsonObject) =>
    (of: World): void =>
      of.scheduler.put({ ...stored(of, 'new'), ...over } as JsonObject, of.scheduler.state().tags.new);
  const pauseNew = (at: World): void => ask(at, 'PUT', 'new/pause', 'reason=INC-2');

  it('the new one is paused before the delete: nothing is deleted, and the next run leaves the pause', async () => {
    const at = world('oss-2');
    put(at, 'old');
    await at.run([wanted()], 5);
    expect(stored(at, 'new')?.paused).toBe(true);
    pauseNew(at);
    const { outcomes } = await rename(at);
    expect(outcomes).toStrictEqual(['done delete old']);
    expect(stored(at, 'new')).toMatchObject({ paused: true, pausedReason: 'INC-2' });
  });

  it('between the save and the delete', async () => {
    const at = world('oss-2', {});
    put(at, 'old');
    const plan = await at.plan([wanted()]);
    const hooked = during(/schedules\/new$/, 'GET', pauseNew, 2);
    const { steps } = await hooked.apply(plan);
    expect(steps.map(({ outcome }) => outcome)).toStrictEqual(['overwritten', 'stale', 'not-run']);
    expect(stored(hooked, 'old')).toMatchObject({ paused: false });
  });

  it('the new one is paused after the delete: it is not resumed', async () => {
    const at = during(/old$/, 'DELETE', pauseNew);
    const { result } = await rename(at);
    expect(result.steps.at(-1)).toMatchObject({
      outcome: 'stale',
      note: expect.stringMatching(/stays paused/),
    });
    expect(stored(at, 'new')).toMatchObject({ paused: true, pausedReason: 'INC-2' });
    expect(await settled(at)).toBe(true);
  });

  it('the old one is deleted by hand just before: the new one is still resumed', async () => {
    const at = during(/schedules\/new$/, 'GET', (of) => ask(of, 'DELETE', 'old'), 2);
    expect((await rename(at)).outcomes).toStrictEqual([
      'done save new',
      'already delete old',
      'done resume new',
    ]);
  });

  it.each<[string, (at: World) => void]>([
    ['by hand', (of) => ask(of, 'PUT', 'new/resume')],
    ['by a save that leaves the reason of the pause', (of) => resaved({ paused: false })(of)],
  ])('the new one is resumed %s after the delete', async (_how, act) => {
    const at = during(/old$/, 'DELETE', act);
    expect((await rename(at)).outcomes.at(-1)).toBe('already resume new');
  });

  it('the new one is deleted after the delete: there is nothing to resume', async () => {
    const at = during(/old$/, 'DELETE', (of) => ask(of, 'DELETE', 'new'));
    const { outcomes, result } = await rename(at);
    expect(outcomes).toStrictEqual(['lost save new', 'done delete old', 'stale resume new']);
    expect(result.steps[2]?.note).toBe('the new one is gone');
  });

  it('the old one is not deleted, and the new one is changed before the end: the save of it is overwritten', async () => {
    const at: World = world('oss-2', {
      maxRetries: 0,
      fault: ({ method, path }) => {
        if (method === 'DELETE') return { kind: 'status', status: 429, effect: false };
        const isList = method === 'GET' && path.endsWith('/schedules');
        if (isList && stored(at, 'new') !== undefined) resaved({ zoneId: 'Asia/Tokyo' })(at);
        return undefined;
      },
    });
    put(at, 'old');
    const { outcomes, result } = await rename(at);
    expect(outcomes).toStrictEqual(['overwritten save new', 'failed delete old', 'not-run resume new']);
    // The old one goes on firing.
    expect(result.steps[2]?.note).toBeUndefined();
  });

  it.each<[ServedType, RegExp, string]>([
    ['oss-2', /resume$/, 'resume'],
    ['documented', /schedules$/, 'save'],
  ])(
    'on %s, the end of it is refused: what was saved before is still done',
    async (serverType, path, end) => {
      let deleted = false;
      const at = world(serverType, {
        maxRetries: 0,
        fault: (request) => {
          const isEnd = deleted && request.method !== 'GET' && path.test(request.path);
          deleted ||= request.method === 'DELETE';
          return isEnd ? { kind: 'status', status: 429, effect: false } : undefined;
        },
      });
      put(at, 'old', {}, hasTags(serverType));
      const { outcomes } = await rename(at);
      expect(outcomes.at(0)).toBe('done save new');
      expect(outcomes.at(-1)).toBe(`failed ${end} new`);
    },
  );

  it.each<[string, (at: World) => void, string, string | undefined, boolean | undefined]>([
    ['is gone', (of) => ask(of, 'DELETE', 'new'), 'stale', 'the new one is gone', undefined],
    [
      'was resumed, with our note still there',
      resaved({ paused: false }),
      'stale',
      'somebody resumed it in the meantime; the next apply does the rest',
      false,
    ],
    [
      'was resumed, without our note',
      resaved({ paused: false, description: 'as it is' }),
      'stale',
      undefined,
      false,
    ],
    [
      'is paused for a reason of its own',
      resaved({ description: 'as it is' }),
      'stale',
      'somebody paused it in the meantime; it stays paused',
      true,
    ],
  ])(
    'where a save ends the rename, the new one %s after the delete',
    async (_case, act, outcome, note, paused) => {
      const at = during(/old$/, 'DELETE', act, 1, 'documented');
      const { result } = await rename(at);
      const last = result.steps.at(-1);
      expect(last?.outcome).toBe(outcome);
      if (note !== undefined) expect(last?.note).toBe(note);
      expect(stored(at, 'new')?.paused).toBe(paused);
    },
  );

  // A resume answers for the pause alone, the save before it for the rest.
  it.each<[ServedType, number]>([
    ['oss-2', 0],
    ['documented', -1],
  ])('after the end of it, on %s: the closing look finds it', async (serverType, which) => {
    const at: World = world(serverType, {
      fault: ({ method, path }) => {
        if (method === 'GET' && path.endsWith('/schedules') && stored(at, 'new')?.paused === false)
          resaved({ paused: false, zoneId: 'Asia/Tokyo' })(at);
        return undefined;
      },
    });
    put(at, 'old', {}, hasTags(serverType));
    const { outcomes } = await rename(at);
    expect(outcomes.at(which)).toBe('overwritten save new');
  });

  it.each<[string, (at: World) => void]>([
    ['the old one was paused', (at) => ask(at, 'PUT', 'old/pause', 'reason=INC-3')],
    ['the old one was changed', (at) => put(at, 'old', { zoneId: 'Asia/Tokyo' })],
    ['the old one lost its marker', (at) => put(at, 'old', { description: 'mine' })],
    ['the old one is gone', (at) => ask(at, 'DELETE', 'old')],
    ['the new name was taken', (at) => put(at, 'new', { zoneId: 'Asia/Tokyo' })],
  ])('since the plan, %s: stale, and nothing is written', async (_case, meanwhile) => {
    const at = world('oss-2');
    put(at, 'old');
    const plan = await at.plan([wanted()]);
    meanwhile(at);
    const before = at.scheduler.state();
    const { steps, counts } = await at.apply(plan);
    expect(steps.map(({ outcome }) => outcome)).toStrictEqual(['stale', 'stale', 'stale']);
    expect(counts.done).toBe(0);
    expect(at.scheduler.state()).toStrictEqual(before);
  });

  it('the old one is changed just before the delete: it stays, and the new one waits', async () => {
    const at = during(/new$/, 'GET', (of) => put(of, 'old', { zoneId: 'Asia/Tokyo' }));
    const { outcomes } = await rename(at);
    expect(outcomes).toStrictEqual(['done save new', 'stale delete old', 'not-run resume new']);
    expect(stored(at, 'old')).toMatchObject({ zoneId: 'Asia/Tokyo', paused: false });
    expect((await rename(at)).outcomes).toStrictEqual(['done delete old', 'done resume new']);
  });

  it.each<[string, ServedType, JsonObject, PauseWish | undefined]>([
    ['that ran', 'oss-2', {}, undefined],
    ['with tags, of a paused one', 'orkes-new', { paused: true }, undefined],
    ['that is to be paused for a reason', 'oss-2', {}, { paused: true, reason: 'INC-4' }],
    ['of a server that may drop the reason of a pause', 'orkes-old', {}, { paused: true, reason: 'INC-4' }],
  ])('a plan that has been carried out is done already: %s', async (_what, serverType, over, pause) => {
    const at = world(serverType, serverType === 'orkes-old' ? { configured: false } : {});
    put(at, 'old', over, hasTags(serverType));
    const { plan } = await rename(at, wanted({}, pause));
    const before = at.scheduler.state();
    const { steps } = await at.apply(plan);
    expect(steps.map(({ outcome }) => outcome)).toStrictEqual(steps.map(() => 'already'));
    expect(at.scheduler.state()).toStrictEqual(before);
  });

  it.each<[string, PauseWish | undefined, (at: World) => void]>([
    ['changed another field', undefined, resaved({ zoneId: 'Asia/Tokyo' })],
    [
      'took the reason away, which this server keeps',
      { paused: true, reason: 'INC-4' },
      (of) => ask(of, 'PUT', 'new/pause'),
    ],
  ])('a plan that has been carried out is stale when somebody %s since', async (_what, pause, act) => {
    const at = world('oss-2');
    put(at, 'old');
    const { plan } = await rename(at, wanted({}, pause));
    act(at);
    const before = at.scheduler.state();
    const { steps } = await at.apply(plan);
    expect(new Set(steps.map(({ outcome }) => outcome))).toStrictEqual(new Set(['stale']));
    expect(at.scheduler.state()).toStrictEqual(before);
  });

  it('of two old ones the other one is gone since the plan: it goes on', async () => {
    const at = world('oss-2');
    put(at, 'old');
    put(at, 'older');
    const one = wanted();
    const desired = { ...one, lifecycle: { ...one.lifecycle, previousNames: ['old', 'older'] } };
    const plan = await at.plan([desired]);
    ask(at, 'DELETE', 'older');
    const { steps } = await at.apply(plan);
    expect(steps.map(({ name, step, outcome }) => `${outcome} ${step.kind} ${name}`)).toStrictEqual([
      'done save new',
      'done delete old',
      'already delete older',
      'done resume new',
    ]);
  });
});

describe('fires', () => {
  const runUntil = (at: World, ms: number): void => at.clock.advance(ms, at.scheduler.tick);

  it.each([0, 500, 57_000, 58_500, 59_000, 59_900])(
    'every minute, begun %i ms after one: each is fired once',
    async (offset) => {
      const at = world('oss-2');
      put(at, 'old', { cronExpression: '0 * * * * ?' });
      runUntil(at, 60_000 + offset);
      const { result } = await rename(at, wanted({ cronExpression: '0 * * * * ?' }));
      expect(result.counts.done).toBe(3);
      expect(result.possiblyMissed).toStrictEqual([]);
      const written = at.events.flatMap((event) =>
        event.kind === 'effect' && (event.effect.kind === 'deleted' || event.effect.kind === 'resumed')
          ? [event.effect.at % 60_000]
          : [],
      );
      // Two seconds away from each side.
      for (const second of written) expect([second >= 2000, second <= 58_000]).toStrictEqual([true, true]);
      runUntil(at, 180_000);
      const moments = fires(at).map((line) => line.slice(4));
      expect(new Set(moments).size).toBe(moments.length);
      expect(moments.slice(0, 4)).toStrictEqual(['12:01:00', '12:02:00', '12:03:00', '12:04:00']);
    },
  );

  it('a schedule without a quiet time is renamed, and the result says so', async () => {
    const at = world('oss-2');
    put(at, 'old', { cronExpression: '*/3 * * * * ?' });
    const { result } = await rename(at, wanted({ cronExpression: '*/3 * * * * ?' }));
    expect(result.steps.map(({ outcome }) => outcome)).toStrictEqual(['done', 'done', 'done']);
    expect(result.steps[1]?.note).toMatch(/fires are too close together/);
    expect(result.possiblyMissed.length).toBeGreaterThan(0);
  });

  it('a schedule without a quiet time, changed before the delete, is reported as changed', async () => {
    let looks = 0;
    const at: World = world('oss-2', {
      fault: ({ method, path }) => {
        if (method === 'GET' && path.endsWith('/schedules/new')) looks += 1;
        if (looks === 2 && method === 'GET')
          at.scheduler.put({ ...stored(at, 'new'), zoneId: 'Asia/Tokyo' } as JsonObject);
        return undefined;
      },
    });
    put(at, 'old', { cronExpression: '*/3 * * * * ?' });
    const { result } = await rename(at, wanted({ cronExpression: '*/3 * * * * ?' }));
    expect(result.steps[1]).toMatchObject({
      outcome: 'stale',
      note: expect.stringMatching(/no longer as it was saved|changed/),
    });
  });

  it('two old ones are deleted in one handover', async () => {
    const at: World = world('oss-2', {
      fault: ({ method, path }) => {
        if (method === 'DELETE' && path.endsWith('/old')) at.clock.advance(6500, at.scheduler.tick);
        return undefined;
      },
    });
    put(at, 'old', { cronExpression: '0 * * * * ?' });
    put(at, 'older', { cronExpression: '0 * * * * ?', paused: true });
    runUntil(at, 50_000);
    const one = wanted({ cronExpression: '0 * * * * ?' });
    const desired = { ...one, lifecycle: { ...one.lifecycle, previousNames: ['old', 'older'] } };
    const { outcomes } = await rename(at, desired);
    expect(outcomes).toStrictEqual([
      'done save new',
      'done delete old',
      'done delete older',
      'done resume new',
    ]);
    // It does not wait for another quiet time, in which nobody would fire.
    expect(at.clock.now()).toBe(Date.UTC(2026, 10, 23, 12, 0, 56) + 500);
  });

  it('a paused one does not wait', async () => {
    const at = world('oss-2');
    put(at, 'old', { cronExpression: '*/3 * * * * ?', paused: true });
    const before = at.clock.now();
    const { result } = await rename(at, wanted({ cronExpression: '*/3 * * * * ?' }));
    expect(at.clock.now()).toBe(before + settlingTime);
    expect(result.steps.some(({ note }) => note !== undefined)).toBe(false);
  });

  it('interrupted between the delete and the resume: it says so, and the next run lists what may be missed', async () => {
    const at = world('oss-2', {
      maxRetries: 0,
      fault: ({ path }) =>
        path.endsWith('/resume') && at.clock.now() % 3_600_000 < 60_000
          ? { kind: 'reset', effect: false }
          : undefined,
    });
    put(at, 'old', { cronExpression: '0 */20 * * * ?' });
    const desired = wanted({ cronExpression: '0 */20 * * * ?' });
    runUntil(at, 10_000);
    expect((await rename(at, desired)).outcomes.at(-1)).toBe('failed resume new');
    runUntil(at, 1_800_000);
    const { outcomes, result } = await rename(at, desired);
    expect(outcomes).toStrictEqual(['done resume new']);
    expect(result.possiblyMissed).toStrictEqual([{ name: 'new', at: Date.UTC(2026, 10, 23, 12, 20) }]);
  });

  it.each([
    [true, ['12:01:00']],
    [false, []],
  ])(
    'a fire right after the last request may be missed when it was answered: %s',
    async (answered, missed) => {
      const at: World = world('oss-2', {
        maxRetries: 0,
        fault: ({ path }) => {
          if (!path.endsWith('/resume')) return undefined;
          at.clock.advance(8500, at.scheduler.tick);
          return answered ? undefined : { kind: 'status', status: 429, effect: false };
        },
      });
      put(at, 'old', { cronExpression: '0 * * * * ?' });
      runUntil(at, 50_000);
      const { outcomes, result } = await rename(at, wanted({ cronExpression: '0 * * * * ?' }));
      expect(outcomes.at(-1)).toBe(answered ? 'done resume new' : 'failed resume new');
      expect(result.possiblyMissed.map((fire) => new Date(fire.at).toISOString().slice(11, 19))).toEqual(
        missed,
      );
    },
  );

  it('a fire after the old one was deleted by hand may be missed, too', async () => {
    let looks = 0;
    const at: World = world('oss-2', {
      fault: ({ method, path }) => {
        if (method === 'GET' && path.endsWith('/schedules/new')) looks += 1;
        if (looks === 2 && method === 'GET') ask(at, 'DELETE', 'old');
        if (path.endsWith('/resume')) at.clock.advance(8500, at.scheduler.tick);
        return undefined;
      },
    });
    put(at, 'old', { cronExpression: '0 * * * * ?' });
    runUntil(at, 50_000);
    const { outcomes, result } = await rename(at, wanted({ cronExpression: '0 * * * * ?' }));
    expect(outcomes).toStrictEqual(['done save new', 'already delete old', 'done resume new']);
    expect(result.possiblyMissed).toStrictEqual([{ name: 'new', at: Date.UTC(2026, 10, 23, 12, 1) }]);
  });

  it('stopped after the delete, it says that the schedule does not fire', async () => {
    const at = world('oss-2');
    put(at, 'old');
    let run: Run | undefined;
    for (let stop = 1; stop < 20; stop += 1) {
      const one = world('oss-2');
      put(one, 'old');
      run = await one.run([wanted()], stop);
      if (stored(one, 'old') === undefined) break;
    }
    expect(run).toMatchObject({
      result: { interrupted: true, steps: [{ outcome: 'done' }, {}, { outcome: 'not-run' }] },
    });
    expect((run as Run & { kind: 'applied' }).result.steps[2]?.note).toMatch(
      /does not fire before the next apply/,
    );
  });
});

describe('with other changes', () => {
  const refuseB = (request: WireRequest): Fault | undefined =>
    request.method === 'POST' && request.body?.includes('"name":"b"')
      ? { kind: 'status', status: 429, effect: false }
      : undefined;
  const b = (): DesiredSchedule => {
    const one = wanted({ name: 'b' });
    return { ...one, lifecycle: { ...one.lifecycle, previousNames: [] } };
  };

  it('a rename goes on when another schedule failed, a delete does not', async () => {
    const at = world('oss-2', { fault: refuseB, policy: { ...policy, prune: true } });
    for (const name of ['old', 'x', 'y', 'z']) put(at, name);
    const plan = await at.plan([b(), wanted({ description: 'other' })]);
    const { steps } = await at.apply(plan);
    expect(steps.map(({ name, step, outcome }) => `${outcome} ${step.kind} ${name}`)).toStrictEqual([
      'failed save b',
      'done save new',
      'done delete old',
      'done resume new',
      'not-run delete x',
      'not-run delete y',
      'not-run delete z',
    ]);
  });

  it('a delete waits for the success of renames', async () => {
    const at = world('oss-2', {
      policy: { ...policy, prune: true },
      maxRetries: 0,
      fault: ({ method, path }) =>
        method === 'DELETE' && path.endsWith('old')
          ? { kind: 'status', status: 500, effect: false }
          : undefined,
    });
    for (const name of ['old', 'x', 'y', 'z']) put(at, name);
    const { outcomes } = await rename(at, wanted({ description: 'other' }));
    expect(outcomes).toStrictEqual([
      'done save new',
      'failed delete old',
      'not-run resume new',
      'not-run delete x',
      'not-run delete y',
      'not-run delete z',
    ]);
    expect(stored(at, 'old')).toMatchObject({ paused: false });
  });

  it.each<[string, (request: WireRequest) => boolean, readonly string[], readonly string[]]>([
    [
      'before the delete: nothing is deleted',
      ({ method, body }) => method === 'POST' && body?.includes('"name":"x"') === true,
      ['done save new', 'not-run delete old', 'not-run resume new'],
      ['new', 'old', 'x-old'],
    ],
    [
      'after the delete: the new one is resumed all the same',
      ({ method, path }) => method === 'DELETE' && path.endsWith('x-old'),
      ['done save new', 'done delete old', 'done resume new'],
      ['new', 'x', 'x-old'],
    ],
  ])('another failure stops the run %s', async (_when, fits, expected, left) => {
    const at = world('oss-2', {
      maxRetries: 0,
      fault: (request) => (fits(request) ? { kind: 'status', status: 429, effect: false } : undefined),
    });
    put(at, 'old');
    put(at, 'x-old');
    const x = wanted({ name: 'x' });
    const other = { ...x, lifecycle: { ...x.lifecycle, previousNames: ['x-old'] } };
    const { steps } = await at.apply(await at.plan([wanted(), other]), { failFast: true });
    const ours = steps.filter(({ name }) => name === 'new' || name === 'old');
    expect(ours.map(({ name, step, outcome }) => `${outcome} ${step.kind} ${name}`)).toStrictEqual(expected);
    expect([...names(at)].sort()).toStrictEqual(left);
  });
});
