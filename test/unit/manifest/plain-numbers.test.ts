import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hasLettered, plainNumbers } from '../../../src/manifest/read/schema-problems.ts';
import { parseJson, writeJson } from '../../../src/model/json.ts';
import { anyJson } from '../../support/values.ts';

it('a value without numbers of its own letters is taken as it is, any other is copied with doubles', () => {
  let copied = 0;
  fc.assert(
    fc.property(anyJson, (value) => {
      const plain = plainNumbers(value);
      expect(hasLettered(plain)).toBe(false);
      if (!hasLettered(value)) expect(plain).toBe(value);
      else copied += 1;
      const again = parseJson(writeJson(value));
      expect(again.ok && plainNumbers(again.value)).toEqual(plain);
    }),
  );
  expect(copied).toBeGreaterThan(0);
});
