import type { CronEntry, Schedule } from './schedule.ts';

/** What of a schedule decides when it fires, in the shape in which `cron/` asks for it. Times are epoch milliseconds. */
export interface ScheduleTiming {
  readonly entries: readonly CronEntry[];
  readonly startTime?: number;
  readonly endTime?: number;
  readonly catchup: boolean;
}

/** The timers and the window of a schedule. Whether it is paused is not among them. */
export function timingOf(schedule: Schedule): ScheduleTiming {
  const { cronSchedules, cronExpression, zoneId = 'UTC', scheduleStartTime, scheduleEndTime } = schedule;
  return {
    entries: cronSchedules ?? (cronExpression === undefined ? [] : [{ cronExpression, zoneId }]),
    ...(scheduleStartTime === undefined ? {} : { startTime: scheduleStartTime }),
    ...(scheduleEndTime === undefined ? {} : { endTime: scheduleEndTime }),
    catchup: schedule.runCatchupScheduleInstances,
  };
}
