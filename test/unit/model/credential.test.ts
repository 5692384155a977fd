import { describe, expect, it, test } from 'vitest';
import { isCredential, isCredentialText, keyKind } from '../../../src/model/hiding/credential.ts';
import type { Json } from '../../../src/model/json.ts';
import { JsonNumber } from '../../../src/model/number.ts';
import { credentialKeys, credentialValues } from '../../support/credentials.ts';

const keys = credentialKeys();
const values = credentialValues();

/** The share of a list that must not be in `wrong`, in percent. */
function percent(wrong: readonly string[], all: readonly string[]): number {
  return (100 * wrong.length) / all.length;
}

describe('measured on lists', () => {
  it('has at least 150 keys and 150 values, no fewer than two fifths of each kind', () => {
    for (const { credentials, innocents } of [keys, values]) {
      const all = [...credentials, ...innocents];
      expect(new Set(all).size).toBe(all.length);
      expect(all.length).toBeGreaterThanOrEqual(150);
      expect(Math.min(credentials.length, innocents.length)).toBeGreaterThanOrEqual((all.length * 2) / 5);
    }
  });

  it('misses no more than 2 % of the credentials and masks no more than 2 % of the innocents', () => {
    const missedKeys = keys.credentials.filter((key) => !isCredential('fAKEfAKE', keyKind(key)));
    const maskedKeys = keys.innocents.filter((key) => isCredential('fAKEfAKE', keyKind(key)));
    const missedValues = values.credentials.filter((value) => !isCredentialText(value));
    const maskedValues = values.innocents.filter((value) => isCredentialText(value));
    const report = {
      'keys missed': [percent(missedKeys, keys.credentials), missedKeys],
      'keys masked': [percent(maskedKeys, keys.innocents), maskedKeys],
      'values missed': [percent(missedValues, values.credentials), missedValues],
      'values masked': [percent(maskedValues, values.innocents), maskedValues],
    };
    process.stdout.write(`${JSON.stringify(report)}\n`);
    for (const [what, [share, which]] of Object.entries(report))
      expect(share, `${what}: ${String(which)}`).toBeLessThanOrEqual(2);
  });
});

describe('a value under a key', () => {
  test.each<[string, Json, boolean]>([
    ['password', 1234, true],
    ['password', 12345678901234567890n, true],
    ['dbPassword', false, true],
    ['pin', 4711, true],
    ['password', new JsonNumber('1.0'), true],
    ['password', '', false],
    ['password', null, false],
    ['token', 5, false],
    ['secret', true, false],
    ['requirePassword', true, false],
    ['maxTokens', '1024', false],
    ['token', 'x', true],
    ['auth', 'basic', false],
    ['auth', 'dXNlcg', true],
    ['token', '${workflow.secrets.X}', false],
    ['auth', 'Bearer ${workflow.input.t}', false],
    ['token', 'abc${workflow.input.t}', true],
    ['account', 'x', false],
  ])('%s: %s is a credential: %s', (key, value, expected) => {
    expect(isCredential(value, keyKind(key))).toBe(expected);
  });
});

it('looks at a text of any size in time that grows as the text does', () => {
  const size = 200_000;
  for (const piece of [
    'a',
    'a:',
    '://a:',
    '-u a:',
    'a=b',
    'eyJaaaaaaaaa.',
    '"a":"',
    '-----BEGIN ',
    'x-token: ',
    '${',
    ' ',
  ]) {
    const text = piece.repeat(size / piece.length);
    const began = process.cpuUsage();
    isCredentialText(text);
    isCredential(text, 'credential');
    const { user } = process.cpuUsage(began);
    // Two hundred times what it takes; what grows by the square takes minutes.
    expect(user, piece).toBeLessThan(5_000_000);
  }
});
