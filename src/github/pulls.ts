import { isObject, type JsonObject } from '../model/json.ts';
import type { Github, Outcome } from './rest.ts';

/** The pull request whose merge brought a commit onto a branch, as far as GitHub's answer tells. */
export type MergedPull =
  /** `by`: its merge made the commit; or it is the only merged one that lists it, and GitHub left out the merge commit. */
  | { readonly kind: 'found'; readonly number: number; readonly by: 'merge commit' | 'listing' }
  /** `leftOut`: fields that GitHub's answer lacks, without which a pull request may have been overlooked. */
  | { readonly kind: 'none'; readonly leftOut: readonly string[] };

/**
 * Looks among the pull requests that list the commit for those that were merged into this branch of this repository. A
 * push of several merges at once, as by a merge queue, ends with the last one's.
 */
export async function mergedPull(
  github: Github,
  repository: string,
  { sha, branch }: { readonly sha: string; readonly branch: string },
): Promise<Outcome<MergedPull>> {
  const found = await github.list(`/repos/${repository}/commits/${sha}/pulls`);
  return found.ok ? { ok: true, value: pullAmong(found.value, repository, { sha, branch }) } : found;
}

function pullAmong(
  pulls: readonly JsonObject[],
  repository: string,
  { sha, branch }: { readonly sha: string; readonly branch: string },
): MergedPull {
  const merged = pulls.filter(
    ({ merged_at, base }) =>
      typeof merged_at === 'string' && nameOf(base) === repository && isObject(base) && base.ref === branch,
  );
  const exact = onlyOne(merged.filter(({ merge_commit_sha }) => merge_commit_sha === sha));
  if (exact !== undefined) return { kind: 'found', number: exact, by: 'merge commit' };
  const unknown = merged.filter(({ merge_commit_sha }) => typeof merge_commit_sha !== 'string');
  const listed = merged.length === unknown.length ? onlyOne(unknown) : undefined;
  if (listed !== undefined) return { kind: 'found', number: listed, by: 'listing' };
  const leftOut = [
    ...(unknown.length > 0 ? ['merge_commit_sha'] : []),
    ...(pulls.some(({ base }) => !isObject(base) || typeof base.ref !== 'string') ? ['base.ref'] : []),
  ];
  return { kind: 'none', leftOut };
}

function onlyOne(pulls: readonly JsonObject[]): number | undefined {
  const number = pulls.length === 1 ? pulls[0]?.number : undefined;
  return typeof number === 'number' ? number : undefined;
}

/** A fork's own pull requests are listed with a commit too. */
function nameOf(base: JsonObject[string] | undefined): unknown {
  const repo = isObject(base) ? base.repo : undefined;
  return isObject(repo) ? repo.full_name : undefined;
}
