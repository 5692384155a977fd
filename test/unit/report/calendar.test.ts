import fc from 'fast-check';
import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { parseZone } from '../../../src/cron/zone/zone.ts';
import { agendaOf } from '../../../src/fires/agenda.ts';
import { calendarEvents } from '../../../src/fires/calendar-events.ts';
import type { Schedule } from '../../../src/model/schedule.ts';
import { agendaDocument } from '../../../src/report/documents/agenda.ts';
import { renderCalendar } from '../../../src/report/formats/calendar.ts';
import { terminalText } from '../../../src/report/text/escape.ts';
import { anyHostileText } from '../../support/hostile-texts.ts';

const from = Date.UTC(2026, 10, 23, 12);
const dayMs = 86_400_000;

function schedule(name: string, cronExpression: string, zoneId = 'Europe/Berlin'): Schedule {
  return {
    name,
    cronExpression,
    zoneId,
    startWorkflowRequest: { name: 'w', input: {}, taskToDomain: {}, priority: 0 },
    runCatchupScheduleInstances: false,
    paused: false,
  };
}

function calendarOf(
  schedules: readonly Schedule[],
  days = 2,
  span = { from, to: from + days * dayMs },
): string {
  const zone = parseZone('America/New_York');
  if (!zone.ok) throw new Error('no zone');
  return renderCalendar(
    agendaDocument(
      { ...agendaOf(schedules, span), events: calendarEvents(schedules, span) },
      zone.zone,
      'America/New_York',
    ),
  );
}

/** As ical.js reads it. */
function eventsIn(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  return calendar.getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid,
      summary: event.summary,
      about: event.description,
      start: event.startDate.toJSDate().getTime(),
      end: event.endDate.toJSDate().getTime(),
    };
  });
}

describe('an agenda as a calendar', () => {
  it('has an event for each fire, and one for each window of a dense schedule', () => {
    const events = eventsIn(
      calendarOf([schedule('nightly', '0 30 2 * * ?'), schedule('busy', '0 */5 9-16 * * ?', 'UTC')]),
    );
    expect(events.map(({ summary, start, end }) => [summary, start, end])).toStrictEqual([
      // Whole, although the interval begins and ends at noon.
      ['busy (96 fires)', Date.UTC(2026, 10, 23, 9), Date.UTC(2026, 10, 23, 16, 55)],
      ['nightly', Date.UTC(2026, 10, 24, 1, 30), Date.UTC(2026, 10, 24, 1, 30)],
      ['busy (96 fires)', Date.UTC(2026, 10, 24, 9), Date.UTC(2026, 10, 24, 16, 55)],
      ['nightly', Date.UTC(2026, 10, 25, 1, 30), Date.UTC(2026, 10, 25, 1, 30)],
      ['busy (96 fires)', Date.UTC(2026, 10, 25, 9), Date.UTC(2026, 10, 25, 16, 55)],
    ]);
    expect(events[1]?.about).toBe('2026-11-24T02:30:00+01:00 in Europe/Berlin');
    expect(new Set(events.map(({ uid }) => uid)).size).toBe(5);
  });

  it('two fires at the same time are two events with different IDs', () => {
    const twice = {
      ...schedule('twice', ''),
      cronSchedules: [
        { cronExpression: '0 0 9 * * ?', zoneId: 'UTC' },
        { cronExpression: '0 0 10 * * ?', zoneId: '+01:00' },
      ],
    };
    const uids = eventsIn(calendarOf([twice], 1)).map(({ uid }) => uid);
    expect(uids).toHaveLength(2);
    expect(new Set(uids).size).toBe(2);
  });

  it('an event is the same, with the same id, in every interval that meets it', () => {
    const schedules = [
      schedule('hourly', '0 0 * * * ?'),
      schedule('often', '0 */5 * * * ?'),
      schedule('office', '0 */10 8-17 * * MON-FRI', 'America/New_York'),
      schedule('at dawn', '*/20 0-29 4 * * ?', 'Asia/Tokyo'),
      schedule('daily', '0 0 9 * * ?'),
    ];
    const minute = 60_000;
    const anySpan = fc
      .tuple(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 1, max: 4000 }))
      .map(([start, length]) => ({
        from: from + start * minute,
        to: from + (start + length) * minute,
      }));
    const whole = { from: from - 2 * dayMs, to: from + 9 * dayMs };
    const all = new Map(eventsIn(calendarOf(schedules, 0, whole)).map((event) => [event.uid, event]));
    fc.assert(
      fc.property(anySpan, (span) => {
        const events = eventsIn(calendarOf(schedules, 0, span));
        expect(new Set(events.map(({ uid }) => uid)).size).toBe(events.length);
        for (const event of events) expect(event).toStrictEqual(all.get(event.uid));
        const met = [...all.values()].filter(({ start, end }) => end >= span.from && start < span.to);
        expect(events).toHaveLength(met.length);
      }),
      { numRuns: 60 },
    );
  });

  it('300 hostile names stay names, and no line is too long', () => {
    fc.assert(
      fc.property(anyHostileText, anyHostileText, (name, zone) => {
        const document = {
          ...agendaDocument(
            agendaOf([schedule('x', '0 0 9 * * ?')], { from, to: from + dayMs }),
            utc(),
            'UTC',
          ),
          events: [
            {
              ...{ name, zoneId: zone, count: 1, local: '2026-11-24T09:00:00Z' },
              ...{ first: '2026-11-24T09:00:00Z', last: '2026-11-24T09:00:00Z' },
            },
          ],
        };
        const text = renderCalendar(document);
        const lines = text.split('\r\n');
        expect(lines.at(-1)).toBe('');
        expect(lines.filter((line) => Buffer.byteLength(line) > 75)).toEqual([]);
        expect(lines.join('')).not.toMatch(/[\n\r\u0000-\u001f\u007f]/);
        expect(eventsIn(text).map(({ summary, about }) => [summary, about])).toStrictEqual([
          [terminalText(name), terminalText(`2026-11-24T09:00:00Z in ${zone}`)],
        ]);
      }),
      { numRuns: 300 },
    );
  });
});

function utc() {
  const zone = parseZone('UTC');
  if (!zone.ok) throw new Error('no zone');
  return zone.zone;
}
