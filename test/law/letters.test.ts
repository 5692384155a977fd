import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import { openPolicy } from '../../src/model/run-policy.ts';
import type { Scheduler } from '../../src/scheduler/core.ts';
import type { Served } from '../../src/scheduler/serve.ts';
import type { ServedType } from '../../src/scheduler/server-types.ts';
import { fakeIo } from '../support/io.ts';
import { serveLocal, wireRequest } from '../support/scheduler.ts';
import { worldOf } from '../support/world.ts';
import { anyLetterCase, heldLetters } from './letters.ts';
import { lawSettings } from './settings.ts';

// Five types of server.
const runs = Math.ceil(lawSettings.runs / 20);
const { seed } = lawSettings;
const serverTypes: readonly ServedType[] = ['oss-1', 'oss-2', 'orkes-old', 'orkes-new', 'documented'];
const path = '/api/scheduler/schedules';

// One port for whole commands: each case puts its own scheduler behind it.
let current: Scheduler | undefined;
let served: Served;
beforeAll(async () => {
  served = await serveLocal({
    handle: (request: Parameters<Scheduler['handle']>[0]) => (current as Scheduler).handle(request),
    tick: () => 0,
  } as Scheduler);
});
afterAll(async () => served.close());

describe.each(serverTypes)('on %s', (serverType) => {
  it(`an answer changes only where the plan said so, to the letter: ${runs} cases (seed ${seed})`, {
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
        current = world.scheduler;
        const found = await heldLetters(one, {
          save: async (body) =>
            expect(world.scheduler.handle(wireRequest('POST', path, body)).status).toBe(200),
          answer: async (name) => world.scheduler.handle(wireRequest('GET', `${path}/${name}`)).body,
          observe: world.observe,
          run: (desired) => world.run(desired),
          command: async (cwd, words) => {
            const env = serverType.startsWith('orkes')
              ? { CONDUCTOR_AUTH_KEY: 'k', CONDUCTOR_AUTH_SECRET: 's' }
              : {};
            const heard = fakeIo({ cwd, env, now: world.clock.now, writes: 'disk' });
            const line = [...words, '--server', served.url, '--server-type', serverType];
            const code = await main(line, heard.io);
            return { code, out: heard.out(), err: heard.err() };
          },
        });
        changed += found.length;
      }),
      { numRuns: runs, seed },
    );
    // Else the law said little.
    expect(changed).toBeGreaterThan(runs / 4);
  });
});
