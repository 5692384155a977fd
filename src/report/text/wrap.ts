import { startOfLine } from './escape.ts';

/**
 * Breaks one line of prose at blanks so that it fits into `width` columns, each line behind `indent`. A word that is
 * longer than a line stays whole: broken, it could not be copied. The text is safe to print already.
 */
export function wrap(text: string, width: number, indent: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((part) => part !== '')) {
    if (line !== '' && columns(indent) + columns(line) + 1 + columns(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines.map((one) => indent + startOfLine(one));
}

/** Code points: what is not visible was written out before, and double-width letters only make a line a bit longer. */
export function columns(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
