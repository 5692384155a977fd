import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { same } from '../../../src/compare/same.ts';
import { canonicalJson, type Json, parseJson, usualLimits, writeJson } from '../../../src/model/json.ts';
import { JsonNumber, numberFrom } from '../../../src/model/number.ts';
import { anyJson, anyNumberText } from '../../support/values.ts';

const odd = (text: string): JsonNumber => new JsonNumber(text);

describe('parseJson', () => {
  it.each<[string, Json]>([
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740993', -9007199254740993n],
    ['12345678901234567890', 12345678901234567890n],
    ['{"a":[12345678901234567890,1]}', { a: [12345678901234567890n, 1] }],
    ['"12345678901234567890"', '12345678901234567890'],
    ['"a \\" 12345678901234567890"', 'a " 12345678901234567890'],
    ['{"12345678901234567890":1}', { '12345678901234567890': 1 }],
    ['0.1', 0.1],
    ['1.0', odd('1.0')],
    ['[1e3, 1E3,1e+21, -0 ,-0.0]', [odd('1e3'), odd('1E3'), odd('1e+21'), odd('-0'), odd('-0.0')]],
    ['1234567890123456.5', 1234567890123456.5],
    ['0.12345678901234567890', odd('0.12345678901234567890')],
    ['{"__proto__":{"a":1.0}}', Object.fromEntries([['__proto__', { a: odd('1.0') }]])],
    ['{"__proto__":{"a":1}}', JSON.parse('{"__proto__":{"a":1}}')],
    ['{"a":1.0,"b":2,"a":3}', { a: 3, b: 2 }],
    ['[1.0,"\\u00e9\\n\\ud83d\\ude00"]', [odd('1.0'), 'é\n😀']],
    [' [ ] ', []],
    ['[1.0,{}]', [odd('1.0'), {}]],
  ])('%s', (text, value) => {
    expect(parseJson(text)).toStrictEqual({ ok: true, value });
  });

  it.each<[string, number, string]>([
    ['', 0, 'it ends after 0 characters, where a value must come'],
    ['{', 1, 'it ends after 1 characters, where a key in double quotes or } must come'],
    ['[1,]', 3, 'a value must come at character 4'],
    ['{"a":1', 6, 'it ends after 6 characters, where a comma or } must come'],
    ['{"a":1.0,}', 9, 'a key in double quotes must come at character 10'],
    ['{"a" 1}', 5, 'a colon must come at character 6'],
    ['[01]', 1, 'a value or ] must come at character 2'],
    ['[1.]', 1, 'a value or ] must come at character 2'],
    ['["a', 3, 'it ends after 3 characters, where a value or ] must come'],
    ['["a\tb"]', 1, 'a value or ] must come at character 2'],
    ['["\\x"]', 1, 'a value or ] must come at character 2'],
    ['1 2', 2, 'the end of the file must come at character 3'],
    ['nulls', 0, 'a value must come at character 1'],
    ['1e400', 0, 'a number is beyond the range of a double'],
    ['[-1e999]', 1, 'a number is beyond the range of a double'],
    [`[${'1'.repeat(1001)}]`, 1, 'a number has more than 1000 digits'],
  ])('refuses %j', (text, offset, why) => {
    expect(parseJson(text)).toMatchObject({ ok: false, offset, why });
  });

  it('reads no more levels and characters than allowed', () => {
    const limits = { depth: 2, length: 20 };
    expect(parseJson('[[1]]', limits).ok).toBe(true);
    expect(parseJson('[[1.0]]', limits).ok).toBe(true);
    expect(parseJson('[[[]]]', limits)).toMatchObject({ ok: false, why: 'it has more than 2 levels' });
    expect(parseJson('[[{"a":1.0}]]', limits)).toMatchObject({ ok: false, why: 'it has more than 2 levels' });
    expect(parseJson('[11111111111111111111]', limits)).toMatchObject({
      ok: false,
      why: 'it has more than 20 characters',
    });
    expect(parseJson('['.repeat(1_000_000))).toMatchObject({ ok: false, offset: usualLimits.depth });
  });

  it('accepts what the engine accepts, and nothing else', () => {
    const piece = fc.oneof(
      anyJson.map((value) => writeJson(value)),
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '\\',
        ' ',
        '\n',
        '1.',
        '.5',
        '+1',
        '01',
        '1.0',
        'nul',
        '""',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), fc.constantFrom('', '[1.0,'), (pieces, start) => {
        const text = start + pieces.join('') + (start === '' ? '' : ']');
        let expected = true;
        try {
          JSON.parse(text);
        } catch {
          expected = false;
        }
        const parsed = parseJson(text);
        const isTooLarge = !parsed.ok && parsed.why === 'a number is beyond the range of a double';
        if (!isTooLarge) expect(parsed.ok).toBe(expected);
      }),
      { numRuns: 5000 },
    );
  });

  it('keeps every number to the letter', () => {
    fc.assert(
      fc.property(anyNumberText, (text) => {
        expect(String(numberFrom(text))).toBe(text);
        const parsed = parseJson(`{"a":[${text}]}`);
        expect(parsed.ok && writeJson(parsed.value)).toBe(`{"a":[${text}]}`);
      }),
      { numRuns: 20_000 },
    );
  });

  it('gives back what was written, for any value', () => {
    fc.assert(
      fc.property(anyJson, fc.constantFrom(0, 2), (value, indent) => {
        const back = parseJson(writeJson(value, indent));
        if (!back.ok) throw new Error(back.why);
        expect(same(back.value, value, 'kind')).toBe(true);
        expect(canonicalJson(back.value)).toBe(canonicalJson(value));
      }),
      { numRuns: 500 },
    );
  });

  // Doubling the text may not do more than double the steps; counted in characters looked at, not in time.
  it.each<[string, (size: number) => string]>([
    ['a text of escaped quotes that never ends', (size) => `[1234567890123456,"${'\\"'.repeat(size)}`],
    ['a number that never ends', (size) => `[${'1'.repeat(size)}`],
    ['points without end', (size) => `[${'1.'.repeat(size)}`],
    ['blanks and commas', (size) => `[1.0${`,${' '.repeat(99)}`.repeat(size / 100)}`],
    ['brackets', (size) => `[1.0,${'['.repeat(size)}`],
    ['quotes', (size) => `[1.0,${'"'.repeat(size)}`],
  ])('reads %s of four million characters', (_what, textOf) => {
    expect(parseJson(textOf(4_000_000)).ok).toBe(false);
  });
});

describe('canonicalJson', () => {
  it('is the same for keys in another order', () => {
    expect(canonicalJson({ b: 1, a: { d: 1, c: 2 } })).toBe('{"a":{"c":2,"d":1},"b":1}');
    expect(canonicalJson([1, '1'])).not.toBe(canonicalJson(['1', 1]));
    expect(canonicalJson(odd('1.0'))).toBe('1.0');
  });
});
