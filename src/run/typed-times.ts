import { dayNumber, monthLength } from '../cron/zone/civil.ts';
import { readTime } from '../manifest/resolve/time.ts';
import { refuse, type Settled } from '../settings/settings.ts';

const date = /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})$/;
const dayMs = 86_400_000;
const units: { readonly [unit: string]: number } = { s: 1000, m: 60_000, h: 3_600_000, d: dayMs };

/** A time as typed: ISO 8601 with an offset, or a date, which is 00:00 UTC. Epoch milliseconds. */
function timeOf(flag: string, text: string, forms = 'write'): Settled<number> {
  const day = date.exec(text)?.groups;
  if (day) {
    const [year = 0, month = 0, number = 0] = [day.year, day.month, day.day].map(Number);
    if (month >= 1 && month <= 12 && number >= 1 && number <= monthLength(year, month))
      return { ok: true, value: dayNumber({ year, month, day: number }) * dayMs };
  }
  const time = readTime(text);
  if (time.ok) return { ok: true, value: time.ms };
  const why = time.fault === 'no-offset' ? 'has no offset from UTC' : 'is not a valid time';
  return refuse(
    `--${flag} ${JSON.stringify(text)} ${why}`,
    `${forms} a time such as 2026-12-01T00:00:00+01:00, or a date such as 2026-12-01 (00:00 UTC)`,
  );
}

/** Before that, no server has anything, and years before 0 have no text. */
const longestAgo = 36_500 * dayMs;

/** Milliseconds before now, or epoch milliseconds. */
export type PastTime = { readonly ago: number } | { readonly at: number };

/** `--since` and `--until`: so long ago (`45s`, `30m`, `12h`, `7d`), or a time. */
export function pastTimeOf(flag: 'since' | 'until', text: string): Settled<PastTime> {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) {
    const ago = Number(count) * (units[unit] ?? 0);
    return ago <= longestAgo
      ? { ok: true, value: { ago } }
      : refuse(`--${flag} ${JSON.stringify(text)} is too long ago`, 'the longest is 36500d');
  }
  const at = timeOf(flag, text, 'write how long ago, such as 30m, 12h or 7d,');
  return at.ok ? { ok: true, value: { at: at.value } } : at;
}

/** Epoch milliseconds. */
export function resolved(time: PastTime, now: number): number {
  return 'ago' in time ? now - time.ago : time.at;
}

/** Ten years, leap days too: every fire of it is computed. */
const longestInterval = 3_660 * dayMs;

/** `--from`, else the second that it is now. */
export function startOf(from: string | undefined, now: number): Settled<number> {
  return from === undefined ? { ok: true, value: now - (now % 1000) } : timeOf('from', from);
}

/** An interval as typed; epoch milliseconds, `to` exclusive. */
export function intervalOf(
  { from, to }: { readonly from?: string; readonly to?: string },
  now: number,
  length: number,
): Settled<{ readonly from: number; readonly to: number }> {
  const start = startOf(from, now);
  if (!start.ok) return start;
  const end: Settled<number> =
    to === undefined ? { ok: true, value: start.value + length } : timeOf('to', to);
  if (!end.ok) return end;
  if (end.value <= start.value)
    return refuse('--to is not after --from', 'the interval goes from --from to before --to');
  return end.value - start.value <= longestInterval
    ? { ok: true, value: { from: start.value, to: end.value } }
    : refuse('--to is too far from --from', `the longest interval is ${longestInterval / dayMs} days`);
}
