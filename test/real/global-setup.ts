import type { TestProject } from 'vitest/node';
import { startRealServer } from '../support/real-server.ts';

/** Starts one Conductor server for all files of a run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startRealServer();
  project.provide('realServer', { url: server.url, version: server.version, disposable: server.disposable });
  return server.stop;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** `url` is scheme, host and port. A server that is not disposable must be left as it was found. */
    realServer: { url: string; version: string; disposable: boolean };
  }
}
