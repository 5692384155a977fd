import { dirname, join, resolve, sep } from 'node:path';
import { utf8Text } from '../model/text/utf8.ts';
import { type Contents, commitContents } from './commit-contents.ts';
import { type CommitEntry, type CommitFolder, commitTree, emptyFolder, folderAt } from './commit-tree.ts';
import type { Disk, DiskEntry } from './disk.ts';
import { git } from './git-process.ts';
import { trouble } from './reasons.ts';

/** So many links are followed on the way to one file, as Linux does. */
const mostLinks = 40;

/** A place in a commit: its entry, and the absolute path that it has in the checkout. `repository`: what has its blobs. */
type Found = { readonly entry: CommitEntry; readonly path: string; readonly repository: string };

export type CommitDisk = Disk & {
  readonly leftOut: Contents['leftOut'];
  /** Reads the files below a folder that have one of these endings, in one process. */
  readonly readAhead: (folder: string, endings: readonly string[]) => void;
  readonly linkAt: (path: string) => string | undefined;
};

/**
 * The files of a commit at the paths that they have in a checkout of it, without one. What is outside of the checkout is
 * as it is on the disk. `texts`: see `Io.filesAt`. Absent = `cwd` is in no checkout, or the commit is not there whole.
 */
export function commitDisk(
  cwd: string,
  commit: string,
  disk: Disk,
  texts: () => Iterable<string>,
): CommitDisk | undefined {
  const here = disk.real(cwd);
  const top = topOf(here, disk);
  if (top === undefined) return undefined;
  const tree = commitTree(top, commit);
  if (tree === undefined) return undefined;
  // The working directory may be newer than the commit: then it is empty there.
  folderAt(tree, here.slice(top.length).split(sep).filter(Boolean));
  // A checkout has it, whatever is in it.
  tree.entries.set('.git', emptyFolder());
  const contents = commitContents(here, texts);
  contents.enter(top, commit, tree);
  const submodules = new Map<string, CommitFolder>();

  const linkText = (found: Found): string => {
    const text = utf8Text(contents.raw(storedAt(found)));
    if (text === undefined) throw trouble('EILSEQ', found.path);
    return text;
  };
  /** Of a submodule that is checked out and has this commit, its files; else an empty folder, as where it is not checked out. */
  const filesOf = (found: Found): CommitFolder => {
    const { entry, path } = found;
    if (entry.kind === 'folder') return entry;
    if (entry.kind !== 'submodule') throw trouble('ENOTDIR', path);
    const known = submodules.get(path);
    if (known !== undefined) return known;
    const folder = (isTopOfCheckout(path, disk) ? commitTree(path, entry.id) : undefined) ?? emptyFolder();
    submodules.set(path, folder);
    contents.enter(path, entry.id, folder);
    return folder;
  };
  const isIn = (path: string): boolean => path === top || path.startsWith(top + sep);

  /** The entry of a path. `last`: whether a link at its end is followed, too. A text = where links lead to outside of the checkout. */
  const find = (path: string, last: 'followed' | 'kept'): Found | string | undefined => {
    let links = 0;
    const walk = (from: string): Found | string | undefined => {
      if (!isIn(from)) return from;
      let at: Found = { entry: tree, path: top, repository: top };
      const parts = from.slice(top.length).split(sep).filter(Boolean);
      for (const [index, name] of parts.entries()) {
        const repository = at.entry.kind === 'submodule' ? at.path : at.repository;
        if (at.entry.kind === 'file') throw trouble('ENOTDIR', path);
        const entry = filesOf(at).entries.get(name);
        if (entry === undefined) return undefined;
        at = { entry, path: join(at.path, name), repository };
        if (entry.kind !== 'link' || (last === 'kept' && index === parts.length - 1)) continue;
        links += 1;
        if (links > mostLinks) throw trouble('ELOOP', path);
        return walk(resolve(dirname(at.path), linkText(at), ...parts.slice(index + 1)));
      }
      return at;
    };
    return walk(resolve(here, path));
  };
  /** Of a path that goes through a file there is nothing, either. */
  const lookFor = (path: string): Found | string | undefined => {
    try {
      return find(path, 'followed');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
      throw error;
    }
  };
  const present = (path: string): Found => {
    const found = find(path, 'followed');
    if (found === undefined || typeof found === 'string') throw trouble('ENOENT', path);
    return found;
  };
  const outside = (path: string): string | undefined => {
    const found = find(path, 'followed');
    return typeof found === 'string' ? found : undefined;
  };

  return {
    stat: (path) => {
      const found = lookFor(path);
      return typeof found === 'string' ? disk.stat(found) : found && entryNamed('', found.entry);
    },
    list: (folder) => {
      const away = outside(folder);
      if (away !== undefined) return disk.list(away);
      return [...filesOf(present(folder)).entries].map(([name, entry]) => entryNamed(name, entry));
    },
    read: (path) => {
      const away = outside(path);
      if (away !== undefined) return disk.read(away);
      const found = present(path);
      if (found.entry.kind !== 'file') throw trouble('EISDIR', path);
      return contents.checkedOut(storedAt(found));
    },
    real: (path) => {
      const away = outside(path);
      return away === undefined ? present(path).path : disk.real(away);
    },
    exists: (path) => {
      const found = lookFor(path);
      return typeof found === 'string' ? disk.exists(found) : found !== undefined;
    },
    readAhead: (folder, endings) => {
      const found = lookFor(folder);
      if (found === undefined || typeof found === 'string') return;
      for (const [repository, files] of filesBelow(found)) contents.readAhead(repository, files);

      type Below = { readonly id: string; readonly path: string };
      function filesBelow(start: Found): ReadonlyMap<string, Below[]> {
        const files = new Map<string, Below[]>();
        const collect = (at: Found): void => {
          const { entry, path, repository } = at;
          const inside = entry.kind === 'submodule' ? path : repository;
          for (const [name, one] of filesOf(at).entries) {
            if (one.kind === 'file' && endings.some((ending) => name.toLowerCase().endsWith(ending))) {
              const of = files.get(inside) ?? [];
              of.push({ id: one.id, path: join(path, name) });
              files.set(inside, of);
            }
            if ((one.kind === 'folder' || one.kind === 'submodule') && name !== 'node_modules')
              collect({ entry: one, path: join(path, name), repository: inside });
          }
        };
        if (start.entry.kind !== 'file') collect(start);
        return files;
      }
    },
    linkAt: (path) => {
      try {
        const found = find(path, 'kept');
        return typeof found === 'object' && found.entry.kind === 'link' ? linkText(found) : undefined;
      } catch {
        return undefined;
      }
    },
    leftOut: contents.leftOut,
  };
}

function storedAt({ entry, path, repository }: Found): Parameters<Contents['raw']>[0] {
  return { id: entry.kind === 'file' || entry.kind === 'link' ? entry.id : '', path, repository };
}

/** The nearest folder that Git has something in. */
function topOf(real: string, disk: Disk): string | undefined {
  for (let folder = real; ; folder = dirname(folder)) {
    if (disk.exists(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

function entryNamed(name: string, { kind }: CommitEntry): DiskEntry {
  return {
    name,
    isDirectory: () => kind === 'folder' || kind === 'submodule',
    isFile: () => kind === 'file',
    isSymbolicLink: () => kind === 'link',
  };
}

/** Of a folder inside of another checkout Git would answer for that one; a link may lead anywhere. */
function isTopOfCheckout(path: string, disk: Disk): boolean {
  try {
    if (disk.real(path) !== path) return false;
  } catch {
    return false;
  }
  const asked = git(path, ['rev-parse', '--show-prefix']);
  return asked.kind === 'ended' && asked.status === 0 && asked.text.trim() === '';
}
