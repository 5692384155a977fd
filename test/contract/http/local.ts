import type { ServedBehaviour } from '../../../src/scheduler/behaviours.ts';
import { serveLocal, testScheduler } from '../../support/scheduler.ts';
import type { OpenTarget } from './suite.ts';

/** The local scheduler over HTTP, on a clock that nobody has to wait for. */
export async function openLocal(behaviour: ServedBehaviour): Promise<OpenTarget> {
  const scheduler = testScheduler({ behaviour });
  const { url, close } = await serveLocal(scheduler);
  return { url, now: scheduler.clock.now, wait: async (ms) => scheduler.advance(ms), close };
}
