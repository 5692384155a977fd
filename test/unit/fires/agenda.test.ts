import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countFires, fires } from '../../../src/cron/fire/fires.ts';
import { agendaOf } from '../../../src/fires/agenda.ts';
import type { Schedule } from '../../../src/model/schedule.ts';
import { timingOf } from '../../../src/model/timing.ts';

function inOneWindow(first: number, last: number, count: number) {
  return { first, last, count, windows: [{ first, last, count }] };
}

function schedule(name: string, cronExpression: string, more: Partial<Schedule> = {}): Schedule {
  return {
    name,
    cronExpression,
    zoneId: 'UTC',
    startWorkflowRequest: { name: 'w', input: {}, taskToDomain: {}, priority: 0 },
    runCatchupScheduleInstances: false,
    paused: false,
    ...more,
  };
}

const monday = Date.UTC(2026, 10, 23);
const hour = 3_600_000;
const day = 24 * hour;

describe('an agenda', () => {
  test('has every fire of the interval in order, its beginning included and its end not', () => {
    const { fires: listed } = agendaOf(
      [schedule('b', '0 0 0 * * ?'), schedule('a', '0 0 0,12 * * ?', { zoneId: 'Etc/GMT' })],
      { from: monday, to: monday + day },
    );
    expect(listed).toStrictEqual([
      { at: monday, name: 'a', zoneId: 'Etc/GMT' },
      { at: monday, name: 'b', zoneId: 'UTC' },
      { at: monday + 12 * hour, name: 'a', zoneId: 'Etc/GMT' },
    ]);
  });

  test('lists an hourly schedule and sums up what is denser', () => {
    const agenda = agendaOf([schedule('hourly', '0 0 * * * ?'), schedule('dense', '0 0/5 * * * ?')], {
      from: monday,
      to: monday + day,
    });
    expect(agenda.fires.map(({ name }) => name)).toStrictEqual(Array(24).fill('hourly'));
    expect(agenda.dense).toStrictEqual([
      { name: 'dense', mostPerDay: 288, ...inOneWindow(monday, monday + day - 300_000, 288) },
    ]);
  });

  test('names paused schedules and those that never fire', () => {
    const agenda = agendaOf(
      [
        schedule('p', '0 0 0 * * ?', { paused: true }),
        schedule('s', '0 0 0 1 1 ?'),
        schedule('n', '0 0 0 30 2 ?'),
      ],
      { from: monday, to: monday + day },
    );
    expect(agenda).toMatchObject({ fires: [], dense: [], paused: ['p'], silent: ['n', 's'] });
  });

  test('finds the last of a year of fires every second without listing them', () => {
    const { dense } = agendaOf([schedule('each', '* * * * * *')], { from: monday, to: monday + 365 * day });
    expect(dense).toStrictEqual([
      { name: 'each', mostPerDay: 86_400, ...inOneWindow(monday, monday + 365 * day - 1000, 31_536_000) },
    ]);
  });

  test('has every fire and no other', () => {
    const cron = fc.constantFrom(
      '0 0/7 * * * ?',
      '30 15 2 * * ?',
      '0 0 9 ? * MON',
      '0 59 23 L * ?',
      '0 0 0/6 * * ?',
    );
    const zoneId = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns');
    const one = fc.record({
      cron,
      zoneId,
      length: fc.integer({ min: 1, max: 40 }),
      start: fc.nat({ max: 400 * 24 }),
    });
    fc.assert(
      fc.property(one, ({ cron: expression, zoneId: zone, length, start }) => {
        const span = { from: monday + start * hour, to: monday + (start + length * 5) * hour };
        const subject = schedule('x', expression, { zoneId: zone });
        const all = [...fires(timingOf(subject), span)].map(({ at }) => at);
        const agenda = agendaOf([subject], span);
        const [summed] = agenda.dense;
        if (summed === undefined) expect(agenda.fires.map(({ at }) => at)).toStrictEqual(all);
        else
          expect(summed).toMatchObject({
            count: countFires(timingOf(subject), span),
            first: all[0],
            last: all.at(-1),
          });
      }),
      { numRuns: 200 },
    );
  });
});
