import { isObject, type Json, objectOf } from '../model/json.ts';
import type { Masker } from './masker.ts';

/**
 * A document without known secrets: in its texts, in the names of its keys, and where one is written as a number.
 * Anything that is not JSON (a time zone, a map) stays as it is.
 */
export function hideDeep<D>(document: D, { hide, knows }: Pick<Masker, 'hide' | 'knows'>): D {
  if (!knows()) return document;
  const walk = (value: Json): Json => {
    if (typeof value === 'string') return hide(value);
    if (typeof value === 'number' || typeof value === 'bigint') {
      const digits = String(value);
      return hide(digits) === '***' ? '***' : value;
    }
    if (Array.isArray(value)) return value.map(walk);
    if (!isObject(value) || !isPlain(value)) return value;
    return objectOf(Object.entries(value).map(([key, item]) => [hide(key), walk(item)]));
  };
  return walk(document as unknown as Json) as unknown as D;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
