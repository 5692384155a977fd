import { describe, expect, test } from 'vitest';
import { parse } from '../../../src/manifest/read/parse-file.ts';
import { JsonNumber } from '../../../src/model/number.ts';

function valueOf(text: string, path = 'a.yaml'): unknown {
  const { manifests, diagnostics } = parse({ path, text });
  expect(diagnostics).toEqual([]);
  expect(manifests).toHaveLength(1);
  return manifests[0]?.value.v;
}

describe('values', () => {
  test.each<readonly [text: string, value: unknown]>([
    ['12345678901234567890', 12345678901234567890n],
    ['-9007199254740993', -9007199254740993n],
    ['9007199254740991', 9007199254740991],
    ['100000000000000000000', 10n ** 20n],
    ...['1e20', '1.0', '100.00', '-0', '-0.0', '1E+21', '1e-400', '12.345678901234567890'].map(
      (text): readonly [string, JsonNumber] => [text, new JsonNumber(text)],
    ),
    ['0.1', 0.1],
    ...[
      ['017', '17'],
      ['-017', '-17'],
      ['+5', '5'],
      ['0o17', '15'],
      ['0xFFFFFFFFFFFFFFFF', '18446744073709551615'],
      ['.5', '0.5'],
      ['-.5e3', '-0.5e3'],
      ['5.', '5.0'],
      ['00.10', '0.10'],
      ['08.5', '8.5'],
      ['+0', '0'],
    ].map(([source = '', text = '']): readonly [string, JsonNumber] => [
      source,
      new JsonNumber(text, source),
    ]),
    ['12:30', '12:30'],
    ['2027-01-01', '2027-01-01'],
    ['no', 'no'],
    ['True', true],
    ['~', null],
    ['', null],
    ['"\\ud83d\\ude00"', '😀'],
    ['!!str 123', '123'],
    ['${workflow.input.x}', '${workflow.input.x}'],
    [
      '{"__proto__": {"a": 1}, "toString": 2}',
      Object.fromEntries([
        ['__proto__', { a: 1 }],
        ['toString', 2],
      ]),
    ],
    ['{1: a, true: b, ~: c}', { '1': 'a', true: 'b', '~': 'c' }],
  ])('%s', (text, value) => {
    expect(valueOf(`v: ${text}\n`)).toStrictEqual(value);
  });

  test('YAML 1.2 stays YAML 1.2', () => {
    expect(valueOf('%YAML 1.1\n---\nv: [no, 12:30, 0o10]\n')).toEqual([
      'no',
      '12:30',
      new JsonNumber('8', '0o10'),
    ]);
  });

  test('no file can change the prototype', () => {
    const value = valueOf('v: {__proto__: {polluted: true}}\n') as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toEqual(['__proto__']);
  });
});

describe('aliases and merges', () => {
  test.each<readonly [what: string, text: string, value: unknown]>([
    ['an alias', 'a: &x {p: 1}\nv: *x\n', { p: 1 }],
    ['an alias that means the last anchor of its name', 'a: &x 1\nb: &x 2\nv: *x\n', 2],
    ['an alias to a key', '&k a: 1\nv: *k\n', 'a'],
    ['a merge', 'a: &x {p: 1, q: 1}\nv: {q: 2, <<: *x}\n', { q: 2, p: 1 }],
    ['a merge before the own keys', 'a: &x {p: 1, q: 1}\nv: {<<: *x, q: 2}\n', { q: 2, p: 1 }],
    ['several, the first counts', 'a: &x {p: 1}\nb: &y {p: 2, q: 2}\nv: {<<: [*x, *y]}\n', { p: 1, q: 2 }],
    ['a merge written out', 'v: {<<: {p: 1}}\n', { p: 1 }],
    ['a key of that name', 'v: {"<<": 1}\n', { '<<': 1 }],
  ])('%s', (_what, text, value) => {
    expect(valueOf(text)).toEqual(value);
  });
});

describe('the place of a manifest', () => {
  test('documents and items count from 0, including empty documents', () => {
    const { manifests } = parse({ path: 'd/a.yaml', text: '---\n---\na: 1\n---\n- a: 2\n- a: 3\n' });
    expect(manifests).toEqual([
      { value: { a: 1 }, origin: { file: 'd/a.yaml', document: 1 } },
      { value: { a: 2 }, origin: { file: 'd/a.yaml', document: 2, item: 0 } },
      { value: { a: 3 }, origin: { file: 'd/a.yaml', document: 2, item: 1 } },
    ]);
  });

  test('a broken document does not affect the others', () => {
    const { manifests, diagnostics } = parse({ path: 'a.yaml', text: 'a: 1\n---\nb: @x\n---\nc: 1\n' });
    expect(manifests.map(({ value }) => value)).toEqual([{ a: 1 }, { c: 1 }]);
    expect(diagnostics.map(({ code }) => code)).toEqual(['unquoted-value']);
  });
});

describe('JSON files are JSON', () => {
  test.each([
    ['a missing comma, which YAML takes', '{"a":1 "b":2}', 7, 'a comma or }'],
    ['a missing comma in an array', '[{} {}]', 4, 'a comma or ]'],
    ['a comma too many', '{"a":1,}', 7, 'a key in double quotes'],
    ['a comma too many in an array', '[{},]', 4, 'a value'],
    ['a plain text', '{"a": x}', 6, 'a value'],
    ['a plain key', '{a: 1}', 1, 'a key in double quotes or }'],
    ['single quotes', "{'a': 1}", 1, 'a key in double quotes or }'],
    ['no colon', '{"a" 1}', 5, 'a colon'],
    ['a comment', '# note\n{}', 0, 'a value'],
    ['two values', '{}\n{}', 3, 'the end of the file'],
    ['an end too early', '{"a": [1', 8, 'a comma or ]'],
    ['an end that closes something else', '{"a": [1}', 8, 'a comma or ]'],
    ['a number of another kind', '[0x10]', 1, 'a value or ]'],
    ['a number with a zero in front', '[01]', 1, 'a value or ]'],
    ['an escape of another kind', '["\\x41"]', 1, 'a value or ]'],
    ['a document mark', '---\n{}', 0, 'a value'],
  ])('%s', (_what, text, start, expected) => {
    expect(parse({ path: 'a.JSON', text }).diagnostics).toMatchObject([
      { code: 'json-syntax', args: { expected }, place: { kind: 'span', start } },
    ]);
  });
});

describe('stricter than the parser', () => {
  const codes = (text: string): readonly string[] =>
    parse({ path: 'a.yaml', text }).diagnostics.map(({ code }) => code);

  test.each([
    ['a quote that only an escape closes', 'name: "a\\"\ncron: "b"\n', 'unclosed-quote'],
    ['in a list', '- "a\\"\n- "b"\n', 'unclosed-quote'],
    ['a key that is empty', ': 3\n', 'yaml-syntax'],
    ['in a flow', 'a: {: 1}\n', 'yaml-syntax'],
    ['after a question mark', '? \n: 3\n', 'yaml-syntax'],
    ['a key that is a list', '[1, 2]: 3\n', 'yaml-syntax'],
    ['a key that is a mapping', '? {a: 1}\n: 2\n', 'yaml-syntax'],
  ])('%s', (_what, text, code) => {
    expect(codes(text)).toContain(code);
  });

  test.each([
    ['slashes before the quote', 'a: "b\\\\"\nc: "d"\n'],
    ['an escaped quote at the end of a line', 'a: "b\\"\n  c"\n'],
    ['an empty key in quotes', '{"": 1}\n'],
  ])('not stricter than YAML: %s', (_what, text) => {
    expect(codes(text)).toEqual([]);
  });
});

describe('byte order marks', () => {
  test.each([
    ['at the start', '\ufeffa: 1\n', [{ a: 1 }]],
    ['before a later document', 'a: 1\n\ufeff---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
    ['in a later document', 'a: 1\r\n---\r\n\ufeffb: 2\r\n', [{ a: 1 }, { b: 2 }]],
    [
      'in three files put together',
      '\ufeffa: 1\n---\n\ufeffb: 2\n---\n\ufeffc: 3\n',
      [{ a: 1 }, { b: 2 }, { c: 3 }],
    ],
  ])('%s', (_what, text, values) => {
    const { manifests, diagnostics } = parse({ path: 'a.yaml', text });
    expect(diagnostics).toEqual([]);
    expect(manifests.map(({ value }) => value)).toEqual(values);
  });

  test('a place after one is correct', () => {
    const { diagnostics } = parse({ path: 'a.yaml', text: 'a: 1\n\ufeff---\nb: @c\n' });
    expect(diagnostics).toMatchObject([{ place: { start: 13 } }]);
  });
});
