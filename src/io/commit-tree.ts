import { utf8Text } from '../model/text/utf8.ts';
import { gitBytes } from './git-process.ts';

/** What a commit has at a path. A submodule is a folder whose files another repository has. */
export type CommitEntry =
  | { readonly kind: 'folder'; readonly entries: Map<string, CommitEntry> }
  | { readonly kind: 'file' | 'link'; readonly id: string }
  | { readonly kind: 'submodule'; readonly id: string };

export type CommitFolder = Extract<CommitEntry, { readonly kind: 'folder' }>;

export function emptyFolder(): CommitFolder {
  return { kind: 'folder', entries: new Map() };
}

const submodule = '160000';
const link = '120000';

/** All that a commit has, by its hash; undefined when the repository of a directory does not have it whole. */
export function commitTree(directory: string, commit: string): CommitFolder | undefined {
  const listed = gitBytes(directory, ['ls-tree', '-r', '-z', '--full-tree', commit]);
  if (listed === undefined || listed.status !== 0) return undefined;
  const top = emptyFolder();
  for (const entry of entriesIn(listed.bytes)) {
    // Of a name that is not UTF-8 the letters are not known, only that it is there.
    const [, mode = '', id = '', path = ''] =
      /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(utf8Text(entry) ?? ascii(entry)) ?? [];
    if (path === '') continue;
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    const kind = mode === submodule ? 'submodule' : mode === link ? 'link' : 'file';
    folderAt(top, parts).entries.set(name, { kind, id });
  }
  return top;
}

/** Each ends in a zero. */
function* entriesIn(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let from = 0, to = bytes.indexOf(0); to >= 0; from = to + 1, to = bytes.indexOf(0, from))
    yield bytes.subarray(from, to);
}

/** With `?` for what is none. */
function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.map((byte) => (byte < 128 ? byte : 63)));
}

/** The folder at some names below another, made where there is none. */
export function folderAt(top: CommitFolder, names: readonly string[]): CommitFolder {
  let at = top;
  for (const name of names) {
    const found = at.entries.get(name);
    const next = found?.kind === 'folder' ? found : emptyFolder();
    if (found !== next) at.entries.set(name, next);
    at = next;
  }
  return at;
}

/**
 * The bytes of some blobs, in one process. What a partial clone left out is missing from the answer; undefined = Git did
 * not answer.
 */
export function blobs(directory: string, ids: Iterable<string>): ReadonlyMap<string, Uint8Array> | undefined {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const answer = gitBytes(directory, ['cat-file', '--batch'], `${wanted.join('\n')}\n`);
  if (answer === undefined) return undefined;
  const bytes = Buffer.from(answer.bytes.buffer, answer.bytes.byteOffset, answer.bytes.byteLength);
  const found = new Map<string, Uint8Array>();
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf('\n', at);
    if (end < 0) break;
    const [id = '', kind, size] = ascii(bytes.subarray(at, end)).split(' ');
    at = end + 1;
    if (kind !== 'blob' || size === undefined) continue;
    found.set(id, bytes.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return found;
}
