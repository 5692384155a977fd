import { nextFire } from '../../cron/fire/next.ts';
import type { Timer } from './crons.ts';

/** Two timers of one schedule that fire at one instant, which starts two workflows. */
export interface Meeting {
  readonly earlier: Timer;
  readonly later: Timer;
  /** Epoch milliseconds; absent = they are the same timer. */
  readonly at?: number;
}

const horizon = 400 * 86_400_000;
/** For all pairs of a schedule together: two that are out of step for ever would never end. */
const steps = 4000;

/**
 * The first pair of timers that are the same or meet within 400 days of `now` (epoch milliseconds). Each in turn jumps to
 * where the other is, so that a fast one costs no more than a slow one; the search ends after some thousand jumps.
 */
export function meeting(timers: readonly Timer[], now: number): Meeting | undefined {
  let left = steps;
  for (const [index, later] of timers.entries())
    for (const earlier of timers.slice(0, index)) {
      if (earlier.id === later.id) return { earlier, later };
      let [a, b] = [fireFrom(earlier, now), fireFrom(later, now)];
      while (a !== null && b !== null && Math.max(a, b) < now + horizon && left > 0) {
        if (a === b) return { earlier, later, at: a };
        if (a < b) a = fireFrom(earlier, b);
        else b = fireFrom(later, a);
        left -= 1;
      }
    }
  return undefined;
}

function fireFrom({ cron, zone }: Timer, from: number): number | null {
  return nextFire(cron, zone, from - 1000);
}
