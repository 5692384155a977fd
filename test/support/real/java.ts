import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const oldestJava = 21;
const run = promisify(execFile);

/** Looks for a Java that is new enough: JAVA_HOME, the PATH, then the usual folders. */
export async function findJava(): Promise<string> {
  const seen: string[] = [];
  for (const candidate of await javaCandidates()) {
    const version = await javaVersion(candidate);
    if (version === undefined) continue;
    if (version >= oldestJava) return candidate;
    seen.push(String(version));
  }
  const found = seen.length === 0 ? 'no Java at all' : `only Java ${[...new Set(seen)].join(', ')}`;
  throw new Error(
    `Conductor needs Java ${oldestJava} or later; JAVA_HOME, the PATH and the usual folders have ${found}.`,
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
