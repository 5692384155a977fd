import ical from 'ical.js';
import { dayNumber, monthLength } from '../../cron/zone/civil.ts';
import { present } from '../../model/present.ts';
import { quoted } from '../../problems/quote.ts';
import { troubleOfRule } from './recurrence-rule.ts';

/** The all-day events of an iCalendar file (RFC 5545). */
export type IcsDays =
  | {
      readonly ok: true;
      /** By day number, with the summaries of the events that cover it. */
      readonly days: ReadonlyMap<number, string>;
      /** The last day of all events; absent when one recurs without an end. */
      readonly last?: number;
      /** The last day that was read: the last of all, or where an endless event was left off. */
      readonly knownTo: number;
      /** How many events have a time of day: they are not whole days, so they are left out. */
      readonly timed: number;
    }
  | { readonly ok: false; readonly why: string; readonly hint?: string };

/** Occurrences of one event that are looked at: more than a daily one has in a hundred years. */
const mostOccurrences = 40_000;
/** Days that one occurrence may cover. */
const mostDays = 1000;

/**
 * Reads the all-day events of a file up to before `until` (a day number): single ones, those of several days (the end is
 * exclusive), recurring ones with their exceptions, and dates in addition. Cancelled events do not count.
 */
export function readIcs(text: string, until: number): IcsDays {
  let components: readonly ical.Component[];
  try {
    components = calendarsIn(text);
  } catch {
    return notCalendar(text);
  }
  if (components.length === 0) return { ok: false, why: 'it has no VCALENDAR' };
  const days = new Map<number, string>();
  let timed = 0;
  let last: number | undefined = Number.NEGATIVE_INFINITY;
  for (const own of components.flatMap((component) => component.getAllSubcomponents('vevent'))) {
    const event = new ical.Event(own);
    const what = event.summary?.trim() || event.uid || 'an event without a name';
    try {
      if (/^cancelled$/i.test(String(own.getFirstPropertyValue('status') ?? ''))) continue;
      if (!(event.startDate instanceof ical.Time)) return { ok: false, why: `"${what}" has no start` };
      if (!event.startDate.isDate) {
        timed += 1;
        continue;
      }
      if (event.isRecurrenceException())
        return {
          ok: false,
          why: `"${what}" moves one day of a recurring event (RECURRENCE-ID), which is not read`,
          hint: 'leave that day out of the recurring event with EXDATE, and make a separate event for the other day',
        };
      const wrong = unreadRule(own, what) ?? alignExceptions(own, what) ?? unrealDate(own, what);
      if (wrong !== undefined) return wrong;
      const length = Math.round(event.duration.toSeconds() / 86_400);
      if (length > mostDays) return { ok: false, why: `"${what}" covers more than ${mostDays} days` };
      const starts = startsOf(event, until);
      if (starts === undefined) return { ok: false, why: `"${what}" recurs more often than can be read` };
      for (const start of starts.days)
        for (let day = start; day < start + Math.max(1, length); day += 1) {
          if (last !== undefined) last = Math.max(last, day);
          if (day < until) days.set(day, joined(days.get(day), what));
        }
      if (!starts.ends) last = undefined;
    } catch {
      return { ok: false, why: `"${what}" has dates or a recurrence that cannot be read` };
    }
  }
  return {
    ok: true,
    days,
    timed,
    knownTo: last === undefined || last === Number.NEGATIVE_INFINITY ? until - 1 : Math.min(last, until - 1),
    ...(last === undefined || last === Number.NEGATIVE_INFINITY ? {} : { last }),
  };
}

/** The line that is to blame, in our words: those of the library are about its code. */
function notCalendar(text: string): IcsDays {
  const lines = text.replaceAll(/\r?\n[ \t]/g, '').split(/\r?\n/);
  const wrong = lines.find((line) => /^RRULE[:;]/i.test(line) && troubleOfRule(ruleIn(line)) !== undefined);
  if (wrong !== undefined) {
    const { why, hint } = troubleOfRule(ruleIn(wrong)) ?? {};
    return {
      ok: false,
      why: `the recurrence "${ruleIn(wrong)}" cannot be read: ${why}`,
      ...present({ hint }),
    };
  }
  const odd = lines.find((line) => line.trim() !== '' && !line.includes(':'));
  return {
    ok: false,
    why:
      odd === undefined
        ? 'it is not a complete iCalendar file'
        : `it is not an iCalendar file: it has the line ${quoted(odd)}`,
    hint: 'a calendar file begins with BEGIN:VCALENDAR and ends with END:VCALENDAR',
  };
}

/** The value of a line `RRULE:…`. */
function ruleIn(line: string): string {
  return line.slice(line.indexOf(':') + 1).trim();
}

/** What of the recurrence of an event is not read. */
function unreadRule(own: ical.Component, what: string): IcsDays | undefined {
  for (const name of ['rrule', 'exrule'])
    for (const property of own.getAllProperties(name)) {
      if (name === 'exrule')
        return {
          ok: false,
          why: `"${what}" has an EXRULE, which is not read`,
          hint: 'name its dates with EXDATE',
        };
      const rule = ruleIn(property.toICALString());
      const trouble = troubleOfRule(rule);
      if (trouble !== undefined)
        return {
          ok: false,
          why: `the recurrence "${rule}" of "${what}" cannot be read: ${trouble.why}`,
          ...present({ hint: trouble.hint }),
        };
    }
  return undefined;
}

/** A file may hold several calendars, one after the other. */
function calendarsIn(text: string): readonly ical.Component[] {
  const parsed: unknown[] = ical.parse(text.replace(/^\uFEFF/, ''));
  const roots = typeof parsed[0] === 'string' ? [parsed] : parsed;
  return roots
    .map((root) => new ical.Component(root as unknown[], undefined as never))
    .filter(({ name }) => name === 'vcalendar');
}

/**
 * Some calendars write the exceptions of an all-day event with a time: the date that is written counts. One in UTC may be
 * the day before or after.
 */
function alignExceptions(own: ical.Component, what: string): IcsDays | undefined {
  for (const name of ['exdate', 'rdate'])
    for (const property of own.getAllProperties(name)) {
      const values = property.getValues() as readonly unknown[];
      if (values.every((value) => value instanceof ical.Time && value.isDate)) continue;
      const dates: ical.Time[] = [];
      for (const value of values) {
        if (!(value instanceof ical.Time) || value.zone === ical.Timezone.utcTimezone)
          return {
            ok: false,
            why: `"${what}" is an all-day event, but its ${name.toUpperCase()} is a time in UTC`,
            hint: `write it as a date: ${name.toUpperCase()};VALUE=DATE:20261225`,
          };
        dates.push(
          new ical.Time(
            { year: value.year, month: value.month, day: value.day, isDate: true },
            ical.Timezone.localTimezone,
          ),
        );
      }
      property.removeParameter('tzid');
      property.resetType('date');
      property.setValues(dates);
    }
  return undefined;
}

/** The library takes what looks like a date for one: the 99th of a month is some later day to it. */
function unrealDate(own: ical.Component, what: string): IcsDays | undefined {
  for (const name of ['dtstart', 'dtend', 'exdate', 'rdate'])
    for (const property of own.getAllProperties(name)) {
      if (property.type !== 'date') continue;
      for (const written of property.toJSON().slice(3))
        if (!isDate(written))
          return { ok: false, why: `"${what}" has no date as its ${name.toUpperCase()}: ${written}` };
    }
  return undefined;
}

function isDate(written: unknown): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(String(written));
  if (parts === null) return false;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  return month >= 1 && month <= 12 && day >= 1 && day <= monthLength(year, month);
}

/** The first days of all occurrences before `until`, and whether there are no more; undefined = too many. */
function startsOf(
  event: ical.Event,
  until: number,
): { readonly days: readonly number[]; readonly ends: boolean } | undefined {
  if (!event.isRecurring()) return { days: [numberOf(event.startDate)], ends: true };
  const days: number[] = [];
  const occurrences = event.iterator();
  for (let count = 0; count < mostOccurrences; count += 1) {
    const next = occurrences.next();
    if (!next) return { days, ends: true };
    const day = numberOf(next);
    if (day >= until) return { days: [...days, day], ends: !isEndless(event) };
    days.push(day);
  }
  return undefined;
}

function isEndless(event: ical.Event): boolean {
  return event.component
    .getAllProperties('rrule')
    .some((property) => !(property.getFirstValue() as ical.Recur).isFinite());
}

function numberOf({ year, month, day }: ical.Time): number {
  return dayNumber({ year, month, day });
}

function joined(known: string | undefined, what: string): string {
  if (known === undefined || known === what) return what;
  return known.split(', ').includes(what) ? known : `${known}, ${what}`;
}
