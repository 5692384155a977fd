import type { JsonObject } from '../model/json.ts';
import type { Origin } from '../model/schedule.ts';
import type { Place } from '../problems/diagnostic.ts';

/** A manifest as the rules see it: without what counts as left out. It may have failed its schema. */
export interface Manifest {
  readonly fields: JsonObject;
  readonly origin: Origin;
  /** Fields that a misspelled key stands for: those are not missing. */
  readonly meant: ReadonlySet<string>;
}

type FieldPlace = Extract<Place, { readonly kind: 'field' }>;

/** The place of a field's value. */
export function at(origin: Origin, path: readonly string[]): FieldPlace {
  return { kind: 'field', origin, path, at: 'value' };
}

/** The place of a field's key. */
export function key(origin: Origin, path: readonly string[]): FieldPlace {
  return { kind: 'field', origin, path, at: 'key' };
}

/** The name that a manifest has, if it is a text. */
export function nameIn({ name }: JsonObject): string {
  return typeof name === 'string' ? name : '';
}
