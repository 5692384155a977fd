import { firesAfter } from '../cron/fire/fires.ts';
import type { Schedule } from '../model/schedule.ts';
import { timingOf } from '../model/timing.ts';

/** The next fire of a running schedule strictly after a moment (epoch milliseconds); null = none. */
export function nextFireOf(schedule: Schedule, after: number): number | null {
  if (schedule.paused) return null;
  return firesAfter(timingOf(schedule), after, 1)[0] ?? null;
}
