import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSameLoad, loadDays, loadOf, loadsOf } from '../../../src/fires/load.ts';
import type { Schedule } from '../../../src/model/schedule.ts';
import type { WishedSchedule } from '../../../src/model/timing.ts';

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

const noon = Date.UTC(2026, 10, 23, 12);
const midnight = Date.UTC(2026, 10, 23);

describe('the load', () => {
  test('separates schedules with other days off, and lists equal ones by name', () => {
    const entries = [{ cronExpression: '0 30 1 * * ?', zoneId: 'UTC' }];
    const without = (day: number): WishedSchedule => ({
      ...schedule('x', '0 30 1 * * ?'),
      days: { entries, except: [{ name: 'off', days: new Map([[day, 'off']]) }], only: [] },
    });
    const first = Math.floor(noon / 86_400_000) + 1;
    const two = [schedule('a', '0 30 1 * * ?'), schedule('b', '0 30 1 * * ?')];
    const all = loadOf([without(first), { ...without(first - 100), name: 'y' }, ...two], noon);
    expect(all.minutes[90]).toBe(27 + 28 + 28 + 28);
    expect(all.peaks[0]?.causes).toStrictEqual([
      { name: 'a', fires: 28 },
      { name: 'b', fires: 28 },
      { name: 'y', fires: 28 },
      { name: 'x', fires: 27 },
    ]);
    const [before, after] = loadsOf([two, two.slice(1)], noon);
    expect([before, after]).toStrictEqual([loadOf(two, noon), loadOf(two.slice(1), noon)]);
  });

  test('is the same where it is said to be, without a look at any fire', () => {
    const some = fc
      .uniqueArray(
        fc.record({
          name: fc.constantFrom('a', 'b', 'c', 'd'),
          cron: fc.constantFrom('0 0 3 * * ?', '0 0 3 ? * MON', '0 0 4 * * ?'),
          paused: fc.boolean(),
        }),
        { selector: ({ name }) => name, maxLength: 4 },
      )
      .map((all) => all.map(({ name, cron, paused }) => schedule(name, cron, { paused })));
    const found = { same: 0, other: 0 };
    fc.assert(
      fc.property(some, some, (before, after) => {
        const isSame = isSameLoad(before, after);
        found[isSame ? 'same' : 'other'] += 1;
        const [was, is] = loadsOf([before, after], noon);
        const facts = [was, is].map((load) => ({ ...load, schedules: undefined }));
        if (isSame) expect(facts[0]).toStrictEqual(facts[1]);
        expect(isSameLoad(before, before.toReversed())).toBe(true);
      }),
    );
    expect(Math.min(found.same, found.other)).toBeGreaterThan(0);
  });

  test('counts the fires of four weeks in each minute of the UTC day, from midnight on', () => {
    const load = loadOf([schedule('a', '0 30 1 * * ?'), schedule('b', '0/20 30 1 * * ?')], noon);
    expect(load).toMatchObject({
      from: midnight,
      days: 28,
      total: 28 * 4,
      schedules: { active: 2, paused: 0 },
    });
    expect(load.minutes[90]).toBe(28 * 4);
    expect(load.minutes.filter((fires) => fires > 0)).toHaveLength(1);
    expect(load.busiest).toStrictEqual({ at: midnight + 90 * 60_000, fires: 4 });
  });

  test('names the causes of the peaks, largest first', () => {
    const { peaks } = loadOf(
      [schedule('few', '0 0 3 ? * MON'), schedule('many', '0/10 0 3 * * ?'), schedule('else', '0 0 4 * * ?')],
      noon,
    );
    expect(peaks).toStrictEqual([
      {
        minute: 180,
        fires: 28 * 6 + 4,
        causes: [
          { name: 'many', fires: 168 },
          { name: 'few', fires: 4 },
        ],
      },
      { minute: 240, fires: 28, causes: [{ name: 'else', fires: 28 }] },
    ]);
  });

  test('finds a single minute that is busier than its minute of the day', () => {
    const { busiest } = loadOf([schedule('a', '0/30 0 5 ? * WED'), schedule('b', '0 0 5 25 * ?')], noon);
    expect(busiest).toStrictEqual({ at: Date.UTC(2026, 10, 25, 5), fires: 3 });
  });

  test('leaves out what is paused, and is empty without schedules', () => {
    const load = loadOf([schedule('p', '* * * * * *', { paused: true })], noon);
    expect(load).toMatchObject({ total: 0, peaks: [], schedules: { active: 0, paused: 1 } });
    expect(load).not.toHaveProperty('busiest');
    expect(loadOf([], noon).minutes).toStrictEqual(Array(1440).fill(0));
  });

  test('adds up', () => {
    const load = loadOf([schedule('each', '* * * * * *')], noon);
    expect(load.total).toBe(loadDays * 86_400);
    expect(new Set(load.minutes)).toStrictEqual(new Set([loadDays * 60]));
  });
});
