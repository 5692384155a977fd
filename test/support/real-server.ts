import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDatabase } from './real/databases.ts';
import { obtainJar } from './real/jars.ts';
import { findJava } from './real/java.ts';
import { end, freePort, guarded } from './real/processes.ts';
import { roundRobin } from './real/round-robin.ts';
import { type SetUp, type SetUpName, setUps } from './real/set-ups.ts';

const readyWithinMs = 420_000;

/** A Conductor server that runs. */
export interface RealServer {
  /** Scheme, host and port, without `/api`. */
  readonly url: string;
  readonly version: string;
  readonly setUp: SetUpName;
  /** Ours alone and thrown away afterwards, so tests may leave behind what cannot be deleted. */
  readonly disposable: boolean;
  /** `kill -9` of every server process; the database lives on. */
  crash(): Promise<void>;
  /** Starts them again where they were. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts Conductor in a fresh directory, with a database of its own, and waits until it is healthy. With
 * DOWNBEAT_TEST_SERVER_URL set it takes that server instead, if it holds no schedule. Throws a sentence that says what is
 * missing.
 */
export async function startRealServer(name: SetUpName = 'sqlite'): Promise<RealServer> {
  const given = process.env.DOWNBEAT_TEST_SERVER_URL;
  return given
    ? useServer(given.replace(/\/+$/, '').replace(/\/api$/, ''), name)
    : launch(name, setUps[name]);
}

async function useServer(url: string, setUp: SetUpName): Promise<RealServer> {
  const answer = await fetch(`${url}/api/scheduler/schedules`);
  const schedules: unknown = answer.ok ? await answer.json() : undefined;
  if (!Array.isArray(schedules))
    throw new Error(
      `DOWNBEAT_TEST_SERVER_URL does not lead to a Conductor scheduler (status ${answer.status}).`,
    );
  if (schedules.length > 0)
    throw new Error(
      `The server of DOWNBEAT_TEST_SERVER_URL holds ${schedules.length} schedules; the tests write and delete, so they run only on an empty one.`,
    );
  const never = (): never => {
    throw new Error('this server is not ours to kill');
  };
  return {
    url,
    version: await versionOf(url),
    setUp,
    disposable: false,
    crash: async () => never(),
    restart: async () => never(),
    stop: async () => undefined,
  };
}

async function launch(name: SetUpName, { version, backEnd, processes }: SetUp): Promise<RealServer> {
  const [java, jar] = [await findJava(), await obtainJar(version)];
  const database = await startDatabase(backEnd);
  const servers = await Promise.all(
    Array.from({ length: processes }, async () => ({
      port: await freePort(),
      folder: await mkdtemp(join(tmpdir(), 'downbeat-conductor-')),
    })),
  );
  let running: readonly ChildProcess[] = [];
  const start = async (): Promise<void> => {
    running = servers.map(({ port, folder }) => begin(java, jar, port, folder, database.options));
    for (const [index, { port, folder }] of servers.entries()) {
      const logged = (): string => readFileSync(join(folder, 'server.log'), 'utf8');
      if (await becomesHealthy(`http://127.0.0.1:${port}`, running[index] as ChildProcess, logged)) continue;
      const log = logged().split('\n');
      const why = log.filter((line) => /Caused by:|APPLICATION FAILED|Application run failed/.test(line));
      const tail = [...new Set(why), ...log.slice(-20)].slice(0, 40).join('\n');
      throw new Error(
        `Conductor (${version}, ${backEnd}) did not become healthy in ${readyWithinMs / 1000} s. Its log:\n${tail}`,
      );
    }
  };
  const proxy = processes > 1 ? await roundRobin(servers.map(({ port }) => port)) : undefined;
  const url = `http://127.0.0.1:${proxy?.port ?? servers[0]?.port}`;
  const crash = async (): Promise<void> => {
    await Promise.all(running.map((child) => end(child, 'SIGKILL')));
  };
  const stop = async (): Promise<void> => {
    await proxy?.close();
    // It goes with its database and its folder, so there is nothing to bring to an end.
    await crash();
    await database.stop();
    for (const { folder } of servers) rmSync(folder, { recursive: true, force: true });
  };
  try {
    await start();
    return { url, version: await versionOf(url), setUp: name, disposable: true, crash, restart: start, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function begin(
  java: string,
  jar: string,
  port: number,
  folder: string,
  options: readonly string[],
): ChildProcess {
  const log = openSync(join(folder, 'server.log'), 'a');
  const child = spawn(
    java,
    [
      '-Xmx1g',
      // The half of a start is compiling what runs once.
      '-XX:TieredStopAtLevel=1',
      '-jar',
      jar,
      '--server.address=127.0.0.1',
      `--server.port=${port}`,
      '--conductor.integrations.ai.enabled=false',
      // Else nothing fires in the first 15 s.
      '--conductor.scheduler.initialDelayMs=1000',
      ...options,
    ],
    { cwd: folder, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  return guarded(child);
}

async function versionOf(url: string): Promise<string> {
  return (await fetch(`${url}/api/version`)).text();
}

async function becomesHealthy(url: string, child: ChildProcess, log: () => string): Promise<boolean> {
  const deadline = Date.now() + readyWithinMs;
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    try {
      const health = (await (await fetch(`${url}/health`)).json()) as { healthy?: boolean };
      if (health.healthy === true) return true;
    } catch {
      // Not listening yet. A server whose start has failed stays there, and does nothing.
      if (log().includes('APPLICATION FAILED TO START')) return false;
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return false;
}
