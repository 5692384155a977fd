import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { RequestCounts } from './counts.ts';
import type { ServerKind, WireSchedule } from './generate.ts';

export interface Finished {
  /** Wall time from the start of the process to its end, its output read. */
  readonly milliseconds: number;
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

// What a program may need to start at all. Nothing else of ours reaches it: no CONDUCTOR_* variable that names a
// real server, no proxy, no NODE_OPTIONS that would be part of what is measured. A private CA stays: Node reads it at
// every start, so it belongs to how Node runs here, and every program pays it alike.
const inherited = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'NODE_EXTRA_CA_CERTS'];

export function cleanEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = inherited.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  );
  return { ...(Object.fromEntries(kept) as NodeJS.ProcessEnv), NO_COLOR: '1', ...extra };
}

/** Runs a program to its end; rejects only when it could not start or was interrupted. A minute is its limit. */
export async function run({ file, args, folder, env, signal }: Program): Promise<Finished> {
  signal.throwIfAborted();
  const started = performance.now();
  const child = spawn(file, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const end = (): void => void child.kill('SIGKILL');
  const limit = setTimeout(end, 60_000);
  signal.addEventListener('abort', end);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    const milliseconds = performance.now() - started;
    signal.throwIfAborted();
    return { milliseconds, code, stdout, stderr };
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', end);
  }
}

/** The list server in a process of its own, so that its work is not the measured program's. */
export interface ListServer {
  /** Ends in `/api`. */
  readonly url: string;
  setList(list: readonly WireSchedule[]): Promise<void>;
  /** What was asked since the last call. */
  takeCounts(): Promise<RequestCounts>;
  stop(): Promise<void>;
}

export async function startListServer(file: string, kind: ServerKind): Promise<ListServer> {
  const child = fork(file, [kind], {
    env: cleanEnvironment(),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [port] = (await Promise.race([once(child, 'message'), endedEarly(child)])) as [number];
  const origin = `http://127.0.0.1:${port}`;
  return {
    url: `${origin}/api`,
    setList: async (list) => {
      await control(`${origin}/bench/list`, { method: 'PUT', body: JSON.stringify(list) });
    },
    takeCounts: async () => {
      const counts = JSON.parse(await control(`${origin}/bench/requests`)) as RequestCounts;
      await control(`${origin}/bench/requests`, { method: 'DELETE' });
      return counts;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

async function endedEarly(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new Error(`the list server ended with ${code} before it told its port`);
}

async function control(url: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.text();
}
