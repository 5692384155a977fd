import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineEdits } from '../../../src/report/diff/line-edits.ts';
import { type LineDiff, lineDiff } from '../../../src/report/diff/linediff.ts';
import { unifiedDiff } from '../../../src/report/diff/unified.ts';

/** The right side by the diff that is shown and the left side; what is not equal where it should be is an error. */
function applied(
  before: readonly string[],
  { lines }: Extract<LineDiff, { kind: 'lines' }>,
): readonly string[] {
  const after: string[] = [];
  let next = 0;
  for (const line of lines) {
    if (line.kind === 'added') after.push(line.text);
    else if (line.kind === 'skipped') {
      after.push(...before.slice(next, next + line.count));
      next += line.count;
    } else {
      expect(before[next]).toBe(line.text);
      if (line.kind === 'kept') after.push(line.text);
      next += 1;
    }
  }
  expect(next).toBe(before.length);
  return after;
}

/** What `patch` makes of a text and a unified diff. */
function patched(text: string, patch: string): string {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const after: string[] = [];
  let next = 0;
  const rows = patch.split('\n').slice(2);
  for (const [index, row] of rows.entries()) {
    const header = /^@@ -(\d+),(\d+) \+(\d+),(\d+) @@$/.exec(row);
    if (header !== null) {
      const [left = 0, removed = 0, right = 0, added = 0] = header.slice(1).map(Number);
      const start = removed === 0 ? left : left - 1;
      while (next < start) after.push(lines[next++] ?? '');
      expect(after.length).toBe(added === 0 ? right : right - 1);
    } else if (!row.startsWith('\\')) {
      const line = `${row.slice(1)}${rows[index + 1]?.startsWith('\\') ? '' : '\n'}`;
      if (!row.startsWith('+')) expect(lines[next++]).toBe(line);
      if (!row.startsWith('-')) after.push(line);
    }
  }
  return [...after, ...lines.slice(next)].join('');
}

const pool = (size: number) => fc.integer({ min: 0, max: size }).map((value) => `line ${value}`);
/** Few different lines, many different ones, one side made from the other, one side shuffled. */
const pairs = fc.oneof(
  fc.tuple(fc.array(pool(3), { maxLength: 40 }), fc.array(pool(3), { maxLength: 40 })),
  fc.tuple(fc.array(pool(500), { maxLength: 300 }), fc.array(pool(500), { maxLength: 300 })),
  fc
    .tuple(
      fc.array(pool(60), { maxLength: 120 }),
      fc.array(fc.tuple(fc.nat(119), pool(90)), { maxLength: 12 }),
    )
    .map(([before, edits]) => {
      const after = [...before];
      for (const [place, line] of edits) after.splice(place, place % 3, line);
      return [before, after] as [string[], string[]];
    }),
  fc.tuple(fc.integer({ min: 0, max: 500 }), fc.infiniteStream(fc.nat(1 << 20))).map(([count, order]) => {
    const before = numbered(count);
    const keys = new Map(before.map((line) => [line, order.next().value ?? 0]));
    return [before, [...before].sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0))] as [
      string[],
      string[],
    ];
  }),
);

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `line ${index + 1}`);
}

test('the diff turns the left side into the right one, if it is not summarized', () => {
  let shown = 0;
  fc.assert(
    fc.property(pairs, ([before, after]) => {
      const result = lineDiff(before, after);
      if (result.kind !== 'lines') return;
      shown += 1;
      expect(applied(before, result)).toEqual(after);
    }),
    { numRuns: 400 },
  );
  expect(shown).toBeGreaterThan(300);
});

test('a unified diff patches the left text into the right one, with and without a newline at the end', () => {
  let shown = 0;
  fc.assert(
    fc.property(pairs, fc.boolean(), fc.boolean(), ([before, after], oldEnd, newEnd) => {
      const left = before.join('\n') + (oldEnd ? '\n' : '');
      const right = after.join('\n') + (newEnd ? '\n' : '');
      const patch = unifiedDiff('a.yaml', left, right);
      if (patch === undefined) return;
      shown += 1;
      expect(patched(left, patch)).toBe(right);
    }),
    { numRuns: 400 },
  );
  expect(shown).toBeGreaterThan(300);
});

const shuffled = (count: number): string[] =>
  numbered(count).sort((a, b) => (hash(a) === hash(b) ? 0 : hash(a) - hash(b)));
const hash = (text: string): number =>
  [...text].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 7919, 7);

test.each([
  ['every line changed', numbered(500), numbered(500).map((line) => `${line}!`)],
  ['every line of a megabyte changed', numbered(60_000), numbered(60_000).map((line) => `${line}!`)],
  ['all in another order', numbered(500), shuffled(500)],
  ['a long text in another order', numbered(60_000), shuffled(60_000)],
  [
    'two lines, over and over, the other way round',
    repeated(20_000, ['a', 'b']),
    repeated(20_000, ['b', 'a', 'a']),
  ],
  ['every second line changed', numbered(900), numbered(900).map((line, at) => (at % 2 ? line : `${line}!`))],
])('%s: compares at most the lines and a fixed number more', (_what, before, after) => {
  const { comparisons } = lineEdits(before, after, 1000);
  expect(comparisons).toBeLessThan(2 * (before.length + after.length) + 60_000);
});

function repeated(count: number, lines: readonly string[]): string[] {
  return Array.from({ length: count }, (_, index) => lines[index % lines.length] ?? '');
}

test('few edits are the minimum', () => {
  const before = ['{', 'a', '}', '{', 'b', '}'];
  const after = ['{', 'a', '}', '{', 'c', '}', '{', 'b', '}'];
  const { kind, ...rest } = lineEdits(before, after, 1000);
  expect({ kind, ...rest }).toMatchObject({
    kind: 'runs',
    runs: [
      { kind: 'kept', count: 4 },
      { kind: 'changed', removed: 0, added: 3 },
      { kind: 'kept', count: 2 },
    ],
  });
});
