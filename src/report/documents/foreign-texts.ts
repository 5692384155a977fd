import { isCredentialText } from '../../model/hiding/credential.ts';
import { isObject, type Json, type JsonArray, objectOf } from '../../model/json.ts';
import { sensitiveText } from './mask.ts';

/** Documents that repeat what a server and its users wrote; those of plans and pulls are masked by the field. */
const kinds: readonly string[] = ['status', 'audit', 'show', 'history', 'switch'];

/** What names something, our own messages, and inputs, which are masked by their paths. */
const exempt: ReadonlySet<string> = new Set(
  'name schedule asked selector query text target manifest origin hint input'.split(' '),
);

/**
 * A document without texts in the form of a credential: reasons, descriptions, users and tags, whichever field they
 * are in. The names of schedules stay.
 */
export function withoutCredentials<D>(document: D): D {
  const { kind } = document as { readonly kind?: unknown };
  if (typeof kind !== 'string' || !kinds.includes(kind)) return document;
  return walk(document as unknown as Json) as unknown as D;
}

/** A text of a server, as it may be shown. */
export function foreignText(text: string): string {
  return isCredentialText(text) ? sensitiveText : text;
}

/** The value itself where nothing in it is a credential. */
function walk(value: Json): Json {
  if (typeof value === 'string') return foreignText(value);
  if (Array.isArray(value)) {
    const items = (value as JsonArray).map(walk);
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isObject(value)) return value;
  let hidden: Map<string, Json> | undefined;
  for (const key of Object.keys(value)) {
    const item = value[key] as Json;
    const safe = exempt.has(key) ? item : walk(item);
    if (safe !== item) hidden = (hidden ?? new Map()).set(key, safe);
  }
  return hidden === undefined
    ? value
    : objectOf(Object.entries(value).map(([key, item]) => [key, hidden.get(key) ?? item]));
}
