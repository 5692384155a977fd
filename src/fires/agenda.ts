import { chosenDays } from '../cron/days/left-out-days.ts';
import { endOfKnown } from '../cron/days/named-days.ts';
import { addFiresPerDay, countFires, fires, type Span } from '../cron/fire/fires.ts';
import { dateText } from '../cron/zone/civil.ts';
import type { CalendarDay } from '../model/generated/report-parts.ts';
import { compareText } from '../model/schedule.ts';
import { type FireWindow, timingOf, type WishedSchedule } from '../model/timing.ts';
import { fireWindows } from './windows.ts';

/** One fire: epoch milliseconds, and the zone that its cron is read in. */
export interface AgendaFire {
  readonly at: number;
  readonly name: string;
  readonly zoneId: string;
}

/** A schedule that fires too often in the interval to list each time. */
export interface DenseSchedule {
  readonly name: string;
  readonly count: number;
  /** Epoch milliseconds. */
  readonly first: number;
  readonly last: number;
  /** The most on one UTC day, counted within the interval. */
  readonly mostPerDay: number;
  /** Its fires with those at most an hour apart drawn together. */
  readonly windows: readonly FireWindow[];
}

/** A day without fires of some schedules, because of a calendar. */
export type DayOff = CalendarDay & { readonly names: readonly string[] };

/** What fires in an interval. */
export interface Agenda {
  /** Epoch milliseconds; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
  /** In order of time, then of names. */
  readonly fires: readonly AgendaFire[];
  readonly dense: readonly DenseSchedule[];
  /** In order of the dates, then of the calendars. */
  readonly daysOff: readonly DayOff[];
  /** Calendars that know nothing of the end of the interval, with the last day that they know of. */
  readonly unknownAfter: readonly { readonly calendar: string; readonly date: string }[];
  /** Names of schedules that are paused: they do not fire. */
  readonly paused: readonly string[];
  /** Names of schedules without a fire in the interval. */
  readonly silent: readonly string[];
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** In an interval shorter than a day too. */
const leastDense = 24;

/**
 * Every fire of some schedules from `from` to before `to`. Those that fire more than once an hour (and more than 24
 * times in all) are summed up: a list of every five minutes hides what else happens.
 */
export function agendaOf(schedules: readonly WishedSchedule[], { from, to }: Span): Agenda {
  const listed: AgendaFire[] = [];
  const dense: DenseSchedule[] = [];
  const paused: string[] = [];
  const silent: string[] = [];
  const daysOff = new Map<string, CalendarDay & { readonly names: string[] }>();
  const unknownAfter = new Map<string, string>();
  const most = Math.max(leastDense, Math.ceil((to - from) / hourMs));
  for (const schedule of [...schedules].sort((a, b) => compareText(a.name, b.name))) {
    const { name } = schedule;
    const timing = timingOf(schedule);
    const count = countFires(timing, { from, to });
    if (schedule.days !== undefined && !schedule.paused) {
      const { leftOut = [] } = chosenDays(schedule.days, timing, { from, to }, Number.POSITIVE_INFINITY);
      for (const day of leftOut) {
        const key = `${day.date} ${day.calendar}`;
        const known = daysOff.get(key) ?? { ...day, names: [] };
        known.names.push(name);
        daysOff.set(key, known);
      }
      const end = endOfKnown(schedule.days);
      if (end !== undefined && (end.day + 1) * dayMs < to) unknownAfter.set(end.name, dateText(end.day));
    }
    if (schedule.paused) paused.push(name);
    else if (count === 0) silent.push(name);
    else if (count > most) dense.push(summedUp(schedule, { from, to }, count));
    else
      for (const { at, entry } of fires(timing, { from, to }))
        listed.push({ at, name, zoneId: entry.zoneId });
  }
  return {
    from,
    to,
    fires: listed.sort((a, b) => a.at - b.at || compareText(a.name, b.name)),
    dense,
    daysOff: [...daysOff].sort(([a], [b]) => compareText(a, b)).map(([, day]) => day),
    unknownAfter: [...unknownAfter].map(([calendar, date]) => ({ calendar, date })),
    paused,
    silent,
  };
}

function summedUp(schedule: WishedSchedule, span: Span, count: number): DenseSchedule {
  const timing = timingOf(schedule);
  const perDay = new Uint32Array(Math.ceil(span.to / dayMs) - Math.floor(span.from / dayMs));
  addFiresPerDay(timing, span, perDay);
  const windows = fireWindows(timing, span, hourMs);
  return {
    name: schedule.name,
    count,
    first: windows[0]?.first ?? span.from,
    last: windows.at(-1)?.last ?? span.from,
    mostPerDay: Math.max(...perDay),
    windows,
  };
}
