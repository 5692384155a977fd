import fc from 'fast-check';
import { load, YAML11_SCHEMA } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { writeYaml } from '../../../src/manifest/edit/write-yaml.ts';
import type { Json } from '../../../src/model/json.ts';

describe('how texts are written', () => {
  test.each<readonly [text: string, written: string]>([
    ['word', 'word'],
    ['Europe/Berlin', 'Europe/Berlin'],
    ['several words', 'several words'],
    ['me@example.com', 'me@example.com'],
    ['', '""'],
    ['no', '"no"'],
    ['Yes', '"Yes"'],
    ['NULL', '"NULL"'],
    ['12:30', '"12:30"'],
    ['0x10', '"0x10"'],
    ['1e3', '"1e3"'],
    ['2027-01-01', '"2027-01-01"'],
    ['a: b', '"a: b"'],
    ['a #b', '"a #b"'],
    ['0 0 6 * * ?', '"0 0 6 * * ?"'],
    ['ends with a blank ', '"ends with a blank "'],
    ['<<', '"<<"'],
    ['"', '"\\""'],
    ['\u001b[31m', '"\\u001b[31m"'],
    ['\u009b\u202e\u2028\ufeff\u00a0', '"\\u009b\\u202e\\u2028\\ufeff\\u00a0"'],
    ['\u{e0041}', '"\\udb40\\udc41"'],
    ['größer 😀', '"größer 😀"'],
    ['##[error]x', '"#\\u0023[error]x"'],
    ['a\n', '"a\\n"'],
  ])('%j', (text, written) => {
    expect(writeYaml(text)).toBe(`${written}\n`);
  });

  test.each<readonly [text: string, written: string]>([
    ['a\nb', 'k: |-\n  a\n  b\n'],
    ['a\n\n- b: c # d\n', 'k: |\n  a\n\n  - b: c # d\n'],
    [' a\nb', 'k: " a\\nb"\n'],
    ['a \nb', 'k: "a \\nb"\n'],
    ['a\nb\n\n', 'k: "a\\nb\\n\\n"\n'],
    ['a\n::set-output x', 'k: "a\\n::set-output x"\n'],
    ['a\n##vso[x]', 'k: "a\\n#\\u0023vso[x]"\n'],
    ['a\r\nb', 'k: "a\\r\\nb"\n'],
  ])('%j on several lines', (text, written) => {
    expect(writeYaml({ k: text })).toBe(written);
  });
});

test('lists and mappings', () => {
  expect(
    writeYaml({
      a: [1, [2, [3]], { b: 1, c: [] }, [{ d: null }], 'x\ny'],
      e: {},
      f: { g: { h: true } },
      n: 1,
      big: 12345678901234567890n,
      small: 1e-7,
      odd: { '': 1, yes: 2, 'a: b': [3] },
    }),
  ).toBe(`a:
  - 1
  - - 2
    - - 3
  - b: 1
    c: []
  - - d: null
  - |-
    x
    y
e: {}
f:
  g:
    h: true
"n": 1
big: 12345678901234567890
small: 1e-7
odd:
  "": 1
  "yes": 2
  "a: b":
    - 3
`);
});

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc
    .array(
      fc.constantFrom(
        'a',
        ' ',
        '\n',
        '\t',
        '- ',
        ': ',
        ' #',
        '\r',
        '|',
        '"',
        "'",
        '\\',
        'no',
        '~',
        '1',
        '.',
        '%',
        '---',
        '...',
      ),
    )
    .map((parts) => parts.join('')),
  fc.constantFrom(
    'y',
    'N',
    'on',
    'Off',
    '~',
    'null',
    '.inf',
    '.nan',
    '-',
    '?',
    '=',
    '<<',
    '1_000',
    '0o7',
    '017',
    '1:30',
    '2001-12-14',
    '!!x',
    '&a',
    '*a',
    '@x',
    '`x',
  ),
);

/** `__proto__` and the merge key mean something to the readers, not to YAML. */
const key = text.filter((one) => one !== '__proto__' && one !== '<<');
const any = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((one) => !Number.isInteger(one)),
      text,
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

test('any value is read back as it was, by readers of YAML 1.1 and of 1.2', () => {
  fc.assert(
    fc.property(any, (value) => {
      const written = writeYaml(value);
      expect(parseDocument(written, { schema: 'core', version: '1.2' }).toJS()).toStrictEqual(value);
      // Readers of YAML 1.1 want a point in a number with an exponent; the letters come first.
      if (!/\d[eE]/.test(written)) {
        expect(parseDocument(written, { version: '1.1' }).toJS()).toStrictEqual(value);
        expect(load(written, { schema: YAML11_SCHEMA })).toStrictEqual(value);
      }
      expect(written).not.toMatch(/[^\P{C}\n]/u);
    }),
    { numRuns: 1500 },
  );
});
