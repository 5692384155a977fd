import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ignoredBy } from '../../../src/model/ignore.ts';

test.each<readonly [pattern: string, name: string, fits: boolean]>([
  ['adhoc-*', 'adhoc-1', true],
  ['adhoc-*', 'adhoc-', true],
  ['adhoc-*', 'adhoc', false],
  ['adhoc-*', 'my-adhoc-1', false],
  ['*-tmp', 'a-tmp', true],
  ['*-tmp', 'a-tmp-b', false],
  ['a*a', 'a', false],
  ['a*a', 'aa', true],
  ['a*b*c', 'a1b2c', true],
  ['a*b*c', 'acb', false],
  ['a*bc*c', 'abc', false],
  ['*', '', true],
  ['**', 'anything', true],
  ['exact', 'exact', true],
  ['exact', 'exactly', false],
  ['a.c', 'abc', false],
  ['[ab]', 'a', false],
  ['a?', 'ab', false],
  ['Adhoc-*', 'adhoc-1', false],
])('%s and %s: %s', (pattern, name, fits) => {
  expect(ignoredBy([pattern])(name)).toBe(fits);
});

test('one of several is enough, none matches nothing', () => {
  expect(ignoredBy(['a', 'b*'])('bc')).toBe(true);
  expect(ignoredBy([])('a')).toBe(false);
});

test('agrees with the regular expressions that its patterns stand for', () => {
  const letter = fc.constantFrom('a', 'b', '*');
  fc.assert(
    fc.property(
      fc.array(fc.array(letter, { maxLength: 6 }), { maxLength: 8 }),
      fc.array(fc.constantFrom('a', 'b'), { maxLength: 8 }),
      (patterns, letters) => {
        const name = letters.join('');
        const expected = patterns.some((pattern) =>
          new RegExp(`^${pattern.join('').replaceAll('*', '.*')}$`, 's').test(name),
        );
        expect(ignoredBy(patterns.map((pattern) => pattern.join('')))(name)).toBe(expected);
      },
    ),
    { numRuns: 2000 },
  );
});
