import equal from 'fast-deep-equal';
import { isNumber, isObject, type Json, objectOf } from '../model/json.ts';
import { type NumberEquality, numberKey } from '../model/number.ts';

/** Whether two values are the same: numbers as `numbers` says, keys in any order, array items in order, null not absent. */
export function same(a: Json | undefined, b: Json | undefined, numbers: NumberEquality): boolean {
  return a === b || equal(comparable(a, numbers), comparable(b, numbers));
}

/** Whether two values are equal by the letter, keys in any order. A quick look: what is not identical may be the same. */
export function isIdentical(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let index = 0; index < a.length; index += 1) if (!isIdentical(a[index], b[index])) return false;
    return true;
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    if (a[key] !== b[key] && !isIdentical(a[key], b[key])) return false;
    if (!Object.hasOwn(b, key)) return false;
  }
  return true;
}

/**
 * fast-deep-equal calls an object's own `toString` and `valueOf` and compares `constructor`, which in workflow
 * input are data: it would throw, or find a difference for ever. So it is given arrays and scalars only.
 */
function comparable(value: Json | undefined, numbers: NumberEquality): unknown {
  if (isNumber(value)) return ['#', numberKey(value, numbers)];
  if (Array.isArray(value)) return ['[]', ...value.map((item: Json) => comparable(item, numbers))];
  if (!isObject(value)) return value;
  return [
    '{}',
    ...Object.keys(value)
      .sort()
      .map((key) => [key, comparable(value[key] as Json, numbers)]),
  ];
}

/** Whether everything written in `part` is in `whole`; objects in `whole` may have more keys, arrays not more items. */
export function contains(whole: Json | undefined, part: Json | undefined, numbers: NumberEquality): boolean {
  if (part === undefined) return true;
  if (isObject(part)) {
    if (!isObject(whole)) return false;
    return Object.keys(part).every(
      (key) => Object.hasOwn(whole, key) && contains(whole[key], part[key], numbers),
    );
  }
  if (Array.isArray(part)) {
    return (
      Array.isArray(whole) &&
      whole.length === part.length &&
      part.every((item: Json, index) => contains(whole[index] as Json, item, numbers))
    );
  }
  return same(whole, part, numbers);
}

/** `wanted` with what is the same in `kept` in the letters that it has there, keys in any order, items by their place. */
export function inLettersOf(kept: Json | undefined, wanted: Json, numbers: NumberEquality): Json {
  if (wanted === kept) return wanted;
  if (isNumber(wanted))
    return isNumber(kept) && numberKey(wanted, numbers) === numberKey(kept, numbers) ? kept : wanted;
  if (Array.isArray(wanted)) {
    if (!Array.isArray(kept)) return wanted;
    let items: Json[] | undefined;
    for (const [index, item] of (wanted as readonly Json[]).entries()) {
      const value = inLettersOf(kept[index] as Json | undefined, item, numbers);
      if (value === item) continue;
      items ??= [...wanted];
      items[index] = value;
    }
    return items ?? wanted;
  }
  if (!isObject(wanted) || !isObject(kept)) return wanted;
  let fields: Map<string, Json> | undefined;
  // A copy costs more than the walk, and hardly any schedule needs one.
  for (const key of Object.keys(wanted)) {
    const item = wanted[key] as Json;
    if (typeof item === 'string' || !Object.hasOwn(kept, key)) continue;
    const value = inLettersOf(kept[key], item, numbers);
    if (value === item) continue;
    fields ??= new Map(Object.entries(wanted));
    fields.set(key, value);
  }
  return fields === undefined ? wanted : objectOf(fields);
}
