import { createHmac } from 'node:crypto';
import { canonicalJson, comparableJson, type Json } from '../model/json.ts';
import { type NumberEquality, numberKey } from '../model/number.ts';
import type { Seal } from './redact.ts';

const unsealed = '(masked)';

/**
 * What of a masked value enters hashes: with a key, an HMAC that cannot be guessed at without the key; without
 * one, only that there is a value. Without `numbers`, a number counts by the letter.
 */
export function sealWith(digestKey: string | undefined, numbers?: NumberEquality): Seal {
  if (digestKey === undefined) return () => unsealed;
  const textOf = (value: Json): string =>
    numbers === undefined
      ? canonicalJson(value)
      : comparableJson(value, (number) => numberKey(number, numbers));
  return (value) => ({ hmac: createHmac('sha256', digestKey).update(textOf(value)).digest('hex') });
}

/** Tells one key from another, and nothing else of it: 16 characters, hexadecimal. */
export function keyCheck(digestKey: string): string {
  return createHmac('sha256', digestKey).update('downbeat digest key').digest('hex').slice(0, 16);
}
