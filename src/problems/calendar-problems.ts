import type { Texts, Words } from './family.ts';
import { list, quoted } from './quote.ts';

/**
 * What is wrong with a calendar of the configuration.
 * - `both`, `neither`: `file` and `days`
 * - `empty`: no day at all
 * - `date`: a key of `days` that is not a date, such as 2027-02-30
 */
type CalendarFault = 'both' | 'neither' | 'empty' | 'date' | 'zone' | 'file';

/** Why a cron cannot leave out the days of its calendars. */
export type DaysRefusal = 'runaway' | 'never' | 'inexact' | 'too-many';

/** What is about to end. Dates as 2027-01-04. */
type Horizon =
  | { readonly calendar: string; readonly last: string }
  | { readonly names: readonly string[]; readonly until: string };

/** Days off. */
export const calendarProblems = {
  'bad-calendar': {
    means: 'a calendar of the configuration that cannot be read, or has neither a file nor days',
    remedy: 'correct it under `calendars` in the configuration',
    page: 'days-off.md',
    words: ({
      calendar,
      fault,
      text = '',
      why = '',
      hint,
    }: Texts<'calendar', 'text' | 'why' | 'hint'> & { readonly fault: CalendarFault }): Words => ({
      message: `calendar ${quoted(calendar)} ${faults[fault](quoted(text), why)}`,
      hint: hint ?? hints[fault],
    }),
  },
  'unknown-calendar': {
    means: '`except` or `only` names a calendar that the configuration does not have',
    remedy: 'correct the name, or add the calendar under `calendars` in the configuration',
    page: 'days-off.md',
    words: ({
      calendar,
      nearest,
      known,
    }: Texts<'calendar', 'nearest'> & { readonly known: readonly string[] }): Words => ({
      message: `unknown calendar ${quoted(calendar)}`,
      hint:
        nearest !== undefined
          ? `did you mean ${quoted(nearest)}?`
          : known.length > 0
            ? `the configuration has ${list(known)}`
            : 'define it under `calendars` in the configuration',
    }),
  },
  'calendar-zone': {
    means: 'a schedule leaves out days of a calendar in another time zone',
    remedy: "write the cron in the calendar's zone, or remove `zoneId` from the calendar",
    page: 'days-off.md',
    words: ({ calendar, zone, own }: Texts<'calendar' | 'zone' | 'own'>): Words => ({
      message: `calendar ${quoted(calendar)} is in ${zone}, but this cron is in ${own}: a day in one is parts of two days in the other`,
      hint: `write the cron in ${zone}, or remove \`zoneId\` from the calendar if its dates hold in each zone`,
    }),
  },
  'calendar-days': {
    means: 'a cron that cannot be compiled without the days of its calendars',
    remedy: 'write a simpler cron, or several schedules',
    page: 'days-off.md',
    words: ({
      cron,
      why,
      at,
      most,
    }: {
      readonly cron: string;
      readonly why: DaysRefusal;
      /** ISO 8601; of `inexact`: around when. */
      readonly at?: string;
      readonly most?: number;
    }): Words => ({
      message: `${quoted(cron)} cannot leave out the days of its calendars: ${refusals[why](at, most)}`,
      hint: refusalHints[why],
    }),
  },
  'calendar-over': {
    means: 'a calendar whose last day has passed, so it leaves out nothing',
    page: 'days-off.md',
    message: ({ calendar, last }: Texts<'calendar' | 'last'>): string =>
      `the last day of calendar ${quoted(calendar)} was ${last}`,
    hint: 'add the days of the coming months, or remove the calendar where it is named',
  },
  'calendar-horizon': {
    means: 'within 45 days, a calendar ends, or the compiled crons on the server expire',
    fix: 'add the days of the coming months; run `apply` at least once a month to renew the crons',
    page: 'days-off.md',
    words: (about: Horizon): Words =>
      'calendar' in about
        ? {
            message: `calendar ${quoted(about.calendar)} ends on ${about.last}: after that, every day counts as an ordinary one`,
            hint: 'add the days of the coming months',
          }
        : {
            message: `the crons of ${list(about.names)} on the server are valid only until ${about.until}: after that, days off are wrong`,
            hint: 'run `apply` at least once a month: it renews them from the calendars',
          },
  },
  'calendar-timed': {
    fix: 'make them all-day events, or remove them from the file',
    means: 'events of a calendar file with a time of day; only all-day events count',
    message: ({ calendar, count }: { readonly calendar: string; readonly count: number }): string =>
      `${count} ${count === 1 ? 'event' : 'events'} of calendar ${quoted(calendar)} ${count === 1 ? 'has' : 'have'} a time of day and are ignored`,
    hint: 'make them all-day events, or remove them from the file',
  },
} as const;

const faults: { readonly [F in CalendarFault]: (text: string, why: string) => string } = {
  both: () => 'has a file and days',
  neither: () => 'has neither a file nor days',
  empty: () => 'has no day, so it would leave out nothing',
  date: (text) => `has a day that does not exist: ${text}`,
  zone: (text) => `has an unknown time zone: ${text}`,
  file: (text, why) => `cannot be read from ${text}: ${why}`,
};

const hints: { readonly [F in CalendarFault]: string } = {
  both: 'make two calendars of it: `except` takes several',
  neither: 'set `file`, the path of an .ics file, or `days`',
  empty: 'add days, or all-day events',
  date: 'dates are written 2027-01-04',
  zone: 'zones are those of the IANA database, such as Europe/Berlin',
  file: 'the path is relative to the configuration file',
};

const refusals: {
  readonly [W in DaysRefusal]: (at: string | undefined, most: number | undefined) => string;
} = {
  runaway: () => 'it counts back beyond the first of a month',
  never: () => 'no day of the coming twelve months would be left',
  inexact: (at = '') => `around the clock change at ${at}, the compiled crons would fire at other times`,
  'too-many': (_at, most) => `it would take more than ${most} crons`,
};

const refusalHints: { readonly [W in DaysRefusal]: string } = {
  runaway: 'L-27 is the furthest that every month has',
  never: 'pause the schedule instead, or look at the calendars',
  inexact: 'move its times out of the hour in which the clock changes',
  'too-many': 'use fewer crons, or calendars with fewer days',
};
