import type { FireTiming } from '../apply/options.ts';
import { firesAfter } from '../cron/fire/fires.ts';
import { awaitedFires, punctualityOf } from '../fires/awaited-fires.ts';
import type { Schedule } from '../model/schedule.ts';
import { timingOf } from '../model/timing.ts';

/** The next fire of a running schedule strictly after a time (epoch milliseconds); null = none. */
export function nextFireOf(schedule: Schedule, after: number): number | null {
  if (schedule.paused) return null;
  return firesAfter(timingOf(schedule), after, 1)[0] ?? null;
}

/** When schedules fire, for who writes them: as it is computed, and as past runs tell. */
export const fireTiming: FireTiming = {
  nextFire: nextFireOf,
  awaitedFires: (schedule, since, runs) =>
    schedule.paused ? [] : awaitedFires(timingOf(schedule), since, runs),
  punctuality: (schedule, since, runs) => punctualityOf(since, timingOf(schedule).entries.length, runs),
};
