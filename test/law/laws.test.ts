import fc from 'fast-check';
import { it } from 'vitest';
import { httpTransport } from '../../src/http/client.ts';
import type { Scheduler } from '../../src/scheduler/core.ts';
import { casesOf } from '../support/cases.ts';
import { serveLocal } from '../support/scheduler.ts';
import { worldOf } from '../support/world.ts';
import { anyCase, holdLaws, optionsOf } from './laws.ts';
import { lawSettings } from './settings.ts';

const { runs, seed } = lawSettings;
// HTTP adds a transport to the same law, which shows in few cases; the long laws have 500.
const httpRuns = casesOf(500, 40);

it(`the laws hold in ${runs} random cases (seed ${seed})`, { timeout: 3_600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(anyCase, (one) => holdLaws(one, worldOf(optionsOf(one)))),
    { numRuns: runs, seed },
  );
});

it(`and in ${httpRuns} over HTTP (seed ${seed})`, { timeout: 3_600_000 }, async () => {
  // One port for all cases: each puts its own scheduler behind it.
  let current: Scheduler | undefined;
  const behind: Pick<Scheduler, 'handle' | 'tick'> = {
    handle: (request) => (current as Scheduler).handle(request),
    // The case's own clock lets it fire.
    tick: () => 0,
  };
  const served = await serveLocal(behind as Scheduler);
  try {
    await fc.assert(
      fc.asyncProperty(anyCase, (one) =>
        holdLaws(
          one,
          worldOf(optionsOf(one), (scheduler) => {
            current = scheduler;
            return { transport: httpTransport(), url: served.url };
          }),
        ),
      ),
      { numRuns: httpRuns, seed },
    );
  } finally {
    await served.close();
  }
});
