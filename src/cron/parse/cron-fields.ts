import type { CronField, CronProblem, CronRule } from './cron.ts';
import { descending, notANumber, outOfRange } from './mistakes.ts';
import { javaInt } from './numbers.ts';
import { cut, numbered, type Piece, problemAt, split } from './piece.ts';
import { isWeek, type Spec } from './specs.ts';

const sunday = 7;

/** Reads one field. */
export function parseField(spec: Spec, field: Piece): CronField | CronProblem {
  const text = spec.names === undefined ? field : numbered(field, spec.names);
  if (spec.day?.is(text.text) !== true) {
    const rule = parseValues(spec, text);
    return 'why' in rule ? rule : [rule];
  }
  const rules: CronRule[] = [];
  for (const item of split(text, ',')) {
    const rule = spec.day.is(item.text) ? spec.day.parse(item) : parseValues(spec, item, text);
    if ('why' in rule) return rule;
    rules.push(rule);
  }
  return rules;
}

function parseValues(spec: Spec, list: Piece, field: Piece = list): CronRule | CronProblem {
  const all = spec.day !== undefined && list.text === '?';
  const marked = new Set<number>();
  for (const item of all ? [] : split(list, ',')) {
    const range = parseItem(spec, item, item.text === '' ? field : item);
    if ('why' in range) return range;
    // Java adds ints, which wrap around at 2^31, and marks bits of a long, whose number counts modulo 64: so beyond
    // 2147483583 a step hits values below its start.
    for (let value = range.from; value <= range.to; value = (value + range.step) | 0) marked.add(value & 63);
  }
  if (isWeek(spec) && marked.has(0)) marked.add(sunday);
  const values: number[] = [];
  for (let value = spec.least; value <= spec.greatest; value += 1)
    if (all || marked.has(value)) values.push(value);
  return { kind: 'values', values };
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** `*`, `n` or `a-b`, with `/step` or without. `whole` is what to point at when there is nothing. */
function parseItem(spec: Spec, item: Piece, whole: Piece): Range | CronProblem {
  const slash = item.text.indexOf('/');
  const base = slash < 0 ? item : cut(item, 0, slash);
  const range = parseRange(spec, base, whole);
  if ('why' in range || slash < 0) return range;
  const stepText = cut(item, slash + 1);
  const step = javaInt(stepText.text);
  if (step === undefined) return notANumber({ ...spec, title: 'step' }, stepText, whole);
  if (step < 1) return problemAt(stepText, 'a step must be at least 1');
  return { from: range.from, to: base.text.includes('-') ? range.to : spec.greatest, step };
}

function parseRange(spec: Spec, range: Piece, whole: Piece): Range | CronProblem {
  if (range.text === '*') return { from: spec.least, to: spec.greatest, step: 1 };
  const hyphen = range.text.indexOf('-');
  if (hyphen < 0) {
    const value = parseValue(spec, range, whole);
    return typeof value === 'number' ? { from: value, to: value, step: 1 } : value;
  }
  const [low, high] = [cut(range, 0, hyphen), cut(range, hyphen + 1)];
  if (low.text === '' && javaInt(high.text) !== undefined) return outOfRange(spec, range);
  const from = parseValue(spec, low, range);
  if (typeof from !== 'number') return from;
  const to = parseValue(spec, high, range);
  if (typeof to !== 'number') return to;
  const start = isWeek(spec) && from === sunday ? 0 : from;
  return start <= to ? { from: start, to, step: 1 } : descending(spec, range, low, high);
}

function parseValue(spec: Spec, text: Piece, whole: Piece): number | CronProblem {
  const value = javaInt(text.text);
  if (value === undefined) return notANumber(spec, text, whole);
  const taken = (value >= spec.least && value <= spec.greatest) || (isWeek(spec) && value === 0);
  return taken ? value : outOfRange(spec, text);
}
