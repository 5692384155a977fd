import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextRunOfEntry } from '../../../src/cron/fire/entry-timers.ts';
import { awaitedFires, punctualityOf } from '../../../src/fires/awaited-fires.ts';

const at = (text: string): number => Date.parse(`2026-11-23T${text}Z`);
const every20s = { cronExpression: '*/20 * * * * ?', zoneId: 'UTC' };
const everyMinute = { cronExpression: '0 * * * * ?', zoneId: 'UTC' };
const run = (scheduled: string, started: string) => ({
  scheduledTime: at(scheduled),
  executionTime: at(started),
});

it.each([
  ['no run yet', [], '12:00:20'],
  ['a prompt run', [run('12:00:20', '12:00:20.4')], '12:00:40'],
  ['one that was started early', [run('12:00:20', '12:00:19.7')], '12:00:40'],
  ['one that was late: what passed meanwhile never comes', [run('12:00:20', '12:01:50')], '12:02:00'],
  ['one from before the save', [run('11:59:20', '11:59:50')], '12:00:20'],
])('the timer continues from the last save or run: %s', (_what, runs, next) => {
  const timing = { entries: [every20s], catchup: false };
  expect(awaitedFires(timing, at('12:00:05'), runs)).toStrictEqual([at(next)]);
});

it('a backlog of catch-up is worked off fire by fire', () => {
  const timing = { entries: [every20s], catchup: true };
  expect(awaitedFires(timing, at('12:00:05'), [run('12:00:20', '12:09:00')])).toStrictEqual([at('12:00:40')]);
});

it('two timers at the same time need two runs; after one, the other is still due', () => {
  const timing = { entries: [every20s, everyMinute], catchup: false };
  const since = at('12:00:45');
  const one = run('12:01:00', '12:01:00.2');
  expect(awaitedFires(timing, since, [])).toStrictEqual([at('12:01:00'), at('12:01:00')]);
  expect(awaitedFires(timing, since, [one])).toStrictEqual([at('12:01:00'), at('12:01:20')]);
  expect(awaitedFires(timing, since, [one, one])).toStrictEqual([at('12:01:20'), at('12:02:00')]);
});

it('matches what the timers of a server wait for, however late they start', () => {
  const second = fc.integer({ min: 0, max: 600 });
  const entry = fc.constantFrom(
    every20s,
    everyMinute,
    { cronExpression: '30 */2 * * * ?', zoneId: 'Asia/Kolkata' },
    { cronExpression: '7 0/3 * * * ?', zoneId: 'UTC' },
  );
  const property = fc.property(
    entry,
    fc.boolean(),
    fc.option(second, { nil: undefined }),
    fc.array(fc.integer({ min: -300, max: 120_000 }), { maxLength: 8 }),
    (only, catchup, ends, delays) => {
      const since = at('12:00:00.500');
      const window = { catchup, ...(ends === undefined ? {} : { endTime: since + ends * 1000 }) };
      const runs: { scheduledTime: number; executionTime: number }[] = [];
      let next = nextRunOfEntry(only, window, since, since);
      let now = since;
      for (const delay of delays) {
        if (next === null) break;
        now = Math.max(now, next + delay);
        runs.push({ scheduledTime: next, executionTime: now });
        next = nextRunOfEntry(only, window, now, next);
      }
      const expected = next === null ? [] : [next];
      expect(awaitedFires({ entries: [only], ...window }, since, runs.reverse())).toStrictEqual(expected);
    },
  );
  fc.assert(property, { numRuns: 200 });
});

describe('whether a server starts fires in time', () => {
  const since = at('12:00:00');
  it.each([
    ['nothing is known', [], 'unknown'],
    ['the first run after a save proves nothing', [run('12:01:00', '12:01:00.5')], 'unknown'],
    ['the second does', [run('12:01:00', '12:01:00.5'), run('12:02:00', '12:02:01')], 'prompt'],
    ['an old late one counts', [run('11:01:00', '11:02:30'), run('12:01:00', '12:01:00')], 'late'],
  ] as const)('%s', (_what, runs, punctuality) => {
    expect(punctualityOf(since, 1, runs)).toBe(punctuality);
  });
});
