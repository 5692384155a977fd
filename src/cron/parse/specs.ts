import type { CronProblem, CronRule } from './cron.ts';
import { isDayOfMonthRule, isDayOfWeekRule, parseDayOfMonthRule, parseDayOfWeekRule } from './day-rules.ts';
import type { Piece } from './piece.ts';

/** What one of the six fields takes. */
export interface Spec {
  readonly title: string;
  readonly least: number;
  readonly greatest: number;
  /** The first is 1. */
  readonly names?: readonly string[];
  /** The forms with L, W and #, which only the day fields have; there `?` may stand for `*`. */
  readonly day?: {
    readonly is: (text: string) => boolean;
    readonly parse: (item: Piece) => CronRule | CronProblem;
  };
}

export const monthNames: readonly string[] = [
  'JAN',
  'FEB',
  'MAR',
  'APR',
  'MAY',
  'JUN',
  'JUL',
  'AUG',
  'SEP',
  'OCT',
  'NOV',
  'DEC',
];
export const dayNames: readonly string[] = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];

export const specs: readonly Spec[] = [
  { title: 'second', least: 0, greatest: 59 },
  { title: 'minute', least: 0, greatest: 59 },
  { title: 'hour', least: 0, greatest: 23 },
  {
    title: 'day of month',
    least: 1,
    greatest: 31,
    day: { is: isDayOfMonthRule, parse: parseDayOfMonthRule },
  },
  { title: 'month', least: 1, greatest: 12, names: monthNames },
  // 0 is taken too, but `*` and a step start from 1.
  {
    title: 'day of week',
    least: 1,
    greatest: 7,
    names: dayNames,
    day: { is: isDayOfWeekRule, parse: parseDayOfWeekRule },
  },
];

/** Whether it is the day of week, which counts Sunday as 0 and as 7. */
export function isWeek(spec: Spec): boolean {
  return spec.names === dayNames;
}
