import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../src/main.ts';
import { fakeIo } from '../support/io.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What was waited for, in milliseconds; no time passed. */
  readonly waits: readonly number[];
}

/** A directory with one file of manifests; `removeDirectories` removes it. */
export function directoryWith(manifests: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'downbeat-wire-'));
  directories.push(directory);
  mkdirSync(join(directory, 'schedules'));
  writeFileSync(join(directory, 'schedules', 'all.yaml'), manifests);
  return directory;
}

const directories: string[] = [];

export function removeDirectories(): void {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
}

/** One manifest for each name. */
export function manifestsOf(...names: readonly string[]): string {
  return names
    .map((name) => `name: ${name}\ncronExpression: "0 0 9 * * ?"\nstartWorkflowRequest: {name: w}\n`)
    .join('---\n');
}

/** The whole program, as from a shell: `words` after `downbeat`, in a directory, with exactly this environment. */
export async function run(
  words: readonly string[],
  { env = {}, cwd }: { readonly env?: Readonly<Record<string, string>>; readonly cwd: string },
): Promise<Ran> {
  const waits: number[] = [];
  const { io, out, err } = fakeIo({
    cwd,
    env,
    wait: async (ms) => {
      waits.push(ms);
    },
  });
  const code = await main(words, io);
  return { code, out: out(), err: err(), waits };
}

/** Text that was wrapped for the terminal, as one line. */
export function unwrapped(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
