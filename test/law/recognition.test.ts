import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Credentials } from '../../src/conductor/auth.ts';
import { normalize } from '../../src/model/normal.ts';
import { type ServedType, servedTypes } from '../../src/model/port.ts';
import { openPolicy, type Policy } from '../../src/model/run-policy.ts';
import type { DesiredSchedule } from '../../src/model/schedule.ts';
import type { JudgedPlan } from '../../src/plan/plan.ts';
import type { AccessKey } from '../../src/scheduler/access.ts';
import type { Scheduler } from '../../src/scheduler/core.ts';
import type { WireRequest } from '../../src/scheduler/wire.ts';
import { casesOf } from '../support/cases.ts';
import { scheduleBody, wireRequest } from '../support/scheduler.ts';
import { desiredOf } from '../support/schedules.ts';
import { throughFile } from '../support/through-file.ts';
import { type World, worldOf } from '../support/world.ts';
import { lawSettings } from './settings.ts';

/**
 * Whatever the server is and however it is reached: what is called a fact is true, what is planned is done and leaves
 * nothing to do, or the plan has an error and nothing is written.
 */

const { seed } = lawSettings;
const runs = casesOf(1500);
const policy: Policy = { ...openPolicy, owner: 'us', adopt: 'all' };
const key: AccessKey = { id: 'k', secret: 's' };

/** Stands for the token that the server gave somebody. */
const given = 'given';

/** How requests are allowed in; `gateway`: something between adds the token. */
type Way = 'open' | 'key' | 'token' | 'gateway';

/** What a server or gateway does not answer as the type's own would. */
type Muteness = 'version' | 'options' | 'tags in lists';

interface Case {
  readonly serverType: ServedType;
  readonly way: Way;
  readonly isEmpty: boolean;
  readonly saved: boolean;
  readonly mute: readonly Muteness[];
  readonly wishes: readonly {
    readonly tags: boolean;
    readonly crons: number;
    readonly pause: 'none' | 'plain' | 'reason';
    /** It is on the server, and runs. */
    readonly there: boolean;
  }[];
}

const aCase: fc.Arbitrary<Case> = fc.record({
  serverType: fc.constantFrom(...servedTypes),
  way: fc.constantFrom<Way[]>('open', 'key', 'token', 'gateway'),
  isEmpty: fc.boolean(),
  saved: fc.boolean(),
  mute: fc.subarray<Muteness>(['version', 'options', 'tags in lists']),
  wishes: fc.array(
    fc.record({
      tags: fc.boolean(),
      crons: fc.constantFrom(0, 0, 0, 1, 2),
      pause: fc.constantFrom('none', 'plain', 'reason'),
      there: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

function desiredIn({ wishes }: Case): readonly DesiredSchedule[] {
  return wishes.map(({ tags, crons, pause }, index) => {
    const { cronExpression, ...body } = scheduleBody(`s${index}`);
    const several = ['0 0 9 * * ?', '0 0 17 * * ?'].slice(0, crons).map((cron) => ({ cronExpression: cron }));
    const schedule = crons === 0 ? { ...body, cronExpression } : { ...body, cronSchedules: several };
    return desiredOf(normalize(schedule as never).schedule, {
      ...(tags ? { tags: [{ key: 'team', value: 'a' }] } : {}),
      ...(pause === 'none'
        ? {}
        : { pause: { paused: true, ...(pause === 'reason' ? { reason: 'why' } : {}) } }),
    });
  });
}

function worldOfCase({ serverType, way, isEmpty, mute, wishes }: Case): World {
  const hasTokens = serverType.startsWith('orkes');
  const guarded = hasTokens && way !== 'open';
  let token: string | undefined;
  const tokenOf = (scheduler: Scheduler): string => {
    const body = { keyId: key.id, keySecret: key.secret };
    token ??= hasTokens
      ? String(JSON.parse(scheduler.handle(wireRequest('POST', '/api/token', body)).body).token)
      : 'of a gateway';
    return token;
  };
  const gateway = (scheduler: Scheduler): Scheduler['handle'] => {
    return (request) => {
      if (mute.includes('version') && request.path === '/api/version')
        return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'N/A' };
      if (mute.includes('options') && request.method === 'OPTIONS')
        return { status: 204, headers: {}, body: '' };
      const headers: WireRequest['headers'] =
        way === 'gateway' || request.headers['x-authorization'] === given
          ? { ...request.headers, 'x-authorization': tokenOf(scheduler) }
          : request.headers;
      return scheduler.handle({ ...request, headers });
    };
  };
  const credentials = (): Credentials | null => {
    if (way === 'key') return { kind: 'key', key: key.id, secret: key.secret };
    return way === 'token' ? { kind: 'token', token: given } : null;
  };
  const world = worldOf({
    serverType,
    policy,
    credentials: credentials(),
    ...(guarded ? { access: { keys: [key] } } : {}),
    switches: mute.includes('tags in lists') ? { listTags: false } : {},
    gateway,
  });
  if (!isEmpty) world.scheduler.put(scheduleBody('somebody-elses') as never);
  for (const [index, { there }] of wishes.entries())
    if (there && !isEmpty) world.scheduler.put(scheduleBody(`s${index}`) as never);
  return world;
}

it(`what is called a fact about a server is true, and what is planned is done (${runs} cases, seed ${seed})`, {
  timeout: 3_600_000,
}, async () => {
  const seen = new Map<string, number>();
  const count = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
  await fc.assert(
    fc.asyncProperty(aCase, async (one) => {
      const world = worldOfCase(one);
      const desired = desiredIn(one);
      const from = world.events.length;
      const plan = (await world.plan(desired)) as JudgedPlan;
      const { serverType, assumed } = plan.target;
      count(assumed ? 'assumed' : 'a fact');
      if (!assumed) expect(serverType, 'what is not assumed').toBe(one.serverType);

      if (plan.verdict === 'blocked') {
        count('refused');
        const [error] = plan.diagnostics.filter(({ severity }) => severity === 'error');
        const several = desired.filter(({ schedule }) => schedule.cronSchedules !== undefined);
        expect(error).toMatchObject({
          code: 'crons-not-kept',
          args: { names: several.map(({ schedule }) => schedule.name) },
        });
        expect(one.serverType.startsWith('oss'), 'it is known to keep several crons').toBe(false);
        expect(world.events.slice(from).filter(({ kind }) => kind === 'effect')).toStrictEqual([]);
        return;
      }
      count('applied');
      const result = await world.apply(one.saved ? throughFile(plan, desired) : plan);
      expect(result.steps.filter(({ outcome }) => outcome !== 'done')).toStrictEqual([]);
      holdMarkers(world, desired);
      const again = (await world.plan(desired)) as JudgedPlan;
      expect(again.verdict).toBe('nothing-to-do');
      if (one.saved) {
        const second = await world.apply(throughFile(plan, desired));
        expect(second.steps.filter(({ outcome }) => outcome !== 'already')).toStrictEqual([]);
      }
    }),
    { numRuns: runs, seed },
  );
  expect(Object.fromEntries(seen)).toEqual({
    assumed: expect.any(Number),
    'a fact': expect.any(Number),
    applied: expect.any(Number),
    refused: expect.any(Number),
  });
});

/** Everything that was created or adopted carries our marker. */
function holdMarkers(world: World, desired: readonly DesiredSchedule[]): void {
  const { schedules, tags } = world.scheduler.state();
  for (const { schedule } of desired) {
    const stored = schedules.find(({ name }) => name === schedule.name);
    const marked =
      String(stored?.description ?? '').includes('[downbeat-owner: us;') ||
      (tags[schedule.name] ?? []).some(({ key: one, value }) => one === 'downbeat-owner' && value === 'us');
    expect(marked, `${schedule.name} carries our marker`).toBe(true);
  }
}
