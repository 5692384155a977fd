import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { utf8Text } from '../model/text/utf8.ts';
import type { CommitFolder } from './commit-tree.ts';
import { gitBytes } from './git-process.ts';

/** What Git does to a file on the way from a commit into a checkout, beside its line breaks. */
export type Conversion = {
  /** `$Id$` in it gets the hash of the file. */
  readonly ident?: true;
  /** The program that changes it, as the configuration of Git names it. */
  readonly filter?: string;
};

export type Attributes = {
  /** Of a path from the top of the repository. */
  readonly of: (path: string) => Conversion;
  /** Asks for many paths at once. */
  readonly readAhead: (paths: readonly string[]) => void;
};

const none: Conversion = {};

/** The attributes that a commit gives to its files; older versions of Git say what the checkout gives them. */
export function attributesIn(repository: string, commit: string, tree: CommitFolder): Attributes {
  const known = new Map<string, Conversion>();
  let asks: boolean | undefined;
  const drivers = new Map<string, boolean>();
  const isRun = (driver: string): boolean => {
    const found =
      drivers.get(driver) ??
      ['smudge', 'process'].some((what) => {
        const asked = gitBytes(repository, ['config', '--get', `filter.${driver}.${what}`]);
        return asked?.status === 0 && asked.bytes.length > 1;
      });
    drivers.set(driver, found);
    return found;
  };
  const readAhead = (paths: readonly string[]): void => {
    asks ??= namesAny(tree) || hasOwnAttributes(repository);
    if (!asks || paths.length === 0) return;
    const answer = gitBytes(
      repository,
      ['check-attr', '-z', '--stdin', 'ident', 'filter'],
      paths.map((path) => `${path}\0`).join(''),
      { GIT_ATTR_SOURCE: commit },
    );
    const words = (answer?.status === 0 ? utf8Text(answer.bytes) : undefined)?.split('\0') ?? [];
    for (let at = 0; at + 2 < words.length; at += 3) {
      const [path = '', attribute, value = ''] = words.slice(at, at + 3);
      const before = known.get(path) ?? none;
      if (attribute === 'ident' && value === 'set') known.set(path, { ...before, ident: true });
      else if (attribute === 'filter' && !['unspecified', 'unset', 'set'].includes(value) && isRun(value))
        known.set(path, { ...before, filter: value });
      else known.set(path, before);
    }
  };
  return {
    readAhead,
    of: (path) => {
      if (!known.has(path)) {
        readAhead([path]);
        known.set(path, known.get(path) ?? none);
      }
      return known.get(path) ?? none;
    },
  };
}

/** Beside those of the commit. */
function hasOwnAttributes(repository: string): boolean {
  const asked = gitBytes(repository, ['rev-parse', '--git-path', 'info/attributes']);
  const path = asked?.status === 0 ? utf8Text(asked.bytes)?.trimEnd() : undefined;
  return path !== undefined && existsSync(resolve(repository, path));
}

function namesAny({ entries }: CommitFolder): boolean {
  return [...entries].some(
    ([name, entry]) => name === '.gitattributes' || (entry.kind === 'folder' && namesAny(entry)),
  );
}

/** As Git writes `$Id$` into a checkout; one of another system, with spaces in it, stays. */
export function identified(bytes: Uint8Array, id: string): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return Buffer.from(text.replace(/\$Id(?:: ?[^ $\n]* ?)?\$/g, `$$Id: ${id} $$`), 'latin1');
}
