import { utf8Text } from '../model/text/utf8.ts';
import type { GitAnswer } from './io.ts';

/** What Git printed, as bytes; undefined = it is not there, did not end, or printed too much. */
export type GitBytes = { readonly status: number; readonly bytes: Uint8Array };

/** Runs Git in a directory and waits for it. It gets no terminal, runs no programs of the repository, and writes nothing. */
export function git(directory: string, args: readonly string[]): GitAnswer {
  const answer = gitBytes(directory, args);
  const text = answer && utf8Text(answer.bytes);
  return answer === undefined || text === undefined
    ? { kind: 'failed' }
    : { kind: 'ended', status: answer.status, text };
}

/** The same with an input. Objects that a partial clone left out are not fetched. */
export function gitBytes(
  directory: string,
  args: readonly string[],
  input?: string,
  env: Readonly<Record<string, string>> = {},
): GitBytes | undefined {
  // Loading it takes 4 ms of each start, and hardly any run asks Git.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { status, stdout } = spawnSync(
    'git',
    ['-C', directory, '--no-pager', '-c', 'core.fsmonitor=false', '-c', 'core.quotepath=off', ...args],
    {
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'ignore'],
      ...(input === undefined ? {} : { input }),
      maxBuffer: 512 * 1024 * 1024,
      timeout: 30_000,
      env: {
        ...process.env,
        GIT_OPTIONAL_LOCKS: '0',
        GIT_TERMINAL_PROMPT: '0',
        GIT_NO_LAZY_FETCH: '1',
        // A commit is what it is everywhere: replacements are of one clone.
        GIT_NO_REPLACE_OBJECTS: '1',
        // What older versions obey instead.
        GIT_ALLOW_PROTOCOL: 'none',
        ...env,
      },
    },
  );
  return status === null ? undefined : { status, bytes: stdout ?? new Uint8Array() };
}
