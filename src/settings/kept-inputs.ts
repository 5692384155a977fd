import type { Io } from '../io/io.ts';

/** A file that a run was told to write, and by which flag. */
export interface Target {
  readonly flag: string;
  readonly path: string;
}

type Disk = Pick<Io, 'readFile' | 'readTree' | 'realPath' | 'writeFile'>;

/**
 * The files of a run, none of which is both read and written over: one that is a target cannot be read, so that the run
 * ends before it has done anything, and then it is not written either. `inputs` reads what the run is about, for an end
 * that comes before that.
 */
export function keepingInputs(disk: Disk, targets: readonly Target[], inputs: (disk: Disk) => void): Disk {
  const { realPath } = disk;
  if (targets.length === 0) return disk;
  const read = new Set<string>();
  let looked = false;
  const placed = targets.flatMap((target) => {
    const real = realPath(target.path);
    return real === undefined ? [] : [{ ...target, real, name: nameOf(real) }];
  });
  /** Why a path is not read, if that is so. */
  const faultOf = (path: string): string | undefined => {
    const here = placed.filter(({ name }) => name === nameOf(path));
    const real = here.length === 0 ? undefined : realPath(path);
    const taken = here.find((target) => target.real === real);
    if (taken === undefined || real === undefined) return undefined;
    read.add(real);
    return `${taken.flag} would write over it`;
  };
  const keeping: Disk = {
    realPath,
    readFile: (path) => {
      const found = disk.readFile(path);
      const why = found.kind === 'read' ? faultOf(path) : undefined;
      return why === undefined ? found : { kind: 'unreadable', why };
    },
    readTree: (...where) => {
      const tree = disk.readTree(...where);
      if (tree.kind !== 'read') return tree;
      const taken = tree.files.flatMap(({ path }) => {
        const why = faultOf(path);
        return why === undefined ? [] : [{ path, why }];
      });
      if (taken.length === 0) return tree;
      const names = new Set(taken.map(({ path }) => path));
      return {
        ...tree,
        files: tree.files.filter(({ path }) => !names.has(path)),
        unreadable: [...tree.unreadable, ...taken],
      };
    },
    writeFile: (path, text, how = {}) => {
      const real = (how.over ?? 'anything') === 'anything' ? realPath(path) : undefined;
      if (real === undefined) return disk.writeFile(path, text, how);
      if (!looked) {
        looked = true;
        inputs(keeping);
      }
      return read.has(real)
        ? { kind: 'failed', why: 'it is read by this run' }
        : disk.writeFile(path, text, how);
    },
  };
  return keeping;
}

function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
