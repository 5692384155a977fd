import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { countedEnvironment, countsProcesses, keepForCoverage } from './process-coverage.ts';

/** The program as one file in a new folder, for tests that need it as a process of its own. */
export async function builtProgram(): Promise<{ readonly folder: string; readonly path: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'downbeat-process-'));
  await build({
    entryPoints: { downbeat: fileURLToPath(new URL('../../src/cli.ts', import.meta.url)) },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    supported: { 'dynamic-import': false },
    logLevel: 'error',
    sourcemap: countsProcesses ? 'linked' : false,
  });
  keepForCoverage(join(folder, 'downbeat.cjs'));
  return { folder, path: join(folder, 'downbeat.cjs') };
}

export interface Ended {
  /** `null` = killed by a signal. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** So far. */
  out(): string;
}

/** Starts it with exactly this environment. Nobody sits at its terminal. */
export function start(
  path: string,
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Started {
  const child = spawn(process.execPath, [path, ...args], {
    cwd,
    env: { ...env, ...countedEnvironment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout.on('data', (chunk) => out.push(String(chunk)));
  child.stderr.on('data', (chunk) => err.push(String(chunk)));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => resolve({ code, out: out.join(''), err: err.join('') }));
  });
  return { child, ended, out: () => out.join('') };
}
