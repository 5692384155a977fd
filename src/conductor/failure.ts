import { effectOf, isRetryable } from '../http/retry.ts';
import type { Method } from '../http/transport.ts';
import type { Masker } from '../masking/masker.ts';
import type { FailureKind } from '../model/generated/report-parts.ts';
import type { Failure, Operation } from '../model/port.ts';
import { present } from '../model/present.ts';
import { type Answer, isMissing, isUnknownRoute, serverError, wordsOf } from './answer.ts';
import { operations } from './routes.ts';
import { wordsOnOneLine } from './server-words.ts';

/** One request of an operation. */
export interface Call {
  readonly operation: Operation;
  readonly schedule?: string;
  /** In the place of a schedule. */
  readonly workflow?: string;
  readonly method: Method;
  /** Percent-encoded, below the server's base. */
  readonly path: string;
  readonly query: string;
  readonly body?: string;
  /** Nothing is lost without its answer, so it is not repeated. */
  readonly once?: boolean;
}

export interface Circumstances {
  readonly attempts: number;
  /** Default: `none`. */
  readonly effect?: 'none' | 'unknown';
  /** A proxy's, when it refused. */
  readonly status?: number;
  /** Another try may help. Default: no. */
  readonly retryable?: boolean;
}

/** Makes failures that are safe to print. */
export interface Refusals {
  /** A failure without an answer. */
  plain(call: Call, kind: FailureKind, words: string, more: Circumstances): Failure;
  /** A failure by an answer: of its status, or of `kind` when the status is a success and its content is not. */
  answered(call: Call, answer: Answer, kind?: FailureKind, words?: string): Failure;
}

export type RefusalsOptions = {
  readonly base: string;
  readonly masker: Masker;
  /** Host and port of the one that requests go through. */
  readonly proxy?: string | undefined;
  /** Requests carry no credentials. Default: they do. */
  readonly anonymous?: boolean;
};

export function refusals({ base, masker, proxy, anonymous = false }: RefusalsOptions): Refusals {
  const plain: Refusals['plain'] = (call, kind, words, { attempts, effect = 'none', status, retryable }) => ({
    kind,
    operation: call.operation,
    ...present({ schedule: call.schedule }),
    method: call.method,
    url: `${base}${call.path}`,
    ...present({ proxy, status }),
    ...(anonymous && kind === 'unauthorized' ? { anonymous } : {}),
    words: wordsOnOneLine(words, masker),
    attempts,
    ...(retryable ? { retryable } : {}),
    effect,
  });
  return {
    plain,
    answered: (call, answer, given, words) => {
      const { status, attempts } = answer;
      const attempt = { kind: 'answer', status, retryable: serverError(answer)?.retryable === true } as const;
      const kind = given ?? kindOf(call, answer);
      const retryable = kind === 'cut-off' || isRetryable(attempt, false, 1);
      const effect =
        kind === 'unsupported' || kind === 'missing'
          ? 'none'
          : effectOf(attempt, operations[call.operation].write);
      return plain(call, kind, words ?? statusWords(answer), { attempts, effect, status, retryable });
    },
  };
}

function kindOf(call: Call, answer: Answer): FailureKind {
  const { status } = answer;
  if (status === 404 && call.operation === 'list') return 'no-scheduler';
  if (isUnknownRoute(answer)) return 'unsupported';
  if (status === 206) return 'partial';
  if (status >= 300 && status < 400) return 'redirect';
  // A save needs no schedule: its 404 is about something else.
  const named = call.operation === 'save' ? undefined : (call.schedule ?? call.workflow);
  if (named !== undefined && isMissing(answer, named)) return 'missing';
  const byStatus: { readonly [status: number]: FailureKind } = {
    401: 'unauthorized',
    403: 'forbidden',
    409: 'conflict',
    429: 'throttled',
  };
  return byStatus[status] ?? 'status';
}

function statusWords(answer: Answer): string {
  if (answer.status === 206) return '';
  const { location } = answer.headers;
  if (answer.status >= 300 && answer.status < 400 && location !== undefined) {
    // Of the target only what is safe to print: no user, no password, no query.
    return `redirects to ${location.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//')}`;
  }
  return wordsOf(answer);
}
