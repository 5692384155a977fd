import { describe, expect, test } from 'vitest';
import { nameFault, nameOddity } from '../../../src/model/name.ts';

describe('nameFault', () => {
  test.each([
    ['a/b', 'separator'],
    ['a\\b', 'separator'],
    ['.', 'dots'],
    ['..', 'dots'],
    ['search', 'route'],
    ['tags', 'route'],
    ['acme:nightly', 'organisation'],
    ['{}', 'json'],
    ['{"a": 1}', 'json'],
    ['x'.repeat(256), 'length'],
    ['\ud800', 'surrogate'],
  ])('%s: %s', (name, fault) => {
    expect(nameFault(name)).toBe(fault);
  });

  test.each([
    'daily-order-processing',
    '...',
    'Search',
    'abc:nightly',
    'abcde:nightly',
    '{x',
    '[1]',
    '100 % of it; a, b? #1+ü',
    '😀'.repeat(255),
  ])('%s is fine', (name) => {
    expect(nameFault(name)).toBeUndefined();
    expect(nameOddity(name)).toBeUndefined();
  });
});

test.each([
  [' a', 'space-at-the-end'],
  ['a\u00a0', 'space-at-the-end'],
  ['a\tb', 'control-character'],
  ['a\u200bb', 'control-character'],
  ['a\u202eb', 'control-character'],
])('%j: %s', (name, oddity) => {
  expect(nameOddity(name)).toBe(oddity);
});
