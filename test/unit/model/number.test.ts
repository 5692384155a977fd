import { describe, expect, it } from 'vitest';
import { isObject, type Json, writeJson } from '../../../src/model/json.ts';
import { JsonNumber } from '../../../src/model/number.ts';

describe('a number of another copy of the class, as the published files have them', () => {
  it('still counts as a number', async () => {
    const path = '../../../src/model/number.ts?copy';
    const copy = (await import(path)) as typeof import('../../../src/model/number.ts');
    const foreign = new copy.JsonNumber('1.0') as unknown as Json;
    expect(copy.JsonNumber).not.toBe(JsonNumber);
    expect(foreign).toBeInstanceOf(JsonNumber);
    expect(isObject(foreign)).toBe(false);
    expect(writeJson({ n: foreign })).toBe('{"n":1.0}');
  });

  it('is not an object with the same keys', () => {
    for (const value of [
      { isDownbeatNumber: true, text: '1.0', source: '1.0' },
      Object.create(null),
      [],
      null,
    ])
      expect(value instanceof JsonNumber).toBe(false);
  });
});
