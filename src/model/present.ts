/**
 * The fields that have a value: `{ name, ...present({ reason }) }` has a reason or no such key, as types with
 * `reason?: string` want it.
 */
export function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const key in fields) {
    const value = fields[key];
    if (value !== undefined) kept[key] = value as Exclude<T[typeof key], undefined>;
  }
  return kept;
}

/** An object while it is being made: to set a field is several times faster than to spread an object with it. */
export type Writable<T> = { -readonly [K in keyof T]: T[K] };
