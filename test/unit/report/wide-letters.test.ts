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

it('wide characters keep a table aligned', () => {
  const rows = ['表の夜', 'abc', '🎉x'].map((text) => ({ cells: [{ text }, { text: '|' }] }));
  const lines = tableLines(['NAME', 'END'], rows, { width: 80, colors: createColors(false) });
  expect(lines.map((line) => columns(line.slice(0, line.search(/\||END/))))).toStrictEqual([8, 8, 8, 8]);
});

const style = { width: 30, colors: createColors(false) };
const wide = '表の夜表の夜表の夜表の夜表の夜';

it.each<[string, readonly string[], readonly (readonly string[])[], readonly string[]]>([
  [
    'first column, before the rest of its row',
    ['NAME', 'STATE'],
    [
      [wide, 'active'],
      ['abc', 'paused'],
    ],
    [`NAME${' '.repeat(20)}STATE`, wide, `${' '.repeat(24)}active`, `abc${' '.repeat(21)}paused`],
  ],
  [
    'last column, after it',
    ['TIME', 'STATE', 'NAME'],
    [
      ['02:00:00', 'started', wide],
      ['03:00:00', 'failed', 'abc'],
    ],
    ['TIME      STATE    NAME', '02:00:00  started', `    ${wide}`, '03:00:00  failed   abc'],
  ],
])('what is too long for its column has its own line: %s', (_where, header, rows, lines) => {
  const cells = rows.map((row) => ({ cells: row.map((text) => ({ text })) }));
  expect(tableLines(header, cells, style)).toStrictEqual(lines);
});
