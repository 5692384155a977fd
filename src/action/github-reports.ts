import { tipOf } from '../github/branches.ts';
import { type CommentMode, comment, ownComments } from '../github/comments.ts';
import { closeIssue, openIssue } from '../github/issues.ts';
import { ownLogin } from '../github/own-account.ts';
import { type MergedPull, mergedPull } from '../github/pulls.ts';
import { type Github, githubRest, type Refusal } from '../github/rest.ts';
import { httpTransport } from '../http/client.ts';
import { proxyFor } from '../http/proxy.ts';
import type { Io } from '../io/io.ts';
import type { RunEntry } from '../model/generated/report-parts.ts';
import type { DriftDocument } from '../report/documents/generated/documents.ts';
import { digestIn, headerOf } from '../report/documents/header.ts';
import type { WorkflowEvent } from '../settings/event.ts';
import { isSealed, sealed } from './comment-seal.ts';
import type { Inputs } from './inputs.ts';
import type { Main } from './invocation.ts';
import type { FailureReason } from './outcome.ts';
import { remark } from './step-log.ts';

/** Everything that the parts of one run of the Action share. */
export interface Step {
  readonly main: Main;
  readonly io: Io;
  readonly version: string;
  readonly inputs: Inputs;
  readonly event: WorkflowEvent;
}

/** What is reported: of which run, and as Markdown that begins with the header of it. */
export interface Report {
  readonly run: RunEntry;
  readonly body: string;
}

/** The comment on the pull request, or, where it cannot be written, a notice that the summary has it all. */
export async function writeComment(step: Step, { run, body }: Report, quiet: boolean): Promise<void> {
  const { io, inputs, event } = step;
  const { repository, pullRequest } = event;
  if (inputs.comment === 'off' || pullRequest === undefined || repository === undefined) return;
  const github = pullRequest.isConfined ? undefined : githubFor(step);
  if (github === undefined) {
    remark(
      io,
      'notice',
      `${noWriting(pullRequest.isConfined)}: the plan is in the job summary instead of a comment.`,
    );
    return;
  }
  const thread = {
    repository,
    number: pullRequest.number,
    header: headerOf(run),
    login: await ownLogin(github),
  };
  const mode: CommentMode = inputs.comment;
  const written = await comment(github, thread, { body: sealed(step, thread, body), mode, quiet });
  if (written.ok) io.out(`Comment on pull request ${pullRequest.number}: ${written.value}.\n`);
  else
    remark(
      io,
      'notice',
      `The comment could not be written, so the plan is only in the job summary${becauseOf(written.refusal, 'pull-requests: write')}`,
    );
}

function noWriting(isConfined: boolean): string {
  return isConfined
    ? 'A pull request from a fork or from Dependabot has no right to comment'
    : 'There is no github-token';
}

/** One issue while there is drift, or days off will soon be wrong. */
export async function keepIssue(
  step: Step,
  { drifted, strict, counts, entries, problems }: DriftDocument,
  { run, body }: Report,
): Promise<void> {
  const { io, event } = step;
  const github = githubFor(step);
  if (github === undefined || event.repository === undefined) {
    remark(io, 'notice', 'There is no github-token, so no issue was looked for.');
    return;
  }
  const mark = {
    repository: event.repository,
    header: headerOf(run),
    login: await ownLogin(github),
  };
  const { overdue } = counts;
  const found = entries.filter((entry) => entry.counts).length - overdue + (strict ? counts.unmanaged : 0);
  const parts = [
    ...(found > 0 ? [`${found} ${found === 1 ? 'is' : 'are'} not as in Git`] : []),
    ...(overdue > 0 ? [`${overdue} ${overdue === 1 ? 'is' : 'are'} overdue`] : []),
  ];
  const isEnding = problems.some(({ code }) => code === 'calendar-horizon');
  const titles = [
    ...(drifted ? [`Schedules have drifted: ${parts.join(', ')}`] : []),
    ...(isEnding ? [drifted ? 'days off will soon be wrong' : 'Days off will soon be wrong'] : []),
  ];
  const kept =
    drifted || isEnding
      ? await openIssue(github, mark, { title: titles.join('; '), body })
      : await closeIssue(github, mark, 'The server matches the manifests again.');
  if (!kept.ok)
    remark(io, 'warning', `The issue could not be written${becauseOf(kept.refusal, 'issues: write')}`);
  else if (kept.value.kind !== 'none') io.out(`Issue ${kept.value.number}: ${kept.value.kind}.\n`);
}

/** Why this run may not write, as it is not of the newest commit of its branch; undefined when it is. */
export async function oldCommit(step: Step): Promise<Fault | undefined> {
  const { repository, sha, branch } = step.event;
  const github = githubFor(step);
  const unknown = (why: string): Fault => ({
    reason: 'unreachable',
    text: `Cannot tell whether this is the newest commit of its branch, and an older commit must not undo a newer one: nothing was written. ${why} To skip this check, set allow-old-commit: true.`,
  });
  if (github === undefined) return unknown('There is no github-token.');
  if (repository === undefined || sha === undefined || branch === undefined)
    return unknown('The runner gives no commit and branch.');
  const tip = await tipOf(github, repository, branch);
  if (!tip.ok) return unknown(`GitHub's answer${becauseOf(tip.refusal, 'contents: read')}`);
  if (tip.value === sha) return undefined;
  return {
    reason: 'superseded',
    text: `Commit ${sha.slice(0, 12)} is no longer the newest of ${branch} (that is ${tip.value.slice(0, 12)}): nothing was written. If no run applied the newest commit, as its paths started none, start the workflow manually on ${branch}. To go back to this commit on purpose, run it with allow-old-commit: true.`,
  };
}

/** Why nothing was written, for outputs and for people. */
export type Fault = { readonly reason: FailureReason; readonly text: string };

/** Why the plan is not the reviewed one; undefined when it is. */
export async function reviewFault(step: Step, run: RunEntry, digest: string): Promise<string | undefined> {
  const { repository, sha, branch } = step.event;
  const github = githubFor(step);
  if (github === undefined || repository === undefined || sha === undefined || branch === undefined)
    return 'require-reviewed needs a github-token, and a commit and a branch on GitHub.';
  const look = () => mergedPull(github, repository, { sha, branch });
  let pull = await look();
  // GitHub knows the commits of a merge some time after the push of it.
  for (const pause of [1000, 2000]) {
    if (!pull.ok || pull.value.kind === 'found') break;
    await step.io.wait(pause);
    pull = await look();
  }
  const cannot = (refusal: Refusal): string =>
    `The reviewed plan could not be read${becauseOf(refusal, 'pull-requests: read')}`;
  if (!pull.ok) return cannot(pull.refusal);
  if (pull.value.kind === 'none') return notMerged(sha, branch, pull.value);
  const { number, by } = pull.value;
  if (by === 'listing')
    remark(
      step.io,
      'notice',
      `GitHub left out merge_commit_sha for pull request ${number}: it is taken for the one that was merged, as the only merged one into ${branch} that lists the commit.`,
    );
  const thread = { repository, number, header: headerOf(run), login: await ownLogin(github) };
  const comments = await ownComments(github, thread);
  if (!comments.ok) return cannot(comments.refusal);
  const shown = comments.value.filter(({ body }) => isSealed(step, thread, body)).at(-1);
  if (shown === undefined)
    return comments.value.length === 0
      ? `There is no plan for this target in a comment of ${thread.login} on pull request ${number}.`
      : `The comment of ${thread.login} on pull request ${number} has no seal of this DOWNBEAT_DIGEST_KEY: something else wrote or edited it, or the plan ran without that key.`;
  const reviewed = digestIn(shown.body, run);
  if (reviewed === digest) return undefined;
  return `The plan is not the one that pull request ${number} shows (now ${digest.slice(0, 12)}, there ${reviewed?.slice(0, 12) ?? 'none'}): nothing was written. Look at the plan above; open a pull request for it, or run apply without require-reviewed.`;
}

function notMerged(sha: string, branch: string, { leftOut }: Extract<MergedPull, { kind: 'none' }>): string {
  const commit = sha.slice(0, 12);
  return leftOut.length === 0
    ? `Commit ${commit} is not the merge of a pull request into ${branch}, so its plan was not reviewed.`
    : `Which pull request was merged into ${branch} by commit ${commit} is not known: GitHub's answer has no ${leftOut.join(' and no ')}.`;
}

function githubFor({ io, inputs, version }: Step): Github | undefined {
  const { GITHUB_API_URL, GITHUB_GRAPHQL_URL } = io.env;
  if (inputs.token === '') return undefined;
  const apiUrl = GITHUB_API_URL || 'https://api.github.com';
  const proxy = proxyFor(apiUrl, io.env);
  const transport = httpTransport(proxy.ok ? proxy.value : undefined);
  return githubRest({
    transport,
    apiUrl,
    graphqlUrl: GITHUB_GRAPHQL_URL || `${apiUrl}/graphql`,
    token: inputs.token,
    version,
    now: io.now,
    random: io.random,
    wait: (milliseconds) => io.wait(milliseconds),
  });
}

/** For people who read the log or the summary: what GitHub said, and what it most often lacks. */
function becauseOf({ kind, status, words }: Refusal, right: string): string {
  const said = `${status === undefined ? '' : `${status}: `}${words}`;
  return kind === 'denied' ? ` (${said}): the job needs \`${right}\`.` : ` (${said}).`;
}
