import pLimit from 'p-limit';

/** Bounds the requests in flight, fewer while the server is short of breath. */
export interface Pace {
  /** Runs the work when there is room; `isThrottled` tells from its result whether the server asked for less. */
  run<T>(work: () => Promise<T>, isThrottled: (result: T) => boolean): Promise<T>;
  /** How many requests may be in flight at this time. */
  limit(): number;
}

/**
 * At most `parallelism` at a time. An answer that asks for less halves the limit, never below one, and once for all
 * requests that were on their way together: a burst of sixteen 429s is one message, not four halvings. A round of
 * successes, as many as the limit, gives one back.
 */
export function pace(parallelism: number): Pace {
  const limited = pLimit(parallelism);
  let round = 0;
  let successes = 0;
  return {
    limit: () => limited.concurrency,
    run: (work, isThrottled) =>
      limited(async () => {
        const begunIn = round;
        const result = await work();
        if (isThrottled(result)) {
          successes = 0;
          if (begunIn === round) {
            round += 1;
            limited.concurrency = Math.max(1, Math.floor(limited.concurrency / 2));
          }
        } else if (limited.concurrency < parallelism) {
          successes += 1;
          if (successes >= limited.concurrency) {
            successes = 0;
            limited.concurrency += 1;
          }
        }
        return result;
      }),
  };
}
