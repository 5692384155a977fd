import { civilDate, dayNumber } from './civil.ts';

const dayMs = 86_400_000;

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
  const { year, month, day } = civilDate(days);
  const date = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  const seconds = Math.floor(rest / 1000);
  const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) =>
    pad(part, 2),
  );
  const fraction = rest % 1000 === 0 ? '' : `.${pad(rest % 1000, 3)}`;
  return `${date}T${time.join(':')}${fraction}Z`;
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
