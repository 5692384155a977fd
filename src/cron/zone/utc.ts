import { civilDate, dayNumber } from './civil.ts';

const dayMs = 86_400_000;

/** The numbers to 59 in two digits. */
const pairs: readonly string[] = Array.from({ length: 60 }, (_, number) => pad(number, 2));

/** The year 10000, from which on a time has no text. */
export const endOfYears = 253_402_300_800_000;

/**
 * Epoch milliseconds as UTC in ISO 8601: `2026-11-23T02:00:00Z`, with milliseconds only when there are any. Years
 * outside 0 to 9999 and what is not a whole number come back as they are: a server may store any number.
 */
export function utcText(ms: number): string {
  if (!Number.isInteger(ms) || ms < -62_167_219_200_000 || ms >= endOfYears) return String(ms);
  const days = Math.floor(ms / dayMs);
  const rest = ms - days * dayMs;
  const seconds = Math.floor(rest / 1000);
  const time = `${pairs[Math.floor(seconds / 3600)]}:${pairs[Math.floor(seconds / 60) % 60]}:${pairs[seconds % 60]}`;
  const fraction = rest % 1000 === 0 ? '' : `.${pad(rest % 1000, 3)}`;
  return `${dateOf(days)}T${time}${fraction}Z`;
}

// Nearly all times of a report are on a few days.
const dates = new Map<number, string>();
const mostDates = 1000;

function dateOf(days: number): string {
  const known = dates.get(days);
  if (known !== undefined) return known;
  const { year, month, day } = civilDate(days);
  const date = `${pad(year, 4)}-${pairs[month]}-${pairs[day]}`;
  if (dates.size < mostDates) dates.set(days, date);
  return date;
}

/** The time that `utcText` wrote, as epoch milliseconds. */
export function utcTime(text: string): number {
  if (!text.endsWith('Z')) return Number(text);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = text.split(/[-T:Z]/).map(Number);
  const minutes = (dayNumber({ year, month, day }) * 24 + hour) * 60 + minute;
  return minutes * 60_000 + Math.round(second * 1000);
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
