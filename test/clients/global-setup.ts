import type { TestProject } from 'vitest/node';
import { type Installed, installClients } from './install.ts';

/** Obtains the published clients, once for all files of a run. */
export async function setup(project: TestProject): Promise<void> {
  project.provide('clients', await installClients());
}

declare module 'vitest' {
  interface ProvidedContext {
    clients: Installed;
  }
}
