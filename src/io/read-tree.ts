import { basename, dirname, join, resolve, sep } from 'node:path';
import { utf8Text } from '../model/text/utf8.ts';
import { type Disk, type DiskEntry, realDisk, textOn } from './disk.ts';
import type { Hidden, ReadFile, TreeRead, Unread, UnreadFault } from './io.ts';
import { notUtf8, reasonOf } from './reasons.ts';
import { removeAbandoned } from './temporary.ts';

/** `readTreeOn` the real disk; what a killed run of ours has left there among dot files is removed. */
export function readTree(
  directory: string,
  endings: readonly string[],
  except: readonly string[] = [],
  mark: string = markOfManifests,
): TreeRead {
  return readTreeOn(realDisk, directory, endings, except, mark);
}

/** Hardly any file that is not a manifest has it. */
const markOfManifests = 'startWorkflowRequest';

/**
 * The files below a directory whose names end in one of the given endings, in any case of letters. Dot files and folders
 * and `node_modules` are not read. Whatever else is there and not read is named, for its manifests are unknown, not
 * absent. It reads in one go: for thousands of small files synchronous reads are several times faster than queued ones.
 */
export function readTreeOn(
  disk: Disk,
  directory: string,
  endings: readonly string[],
  except: readonly string[] = [],
  mark: string = markOfManifests,
): TreeRead {
  const stat = disk.stat(directory);
  if (stat === undefined) return { kind: 'missing' };
  if (!stat.isDirectory()) return { kind: 'not-a-directory' };
  const root = disk.real(directory);
  const files: ReadFile[] = [];
  const unreadable: { path: string; why: string }[] = [];
  const unread: Unread[] = [];
  const dotted: string[] = [];
  const skipped = new Set(except.flatMap((path) => realPath(disk, path)));
  const skippedNames = new Set([...skipped].map((path) => basename(path)));
  /** Real paths that links into dot folders led to. */
  const followed = new Set<string>();

  const attempt = (path: string, action: () => void): void => {
    try {
      action();
    } catch (error) {
      unreadable.push({ path: shown(path), why: reasonOf(error) });
    }
  };
  const readOne = (path: string): void => {
    attempt(path, () => {
      const text = textOn(disk, path);
      if (text === undefined) unreadable.push({ path: shown(path), why: notUtf8 });
      else files.push({ path: shown(path), text });
    });
  };
  const leaveOut = (path: string, fault: UnreadFault): void => {
    unread.push({ path: shown(path), fault });
  };
  const walk = (folder: string): void => {
    attempt(folder, () => {
      // To join each name would normalize the folder's path for each; of `.` nothing is left.
      const start = join(folder, 'x').slice(0, -1);
      for (const entry of disk.list(folder)) visit(entry, `${start}${entry.name}`);
    });
  };
  const visit = (entry: DiskEntry, path: string): void => {
    const { name } = entry;
    if (name === '.gitmodules')
      for (const one of emptySubmodules(disk, path)) leaveOut(one, 'empty-submodule');
    if (name === 'node_modules') return;
    if (name.startsWith('.downbeat-') && disk === realDisk) removeAbandoned(path);
    if (name.startsWith('.')) dotted.push(path);
    else if (skippedNames.has(name) && realPath(disk, path).some((real) => skipped.has(real))) return;
    else if (entry.isSymbolicLink()) attempt(path, () => followLink(path));
    else if (entry.isDirectory()) walk(path);
    else if (isWanted(name, endings)) {
      if (entry.isFile()) readOne(path);
      else leaveOut(path, 'special');
    }
  };
  // A target in a visible place of the directory is walked anyway. What is left inside are links into dot folders, which
  // is how Kubernetes mounts a ConfigMap.
  const followLink = (path: string): void => {
    const target = disk.stat(path);
    if (target === undefined) {
      leaveOut(path, 'leads-nowhere');
      return;
    }
    const real = disk.real(path);
    const wanted = isWanted(basename(path), endings);
    if (!target.isDirectory() && !wanted) return;
    if (skipped.has(real) || real === root) return;
    // Its files may hold the token that checked it out, and a line of them must not end up in a report.
    if (real.split(sep).includes('.git')) {
      leaveOut(path, 'git-files');
      return;
    }
    if (!real.startsWith(root + sep)) {
      leaveOut(path, 'leads-out');
      return;
    }
    if (isVisible(real.slice(root.length)) || followed.has(real)) return;
    followed.add(real);
    if (target.isDirectory()) walk(path);
    else if (target.isFile()) readOne(path);
    else leaveOut(path, 'special');
  };

  const top = checkoutOf(disk, root);
  if (top !== undefined)
    for (const one of emptySubmodules(disk, join(top, '.gitmodules'))) {
      const within = one === root || root.startsWith(one + sep) || one.startsWith(root + sep);
      if (within)
        leaveOut(
          one.startsWith(root + sep) ? join(directory, one.slice(root.length + 1)) : directory,
          'empty-submodule',
        );
    }
  walk(directory);
  const hidden = dotted.flatMap((path) => hiddenIn(disk, path, { endings, mark, followed }));
  return {
    kind: 'read',
    files: files.sort(byPath),
    unreadable: unreadable.sort(byPath),
    unread: [...new Map(unread.map((one) => [one.path, one])).values()].sort(byPath),
    hidden: hidden.sort(byPath),
  };
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : 1;
}

function isWanted(name: string, endings: readonly string[]): boolean {
  if (endings.some((ending) => name.endsWith(ending))) return true;
  const plain = name.toLowerCase();
  return endings.some((ending) => plain.endsWith(ending));
}

/** The nearest folder at or above a real path that is the top of a Git checkout. */
function checkoutOf(disk: Disk, real: string): string | undefined {
  for (let folder = real; ; folder = dirname(folder)) {
    if (disk.exists(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** The submodules of a `.gitmodules` that are not checked out: their folder is empty, or not there. Real paths. */
function emptySubmodules(disk: Disk, gitmodules: string): readonly string[] {
  let text: string;
  try {
    const bytes = disk.read(gitmodules);
    // A name that is not UTF-8 is then a path that is not there, so it counts as empty.
    text = utf8Text(bytes) ?? Buffer.from(bytes).toString('latin1');
  } catch {
    return [];
  }
  const folder = disk.real(dirname(gitmodules));
  return [...text.matchAll(/^\s*path\s*=\s*(.+?)\s*$/gm)]
    .map(([, path = '']) => resolve(folder, path.replace(/^"(.*)"$/, '$1')))
    .filter((path) => {
      try {
        return disk.list(path).length === 0;
      } catch {
        return true;
      }
    });
}

/** A dot file or folder with manifests in it, unless links led to them. What only looks like YAML is none. */
function hiddenIn(
  disk: Disk,
  path: string,
  {
    endings,
    mark,
    followed,
  }: {
    readonly endings: readonly string[];
    readonly mark: string;
    readonly followed: ReadonlySet<string>;
  },
): readonly Hidden[] {
  let manifests = 0;
  const count = (one: string, entry: Pick<DiskEntry, 'isDirectory' | 'isFile' | 'name'>): void => {
    if (entry.name === '.git' || entry.name === 'node_modules') return;
    if (realPath(disk, one).some((real) => followed.has(real))) return;
    if (entry.isDirectory()) for (const below of entriesOf(disk, one)) count(join(one, below.name), below);
    else if (entry.isFile() && isWanted(entry.name, endings) && holds(disk, one, mark)) manifests += 1;
  };
  const stat = kindOf(disk, path);
  if (stat !== undefined)
    count(path, { name: basename(path), isDirectory: () => stat.isDirectory(), isFile: () => stat.isFile() });
  return manifests === 0 ? [] : [{ path: shown(path), manifests }];
}

/** Undefined for a link in a circle, too: there are no manifests at its end. */
function kindOf(disk: Disk, path: string): ReturnType<Disk['stat']> {
  try {
    return disk.stat(path);
  } catch {
    return undefined;
  }
}

/** Empty where it cannot be read: dot folders are optional. */
function entriesOf(disk: Disk, folder: string): readonly DiskEntry[] {
  try {
    return disk.list(folder);
  } catch {
    return [];
  }
}

function holds(disk: Disk, path: string, mark: string): boolean {
  try {
    return Buffer.from(disk.read(path)).includes(mark);
  } catch {
    return true;
  }
}

/** Empty when there is nothing. */
function realPath(disk: Disk, path: string): readonly string[] {
  try {
    return [disk.real(path)];
  } catch {
    return [];
  }
}

function isVisible(pathBelowRoot: string): boolean {
  const parts = pathBelowRoot.split(sep).filter(Boolean);
  return parts.every((part) => !part.startsWith('.') && part !== 'node_modules');
}

function shown(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/');
}
