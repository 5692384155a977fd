import type { TransportTrouble } from './transport.ts';

/** What one attempt came to, as far as repeating it goes. */
export type Attempt =
  /** `retryable`: the body says so itself. */
  | { readonly kind: 'answer'; readonly status: number; readonly retryable: boolean }
  | {
      readonly kind: 'failed';
      readonly why: TransportTrouble;
      readonly sent: boolean;
      /** The proxy's, when it refused. */
      readonly status?: number;
    };

/** Trouble that is there again the next time. */
const hopeless: ReadonlySet<TransportTrouble> = new Set([
  'tls',
  'untrusted',
  'malformed',
  'large-headers',
  'too-large',
  'not-utf-8',
]);

/** Statuses of something in between that did not get an answer of the server. */
const gateway: readonly (number | undefined)[] = [502, 503, 504];

/**
 * Whether an attempt is worth another one by the client itself. `attempts` counts those already made, this one
 * included.
 *
 * A read is repeated after trouble on the network, 429, 502 to 504 and `retryable: true`; a certificate, a proxy
 * that refuses or an unreadable answer does not get better by asking again, and a timeout is given one more chance, since each costs the whole
 * timeout. A plain 500 is mostly bad input (OSS v3.32.1).
 * A write is repeated only when the server cannot have taken it: nothing was sent, or 429. A second save would cost a
 * due fire, a second resume answers 404: after anything else the caller reads first.
 */
export function isRetryable(attempt: Attempt, write: boolean, attempts: number): boolean {
  if (attempt.kind === 'failed') {
    if (hopeless.has(attempt.why)) return false;
    if (attempt.why === 'proxy' && attempt.status !== undefined && !gateway.includes(attempt.status))
      return false;
    if (attempt.why === 'timeout' && attempts > 1) return false;
    return !write || !attempt.sent;
  }
  if (attempt.status === 429) return true;
  return !write && (attempt.retryable || gateway.includes(attempt.status));
}

/** Whether a request that failed may have changed the server anyway. */
export function effectOf(attempt: Attempt, write: boolean): 'none' | 'unknown' {
  if (!write) return 'none';
  if (attempt.kind === 'failed') return attempt.sent ? 'unknown' : 'none';
  if (attempt.status === 429) return 'none';
  // A success status with an answer that makes no sense comes after the effect, or from something in between.
  return attempt.status < 300 || attempt.status >= 500 || attempt.retryable ? 'unknown' : 'none';
}

const firstDelay = 300;
const longestDelay = 10_000;
/** A server that asks for more patience than this is not waited for any longer. */
const longestRetryAfter = 60_000;

/**
 * How long to wait before the next attempt, in milliseconds: what the server asked for, at most a minute, else 0.3 s
 * doubling up to 10 s, of which half is left to chance so that clients do not come back together.
 * `attempts` counts those already made; `random` is in [0, 1).
 */
export function delay(attempts: number, retryAfter: number | undefined, random: number): number {
  if (retryAfter !== undefined) return Math.min(retryAfter, longestRetryAfter);
  const full = Math.min(firstDelay * 2 ** (attempts - 1), longestDelay);
  return Math.round(full * (0.5 + random / 2));
}

/** `Retry-After` in milliseconds from `now` (epoch milliseconds): seconds or an HTTP date; `undefined` for anything else. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const moment = httpDate(text);
  return moment === undefined ? undefined : Math.max(0, moment - now);
}

/** An HTTP date (RFC 9110, the one form that may be sent) as epoch milliseconds. */
export function httpDate(text: string | undefined): number | undefined {
  if (text === undefined || !/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text))
    return undefined;
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? undefined : moment;
}
