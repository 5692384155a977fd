import { type Authored, ownOf } from './authored.ts';
import type { Github, Outcome } from './rest.ts';

/** Where our comments are and how they are known. */
export interface Thread {
  /** `owner/name`. */
  readonly repository: string;
  /** Of the pull request. */
  readonly number: number;
  /** With which the comment begins; not visible. */
  readonly header: string;
  /** Ours. */
  readonly login: string;
}

/** Our comments with this header, oldest first. */
export async function ownComments(github: Github, thread: Thread): Promise<Outcome<readonly Authored[]>> {
  const { repository, number } = thread;
  const found = await github.list(`/repos/${repository}/issues/${number}/comments`);
  return found.ok ? { ok: true, value: ownOf(found.value, 'id', thread) } : found;
}

/**
 * - `upsert`: one comment, kept up to date
 * - `changes-only`: the same, but the first one is written only when there is something to say
 * - `always-new`: one for each run
 */
export type CommentMode = 'upsert' | 'changes-only' | 'always-new';

export type Commented = 'created' | 'updated' | 'unchanged' | 'nothing to say';

/** Writes the comment. One whose answer got lost is looked for before it is written again. */
export async function comment(
  github: Github,
  thread: Thread,
  { body, mode, quiet }: { readonly body: string; readonly mode: CommentMode; readonly quiet: boolean },
): Promise<Outcome<Commented>> {
  const path = `/repos/${thread.repository}/issues/${thread.number}/comments`;
  const before = await ownComments(github, thread);
  if (!before.ok) return before;
  const existing = before.value.at(-1);
  if (mode !== 'always-new' && existing !== undefined) {
    if (existing.body === body) return { ok: true, value: 'unchanged' };
    const patched = await github.patch(`/repos/${thread.repository}/issues/comments/${existing.id}`, {
      body,
    });
    return patched.ok ? { ok: true, value: 'updated' } : patched;
  }
  if (mode === 'changes-only' && quiet) return { ok: true, value: 'nothing to say' };
  const created = await github.post(path, { body });
  if (created.ok) return { ok: true, value: 'created' };
  if (created.refusal.kind !== 'lost') return created;
  const after = await ownComments(github, thread);
  if (after.ok && after.value.length > before.value.length) return { ok: true, value: 'created' };
  const again = await github.post(path, { body });
  return again.ok ? { ok: true, value: 'created' } : again;
}
