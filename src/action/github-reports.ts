import { type CommentMode, comment, ownComments } from '../github/comments.ts';
import { closeIssue, openIssue } from '../github/issues.ts';
import { ownLogin } from '../github/own-account.ts';
import { mergedPull } from '../github/pulls.ts';
import { type Github, githubRest, type Refusal } from '../github/rest.ts';
import { kyTransport } from '../http/ky.ts';
import { proxyFor } from '../http/proxy.ts';
import type { Io } from '../io/io.ts';
import type { RunEntry } from '../model/run-entry.ts';
import type { DriftDocument } from '../report/documents/drift.ts';
import { digestIn, headerOf } from '../report/documents/header.ts';
import type { WorkflowEvent } from '../settings/event.ts';
import type { Inputs } from './inputs.ts';
import type { Main } from './invocation.ts';
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
  const written = await comment(github, thread, { body, mode, quiet });
  if (written.ok) io.out(`Comment on pull request ${pullRequest.number}: ${written.value}.\n`);
  else
    remark(
      io,
      'notice',
      `The comment could not be written, so the plan is in the job summary alone${becauseOf(written.refusal, 'pull-requests: write')}`,
    );
}

function noWriting(isConfined: boolean): string {
  return isConfined
    ? 'A pull request from a fork or from Dependabot has no right to comment'
    : 'There is no github-token';
}

/** One issue while there is drift. */
export async function keepIssue(
  step: Step,
  { drifted, strict, counts, entries }: DriftDocument,
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
  const found = entries.filter((entry) => entry.counts).length + (strict ? counts.unmanaged : 0);
  const kept = drifted
    ? await openIssue(github, mark, {
        title: `Schedules have drifted: ${found} ${found === 1 ? 'is' : 'are'} not as in Git`,
        body,
      })
    : await closeIssue(github, mark, 'The server is as the manifests say again.');
  if (!kept.ok)
    remark(io, 'warning', `The issue could not be written${becauseOf(kept.refusal, 'issues: write')}`);
  else if (kept.value.kind !== 'none') io.out(`Issue ${kept.value.number}: ${kept.value.kind}.\n`);
}

/** Why the plan is not the reviewed one; undefined when it is. */
export async function reviewFault(step: Step, run: RunEntry, digest: string): Promise<string | undefined> {
  const { repository, sha } = step.event;
  const github = githubFor(step);
  if (github === undefined || repository === undefined || sha === undefined)
    return 'require-reviewed needs a github-token and a commit on GitHub.';
  let number = await mergedPull(github, repository, sha);
  // GitHub knows the commits of a merge a moment later than the push of it.
  for (const pause of [1000, 2000]) {
    if (!number.ok || number.value !== undefined) break;
    await step.io.wait(pause);
    number = await mergedPull(github, repository, sha);
  }
  const cannot = (refusal: Refusal): string =>
    `The reviewed plan could not be read${becauseOf(refusal, 'pull-requests: read')}`;
  if (!number.ok) return cannot(number.refusal);
  if (number.value === undefined)
    return `Commit ${sha.slice(0, 12)} is not the merge of a pull request, so nobody has reviewed its plan.`;
  const thread = { repository, number: number.value, header: headerOf(run), login: await ownLogin(github) };
  const comments = await ownComments(github, thread);
  if (!comments.ok) return cannot(comments.refusal);
  const shown = comments.value.at(-1);
  if (shown === undefined)
    return `There is no plan for this target in a comment of ${thread.login} on pull request ${number.value}.`;
  const reviewed = digestIn(shown.body, run);
  if (reviewed === digest) return undefined;
  return `The plan is not the one that pull request ${number.value} shows (now ${digest.slice(0, 12)}, there ${reviewed?.slice(0, 12) ?? 'none'}): nothing was written. Look at the plan above; open a pull request for it, or run apply without require-reviewed.`;
}

function githubFor({ io, inputs, version }: Step): Github | undefined {
  const { GITHUB_API_URL, GITHUB_GRAPHQL_URL } = io.env;
  if (inputs.token === '') return undefined;
  const apiUrl = GITHUB_API_URL || 'https://api.github.com';
  const proxy = proxyFor(apiUrl, io.env);
  const transport = kyTransport(proxy.ok ? proxy.value : undefined);
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
