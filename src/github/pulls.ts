import { isObject, type JsonObject } from '../model/json.ts';
import type { Github, Outcome } from './rest.ts';

/**
 * The number of the pull request whose merge made this commit; undefined when it came another way. A push of several
 * merges at once, as by a merge queue, ends with the last one's.
 */
export async function mergedPull(
  github: Github,
  repository: string,
  sha: string,
): Promise<Outcome<number | undefined>> {
  const found = await github.list(`/repos/${repository}/commits/${sha}/pulls`);
  if (!found.ok) return found;
  const merged = found.value.filter((pull) => isMergedHere(pull, repository));
  const exact = merged.filter((pull) => pull.merge_commit_sha === sha);
  const number = (exact.length === 1 ? exact[0] : undefined)?.number;
  return { ok: true, value: typeof number === 'number' ? number : undefined };
}

/** Merged into this repository: a fork's own pull requests are listed with a commit too. */
function isMergedHere(pull: JsonObject, repository: string): boolean {
  const base = isObject(pull.base) ? pull.base.repo : undefined;
  return typeof pull.merged_at === 'string' && isObject(base) && base.full_name === repository;
}
