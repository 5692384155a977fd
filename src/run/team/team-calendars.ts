import { civilDate, dayNumber } from '../../cron/zone/civil.ts';
import { type Calendar, type ReadCalendarFile, readCalendars } from '../../manifest/calendars/calendars.ts';
import type { Config } from '../../model/config.ts';
import type { Origin } from '../../model/schedule.ts';
import type { Diagnostic } from '../../problems/diagnostic.ts';
import type { Files } from '../run.ts';

/**
 * Dates of recurring events are computed to the first of this year, a day number: ten years ahead at least. It is the same
 * for ten years, so that what a review saw of a calendar does not change from day to day.
 */
function readUntil(now: number): number {
  const { year } = civilDate(Math.floor(now / 86_400_000));
  return dayNumber({ year: (Math.floor(year / 10) + 2) * 10, month: 1, day: 1 });
}

/** The calendars that a configuration names, with their files read; what reads those is loaded only where there is one. */
export async function teamCalendars(
  files: Pick<Files, 'readFile'>,
  { calendars = {} }: Pick<Config, 'calendars'>,
  origin: Origin,
  now: number,
): Promise<{
  readonly calendars: ReadonlyMap<string, Calendar>;
  readonly diagnostics: readonly Diagnostic[];
}> {
  const hasFiles = Object.values(calendars).some(({ file }) => file !== undefined);
  const ics = hasFiles ? await import('../../manifest/calendars/ics.ts') : undefined;
  const until = readUntil(now);
  const read: ReadCalendarFile = (path) => {
    const file = files.readFile(path);
    if (file.kind === 'missing') return { ok: false, why: 'the file does not exist' };
    if (file.kind === 'directory') return { ok: false, why: 'it is a directory' };
    if (file.kind === 'unreadable') return { ok: false, why: file.why };
    return ics === undefined ? { ok: false, why: '' } : ics.readIcs(file.text, until);
  };
  return readCalendars(calendars, origin, read);
}
