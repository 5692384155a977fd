import type { ServedType } from '../../../src/scheduler/server-types.ts';
import { serveLocal, testScheduler } from '../../support/scheduler.ts';
import type { OpenTarget } from './suite.ts';

/** The local scheduler over HTTP, on a clock that nobody has to wait for. */
export async function openLocal(serverType: ServedType): Promise<OpenTarget> {
  const scheduler = testScheduler({ serverType });
  const { url, close } = await serveLocal(scheduler);
  return { url, now: scheduler.clock.now, wait: async (ms) => scheduler.advance(ms), close };
}
