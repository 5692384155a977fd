/**
 * The proleptic Gregorian calendar on day numbers (0 = 1970-01-01), as `java.time` has it.
 * Months count from 1; weekdays are ISO's, 1 = Monday to 7 = Sunday.
 */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

// With the year starting in March the leap day is its last day, and month lengths follow one line.
const daysBeforeMonth = (fromMarch: number): number => Math.floor((153 * fromMarch + 2) / 5);
const marchFirst = (year: number): number =>
  365 * year + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400) - 719_468;

/** The number of a date. */
export function dayNumber({ year, month, day }: CivilDate): number {
  return marchFirst(month < 3 ? year - 1 : year) + daysBeforeMonth((month + 9) % 12) + day - 1;
}

/** The date of a day number. */
export function civilDate(number: number): CivilDate {
  let year = Math.floor((number + 719_468) / 365.2425);
  if (marchFirst(year) > number) year -= 1;
  else if (marchFirst(year + 1) <= number) year += 1;
  const dayOfYear = number - marchFirst(year);
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = ((fromMarch + 2) % 12) + 1;
  return {
    year: month < 3 ? year + 1 : year,
    month,
    day: dayOfYear - daysBeforeMonth(fromMarch) + 1,
  };
}

/** 28 to 31. */
export function monthLength(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** 1 = Monday to 7 = Sunday. */
export function weekdayOf(number: number): number {
  return modulo(number + 3, 7) + 1;
}

/** The remainder that is never negative. */
export function modulo(value: number, divisor: number): number {
  return value - divisor * Math.floor(value / divisor);
}

/** A day number as dates are written: 2027-01-04. */
export function dateText(number: number): string {
  const { year, month, day } = civilDate(number);
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
