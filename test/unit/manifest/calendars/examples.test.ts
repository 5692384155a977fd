import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileDays } from '../../../../src/cron/days/compile.ts';
import { parseCron } from '../../../../src/cron/parse/parse-cron.ts';
import { civilDate, dayNumber } from '../../../../src/cron/zone/civil.ts';
import { parseZone } from '../../../../src/cron/zone/zone.ts';
import { readIcs } from '../../../../src/manifest/calendars/ics.ts';

const until = dayNumber({ year: 2029, month: 1, day: 1 });

describe('the calendars of the examples', () => {
  it.each([
    ['germany', 'Europe/Berlin', 9, 'Ascension Day', '2027-05-06'],
    ['united-states', 'America/New_York', 11, 'Thanksgiving Day', '2026-11-26'],
    ['japan', 'Asia/Tokyo', 16, 'Autumnal Equinox Day', '2027-09-23'],
  ])(
    '%s: each year has its days, and 09:00 on weekdays takes at most twelve crons',
    (name, zoneId, least, known, date) => {
      const found = readIcs(readFileSync(`examples/calendars/${name}.ics`, 'utf8'), until);
      if (!found.ok) throw new Error(found.why);
      expect(found.timed).toBe(0);
      const perYear = new Map<number, number>();
      for (const day of found.days.keys())
        perYear.set(civilDate(day).year, (perYear.get(civilDate(day).year) ?? 0) + 1);
      expect([...perYear.keys()].sort()).toEqual([2026, 2027, 2028]);
      for (const count of perYear.values()) expect(count).toBeGreaterThanOrEqual(least);
      const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
      expect(found.days.get(dayNumber({ year, month, day }))).toBe(known);

      const cron = parseCron('0 0 9 * * MON-FRI');
      const zone = parseZone(zoneId);
      if (!cron.ok || !zone.ok) throw new Error('a bad case');
      for (let month = 0; month < 24; month += 1) {
        const from = dayNumber({ year: 2026 + Math.floor(month / 12), month: (month % 12) + 1, day: 1 });
        const compiled = compileDays(cron.cron, zone.zone, (one) => !found.days.has(one), from);
        if (compiled.kind !== 'compiled') throw new Error(compiled.kind);
        expect(compiled.crons.length).toBeLessThanOrEqual(12);
        expect(compiled.leftOut).toBeGreaterThanOrEqual(2);
      }
    },
  );
});
