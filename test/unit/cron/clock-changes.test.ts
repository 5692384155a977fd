import { describe, expect, it } from 'vitest';
import { parseCron } from '../../../src/cron/parse/parse-cron.ts';
import { civilDate } from '../../../src/cron/zone/civil.ts';
import { shiftedFires } from '../../../src/cron/zone/clock-changes.ts';
import { parseZone } from '../../../src/cron/zone/zone.ts';

const from = Date.parse('2026-11-23T10:00Z');
const to = from + 400 * 86_400_000;

/** Each as `skipped 2027-03-28 02:00:00 to 02:45:00, 4, +01:00 to +02:00`. */
function report(expression: string, id: string, begin = from): readonly string[] {
  const cron = parseCron(expression);
  const zone = parseZone(id);
  if (!cron.ok || !zone.ok) throw new Error(`${expression} in ${id}`);
  return shiftedFires(cron.cron, zone.zone, begin, begin + to - from).map((shift) => {
    const { year, month, day } = civilDate(shift.day);
    const date = [year, month, day].map((part) => String(part).padStart(2, '0')).join('-');
    return `${shift.kind} ${date} ${clock(shift.first)} to ${clock(shift.last)}, ${shift.count}, ${shift.before / 3600} to ${shift.after / 3600}`;
  });
}

function clock(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(11, 19);
}

describe('fires that a clock change skips or doubles', () => {
  it.each<[string, string, readonly string[]]>([
    [
      '0 30 2 * * *',
      'Europe/Berlin',
      [
        'skipped 2027-03-28 02:30:00 to 02:30:00, 1, 1 to 2',
        'doubled 2027-10-31 02:30:00 to 02:30:00, 1, 2 to 1',
      ],
    ],
    [
      '0 */15 1-4 * * *',
      'America/New_York',
      [
        'skipped 2027-03-14 02:00:00 to 02:45:00, 4, -5 to -4',
        'doubled 2027-11-07 01:00:00 to 01:45:00, 4, -4 to -5',
      ],
    ],
    // The rhythm goes on through the change.
    ['0 0 * * * *', 'Europe/Berlin', []],
    ['*/10 */5 * ? * MON-FRI,SUN', 'Europe/Berlin', []],
    ['0 */30 * * * *', 'Australia/Lord_Howe', []],
    ['0 0 */2 * * *', 'Antarctica/Troll', []],
    // And here not.
    [
      '0 0 */2 * * *',
      'Europe/Berlin',
      [
        'skipped 2027-03-28 02:00:00 to 02:00:00, 1, 1 to 2',
        'doubled 2027-10-31 02:00:00 to 02:00:00, 1, 2 to 1',
      ],
    ],
    ['0 0 * * * *', 'Australia/Lord_Howe', ['skipped 2027-10-03 02:00:00 to 02:00:00, 1, 10.5 to 11']],
    // Beside the change.
    ['0 0 9 * * *', 'Europe/Berlin', []],
    ['0 30 2 * * MON-FRI', 'Europe/Berlin', []],
    ['0 30 2 28-30 * *', 'Europe/Berlin', ['skipped 2027-03-28 02:30:00 to 02:30:00, 1, 1 to 2']],
    ['0 30 2 L * *', 'Europe/Berlin', ['doubled 2027-10-31 02:30:00 to 02:30:00, 1, 2 to 1']],
    [
      '0 30 2 ? * SUNL',
      'Europe/Berlin',
      [
        'skipped 2027-03-28 02:30:00 to 02:30:00, 1, 1 to 2',
        'doubled 2027-10-31 02:30:00 to 02:30:00, 1, 2 to 1',
      ],
    ],
    ['0 30 2 * * *', 'UTC', []],
    ['0 30 2 * * *', '+01:00', []],
    ['0 30 2 * * *', 'Asia/Tokyo', []],
    // Midnight: a daily one fires once only, a weekly one twice.
    ['0 0 0 * * *', 'America/Havana', ['skipped 2027-03-14 00:00:00 to 00:00:00, 1, -5 to -4']],
    [
      '0 0 0 ? * SUN',
      'America/Havana',
      [
        'skipped 2027-03-14 00:00:00 to 00:00:00, 1, -5 to -4',
        'doubled 2027-11-07 00:00:00 to 00:00:00, 1, -4 to -5',
      ],
    ],
    // The change takes the last hour of Saturday, and gives it twice.
    [
      '0 30 23 * * *',
      'America/Nuuk',
      [
        'skipped 2027-03-27 23:30:00 to 23:30:00, 1, -2 to -1',
        'doubled 2027-10-30 23:30:00 to 23:30:00, 1, -1 to -2',
      ],
    ],
    ['0 30 23 ? * SUN', 'America/Nuuk', []],
    ['0 0 0 30 2 *', 'Europe/Berlin', []],
  ])('%s in %s', (expression, id, expected) => {
    expect(report(expression, id)).toEqual(expected);
  });

  it('in and out of Ramadan, in a past year', () => {
    expect(report('0 30 2 * * *', 'Africa/Casablanca', Date.parse('2024-01-01T00:00Z'))).toEqual([
      'doubled 2024-03-10 02:30:00 to 02:30:00, 1, 1 to 0',
      'skipped 2024-04-14 02:30:00 to 02:30:00, 1, 0 to 1',
    ]);
  });

  it('a day that a zone skipped', () => {
    const begin = Date.parse('2011-12-01T00:00Z');
    expect(report('0 0 9 * * *', 'Pacific/Apia', begin)[0]).toBe(
      'skipped 2011-12-30 09:00:00 to 09:00:00, 1, -10 to 14',
    );
  });
});
