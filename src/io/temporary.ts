import { createHash, randomUUID } from 'node:crypto';
import { linkSync, lstatSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

const prefix = '.downbeat-';
const lockPrefix = `${prefix}lock-`;
/** No write takes as long; whether a process on another machine lives cannot be checked. */
const longestMs = 3_600_000;
const longestLockMs = 60_000;
const stepMs = 5;

/** This process, in the names of what it leaves when it is killed. */
function ownMark(): string {
  return `${machine()}-${process.pid}`;
}

let known: string | undefined;
/** Containers that share a folder have names of their own, and numbers of processes that mean nothing elsewhere. */
function machine(): string {
  known ??= createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
  return known;
}

/** A name beside a file that is about to be written. */
export function temporaryBeside(path: string): string {
  sweep(dirname(path));
  return join(dirname(path), `${prefix}${ownMark()}-${randomUUID()}`);
}

const swept = new Set<string>();

/** Removes what killed runs have left in a folder, once in a run. */
function sweep(directory: string): void {
  if (swept.has(directory)) return;
  swept.add(directory);
  try {
    for (const name of readdirSync(directory)) removeAbandoned(join(directory, name));
  } catch {
    // Then there is nothing that could be in the way.
  }
}

/** Removes the temporary file or the lock of a run that was killed; anything else stays. */
export function removeAbandoned(path: string): void {
  const name = basename(path);
  if (name.startsWith(lockPrefix)) {
    takeOver(path);
    return;
  }
  const mark = /^\.downbeat-([0-9a-f]{8}-\d+)-/.exec(name)?.[1];
  if (mark === undefined) return;
  try {
    const stat = lstatSync(path);
    if (stat.isFile() && isAbandoned(mark, stat.mtimeMs, longestMs)) rmSync(path);
  } catch {
    // Another run has removed it, or it cannot be removed.
  }
}

function isAbandoned(mark: string, since: number, longest: number): boolean {
  const [where, id] = mark.split('-');
  return (where === machine() && !isAlive(Number(id))) || Date.now() - since > longest;
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/**
 * Runs something while no other run of Downbeat does the same for this file: to compare a file and to replace it are
 * two steps. What a killed run has locked is taken over. Where there can be no lock, it goes on without one.
 */
export function locked<T>(path: string, work: () => T): T {
  const lock = join(dirname(path), `${lockPrefix}${basename(path)}`);
  const isLocked = take(lock);
  try {
    return work();
  } finally {
    if (isLocked) rmSync(lock, { force: true });
  }
}

function take(lock: string): boolean {
  const own = temporaryBeside(lock);
  try {
    writeFileSync(own, ownMark(), { flag: 'wx' });
    return isTaken(own, lock);
  } catch {
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** A link appears with all that is in it, or not at all. */
function isTaken(own: string, lock: string): boolean {
  for (let waited = 0; waited < longestLockMs; waited += stepMs) {
    try {
      linkSync(own, lock);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
    if (!takeOver(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stepMs);
  }
  return false;
}

/** Takes a lock away whose run was killed. Returns whether there is none any more. */
function takeOver(lock: string): boolean {
  try {
    const mark = readFileSync(lock, 'latin1');
    if (!/^[0-9a-f]{8}-\d+$/.test(mark) || !isAbandoned(mark, lstatSync(lock).mtimeMs, longestLockMs))
      return false;
    const aside = temporaryBeside(lock);
    renameSync(lock, aside);
    // Another run was faster, and this is its lock.
    if (readFileSync(aside, 'latin1') !== mark) linkSync(aside, lock);
    rmSync(aside);
    return true;
  } catch {
    return true;
  }
}
