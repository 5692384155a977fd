import { readTime } from '../../manifest/resolve/time.ts';

const units: { readonly [unit: string]: number } = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * The moment that `--since` means, in epoch milliseconds: so long ago (`45s`, `30m`, `12h`, `7d`), or ISO 8601 with an
 * offset. Undefined when it is neither.
 */
export function sinceMoment(text: string, now: number): number | undefined {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return now - Number(count) * (units[unit] ?? 0);
  const read = readTime(text);
  return read.ok ? read.ms : undefined;
}
