import type { AskGit } from './resolve-base.ts';

/**
 * Where a commit has the manifests of a directory that is empty there.
 * - `nowhere`: every manifest that it has is still where it was, so those of the directory are new
 * - `at`: most of the files that are gone since have come to the directory, from this one
 * - `unknown`: manifests are gone since, and nothing tells whether they are these; undefined = Git did not answer
 */
export type OlderPlace =
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'at'; readonly directory: string }
  | { readonly kind: 'unknown'; readonly gone?: readonly string[] };

type Question = {
  readonly commit: string;
  /** Paths of the manifests that are there now, below the directory. */
  readonly here: readonly string[];
  readonly ask: AskGit;
  /** Whether something is at a path now, relative to the working directory. */
  readonly exists: (path: string) => boolean;
  /** Files and directories of the commit that are not manifests. */
  readonly noManifests: readonly string[];
};

/** Looks for files that look like manifests in the whole commit; what is in dot folders is none. */
export function olderPlace(question: Question): OlderPlace {
  const paths = manifestsOf(question);
  if (paths === undefined) return { kind: 'unknown' };
  const gone = paths.filter((path) => !question.exists(path));
  if (gone.length === 0) return { kind: 'nowhere' };
  const from = cameFrom(gone, new Set(question.here));
  return from === undefined ? { kind: 'unknown', gone } : { kind: 'at', directory: from };
}

/** Of a name that a commit has at other places only, those that nothing is at any more; undefined = Git did not answer. */
export function goneNamesakes(
  name: string,
  { commit, ask, exists }: Pick<Question, 'commit' | 'ask' | 'exists'>,
): readonly string[] | undefined {
  const listed = ask(['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit]);
  if (listed.kind === 'failed' || listed.status !== 0) return undefined;
  return fromHere(
    listed.text.split('\0').filter((path) => path === name || path.endsWith(`/${name}`)),
    ask,
  )?.filter((path) => !exists(path));
}

function manifestsOf({ commit, ask, noManifests }: Question): readonly string[] | undefined {
  const found = ask([
    ...['grep', '-l', '-z', '--full-name', '--fixed-strings', '-e', 'startWorkflowRequest', commit, '--'],
    ...['yaml', 'yml', 'json'].map((ending) => `:(top,icase)*.${ending}`),
  ]);
  if (found.kind === 'failed' || found.status > 1) return undefined;
  const paths = found.text
    .split('\0')
    .flatMap((line) => (line.startsWith(`${commit}:`) ? [line.slice(commit.length + 1)] : []))
    .filter((path) => !path.split('/').some((part) => part.startsWith('.') || part === 'node_modules'));
  const isOne = (path: string): boolean =>
    !noManifests.some((other) => path === other || path.startsWith(`${other}/`));
  return fromHere(paths, ask)?.filter(isOne);
}

/** Paths from the top of the checkout, as they are from the working directory. */
function fromHere(paths: readonly string[], ask: AskGit): readonly string[] | undefined {
  if (paths.length === 0) return [];
  const asked = ask(['rev-parse', '--show-prefix', '--show-cdup']);
  if (asked.kind === 'failed' || asked.status !== 0) return undefined;
  const [prefix = '', up = ''] = asked.text.split('\n');
  return paths.map((path) => (path.startsWith(prefix) ? path.slice(prefix.length) : `${up}${path}`));
}

/** The one directory below which most files, of those that are gone or of those that are here, had the same path. */
function cameFrom(gone: readonly string[], here: ReadonlySet<string>): string | undefined {
  const counts = new Map<string, number>();
  for (const path of gone) {
    const parts = path.split('/');
    for (let at = 0; at < parts.length; at += 1) {
      if (!here.has(parts.slice(at).join('/'))) continue;
      const directory = parts.slice(0, at).join('/') || '.';
      counts.set(directory, (counts.get(directory) ?? 0) + 1);
    }
  }
  const [first, second] = [...counts].sort(([, a], [, b]) => b - a);
  if (first === undefined || first[1] === second?.[1]) return undefined;
  const [directory, count] = first;
  return count * 2 > Math.min(gone.length, here.size) ? directory : undefined;
}
