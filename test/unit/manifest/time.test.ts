import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTime } from '../../../src/manifest/resolve/time.ts';

describe('readTime', () => {
  test.each([
    ['1970-01-01T00:00:00Z', 0],
    ['2027-01-01T00:00:00-05:00', 1798779600000],
    ['2027-01-01T00:00-05:00', 1798779600000],
    ['2027-01-01t00:00:00.25z', 1798761600250],
    ['2027-01-01T00:00:00,1239Z', 1798761600123],
    ['2027-01-01T00:00:00+0530', 1798741800000],
    ['2027-01-01T00:00:00+14', 1798711200000],
    ['2028-02-29T23:59:59Z', 1835481599000],
    ['2000-02-29T00:00:00Z', 951782400000],
    ['1969-12-31T23:59:59Z', -1000],
  ])('%s', (text, ms) => {
    expect(readTime(text)).toEqual({ ok: true, ms });
  });

  test.each([
    ['2027-02-30T00:00:00Z', 'no-such-day'],
    ['2027-02-29T00:00:00Z', 'no-such-day'],
    ['2100-02-29T00:00:00Z', 'no-such-day'],
    ['2027-13-01T00:00:00Z', 'no-such-day'],
    ['2027-00-10T00:00:00Z', 'no-such-day'],
    ['2027-04-31T00:00:00Z', 'no-such-day'],
    ['2027-01-00T00:00:00Z', 'no-such-day'],
    ['2027-01-01T24:00:00Z', 'no-such-time'],
    ['2027-01-01T23:60:00Z', 'no-such-time'],
    ['2027-01-01T23:59:60Z', 'no-such-time'],
    ['2027-01-01T00:00:00', 'no-offset'],
    ['2027-01-01T00:00:00+19:00', 'no-such-offset'],
    ['2027-01-01T00:00:00+05:75', 'no-such-offset'],
    ['2027-01-01', 'form'],
    ['2027-01-01 00:00:00Z', 'form'],
    ['27-01-01T00:00:00Z', 'form'],
    ['tomorrow', 'form'],
    ['2027-01-01T00:00:00Z ', 'form'],
  ])('%s: %s', (text, fault) => {
    expect(readTime(text)).toEqual({ ok: false, fault });
  });

  test('what the platform writes is read back', () => {
    const years = {
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    };
    fc.assert(
      fc.property(fc.date(years), (date) => {
        expect(readTime(date.toISOString())).toEqual({ ok: true, ms: date.getTime() });
      }),
    );
  });
});
