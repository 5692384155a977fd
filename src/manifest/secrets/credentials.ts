import { below, belowPath, hides, onlyLooks, type Sight, sightOf } from '../../model/hiding/hiding.ts';
import { isObject, type Json, objectOf } from '../../model/json.ts';
import type { FieldPath } from '../../model/schedule.ts';
import { isInInput } from '../resolve/substitute.ts';

/** A credential and where it is, from the schedule down; a number can be one under a key such as `password`. */
export interface FoundCredential {
  readonly path: FieldPath;
  readonly value: Json;
}

/** Values that look like credentials, by their key or by themselves; `harmless` are paths at which they are none. */
export function credentialsIn(
  value: Json,
  path: FieldPath,
  harmless: readonly FieldPath[],
): readonly FoundCredential[] {
  const found: FoundCredential[] = [];
  const walk = (item: Json, at: FieldPath, sight: Sight): void => {
    if (Array.isArray(item)) {
      for (const [index, one] of item.entries()) walk(one, [...at, String(index)], sight);
    } else if (isObject(item)) {
      for (const [key, one] of Object.entries(item)) walk(one, [...at, key], below(sight, key));
      // A truth value gives nothing away.
    } else if (typeof item !== 'boolean' && hides(sight, item)) found.push({ path: at, value: item });
  };
  walk(value, path, belowPath(sightOf({ ...onlyLooks, notSensitive: harmless }), path));
  return found;
}

/** Whether `${secret.NAME}` can take its place: only a text below the input can be one. */
export function mayBeSecret({ path, value }: FoundCredential): boolean {
  return typeof value === 'string' && isInInput(path);
}

/** A value, which is at `at`, with other texts at some paths; the paths are from the schedule down. */
export function withTexts(value: Json, at: FieldPath, texts: ReadonlyMap<string, string>): Json {
  if (texts.size === 0) return value;
  const walk = (item: Json, path: FieldPath): Json => {
    if (typeof item === 'string') return texts.get(JSON.stringify(path)) ?? item;
    if (Array.isArray(item)) return item.map((one: Json, index) => walk(one, [...path, String(index)]));
    if (!isObject(item)) return item;
    return objectOf(Object.entries(item).map(([key, one]) => [key, walk(one, [...path, key])]));
  };
  return walk(value, at);
}

/** Gives secrets their names. One value of one place has one name; a name that is used already is not given again. */
export type SecretNames = (schedule: string, path: FieldPath) => string;

// As in `substitute`: names that no manifest may read.
const reserved = /^(?:CONDUCTOR|DOWNBEAT|GITHUB|ACTIONS|RUNNER|CI|INPUT)_/;

/** `hide` takes out known secrets: what is cut or replaced here cannot be masked later. */
export function secretNames(taken: Iterable<string>, hide: (text: string) => string): SecretNames {
  const used = new Set([...taken].map((name) => name.toUpperCase()));
  return (schedule, path) => {
    const words = [schedule, ...path.slice(2)]
      .map((word) => screaming(hide(word)))
      .filter((word) => word !== '');
    const plain = words.join('_') || 'SECRET';
    const base = (/^\d/.test(plain) || reserved.test(plain) ? `SCHEDULE_${plain}` : plain).slice(0, 120);
    let name = base;
    for (let count = 2; used.has(name); count += 1) name = `${base}_${count}`;
    used.add(name);
    return name;
  };
}

/** `apiKey`, `x-api-key` → `API_KEY`, `X_API_KEY`. */
function screaming(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
}
