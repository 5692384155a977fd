import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileDays } from '../../src/cron/days/compile.ts';
import { nextFire } from '../../src/cron/fire/next.ts';
import { firesOf, runs, timer } from '../../src/cron/fire/runs-of-days.ts';
import { lastDayOffsetTooLarge, parseCron } from '../../src/cron/parse/parse-cron.ts';
import { civilDate, dayNumber } from '../../src/cron/zone/civil.ts';
import { wallAt } from '../../src/cron/zone/wall.ts';
import { parseZone, type Zone } from '../../src/cron/zone/zone.ts';
import { casesOf } from '../support/cases.ts';
import { anyCron } from '../support/crons.ts';
import { lawSettings } from './settings.ts';

const dayLength = 86_400;
const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Asia/Tokyo',
  'UTC',
  'America/Havana',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Africa/Casablanca',
  'Asia/Kolkata',
  'America/Santiago',
  'Pacific/Auckland',
  'Europe/London',
  'Asia/Beirut',
  'Africa/Cairo',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Atlantic/Azores',
  'Pacific/Kiritimati',
  '+05:30',
];

/** Days off of all kinds: some dates, whole weeks, weekdays of one month, most of the year. */
const anyDaysOff: fc.Arbitrary<(day: number) => boolean> = fc.oneof(
  fc.uniqueArray(fc.integer({ min: 0, max: 800 }), { maxLength: 14 }).map((days) => {
    const off = new Set(days);
    return (day: number) => off.has(day);
  }),
  fc.tuple(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 1, max: 40 })).map(
    ([from, length]) =>
      (day: number) =>
        day >= from && day < from + length,
  ),
  fc.tuple(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 0, max: 8 })).map(
    ([step, rest]) =>
      (day: number) =>
        day % step === rest % step,
  ),
  fc
    .uniqueArray(fc.integer({ min: 0, max: 800 }), { maxLength: 20 })
    .map((days) => (day: number) => !days.includes(day)),
);

function zoneOf(id: string): Zone {
  const zone = parseZone(id);
  if (!zone.ok) throw new Error(id);
  return zone.zone;
}

const most = 4000;

/** Its fires on the dates from `first` to before `until`: one after the other where they are few, else the first, the last and the number of each day. */
function firesIn(
  expressions: readonly string[],
  zone: Zone,
  first: number,
  until: number,
): readonly number[] {
  const found: number[] = [];
  for (const expression of expressions) {
    const parsed = parseCron(expression);
    if (!parsed.ok) throw new Error(`not a cron: ${expression}`);
    const { cron } = parsed;
    const from = (first * dayLength - 2 * dayLength) * 1000;
    const to = (until * dayLength + 2 * dayLength) * 1000;
    const own = timer(cron, zone);
    const isWithin = (at: number) => {
      const day = Math.floor(wallAt(zone, at / 1000, false).local / dayLength);
      return day >= first && day < until;
    };
    if (own.times.count <= 10) {
      for (
        let at = nextFire(cron, zone, from), count = 0;
        at !== null && at < to;
        at = nextFire(cron, zone, at)
      ) {
        if (isWithin(at)) found.push(at);
        count += 1;
        expect(count).toBeLessThan(most);
      }
      continue;
    }
    const days = new Map<string, number[]>();
    for (const run of runs(own, nextFire(cron, zone, from), to)) {
      if (run.day < first || run.day >= until) continue;
      const [begin = 0] = firesOf({ ...run, end: run.first + 1 });
      const [end = 0] = firesOf({ ...run, first: run.end - 1 });
      const key = `${run.day} ${run.offset}`;
      const known = days.get(key) ?? [begin, end, 0];
      days.set(key, [known[0]!, end, known[2]! + run.end - run.first]);
    }
    for (const [begin = 0, end = 0, count = 0] of days.values()) found.push(begin, end, begin + count / 1e6);
  }
  return found.sort((a, b) => a - b);
}

describe('a cron without some days', () => {
  it('fires for twelve months exactly as the original on the kept days', {
    timeout: 3_600_000,
  }, () => {
    const kinds = { compiled: 0, runaway: 0, never: 0, inexact: 0 };
    fc.assert(
      fc.property(
        anyCron(),
        fc.constantFrom(...zones),
        fc.integer({
          min: dayNumber({ year: 2023, month: 1, day: 1 }),
          max: dayNumber({ year: 2029, month: 12, day: 31 }),
        }),
        anyDaysOff,
        (expression, zoneId, today, isOff) => {
          const parsed = parseCron(expression);
          if (!parsed.ok) throw new Error(expression);
          const zone = zoneOf(zoneId);
          const { year, month } = civilDate(today);
          const first = dayNumber({ year, month, day: 1 });
          const keeps = (day: number) => !isOff(day - first);
          const compiled = compileDays(parsed.cron, zone, keeps, today);
          kinds[compiled.kind] += 1;
          const until = dayNumber({ year: year + 1, month, day: 1 });
          if (compiled.kind === 'runaway') {
            expect(lastDayOffsetTooLarge(parsed.cron)).toBe(true);
            return;
          }
          if (compiled.kind === 'inexact') return;
          const wanted = firesIn([expression], zone, first, until).filter((at) =>
            keeps(Math.floor(wallAt(zone, Math.floor(at / 1000), false).local / dayLength)),
          );
          if (compiled.kind === 'never') {
            expect(wanted).toEqual([]);
            return;
          }
          expect(compiled.until).toBe(until);
          const given = firesIn(compiled.crons, zone, first, until);
          expect(given.length).toBe(wanted.length);
          expect(given.find((at, index) => at !== wanted[index])).toBeUndefined();
          expect(compileDays(parsed.cron, zone, keeps, first)).toEqual(compiled);
        },
      ),
      { numRuns: casesOf(1000), seed: lawSettings.seed },
    );
    expect(kinds.inexact).toBeLessThan(kinds.compiled / 20);
    expect(kinds.compiled).toBeGreaterThan(0);
  });
});
