/** Days with names, by day number (0 = 1970-01-01). */
export type NamedDays = {
  readonly name: string;
  /** What each day is: `Christmas Day`. */
  readonly days: ReadonlyMap<number, string>;
  /** The last day that it says anything about: it ends, or recurring days are read no further. Absent = every day. */
  readonly knownTo?: number;
};

/** Which days have fires. */
export type DayChoice = {
  /** No fire on the days of any of these. */
  readonly except: readonly NamedDays[];
  /** When there are any: a fire only on days of one of these. */
  readonly only: readonly NamedDays[];
};

/** Whether the fires of a local date are kept; dates are day numbers. */
export type Keeps = (day: number) => boolean;

/** Whether a date is kept. */
export function keepsOf({ except, only }: DayChoice): Keeps {
  return (day) =>
    (only.length === 0 || only.some(({ days }) => days.has(day))) &&
    !except.some(({ days }) => days.has(day));
}

/** The calendar that is the first to say nothing about later days, and the last day that it says something about. */
export function endOfKnown({
  except,
  only,
}: DayChoice): { readonly name: string; readonly day: number } | undefined {
  let first: { readonly name: string; readonly day: number } | undefined;
  for (const { name, knownTo } of [...except, ...only])
    if (knownTo !== undefined && knownTo < (first?.day ?? Number.POSITIVE_INFINITY))
      first = { name, day: knownTo };
  return first;
}

/** The last day that may be kept: that of the calendars that fires keep to; infinite where they keep to none. */
export function lastKept({ only }: DayChoice): number {
  if (only.length === 0) return Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { days } of only) for (const day of days.keys()) last = Math.max(last, day);
  return last;
}
