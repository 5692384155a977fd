import { commitDisk } from './commit-disk.ts';
import { fileOn, realDisk, realPathOn } from './disk.ts';
import type { CommitFiles } from './io.ts';
import { readTreeOn } from './read-tree.ts';

/** The files of a commit of the checkout that `cwd` is in: see `Io.filesAt`. */
export function commitFiles(
  cwd: string,
  commit: string,
  texts: () => Iterable<string> = () => [],
): CommitFiles | undefined {
  const disk = commitDisk(cwd, commit, realDisk, texts);
  if (disk === undefined) return undefined;
  return {
    readTree: (directory, endings, except, mark) => {
      disk.readAhead(directory, endings);
      return readTreeOn(disk, directory, endings, except, mark);
    },
    readFile: (path) => fileOn(disk, path),
    realPath: (path) => realPathOn(disk, path),
    linkAt: disk.linkAt,
    leftOut: disk.leftOut,
  };
}
