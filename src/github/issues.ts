import { type Authored, ownOf } from './authored.ts';
import type { Github, Outcome } from './rest.ts';

/** How our issue is known among the open ones. */
export interface IssueMark {
  /** `owner/name`. */
  readonly repository: string;
  readonly header: string;
  readonly login: string;
}

export type IssueKept =
  | { readonly kind: 'opened' | 'updated' | 'unchanged' | 'closed'; readonly number: number }
  | { readonly kind: 'none' };

/** Opens the issue, or brings it up to date. */
export async function openIssue(
  github: Github,
  mark: IssueMark,
  { title, body }: { readonly title: string; readonly body: string },
): Promise<Outcome<IssueKept>> {
  const found = await ownIssue(github, mark);
  if (!found.ok) return found;
  if (found.value !== undefined) return update(github, mark, found.value, { title, body });
  const path = `/repos/${mark.repository}/issues`;
  const created = await github.post(path, { title, body });
  if (created.ok) return numbered(created.value);
  if (created.refusal.kind !== 'lost') return created;
  const after = await ownIssue(github, mark);
  if (after.ok && after.value !== undefined)
    return { ok: true, value: { kind: 'opened', number: after.value.id } };
  const again = await github.post(path, { title, body });
  return again.ok ? numbered(again.value) : again;
}

/** Says in the issue that it is over, and closes it; does nothing when none is open. */
export async function closeIssue(
  github: Github,
  mark: IssueMark,
  words: string,
): Promise<Outcome<IssueKept>> {
  const found = await ownIssue(github, mark);
  if (!found.ok) return found;
  if (found.value === undefined) return { ok: true, value: { kind: 'none' } };
  const { id } = found.value;
  const path = `/repos/${mark.repository}/issues/${id}`;
  const closed = await github.patch(path, { state: 'closed', state_reason: 'completed' });
  if (!closed.ok) return closed;
  // Closed first: a word too few is better than one every night.
  const said = await github.post(`${path}/comments`, { body: words });
  return said.ok || said.refusal.kind === 'lost' ? { ok: true, value: { kind: 'closed', number: id } } : said;
}

/** The oldest of ours that is open. No filter by author: GitHub does not say how it names an App's account there. */
async function ownIssue(github: Github, mark: IssueMark): Promise<Outcome<Authored | undefined>> {
  const open = await github.list(`/repos/${mark.repository}/issues`);
  if (!open.ok) return open;
  // Pull requests are among the issues.
  const issues = open.value.filter((item) => item.pull_request === undefined && item.state === 'open');
  return { ok: true, value: ownOf(issues, 'number', mark).toSorted((a, b) => a.id - b.id)[0] };
}

async function update(
  github: Github,
  { repository }: IssueMark,
  { id, body: before }: Authored,
  { title, body }: { readonly title: string; readonly body: string },
): Promise<Outcome<IssueKept>> {
  if (before === body) return { ok: true, value: { kind: 'unchanged', number: id } };
  const patched = await github.patch(`/repos/${repository}/issues/${id}`, { title, body });
  return patched.ok ? { ok: true, value: { kind: 'updated', number: id } } : patched;
}

function numbered(issue: unknown): Outcome<IssueKept> {
  const { number } = issue as { readonly number?: unknown };
  return { ok: true, value: { kind: 'opened', number: typeof number === 'number' ? number : 0 } };
}
