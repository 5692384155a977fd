import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { utf8Text } from '../model/text/utf8.ts';
import { wait } from './clock.ts';
import { git } from './git-process.ts';
import type { FileRead, Io } from './io.ts';
import { readTree } from './read-tree.ts';
import { notUtf8, reasonOf } from './reasons.ts';
import { onInterrupt } from './signals.ts';
import { ask, drained, terminal, writeErr, writeOut } from './terminal.ts';
import { appendFile, openAppend, removeFile, writeFile } from './write-file.ts';

/** The real world: this process's environment, streams, files, clock and signals. */
export function nodeIo(): Io {
  return {
    env: process.env,
    out: writeOut,
    err: writeErr,
    get terminal() {
      return terminal();
    },
    readTree,
    git,
    realPath: (path) => realPath(path)[0],
    linkAt,
    readFile,
    writeFile,
    removeFile,
    openAppend,
    appendFile,
    drained,
    ask,
    now: () => Date.now(),
    tz: process.versions.tz,
    random: () => Math.random(),
    wait,
    onInterrupt,
  };
}

/** One file, as UTF-8 text. */
export function readFile(path: string): FileRead {
  try {
    const text = utf8Text(readFileSync(path));
    return text === undefined ? { kind: 'unreadable', why: notUtf8 } : { kind: 'read', text };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EISDIR') return { kind: 'directory' };
    return code === 'ENOENT' ? { kind: 'missing' } : { kind: 'unreadable', why: reasonOf(error) };
  }
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Empty when there is nothing. */
function realPath(path: string): readonly string[] {
  try {
    return [realpathSync(path)];
  } catch {
    return [];
  }
}
