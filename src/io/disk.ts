import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { utf8Text } from '../model/text/utf8.ts';
import type { FileRead } from './io.ts';
import { notUtf8, reasonOf } from './reasons.ts';

/** What a walk over files takes; paths are relative to the working directory or absolute. */
export type Disk = {
  /** What a path leads to, through links; undefined = nothing. */
  readonly stat: (path: string) => Pick<DiskEntry, 'isDirectory' | 'isFile'> | undefined;
  /** What is in a folder. Throws as Node does. */
  readonly list: (folder: string) => readonly DiskEntry[];
  /** The bytes of a file. Throws as Node does. */
  readonly read: (path: string) => Uint8Array;
  /** The absolute path without links and dots. Throws as Node does. */
  readonly real: (path: string) => string;
  readonly exists: (path: string) => boolean;
};

/** An entry of a folder as it is there: a link is neither a directory nor a file. */
export type DiskEntry = {
  readonly name: string;
  isDirectory(): boolean;
  isFile(): boolean;
  isSymbolicLink(): boolean;
};

export const realDisk: Disk = {
  stat: (path) => {
    try {
      return statSync(path, { throwIfNoEntry: false });
    } catch (error) {
      // Versions of Node differ in whether a path through a file throws; there is nothing.
      if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
      throw error;
    }
  },
  list: (folder) => readdirSync(folder, { withFileTypes: true }),
  read: (path) => readFileSync(path),
  real: (path) => realpathSync(path),
  exists: existsSync,
};

/** One object for all files: Node copies the name of an encoding into a new one each time. */
const asText = { encoding: 'utf8', flag: 'r' } as const;

/** The text of a file; undefined when it is not UTF-8. Throws as Node does. */
export function textOn(disk: Disk, path: string): string | undefined {
  if (disk === realDisk) {
    // Node reads text in one call, and puts this character in the place of what is not UTF-8.
    const text = readFileSync(path, asText);
    if (!text.includes('\ufffd')) return text;
  }
  return utf8Text(disk.read(path));
}

/** One file, as UTF-8 text. */
export function fileOn(disk: Disk, path: string): FileRead {
  try {
    const text = textOn(disk, path);
    return text === undefined ? { kind: 'unreadable', why: notUtf8 } : { kind: 'read', text };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EISDIR') return { kind: 'directory' };
    return code === 'ENOENT' ? { kind: 'missing' } : { kind: 'unreadable', why: reasonOf(error) };
  }
}

/** Undefined when there is nothing. */
export function realPathOn(disk: Disk, path: string): string | undefined {
  try {
    return disk.real(path);
  } catch {
    return undefined;
  }
}
