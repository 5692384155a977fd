import { seededNumbers } from './random.ts';
import { problem, reset, type WireRequest, type WireResponse } from './wire.ts';

/**
 * What goes wrong with one request. Where it matters, `effect` says whether the request was carried out before its
 * answer was lost.
 */
export type Fault =
  | {
      readonly kind: 'status';
      readonly status: 429 | 500 | 502 | 503 | 504;
      readonly effect: boolean;
      /** Sent as `Retry-After`. */
      readonly retryAfterSeconds?: number;
    }
  | { readonly kind: 'reset'; readonly effect: boolean }
  | { readonly kind: 'delay'; readonly ms: number }
  /** Carried out; the response is incomplete. */
  | { readonly kind: 'cut-off' }
  /** A page of some gateway with a success status. */
  | { readonly kind: 'html'; readonly effect: boolean }
  /** The token is over in the middle of a run. */
  | { readonly kind: 'expired token' }
  /** A success that did nothing: what a tags write can do behind a proxy that drops bodies. */
  | { readonly kind: 'lost write' }
  /** Somebody else's request comes in just before. */
  | { readonly kind: 'foreign writer'; readonly request: WireRequest }
  /** The process is killed in the middle of a save: what was sent is stored, and has no timer. */
  | { readonly kind: 'dead timer'; readonly schedule: string; readonly ms: number }
  /** The server goes down instead of answering, and is back after so many milliseconds. */
  | { readonly kind: 'restart'; readonly effect: boolean; readonly ms: number };

/** Decides for each request whether something goes wrong. */
export type FaultPlan = (request: WireRequest) => Fault | undefined;

/** What a fault needs of the scheduler. */
export type FaultTarget = {
  answer(request: WireRequest): WireResponse;
  answerForeign(request: WireRequest): void;
  expireTokens(): void;
  stopTimers(schedule: string): void;
  restart(downMs: number): void;
};

/** Carries a request out under a fault. */
export function answerWithFault(fault: Fault, request: WireRequest, target: FaultTarget): WireResponse {
  switch (fault.kind) {
    case 'status': {
      if (fault.effect) target.answer(request);
      const retryAfter =
        fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
      const { status, headers, body } = problem(fault.status, 'Injected fault');
      return { status, headers: { ...headers, ...retryAfter }, body };
    }
    case 'reset':
      if (fault.effect) target.answer(request);
      return reset();
    case 'delay':
      return { ...target.answer(request), delayMs: fault.ms };
    case 'cut-off':
      return { ...target.answer(request), broken: 'cut-off' };
    case 'html':
      if (fault.effect) target.answer(request);
      return {
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<html><body><h1>Sign in to continue</h1></body></html>',
      };
    case 'expired token':
      target.expireTokens();
      return target.answer(request);
    case 'lost write':
      return request.method === 'GET' ? target.answer(request) : { status: 200, headers: {}, body: '' };
    case 'foreign writer':
      target.answerForeign(fault.request);
      return target.answer(request);
    case 'dead timer':
      target.answer(request);
      target.stopTimers(fault.schedule);
      target.restart(fault.ms);
      return reset();
    case 'restart':
      if (fault.effect) target.answer(request);
      target.restart(fault.ms);
      return reset();
  }
}

export type SeededFaults = {
  readonly seed: number;
  /** The share of requests that go wrong, 0 to 1. */
  readonly rate: number;
  /** One of these, evenly. */
  readonly faults: readonly Fault[];
  /** After so many faults everything works; absent = never. */
  readonly most?: number;
};

/** A repeatable fault plan: the same seed and the same requests meet the same faults. */
export function seededFaults({
  seed,
  rate,
  faults,
  most = Number.POSITIVE_INFINITY,
}: SeededFaults): FaultPlan {
  const random = seededNumbers(seed);
  let made = 0;
  return () => {
    // Both numbers are always drawn, so that the end of the faults does not shift the sequence.
    const hits = random() < rate;
    const fault = faults[Math.floor(random() * faults.length)];
    if (!hits || made >= most) return undefined;
    made += 1;
    return fault;
  };
}
