import { describe, expect, it } from 'vitest';
import { houseSchema } from '../../../src/policies/json-schema.ts';
import { linearPattern } from '../../../src/policies/linear-pattern.ts';

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
