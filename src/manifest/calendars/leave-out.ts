import { type CompiledEntries, compileEntries, mostEntries } from '../../cron/days/compile-entries.ts';
import { dateText } from '../../cron/zone/civil.ts';
import { utcText } from '../../cron/zone/utc.ts';
import type { Json } from '../../model/json.ts';
import { sortedTimers } from '../../model/normal.ts';
import { present } from '../../model/present.ts';
import type { CronEntry, DaysWish, DesiredSchedule, Origin } from '../../model/schedule.ts';
import { timingOf } from '../../model/timing.ts';
import { type Diagnostic, type Place, problem } from '../../problems/diagnostic.ts';
import { at, type Manifest } from '../manifest.ts';
import { nearestKey } from '../nearest.ts';
import type { Calendar } from './calendars.ts';

/** What a manifest asks for, with timers that leave out its days; or why they cannot. */
export type LeftOut =
  | { readonly ok: true; readonly desired: DesiredSchedule }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Compiles timers: each combination of crons, zones and calendars once. */
export type LeavingOut = {
  of(manifest: Manifest, desired: DesiredSchedule): LeftOut;
  /** What is to be said of the calendars that were used so far. */
  endings(): readonly Diagnostic[];
};

/** A calendar that knows no day further ahead than this is about to end. */
const horizonDays = 45;
const dayMs = 86_400_000;

/** `now` in epoch milliseconds; absent = what depends on the day is not asked. */
export function leavingOut(calendars: ReadonlyMap<string, Calendar>, now: number | undefined): LeavingOut {
  const known = new Map<string, DaysWish>();
  const used = new Map<string, Place>();
  return { of, endings };

  function of({ fields, origin }: Manifest, desired: DesiredSchedule): LeftOut {
    const except = namesIn(fields.except);
    const only = namesIn(fields.only);
    if (except.length === 0 && only.length === 0) return { ok: true, desired };
    const named = [...except.map(atField('except')), ...only.map(atField('only'))];
    const { entries } = timingOf(desired.schedule);
    const wrong = named.flatMap(({ name, path }) => {
      const place = at(origin, path);
      const calendar = calendars.get(name);
      if (calendar === undefined) return [unknownCalendar(name, calendars, place)];
      if (!used.has(name)) used.set(name, place);
      return foreignZone(calendar, entries, place);
    });
    if (wrong.length > 0) return { ok: false, diagnostics: wrong };
    const key = JSON.stringify([entries, except, only]);
    const days = known.get(key) ?? {
      entries,
      except: except.map((name) => calendars.get(name) as Calendar),
      only: only.map((name) => calendars.get(name) as Calendar),
    };
    known.set(key, days);
    const compiled = compileEntries(days, now ?? 0);
    // What is wrong with a cron or a zone has been said.
    if (compiled === undefined) return { ok: true, desired };
    if (!compiled.ok) return { ok: false, diagnostics: [refused(compiled, entries, fields, origin)] };
    const { cronExpression: _cron, zoneId: _zone, ...schedule } = desired.schedule;
    const cronSchedules = sortedTimers(compiled.entries);
    return { ok: true, desired: { ...desired, days, schedule: { ...schedule, cronSchedules } } };
  }

  function endings(): readonly Diagnostic[] {
    if (now === undefined) return [];
    const today = Math.floor(now / dayMs);
    return [...used].flatMap(([name, place]) => {
      const last = calendars.get(name)?.last;
      if (last === undefined || last > today + horizonDays) return [];
      const args = { calendar: name, last: dateText(last) };
      return [
        last < today ? problem('calendar-over', args, place) : problem('calendar-horizon', args, place),
      ];
    });
  }
}

function refused(
  { index, refusal }: Extract<CompiledEntries, { readonly ok: false }>,
  entries: readonly CronEntry[],
  fields: Manifest['fields'],
  origin: Origin,
): Diagnostic {
  const cron = entries[index]?.cronExpression ?? '';
  const args = {
    cron,
    why: refusal.kind,
    ...(refusal.kind === 'inexact' ? { at: utcText(refusal.at) } : {}),
    ...(refusal.kind === 'too-many' ? { most: mostEntries } : {}),
  };
  return problem('calendar-days', args, at(origin, cronPath(fields, cron)));
}

function namesIn(written: Json | undefined): readonly string[] {
  return Array.isArray(written) ? written.filter((name): name is string => typeof name === 'string') : [];
}

function atField(field: string): (name: string, index: number) => { name: string; path: readonly string[] } {
  return (name, index) => ({ name, path: [field, String(index)] });
}

function unknownCalendar(name: string, calendars: ReadonlyMap<string, Calendar>, place: Place): Diagnostic {
  const known = [...calendars.keys()].sort();
  return problem(
    'unknown-calendar',
    { calendar: name, known, ...present({ nearest: nearestKey(name, known) }) },
    place,
  );
}

function foreignZone(
  { name, zoneId: zone }: Calendar,
  entries: readonly CronEntry[],
  place: Place,
): readonly Diagnostic[] {
  const other = entries.find(({ zoneId }) => zoneId !== zone);
  if (zone === undefined || other === undefined) return [];
  return [problem('calendar-zone', { calendar: name, zone, own: other.zoneId }, place)];
}

function cronPath(fields: Manifest['fields'], cron: string): readonly string[] {
  const entries = fields.cronSchedules;
  if (!Array.isArray(entries)) return ['cronExpression'];
  const index = entries.findIndex(
    (entry) => typeof entry === 'object' && JSON.stringify(entry).includes(JSON.stringify(cron)),
  );
  return index < 0 ? ['cronSchedules'] : ['cronSchedules', String(index), 'cronExpression'];
}
