import type { Cron } from './cron.ts';
import { parseCron } from './parse-cron.ts';
import { dayNames } from './specs.ts';

/** A day of week that is written as a number. */
export interface NumberedWeekday {
  /** UTF-16 offsets of the field inside the expression. */
  readonly start: number;
  readonly end: number;
  /** The first number in it, 0 to 7. */
  readonly number: number;
  /** The field with names instead of numbers; absent when that would be another one. */
  readonly suggestion?: string;
}

// Neither the n of `MON#2` nor a step.
const number = /(?<![#/\d])[0-7](?!\d)/g;

/**
 * Whether the day of week has a number that another scheduler reads as another day: here 1 is Monday, in Quartz Sunday.
 * Every day of the week is the same in both, and 0 is not a day in Quartz.
 */
export function numberedWeekday(cron: Cron): NumberedWeekday | undefined {
  const { expression } = cron;
  const [rule] = cron.weekday;
  if (cron.weekday.length === 1 && rule?.kind === 'values' && rule.values.length === dayNames.length)
    return undefined;
  const field = [...expression.matchAll(/[^ ]+/g)][5];
  if (field === undefined) return undefined;
  const [text] = field;
  const found = [...text.matchAll(number)].map(([digit]) => Number(digit)).find((digit) => digit > 0);
  if (found === undefined) return undefined;
  const named = text.replace(number, (digit) => dayNames[(Number(digit) + 6) % 7] ?? digit);
  const start = field.index;
  const other = parseCron(`${expression.slice(0, start)}${named}${expression.slice(start + text.length)}`);
  const isSame = other.ok && JSON.stringify(other.cron.weekday) === JSON.stringify(cron.weekday);
  return { start, end: start + text.length, number: found, ...(isSame ? { suggestion: named } : {}) };
}
