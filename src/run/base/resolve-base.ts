import type { GitAnswer } from '../../io/io.ts';
import type { Config } from '../../model/config.ts';
import { refuse, type Settled, type UsageError } from '../../settings/settings.ts';
import type { Files, Run } from '../run.ts';

/** The commit that a plan without a server compares with. */
export type Base = {
  /** As it was typed. */
  readonly ref: string;
  /** Its whole hash. */
  readonly commit: string;
  /** It is where the history of `ref` and the checked out commit part. */
  readonly isMergeBase?: true;
};

export type AskGit = (args: readonly string[]) => GitAnswer;

const deepen =
  'fetch the history: `fetch-depth: 0` of actions/checkout, `GIT_DEPTH: 0` in GitLab, `git fetch --unshallow`';

/**
 * The commit that `--base REF` names. `REF...` is where REF and the checked out commit part, as in `git diff REF...`: what a
 * pull request or merge request shows.
 */
export function resolveBase(typed: string, ask: AskGit): Settled<Base> {
  const ref = typed.trim();
  const parts = ref.endsWith('...');
  const name = parts ? ref.slice(0, -3) : ref;
  if (name === '' || name.startsWith('-'))
    return refuse(
      `--base ${JSON.stringify(typed)} is not a commit`,
      'it looks like main, HEAD~1, a tag or a hash; `main...` is the merge base with main',
    );
  const commit = commitOf(name, ask);
  if (commit === undefined) return { ok: false, usage: whyNone(name, ask) };
  if (!parts) return { ok: true, value: { ref, commit } };
  const parted = ask(['merge-base', commit, 'HEAD']);
  const [found = ''] = parted.kind === 'ended' && parted.status === 0 ? parted.text.split('\n') : [];
  if (found === '')
    return refuse(
      `--base: ${JSON.stringify(name)} and the checked out commit have no commit in common here`,
      isShallow(ask) ? `this clone is shallow: ${deepen}` : 'name a commit of the same history',
    );
  // Where the history is cut, Git takes an older commit for the one where both part, and finds nothing wrong.
  if (isShallow(ask))
    return refuse(
      `--base: this clone is shallow, so the merge base with ${JSON.stringify(name)} is not certain`,
      deepen,
    );
  return { ok: true, value: { ref, commit: found, isMergeBase: true } };
}

/**
 * Why the files on disk cannot be held against a commit of this checkout: they are another checkout's, or Git keeps some of
 * them off the disk, which would look like deletes.
 */
export function checkoutFault(
  { git, realPath }: Pick<Files, 'git' | 'realPath'>,
  env: Run['env'],
  { directory, overlays, file }: Pick<Config, 'directory' | 'overlays' | 'file'>,
): UsageError | undefined {
  const topOf = (place: string): string | undefined => {
    const asked = git(place, ['rev-parse', '--show-toplevel']);
    return asked.kind === 'ended' && asked.status === 0 ? asked.text.trimEnd() : undefined;
  };
  // With this Git looks for no repository.
  const here = env.GIT_DIR === undefined ? realPath('.') : undefined;
  let top: string | undefined;
  const places = [directory, ...(overlays === undefined ? [] : [overlays])];
  const configured =
    file === undefined ? [] : [file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.'];
  for (const place of [...places, ...configured]) {
    if (here !== undefined && isPlainlyIn(here, place, realPath)) continue;
    top ??= topOf('.');
    const other = topOf(place);
    // What is not there is reported by who reads it.
    if (other !== undefined && other !== top)
      return {
        message: `--base: ${place} is not part of the checkout in the working directory`,
        hint: 'run it in the checkout that the manifests and the configuration belong to',
      };
  }
  const listed = git('.', ['ls-files', '-t', '--', ...places]);
  const left =
    listed.kind === 'ended' && listed.status === 0
      ? listed.text.split('\n').find((line) => line.startsWith('S '))
      : undefined;
  return left === undefined
    ? undefined
    : {
        message: `--base: Git keeps ${left.slice(2)} off the disk (a sparse checkout, or skip-worktree)`,
        hint: 'check out the whole directory of manifests: `git sparse-checkout disable`',
      };
}

/**
 * Whether Git, which looks for its repository in a directory and then in those above, comes by `here` from a place without
 * having found one: that spares asking it twice.
 */
function isPlainlyIn(here: string, place: string, realPath: Files['realPath']): boolean {
  const real = realPath(place);
  if (real === undefined || (real !== here && !real.startsWith(`${here}/`))) return false;
  for (let at = real; at !== here; at = at.slice(0, at.lastIndexOf('/')))
    if (realPath(`${at}/.git`) !== undefined) return false;
  return true;
}

function whyNone(name: string, ask: AskGit): UsageError {
  const inside = ask(['rev-parse', '--is-inside-work-tree']);
  if (inside.kind === 'failed')
    return { message: '--base needs Git', hint: 'install it, or plan against a server' };
  if (inside.status !== 0)
    return {
      message: '--base needs a Git repository, and Git finds none here',
      hint: 'run it in a checkout; if another user owns the checkout, run `git config --global --add safe.directory DIR`',
    };
  const remote = `origin/${name}`;
  const hint =
    commitOf(remote, ask) !== undefined
      ? `did you mean ${remote}?`
      : isShallow(ask)
        ? `this clone is shallow: ${deepen}`
        : 'fetch it first, or check the spelling';
  return { message: `--base: commit ${JSON.stringify(name)} not found`, hint };
}

function isShallow(ask: AskGit): boolean {
  const asked = ask(['rev-parse', '--is-shallow-repository']);
  return asked.kind === 'ended' && asked.text.startsWith('true');
}

function commitOf(name: string, ask: AskGit): string | undefined {
  const asked = ask(['rev-parse', '--quiet', '--verify', '--end-of-options', `${name}^{commit}`]);
  const [commit = ''] = asked.kind === 'ended' && asked.status === 0 ? asked.text.split('\n') : [];
  return /^[0-9a-f]{40,64}$/.test(commit) ? commit : undefined;
}
