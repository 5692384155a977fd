import { nextFire } from '../fire/next.ts';
import type { Cron } from '../parse/cron.ts';
import { civilDate, dayNumber, monthLength, weekdayOf } from '../zone/civil.ts';
import type { Zone } from '../zone/zone.ts';
import type { Keeps } from './named-days.ts';

/** One month of one year, with the dates of a cron as bits: bit 1 is the first of the month. */
export interface MonthDates {
  /** 1 to 12. */
  readonly month: number;
  /** All dates that the month has. */
  readonly all: number;
  /** The dates that the cron takes. */
  readonly taken: number;
  /** Those of them that are kept. */
  readonly kept: number;
  /** For each weekday (0 = Monday) the dates that fall on it. */
  readonly byWeekday: readonly number[];
}

const utc: Zone = { kind: 'fixed', id: 'UTC', offset: 0 };
const monthsPerYear = 12;
const dayMs = 86_400_000;
const noon: Pick<Cron, 'second' | 'minute' | 'hour'> = {
  second: [{ kind: 'values', values: [0] }],
  minute: [{ kind: 'values', values: [0] }],
  hour: [{ kind: 'values', values: [12] }],
};

/**
 * The dates of a cron in the twelve months from one on, whatever the clock does: its day fields at noon, in a zone whose
 * clock never changes.
 */
export function datesOf(cron: Cron, keeps: Keeps, first: number): readonly MonthDates[] {
  const start = civilDate(first);
  const months = Array.from({ length: monthsPerYear }, (_, index) => {
    const months = start.month - 1 + index;
    const year = start.year + Math.floor(months / monthsPerYear);
    return emptyMonth(year, (months % monthsPerYear) + 1);
  });
  const end = dayNumber({ year: start.year + 1, month: start.month, day: 1 }) * dayMs;
  const daily = { ...cron, ...noon };
  for (
    let at = nextFire(daily, utc, first * dayMs - 1);
    at !== null && at < end;
    at = nextFire(daily, utc, at)
  ) {
    const day = Math.floor(at / dayMs);
    const date = civilDate(day);
    const month = months[(date.month - start.month + monthsPerYear) % monthsPerYear];
    if (month === undefined) continue;
    month.taken |= 1 << date.day;
    if (keeps(day)) month.kept |= 1 << date.day;
  }
  return months;
}

function emptyMonth(year: number, month: number): { -readonly [Key in keyof MonthDates]: MonthDates[Key] } {
  const first = dayNumber({ year, month, day: 1 });
  const byWeekday = [0, 0, 0, 0, 0, 0, 0];
  let all = 0;
  for (let day = 1; day <= monthLength(year, month); day += 1) {
    const index = weekdayOf(first + day - 1) - 1;
    byWeekday[index] = (byWeekday[index] as number) | (1 << day);
    all |= 1 << day;
  }
  return { month, all, taken: 0, kept: 0, byWeekday };
}
