import { type Connection, type ConnectOptions, connect } from '../../../src/conductor/connect.ts';
import type { TransportRequest, TransportResult } from '../../../src/http/transport.ts';

/** What the server answers: a status, a JSON value or a text, and headers; or why there is no answer. */
export type Scripted =
  | {
      readonly status?: number;
      readonly json?: unknown;
      readonly text?: string;
      readonly headers?: { readonly [name: string]: string };
    }
  | { readonly why: Extract<TransportResult, { kind: 'failed' }>['why']; readonly sent: boolean };

export interface Script {
  readonly connection: Connection;
  /** As they were sent, `METHOD path?query`. */
  readonly sent: string[];
  readonly requests: TransportRequest[];
  /** How long was waited, in milliseconds. */
  readonly waits: number[];
  /** The clock, epoch milliseconds; waiting moves it. */
  now: number;
}

/**
 * A connection to a server that answers by a function of the request and its number from 0. A list of answers is
 * given out in order, the last one again and again.
 */
export function scripted(
  answers: readonly Scripted[] | ((request: TransportRequest, index: number) => Scripted | Promise<Scripted>),
  options: Partial<ConnectOptions> = {},
): Script {
  const script = {
    sent: [] as string[],
    requests: [] as TransportRequest[],
    waits: [] as number[],
    now: 1_000_000,
  };
  const answer =
    typeof answers === 'function'
      ? answers
      : (_request: TransportRequest, index: number): Scripted =>
          answers[Math.min(index, answers.length - 1)]!;
  const connection = connect({
    url: 'http://conductor.test',
    now: () => script.now,
    random: () => 0,
    wait: async (ms) => {
      script.waits.push(ms);
      script.now += ms;
    },
    transport: async (request) => {
      const index = script.requests.push(request) - 1;
      script.sent.push(`${request.method} ${request.path}${request.query === '' ? '' : `?${request.query}`}`);
      return resultOf(await answer(request, index));
    },
    ...options,
  });
  return Object.assign(script, { connection });
}

function resultOf(scripted: Scripted): TransportResult {
  if ('why' in scripted) return { kind: 'failed', ...scripted, words: `scripted ${scripted.why}` };
  const { status = 200, json, text, headers = {} } = scripted;
  return {
    kind: 'answer',
    status,
    text: text ?? (json === undefined ? '' : JSON.stringify(json)),
    headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
  };
}

/** The error that OSS 3.32.1 writes. */
export function errorOf(status: number, message: string, more: object = {}): Scripted {
  return { status, json: { status, message, instance: 'host-of-the-server', retryable: false, ...more } };
}

/** The smallest schedule that a list or a get may answer. */
export function element(name: string, more: object = {}): object {
  return { name, cronExpression: '0 0 9 * * ?', startWorkflowRequest: { name: 'w' }, ...more };
}

/** OSS's answer to a route that it does not have. */
export const noRoute: Scripted = errorOf(404, 'No static resource api/scheduler/x.');
export const wrongVerb: Scripted = errorOf(405, "Request method 'PUT' is not supported");
export const wrongVerbOfOld: Scripted = errorOf(500, "Request method 'PUT' is not supported");
