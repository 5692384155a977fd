import { isObject, type Json, type JsonObject, objectOf } from '../model/json.ts';
import type { Assignment } from '../model/plan.ts';
import type { FieldChange, FieldPath, Schedule } from '../model/schedule.ts';

/** The writes that turn the `before` side of changes into their `after` side. */
export function assignments(changes: readonly FieldChange[]): {
  readonly set: readonly Assignment[];
  readonly unset: readonly FieldPath[];
} {
  return {
    set: changes.flatMap(({ path, after }) => (after === undefined ? [] : [{ path, value: after }])),
    unset: changes.filter((change) => change.after === undefined).map(({ path }) => path),
  };
}

/** A schedule with paths set and unset. Objects on the way are made where missing. */
export function patch(schedule: Schedule, set: readonly Assignment[], unset: readonly FieldPath[]): Schedule {
  let value: JsonObject = schedule;
  for (const { path, value: item } of set) value = withValue(value, path, item);
  for (const path of unset) value = withValue(value, path, undefined);
  return value as Schedule;
}

/** The value at a path, `undefined` when there is none. */
export function valueAt(value: Json | undefined, path: FieldPath): Json | undefined {
  return path.reduce<Json | undefined>(
    (at, key) => (isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined),
    value,
  );
}

/** A copy in which the path has a value, or, for `undefined`, is gone. */
export function withValue(value: JsonObject, path: FieldPath, item: Json | undefined): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const others = Object.entries(value).filter(([name]) => name !== key);
  if (rest.length === 0) return objectOf(item === undefined ? others : [...others, [key, item]]);
  const inner = Object.hasOwn(value, key) ? value[key] : undefined;
  if (!isObject(inner) && item === undefined) return value;
  return objectOf([...others, [key, withValue(isObject(inner) ? inner : {}, rest, item)]]);
}
