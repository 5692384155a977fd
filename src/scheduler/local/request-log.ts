import type { FaultKind } from '../fault-kinds.ts';
import type { WireRequest, WireResponse } from '../wire.ts';

/** One request that the server was sent, and what became of it. */
export type LoggedRequest = {
  /** The server's clock, epoch milliseconds. */
  readonly at: number;
  readonly method: string;
  /** Raw: still percent-encoded, without the query. */
  readonly path: string;
  /** Raw, without the question mark; `''` = none. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string };
  /** `''` = none. */
  readonly body: string;
  /** Absent = the connection was dropped instead of an answer. */
  readonly status?: number;
  /** What was made to go wrong with it. */
  readonly fault?: FaultKind;
};

/** The requests in order of their arrival; beyond `most` the oldest are forgotten. */
export type RequestLog = {
  add(at: number, request: WireRequest, response: WireResponse, fault: FaultKind | undefined): void;
  all(): readonly LoggedRequest[];
  /** How many there were, the forgotten ones too. */
  count(): number;
  clear(): void;
};

export function requestLog(most: number): RequestLog {
  let logged: LoggedRequest[] = [];
  let count = 0;
  return {
    add(at, { method, path, query, headers, body = '' }, { status, broken }, fault) {
      count += 1;
      logged.push({
        at,
        method,
        path,
        query,
        headers,
        body,
        ...(broken === 'reset' ? {} : { status }),
        ...(fault === undefined ? {} : { fault }),
      });
      // Cut in one go now and then, so that a request costs the same however many there are.
      if (logged.length > 2 * most) logged = logged.slice(-most);
    },
    all: () => logged.slice(-most),
    count: () => count,
    clear() {
      logged = [];
      count = 0;
    },
  };
}
