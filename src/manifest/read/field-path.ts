import type { FieldPath } from '../../model/schedule.ts';

/** A path as a key of maps and sets. */
export function pathKey(path: FieldPath): string {
  return JSON.stringify(path);
}

export function isSamePath(a: FieldPath, b: FieldPath): boolean {
  return a.length === b.length && a.every((part, at) => part === b[at]);
}
