import { addFiresPerMinute, addFiresPerMinuteOfDay } from '../cron/fire/fires.ts';
import { compareText, type Schedule } from '../model/schedule.ts';
import { timingOf } from '../model/timing.ts';

/** How many fires the minutes of a UTC day have, over some days and all schedules. */
export interface Load {
  /** Epoch milliseconds, midnight UTC. */
  readonly from: number;
  readonly days: number;
  /** Fires of each of the 1,440 minutes, 00:00Z first, over all days. */
  readonly minutes: readonly number[];
  readonly total: number;
  /** The busiest minute of all of them; absent when nothing fires. */
  readonly busiest?: { readonly at: number; readonly fires: number };
  /** The busiest minutes of the day, the fullest first. */
  readonly peaks: readonly Peak[];
  readonly schedules: { readonly active: number; readonly paused: number };
}

export interface Peak {
  /** Minute of the UTC day: 0 = 00:00Z. */
  readonly minute: number;
  /** Over all days. */
  readonly fires: number;
  /** Who fires then, the most first. */
  readonly causes: readonly Cause[];
}

export interface Cause {
  readonly name: string;
  readonly fires: number;
}

/** Four weeks hold every day of the week and of most months alike. */
export const loadDays = 28;
const minutesPerDay = 1440;
const minuteMs = 60_000;
const dayMs = minutesPerDay * minuteMs;
const peaksShown = 5;

/** The load of some schedules in the four weeks from the UTC day of `from` (epoch milliseconds) on. */
export function loadOf(schedules: readonly Schedule[], from: number): Load {
  const start = Math.floor(from / dayMs) * dayMs;
  const span = { from: start, to: start + loadDays * dayMs };
  const active = schedules.filter(({ paused }) => !paused);
  const ofDay = new Uint32Array(minutesPerDay);
  const each = new Uint32Array(loadDays * minutesPerDay);
  for (const schedule of active) {
    addFiresPerMinuteOfDay(timingOf(schedule), span, ofDay);
    addFiresPerMinute(timingOf(schedule), span, each);
  }
  const minutes = [...ofDay];
  const fullest = each.reduce((best, fires, index) => (fires > (each[best] ?? 0) ? index : best), 0);
  const fires = each[fullest] ?? 0;
  return {
    from: start,
    days: loadDays,
    minutes,
    total: minutes.reduce((sum, count) => sum + count, 0),
    ...(fires === 0 ? {} : { busiest: { at: start + fullest * minuteMs, fires } }),
    peaks: peaksOf(active, span, minutes),
    schedules: { active: active.length, paused: schedules.length - active.length },
  };
}

function peaksOf(
  active: readonly Schedule[],
  span: { readonly from: number; readonly to: number },
  minutes: readonly number[],
): readonly Peak[] {
  const fullest = minutes
    .map((fires, minute) => ({ minute, fires }))
    .filter(({ fires }) => fires > 0)
    .sort((a, b) => b.fires - a.fires || a.minute - b.minute)
    .slice(0, peaksShown);
  const causes = fullest.map((): Cause[] => []);
  for (const schedule of active) {
    const own = new Uint32Array(minutesPerDay);
    addFiresPerMinuteOfDay(timingOf(schedule), span, own);
    for (const [index, { minute }] of fullest.entries()) {
      const fires = own[minute] ?? 0;
      if (fires > 0) causes[index]?.push({ name: schedule.name, fires });
    }
  }
  return fullest.map((peak, index) => ({
    ...peak,
    causes: (causes[index] ?? []).sort((a, b) => b.fires - a.fires || compareText(a.name, b.name)),
  }));
}
