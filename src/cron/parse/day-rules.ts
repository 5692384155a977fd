import type { CronProblem, CronRule } from './cron.ts';
import { javaInt } from './numbers.ts';
import { cut, type Piece, problemAt, written } from './piece.ts';

/** Whether a day of month, or a list of them, has a rule in it; a small l or w is none. */
export function isDayOfMonthRule(text: string): boolean {
  return /[LW]/.test(text);
}

/** `L`, `L-3`, `LW`, `15W`. */
export function parseDayOfMonthRule(item: Piece): CronRule | CronProblem {
  const { text } = item;
  if (text === 'L') return { kind: 'last-day', before: 0 };
  if (text === 'LW') return { kind: 'last-workday' };
  if (text === 'W') return problemAt(item, 'W needs a day', 'write 15W, or LW for the last workday');
  if (text === 'WL') return problemAt(item, '"WL" is not a valid day of month', 'write LW');
  if (text.startsWith('L') && text.lastIndexOf('L') === 0) return countedBack(item);
  if (text.endsWith('W') && !text.includes('L')) return nearDay(item);
  const hint = /^\d+L$/.test(text)
    ? `L-3 is three days before the last; the last Friday is 5L in the day of week`
    : undefined;
  return problemAt(item, `"${written(item)}" is not a valid day of month`, hint);
}

function countedBack(item: Piece): CronRule | CronProblem {
  const days = javaInt(item.text.slice(1));
  if (days !== undefined && days < 0) return { kind: 'last-day', before: -days };
  const hint = days === undefined || days === 0 ? undefined : `write L-${days}`;
  return problemAt(item, '"L" may be followed only by "W", or by "-" and a number from 1', hint);
}

function nearDay(item: Piece): CronRule | CronProblem {
  const place = cut(item, 0, item.text.length - 1);
  const day = javaInt(place.text);
  if (day !== undefined && day >= 1 && day <= 31) return { kind: 'workday-near', day };
  return problemAt(place, 'W must follow one day from 1 to 31');
}

/** Whether a day of week, or a list of them, has a rule in it (names are numbers by now, small letters capitals). */
export function isDayOfWeekRule(text: string): boolean {
  return /[L#]/.test(text);
}

/** `5L`, `5#2`, the names being numbers by now. */
export function parseDayOfWeekRule(item: Piece): CronRule | CronProblem {
  const { text } = item;
  if (text === 'L')
    return problemAt(
      item,
      'L needs a day of the week',
      'Saturday is SAT, the last Friday of the month FRIL, its last day L in the day of month',
    );
  const mark = text.includes('L') ? text.lastIndexOf('L') : text.lastIndexOf('#');
  if (text[mark] === 'L' && mark < text.length - 1)
    return problemAt(item, `"${written(item)}" is not a valid day of week: L comes last, as in FRIL`);
  const weekday = weekdayIn(cut(item, 0, mark), item);
  if (typeof weekday !== 'number') return weekday;
  if (text[mark] === 'L') return { kind: 'last-weekday', weekday };
  const place = cut(item, mark + 1);
  const nth = javaInt(place.text);
  if (nth !== undefined && nth >= 1) return { kind: 'nth-weekday', weekday, nth };
  return problemAt(place.text === '' ? item : place, '"#" must be followed by a number from 1 to 5');
}

function weekdayIn(place: Piece, item: Piece): number | CronProblem {
  const number = javaInt(place.text);
  if (number !== undefined && number >= 0 && number <= 7) return number === 0 ? 7 : number;
  if (place.text === '') return problemAt(item, '"#" needs a day of the week before it', 'write MON#2');
  return problemAt(place, `"${written(place)}" is not a single day of week: 0 to 7 or SUN to SAT`);
}
