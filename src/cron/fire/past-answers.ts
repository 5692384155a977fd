import type { Cron } from '../parse/cron.ts';
import { nextChange } from '../zone/offsets.ts';
import type { Zone } from '../zone/zone.ts';
import { answersWithPast, nextFire } from './next.ts';

/** A time in which a server fires about every second; epoch milliseconds. */
export type PastAnswers = {
  /** The fire after which Spring answers with the past. */
  readonly from: number;
  /** The first second from which on it does not. */
  readonly to: number;
};

// Spring's answers go wrong within the hour before the clock goes back; no clock goes back further than three.
const around = 3 * 3600;

/**
 * The fires from `from` to before `to` (epoch milliseconds) after which Spring answers with the past because a clock goes
 * back to the middle of an hour, as in Lord Howe and on Chatham: at most one for each change. Other zones have none.
 */
export function pastAnswers(cron: Cron, zone: Zone, from: number, to: number): readonly PastAnswers[] {
  if (zone.kind === 'fixed') return [];
  const found: PastAnswers[] = [];
  for (let start = Math.ceil(from / 1000); ; ) {
    const change = nextChange(zone.rules, start, Math.ceil(to / 1000));
    if (change === undefined) return found;
    start = change.at;
    if (change.after > change.before || (change.at + change.after) % 3600 === 0) continue;
    const first = firstOf(cron, zone, Math.max(from, (start - around) * 1000), (start + around) * 1000);
    if (first !== undefined) found.push(first);
  }
}

function firstOf(cron: Cron, zone: Zone, from: number, to: number): PastAnswers | undefined {
  for (
    let fire = nextFire(cron, zone, from - 1);
    fire !== null && fire < to;
    fire = nextFire(cron, zone, fire)
  ) {
    if (!answersWithPast(cron, zone, fire)) continue;
    let end = fire + 1000;
    while (answersWithPast(cron, zone, end)) end += 1000;
    return { from: fire, to: end };
  }
  return undefined;
}
