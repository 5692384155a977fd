import { realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Io, TreeRead } from '../../src/io/io.ts';
import { nodeIo, readFile } from '../../src/io/node.ts';
import { readTree } from '../../src/io/read-tree.ts';
import { writeFile } from '../../src/io/write-file.ts';

/** What a test's Io heard. */
export interface Heard {
  readonly io: Io;
  out(): string;
  err(): string;
  /** Written with `--output FORMAT=FILE` or `--out FILE`, or as manifests, and there for who reads them later. */
  readonly files: ReadonlyMap<string, string>;
  /** Those of them that nobody else may read. */
  readonly privateFiles: ReadonlySet<string>;
  interrupt(): void;
}

export interface FakeIo {
  /** Relative paths start here. */
  readonly cwd: string;
  /** A folder that `cwd` is in, of which real paths are known too; absent = `cwd`. */
  readonly top?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What is typed at the prompt, if anybody sits there. */
  readonly answer?: string;
  /** What standard input holds. */
  readonly input?: string;
  readonly columns?: number;
  /** Where edited manifests go; absent = `memory`, so that no case changes its input. */
  readonly writes?: 'memory' | 'disk';
  readonly now?: () => number;
  /** Called instead of waiting. */
  readonly wait?: (milliseconds: number) => Promise<void>;
  /** Written by commands before. */
  readonly files?: ReadonlyMap<string, string>;
}

/** An Io with real files below `cwd` and everything else in memory. No waiting takes time. */
export function fakeIo({
  cwd,
  top = cwd,
  env = {},
  answer,
  input = '',
  columns = 80,
  now = Date.now,
  wait,
  writes,
  files: before = new Map(),
}: FakeIo): Heard {
  const [out, err]: [string[], string[]] = [[], []];
  const files = new Map<string, string>();
  const privateFiles = new Set<string>();
  const callbacks = new Set<() => void>();
  const io: Io = {
    env,
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    terminal: { out: false, err: false, in: answer !== undefined, columns },
    // As in no repository.
    git: () => ({ kind: 'ended', status: 128, text: '' }),
    filesAt: () => undefined,
    readTree: (directory, endings, except = [], mark) =>
      moved(
        readTree(
          join(cwd, directory),
          endings,
          except.map((path) => join(cwd, path)),
          mark,
        ),
        cwd,
      ),
    realPath: (path) => {
      const at = join(cwd, path);
      // No checkout but the one of the case itself.
      return relative(top, at).startsWith('..') ? undefined : realPathOf(at);
    },
    linkAt: (path) => nodeIo().linkAt(join(cwd, path)),
    readInput: () => ({ kind: 'read', text: input }),
    readFile: (path) => {
      const text = files.get(path) ?? before.get(path);
      return text === undefined ? readFile(join(cwd, path)) : { kind: 'read', text };
    },
    writeFile: (path, text, how = {}) => {
      const { over = 'anything' } = how;
      if (writes === 'disk' && over !== 'anything') return writeFile(join(cwd, path), text, how);
      const found = over === 'anything' ? undefined : io.readFile(path);
      if (over === 'nothing' && found?.kind !== 'missing') return { kind: 'exists', why: 'it exists' };
      if (typeof over === 'object' && (found?.kind !== 'read' || found.text !== over.text))
        return { kind: 'changed', why: 'it was changed by others in the meantime' };
      files.set(path, text);
      if (how.private) privateFiles.add(path);
      return undefined;
    },
    removeFile: (path, isOld) => {
      const found = io.readFile(path);
      if (found.kind !== 'read' || !isOld(found.text)) return { kind: 'kept' };
      files.delete(path);
      return { kind: 'removed' };
    },
    openAppend: (path) => nodeIo().openAppend(join(cwd, path)),
    appendFile: (path, text) => {
      files.set(path, (files.get(path) ?? '') + text);
      return undefined;
    },
    drained: async () => ({}),
    ask: async (question) => {
      err.push(question, `${answer ?? ''}\n`);
      return answer;
    },
    now,
    tz: '2025c',
    platform: 'Node 24.1.0, linux x64',
    random: () => 0.5,
    wait: wait ?? (async () => {}),
    onInterrupt: (callback) => {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
  };
  return {
    io,
    out: () => out.join(''),
    err: () => err.join(''),
    files,
    privateFiles,
    interrupt: () => {
      for (const callback of callbacks) callback();
    },
  };
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function moved(tree: TreeRead, cwd: string): TreeRead {
  if (tree.kind !== 'read') return tree;
  const shorten = <T extends { readonly path: string }>(one: T): T => ({
    ...one,
    path: relative(cwd, one.path),
  });
  return {
    kind: 'read',
    files: tree.files.map(shorten),
    unreadable: tree.unreadable.map(shorten),
    unread: tree.unread.map(shorten),
    hidden: tree.hidden.map(shorten),
  };
}
