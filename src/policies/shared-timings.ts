import { type ScheduleTiming, timingOf, type WishedSchedule } from '../model/timing.ts';

/**
 * When a schedule fires: one object for all schedules that fire at the same times, so that what is found out about one holds
 * for all of them.
 */
export function sharedTimings(): (schedule: WishedSchedule) => ScheduleTiming {
  // Nearly every schedule has one cron and nothing else: by zone, then cron.
  const plain = new Map<string, Map<string, ScheduleTiming>>();
  const others = new Map<string, ScheduleTiming>();
  // Each policy asks, one after the other.
  let last: { readonly schedule: WishedSchedule; readonly timing: ScheduleTiming } | undefined;

  function shared(schedule: WishedSchedule): ScheduleTiming {
    const { zoneId = 'UTC', cronExpression } = schedule.cronSchedules?.[0] ?? schedule;
    if (cronExpression === undefined || !isPlain(schedule)) return among(others, keyOf(schedule), schedule);
    const inZone = plain.get(zoneId) ?? new Map<string, ScheduleTiming>();
    plain.set(zoneId, inZone);
    return among(inZone, cronExpression, schedule);
  }

  return (schedule) => {
    if (last?.schedule !== schedule) last = { schedule, timing: shared(schedule) };
    return last.timing;
  };
}

function among(known: Map<string, ScheduleTiming>, key: string, schedule: WishedSchedule): ScheduleTiming {
  const found = known.get(key);
  if (found !== undefined) return found;
  const timing = timingOf(schedule);
  known.set(key, timing);
  return timing;
}

/** Whether one cron and its zone say all. */
function isPlain(schedule: WishedSchedule): boolean {
  return (
    (schedule.cronSchedules?.length ?? 1) === 1 &&
    schedule.days === undefined &&
    schedule.scheduleStartTime === undefined &&
    schedule.scheduleEndTime === undefined &&
    !schedule.runCatchupScheduleInstances
  );
}

function keyOf(schedule: WishedSchedule): string {
  const { entries, startTime, endTime, catchup, days } = timingOf(schedule);
  const namesOf = (calendars: readonly { readonly name: string }[] = []) => calendars.map(({ name }) => name);
  return JSON.stringify([
    entries.map(({ cronExpression, zoneId }) => [cronExpression, zoneId]),
    startTime,
    endTime,
    catchup,
    days !== undefined,
    namesOf(days?.except),
    namesOf(days?.only),
  ]);
}
