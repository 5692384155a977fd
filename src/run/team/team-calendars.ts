import { type Calendar, type ReadCalendarFile, readCalendars } from '../../manifest/calendars/calendars.ts';
import type { Config } from '../../model/config.ts';
import type { Origin } from '../../model/schedule.ts';
import type { Diagnostic } from '../../problems/diagnostic.ts';
import type { Files } from '../run.ts';

/** Dates of recurring events are computed so far ahead, in days: the crons of next month hold for a year. */
const ahead = 800;
const dayMs = 86_400_000;

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
  const until = Math.floor(now / dayMs) + ahead;
  const read: ReadCalendarFile = (path) => {
    const file = files.readFile(path);
    if (file.kind === 'missing') return { ok: false, why: 'there is no such file' };
    if (file.kind === 'directory') return { ok: false, why: 'it is a directory' };
    if (file.kind === 'unreadable') return { ok: false, why: file.why };
    return ics === undefined ? { ok: false, why: '' } : ics.readIcs(file.text, until);
  };
  return readCalendars(calendars, origin, read);
}
