import type { CalendarDay } from './generated/report-parts.ts';
import { present } from './present.ts';
import type { CronEntry, DaysWish, Schedule } from './schedule.ts';

/** What of a schedule decides when it fires, in the shape in which `cron/` asks for it. Times are epoch milliseconds. */
export type ScheduleTiming = {
  readonly entries: readonly CronEntry[];
  readonly startTime?: number;
  readonly endTime?: number;
  readonly catchup: boolean;
  /** Days with and without fires, where the entries are as a person wrote them. Absent = every day. */
  readonly days?: Omit<DaysWish, 'entries'>;
};

/** A schedule, and what its timers were compiled from. */
export type WishedSchedule = Schedule & { readonly days?: DaysWish };

// What is known of a timer is kept with its entry.
const timings = new WeakMap<WishedSchedule, ScheduleTiming>();

/**
 * The timers and the window of a schedule. Whether it is paused is not among them. Timers that were compiled from a wish
 * are told as the wish: it holds beyond the months that they were compiled for.
 */
export function timingOf(schedule: WishedSchedule): ScheduleTiming {
  const known = timings.get(schedule);
  if (known !== undefined) return known;
  const timing = readTiming(schedule);
  timings.set(schedule, timing);
  return timing;
}

function readTiming(schedule: WishedSchedule): ScheduleTiming {
  const {
    days,
    cronSchedules,
    cronExpression,
    zoneId = 'UTC',
    scheduleStartTime,
    scheduleEndTime,
  } = schedule;
  return {
    entries:
      days?.entries ?? cronSchedules ?? (cronExpression === undefined ? [] : [{ cronExpression, zoneId }]),
    ...(days === undefined ? {} : { days }),
    ...present({ startTime: scheduleStartTime, endTime: scheduleEndTime }),
    catchup: schedule.runCatchupScheduleInstances,
  };
}

/** When a schedule fires, as it is shown. */
export type ScheduleFires = {
  readonly timers: readonly TimerView[];
  readonly paused: boolean;
  /** The next few, in order; none while it is paused. Absent where only the words are shown. */
  readonly next?: readonly FireView[];
  /** The most fires on one UTC day of the next four weeks; 0 while it is paused. Absent like `next`. */
  readonly mostPerDay?: number;
  /** Of one that leaves out days of calendars: the first of those that it would fire on otherwise. */
  readonly leftOut?: readonly CalendarDay[];
  /** Of one that keeps to days of calendars: the first of those that it fires on. */
  readonly kept?: readonly CalendarDay[];
};

export type TimerView = CronEntry & {
  /** The cron in English. Absent = the server cannot read cron or zone, so this timer never fires. */
  readonly words?: string;
};

export type FireView = {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The same in the timer's zone, in ISO 8601 with its offset. */
  readonly local: string;
};

/** What a change does to the fires of its schedule. */
export type ChangeFires = {
  /** Absent for a new schedule, and when the change leaves them as they are. */
  readonly before?: ScheduleFires;
  readonly after: ScheduleFires;
  /** Milliseconds until the first fire after the change, when that is soon. */
  readonly soon?: number;
  /** Only where a page is made. */
  readonly timeline?: Timeline;
};

/** The fires of both sides on one axis; epoch milliseconds. */
export type Timeline = {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** Absent where the change leaves them as they are, and for a new schedule. */
  readonly before?: readonly FireWindow[];
  readonly after: readonly FireWindow[];
};

/** Fires that are too close to each other to be told apart; a single one is a window, too. */
export type FireWindow = {
  readonly first: number;
  readonly last: number;
  readonly count: number;
};
