import type { Io } from '../io/io.ts';
import { eventOf, type WorkflowEvent } from './event.ts';

/**
 * Whose files a run trusts, decided once from an allow-list of events.
 * - `ours`: a person's terminal, or a pipeline over what people with write access wrote
 * - `strangers-without-secrets`: a fork's `pull_request`, which gets no secrets by GitHub's own rule
 * - `strangers`: every other event, known or not: it may bring our secrets together with untrusted files
 */
export type Trust = TrustRules & {
  readonly whose: 'ours' | 'strangers-without-secrets' | 'strangers';
  /** Why, to complete a sentence: `the event is workflow_run`. */
  readonly because: string;
};

/** What follows from it, all of it. */
export type TrustRules = {
  /** `downbeat.yaml` and `--config` count. */
  readonly readsConfiguration: boolean;
  /** Manifests may name `${env.…}` and `${secret.…}`. */
  readonly readsEnvironment: boolean;
  /** Requests go to the server, with credentials. */
  readonly asksServer: boolean;
  readonly prunes: boolean;
  /** A path that was typed may lead out of the checkout; one that a file names never does. */
  readonly leavesCheckout: boolean;
};

const rules: { readonly [W in Trust['whose']]: TrustRules } = {
  ours: {
    readsConfiguration: true,
    readsEnvironment: true,
    asksServer: true,
    prunes: true,
    leavesCheckout: true,
  },
  'strangers-without-secrets': {
    readsConfiguration: true,
    readsEnvironment: true,
    asksServer: false,
    prunes: false,
    leavesCheckout: false,
  },
  strangers: {
    readsConfiguration: false,
    readsEnvironment: false,
    asksServer: true,
    prunes: false,
    leavesCheckout: false,
  },
};

/** Events that only people with write access start, over what is in the repository. */
export const oursAlone: readonly string[] = ['push', 'schedule', 'workflow_dispatch'];

/** The decision, from what the pipeline says of itself and from `--untrusted`. */
export function trustOf(
  { untrusted = false }: { readonly untrusted?: boolean },
  { env, readFile }: Pick<Io, 'env' | 'readFile'>,
): Trust {
  const decide = (whose: Trust['whose'], because: string): Trust => ({ whose, because, ...rules[whose] });
  if (untrusted) return decide('strangers', '--untrusted was given');
  const project = env.CI_MERGE_REQUEST_SOURCE_PROJECT_ID ?? '';
  if (project !== '' && project !== env.CI_PROJECT_ID)
    return decide('strangers', 'the merge request comes from another project');
  if (env.GITHUB_ACTIONS !== 'true' && (env.GITHUB_EVENT_NAME ?? '') === '')
    return decide('ours', 'no pipeline says otherwise');
  const { name, pullRequest } = currentEvent({ env, readFile });
  const because = `the event is ${name === '' ? 'unknown' : name}`;
  if (oursAlone.includes(name)) return decide('ours', because);
  if (name !== 'pull_request') return decide('strangers', because);
  if (pullRequest === undefined)
    return decide('strangers', `${because}, and its payload does not say from which repository`);
  return pullRequest.isFork
    ? decide('strangers-without-secrets', 'the pull request comes from a fork')
    : decide('ours', because);
}

/** The event of this run, with its payload. */
export function currentEvent({ env, readFile }: Pick<Io, 'env' | 'readFile'>): WorkflowEvent {
  const path = env.GITHUB_EVENT_PATH ?? '';
  const file = path === '' ? undefined : readFile(path);
  return eventOf(env, file?.kind === 'read' ? file.text : undefined);
}
