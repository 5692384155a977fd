import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, open, readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The release that the tests run against: of 3.30.0 to 3.32.1 the only one published as one runnable jar. */
export const realVersion = '3.32.1';

const artifact = `org.conductoross:conductor-server:${realVersion}:jar:boot`;
const cache: string = fileURLToPath(new URL('../../.cache/conductor/', import.meta.url));
const jar: string = join(cache, `conductor-server-${realVersion}-boot.jar`);
const oldestJava = 21;
const readyWithinMs = 180_000;
const run = promisify(execFile);

/** A Conductor server that runs. */
export interface RealServer {
  /** Scheme, host and port, without `/api`. */
  readonly url: string;
  readonly version: string;
  /** Ours alone and thrown away afterwards, so tests may leave behind what cannot be deleted. */
  readonly disposable: boolean;
  stop(): Promise<void>;
}

/**
 * Starts Conductor in a fresh directory and waits until it is healthy. With DOWNBEAT_TEST_SERVER_URL set it takes
 * that server instead, if it holds no schedule. Throws a sentence that says what is missing.
 */
export async function startRealServer(): Promise<RealServer> {
  const given = process.env.DOWNBEAT_TEST_SERVER_URL;
  return given ? useServer(given.replace(/\/+$/, '').replace(/\/api$/, '')) : launch();
}

async function useServer(url: string): Promise<RealServer> {
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
  return { url, version: await versionOf(url), disposable: false, stop: async () => undefined };
}

async function launch(): Promise<RealServer> {
  const java = await findJava();
  await obtainJar();
  const directory = await mkdtemp(join(tmpdir(), 'downbeat-conductor-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(directory, 'server.log');
  const child = spawn(
    java,
    [
      '-Xmx1g',
      '-jar',
      jar,
      '--server.address=127.0.0.1',
      `--server.port=${port}`,
      '--conductor.integrations.ai.enabled=false',
      // Else nothing fires in the first 15 s.
      '--conductor.scheduler.initialDelayMs=1000',
    ],
    { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const log = createWriteStream(logFile);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  // A test run that ends without `stop` must not leave the server behind.
  const orphanGuard = () => child.kill('SIGKILL');
  process.once('exit', orphanGuard);

  const stop = async () => {
    await end(child);
    process.removeListener('exit', orphanGuard);
    log.end();
    rmSync(directory, { recursive: true, force: true });
  };
  if (!(await becomesHealthy(url, child))) {
    const tail = existsSync(logFile) ? readFileSync(logFile, 'utf8').split('\n').slice(-40).join('\n') : '';
    await stop();
    throw new Error(
      `Conductor ${realVersion} did not become healthy in ${readyWithinMs / 1000} s. Its log ends:\n${tail}`,
    );
  }
  return { url, version: await versionOf(url), disposable: true, stop };
}

async function versionOf(url: string): Promise<string> {
  return (await fetch(`${url}/api/version`)).text();
}

async function becomesHealthy(url: string, child: ChildProcess): Promise<boolean> {
  const deadline = Date.now() + readyWithinMs;
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    try {
      const health = (await (await fetch(`${url}/health`)).json()) as { healthy?: boolean };
      if (health.healthy === true) return true;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return false;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(patience);
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('No free port.')),
      );
    });
  });
}

/** Takes the jar from the cache, else lets Maven fetch it by its coordinates. */
async function obtainJar(): Promise<void> {
  if (await isWholeJar(jar)) return;
  await mkdir(cache, { recursive: true });
  rmSync(jar, { force: true });
  try {
    await run('mvn', ['-q', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${cache}`], {
      timeout: 900_000,
    });
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Error(
      missing
        ? `The tests need Conductor ${realVersion} and Maven (\`mvn\` on the PATH) fetches it; there is no Maven here.`
        : `Maven could not fetch ${artifact}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (!(await isWholeJar(jar)))
    throw new Error(`Maven ended without error, but ${artifact} is not whole in the cache.`);
}

/** A jar ends with a zip directory; what a broken download left behind does not. */
async function isWholeJar(file: string): Promise<boolean> {
  if (!existsSync(file)) return false;
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const tail = Buffer.alloc(Math.min(size, 65_557));
    await handle.read(tail, 0, tail.length, size - tail.length);
    return tail.includes(Buffer.from('PK\x05\x06', 'latin1'));
  } finally {
    await handle.close();
  }
}

/** Looks for a Java that is new enough: JAVA_HOME, the PATH, then the usual folders. */
async function findJava(): Promise<string> {
  const seen: string[] = [];
  for (const candidate of await javaCandidates()) {
    const version = await javaVersion(candidate);
    if (version === undefined) continue;
    if (version >= oldestJava) return candidate;
    seen.push(String(version));
  }
  const found = seen.length === 0 ? 'no Java at all' : `only Java ${[...new Set(seen)].join(', ')}`;
  throw new Error(
    `Conductor ${realVersion} needs Java ${oldestJava} or later; JAVA_HOME, the PATH and the usual folders have ${found}.`,
  );
}

async function javaCandidates(): Promise<readonly string[]> {
  const home = process.env.JAVA_HOME;
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const homes: string[] = [];
  for (const folder of ['/usr/lib/jvm', '/usr/java', '/opt/java', '/Library/Java/JavaVirtualMachines']) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names) homes.push(join(folder, name), join(folder, name, 'Contents', 'Home'));
  }
  return [...(home ? [join(home, 'bin')] : []), ...path, ...homes.map((folder) => join(folder, 'bin'))]
    .map((folder) => join(folder, process.platform === 'win32' ? 'java.exe' : 'java'))
    .filter((file) => existsSync(file));
}

/** The feature number that `java -version` prints; `undefined` if it does not run. */
async function javaVersion(java: string): Promise<number | undefined> {
  try {
    const { stderr, stdout } = await run(java, ['-version'], { timeout: 30_000 });
    const number = /version "(?:1\.)?(\d+)/.exec(stderr + stdout)?.[1];
    return number === undefined ? undefined : Number(number);
  } catch {
    return undefined;
  }
}
