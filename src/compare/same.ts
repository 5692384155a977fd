import equal from 'fast-deep-equal';
import { exactNumber, isObject, type Json } from '../model/json.ts';

/** Whether two values are the same: numbers by value, keys in any order, array items in order, null not absent. */
export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return equal(comparable(a), comparable(b));
}

/**
 * fast-deep-equal calls an object's own `toString` and `valueOf` and compares `constructor`, which in workflow
 * input are data: it would throw, or find a difference for ever. So it is given arrays and scalars alone.
 */
function comparable(value: Json): unknown {
  if (typeof value === 'number') return exactNumber(value);
  if (Array.isArray(value)) return ['[]', ...value.map(comparable)];
  if (!isObject(value)) return value;
  return [
    '{}',
    ...Object.keys(value)
      .sort()
      .map((key) => [key, comparable(value[key] as Json)]),
  ];
}

/** Whether everything written in `part` is in `whole`; objects in `whole` may have more keys, arrays not more items. */
export function contains(whole: Json | undefined, part: Json | undefined): boolean {
  if (part === undefined) return true;
  if (isObject(part)) {
    if (!isObject(whole)) return false;
    return Object.keys(part).every((key) => Object.hasOwn(whole, key) && contains(whole[key], part[key]));
  }
  if (Array.isArray(part)) {
    return (
      Array.isArray(whole) &&
      whole.length === part.length &&
      part.every((item: Json, index) => contains(whole[index] as Json, item))
    );
  }
  return same(whole, part);
}
