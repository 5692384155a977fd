import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, inject, it } from 'vitest';
import { parseZone } from '../../src/cron/zone/zone.ts';
import { agendaOf } from '../../src/fires/agenda.ts';
import { calendarEvents } from '../../src/fires/calendar-events.ts';
import type { Schedule } from '../../src/model/schedule.ts';
import { agendaDocument } from '../../src/report/documents/agenda.ts';
import { renderCalendar } from '../../src/report/formats/calendar.ts';
import { terminalText } from '../../src/report/text/escape.ts';
import { anyHostileText } from '../support/hostile-texts.ts';

const from = Date.UTC(2026, 10, 23, 12);
const dayMs = 86_400_000;

/** The iCalendar library of Python; it refuses what is not valid, and lists what it found wrong in an event. */
const parser = `
import json, sys
from icalendar import Calendar
calendar = Calendar.from_ical(sys.stdin.buffer.read())
events = []
for event in calendar.walk('VEVENT'):
    start = event.decoded('DTSTART')
    end = event.decoded('DTEND') if 'DTEND' in event else start
    events.append([str(event['SUMMARY']), str(event['DESCRIPTION']), str(event['UID']),
                   int(start.timestamp() * 1000), int(end.timestamp() * 1000), [str(e) for e in event.errors]])
print(json.dumps(events))
`;

type Event = readonly [
  summary: string,
  about: string,
  uid: string,
  start: number,
  end: number,
  errors: readonly string[],
];

function parsed(text: string): readonly Event[] {
  const { python, folders } = inject('clients');
  const out = execFileSync(python, ['-c', parser], {
    input: text,
    env: { ...process.env, PYTHONPATH: folders.icalendar },
    encoding: 'utf8',
    maxBuffer: 100_000_000,
  });
  return JSON.parse(out) as readonly Event[];
}

it('other calendar programs read an agenda, whatever 300 schedules are called', () => {
  const names = ['plain', ...fc.sample(anyHostileText, { numRuns: 300, seed: 20261126 })];
  const utc = parseZone('UTC');
  if (!utc.ok) throw new Error('UTC is a zone');
  const timers: readonly Pick<Schedule, 'cronExpression' | 'zoneId'>[] = [
    { cronExpression: '0 30 2 * * ?', zoneId: 'Europe/Berlin' },
    { cronExpression: '0 */5 9-16 * * ?', zoneId: 'UTC' },
  ];
  const schedules = names.map((name, index) => ({
    name,
    ...timers[index % timers.length],
    startWorkflowRequest: { name: 'w', input: {}, taskToDomain: {}, priority: 0 },
    runCatchupScheduleInstances: false,
    paused: false,
  }));
  const span = { from, to: from + 2 * dayMs };
  const facts = { ...agendaOf(schedules, span), events: calendarEvents(schedules, span) };
  const agenda = agendaDocument(facts, utc.zone, 'UTC');
  const events = parsed(renderCalendar(agenda));
  expect(events.flatMap(([, , , , , errors]) => errors)).toStrictEqual([]);
  expect(new Set(events.map(([, , uid]) => uid)).size).toBe(events.length);
  const wanted = (agenda.events ?? []).map(({ name, first, last, count, zoneId, local }) => [
    terminalText(count === 1 ? name : `${name} (${count} fires)`),
    count === 1 ? `${local} in ${zoneId}` : `${count} fires from ${first} to ${last}`,
    Date.parse(first),
    Date.parse(last),
  ]);
  expect(events.map(([summary, about, , start, end]) => [summary, about, start, end])).toStrictEqual(wanted);
  expect(wanted.length).toBeGreaterThan(600);
});
