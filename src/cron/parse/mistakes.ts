import type { CronProblem } from './cron.ts';
import { nearest } from './edit-distance.ts';
import { javaInt } from './numbers.ts';
import { type Piece, problemAt, written } from './piece.ts';
import { dayNames, isWeek, monthNames, type Spec } from './specs.ts';

/** A number that the field does not have. */
export function outOfRange(spec: Spec, place: Piece): CronProblem {
  const value = written(place);
  const least = isWeek(spec) ? 0 : spec.least;
  const why = `${value} is not a valid ${spec.title}: ${least} to ${spec.greatest}`;
  if (isWeek(spec)) return problemAt(place, why, '0 and 7 are Sunday, 1 is Monday');
  if (javaInt(value) === spec.greatest + 1 && least === 0)
    return problemAt(place, why, spec.title === 'hour' ? 'midnight is hour 0' : 'write 0');
  return problemAt(place, why);
}

/** `22-2` goes on after the greatest value: `22-23,0-2`. */
export function descending(spec: Spec, range: Piece, low: Piece, high: Piece): CronProblem {
  const why = `the range ${written(range)} is reversed`;
  // With a step after it, two ranges would not count on in one rhythm.
  if (range.source[range.end] === '/') return problemAt(range, why);
  const named = spec.names !== undefined && /[a-z]/i.test(written(low));
  const least = named ? spec.names[0] : String(spec.least);
  const greatest = named ? spec.names.at(-1) : String(spec.greatest);
  const until = `${written(low)}-${greatest}`;
  const from = javaInt(high.text) === spec.least ? written(high) : `${least}-${written(high)}`;
  const sundayLast = isWeek(spec) && javaInt(high.text) === 0;
  return problemAt(range, why, `write "${sundayLast ? until : `${until},${from}`}"`);
}

/** Something that is not a number and no name, or nothing at all (`whole` is then what to point at). */
export function notANumber(spec: Spec, text: Piece, whole: Piece): CronProblem {
  const word = written(text);
  if (word === '') {
    const all = written(whole);
    return problemAt(whole, all === '' ? 'the field is empty' : `a value is missing in "${all}"`);
  }
  if (word === '?')
    return problemAt(
      text,
      '"?" is allowed only by itself, in day of month or day of week',
      spec.day === undefined ? 'write "*"' : undefined,
    );
  if (word === '*') return problemAt(text, '"*" is allowed only by itself or before a step, as in "*/5"');
  if (/\s/.test(word)) return problemAt(text, 'only a space separates fields');
  if (/^[+-]?\d+$/.test(word)) return problemAt(text, `${word} is too large a number`);
  return problemAt(text, `"${word}" is not a valid ${spec.title}`, wordHint(spec, word));
}

const smallRule = /^(l|lw|l-\d+|\d+w)$/i;

function wordHint(spec: Spec, word: string): string | undefined {
  const capitals = word.toUpperCase();
  if (spec.names !== undefined) {
    const name =
      spec.names.find((known) => capitals.startsWith(known)) ??
      only(spec.names.filter((known) => known.startsWith(capitals))) ??
      nearest(word, spec.names);
    if (name !== undefined) return `use the three-letter name: write ${name}`;
  }
  if (capitals === 'H' || /^H[/(]/.test(capitals)) return 'H works only in Jenkins: choose a value';
  if (spec.day !== undefined && smallRule.test(word)) return `use capital letters: write ${capitals}`;
  const other = [monthNames, dayNames].find((names) => names.some((known) => capitals.startsWith(known)));
  if (other !== undefined)
    return other === monthNames ? 'months are the fifth field' : 'days of the week are the sixth field';
  return undefined;
}

function only(found: readonly string[]): string | undefined {
  return found.length === 1 ? found[0] : undefined;
}
