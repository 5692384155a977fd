import { firesAfter } from '../cron/timers.ts';
import type { Schedule } from '../model/schedule.ts';

/** The next fire of a running schedule strictly after a moment (epoch milliseconds); null = none. */
export function nextFireOf(schedule: Schedule, after: number): number | null {
  if (schedule.paused) return null;
  const { cronSchedules, cronExpression, zoneId = 'UTC', scheduleStartTime, scheduleEndTime } = schedule;
  const entries = cronSchedules ?? (cronExpression === undefined ? [] : [{ cronExpression, zoneId }]);
  const timing = {
    entries,
    ...(scheduleStartTime === undefined ? {} : { startTime: scheduleStartTime }),
    ...(scheduleEndTime === undefined ? {} : { endTime: scheduleEndTime }),
    catchup: schedule.runCatchupScheduleInstances,
  };
  return firesAfter(timing, after, 1)[0] ?? null;
}
