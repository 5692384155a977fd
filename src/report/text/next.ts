import { localText } from '../../cron/zone/local.ts';
import { utcText } from '../../cron/zone/utc.ts';
import type { ScheduleFires } from '../../model/timing.ts';
import type { NextFire } from '../documents/next.ts';
import { terminalText } from './escape.ts';
import { calendarLines } from './fire-lines.ts';
import type { Style } from './style.ts';

/** A line for each: in its zone, in UTC, and how far from `now`; then the days of calendars among them. */
export function renderNext(
  fires: readonly NextFire[],
  now: number,
  { colors, width }: Style,
  chosen: Pick<ScheduleFires, 'leftOut' | 'kept'> = {},
): string {
  const lines = fires.map(({ at, zone, zoneId }) => {
    const utc = utcText(at);
    const own = localText(zone, at);
    const zoned = own === utc ? '' : `${own} ${terminalText(zoneId)}  `;
    return `${zoned}${utc}  ${colors.dim(distance(at, now))}\n`;
  });
  return [...lines, ...calendarLines(chosen, '', width).map((line) => `${line}\n`)].join('');
}

function distance(at: number, now: number): string {
  if (at < now) return 'past';
  return at - now < 1000 ? 'now' : `in ${durationText(at - now)}`;
}

const units: readonly (readonly [name: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
];

/** The two largest parts of a duration of at least a second, in milliseconds: `2 h 5 min`. */
function durationText(ms: number): string {
  const at = units.findIndex(([, size]) => ms >= size);
  const parts: string[] = [];
  let rest = ms;
  for (const [name, size] of units.slice(at, at + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${name}`);
  }
  return parts.join(' ');
}
