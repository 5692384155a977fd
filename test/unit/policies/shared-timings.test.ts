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
  fc.option(value, { nil: undefined, freq: 2 });

const parts = fc.record({
  timers: fc.oneof(
    fc.record({ cronExpression: cron, zoneId }),
    fc.record({ cronExpression: cron }),
    fc.record({ cronSchedules: entries }),
  ),
  start: maybe(fc.constantFrom(1, 2)),
  end: maybe(fc.constantFrom(1, 2)),
  catchup: fc.boolean(),
  paused: fc.boolean(),
  hasDays: fc.boolean(),
  entries,
  except: calendars,
  only: calendars,
});
type Parts = typeof parts extends fc.Arbitrary<infer T> ? T : never;

function scheduleOf({ timers, start, end, catchup, paused, hasDays, ...days }: Parts): WishedSchedule {
  return {
    name: 'nightly',
    startWorkflowRequest: { name: 'work', input: {}, taskToDomain: {}, priority: 0 },
    ...timers,
    ...(start === undefined ? {} : { scheduleStartTime: start }),
    ...(end === undefined ? {} : { scheduleEndTime: end }),
    runCatchupScheduleInstances: catchup,
    paused,
    ...(hasDays ? { days } : {}),
  };
}

/** Two schedules, and the first with each part of the second. */
const alike = fc
  .tuple(parts, parts)
  .map(([one, other]) =>
    [one, other, ...Object.entries(other).map(([key, part]) => ({ ...one, [key]: part }))].map(scheduleOf),
  );

/** All of a timing that decides about fires. */
function factsOf(one: WishedSchedule): unknown {
  const { days, ...rest } = timingOf(one);
  return { ...rest, days: days && { except: days.except, only: days.only } };
}

test('schedules share a timing if and only if they fire at the same times', () => {
  fc.assert(
    fc.property(alike, (schedules) => {
      const timings = schedules.map(sharedTimings());
      const facts = schedules.map((one) => JSON.stringify(factsOf(one)));
      for (const [index, timing] of timings.entries()) {
        expect(JSON.stringify({ ...timing, days: undefined })).toBe(
          JSON.stringify({ ...timingOf(schedules[index]!), days: undefined }),
        );
        for (const [other, fact] of facts.entries())
          expect(timing === timings[other]).toBe(fact === facts[index]);
      }
    }),
    { numRuns: casesOf(1000, 150) },
  );
});
