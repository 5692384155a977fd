import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { same } from '../../../src/compare/same.ts';
import { canonicalJson, type Json, parseJson, writeJson } from '../../../src/model/json.ts';
import { anyJson } from '../../support/values.ts';

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
    [
      '["#int:12345678901234567890",12345678901234567890]',
      ['#int:12345678901234567890', 12345678901234567890n],
    ],
    ['0.1', 0.1],
    ['1.0', 1],
    ['1e3', 1000],
    ['1e20', 100000000000000000000n],
    ['1234567890123456.5', 1234567890123456.5],
    ['0.12345678901234567890', 0.12345678901234568],
    ['{"__proto__":{"a":1}}', JSON.parse('{"__proto__":{"a":1}}')],
  ])('%s', (text, value) => {
    expect(parseJson(text)).toStrictEqual({ ok: true, value });
  });

  it.each(['', '{', '[1,]', '1e400', '[-1e999]', '{"a":1'])('refuses %j', (text) => {
    expect(parseJson(text).ok).toBe(false);
  });

  it('gives back what was written, for any value', () => {
    fc.assert(
      fc.property(anyJson, fc.constantFrom(0, 2), (value, indent) => {
        const back = parseJson(writeJson(value, indent));
        if (!back.ok) throw new Error(back.why);
        expect(same(back.value, value)).toBe(true);
        expect(canonicalJson(back.value)).toBe(canonicalJson(value));
      }),
      { numRuns: 500 },
    );
  });
});

describe('canonicalJson', () => {
  it('is the same for keys in another order and for 1e20 as a number or a bigint', () => {
    expect(canonicalJson({ b: 1, a: { d: 1, c: 2 } })).toBe('{"a":{"c":2,"d":1},"b":1}');
    expect(canonicalJson(1e20)).toBe(canonicalJson(100000000000000000000n));
    expect(canonicalJson([1, '1'])).not.toBe(canonicalJson(['1', 1]));
  });
});
