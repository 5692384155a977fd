import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServedType } from '../../src/scheduler/server-types.ts';
import { anyContents, anyDesired } from '../support/desired.ts';
import { type World, worldOf } from '../support/world.ts';

const serverTypes: readonly ServedType[] = ['oss-2', 'orkes-new'];

describe.each(serverTypes)('plan, apply, plan on %s', (serverType) => {
  it('leaves nothing to do, whatever was there', async () => {
    await fc.assert(
      fc.asyncProperty(anyDesired, anyContents, async (desired, contents) => {
        const world = worldOf({ serverType, switches: { cronSchedules: 'kept' } });
        for (const { body, tags } of contents) world.scheduler.put(body, tags);
        const run = await world.run(desired);
        if (run.kind === 'failed') throw new Error(JSON.stringify(run.failure));
        expect(run.result.steps.filter(({ outcome }) => outcome !== 'done')).toStrictEqual([]);
        const before = requestsOf(world);
        expect((await world.plan(desired)).changes.flatMap(({ steps }) => steps)).toStrictEqual([]);
        // Nothing to do also means nothing to ask but the list, and the version where the list does not tell.
        expect(requestsOf(world) - before).toBeLessThanOrEqual(2);
      }),
      { numRuns: 200 },
    );
  });
});

function requestsOf(world: World): number {
  return world.events.filter(({ kind }) => kind === 'request').length;
}
