import { describe, expect, it } from 'vitest';
import { type Attempt, delay, effectOf, httpDate, isRetryable, retryAfter } from '../../../src/http/retry.ts';
import type { TransportTrouble } from '../../../src/http/transport.ts';

const answer = (status: number, retryable = false): Attempt => ({ kind: 'answer', status, retryable });
const failed = (why: TransportTrouble, sent: boolean): Attempt => ({ kind: 'failed', why, sent });

describe('what is retried, and what a write may have done', () => {
  it.each<[string, Attempt, boolean, boolean, 'none' | 'unknown']>([
    // what, attempt, a read is repeated, a write is repeated, effect of the write
    ['no such host', failed('dns', false), true, true, 'none'],
    ['refused', failed('refused', false), true, true, 'none'],
    ['reset', failed('reset', true), true, false, 'unknown'],
    ['no connection in time', failed('timeout', false), true, true, 'none'],
    ['no answer in time', failed('timeout', true), true, false, 'unknown'],
    ['a bad certificate', failed('tls', false), false, false, 'none'],
    ['something else on the way', failed('network', true), true, false, 'unknown'],
    ['an answer cut off', failed('cut-off', true), true, false, 'unknown'],
    ['an answer that is not HTTP', failed('malformed', true), false, false, 'unknown'],
    ['an answer with large headers', failed('large-headers', true), false, false, 'unknown'],
    ['an answer without end', failed('too-large', true), false, false, 'unknown'],
    ['an answer that is not UTF-8', failed('not-utf-8', true), false, false, 'unknown'],
    ['429', answer(429), true, true, 'none'],
    ['429 that says so itself', answer(429, true), true, true, 'none'],
    ['502', answer(502), true, false, 'unknown'],
    ['503', answer(503), true, false, 'unknown'],
    ['504', answer(504), true, false, 'unknown'],
    ['500', answer(500), false, false, 'unknown'],
    ['501', answer(501), false, false, 'unknown'],
    ['retryable 500', answer(500, true), true, false, 'unknown'],
    ['retryable 409', answer(409, true), true, false, 'unknown'],
    ['400', answer(400), false, false, 'none'],
    ['401', answer(401), false, false, 'none'],
    ['403', answer(403), false, false, 'none'],
    ['404', answer(404), false, false, 'none'],
    ['409', answer(409), false, false, 'none'],
    ['302', answer(302), false, false, 'none'],
    ['200 with nonsense', answer(200), false, false, 'unknown'],
  ])('%s', (_what, attempt, read, write, effect) => {
    expect(isRetryable(attempt, false, 1)).toBe(read);
    expect(isRetryable(attempt, true, 1)).toBe(write);
    expect(effectOf(attempt, true)).toBe(effect);
    expect(effectOf(attempt, false)).toBe('none');
  });

  it('retries a timeout only once', () => {
    expect(isRetryable(failed('timeout', true), false, 2)).toBe(false);
    expect(isRetryable(failed('reset', true), false, 4)).toBe(true);
  });
});

describe('delay', () => {
  it.each([
    [1, undefined, 0, 150],
    [1, undefined, 0.999, 300],
    [2, undefined, 0, 300],
    [3, undefined, 0, 600],
    [4, undefined, 0.5, 1800],
    [30, undefined, 0, 5000],
    [1, 0, 0.7, 0],
    [1, 2500, 0.7, 2500],
    [1, 86_400_000, 0, 60_000],
  ])('after %i attempts, asked for %s, chance %s: %i ms', (attempts, asked, random, ms) => {
    expect(delay(attempts, asked, random)).toBe(ms);
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 10, 24, 12, 0, 0);
  it.each([
    ['3', 3000],
    [' 0 ', 0],
    ['Tue, 24 Nov 2026 12:00:05 GMT', 5000],
    ['Tue, 24 Nov 2026 11:00:00 GMT', 0],
    [undefined, undefined],
    ['', undefined],
    ['abc', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['2026-11-24T12:00:05Z', undefined],
    ['Tue, 99 Nov 2026 12:00:05 GMT', undefined],
  ])('%j is %s ms', (header, ms) => {
    expect(retryAfter(header, now)).toBe(ms);
  });

  it('reads an HTTP date', () => {
    expect(httpDate('Tue, 24 Nov 2026 12:00:00 GMT')).toBe(now);
    expect(httpDate(undefined)).toBeUndefined();
  });
});
