import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { houseSchema } from '../../../src/policies/json-schema.ts';
import { linearPattern } from '../../../src/policies/linear-pattern.ts';
import { plainPattern } from '../../../src/policies/plain-pattern.ts';

function test(source: string, text: string): boolean {
  const read = linearPattern(source);
  if (!read.ok) throw new Error(read.why);
  return read.pattern.test(text);
}

/** What takes a backtracking engine longer than the universe is old. */
const hostile = `${'a'.repeat(50_000)}!`;
const slow = ['^(a+)+$', '^(a|aa)+$', '^(a|a?)+$', '(.*a){25}$', '^([a-zA-Z]+)*$', '(a*)*b'];

describe('a pattern of a policy', () => {
  it.each(slow)('%s ends for any text', (source) => {
    expect(test(source, hostile)).toBe(false);
  });

  it.each(slow)('%s in a house schema ends too', (source) => {
    const schema = houseSchema(
      { properties: { name: { pattern: source } }, patternProperties: { [source]: { type: 'string' } } },
      linearPattern,
    );
    if (!schema.ok) throw new Error(schema.why);
    expect(schema.misfits({ name: hostile, [hostile]: 1 })).toMatchObject([{ path: ['name'] }]);
  });

  it.each<[string, string, boolean]>([
    ['^[a-z][a-z0-9_]*$', 'daily_orders', true],
    ['^[a-z][a-z0-9_]*$', 'Daily', false],
    ['orders', 'daily_orders_eu', true],
    ['^\\p{Lu}', 'Äpfel', true],
    ['^\\u00e9', 'été', true],
    ['^.$', '😀', true],
    ['^(?<team>[a-z]+)_', 'billing_x', true],
    ['^[\\w-]+$', 'a-b_c', true],
    ['^a{2,3}$', 'aaaa', false],
  ])('%s on %s is %s, as in JavaScript', (source, text, fits) => {
    expect(test(source, text)).toBe(fits);
    expect(new RegExp(source, 'u').test(text)).toBe(fits);
  });

  it.each(['^(?!x)', '(?<=a)b', '(a)\\1', '[', 'a{1001}', '(a{1000}){1000}'])('%s is refused', (source) => {
    expect(linearPattern(source)).toMatchObject({ ok: false });
    expect(houseSchema({ pattern: source }, linearPattern)).toMatchObject({ ok: false });
  });
});

describe('a pattern that needs no engine of its own', () => {
  it.each(['^[a-z][a-z0-9_]*$', '^[a-z]+$', '^team-[a-z0-9-]+$', '^prod\\.[A-Z_.]*x$', '^$'])(
    '%s',
    (source) => {
      expect(plainPattern(source)).toBeDefined();
    },
  );

  it.each([
    ...slow,
    '[a-z]+$',
    '^[a-z]+',
    '^[a-z]*[a-z]*$',
    '^a?a?a$',
    '^a{2}$',
    '^(a)$',
    '^a|b$',
    '^.$',
    '^[^a]*$',
    '^\\w+$',
    '^[z-a]+$',
    '^*$',
    '^[a-z-9]$',
    '^é$',
    '^a**$',
  ])('not %s', (source) => {
    expect(plainPattern(source)).toBeUndefined();
  });

  it('says the same as the engine for all patterns, in time that grows with the text', () => {
    const part = fc.constantFrom('a', '_', '-', '\\.', '[a-z]', '[a-z0-9_]', '[A-C.-]', '[_a-]', ':');
    const source = fc
      .tuple(
        fc.array(part, { maxLength: 3 }),
        part,
        fc.constantFrom('', '+', '*'),
        fc.array(part, { maxLength: 3 }),
      )
      .map(([before, repeated, times, after]) => `^${before.join('')}${repeated}${times}${after.join('')}$`);
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', 'b', '_', '-', '.', 'B', '9', ':', '\n', 'é', '😀') }),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(source, fc.array(text, { minLength: 1, maxLength: 20 }), (pattern, texts) => {
        const plain = plainPattern(pattern);
        const other = RE2JS.compile(RE2JS.translateRegExp(pattern));
        for (const one of texts) expect(plain?.test(one)).toBe(other.test(one));
      }),
      { numRuns: 1000 },
    );
  });
});
