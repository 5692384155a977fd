import {
  accessSync,
  appendFileSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import type { FileCreated, FileRead, Io, ReadFile, TreeRead } from './io.ts';

/** The real world: this process's environment, streams, files, clock and signals. */
export function nodeIo(): Io {
  // The streams are opened when they are used: opening all of them is a good part of what `--version` costs.
  return {
    env: process.env,
    out: writerTo(() => process.stdout),
    err: writerTo(() => process.stderr),
    get terminal() {
      const { stdin, stdout, stderr } = process;
      return {
        out: stdout.isTTY === true,
        err: stderr.isTTY === true,
        in: stdin.isTTY === true,
        columns: stdout.columns || stderr.columns || 80,
      };
    },
    readTree,
    readFile,
    writeFile,
    writeDurably: (path, text) => writeWhole(path, text, { durably: true }),
    openAppend,
    createFile,
    appendFile,
    replaceFile,
    ask: async (question) => {
      const { createInterface } = await import('node:readline/promises');
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return await lines.question(question);
      } catch {
        return undefined;
      } finally {
        lines.close();
      }
    },
    now: () => Date.now(),
    random: () => Math.random(),
    wait,
    onInterrupt,
  };
}

function writerTo(open: () => NodeJS.WriteStream): (text: string) => void {
  let stream: NodeJS.WriteStream | undefined;
  return (text) => {
    if (stream === undefined) {
      stream = open();
      // A reader that went away (`downbeat plan | head`) is no error of ours.
      stream.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE') throw error;
      });
    }
    stream.write(text);
  };
}

/** Reads in one go: for thousands of small files synchronous reads are several times faster than queued ones. */
export function readTree(
  directory: string,
  endings: readonly string[],
  except: readonly string[] = [],
): TreeRead {
  const stat = statSync(directory, { throwIfNoEntry: false });
  if (stat === undefined) return { kind: 'missing' };
  if (!stat.isDirectory()) return { kind: 'not-a-directory' };
  const root = realpathSync(directory);
  const files: ReadFile[] = [];
  const unreadable: { path: string; why: string }[] = [];
  const decoder = utf8();
  const skipped = new Set(except.flatMap(realPath));
  const skippedNames = new Set([...skipped].map((path) => basename(path)));
  const followed = new Set<string>();

  const attempt = (path: string, action: () => void): void => {
    try {
      action();
    } catch (error) {
      unreadable.push({ path: shown(path), why: reasonOf(error) });
    }
  };
  const readOne = (path: string): void => {
    attempt(path, () => files.push({ path: shown(path), text: decoder.decode(readFileSync(path)) }));
  };
  const walk = (folder: string): void => {
    attempt(folder, () => {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        const wanted = endings.some((ending) => entry.name.endsWith(ending));
        if (skippedNames.has(entry.name) && realPath(path).some((real) => skipped.has(real))) continue;
        if (entry.isSymbolicLink()) attempt(path, () => followLink(path, wanted));
        else if (entry.isDirectory()) enter(entry.name, path);
        else if (entry.isFile() && wanted) readOne(path);
      }
    });
  };
  const enter = (name: string, path: string): void => {
    if (!name.startsWith('.') && name !== 'node_modules') walk(path);
  };
  // A target in a visible place of the directory is walked anyway, one outside is not ours. What is left are links
  // into dot folders, which is how Kubernetes mounts a ConfigMap.
  const followLink = (path: string, wanted: boolean): void => {
    const target = statSync(path, { throwIfNoEntry: false });
    if (target === undefined) {
      if (wanted) unreadable.push({ path: shown(path), why: 'a link that leads nowhere' });
      return;
    }
    const real = realpathSync(path);
    if (!real.startsWith(root + sep) || isVisible(real.slice(root.length)) || followed.has(real)) return;
    followed.add(real);
    if (target.isDirectory()) enter(basename(path), path);
    else if (target.isFile() && wanted) readOne(path);
  };

  walk(directory);
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { kind: 'read', files, unreadable };
}

/** One file, as UTF-8 text. */
export function readFile(path: string): FileRead {
  try {
    return { kind: 'read', text: utf8().decode(readFileSync(path)) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EISDIR') return { kind: 'directory' };
    return code === 'ENOENT' ? { kind: 'missing' } : { kind: 'unreadable', why: reasonOf(error) };
  }
}

function utf8(): InstanceType<typeof TextDecoder> {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
}

/** Empty when there is nothing. */
function realPath(path: string): readonly string[] {
  try {
    return [realpathSync(path)];
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

function reasonOf(error: unknown): string {
  if (error instanceof TypeError) return 'not UTF-8 text';
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  return code ?? String(error);
}

/** One file; a `private` one only its owner may read. Returns why it could not be written. */
export function writeFile(path: string, text: string, access?: 'private'): string | undefined {
  return writeWhole(path, text, access === 'private' ? { mode: 0o600 } : {});
}

/** Whole or not at all: by way of a temporary file beside it, which takes the place of the old one in one step. */
function writeWhole(
  path: string,
  text: string,
  options: { durably?: true; mode?: number },
): string | undefined {
  const { durably = false, ...mode } = options;
  const temporary = join(dirname(path), `.downbeat-${crypto.randomUUID()}`);
  try {
    writeFileSync(temporary, text, { flush: durably, ...mode });
    renameSync(temporary, path);
    // The new name is an entry of the directory, which is written by itself. Windows cannot be asked to.
    if (durably && sep === '/') flushed(dirname(path));
    return undefined;
  } catch (error) {
    rmSync(temporary, { force: true });
    return reasonOf(error);
  }
}

function flushed(directory: string): void {
  const opened = openSync(directory, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

const openAppend: Io['openAppend'] = (path) => {
  try {
    const file = openSync(path, 'a');
    return {
      kind: 'open',
      append: (text) => {
        const bytes = Buffer.from(text);
        for (let from = 0; from < bytes.length; ) from += writeSync(file, bytes, from);
      },
      close: () => closeSync(file),
    };
  } catch (error) {
    return { kind: 'failed', why: reasonOf(error) };
  }
};
/** Made in one step with the look whether it is there, so that nobody's file is ever replaced. */
export function createFile(path: string, text: string): FileCreated {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    return { kind: 'failed', why: reasonOf(error) };
  }
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return { kind: 'created' };
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
    return isThere ? { kind: 'kept' } : { kind: 'failed', why: reasonOf(error) };
  }
}

function appendFile(path: string, text: string): string | undefined {
  try {
    appendFileSync(path, text);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

export function replaceFile(path: string, before: string | undefined, text: string): string | undefined {
  try {
    if (before === undefined) mkdirSync(dirname(path), { recursive: true });
    // Renamed over a link, the file would take its place.
    const target = before === undefined ? path : realpathSync(path);
    const temporary = join(dirname(target), `.downbeat-${crypto.randomUUID()}`);
    try {
      writeFileSync(temporary, text, { flush: true, ...(before === undefined ? {} : modeOf(target)) });
      if (before === undefined) return putNew(temporary, path);
      const there = readFile(target);
      if (there.kind !== 'read' || there.text !== before) return 'it was changed by others in the meantime';
      renameSync(temporary, target);
      return undefined;
    } finally {
      rmSync(temporary, { force: true });
    }
  } catch (error) {
    const isGone = before !== undefined && (error as NodeJS.ErrnoException).code === 'ENOENT';
    return isGone ? 'it is not there any more' : reasonOf(error);
  }
}

/** A link, unlike a rename, fails when there is something already. */
function putNew(temporary: string, path: string): string | undefined {
  try {
    linkSync(temporary, path);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return 'there is a file of this name already';
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    // A file system without links.
    copyFileSync(temporary, path, constants.COPYFILE_EXCL);
    return undefined;
  }
}

function modeOf(path: string): { readonly mode: number } {
  const { mode } = statSync(path);
  // A file that must not be written is not, although its directory could be.
  accessSync(path, constants.W_OK);
  return { mode: mode & 0o777 };
}

function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    if (signal?.aborted) done();
    else signal?.addEventListener('abort', done);
  });
}

function onInterrupt(callback: () => void): () => void {
  const names = ['SIGINT', 'SIGTERM'] as const;
  const handle = (): void => {
    // With no handler left, the next signal does what it does by default: it ends the process.
    takeBack();
    callback();
  };
  const takeBack = (): void => {
    for (const name of names) process.removeListener(name, handle);
  };
  for (const name of names) process.on(name, handle);
  return takeBack;
}
