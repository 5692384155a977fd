import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findJava } from '../support/real/java.ts';

/** The newest releases, and of Python and JavaScript the last ones that know only GET for pause and resume. */
export const pythonVersions = ['2.0.0', '1.5.1'] as const;
export const javascriptVersions = ['4.0.0', '3.1.0'] as const;
export const javaVersions = ['6.0.0'] as const;
/** A parser of calendars that others wrote; no client of Conductor. */
export const icalendarVersion = '7.3.0';

/** Where the clients are: a folder for PYTHONPATH, or one with `node_modules`, by version (`icalendar` for that one). */
export type Installed = {
  /** The Python that they were installed with. */
  readonly python: string;
  /** A Java that the Java client runs on. */
  readonly java: string;
  readonly folders: { readonly [version: string]: string };
};

const cache: string = fileURLToPath(new URL('../../.cache/clients/', import.meta.url));
// What both releases of conductor-python say they need.
const oldestPython: readonly [number, number] = [3, 10];
const run = promisify(execFile);

/**
 * Takes the clients from the cache, else lets pip, npm and Maven fetch them with whatever configuration they find. Throws a
 * sentence that says what is missing.
 */
export async function installClients(): Promise<Installed> {
  const { command: python, tag } = await findPython();
  await mkdir(cache, { recursive: true });
  const folders: { [version: string]: string } = {};
  for (const version of pythonVersions) {
    // Some of what it needs is compiled for one Python.
    folders[version] = await install(`conductor-python-${version}-${tag}`, python, (folder) => [
      ...['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'],
      ...['--target', folder, `conductor-python==${version}`],
    ]);
  }
  folders.icalendar = await install(`icalendar-${icalendarVersion}-${tag}`, python, (folder) => [
    ...['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'],
    ...['--target', folder, `icalendar==${icalendarVersion}`],
  ]);
  for (const version of javascriptVersions) {
    folders[version] = await install(`conductor-javascript-${version}`, 'npm', (folder) => [
      ...['install', '--prefix', folder, '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund'],
      `@io-orkes/conductor-javascript@${version}`,
    ]);
  }
  for (const version of javaVersions) {
    folders[version] = await install(`conductor-client-${version}`, 'mvn', (folder) => {
      writeFileSync(join(folder, 'pom.xml'), pomOf(version));
      return [
        '-q',
        '-f',
        join(folder, 'pom.xml'),
        'dependency:copy-dependencies',
        `-DoutputDirectory=${folder}`,
      ];
    });
  }
  const java = await findJava();
  for (const version of javaVersions) {
    const folder = folders[version] ?? '';
    const driver = fileURLToPath(new URL('./Driver.java', import.meta.url));
    await run(join(dirname(java), 'javac'), ['-cp', join(folder, '*'), '-d', folder, driver]);
  }
  return { python, java, folders };
}

/** A project that needs the Java client and nothing else. */
function pomOf(version: string): string {
  const client = `<groupId>org.conductoross</groupId><artifactId>conductor-client</artifactId><version>${version}</version>`;
  return [
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>',
    '<groupId>local</groupId><artifactId>client</artifactId><version>1</version>',
    `<dependencies><dependency>${client}</dependency></dependencies></project>`,
  ].join('\n');
}

/** A folder has its final name only when it is complete. */
async function install(
  name: string,
  command: string,
  argumentsFor: (folder: string) => readonly string[],
): Promise<string> {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  const unfinished = await mkdtemp(join(cache, 'unfinished-'));
  try {
    await run(command, [...argumentsFor(unfinished)], { timeout: 300_000 });
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    const { stderr = '', message } = error as Error & { readonly stderr?: string };
    throw new Error(`${name} could not be installed by ${command}: ${stderr.trim() || message}`);
  }
  return folder;
}

type Python = {
  readonly command: string;
  /** Such as `py3.11`. */
  readonly tag: string;
};

async function findPython(): Promise<Python> {
  const seen: string[] = [];
  for (const command of ['python3', 'python']) {
    const version = await pythonVersion(command);
    if (version === undefined) continue;
    const [major, minor] = version;
    const isNewEnough = major === oldestPython[0] && minor >= oldestPython[1];
    const hasPip = isNewEnough && (await succeeds(command, ['-m', 'pip', '--version']));
    if (hasPip) return { command, tag: `py${major}.${minor}` };
    seen.push(`${command} is ${major}.${minor}${isNewEnough ? ' without pip' : ''}`);
  }
  throw new Error(
    `The tests with Conductor's Python client need Python ${oldestPython.join('.')} or later with pip on the PATH; ${
      seen.length === 0 ? 'there is no python3 and no python' : seen.join(', ')
    }.`,
  );
}

async function pythonVersion(command: string): Promise<readonly [number, number] | undefined> {
  try {
    const { stdout } = await run(command, ['-c', 'import sys; print(*sys.version_info[:2])']);
    const [major, minor] = stdout.trim().split(' ').map(Number);
    return major === undefined || minor === undefined ? undefined : [major, minor];
  } catch {
    return undefined;
  }
}

async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  return run(command, [...args]).then(
    () => true,
    () => false,
  );
}
