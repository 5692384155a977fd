import { describe, expect, it } from 'vitest';
import type { Timing } from '../../../src/cron/fire/entry-timers.ts';
import { addFiresPerMinute, countFires, fires } from '../../../src/cron/fire/fires.ts';
import { walk } from '../../support/crons.ts';

const hour = 3_600_000;
const day = 24 * hour;
const at = (time: string): number => Date.parse(time.includes('Z') ? time : `${time}Z`);

function timing(cronExpression: string, zoneId = 'UTC', extra: Partial<Timing> = {}): Timing {
  return { entries: [{ cronExpression, zoneId }], catchup: false, ...extra };
}

describe('fires of an interval', () => {
  it('from its beginning to before its end', () => {
    const noon = timing('0 0 12 * * *');
    const of = (from: string, to: string): number[] =>
      [...fires(noon, { from: at(from), to: at(to) })].map((fire) => fire.at);
    expect(of('2026-03-06T12:00', '2026-03-07T12:00')).toEqual([at('2026-03-06T12:00')]);
    expect(of('2026-03-06T12:00:00.001Z', '2026-03-07T12:00:00.001Z')).toEqual([at('2026-03-07T12:00')]);
    expect(of('2026-03-06T12:00', '2026-03-06T12:00')).toEqual([]);
    expect(of('2026-03-06T12:00', '2026-03-05T12:00')).toEqual([]);
  });

  it('name their timer, two at the same time being two', () => {
    const entries = [
      { cronExpression: '0 0 12 * * *', zoneId: 'UTC' },
      { cronExpression: '0 30 17 * * *', zoneId: 'Asia/Kolkata' },
      { cronExpression: 'no cron', zoneId: 'UTC' },
    ];
    const from = at('2026-03-06T00:00');
    const found = [...fires({ entries, catchup: false }, { from, to: from + day })];
    expect(found).toEqual([
      { at: from + 12 * hour, entry: entries[0] },
      { at: from + 12 * hour, entry: entries[1] },
    ]);
  });

  it('come one by one, so an infinite interval works', () => {
    const endless = fires(timing('* * * * * *', 'Europe/Berlin'), {
      from: at('2026-03-06T12:00'),
      to: Number.POSITIVE_INFINITY,
    });
    expect(endless.next().value?.at).toBe(at('2026-03-06T12:00'));
    expect(endless.next().value?.at).toBe(at('2026-03-06T12:00:01Z'));
  });
});

describe('counting', () => {
  const year = { from: at('2026-01-01T00:00'), to: at('2027-01-01T00:00') };

  it.each([
    ['* * * * * *', 'UTC', 31_536_000],
    // The clock goes forward and back once each.
    ['* * * * * *', 'Europe/Berlin', 31_536_000],
    ['0 */5 * * * *', 'America/New_York', 105_120],
    ['0 30 2 * * *', 'Europe/Berlin', 365],
    ['0 30 2 * * *', 'America/New_York', 364],
    ['* 30 2 * * MON-FRI', 'America/New_York', 261 * 60],
    ['0 0 9 31 2 *', 'UTC', 0],
    ['0 0 9 L * *', 'Asia/Tokyo', 12],
  ])('the year 2026 of %s in %s has %d', (expression, zone, expected) => {
    expect(countFires(timing(expression, zone), year)).toBe(expected);
  });

  it.each([28, 29, 30, 31, 45, 60, 2000])('L-%d, with its wrong days, equals a walk', (days) => {
    const hourly = timing(`0 30 */6 L-${days} * *`, 'Europe/Berlin');
    const walked = walk(hourly, year);
    expect([...fires(hourly, year)].map((fire) => fire.at)).toEqual(walked.fires);
    expect(countFires(hourly, year)).toBe(walked.fires.length);
  });

  it('many schedules share one tally', () => {
    const minutes = new Uint32Array(60);
    for (const expression of ['* * * * * *', '0 30 * * * *', '15,45 * 0 * * *'])
      addFiresPerMinute(timing(expression), { from: year.from, to: year.to }, minutes);
    expect(minutes[0]).toBe(62);
    expect(minutes[30]).toBe(63);
    expect(minutes.reduce((sum, count) => sum + count)).toBe(3600 + 1 + 120);
  });
});
