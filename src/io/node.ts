import { readFileSync, readlinkSync } from 'node:fs';
import { wait } from './clock.ts';
import { commitFiles } from './commit-files.ts';
import { fileOn, realDisk, realPathOn } from './disk.ts';
import { git } from './git-process.ts';
import type { FileRead, Io } from './io.ts';
import { readTree } from './read-tree.ts';
import { onInterrupt } from './signals.ts';
import { ask, drained, terminal, writeErr, writeOut } from './terminal.ts';
import { appendFile, openAppend, removeFile, writeFile } from './write-file.ts';

/**
 * The real world: this process's environment, streams, files, clock and signals. `onFiles` hears how many files a directory
 * has, before anything is made of them.
 */
export function nodeIo(onFiles: (count: number) => void = () => {}): Io {
  return {
    env: process.env,
    out: writeOut,
    err: writeErr,
    get terminal() {
      return terminal();
    },
    readTree: (...args) => {
      const tree = readTree(...args);
      if (tree.kind === 'read') onFiles(tree.files.length);
      return tree;
    },
    git,
    filesAt: (commit, texts) => commitFiles('.', commit, texts),
    realPath: (path) => realPathOn(realDisk, path),
    linkAt,
    readFile,
    readInput: () => fileOn({ ...realDisk, read: () => readFileSync(0) }, '-'),
    writeFile,
    removeFile,
    openAppend,
    appendFile,
    drained,
    ask,
    now: () => Date.now(),
    tz: process.versions.tz,
    platform: `Node ${process.versions.node}, ${process.platform} ${process.arch}`,
    random: () => Math.random(),
    wait,
    onInterrupt,
  };
}

/** One file, as UTF-8 text. */
export function readFile(path: string): FileRead {
  return fileOn(realDisk, path);
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
