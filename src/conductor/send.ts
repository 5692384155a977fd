import type { Pace } from '../http/pace.ts';
import { type Attempt, delay, effectOf, isRetryable, retryAfter } from '../http/retry.ts';
import type { Transport, TransportResult } from '../http/transport.ts';
import { fail, type Operation, type Outcome, succeed } from '../model/port.ts';
import { present } from '../model/present.ts';
import { type Answer, decode, serverError, succeeded } from './answer.ts';
import { isStaleToken, type Tokens } from './auth.ts';
import type { Call, Refusals } from './failure.ts';
import { operations } from './routes.ts';

/** One attempt, for `--debug`: no query, no header, no body. */
export interface RequestEvent {
  readonly method: string;
  /** Percent-encoded, below the server's base. */
  readonly path: string;
  /** Counted from 1, over all that a write took in this run. */
  readonly attempt: number;
  readonly ms: number;
  /** Absent when no whole answer came; then `trouble` says why. */
  readonly status?: number;
  readonly trouble?: string;
}

/** A wait before the next attempt that the server asked for, in milliseconds: what it asked for, and what it gets. */
export type AskedWait = { readonly asked: number; readonly ms: number };

export interface SendOptions {
  readonly transport: Transport;
  readonly base: string;
  /** Sent with every request, by lower-case name. */
  readonly headers: { readonly [name: string]: string };
  /** Sent too, unless `headers` has one of that name. */
  readonly ownHeaders: { readonly [name: string]: string };
  /** For one attempt. */
  readonly timeoutMs: number;
  /** Attempts after the first. */
  readonly maxRetries: number;
  readonly pace: Pace;
  readonly refusals: Refusals;
  readonly now: () => number;
  readonly random: () => number;
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal | undefined;
  readonly onRequest: ((event: RequestEvent) => void) | undefined;
  readonly onWait?: ((wait: AskedWait) => void) | undefined;
  /** Called with each request that goes out. */
  readonly count: (write: boolean, again: boolean) => void;
}

/**
 * Sends a call until it has an answer that another attempt would not better; that answer may have any status. Without
 * `tokens` it goes unauthorised. After the signal nothing new is sent, and a wait for the next attempt ends; a read that
 * shows what became of a write is a part of that write.
 */
export type Send = (call: Call, tokens?: Tokens) => Promise<Outcome<Answer>>;

/** What shows whether a write took place. */
const subjectReads: readonly Operation[] = ['get', 'tags get', 'list'];

/** For one request: a token may end again before the repeated request is there, as in a burst; more is a refusal. */
const mostRenewals = 2;

export function sender(options: SendOptions): Send {
  const { pace, refusals, maxRetries, now, random, wait, signal, count } = options;

  /** `undefined` = we were stopped before there was room for it. */
  async function attemptOnce(
    call: Call,
    token: string | undefined,
    attempt: number,
    finishes: boolean,
  ): Promise<TransportResult | undefined> {
    return pace.run(async () => {
      if (signal?.aborted && !finishes) return undefined;
      count(operations[call.operation].write, attempt > 1);
      const begun = now();
      const result = await options.transport({
        method: call.method,
        base: options.base,
        path: call.path,
        query: call.query,
        headers: {
          accept: 'application/json',
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...options.ownHeaders,
          ...(token === undefined ? {} : { 'x-authorization': token }),
          ...options.headers,
        },
        ...present({ body: call.body }),
        timeoutMs: options.timeoutMs,
      });
      options.onRequest?.({
        method: call.method,
        path: call.path,
        attempt,
        ms: now() - begun,
        ...(result.kind === 'answer' ? { status: result.status } : { trouble: result.why }),
      });
      return result;
    }, isThrottled);
  }

  /** Attempts of writes that have not succeeded yet: who sends one again after a look at the server sends one more. */
  const unfinished = new Map<string, number>();

  /** Schedules that were written and not read since; '' = several in one request. */
  const unchecked = new Set<string>();

  return async (call, tokens) => {
    const { write } = operations[call.operation];
    const written = write ? `${call.method} ${call.path} ${call.schedule ?? ''}` : undefined;
    const subject = call.schedule ?? '';
    const finishes = !write && subjectReads.includes(call.operation) && unchecked.delete(subject);
    const outcome = await sendUntilAnswered(call, tokens, {
      earlier: unfinished.get(written ?? '') ?? 0,
      finishes,
    });
    if (written === undefined) return outcome;
    if (outcome.ok || outcome.failure.attempts > 0) unchecked.add(subject);
    if (outcome.ok && succeeded(outcome.value)) unfinished.delete(written);
    else if (outcome.ok) unfinished.set(written, outcome.value.attempts);
    else if (outcome.failure.operation === call.operation) unfinished.set(written, outcome.failure.attempts);
    return outcome;
  };

  async function sendUntilAnswered(
    call: Call,
    tokens: Tokens | undefined,
    { earlier, finishes }: { readonly earlier: number; readonly finishes: boolean },
  ): Promise<Outcome<Answer>> {
    const { write } = operations[call.operation];
    let renewals = 0;
    let retries = 0;
    let last: Outcome<Answer> | undefined;
    for (let attempts = 1; ; attempts += 1) {
      const stopped = (): Outcome<Answer> =>
        last ??
        fail(refusals.plain(call, 'interrupted', 'stopped before it was sent', { attempts: earlier }));
      const isLast = finishes && attempts === 1;
      if (signal?.aborted && !isLast) return stopped();
      const token = (await tokens?.current()) ?? succeed(undefined);
      if (!token.ok) return last ?? token;
      const result = await attemptOnce(call, token.value, earlier + attempts, isLast);
      if (result === undefined) return stopped();

      const { attempt, outcome } = judge(call, result, earlier + attempts);
      last = outcome;

      if (last.ok && token.value !== undefined && renewals < mostRenewals && isStaleToken(last.value)) {
        renewals += 1;
        const another = (await tokens?.refused(token.value)) ?? succeed(false);
        if (!another.ok) return another;
        if (another.value) continue;
      }
      if (call.once || retries >= maxRetries || !isRetryable(attempt, write, attempts)) return last;
      retries += 1;
      const asked = result.kind === 'answer' ? retryAfter(result.headers['retry-after'], now()) : undefined;
      const ms = delay(retries, asked, random());
      if (asked !== undefined) options.onWait?.({ asked, ms });
      await pauseFor(ms);
    }
  }

  /** What a result is to the rules of repeating, and to the caller. */
  function judge(
    call: Call,
    result: TransportResult,
    attempts: number,
  ): { readonly attempt: Attempt; readonly outcome: Outcome<Answer> } {
    const { write } = operations[call.operation];
    if (result.kind === 'failed') {
      const { why, words, status } = result;
      const effect = effectOf(result, write);
      const retryable = isRetryable(result, false, 1);
      const more = { attempts, effect, retryable, ...present({ status }) };
      return { attempt: result, outcome: fail(refusals.plain(call, why, words, more)) };
    }
    const answer: Answer = { ...result, attempts };
    return { attempt: attemptOf(answer, write), outcome: succeed(answer) };
  }

  /** A wait may end early at the signal by resolving or by rejecting, as Node's own does. */
  async function pauseFor(ms: number): Promise<void> {
    try {
      await wait(ms, signal);
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
  }
}

function isThrottled(result: TransportResult | undefined): boolean {
  return result?.kind === 'answer' && (result.status === 429 || result.status === 503);
}

/** A body that was cut off before it was compressed, or that ended early without an error, is as bad as a broken one. */
function attemptOf(answer: Answer, write: boolean): Attempt {
  if (!write && succeeded(answer)) {
    const body = decode(answer);
    if (!body.ok && body.kind === 'cut-off') return { kind: 'failed', why: body.kind, sent: true };
  }
  const retryable = answer.status >= 400 && serverError(answer)?.retryable === true;
  return { kind: 'answer', status: answer.status, retryable };
}
