import type { NamedDays } from '../../cron/days/named-days.ts';
import { dayNumber, monthLength } from '../../cron/zone/civil.ts';
import { parseZone } from '../../cron/zone/zone.ts';
import type { CalendarEntry } from '../../model/generated/report-parts.ts';
import { present } from '../../model/present.ts';
import type { Origin } from '../../model/schedule.ts';
import { type Diagnostic, type Place, problem } from '../../problems/diagnostic.ts';
import type { IcsDays } from './ics.ts';

/** A calendar of the configuration. */
export type Calendar = NamedDays & {
  /** The zone that its days are of; absent = that of each schedule. */
  readonly zoneId?: string;
  /** The last day that it knows of; absent = it goes on without an end, or has none. */
  readonly last?: number;
};

/** What reads a calendar file: its days, or why it cannot be read. */
export type ReadCalendarFile = (path: string) => IcsDays;

/** The calendars of a configuration, those without an error. */
export function readCalendars(
  entries: { readonly [name: string]: CalendarEntry },
  origin: Origin,
  read: ReadCalendarFile,
): { readonly calendars: ReadonlyMap<string, Calendar>; readonly diagnostics: readonly Diagnostic[] } {
  const calendars = new Map<string, Calendar>();
  const diagnostics: Diagnostic[] = [];
  for (const [name, entry] of Object.entries(entries)) {
    const at = (...path: readonly string[]): Place => ({
      kind: 'field',
      origin,
      path: ['calendars', name, ...path],
      at: 'value',
    });
    const { file, days, zoneId } = entry;
    if (zoneId !== undefined && !parseZone(zoneId).ok)
      diagnostics.push(
        problem('bad-calendar', { calendar: name, fault: 'zone', text: zoneId }, at('zoneId')),
      );
    if (file !== undefined && days !== undefined)
      diagnostics.push(problem('bad-calendar', { calendar: name, fault: 'both' }, at()));
    else if (days !== undefined) {
      const found = new Map<number, string>();
      for (const [date, what] of Object.entries(days)) {
        const day = dayOf(date);
        if (day !== undefined) found.set(day, what);
        else
          diagnostics.push(
            problem('bad-calendar', { calendar: name, fault: 'date', text: date }, at('days', date)),
          );
      }
      const last = lastOf(found.keys());
      calendars.set(name, { name, days: found, ...present({ zoneId, last, knownTo: last }) });
    } else if (file !== undefined) {
      const found = read(file);
      if (found.ok) {
        const { last, knownTo } = found;
        calendars.set(name, { name, days: found.days, knownTo, ...present({ zoneId, last }) });
        if (found.timed > 0)
          diagnostics.push(problem('calendar-timed', { calendar: name, count: found.timed }, at('file')));
      } else
        diagnostics.push(
          problem(
            'bad-calendar',
            { calendar: name, fault: 'file', text: file, why: found.why, ...present({ hint: found.hint }) },
            at('file'),
          ),
        );
    } else diagnostics.push(problem('bad-calendar', { calendar: name, fault: 'neither' }, at()));
  }
  const told = new Set(diagnostics.map(({ place }) => (place.kind === 'field' ? place.path[1] : undefined)));
  for (const { name, days } of calendars.values())
    if (days.size === 0 && !told.has(name))
      diagnostics.push(
        problem(
          'bad-calendar',
          { calendar: name, fault: 'empty' },
          { kind: 'field', origin, path: ['calendars', name], at: 'value' },
        ),
      );
  return { calendars, diagnostics };
}

function lastOf(days: Iterable<number>): number | undefined {
  const last = Math.max(...days);
  return Number.isFinite(last) ? last : undefined;
}

/** The number of a date such as 2027-01-04; undefined when the day does not exist. */
function dayOf(date: string): number | undefined {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return day <= monthLength(year, month) ? dayNumber({ year, month, day }) : undefined;
}
