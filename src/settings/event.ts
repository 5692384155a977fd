import { isObject, type Json, parseJson } from '../model/json.ts';
import { present } from '../model/present.ts';

/** What a run of a workflow on GitHub is about. */
export type WorkflowEvent = {
  /** `push`, `pull_request`, `schedule` … */
  readonly name: string;
  /** `owner/name`; absent outside of GitHub. */
  readonly repository?: string;
  readonly sha?: string;
  /** The branch that a push, a schedule or a person started the run on; absent for tags and pull requests. */
  readonly branch?: string;
  readonly pullRequest?: PullRequest;
};

export type PullRequest = {
  readonly number: number;
  /** Its branch is in another repository, or that one is gone: what it says is a stranger's. */
  readonly isFork: boolean;
  /** The run gets no secrets and a token that only reads, as GitHub does for forks and for Dependabot. */
  readonly isConfined: boolean;
  /** The newest commit of the branch that it is to be merged into, when the event came. */
  readonly base?: string;
};

/**
 * From the variables that the runner sets and the text of the file at `GITHUB_EVENT_PATH`. Only the runner can set
 * variables that begin with `GITHUB_`.
 */
export function eventOf(
  env: Readonly<Record<string, string | undefined>>,
  payload: string | undefined,
): WorkflowEvent {
  const parsed = payload === undefined ? undefined : parseJson(payload);
  const name = env.GITHUB_EVENT_NAME ?? '';
  const repository = env.GITHUB_REPOSITORY ?? '';
  const sha = env.GITHUB_SHA ?? '';
  const branch = /^refs\/heads\/(.+)$/.exec(env.GITHUB_REF ?? '')?.[1];
  const pull = isPullRequest(name) && parsed?.ok ? pullOf(parsed.value, name, env.GITHUB_ACTOR) : undefined;
  return {
    name,
    ...(/^[\w.-]+\/[\w.-]+$/.test(repository) ? { repository } : {}),
    ...(isHash(sha) ? { sha } : {}),
    ...present({ branch, pullRequest: pull }),
  };
}

/** Every event of the family: reviews and comments on the lines of a pull request too. */
export function isPullRequest(name: string): boolean {
  return name.startsWith('pull_request');
}

function pullOf(payload: Json, name: string, actor: string | undefined): PullRequest | undefined {
  const pull = isObject(payload) ? payload.pull_request : undefined;
  if (!isObject(pull) || typeof pull.number !== 'number') return undefined;
  const [head, base] = [repositoryOf(pull.head), repositoryOf(pull.base)];
  const isFork = head === undefined || head !== base;
  // On `pull_request_target` the workflow is the repository's own, with its secrets and its token.
  const isConfined = name !== 'pull_request_target' && (isFork || actor === 'dependabot[bot]');
  const at = isObject(pull.base) ? pull.base.sha : undefined;
  return { number: pull.number, isFork, isConfined, ...(isHash(at) ? { base: at } : {}) };
}

function isHash(value: Json | undefined): value is string {
  return typeof value === 'string' && /^[0-9a-f]{40,64}$/.test(value);
}

function repositoryOf(side: Json | undefined): string | undefined {
  const repo = isObject(side) ? side.repo : undefined;
  const name = isObject(repo) ? repo.full_name : undefined;
  return typeof name === 'string' ? name : undefined;
}
