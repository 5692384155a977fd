import { spawnSync } from 'node:child_process';
import { utf8Text } from '../model/text/utf8.ts';
import type { GitAnswer } from './io.ts';

/** Runs Git in a directory and waits for it. It gets no terminal, runs no programs of the repository, and writes nothing. */
export function git(directory: string, args: readonly string[]): GitAnswer {
  const { status, stdout } = spawnSync(
    'git',
    ['-C', directory, '--no-pager', '-c', 'core.fsmonitor=false', '-c', 'core.quotepath=off', ...args],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 64 * 1024 * 1024,
      timeout: 30_000,
      env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' },
    },
  );
  const text = utf8Text(stdout ?? new Uint8Array());
  return status === null || text === undefined ? { kind: 'failed' } : { kind: 'ended', status, text };
}
