import { describe, expect, test } from 'vitest';
import { linesOf } from '../../../src/manifest/read/lines.ts';
import { finderIn, locate } from '../../../src/manifest/read/locate.ts';
import { type Place, problem } from '../../../src/problems/diagnostic.ts';

type FieldPlace = Extract<Place, { kind: 'field' }>;

function found(text: string, place: Partial<FieldPlace> & Pick<FieldPlace, 'path'>): string {
  const origin = { file: 'a.yaml', document: 0 };
  const at = finderIn([{ path: 'a.yaml', text }])({ kind: 'field', origin, at: 'value', ...place });
  return `${at?.line}:${at?.column}-${at?.endLine}:${at?.endColumn}`;
}

describe('a field', () => {
  const item = { file: 'a.yaml', document: 0, item: 1 };
  test.each<
    readonly [what: string, text: string, place: Partial<FieldPlace> & Pick<FieldPlace, 'path'>, at: string]
  >([
    ['its value', 'a: foo\n', { path: ['a'] }, '1:4-1:7'],
    ['its key', 'a: foo\n', { path: ['a'], at: 'key' }, '1:1-1:2'],
    ['a value in quotes', 'a: "foo"\n', { path: ['a'] }, '1:4-1:9'],
    ['a block is shown by its key', 'a:\n  b: c\n', { path: ['a'] }, '1:1-1:2'],
    ['a manifest is shown by its first key', '# note\nab: c\n', { path: [] }, '2:1-2:3'],
    ['in braces by the brace', '{a: b}', { path: [] }, '1:1-1:2'],
    ['nothing behind the colon', 'a:\nb: 1\n', { path: ['a'] }, '1:1-1:2'],
    ['an item of a list', 'a: [x, yy]\n', { path: ['a', '1'] }, '1:8-1:10'],
    ['an item of a document', '- a: 1\n- a: 22\n', { path: ['a'], origin: item }, '2:6-2:8'],
    ['missing: what is around', 'a:\n  b: c\n', { path: ['a', 'x'] }, '1:1-1:2'],
    ['behind an alias: the alias', 'x: &x {b: 1}\na: *x\n', { path: ['a', 'b'] }, '2:4-2:6'],
    ['from a merge: the merge', 'x: &x {b: 1}\na:\n  <<: *x\n  c: 1\n', { path: ['a', 'b'] }, '3:3-3:5'],
    ['a key with a slash', '"a/b~": {"": 1}\n', { path: ['a/b~', ''] }, '1:14-1:15'],
    ['columns in code points', '"😀": ü\n', { path: ['😀'] }, '1:6-1:7'],
    ['after a byte order mark', '\ufeffa: b\n', { path: ['a'] }, '1:4-1:5'],
    ['after CR LF', 'x: 1\r\na: b\r\n', { path: ['a'] }, '2:4-2:5'],
    [
      'in a later document',
      'a: 1\n---\na: 2\n',
      { path: ['a'], origin: { file: 'a.yaml', document: 1 } },
      '3:4-3:5',
    ],
    ['a part of a plain text', 'a: 0 0 x\n', { path: ['a'], within: { start: 4, end: 5 } }, '1:8-1:9'],
    ['a part in quotes', 'a: "0 0 x"\n', { path: ['a'], within: { start: 4, end: 5 } }, '1:9-1:10'],
    ['an empty part', 'a: "0 0 x"\n', { path: ['a'], within: { start: 5, end: 5 } }, '1:10-1:11'],
    [
      'a part of a text with escapes: all of it',
      'a: "0\\t0 x"\n',
      { path: ['a'], within: { start: 4, end: 5 } },
      '1:4-1:12',
    ],
    [
      'a part of a folded text: all of it',
      'a: 0 0\n  x\n',
      { path: ['a'], within: { start: 4, end: 5 } },
      '1:4-2:4',
    ],
    [
      'a part of a block text: all of it',
      'a: |\n  0 0 x\n',
      { path: ['a'], within: { start: 4, end: 5 } },
      '1:4-3:1',
    ],
  ])('%s', (_what, text, place, at) => {
    expect(found(text, place)).toBe(at);
  });
});

test('problems are sorted, without duplicates', () => {
  const at = (file: string, start: number): Place => ({ kind: 'span', file, start, end: start + 1 });
  const files = ['a.yaml', 'b.yaml'].map((path) => ({ path, text: 'a: 1\nb: 2\n' }));
  const tab = (file: string, start: number) => problem('tab-indent', {}, at(file, start));
  const located = locate(
    [
      tab('b.yaml', 0),
      tab('a.yaml', 6),
      tab('a.yaml', 5),
      tab('a.yaml', 5),
      tab('a.yaml', 2),
      problem('no-directory', { path: 'x' }, { kind: 'nowhere' }),
      problem('unreadable', { path: 'x', why: 'y' }, { kind: 'file', file: 'x.yaml' }),
    ],
    finderIn(files),
  );
  expect(located.map(({ at }) => [at?.file, at?.line, at?.column])).toEqual([
    [undefined, undefined, undefined],
    ['a.yaml', 1, 3],
    ['a.yaml', 2, 1],
    ['a.yaml', 2, 2],
    ['b.yaml', 1, 1],
    ['x.yaml', undefined, undefined],
  ]);
});

test('lines carry their source without the line break', () => {
  const lines = linesOf('\ufeffab\r\ncd\n');
  expect(lines.locate(2, 3)).toEqual({ line: 1, column: 2, endLine: 1, endColumn: 3, source: 'ab' });
  expect(lines.locate(5, 6)).toMatchObject({ line: 2, column: 1, source: 'cd' });
  expect(lines.locate(99, 100)).toMatchObject({ line: 3, column: 1, endLine: 3, endColumn: 1, source: '' });
});
