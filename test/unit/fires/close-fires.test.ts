import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextRunOfEntry, type Timing } from '../../../src/cron/fire/entry-timers.ts';
import { fires } from '../../../src/cron/fire/fires.ts';
import { leastGap, timeAt, timesOf } from '../../../src/cron/fire/times.ts';
import { parseCron } from '../../../src/cron/parse/parse-cron.ts';
import { localText } from '../../../src/cron/zone/local.ts';
import { parseZone } from '../../../src/cron/zone/zone.ts';
import { firstCloserThan } from '../../../src/fires/close-fires.ts';
import { firstWithin } from '../../../src/fires/hours-of-day.ts';
import { casesOf } from '../../support/cases.ts';
import { anyCron, changes } from '../../support/crons.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** 2026-11-23, a Monday. */
const now = Date.UTC(2026, 10, 23, 12);

function timingOf(
  crons: readonly (readonly [cron: string, zone?: string])[],
  more: Partial<Timing> = {},
): Timing {
  return {
    entries: crons.map(([cronExpression, zoneId = 'UTC']) => ({ cronExpression, zoneId })),
    catchup: false,
    ...more,
  };
}

/** The first two fires closer than `least`, found by a walk; none = it took too long to tell, undefined = there are none. */
function walkedPair(
  timing: Timing,
  span: Parameters<typeof walkUntil>[1],
  least: number,
): readonly number[] | undefined {
  let steps = 0;
  return walkUntil<readonly number[]>(timing, span, (at, before) => {
    steps += 1;
    if (before !== undefined && at - before < least) return [before, at];
    return steps > 2000 ? [] : undefined;
  });
}

/** From fire to fire as the server goes, through the whole interval: the first of them that `isWanted` takes. */
function walkUntil<T>(
  timing: Timing,
  { from, to }: { readonly from: number; readonly to: number },
  found: (at: number, before: number | undefined) => T | undefined,
): T | undefined {
  const next = timing.entries.map((entry) => nextRunOfEntry(entry, timing, from - 1, from - 1));
  let before: number | undefined;
  for (;;) {
    let first = -1;
    for (const [index, at] of next.entries())
      if (at !== null && at < to && (first < 0 || at < (next[first] as number))) first = index;
    if (first < 0) return undefined;
    const at = next[first] as number;
    const answer = found(at, before);
    if (answer !== undefined) return answer;
    before = at;
    next[first] = nextRunOfEntry(timing.entries[first]!, timing, at, at);
  }
}

const year = { from: now + 1, to: now + 400 * day, since: now };

/** By a visit of every fire: that these are what a walk from one to the next gives is a law of its own. */
function visitedPair(timing: Timing, span: typeof year, least: number): readonly number[] | undefined {
  let before: number | undefined;
  for (const { at } of fires(timing, span)) {
    if (before !== undefined && at - before < least) return [before, at];
    before = at;
  }
  return undefined;
}

/** What a look at two fires, or at the text, gets wrong: whether it is too often, and where the proof lies. */
const hard: readonly (readonly [
  what: string,
  crons: readonly (readonly [cron: string, zone?: string])[],
  every: number,
  first: string | undefined,
])[] = [
  ['a minute apart once a day', [['0 0,1 3 * * *']], 5 * minute, '2026-11-24T03:00:00Z'],
  ['every seven minutes, but for the hour', [['0 */7 * * * *']], 5 * minute, '2026-11-23T12:56:00Z'],
  ['every seven minutes, with four allowed', [['0 */7 * * * *']], 4 * minute, undefined],
  ['every five minutes', [['0 */5 * * * *']], 5 * minute, undefined],
  ['every five minutes where clocks change', [['0 */5 * * * *', 'Europe/Berlin']], 5 * minute, undefined],
  ['a range that ends before the hour', [['0 0/25 * * * *']], 11 * minute, '2026-11-23T12:50:00Z'],
  [
    'the last of a day and the first of the next',
    [['0 59,0 23,0 * * *']],
    2 * minute,
    '2026-11-23T23:59:00Z',
  ],
  [
    'the same on two days that never follow each other',
    [['0 58 23 * * MON'], ['0 0 0 * * WED']],
    5 * minute,
    undefined,
  ],
  [
    'the same on two days that do',
    [['0 58 23 * * MON'], ['0 0 0 * * TUE']],
    5 * minute,
    '2026-11-23T23:58:00Z',
  ],
  [
    'two crons that meet twice a year',
    [['0 0 4 1 * *'], ['0 2 4 * 1,7 FRI']],
    5 * minute,
    '2027-01-01T04:00:00Z',
  ],
  [
    'two crons that meet on one weekday of one month',
    [['0 0 9 13 * *'], ['0 3 9 ? * FRI']],
    5 * minute,
    '2027-08-13T09:00:00Z',
  ],
  [
    'two crons of one time in two zones',
    [['0 0 9 * * *', 'Europe/Berlin'], ['0 0 8 * * *']],
    minute,
    '2026-11-24T08:00:00Z',
  ],
  [
    'two zones that meet in winter only',
    [['0 0 9 * 4-9 *', 'Europe/Berlin'], ['0 0 8 * 4-9 *']],
    minute,
    undefined,
  ],
  [
    'two zones that meet in the weeks between their changes',
    [
      ['0 0 9 * * *', 'America/New_York'],
      ['0 0 14 * * *', 'Europe/Berlin'],
    ],
    minute,
    '2027-03-14T13:00:00Z',
  ],
  [
    'one cron in two zones with one clock',
    [
      ['0 30 6 * * *', 'Europe/Berlin'],
      ['0 30 6 * * *', 'Europe/Paris'],
    ],
    minute,
    '2026-11-24T05:30:00Z',
  ],
  [
    'the hour that occurs twice',
    [['0 59,0 1 * * *', 'America/New_York']],
    2 * minute,
    '2027-11-07T05:59:00Z',
  ],
  [
    'the hour that is skipped',
    [
      ['0 30 1 * * *', 'America/New_York'],
      ['0 0 3 * * *', 'America/New_York'],
    ],
    hour,
    '2027-03-14T06:30:00Z',
  ],
  ['daily, with a day required', [['0 0 9 * * *', 'America/New_York']], day, '2027-03-13T14:00:00Z'],
  ['daily in UTC, with a day required', [['0 0 9 * * *']], day, undefined],
  [
    'an overlap of half an hour, in which Spring misses the second fire',
    [['0 45 1 * * *', 'Australia/Lord_Howe']],
    hour,
    undefined,
  ],
  [
    'midnight that occurs twice',
    [
      ['0 59 23 * * *', 'America/Havana'],
      ['0 0 1 * * *', 'America/Havana'],
    ],
    2 * hour,
    '2026-11-24T04:59:00Z',
  ],
  ['the last day next to the first', [['0 0 0 L * *'], ['0 0 0 1 * *']], 2 * day, '2026-11-30T00:00:00Z'],
  [
    'the last evening next to the first morning',
    [['0 59 23 L * *'], ['0 0 0 1 * *']],
    5 * minute,
    '2026-11-30T23:59:00Z',
  ],
  ['L next to 1 in one field', [['0 0 0 1,L * *']], 25 * hour, '2026-11-30T00:00:00Z'],
  [
    'the last workday next to the 29th',
    [['0 0 6 LW * *'], ['0 1 6 29 * *']],
    5 * minute,
    '2027-01-29T06:00:00Z',
  ],
  [
    'the workday near the 15th next to the 15th',
    [['0 0 6 15W * *'], ['0 4 6 14 * *']],
    5 * minute,
    '2027-05-14T06:00:00Z',
  ],
  [
    'the second Friday next to the 13th',
    [['0 0 6 ? * FRI#2'], ['0 4 6 13 * *']],
    5 * minute,
    '2027-08-13T06:00:00Z',
  ],
  ['leap day, which does not come', [['0 0 6 29 2 *'], ['0 1 6 29 2 *']], 5 * minute, undefined],
  ['the same entry twice', [['0 0 6 * * *'], ['0 0 6 * * *']], minute, '2026-11-24T06:00:00Z'],
  ['seconds', [['0,30 * * * * *']], minute, '2026-11-23T12:00:30Z'],
  ['every second of one minute a year', [['* 0 0 25 12 *']], 5 * minute, '2026-12-25T00:00:00Z'],
  ['hours that do not divide the day', [['0 0 */5 * * *']], 5 * hour, '2026-11-23T20:00:00Z'],
  ['more than a day, by weekdays', [['0 0 6 * * MON,WED,FRI']], 2 * day, undefined],
  ['a year', [['0 0 6 1 12 *']], 366 * day, '2026-12-01T06:00:00Z'],
  ['once in the whole interval', [['0 0 6 1 2 *']], 366 * day, undefined],
];

describe('fires that are too close', () => {
  it('has thirty hard cases', () => {
    expect(hard.length).toBeGreaterThanOrEqual(30);
  });

  it.each(hard)('%s', (_what, crons, every, first) => {
    const timing = timingOf(crons);
    const pair = firstCloserThan(timing, year, every);
    const walked = visitedPair(timing, year, every);
    expect(pair && [pair.first.at, pair.second.at]).toStrictEqual(walked);
    expect(pair && new Date(pair.first.at).toISOString().replace('.000', '')).toBe(first);
  });

  it("a schedule's window ends them, and fires before its start do not count", () => {
    const crons = [['0 0,1 3 * * *']] as const;
    for (const more of [
      { startTime: Date.UTC(2027, 0, 1) },
      { startTime: Date.UTC(2027, 0, 1, 3, 0, 30) },
      { endTime: Date.UTC(2026, 10, 24, 3) },
      { startTime: Date.UTC(2027, 0, 1), endTime: Date.UTC(2026, 10, 1), catchup: true },
    ]) {
      const timing = timingOf(crons, more);
      const pair = firstCloserThan(timing, year, 5 * minute);
      const walked = walkUntil(timing, { from: now, to: year.to }, (at, before) =>
        before !== undefined && at - before < 5 * minute ? [before, at] : undefined,
      );
      expect(pair && [pair.first.at, pair.second.at]).toStrictEqual(walked);
    }
  });

  it('match a walk over all fires, for any crons, zones and clock changes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyCron(), fc.constantFrom(...changes)), { minLength: 1, maxLength: 3 }),
        fc.constantFrom(
          1000,
          30_000,
          minute,
          5 * minute,
          13 * minute,
          hour,
          5 * hour,
          23 * hour,
          day,
          3 * day,
        ),
        fc.integer({ min: -40, max: 1 }),
        (crons, least, days) => {
          const [[, change]] = crons as [(typeof crons)[number]];
          const from = Date.parse(change.at) + days * day;
          const span = { from, to: from + 70 * day, since: from - 1 };
          const timing = timingOf(crons.map(([cron, { zone }]) => [cron, zone]));
          const pair = firstCloserThan(timing, span, least);
          const walked = walkedPair(timing, span, least);
          if (walked?.length === 0) return;
          expect(pair && [pair.first.at, pair.second.at]).toStrictEqual(walked);
        },
      ),
      { numRuns: casesOf(200) },
    );
  }, 600_000);
});

describe('the least distance between the times of day of a cron', () => {
  const read = (cron: string) => {
    const parsed = parseCron(cron);
    if (!parsed.ok) throw new Error(cron);
    return { cron, times: timesOf(parsed.cron) };
  };
  const aTimes = anyCron().map(read);

  it('is that of all of them, one after the other, and from day to day', () => {
    fc.assert(
      fc.property(aTimes, ({ times }) => {
        const all = Array.from({ length: times.count }, (_, index) => timeAt(times, index));
        const next = [...all.slice(1), (all[0] as number) + day / 1000];
        expect(leastGap(times)).toBe(
          next.reduce(
            (least, time, index) => Math.min(least, time - (all[index] as number)),
            Number.POSITIVE_INFINITY,
          ),
        );
      }),
      {
        numRuns: casesOf(5000, 2000),
        examples: [[read('0,50 0,59 * * * *')], [read('0,50 0,59 0,23 * * *')]],
      },
    );
  });

  it('decides as a walk over all fires does, at the distance itself and near it, where clocks change too', () => {
    fc.assert(
      fc.property(
        aTimes,
        fc.constantFrom(...changes),
        fc.constantFrom(-hour, -minute, -1000, 0, 1000, minute, hour),
        fc.integer({ min: -40, max: 1 }),
        ({ cron, times }, { zone, at: change }, beside, days) => {
          const from = Date.parse(change) + days * day;
          const span = { from, to: from + 70 * day, since: from - 1 };
          const timing = timingOf([[cron, zone]]);
          const least = Math.max(1000, leastGap(times) * 1000 + beside);
          const walked = walkedPair(timing, span, least);
          if (walked?.length === 0) return;
          const pair = firstCloserThan(timing, span, least);
          expect(pair && [pair.first.at, pair.second.at]).toStrictEqual(walked);
        },
      ),
      { numRuns: casesOf(300) },
    );
  }, 600_000);
});

describe('fires at some time of the day', () => {
  it('match a walk over all fires, in any zone', () => {
    const time = fc.integer({ min: 0, max: 95 }).map((quarter) => quarter * 900);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyCron(), fc.constantFrom(...changes)), { minLength: 1, maxLength: 2 }),
        fc.constantFrom(...changes),
        time,
        time,
        fc.integer({ min: -40, max: 1 }),
        (crons, { zone: id, at: change }, start, end, days) => {
          fc.pre(start !== end);
          const parsed = parseZone(id);
          if (!parsed.ok) return;
          const { zone } = parsed;
          const from = Date.parse(change) + days * day;
          const span = { from, to: from + 60 * day, since: from - 1 };
          const timing = timingOf(crons.map(([cron, { zone: own }]) => [cron, own]));
          const clock = (at: number): number => {
            const [, hours, minutes, seconds] = /T(\d\d):(\d\d):(\d\d)/.exec(localText(zone, at)) ?? [];
            return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
          };
          let steps = 0;
          const walked = walkUntil(timing, span, (at) => {
            steps += 1;
            const second = clock(at);
            const isIn = start < end ? second >= start && second < end : second >= start || second < end;
            return isIn ? at : steps > 1000 ? -1 : undefined;
          });
          if (walked === -1) return;
          expect(firstWithin(timing, span, { start, end, zone })?.at).toBe(walked);
        },
      ),
      { numRuns: casesOf(200) },
    );
  }, 600_000);
});
