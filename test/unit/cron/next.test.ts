import { describe, expect, it } from 'vitest';
import { nextFire } from '../../../src/cron/fire/next.ts';
import type { Cron } from '../../../src/cron/parse/cron.ts';
import { parseCron } from '../../../src/cron/parse/parse-cron.ts';
import { parseZone, type Zone } from '../../../src/cron/zone/zone.ts';

function cronOf(expression: string): Cron {
  const parsed = parseCron(expression);
  if (!parsed.ok) throw new Error(`${expression}: ${parsed.problem.why}`);
  return parsed.cron;
}

function zoneOf(id: string): Zone {
  const parsed = parseZone(id);
  if (!parsed.ok) throw new Error(`${id}: ${parsed.why}`);
  return parsed.zone;
}

function next(expression: string, zone: string, from: string): string | null {
  const found = nextFire(cronOf(expression), zoneOf(zone), Date.parse(from));
  return found === null ? null : new Date(found).toISOString();
}

/** Expression, zone, from, and the fires that follow, all with their offsets. */
const vectors: readonly (readonly [string, string, string, readonly string[]])[] = [
  [
    '0 30 2 * * *',
    'America/New_York',
    '2026-03-07T03:00-05:00',
    ['2026-03-09T02:30-04:00', '2026-03-10T02:30-04:00'],
  ],
  ['0 0 2 * * *', 'America/New_York', '2026-03-07T03:00-05:00', ['2026-03-09T02:00-04:00']],
  [
    '0 15 2,3 * * *',
    'America/New_York',
    '2026-03-07T04:00-05:00',
    ['2026-03-08T03:15-04:00', '2026-03-09T02:15-04:00', '2026-03-09T03:15-04:00'],
  ],
  [
    '0 0 * * * *',
    'America/New_York',
    '2026-03-08T00:30-05:00',
    ['2026-03-08T01:00-05:00', '2026-03-08T03:00-04:00', '2026-03-08T04:00-04:00'],
  ],
  [
    '0 30 1 * * *',
    'America/New_York',
    '2026-10-31T02:00-04:00',
    ['2026-11-01T01:30-04:00', '2026-11-01T01:30-05:00', '2026-11-02T01:30-05:00'],
  ],
  [
    '0 0 * * * *',
    'America/New_York',
    '2026-11-01T00:30-04:00',
    ['2026-11-01T01:00-04:00', '2026-11-01T01:00-05:00', '2026-11-01T02:00-05:00'],
  ],
  [
    '0 */30 * * * *',
    'America/New_York',
    '2026-11-01T00:45-04:00',
    ['2026-11-01T01:00-04:00', '2026-11-01T01:30-04:00', '2026-11-01T01:00-05:00', '2026-11-01T01:30-05:00'],
  ],
  [
    '0 0 0 * * *',
    'America/Sao_Paulo',
    '2018-11-02T01:00-03:00',
    ['2018-11-03T00:00-03:00', '2018-11-05T00:00-02:00'],
  ],
  ['0 0 9 ? * 1', 'UTC', '2026-11-23T10:00Z', ['2026-11-30T09:00Z', '2026-12-07T09:00Z']],
  [
    '0 0 9 1W * *',
    'UTC',
    '2026-07-15T00:00Z',
    ['2026-08-03T09:00Z', '2026-09-01T09:00Z', '2026-10-01T09:00Z', '2026-11-02T09:00Z'],
  ],
  [
    '0 0 9 * * 1#5',
    'UTC',
    '2026-11-23T10:00Z',
    ['2026-11-30T09:00Z', '2027-03-29T09:00Z', '2027-05-31T09:00Z', '2027-08-30T09:00Z'],
  ],
  [
    '0 0 9 15 * MON',
    'UTC',
    '2026-11-23T10:00Z',
    ['2027-02-15T09:00Z', '2027-03-15T09:00Z', '2027-11-15T09:00Z', '2028-05-15T09:00Z'],
  ],
  [
    '0 0 9 L * MON',
    'UTC',
    '2026-11-23T10:00Z',
    ['2026-11-30T09:00Z', '2027-05-31T09:00Z', '2028-01-31T09:00Z'],
  ],
  ['0 0 9 29 2 *', 'UTC', '2026-11-23T10:00Z', ['2028-02-29T09:00Z', '2032-02-29T09:00Z']],
  // A leap day that is a Monday, across 2100, which has none.
  ['0 0 0 29 2 MON', 'UTC', '2072-03-01T00:00Z', ['2112-02-29T00:00Z']],
  // Midnight occurs twice in Havana: Spring sets a daily cron's hour from later that day, so it finds the second alone.
  [
    '0 0 0 * * *',
    'America/Havana',
    '2026-10-31T12:00-04:00',
    ['2026-11-01T00:00-05:00', '2026-11-02T00:00-05:00'],
  ],
  [
    '0 0 * * * *',
    'America/Havana',
    '2026-10-31T23:30-04:00',
    ['2026-11-01T00:00-04:00', '2026-11-01T00:00-05:00', '2026-11-01T01:00-05:00'],
  ],
  // Samoa left 2011-12-30 out.
  ['0 0 9 * * *', 'Pacific/Apia', '2011-12-29T09:00-10:00', ['2011-12-31T09:00+14:00']],
  // Half an hour is repeated; the full hours in between are only once.
  ['0 0 * * * *', 'Australia/Lord_Howe', '2026-04-05T00:30+11:00', ['2026-04-05T01:00+11:00']],
  ['0 15 9 * * *', '+05:30', '2026-01-01T09:15+05:30', ['2026-01-02T09:15+05:30']],
];

describe('nextFire', () => {
  it.each(vectors)('%s in %s from %s', (expression, zone, from, fires) => {
    let at = new Date(from).toISOString();
    const found: string[] = [];
    for (const _ of fires) {
      at = next(expression, zone, at) ?? 'none';
      found.push(at);
    }
    expect(found).toEqual(fires.map((fire) => new Date(fire).toISOString()));
  });

  it.each([
    ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:01.000Z'],
    ['2026-01-01T00:00:00.001Z', '2026-01-01T00:00:01.000Z'],
    ['2026-01-01T00:00:00.999Z', '2026-01-01T00:00:01.000Z'],
    ['1969-12-31T23:59:59.500Z', '1970-01-01T00:00:00.000Z'],
  ])('is strictly later than %s and on a full second', (from, expected) => {
    expect(next('* * * * * *', 'Europe/London', from)).toBe(expected);
  });

  it.each([
    '0 0 9 31 FEB ?',
    '0 0 0 30 2 *',
    '0 0 0 31 2,4,6,9,11 ?',
    '0 0 9 * * 1#6',
    '0 0 0 13W * SUN',
    '0 30 2 8-14 3 SUN',
    '0 0 0 29W 2 SAT',
  ])('%s never fires, and the search ends', (expression) => {
    const start = Date.parse('2026-11-23T10:00Z');
    expect(nextFire(cronOf(expression), zoneOf('America/New_York'), start)).toBeNull();
  });

  it('L-28 and beyond, for which Spring answers with the past, goes on to a later fire', () => {
    // Spring says 2026-01-31T00:00Z.
    expect(next('0 0 0 L-28 * *', 'UTC', '2026-01-31T12:00Z')).toBe('2026-03-03T00:00:00.000Z');
    for (const days of [28, 29, 30, 31, 60, 2_147_483_648])
      for (let at = Date.parse('2026-01-01T12:00Z'), fires = 0; fires < 40; fires += 1) {
        const found = nextFire(cronOf(`0 0 0 L-${days} * *`), zoneOf('UTC'), at);
        if (found === null) break;
        expect(found).toBeGreaterThan(at);
        at = found;
      }
  });

  it('goes on to a later fire while a clock goes back to the middle of an hour, where Spring answers with the past', () => {
    const from = '2026-04-05T01:00+11:00';
    expect(next('0 0 * * * *', 'Australia/Lord_Howe', from)).toBe(
      new Date('2026-04-05T02:00+10:30').toISOString(),
    );
  });

  it('has no answer outside the range of ECMAScript times, without a throw', () => {
    for (const after of [8.64e15, 8.64e15 + 1000, 1e18, -1e18])
      expect(nextFire(cronOf('0 0 0 1 1 *'), zoneOf('Europe/Berlin'), after)).toBeNull();
    expect(nextFire(cronOf('0 0 0 ? * 1#2147483647'), zoneOf('Europe/Berlin'), 0)).toBeNull();
  });

  it.each(['Europe/Berlin', 'America/Nuuk', 'Africa/Casablanca', 'Asia/Gaza', 'Antarctica/Troll'])(
    'only goes forward through ten years of %s',
    (id) => {
      const cron = cronOf('0 7 */3 ? * 6L,1#1,3');
      const zone = zoneOf(id);
      const fires = [Date.parse('2026-01-01T00:00Z')];
      for (let at: number | null = fires[0]!; at !== null && at < Date.parse('2036-01-01T00:00Z'); ) {
        at = nextFire(cron, zone, at);
        if (at !== null) fires.push(at);
      }
      // 522 Wednesdays and about 240 other days, eight times each.
      expect(fires.length).toBeGreaterThan(5800);
      expect(fires.length).toBeLessThan(6200);
      expect(fires).toEqual([...new Set(fires)].sort((a, b) => a - b));
    },
  );
});
