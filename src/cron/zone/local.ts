import { utcText } from './utc.ts';
import { wallAt } from './wall.ts';
import type { Zone } from './zone.ts';

/**
 * Epoch milliseconds on the clock of a zone, in ISO 8601 with the offset that holds then: `2026-11-23T09:00:00+01:00`, `Z`
 * for none. As `utcText` where the year has other than four digits.
 */
export function localText(zone: Zone, ms: number): string {
  const { local, offset } = wallAt(zone, Math.floor(ms / 1000), false);
  const text = utcText(local * 1000 + (ms - Math.floor(ms / 1000) * 1000));
  return text.endsWith('Z') ? text.slice(0, -1) + offsetText(offset) : text;
}

/** Seconds east of UTC as `+01:00`, with seconds only when there are any; `Z` for none. */
export function offsetText(offset: number): string {
  if (offset === 0) return 'Z';
  const size = Math.abs(offset);
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60];
  if (size % 60 !== 0) parts.push(size % 60);
  return (offset < 0 ? '-' : '+') + parts.map((part) => String(part).padStart(2, '0')).join(':');
}
