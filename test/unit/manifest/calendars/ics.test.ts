import { describe, expect, it } from 'vitest';
import { civilDate, dayNumber } from '../../../../src/cron/zone/civil.ts';
import { readIcs } from '../../../../src/manifest/calendars/ics.ts';

const until = dayNumber({ year: 2029, month: 1, day: 1 });

function calendar(...lines: string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
}

function event(summary: string, ...lines: string[]): string[] {
  return ['BEGIN:VEVENT', `UID:${summary}`, `SUMMARY:${summary}`, ...lines, 'END:VEVENT'];
}

function text(day: number): string {
  const { year, month, day: date } = civilDate(day);
  return `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}

function read(...lines: string[]) {
  const found = readIcs(calendar(...lines), until);
  if (!found.ok) return found;
  return {
    days: Object.fromEntries(
      [...found.days].sort(([a], [b]) => a - b).map(([day, name]) => [text(day), name]),
    ),
    last: found.last === undefined ? undefined : text(found.last),
    timed: found.timed,
  };
}

describe('the days of an iCalendar file', () => {
  it.each<[string, string[], object, string | undefined, number?]>([
    [
      'one day',
      event('Christmas', 'DTSTART;VALUE=DATE:20261225'),
      { '2026-12-25': 'Christmas' },
      '2026-12-25',
    ],
    [
      'an end that is exclusive',
      event('Break', 'DTSTART;VALUE=DATE:20261224', 'DTEND;VALUE=DATE:20261227'),
      { '2026-12-24': 'Break', '2026-12-25': 'Break', '2026-12-26': 'Break' },
      '2026-12-26',
    ],
    [
      'an end on the day of the start, as some write it',
      event('Day', 'DTSTART;VALUE=DATE:20261224', 'DTEND;VALUE=DATE:20261224'),
      { '2026-12-24': 'Day' },
      '2026-12-24',
    ],
    [
      'a duration',
      event('Week', 'DTSTART;VALUE=DATE:20261230', 'DURATION:P3D'),
      { '2026-12-30': 'Week', '2026-12-31': 'Week', '2027-01-01': 'Week' },
      '2027-01-01',
    ],
    [
      'each year without an end, up to where it is asked for',
      event('New Year', 'DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=YEARLY'),
      { '2026-01-01': 'New Year', '2027-01-01': 'New Year', '2028-01-01': 'New Year' },
      undefined,
    ],
    [
      'a count, an exception and a date in addition',
      event(
        'Fair',
        'DTSTART;VALUE=DATE:20270301',
        'RRULE:FREQ=WEEKLY;COUNT=4',
        'EXDATE;VALUE=DATE:20270308,20270315',
        'RDATE;VALUE=DATE:20270401',
      ),
      { '2027-03-01': 'Fair', '2027-03-22': 'Fair', '2027-04-01': 'Fair' },
      '2027-04-01',
    ],
    [
      'the last Monday of May, until a day',
      event(
        'Memorial Day',
        'DTSTART;VALUE=DATE:20260525',
        'RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;UNTIL=20271231',
      ),
      { '2026-05-25': 'Memorial Day', '2027-05-31': 'Memorial Day' },
      '2027-05-31',
    ],
    [
      'an exception with a time in a zone counts as its date',
      event(
        'Stand-down',
        'DTSTART;VALUE=DATE:20260216',
        'RRULE:FREQ=DAILY;COUNT=3',
        'EXDATE;TZID=Europe/Berlin:20260217T000000',
      ),
      { '2026-02-16': 'Stand-down', '2026-02-18': 'Stand-down' },
      '2026-02-18',
    ],
    ['a cancelled event', event('Off', 'DTSTART;VALUE=DATE:20261225', 'STATUS:CANCELLED'), {}, undefined],
    ['an event with a time of day', event('Meeting', 'DTSTART:20261225T090000Z'), {}, undefined, 1],
    [
      'two events on one day',
      [...event('A', 'DTSTART;VALUE=DATE:20261225'), ...event('B', 'DTSTART;VALUE=DATE:20261225')],
      { '2026-12-25': 'A, B' },
      '2026-12-25',
    ],
    [
      'a folded summary with escaped characters',
      [
        'BEGIN:VEVENT',
        'UID:x',
        'SUMMARY:Tag der Deutschen\r\n  Einheit\\, Berlin',
        'DTSTART;VALUE=DATE:20261003',
        'END:VEVENT',
      ],
      { '2026-10-03': 'Tag der Deutschen Einheit, Berlin' },
      '2026-10-03',
    ],
  ])('%s', (_what, lines, days, last, timed = 0) => {
    expect(read(...lines)).toEqual({ days, last, timed });
  });

  it.each<[string, string, RegExp]>([
    ['no calendar at all', 'hello', /not an iCalendar file: it has the line "hello"/],
    ['an empty file', '', /no VCALENDAR/],
    ['a vCard', 'BEGIN:VCARD\r\nVERSION:4.0\r\nFN:X\r\nEND:VCARD\r\n', /no VCALENDAR/],
    ['one that is cut', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n', /not a complete iCalendar file/],
    [
      'an exception in UTC, which may be the day before',
      calendar(
        ...event('X', 'DTSTART;VALUE=DATE:20260216', 'RRULE:FREQ=DAILY;COUNT=3', 'EXDATE:20260217T230000Z'),
      ),
      /"X" is an all-day event, but its EXDATE is a time in UTC/,
    ],
    [
      'a moved day',
      calendar(...event('X', 'DTSTART;VALUE=DATE:20260216', 'RECURRENCE-ID;VALUE=DATE:20260217')),
      /"X" moves one day of a recurring event/,
    ],
    ['a start that is no date', calendar(...event('X', 'DTSTART;VALUE=DATE:2026-99-99')), /"X"/],
    ['no start', calendar(...event('X')), /"X" has no start/],
    [
      'an exception as a rule',
      calendar(...event('X', 'DTSTART;VALUE=DATE:20260216', 'RRULE:FREQ=DAILY', 'EXRULE:FREQ=WEEKLY')),
      /"X" has an EXRULE, which is not read/,
    ],
  ])('refuses %s', (_what, text, why) => {
    const found = readIcs(text, until);
    expect(found).toMatchObject({ ok: false, why: expect.stringMatching(why) });
  });

  // The library never ends with some of these, leaves out a part of others without a word, or speaks of its own code.
  it.each<[string, RegExp]>([
    ['FREQ=SECONDLY', /an all-day event cannot recur by FREQ=SECONDLY/],
    ['FREQ=HOURLY;COUNT=3', /an all-day event cannot recur by FREQ=HOURLY/],
    ['FREQ=SOMETIMES', /an all-day event cannot recur by FREQ=SOMETIMES/],
    ['BYDAY=MO', /it has no FREQ/],
    ['FREQ=DAILY;BYDAY=1MO', /BYDAY=1MO counts weekdays/],
    ['FREQ=WEEKLY;BYDAY=2TU', /BYDAY=2TU counts weekdays/],
    ['FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30', /BYMONTHDAY is not read with FREQ=DAILY/],
    ['FREQ=DAILY;INTERVAL=7;BYDAY=TU', /BYDAY is not read with FREQ=DAILY and INTERVAL=7/],
    ['FREQ=WEEKLY;BYSETPOS=9;BYDAY=MO', /BYSETPOS is not read with FREQ=WEEKLY/],
    ['FREQ=YEARLY;BYWEEKNO=53', /BYWEEKNO is not read with FREQ=YEARLY/],
    ['FREQ=YEARLY;BYEASTER=1', /BYEASTER is not read with FREQ=YEARLY/],
    ['FREQ=YEARLY;BYHOUR=3', /BYHOUR is a time of day/],
    ['FREQ=YEARLY;COUNT=-1', /COUNT=-1 is not a positive whole number/],
    ['FREQ=YEARLY;BYMONTH=13', /one of its values is out of range/],
    ['FREQ=MONTHLY;BYDAY=6MO', /cannot be read/],
  ])('refuses the recurrence %s in our words', (rule, why) => {
    const found = readIcs(calendar(...event('X', 'DTSTART;VALUE=DATE:20260216', `RRULE:${rule}`)), until);
    expect(found).toMatchObject({ ok: false, why: expect.stringMatching(why) });
    expect(JSON.stringify(found)).not.toMatch(/recursion|undefined|Malformed|must be </);
  });

  it('reports how far an infinite event was read', () => {
    const lines = event('X', 'DTSTART;VALUE=DATE:20200101', 'RRULE:FREQ=YEARLY');
    expect(readIcs(calendar(...lines), until)).toMatchObject({ knownTo: until - 1 });
    const finite = readIcs(calendar(...event('X', 'DTSTART;VALUE=DATE:20260216')), until);
    expect(finite.ok && finite.knownTo).toBe(finite.ok && finite.last);
  });
});
