import type { CommitFiles } from '../../io/io.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';

/** So many paths are named. */
export const mostReasons = 5;

/** What the checkout lacks, with what to do about it. */
export function leftOutTexts(files: CommitFiles, problems: readonly LocatedDiagnostic[]): readonly string[] {
  const out = files.leftOut();
  const blobs = out.filter(({ why }) => why === 'partial-clone').map(({ path }) => path);
  const filtered = out.flatMap((one) => (one.why === 'filter' ? [`${one.path} (${one.filter})`] : []));
  const submodules = problems.flatMap(({ diagnostic: { code, args } }) =>
    code === 'not-read' && 'fault' in args && args.fault === 'empty-submodule' && 'path' in args
      ? [String(args.path)]
      : [],
  );
  return [
    ...listing(
      blobs,
      'this is a partial clone without the older content of',
      '`git fetch --refetch --no-filter` gets it',
    ),
    ...listing(
      submodules,
      'not checked out, or without the commit of the base: the submodule',
      '`git submodule update --init`, then `git fetch` in it',
    ),
    ...listing(
      filtered,
      'a filter of Git changes at checkout',
      'what a checkout of the base would have is not known',
    ),
  ];
}

function listing(paths: readonly string[], what: string, hint: string): readonly string[] {
  if (paths.length === 0) return [];
  const rest = paths.length - mostReasons;
  return [`${what} ${paths.slice(0, mostReasons).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}: ${hint}`];
}
