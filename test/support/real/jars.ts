import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The release that the local scheduler is held to: of 3.30.0 to 3.32.1 the only one published as one runnable jar. */
export const realVersion = '3.32.1';

const coordinates = 'org.conductoross:conductor-server';
const cache: string = fileURLToPath(new URL('../../../.cache/conductor/', import.meta.url));
const run = promisify(execFile);

/** The runnable jar of a release, or of the newest that has one; out of the cache, else Maven fetches it. */
export async function obtainJar(version: typeof realVersion | 'newest'): Promise<string> {
  await mkdir(cache, { recursive: true });
  if (version !== 'newest') return jarOf(version);
  // Asks for the newest release, whether or not it is known here already.
  await maven(['-U', 'dependency:get', `-Dartifact=${coordinates}:LATEST:pom`, '-Dtransitive=false']);
  const failures: unknown[] = [];
  for (const candidate of await releases()) {
    try {
      return await jarOf(candidate);
    } catch (error) {
      failures.push(error);
    }
  }
  throw new AggregateError(failures, `No release of ${coordinates} has a runnable jar.`);
}

async function jarOf(version: string): Promise<string> {
  const jar = join(cache, `conductor-server-${version}-boot.jar`);
  if (await isWholeJar(jar)) return jar;
  const artifact = `${coordinates}:${version}:jar:boot`;
  // Several set-ups begin at once: each fetches into a folder of its own, and the last one's jar is the same.
  const unfinished = await mkdtemp(join(cache, 'unfinished-'));
  try {
    await maven(['dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${unfinished}`]);
    const fetched = join(unfinished, basename(jar));
    if (!(await isWholeJar(fetched)))
      throw new Error(`Maven ended without error, but its copy of ${artifact} is not whole.`);
    await rename(fetched, jar);
    return jar;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function maven(args: readonly string[]): Promise<void> {
  try {
    await run('mvn', ['-q', ...args], { timeout: 900_000 });
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Error(
      missing
        ? 'The tests need Maven (`mvn` on the PATH) to fetch Conductor; there is no Maven here.'
        : `Maven failed: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Those that Maven has just been told of, newest first, none older than the one we know. */
async function releases(): Promise<readonly string[]> {
  const folder = join(homedir(), '.m2', 'repository', ...coordinates.split(':').flatMap(partsOf));
  const files = (await readdir(folder)).filter((name) => /^maven-metadata-.*\.xml$/.test(name));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  const found = texts.flatMap((text) =>
    [...text.matchAll(/<version>([\d.]+)<\/version>/g)].map(([, one = '']) => one),
  );
  return [...new Set([...found, realVersion])]
    .filter((one) => compareReleases(one, realVersion) >= 0)
    .sort((a, b) => compareReleases(b, a));
}

function partsOf(text: string, index: number): readonly string[] {
  return index === 0 ? text.split('.') : [text];
}

function compareReleases(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
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
