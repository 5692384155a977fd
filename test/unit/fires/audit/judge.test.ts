import { describe, expect, it, test } from 'vitest';
import { completeFrom } from '../../../../src/fires/audit/complete-from.ts';
import { summing } from '../../../../src/fires/audit/groups.ts';
import {
  type AuditedSchedule,
  judge,
  type PastRun,
  skippedFires,
} from '../../../../src/fires/audit/judge.ts';
import { overdueSince, silentSchedules } from '../../../../src/fires/audit/overdue.ts';
import { usualLateness } from '../../../../src/fires/audit/usual.ts';

const hour = 3_600_000;
/** 2026-11-01T00:00:00Z, when New York goes back an hour at 06:00Z. */
const midnight = Date.UTC(2026, 10, 1);
const at = (hours: number): number => midnight + hours * hour;
const prompt = { runs: 9, median: 300, lateAfter: 10_000, missedAfter: 30_000 };

function hourly(over: Partial<AuditedSchedule> = {}): AuditedSchedule {
  return {
    timing: { entries: [{ cronExpression: '0 0 * * * ?', zoneId: 'UTC' }], catchup: false },
    paused: false,
    changed: at(-100),
    created: at(-200),
    runs: [],
    completeFrom: Number.NEGATIVE_INFINITY,
    ...over,
  };
}

const ran = (moment: number, late = 300, state = 'EXECUTED'): PastRun => ({
  at: moment,
  started: moment + late,
  state,
});

function judged(audited: AuditedSchedule, from: number, to: number, usual = prompt) {
  const told: [number, string, string?][] = [];
  const { earlier, overdue } = judge(audited, { from: at(from), to: at(to), now: at(to) }, usual, (one) =>
    told.push([(one.at - midnight) / hour, one.class, ...((one.why ? [one.why.kind] : []) as [string?])]),
  );
  return { told, earlier, ...(overdue === undefined ? {} : { overdue: (overdue - midnight) / hour }) };
}

describe('judge', () => {
  it.each<[string, Partial<AuditedSchedule>, [number, number], ReturnType<typeof judged>]>([
    [
      'tells ran from late, failed and missed, and what the timer waits for',
      { runs: [ran(at(0)), ran(at(1), 60_000), ran(at(2), 0, 'FAILED')] },
      [0, 4],
      {
        told: [
          [0, 'ran'],
          [1, 'late'],
          [2, 'failed'],
          [3, 'missed'],
        ],
        earlier: 0,
        overdue: 3,
      },
    ],
    [
      'knows that a server skips what falls due while it is behind',
      { runs: [ran(at(0), 2.5 * hour), ran(at(3))] },
      [0, 4],
      {
        told: [
          [0, 'late'],
          [1, 'missed', 'behind'],
          [2, 'missed', 'behind'],
          [3, 'ran'],
        ],
        earlier: 0,
      },
    ],
    [
      'says nothing of the time before the last change, but for what ran',
      { changed: at(1.5), runs: [ran(at(0)), ran(at(0.5)), ran(at(2))] },
      [0, 3],
      {
        told: [
          [0, 'ran'],
          [1, 'unknown', 'changed'],
          [2, 'ran'],
        ],
        earlier: 1,
      },
    ],
    [
      'takes a fire right after a save for nobody’s knowledge',
      { changed: at(1) - 1000, runs: [ran(at(2))] },
      [1, 3],
      {
        told: [
          [1, 'unknown', 'changed'],
          [2, 'ran'],
        ],
        earlier: 0,
      },
    ],
    [
      'expects nothing of a paused schedule, and wonders at a run of it',
      { paused: true, changed: at(0.5), runs: [ran(at(0)), ran(at(2))] },
      [0, 3],
      {
        told: [
          [0, 'ran'],
          [2, 'unexpected'],
        ],
        earlier: 0,
      },
    ],
    [
      'does not take cut history for missed fires',
      { runs: [ran(at(2))], completeFrom: at(2) },
      [0, 3],
      {
        told: [
          [0, 'unknown', 'history'],
          [1, 'unknown', 'history'],
          [2, 'ran'],
        ],
        earlier: 0,
      },
    ],
    [
      'tells apart both fires of a doubled hour and both timers of one moment',
      {
        timing: {
          entries: [
            { cronExpression: '0 30 1 * * ?', zoneId: 'America/New_York' },
            { cronExpression: '0 30 1 * * ?', zoneId: 'America/New_York' },
          ],
          catchup: false,
        },
        runs: [ran(at(5.5)), ran(at(5.5)), ran(at(6.5)), ran(at(6.5)), ran(at(6.5))],
      },
      [0, 24],
      {
        told: [
          [5.5, 'ran'],
          [5.5, 'ran'],
          [6.5, 'ran'],
          [6.5, 'ran'],
          [6.5, 'unexpected', 'again'],
        ],
        earlier: 0,
      },
    ],
    [
      'sees other rules of a time zone in runs an hour off',
      {
        timing: { entries: [{ cronExpression: '0 0 9 * * ?', zoneId: 'America/New_York' }], catchup: false },
        runs: [ran(at(13))],
      },
      [0, 24],
      { told: [[14, 'unknown', 'other-moment']], earlier: 0 },
    ],
    [
      'says what a manifest expects and the server has not',
      { changed: at(-1), excuse: { kind: 'not-on-server' } },
      [0, 2],
      {
        told: [
          [0, 'missed', 'not-on-server'],
          [1, 'missed', 'not-on-server'],
        ],
        earlier: 0,
        overdue: 0,
      },
    ],
    [
      'knows of no fires that cannot be computed',
      {
        timing: { entries: [{ cronExpression: '0 0 9 L-30 * ?', zoneId: 'UTC' }], catchup: false },
        runs: [ran(at(1))],
      },
      [0, 2],
      { told: [[1, 'unknown', 'runaway']], earlier: 0 },
    ],
  ])('%s', (_, over, [from, to], expected) => {
    expect(judged(hourly(over), from, to)).toStrictEqual(expected);
  });

  it('calls a fire due as long as this server may still start it', () => {
    const slow = { runs: 9, median: 93_000, lateAfter: 186_000, missedAfter: 186_000 };
    const audited = hourly({ runs: [ran(at(0), 90_000)] });
    expect(judged(audited, 0, 1 + 100 / 3600, slow).told).toStrictEqual([
      [0, 'ran'],
      [1, 'due'],
    ]);
    expect(judged(audited, 0, 1 + 200 / 3600, slow).told).toStrictEqual([
      [0, 'ran'],
      [1, 'missed'],
    ]);
  });

  it('waits for catch-up while it goes on, and no longer', () => {
    const timing = { ...hourly().timing, catchup: true };
    const runs = [ran(at(0), 3.999 * hour)];
    expect(judged(hourly({ timing, runs }), 0, 4).told.map(([, kind]) => kind)).toStrictEqual([
      'late',
      'due',
      'due',
      'due',
    ]);
    expect(
      judged(hourly({ timing, runs: [ran(at(0)), ran(at(3))] }), 0, 3.001).told.map(([, kind]) => kind),
    ).toStrictEqual(['ran', 'missed', 'missed', 'ran']);
  });
});

test('the usual lateness needs enough runs, and a server that is always late gets more time', () => {
  expect(usualLateness([1, 2])).toStrictEqual({ runs: 2, lateAfter: 10_000, missedAfter: 150_000 });
  expect(usualLateness([300, 400, 500, 300, 300])).toMatchObject({
    median: 300,
    lateAfter: 10_000,
    missedAfter: 30_000,
  });
  expect(usualLateness([62_600, 100_200, 93_600, 117_700, 90_000])).toMatchObject({
    median: 93_600,
    lateAfter: 187_200,
    missedAfter: 187_200,
  });
  // One downtime does not make a server slow.
  expect(usualLateness([300, 300, 300, 300, 40_000]).missedAfter).toBe(60_000);
});

test('history is complete from its oldest run on, unless a cut would have left more', () => {
  const facts = { readFrom: Number.NEGATIVE_INFINITY, oldest: 3, hasOlder: false };
  expect(completeFrom({ ...facts, moments: [5, 6] }, 5)).toBe(Number.NEGATIVE_INFINITY);
  expect(completeFrom({ ...facts, moments: [5, 6, 7, 8, 9] }, 5)).toBe(6);
  expect(completeFrom({ ...facts, moments: [5, 6, 7, 8, 9], hasOlder: true }, 5)).toBe(
    Number.NEGATIVE_INFINITY,
  );
  expect(completeFrom({ ...facts, moments: [] }, undefined)).toBe(4);
  expect(completeFrom({ ...facts, moments: [], oldest: undefined }, undefined)).toBe(
    Number.POSITIVE_INFINITY,
  );
  expect(completeFrom({ ...facts, moments: [5], readFrom: 7 }, 5)).toBe(7);
});

test('groups combine equal results, keep the newest and count the rest', () => {
  const { tell, end } = summing(2);
  for (let index = 0; index < 9; index += 1) {
    tell({ at: index * 10, class: 'missed' });
    tell({ at: index * 10 + 1, class: 'missed' });
    tell({ at: index * 10 + 2, class: 'ran', run: ran(index * 10 + 2) });
  }
  expect(end()).toStrictEqual({
    counts: { ran: 9, late: 0, failed: 0, missed: 18, due: 0, unknown: 0, unexpected: 0 },
    groups: [
      { class: 'missed', count: 2, first: 70, last: 71 },
      { class: 'missed', count: 2, first: 80, last: 81 },
    ],
    left: 7,
    lastSuccess: 82,
  });
});

describe('overdue', () => {
  const { timing } = hourly();
  const watched = (over: object = {}) => ({ timing, changed: at(-10), ...over });

  it('is the fire that the timer waits for', () => {
    expect(overdueSince(watched({ lastRun: { at: at(0), started: at(0) } }), at(1.5), prompt)).toBe(at(1));
    expect(
      overdueSince(watched({ lastRun: { at: at(0), started: at(1.2) } }), at(1.5), prompt),
    ).toBeUndefined();
    expect(
      overdueSince(watched({ lastRun: { at: at(1), started: at(1) } }), at(1.5), prompt),
    ).toBeUndefined();
    expect(overdueSince(watched({ changed: at(1) - 500 }), at(1.5), prompt)).toBeUndefined();
  });

  it('is not a fire that ran an hour off, by other zone rules', () => {
    const daily = {
      entries: [{ cronExpression: '0 0 9 * * ?', zoneId: 'America/New_York' }],
      catchup: false,
    };
    const here = { timing: daily, changed: at(-100) };
    expect(
      overdueSince({ ...here, lastRun: { at: at(13), started: at(13) } }, at(20), prompt),
    ).toBeUndefined();
    expect(overdueSince({ ...here, lastRun: { at: at(-11), started: at(-11) } }, at(20), prompt)).toBe(
      at(14),
    );
  });

  it('of two or more since the last run means that nothing fires on the server', () => {
    const one = { ...watched({ lastRun: { at: at(0) } }), overdue: at(1) };
    const dead = { ...watched(), overdue: at(-5) };
    expect(silentSchedules([one, one, dead], at(0.5), at(1.5), prompt)).toBe(2);
    // Something ran after they were due.
    expect(silentSchedules([one, one, dead], at(1.2), at(1.5), prompt)).toBe(0);
    expect(silentSchedules([one, dead], undefined, at(1.5), prompt)).toBe(2);
  });
});

describe('skipped fires', () => {
  const span = { from: at(0), to: at(3), now: at(3) };

  test.each([
    ['all of the interval, paused before it', { changed: at(-5) }, 3],
    ['those since the pause, not the one at it', { changed: at(1) }, 1],
    ['none before it was created', { changed: at(-5), created: at(1.5) }, 1],
    ['not known without the time of the last change', { changed: undefined }, undefined],
    [
      'not known where the fires cannot be computed',
      { timing: { entries: [{ cronExpression: '0 0 0 L-31 * ?', zoneId: 'UTC' }], catchup: false } },
      undefined,
    ],
    [
      'not known in a zone that is not known here',
      { timing: { entries: [{ cronExpression: '0 0 * * * ?', zoneId: 'Mars/Base' }], catchup: false } },
      undefined,
    ],
    [
      'not known of a cron that cannot be read',
      { timing: { entries: [{ cronExpression: 'every night', zoneId: 'UTC' }], catchup: false } },
      undefined,
    ],
    ['not known with a last change after now', { changed: at(4) }, undefined],
    ['none of those that ran', { changed: at(-5), runs: [ran(at(1))] }, 2],
  ])('%s', (_, over, count) => {
    const { timing, changed, created, runs } = { ...hourly({ paused: true }), ...over };
    const known = { ...(changed && { changed }), ...(created && { created }) };
    expect(skippedFires({ timing, runs, ...known }, span)).toBe(count);
  });
});

test('runs in a zone that is not known here are not judged', () => {
  const timing = { entries: [{ cronExpression: '0 0 * * * ?', zoneId: 'Mars/Base' }], catchup: false };
  const told: unknown[] = [];
  const span = { from: at(0), to: at(3), now: at(3) };
  judge({ ...hourly(), timing, runs: [ran(at(1))] }, span, prompt, ({ class: kind }) => told.push(kind));
  expect(told).toStrictEqual(['unknown']);
});

test('a fire during a pause on the server is missed by the pause, not by a late run', () => {
  const told: unknown[] = [];
  const late = { at: at(0), started: at(2.5), state: 'EXECUTED' };
  const audited = {
    ...hourly(),
    changed: at(-5),
    runs: [late],
    excuse: { kind: 'paused-on-server' as const },
  };
  judge(audited, { from: at(0), to: at(3), now: at(3) }, prompt, ({ at: fire, why }) =>
    told.push([(fire - at(0)) / 3_600_000, why?.kind]),
  );
  expect(told).toStrictEqual([
    [0, undefined],
    [1, 'paused-on-server'],
    [2, 'paused-on-server'],
  ]);
});
