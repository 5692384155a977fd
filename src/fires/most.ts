import { addFiresPerDay, addFiresPerMinute } from '../cron/fire/fires.ts';
import type { Schedule } from '../model/schedule.ts';
import { timingOf } from '../model/timing.ts';

/** The busiest day or minute: when it begins (epoch milliseconds, UTC), and its fires. */
export interface Fullest {
  readonly at: number;
  readonly fires: number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
const days = 28;

/** The UTC day of the next 28 that has the most fires of these schedules together; `now` in epoch milliseconds. */
export function fullestDay(schedules: readonly Schedule[], now: number): Fullest {
  return fullest(schedules, now, dayMs, addFiresPerDay);
}

/** The minute of the next 28 days that has the most. */
export function fullestMinute(schedules: readonly Schedule[], now: number): Fullest {
  return fullest(schedules, now, minuteMs, addFiresPerMinute);
}

function fullest(
  schedules: readonly Schedule[],
  now: number,
  size: number,
  addFires: typeof addFiresPerDay,
): Fullest {
  const tally = new Uint32Array((days * dayMs) / size + 1);
  const span = { from: now + 1, to: now + days * dayMs, since: now };
  for (const schedule of schedules) if (!schedule.paused) addFires(timingOf(schedule), span, tally);
  const most = tally.reduce((best, fires, index) => (fires > (tally[best] ?? 0) ? index : best), 0);
  return { at: (Math.floor(span.from / size) + most) * size, fires: tally[most] ?? 0 };
}
