import { addFiresPerDay, fires, type Span } from '../cron/fire/fires.ts';
import { compareText } from '../model/schedule.ts';
import { timingOf, type WishedSchedule } from '../model/timing.ts';
import { fireWindows } from './windows.ts';

/** One fire, or the fires of a window; epoch milliseconds. */
export type CalendarEvent = {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** The zone that the cron of a single fire is read in. */
  readonly zoneId?: string;
};

const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** With more fires on a UTC day, they are drawn together. */
const mostPerDay = 24;

/**
 * What a calendar shows of an interval, in order of time, then of names. What an event is depends on its UTC day only, so it is
 * the same in every interval that meets it, and a calendar that reads one after the other has each event once: a window is
 * whole, also where the interval begins or ends inside of it.
 */
export function calendarEvents(
  schedules: readonly WishedSchedule[],
  { from, to }: Span,
): readonly CalendarEvent[] {
  const [firstDay, days] = [Math.floor(from / dayMs), Math.ceil(to / dayMs) - Math.floor(from / dayMs)];
  const events = schedules.flatMap((schedule): readonly CalendarEvent[] => {
    if (schedule.paused) return [];
    const timing = timingOf(schedule);
    const { name } = schedule;
    const tally = new Uint32Array(days);
    addFiresPerDay(timing, { from: firstDay * dayMs, to: (firstDay + days) * dayMs }, tally);
    return [...tally].flatMap((count, index): readonly CalendarEvent[] => {
      if (count === 0) return [];
      const day = { from: (firstDay + index) * dayMs, to: (firstDay + index + 1) * dayMs };
      const one = ({ first, last }: { readonly first: number; readonly last: number }): boolean =>
        last >= from && first < to;
      if (count > mostPerDay)
        return fireWindows(timing, day, hourMs)
          .filter(one)
          .map((window) => ({ name, ...window }));
      return [...fires(timing, day)]
        .map(({ at, entry }) => ({ name, first: at, last: at, count: 1, zoneId: entry.zoneId }))
        .filter(one);
    });
  });
  return events.sort((a, b) => a.first - b.first || compareText(a.name, b.name));
}
