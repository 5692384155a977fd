import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServedType } from '../../src/scheduler/server-types.ts';
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

function requestsOf(world: World): number {
  return world.events.filter(({ kind }) => kind === 'request').length;
}
