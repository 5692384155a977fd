import { copyFileSync } from 'node:fs';
import { join } from 'node:path';

/** Set by `npm run coverage` (test/support/coverage-provider.mjs): where processes leave what they ran. */
const folder = process.env.DOWNBEAT_PROCESS_COVERAGE;

export const countsProcesses: boolean = folder !== undefined;

/** For the environment of a process that runs what is built from src/. */
export const countedEnvironment: { readonly [name: string]: string } =
  folder === undefined ? {} : { NODE_V8_COVERAGE: folder };

/** Keeps a script, and the map beside it, until its lines are counted; its own folder goes with the test. */
export function keepForCoverage(script: string): void {
  if (folder === undefined) return;
  for (const path of [script, `${script}.map`]) copyFileSync(path, join(folder, encodeURIComponent(path)));
}
