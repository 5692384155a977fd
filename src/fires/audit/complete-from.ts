/** What is known of the past runs of one schedule in an interval that was read; epoch milliseconds. */
export type RunsKnown = {
  /** Times of its runs in the interval, in order. */
  readonly moments: readonly number[];
  /** One of its runs from before the interval is there. */
  readonly hasOlder: boolean;
  /** Everything from here on was read; `-Infinity` = all of the interval. */
  readonly readFrom: number;
  /** The oldest run of any schedule that was seen. */
  readonly oldest: number | undefined;
};

/**
 * From which time on no past run of a schedule is missing. A server that cuts leaves the newest runs of each schedule,
 * so what is left of one is complete from its oldest run on; and one with fewer than a cut leaves was never cut.
 * `keeps` is how many a cut leaves; absent = it is not known what this server does.
 */
export function completeFrom(
  { moments, hasOlder, readFrom, oldest }: RunsKnown,
  keeps: number | undefined,
): number {
  const [first] = moments;
  if (hasOlder || (keeps !== undefined && moments.length < keeps)) return readFrom;
  // Of several runs of its very time a cut may have left one.
  return Math.max(readFrom, (first ?? oldest ?? Number.POSITIVE_INFINITY) + 1);
}
