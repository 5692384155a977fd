import { describe, expect, it } from 'vitest';
import { nextRunOfEntry, type Timing } from '../../../src/cron/fire/entry-timers.ts';
import { firesAfter } from '../../../src/cron/fire/fires.ts';

const at = (time: string): number => Date.parse(`${time}Z`);
const daily = { cronExpression: '0 0 12 * * *', zoneId: 'UTC' };

function timing(extra: Partial<Timing> = {}): Timing {
  return { entries: [daily], catchup: false, ...extra };
}

describe('nextRunOfEntry', () => {
  it.each<[string, Partial<Timing>, string, string, string | null]>([
    ['counts from now', {}, '2026-03-06T11:00', '2026-03-06T11:00', '2026-03-06T12:00'],
    [
      'never gives the moment just fired again',
      {},
      '2026-03-06T11:59:59',
      '2026-03-06T12:00',
      '2026-03-07T12:00',
    ],
    ['forgets what was missed', {}, '2026-03-09T13:00', '2026-03-06T12:00', '2026-03-10T12:00'],
    [
      'makes up for it with catch-up',
      { catchup: true },
      '2026-03-09T13:00',
      '2026-03-06T12:00',
      '2026-03-07T12:00',
    ],
    [
      'ignores start and end with catch-up',
      { catchup: true, startTime: at('2030-01-01T00:00'), endTime: at('2020-01-01T00:00') },
      '2026-03-06T11:00',
      '2026-03-06T11:00',
      '2026-03-06T12:00',
    ],
    [
      'fires exactly at the start',
      { startTime: at('2026-03-10T12:00') },
      '2026-03-06T11:00',
      '2026-03-06T11:00',
      '2026-03-10T12:00',
    ],
    [
      'half a second before the start is before it',
      { startTime: at('2026-03-10T12:00:00.500') },
      '2026-03-06T11:00',
      '2026-03-06T11:00',
      '2026-03-11T12:00',
    ],
    [
      'a start less than half a second ahead counts as reached',
      { startTime: at('2026-03-06T11:59:59.900') },
      '2026-03-06T11:59:59.400',
      '2026-03-06T11:59:59.400',
      '2026-03-06T12:00',
    ],
    [
      'fires exactly at the end',
      { endTime: at('2026-03-06T12:00') },
      '2026-03-06T11:00',
      '2026-03-06T11:00',
      '2026-03-06T12:00',
    ],
    [
      'not behind the end',
      { endTime: at('2026-03-06T11:59:59.999') },
      '2026-03-06T11:00',
      '2026-03-06T11:00',
      null,
    ],
    ['takes end 0 for 1970', { endTime: 0 }, '2026-03-06T11:00', '2026-03-06T11:00', null],
    [
      'does not look at the end before the start',
      { startTime: at('2026-03-10T13:00'), endTime: at('2026-03-10T14:00') },
      '2026-03-06T11:00',
      '2026-03-06T11:00',
      '2026-03-11T12:00',
    ],
  ])('%s', (_, extra, now, last, expected) => {
    const next = nextRunOfEntry(daily, timing(extra), at(now), at(last));
    expect(next).toBe(expected === null ? null : at(expected));
  });

  it.each([
    { cronExpression: '0 9 * * *', zoneId: 'UTC' },
    { cronExpression: '0 0 9 * * *', zoneId: 'utc' },
    { cronExpression: '0 0 9 31 2 *', zoneId: 'UTC' },
    { cronExpression: '', zoneId: '' },
  ])('has none for $cronExpression in $zoneId', (entry) => {
    expect(nextRunOfEntry(entry, timing(), 0, 0)).toBeNull();
  });
});

describe('firesAfter', () => {
  const now = at('2026-03-06T11:00');

  it('merges the entries in order, two at the same time as two fires', () => {
    const noonInKolkata = { cronExpression: '0 30 17 * * *', zoneId: 'Asia/Kolkata' };
    const evening = { cronExpression: '0 0 18 * * *', zoneId: 'UTC' };
    const fires = firesAfter(timing({ entries: [evening, daily, noonInKolkata] }), now, 4);
    const [noon, six, nextNoon] = [at('2026-03-06T12:00'), at('2026-03-06T18:00'), at('2026-03-07T12:00')];
    expect(fires).toEqual([noon, noon, six, nextNoon]);
  });

  it('leaves out entries that the server skips', () => {
    const entries = [{ cronExpression: 'bad', zoneId: 'UTC' }, { ...daily, zoneId: 'EST' }, daily];
    expect(firesAfter(timing({ entries }), now, 1)).toEqual([at('2026-03-06T12:00')]);
  });

  it('stops at the end', () => {
    const fires = firesAfter(timing({ endTime: at('2026-03-08T12:00') }), now, 10);
    expect(fires).toEqual([at('2026-03-06T12:00'), at('2026-03-07T12:00'), at('2026-03-08T12:00')]);
  });

  it('fires exactly once if the start is in the future and not before the end', () => {
    const startTime = at('2026-03-08T00:00');
    for (const endTime of [startTime, startTime - 1, 0])
      expect(firesAfter(timing({ startTime, endTime }), now, 10)).toEqual([at('2026-03-08T12:00')]);
  });

  it.each([0, -1])('gives none for a limit of %d', (limit) => {
    expect(firesAfter(timing(), now, limit)).toEqual([]);
  });

  it('is empty when nothing ever fires', () => {
    expect(firesAfter(timing({ entries: [] }), now, 5)).toEqual([]);
    expect(firesAfter(timing({ entries: [{ ...daily, cronExpression: '0 0 0 30 2 *' }] }), now, 5)).toEqual(
      [],
    );
  });
});
