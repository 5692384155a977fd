import { expect, test } from 'vitest';
import { lineDiff } from '../../../src/report/diff/linediff.ts';

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `line ${index + 1}`);
}

function shown(before: readonly string[], after: readonly string[]): readonly string[] {
  const result = lineDiff(before, after);
  if (result.kind !== 'lines') return [result.kind];
  const signs = { removed: '-', added: '+', kept: ' ' };
  return result.lines.map((line) =>
    line.kind === 'skipped' ? `…${line.count}` : `${signs[line.kind]}${line.text}`,
  );
}

test.each([
  ['an added line', ['a'], ['a', 'b'], [' a', '+b']],
  ['everything new', [], ['a', 'b'], ['+a', '+b']],
  ['everything gone', ['a', ''], [], ['-a', '-']],
  ['line endings', ['a\r'], ['a'], ['-a\r', '+a']],
  ['text that looks like a patch', ['--- a', '\\ x'], ['+++ b', '\\ x'], ['---- a', '++++ b', ' \\ x']],
])('%s', (_what, before, after, expected) => {
  expect(shown(before, after)).toEqual(expected);
});

test('three lines around each place, the rest counted', () => {
  const after = numbered(30).with(9, 'ten').with(24, 'twenty-five');
  expect(shown(numbered(30), after)).toEqual([
    '…6',
    ' line 7',
    ' line 8',
    ' line 9',
    '-line 10',
    '+ten',
    ' line 11',
    ' line 12',
    ' line 13',
    '…8',
    ' line 22',
    ' line 23',
    ' line 24',
    '-line 25',
    '+twenty-five',
    ' line 26',
    ' line 27',
    ' line 28',
    '…2',
  ]);
});

test('50,000 lines of which a tenth changed are counted', () => {
  const before = numbered(50_000);
  const after = before.map((line, index) => (index % 10 === 0 ? `${line}!` : line));
  expect(lineDiff(before, after)).toEqual({ kind: 'too-large', removed: 5000, added: 5000 });
});

test('one change in 50,000 lines is shown', () => {
  const before = numbered(50_000);
  expect(shown(before, before.with(40_000, 'x'))).toHaveLength(10);
});
