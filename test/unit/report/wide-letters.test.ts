import { expect, it } from 'vitest';
import { createColors } from '../../../src/report/text/style.ts';
import { tableLines } from '../../../src/report/text/table.ts';
import { columns } from '../../../src/report/text/wrap.ts';

it.each([
  ['plain', 5],
  ['naïve', 5],
  // The accent is a letter of its own.
  ['nai\u0308ve', 5],
  ['表の夜', 6],
  ['🎉', 2],
  ['ﾊﾝｶｸ', 4],
])('%s takes %i columns', (text, width) => {
  expect(columns(text)).toBe(width);
});

it('wide letters keep a table straight', () => {
  const rows = ['表の夜', 'abc', '🎉x'].map((text) => ({ cells: [{ text }, { text: '|' }] }));
  const lines = tableLines(['NAME', 'END'], rows, { width: 80, colors: createColors(false) });
  expect(lines.map((line) => columns(line.slice(0, line.search(/\||END/))))).toStrictEqual([8, 8, 8, 8]);
});
