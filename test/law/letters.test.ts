import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openPolicy } from '../../src/model/run-policy.ts';
import type { ServedType } from '../../src/scheduler/server-types.ts';
import { wireRequest } from '../support/scheduler.ts';
import { worldOf } from '../support/world.ts';
import { anyLetterCase, heldLetters } from './letters.ts';
import { lawSettings } from './settings.ts';

// Five types of server.
const runs = Math.ceil(lawSettings.runs / 20);
const { seed } = lawSettings;
const serverTypes: readonly ServedType[] = ['oss-1', 'oss-2', 'orkes-old', 'orkes-new', 'documented'];
const path = '/api/scheduler/schedules';

describe.each(serverTypes)('on %s', (serverType) => {
  it(`an answer changes only where the plan said so, by the letter: ${runs} cases (seed ${seed})`, {
    timeout: 3_600_000,
  }, async () => {
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(anyLetterCase, async (one) => {
        const world = worldOf({
          serverType,
          configured: serverType === 'documented' || serverType === 'orkes-old',
          switches: { cronSchedules: 'kept' },
          policy: { ...openPolicy, ...one.policy },
        });
        const found = await heldLetters(one, {
          save: async (body) =>
            expect(world.scheduler.handle(wireRequest('POST', path, body)).status).toBe(200),
          answer: async (name) => world.scheduler.handle(wireRequest('GET', `${path}/${name}`)).body,
          observe: world.observe,
          run: (desired) => world.run(desired),
        });
        changed += found.length;
      }),
      { numRuns: runs, seed },
    );
    // Else the law said little.
    expect(changed).toBeGreaterThan(runs / 4);
  });
});
