import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextOnDaysAlike } from '../../src/cron/fire/days-alike.ts';
import type { Timing } from '../../src/cron/fire/entry-timers.ts';
import {
  addFiresPerDay,
  addFiresPerMinute,
  countFires,
  fires,
  firstFire,
} from '../../src/cron/fire/fires.ts';
import { nextBySearch } from '../../src/cron/fire/next.ts';
import { parseCron } from '../../src/cron/parse/parse-cron.ts';
import { parseZone } from '../../src/cron/zone/zone.ts';
import { anyCron, changes, walk } from '../support/crons.ts';
import { lawSettings } from './settings.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

function tally(moments: readonly number[], length: number, indexOf: (moment: number) => number): number[] {
  const counts: number[] = Array(length).fill(0);
  for (const moment of moments) counts[indexOf(moment)]! += 1;
  return counts;
}

describe('fires of an interval', () => {
  it('equal a walk from one to the next, however dense, across clock changes', {
    timeout: 3_600_000,
  }, () => {
    const windows = fc.record({
      start: fc.option(fc.integer({ min: -20 * 24, max: 40 * 24 }), { nil: undefined }),
      end: fc.option(fc.integer({ min: -20 * 24, max: 60 * 24 }), { nil: undefined }),
      catchup: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(anyCron(), { minLength: 1, maxLength: 2 }),
        fc.constantFrom(...changes),
        fc.integer({ min: -40 * 86_400_000, max: day }),
        fc.integer({ min: 0, max: 70 * 24 * 60 }),
        fc.option(windows, { nil: undefined, freq: 2 }),
        fc.integer({ min: 1, max: 3 * day }),
        (crons, change, before, minutes, window, sinceBefore) => {
          const from = Date.parse(change.at) + before;
          const entries = crons.map((cronExpression) => ({ cronExpression, zoneId: change.zone }));
          const timing: Timing = {
            entries,
            catchup: window?.catchup ?? false,
            ...(window?.start === undefined ? {} : { startTime: from + window.start * hour + 250 }),
            ...(window?.end === undefined ? {} : { endTime: from + window.end * hour }),
          };
          const whole = { from, to: from + minutes * minute, since: from - sinceBefore };
          const walked = walk(timing, whole);
          const span = { ...whole, to: walked.end };
          expect([...fires(timing, span)].map((fire) => fire.at)).toEqual(walked.fires);
          expect(firstFire(timing, whole)).toBe(fires(timing, whole).next().value?.at);
          expect(countFires(timing, span)).toBe(walked.fires.length);
          const firstDay = Math.floor(from / day);
          const perDay = new Uint32Array(80);
          addFiresPerDay(timing, span, perDay);
          expect([...perDay]).toEqual(
            tally(walked.fires, 80, (moment) => Math.floor(moment / day) - firstDay),
          );
          const firstMinute = Math.floor(from / minute);
          const perMinute = new Uint32Array(minutes + 1);
          addFiresPerMinute(timing, span, perMinute);
          const expected = tally(
            walked.fires,
            minutes + 1,
            (moment) => Math.floor(moment / minute) - firstMinute,
          );
          expect(perMinute.findIndex((count, index) => count !== expected[index])).toBe(-1);
        },
      ),
      { numRuns: Math.ceil(lawSettings.runs / 10), seed: lawSettings.seed },
    );
  });
});

describe('the next fire from nothing but the times of day', () => {
  it("is the one that Spring's steps find, near changes of the clock too", () => {
    let told = 0;
    const near = 20 * 86_400;
    fc.assert(
      fc.property(
        anyCron(),
        fc.constantFrom(...changes),
        fc.oneof(
          fc.integer({ min: -near, max: near }),
          fc.integer({ min: -8 * 3600, max: 8 * 3600 }),
          // Seconds of the day on which the clock is about to change, or just has.
          fc.constantFrom(-1, 0, 1, -86_400, 86_400, -8 * 86_400),
        ),
        (expression, change, away) => {
          const [cron, zone] = [parseCron(expression), parseZone(change.zone)];
          if (!cron.ok || !zone.ok) throw new Error(`${expression} ${change.zone}`);
          const second = Date.parse(change.at) / 1000 + away;
          const found = nextOnDaysAlike(cron.cron, zone.zone, second);
          if (found === undefined) return;
          told += 1;
          expect(found * 1000).toBe(nextBySearch(cron.cron, zone.zone, second));
        },
      ),
      { numRuns: lawSettings.runs * 20, seed: lawSettings.seed },
    );
    expect(told).toBeGreaterThan(lawSettings.runs);
  });
});
