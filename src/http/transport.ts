/** `PATCH` is not Conductor's: GitHub's API goes through the same transport. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

/** One HTTP request, ready to be sent. Everything that knows about Conductor has happened before. */
export interface TransportRequest {
  readonly method: Method;
  /** Scheme, host and path ending in `/api`. */
  readonly base: string;
  /** Below `base`, beginning with a slash, percent-encoded. */
  readonly path: string;
  /** Percent-encoded, without `?`; may be empty. */
  readonly query: string;
  /** By lower-case name. */
  readonly headers: { readonly [name: string]: string };
  readonly body?: string;
  /** From the first byte sent to the last byte read. */
  readonly timeoutMs: number;
}

/** What became of it: an answer of any status, read to its end, or the reason why there is none. */
export type TransportResult =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** By lower-case name. */
      readonly headers: { readonly [name: string]: string };
      readonly text: string;
    }
  | {
      readonly kind: 'failed';
      readonly why: TransportTrouble;
      /** With which the proxy refused to pass the request on. */
      readonly status?: number;
      /** False only when it is certain that the server saw nothing of the request. */
      readonly sent: boolean;
      /** The system's message. */
      readonly words: string;
    };

/**
 * Why there is no answer. The last four are faults of an answer that came: it is not HTTP, as with two lengths, its
 * headers or its body are too large, or its text is not UTF-8.
 */
export type TransportTrouble =
  | 'dns'
  | 'refused'
  | 'reset'
  | 'timeout'
  | 'untrusted'
  | 'tls'
  | 'network'
  | 'proxy'
  | 'cut-off'
  | 'malformed'
  | 'large-headers'
  | 'too-large'
  | 'not-utf-8';

/** Whether a status says that the request was carried out and answered. 206 is a part of an answer, which was not asked for. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300 && status !== 206;
}

/** Sends a request once: no retries, no redirects followed. It never throws for trouble on the network. */
export type Transport = (request: TransportRequest) => Promise<TransportResult>;
