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

/** A copy in which the path has a value, or, for `undefined`, is gone. Keys keep their order. */
export function withValue(value: JsonObject, path: FieldPath, item: Json | undefined): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const inner = Object.hasOwn(value, key) ? value[key] : undefined;
  if (rest.length > 0 && !isObject(inner) && item === undefined) return value;
  const next = rest.length === 0 ? item : withValue(isObject(inner) ? inner : {}, rest, item);
  const entries = new Map(Object.entries(value));
  if (next === undefined) entries.delete(key);
  else entries.set(key, next);
  return objectOf(entries);
}
