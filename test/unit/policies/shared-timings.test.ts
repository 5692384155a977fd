import fc from 'fast-check';
import { expect, test } from 'vitest';
import { timingOf, type WishedSchedule } from '../../../src/model/timing.ts';
import { sharedTimings } from '../../../src/policies/shared-timings.ts';
import { casesOf } from '../../support/cases.ts';

const cron = fc.constantFrom('0 0 3 * * *', '0 0 4 * * *');
const zoneId = fc.constantFrom('UTC', 'Europe/Berlin');
const entries = fc.array(fc.record({ cronExpression: cron, zoneId }), { minLength: 1, maxLength: 2 });
const calendars = fc.subarray(['holidays', 'closing'].map((name) => ({ name, days: new Map([[1, name]]) })));
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

const schedule: fc.Arbitrary<WishedSchedule> = fc
  .record({
    timers: fc.oneof(
      fc.record({ cronExpression: cron, zoneId }),
      fc.record({ cronExpression: cron }),
      fc.record({ cronSchedules: entries }),
    ),
    scheduleStartTime: maybe(fc.constantFrom(1, 2)),
    scheduleEndTime: maybe(fc.constantFrom(1, 2)),
    runCatchupScheduleInstances: fc.boolean(),
    paused: fc.boolean(),
    days: maybe(fc.record({ entries, except: calendars, only: calendars })),
  })
  .map(({ timers, scheduleStartTime: start, scheduleEndTime: end, days, ...rest }) => ({
    name: 'nightly',
    startWorkflowRequest: { name: 'work', input: {}, taskToDomain: {}, priority: 0 },
    ...timers,
    ...rest,
    ...(start === undefined ? {} : { scheduleStartTime: start }),
    ...(end === undefined ? {} : { scheduleEndTime: end }),
    ...(days === undefined ? {} : { days }),
  }));

/** All of a timing that decides about fires. */
function factsOf(one: WishedSchedule): unknown {
  const { days, ...rest } = timingOf(one);
  return { ...rest, days: days && { except: days.except, only: days.only } };
}

test('schedules share a timing if and only if they fire at the same times', () => {
  fc.assert(
    fc.property(fc.array(schedule, { minLength: 2, maxLength: 12 }), (schedules) => {
      const shared = sharedTimings();
      const timings = schedules.map(shared);
      for (const [index, timing] of timings.entries()) {
        expect({ ...timing, days: undefined }).toEqual({ ...timingOf(schedules[index]!), days: undefined });
        for (const [other, facts] of schedules.map(factsOf).entries())
          expect(timing === timings[other], JSON.stringify([schedules[index], schedules[other]])).toBe(
            JSON.stringify(facts) === JSON.stringify(factsOf(schedules[index]!)),
          );
      }
    }),
    { numRuns: casesOf(500) },
  );
});
