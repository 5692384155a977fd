import type { GitAnswer } from '../../io/io.ts';
import { parse } from '../../manifest/read/parse-file.ts';
import type { DeleteProof } from '../../model/plan.ts';

/** Asks Git about the directory of manifests. */
export type AskGit = (args: readonly string[]) => GitAnswer;

/** So many commits that changed the text of a name are looked at for the one that took its manifest away. */
const mostCommits = 20;

/**
 * What Git knows of schedules that no manifest names any more, by name. That the commit which is checked out has a
 * manifest is found by its text, so a name that is made of variables counts as never seen.
 */
export function deleteProofs(names: readonly string[], ask: AskGit): ReadonlyMap<string, DeleteProof> {
  const all = (proof: DeleteProof) => new Map(names.map((name) => [name, proof]));
  const top = ask(['rev-parse', '--is-shallow-repository', '--verify', 'HEAD']);
  if (top.kind === 'failed') return all({ kind: 'unknown' });
  if (top.status !== 0) return all({ kind: isUncommitted(ask) ? 'untracked' : 'unknown' });
  const tracked = ask(['ls-tree', '--name-only', 'HEAD', './']);
  const isShallow = top.text.startsWith('true');
  if (linesOf(tracked).length === 0 && linesOf(ask(['log', '-1', '--format=%H', '--', '.'])).length === 0)
    return all({ kind: 'untracked' });
  const committed = committedNames(names, ask);
  if (committed === undefined) return all({ kind: 'unknown' });
  return new Map(
    names.map((name) => {
      const path = committed.get(name);
      return [name, path === undefined ? removalOf(name, isShallow, ask) : { kind: 'committed', path }];
    }),
  );
}

/** Whether the directory is in no commit, whoever owns the repository: Git refuses to answer about a stranger's. */
function isUncommitted(ask: AskGit): boolean {
  const head = ask(['-c', 'safe.directory=*', 'rev-parse', '--quiet', '--verify', 'HEAD']);
  return head.kind === 'ended' && head.status !== 0;
}

/** The file of the checked out commit that has each name, as far as one has; undefined = Git could not say. */
function committedNames(names: readonly string[], ask: AskGit): ReadonlyMap<string, string> | undefined {
  const patterns = names.flatMap((name) => ['-e', name]);
  const found = ask(['grep', '-I', '-z', '--name-only', '-F', ...patterns, 'HEAD', '--', '.']);
  // 1 = none.
  if (found.kind === 'failed' || found.status > 1) return undefined;
  const at = new Map<string, string>();
  for (const place of found.text.split('\0').filter(Boolean)) {
    const path = place.slice('HEAD:'.length);
    const there = namesIn(path, ask(['show', `HEAD:./${path}`]));
    if (there === undefined) return undefined;
    for (const name of there) if (!at.has(name)) at.set(name, path);
  }
  return at;
}

/** The newest commit after which a manifest of this name was gone. */
function removalOf(name: string, isShallow: boolean, ask: AskGit): DeleteProof {
  const format = '--format=%H%x00%an%x00%aI%x00%s';
  const options = ['--no-ext-diff', '--no-textconv'];
  const log = ask(['log', `-${mostCommits}`, ...options, format, `-S${name}`, '--', '.']);
  if (log.kind === 'failed') return { kind: 'unknown' };
  for (const line of linesOf(log)) {
    const [commit = '', author = '', at = '', subject = ''] = line.split('\0');
    const had = hadIt(name, commit, ask);
    if (had === undefined) return { kind: 'unknown' };
    if (had) return { kind: 'removed', commit, subject, author, at };
  }
  return { kind: 'never', isShallow };
}

/** Whether some file had a manifest of the name before the commit, and no file that it touched has one after it; undefined = one cannot be read. */
function hadIt(name: string, commit: string, ask: AskGit): boolean | undefined {
  const listed = ask([
    'diff-tree',
    '-r',
    '-z',
    '--relative',
    '--no-commit-id',
    '--name-only',
    commit,
    '--',
    '.',
  ]);
  if (listed.kind === 'failed') return undefined;
  const paths = listed.text.split('\0').filter(Boolean);
  const has = (at: string): boolean | undefined => {
    const found = paths.map((path) => namesIn(path, ask(['show', `${at}:./${path}`])));
    if (found.some((names) => names?.includes(name))) return true;
    return found.includes(undefined) ? undefined : false;
  };
  const before = has(`${commit}^`);
  const after = before === true ? has(commit) : false;
  return after === undefined ? undefined : before === true ? !after : before;
}

/** Undefined when it is not text, or Git does not answer. */
function namesIn(path: string, shown: GitAnswer): readonly string[] | undefined {
  if (!/\.(?:ya?ml|json)$/i.test(path)) return [];
  if (shown.kind === 'failed') return undefined;
  if (shown.status !== 0) return [];
  return parse({ path, text: shown.text }).manifests.flatMap(({ value }) =>
    typeof value.name === 'string' ? [value.name] : [],
  );
}

function linesOf(answer: GitAnswer): readonly string[] {
  return answer.kind === 'ended' && answer.status === 0 ? answer.text.split('\n').filter(Boolean) : [];
}
