import { describe, expect, it } from 'vitest';
import { civilDate, dayNumber, monthLength, weekdayOf } from '../../../src/cron/zone/civil.ts';

describe('calendar', () => {
  it('agrees with Date from 400 BC to 2900', () => {
    const wrong: number[] = [];
    for (let number = -865_000; number < 340_000; number += 97) {
      const date = new Date(number * 86_400_000);
      const { year, month, day } = civilDate(number);
      const same =
        year === date.getUTCFullYear() &&
        month === date.getUTCMonth() + 1 &&
        day === date.getUTCDate() &&
        weekdayOf(number) === (date.getUTCDay() || 7) &&
        dayNumber({ year, month, day }) === number;
      if (!same) wrong.push(number);
    }
    expect(wrong).toEqual([]);
  });

  it('counts each day of four centuries, without a gap', () => {
    const wrong: unknown[] = [];
    let number = dayNumber({ year: 1899, month: 12, day: 31 });
    for (let year = 1900; year < 2300; year += 1)
      for (let month = 1; month <= 12; month += 1)
        for (let day = 1; day <= monthLength(year, month); day += 1) {
          number += 1;
          if (dayNumber({ year, month, day }) !== number) wrong.push({ year, month, day });
        }
    expect(wrong).toEqual([]);
    expect(civilDate(number)).toEqual({ year: 2299, month: 12, day: 31 });
  });
});
