import { expect, test } from 'vitest';
import { utcText, utcTime } from '../../../src/cron/zone/utc.ts';

const day = 86_400_000;

test('agrees with the platform, both ways, on every 13th day of 9,999 years and on times of day', () => {
  let checked = 0;
  for (let at = Date.UTC(1000, 0, 1); at < Date.UTC(9999, 11, 31); at += 13 * day + 12_345_678) {
    const expected = new Date(at).toISOString().replace('.000Z', 'Z');
    if (utcText(at) !== expected) expect(utcText(at)).toBe(expected);
    if (utcTime(expected) !== at) expect(utcTime(expected)).toBe(at);
    checked += 1;
  }
  expect(checked).toBeGreaterThan(200_000);
});

test.each([
  [0, '1970-01-01T00:00:00Z'],
  [-1, '1969-12-31T23:59:59.999Z'],
  [1_795_399_200_000, '2026-11-23T02:00:00Z'],
  [1_795_399_200_007, '2026-11-23T02:00:00.007Z'],
  [Date.UTC(2028, 1, 29), '2028-02-29T00:00:00Z'],
  [Date.UTC(2100, 2, 1) - day, '2100-02-28T00:00:00Z'],
  [-62_167_219_200_000, '0000-01-01T00:00:00Z'],
  [253_402_300_799_999, '9999-12-31T23:59:59.999Z'],
  [253_402_300_800_000, '253402300800000'],
  [-62_167_219_200_001, '-62167219200001'],
  [1.5, '1.5'],
  [1e300, '1e+300'],
])('%d is %s', (at, text) => {
  expect(utcText(at)).toBe(text);
  expect(utcTime(text)).toBe(at);
});
