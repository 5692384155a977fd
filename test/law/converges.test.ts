import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { present } from '../../src/model/present.ts';
import { openPolicy } from '../../src/model/run-policy.ts';
import type { Schedule } from '../../src/model/schedule.ts';
import { timingOf } from '../../src/model/timing.ts';
import { schedulesAfter } from '../../src/plan/checks/fire-guards.ts';
import type { ServedType } from '../../src/scheduler/server-types.ts';
import { casesOf } from '../support/cases.ts';
import { anyContents, anyDesired, withOneCron } from '../support/desired.ts';
import { type World, worldOf } from '../support/world.ts';

const serverTypes: readonly ServedType[] = ['oss-2', 'orkes-new'];

describe.each(serverTypes)('plan, apply, plan on %s', (serverType) => {
  it('leaves nothing to do, from any state', async () => {
    await fc.assert(
      fc.asyncProperty(anyDesired, anyContents, async (any, contents) => {
        const desired = serverType === 'oss-2' ? any : withOneCron(any);
        const world = worldOf({ serverType, switches: { cronSchedules: 'kept' } });
        for (const { body, tags } of contents) world.scheduler.put(body, tags);
        const run = await world.run(desired);
        if (run.kind === 'failed') throw new Error(JSON.stringify(run.failure));
        expect(run.result.steps.filter(({ outcome }) => outcome !== 'done')).toStrictEqual([]);
        const before = requestsOf(world);
        expect((await world.plan(desired)).changes.flatMap(({ steps }) => steps)).toStrictEqual([]);
        // Nothing to do also means nothing to ask but the list and what the server is.
        const isEmpty = world.scheduler.state().schedules.length === 0;
        const asked = isEmpty || desired.some(({ pause }) => pause?.reason !== undefined) ? 3 : 2;
        expect(requestsOf(world) - before).toBeLessThanOrEqual(asked);
      }),
      { numRuns: 200 },
    );
  });
});

describe.each([undefined, 'us'])('a plan of owner %s', (owner) => {
  it('says what will fire when it has been carried out', async () => {
    await fc.assert(
      fc.asyncProperty(anyDesired, anyContents, async (desired, contents) => {
        const world = worldOf({
          serverType: 'oss-2',
          switches: { cronSchedules: 'kept' },
          policy: { ...openPolicy, ...present({ owner }) },
        });
        for (const { body, tags } of contents) world.scheduler.put(body, tags);
        const before = await seen(world);
        const plan = await world.plan(desired);
        await world.apply(plan);
        expect(firing(schedulesAfter(plan.changes, before))).toStrictEqual(firing(await seen(world)));
      }),
      { numRuns: casesOf(500) },
    );
  });
});

async function seen(world: World): Promise<readonly Schedule[]> {
  const names = world.scheduler.state().schedules.map(({ name }) => name);
  return (await Promise.all(names.map((name) => world.observe(String(name))))).map(
    ({ schedule }) => schedule,
  );
}

/** What decides when schedules fire. */
function firing(schedules: readonly Schedule[]): ReadonlyMap<string, unknown> {
  return new Map(schedules.map((one) => [one.name, { ...timingOf(one), paused: one.paused }]));
}

function requestsOf(world: World): number {
  return world.events.filter(({ kind }) => kind === 'request').length;
}
