import { readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { wait } from './clock.ts';
import type { FileRead, Io, ReadFile, TreeRead } from './io.ts';
import { reasonOf } from './reasons.ts';
import { onInterrupt } from './signals.ts';
import { ask, terminal, writeErr, writeOut } from './terminal.ts';
import { appendFile, openAppend, writeFile } from './write-file.ts';

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
    realPath: (path) => realPath(path)[0],
    linkAt,
    readFile,
    writeFile,
    openAppend,
    appendFile,
    ask,
    now: () => Date.now(),
    random: () => Math.random(),
    wait,
    onInterrupt,
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
    // Its files may hold the token that checked it out, and a line of them must not end up in a report.
    if (real.split(sep).includes('.git')) {
      if (wanted || target.isDirectory())
        unreadable.push({ path: shown(path), why: "a link into Git's own files" });
      return;
    }
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

function isVisible(pathBelowRoot: string): boolean {
  const parts = pathBelowRoot.split(sep).filter(Boolean);
  return parts.every((part) => !part.startsWith('.') && part !== 'node_modules');
}

function shown(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/');
}
