import { dayNumber, monthLength } from '../../cron/zone/civil.ts';
import type { TimeFault } from '../../problems/value-problems.ts';

export type ReadTime =
  | { readonly ok: true; readonly ms: number }
  | { readonly ok: false; readonly fault: TimeFault };

const form =
  /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})[Tt](?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d+))?)?(?<offset>[Zz]|[+-]\d{2}(?::?\d{2})?)?$/;
const minuteMs = 60_000;
const dayMs = 86_400_000;

/**
 * Epoch milliseconds of a time in ISO 8601 with an offset, as in `2027-01-01T00:00:00-05:00`. Seconds may be left
 * out; what is finer than a millisecond is cut off. There is no 24:00 and no leap second, and no offset beyond
 * 18 hours, as in Java.
 */
export function readTime(text: string): ReadTime {
  const parts = form.exec(text)?.groups;
  if (!parts) return { ok: false, fault: 'form' };
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = [
    parts.year,
    parts.month,
    parts.day,
    parts.hour,
    parts.minute,
    parts.second ?? '0',
  ].map(Number);
  if (month < 1 || month > 12 || day < 1 || day > monthLength(year, month))
    return { ok: false, fault: 'no-such-day' };
  if (hour > 23 || minute > 59 || second > 59) return { ok: false, fault: 'no-such-time' };
  if (parts.offset === undefined) return { ok: false, fault: 'no-offset' };
  const offset = offsetMinutes(parts.offset);
  if (offset === undefined) return { ok: false, fault: 'no-such-offset' };
  const ms = Number((parts.fraction ?? '').slice(0, 3).padEnd(3, '0'));
  const local =
    dayNumber({ year, month, day }) * dayMs + (hour * 60 + minute) * minuteMs + second * 1000 + ms;
  return { ok: true, ms: local - offset * minuteMs };
}

function offsetMinutes(text: string): number | undefined {
  if (text === 'Z' || text === 'z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(':', '') || '0');
  if (minutes > 59 || hours * 60 + minutes > 18 * 60) return undefined;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
