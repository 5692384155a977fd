import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A checker and a runner of workflows: Go modules, compiled by the Go that is there. */
const modules = {
  actionlint: 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12',
  act: 'github.com/nektos/act@v0.2.89',
} as const;

export type Tool = keyof typeof modules;

const cache: string = fileURLToPath(new URL('../../.cache/workflows/', import.meta.url));
const run = promisify(execFile);

/** The path of a tool, from the cache or freshly compiled. */
export async function installTool(tool: Tool): Promise<string> {
  const module = modules[tool];
  const folder = join(cache, `${tool}-${module.split('@')[1]}`);
  if (!existsSync(folder)) {
    await mkdir(cache, { recursive: true });
    const unfinished = await mkdtemp(join(cache, 'unfinished-'));
    try {
      await run('go', ['install', module], {
        env: { ...process.env, GOBIN: unfinished },
        timeout: 1_700_000,
      });
      // It has its final name only when it is complete.
      await rename(unfinished, folder);
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true });
      if (!existsSync(folder))
        throw new Error(`\`go install ${module}\` does not work here: ${String(error)}`, { cause: error });
    }
  }
  return join(folder, tool);
}
