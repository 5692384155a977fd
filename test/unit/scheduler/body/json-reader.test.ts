import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson, writeJson } from '../../../../src/model/json.ts';
import { readJson, replacedFields } from '../../../../src/scheduler/body/json-reader.ts';
import { casesOf } from '../../../support/cases.ts';

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

// What Conductor 3.32.1 (Jackson 2.18) did with these as the value of a schedule's input, or as the whole body.
describe('reads', () => {
  it.each([
    ['{"a":1} trailing', '{"a":1}'],
    ['{"a":1}}', '{"a":1}'],
    [' \t\r\n[1]', '[1]'],
    ['{"a":1,"a":2}', '{"a":2}'],
    ['{"\\u0061":1,"a":2}', '{"a":2}'],
    ['{"__proto__":1}', '{"__proto__":1}'],
    ['1e400', '1e400'],
    ['"\\ud83d\\ude00\\/"', '"😀/"'],
    ['9'.repeat(1000), '9'.repeat(1000)],
    [`-${'9'.repeat(1000)}`, `-${'9'.repeat(1000)}`],
    [`0.${'1'.repeat(999)}`, `0.${'1'.repeat(999)}`],
    [nested(1000), nested(1000)],
  ])('%s', (text, value) => {
    const read = readJson(text);
    expect(read.ok && writeJson(read.value)).toBe(value);
  });
});

describe('refuses', () => {
  it.each([
    ...['', ' ', '{', '[1', '"a', "{'a':1}", '{"a" 1}', '{"a":1,}', '[1,]', '[,1]', '/* c */1', '\ufeff1'],
    ...[
      '01',
      '+1',
      '.5',
      '1.',
      '1.e3',
      'NaN',
      'Infinity',
      '1x',
      'True',
      'truex',
      'nullé',
      '"\n"',
      '"\\x"',
      '"\\u12"',
    ],
    ...['9'.repeat(1001), `0.${'1'.repeat(1000)}`, nested(1001), `{"${'k'.repeat(50_001)}":1}`],
  ])('%s', (text) => {
    expect(readJson(text).ok).toBe(false);
  });
});

it('keeps values that a later duplicate key replaced, in order', () => {
  const read = readJson('{"a":1,"b":2,"a":[3],"a":4}');
  expect(read.ok && replacedFields(read.value as never)).toEqual([
    ['a', 1],
    ['a', [3]],
  ]);
});

it('reads every JSON text as the other reader does', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const [read, parsed] = [readJson(text), parseJson(text)];
      expect(read.ok && writeJson(read.value)).toBe(parsed.ok && writeJson(parsed.value));
    }),
    { numRuns: casesOf(2000) },
  );
});
