import { describe, expect, it, test } from 'vitest';
import { collisionKey, confusableIn } from '../../../src/model/alike.ts';

describe('names that a database may treat as one', () => {
  it.each([
    ['Case', 'case'],
    ['resume', 'résumé'],
    ['resume', 're\u0301sume\u0301'],
    ['trail', 'trail '],
    ['trail', 'trail\u3000'],
    ['orders', 'ｏｒｄｅｒｓ'],
    ['strasse', 'Straße'],
    ['STRASSE', 'straẞe'],
    ['office', 'oﬃce'],
    ['malmo', 'Malmø'],
    ['lodz', 'Łódź'],
    ['ΣΟΦΟΣ', 'σοφος'],
    ['ИЙ', 'ии'],
    ['a', 'a\u200b'],
    ['a1', 'a①'],
  ])('%j and %j', (a, b) => {
    expect(collisionKey(a)).toBe(collisionKey(b));
  });

  it.each([
    ['a', 'b'],
    ['a_b', 'a-b'],
    ['a b', 'ab'],
    [' a', 'a'],
    ['a', 'а'],
    ['', '_'],
  ])('but not %j and %j', (a, b) => {
    expect(collisionKey(a)).not.toBe(collisionKey(b));
  });

  test('every Latin letter that the Unicode Collation Algorithm compares as one of a to z, except rare ones', () => {
    const { compare } = new Intl.Collator('und', { sensitivity: 'base' });
    const compared: string[] = [];
    const missed: string[] = [];
    // Up to Latin Extended-B and Additional; what is left is written in no language of today.
    for (let code = 0x41; code < 0x1f00; code += 1) {
      if (code === 0x250) code = 0x1e00;
      const letter = String.fromCodePoint(code);
      if (!/\p{Script=Latin}/u.test(letter)) continue;
      for (const plain of 'abcdefghijklmnopqrstuvwxyz') {
        if (compare(letter, plain) !== 0) continue;
        compared.push(letter);
        if (collisionKey(letter) !== plain) missed.push(letter);
      }
    }
    expect(compared.length).toBeGreaterThan(500);
    expect(missed).toEqual(['Ŀ', 'ŀ']);
  });
});

describe('letters of another script', () => {
  it.each([
    ['dаily', 'а', 'Cyrillic', 'Latin'],
    ['nightly-оrders', 'о', 'Cyrillic', 'Latin'],
    ['οrders', 'ο', 'Greek', 'Latin'],
    ['отчeт', 'e', 'Latin', 'Cyrillic'],
    ['aа', 'а', 'Cyrillic', 'Latin'],
    ['copy_сору', 'с', 'Cyrillic', 'Latin'],
  ])('%s', (name, letter, script, among) => {
    expect(confusableIn(name)).toEqual({ letter, script, among });
  });

  it.each([
    'daily',
    'отчёт',
    'отчёт_daily',
    'résumé',
    '日次レポートA',
    'καλημέρα-1',
    'µ-service',
    'сосна',
    'ａｂｃ',
    '',
  ])('not in %j', (name) => {
    expect(confusableIn(name)).toBeUndefined();
  });
});
