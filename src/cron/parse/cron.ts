/**
 * A cron expression as data, made only by `parseCron`. A field is a list of rules of which any may hold; all six fields
 * must hold at once, the two day fields included.
 */
export interface Cron {
  /** As it was written. */
  readonly expression: string;
  readonly second: CronField;
  readonly minute: CronField;
  readonly hour: CronField;
  readonly day: CronField;
  readonly month: CronField;
  readonly weekday: CronField;
}

export type CronField = readonly CronRule[];

/** Weekdays are 1 = Monday to 7 = Sunday. */
export type CronRule =
  /** One of these values: ascending, never empty. */
  | { readonly kind: 'values'; readonly values: readonly number[] }
  /** So many days before the month's last: `L` is 0, `L-3` is 3. */
  | { readonly kind: 'last-day'; readonly before: number }
  /** `LW`: the month's last day from Monday to Friday. */
  | { readonly kind: 'last-workday' }
  /** `15W`: the day from Monday to Friday that is nearest to this day within its month. */
  | { readonly kind: 'workday-near'; readonly day: number }
  /** `5L`: the last of this weekday in the month. */
  | { readonly kind: 'last-weekday'; readonly weekday: number }
  /** `5#2`: the n-th of this weekday in the month. Months without one have none. */
  | { readonly kind: 'nth-weekday'; readonly weekday: number; readonly nth: number };

/**
 * The first mistake of an expression. `start` and `end` are UTF-16 offsets inside it; `why` is a statement and `hint` a piece
 * of advice, both without a full stop.
 */
export interface CronProblem {
  readonly start: number;
  readonly end: number;
  readonly why: string;
  readonly hint?: string;
}
