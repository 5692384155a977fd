import type { TestProject } from 'vitest/node';
import { type SetUpName, setUpName } from '../support/real/set-ups.ts';
import { startRealServer } from '../support/real-server.ts';

/**
 * Starts one Conductor server for all files of a run, on the set-up that DOWNBEAT_TEST_ON names. With DOWNBEAT_KILLS none:
 * what kills servers has its own.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (process.env.DOWNBEAT_KILLS !== undefined) {
    project.provide('realServer', { url: '', version: '', setUp: setUpName(), disposable: true });
    return async () => undefined;
  }
  const { url, version, setUp, disposable, stop } = await startRealServer(setUpName());
  project.provide('realServer', { url, version, setUp, disposable });
  return stop;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** `url` is scheme, host and port. A server that is not disposable must be left as it was found. */
    realServer: { url: string; version: string; setUp: SetUpName; disposable: boolean };
  }
}
