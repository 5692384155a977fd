import type { CronProblem } from './cron.ts';

/**
 * A part of an expression that remembers where it is there, although names are read as numbers before anything else
 * (`FRI-MON` as `5-1`). Offsets are UTF-16 units.
 */
export interface Piece {
  readonly text: string;
  /** The whole expression. */
  readonly source: string;
  readonly start: number;
  readonly end: number;
  /** For each character of `text` the part of `source` that it stands for; absent where `text` is what is written. */
  readonly spans?: readonly Span[];
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The part of `source` from `start` to `end` as it is written. */
export function piece(source: string, start: number, end: number): Piece {
  return { text: source.slice(start, end), source, start, end };
}

/** The part of a piece from one index of its text to another. */
export function cut(whole: Piece, from: number, to: number = whole.text.length): Piece {
  if (whole.spans === undefined) return piece(whole.source, whole.start + from, whole.start + to);
  const spans = whole.spans.slice(from, to);
  const start = spans[0]?.start ?? whole.spans[from - 1]?.end ?? whole.start;
  const end = spans.at(-1)?.end ?? start;
  return { text: whole.text.slice(from, to), source: whole.source, start, end, spans };
}

/** The parts between separators, empty ones included. */
export function split(whole: Piece, separator: string): readonly Piece[] {
  const parts: Piece[] = [];
  let from = 0;
  for (let to = whole.text.indexOf(separator); to >= 0; to = whole.text.indexOf(separator, from)) {
    parts.push(cut(whole, from, to));
    from = to + 1;
  }
  return [...parts, cut(whole, from)];
}

const noLetters = /^[0-9*?,/#+-]*$/;

/** In capitals, each name replaced by its place in the list counted from 1, also inside a longer word, as Spring does. */
export function numbered(whole: Piece, names: readonly string[]): Piece {
  if (noLetters.test(whole.text)) return whole;
  const capitals: (Span & { readonly char: string })[] = [];
  let start = whole.start;
  for (const letter of whole.text) {
    const end = start + letter.length;
    for (const char of letter.toUpperCase()) capitals.push({ char, start, end });
    start = end;
  }
  let text = '';
  const spans: Span[] = [];
  for (let index = 0; index < capitals.length; ) {
    const letters = capitals.slice(index, index + 3);
    const known = names.indexOf(letters.map(({ char }) => char).join(''));
    const taken = known < 0 ? letters.slice(0, 1) : letters;
    const span = { start: taken[0]?.start ?? whole.start, end: taken.at(-1)?.end ?? whole.end };
    const replaced = known < 0 ? (taken[0]?.char ?? '') : String(known + 1);
    text += replaced;
    for (let unit = 0; unit < replaced.length; unit += 1) spans.push(span);
    index += taken.length;
  }
  return { ...whole, text, spans };
}
/** What is in the expression. */
export function written({ source, start, end }: Piece): string {
  return source.slice(start, end);
}

/** A problem that is this part of the expression. */
export function problemAt({ start, end }: Piece, why: string, hint?: string): CronProblem {
  return { start, end, why, ...(hint === undefined ? {} : { hint }) };
}
