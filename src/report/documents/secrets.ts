import { isObject, type Json, objectOf } from '../../model/json.ts';

/** Shorter values are masked by path alone: as parts of other words they would blacken half a report. */
const shortest = 8;

/**
 * A document without the values of secrets, wherever they stand: in what a server says of a body that it was sent, in
 * a field that the secret has left, as they are or written in JSON or in a URL.
 */
export function withoutSecrets<D extends object>(document: D, values: readonly string[]): D {
  const forms = values
    .filter((value) => value.length >= shortest)
    .flatMap((value) => [
      value,
      JSON.stringify(value).slice(1, -1),
      encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\uFFFD')),
    ])
    .sort((a, b) => b.length - a.length);
  if (forms.length === 0) return document;
  const clean = (text: string): string => forms.reduce((rest, form) => rest.replaceAll(form, '***'), text);
  const walk = (value: Json): Json => {
    if (typeof value === 'string') return clean(value);
    if (Array.isArray(value)) return value.map(walk);
    if (!isObject(value)) return value;
    return objectOf(Object.entries(value).map(([key, item]) => [clean(key), walk(item)]));
  };
  return walk(document as unknown as Json) as unknown as D;
}
