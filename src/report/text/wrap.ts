import { eastAsianWidth } from 'get-east-asian-width';
import { startOfLine } from './escape.ts';

/**
 * Breaks one line of prose at spaces so that it fits into `width` columns, each line after `indent`. A word that is
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

// Letters that are on the one before them.
const combining = /\p{Mn}|\p{Me}/u;
const plain = /^[ -~]*$/;

/** Columns of a terminal: wide letters take two, combining ones none. What is not visible was written out before. */
export function columns(text: string): number {
  if (plain.test(text)) return text.length;
  let count = 0;
  for (const letter of text)
    if (!combining.test(letter)) count += eastAsianWidth(letter.codePointAt(0) as number);
  return count;
}
