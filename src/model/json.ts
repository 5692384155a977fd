/**
 * JSON text ↔ value without loss. `JSON.parse` rounds whole numbers beyond 2^53 in silence, and workflow
 * input carries such ids, so here they become `bigint`; every safe whole number stays a `number`.
 */
export type Json = null | boolean | number | bigint | string | JsonArray | JsonObject;
export type JsonArray = readonly Json[];
export interface JsonObject {
  readonly [key: string]: Json;
}

export type ParsedJson =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly why: string };

/** True for an object that is neither null nor an array. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The keys of a JSON Pointer (RFC 6901), outermost first. */
export function keysOfPointer(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The one form a whole number has here: `bigint` exactly when it is not a safe integer. */
export function wholeNumber(value: bigint): number | bigint {
  const asNumber = Number(value);
  return Number.isSafeInteger(asNumber) ? asNumber : value;
}

/** A number as it is held here: 1e20 and 100000000000000000000 are the same value, so the same `bigint`. */
export function exactNumber(value: number): number | bigint {
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(value) : value === 0 ? 0 : value;
}

// Strings and numbers, each as a whole, so that digits inside a string or a fraction are never taken for a number.
const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const longWhole = /^-?\d{16,}$/;
const digitRun = /\d{16}/;
const exponent = /\d[eE]/;

/** Parses a JSON text. Whole numbers are exact; a number beyond the range of a double is refused. */
export function parseJson(text: string): ParsedJson {
  try {
    if (!digitRun.test(text) && !exponent.test(text)) return { ok: true, value: JSON.parse(text) as Json };
    let mark = '#int:';
    while (text.includes(mark)) mark = `#${mark}`;
    const marked = text.replace(tokens, (token) => (longWhole.test(token) ? `"${mark}${token}"` : token));
    let tooLarge = false;
    const value = JSON.parse(marked, (_key, item: unknown) => {
      if (typeof item === 'string')
        return item.startsWith(mark) ? wholeNumber(BigInt(item.slice(mark.length))) : item;
      if (typeof item !== 'number') return item;
      if (!Number.isFinite(item)) tooLarge = true;
      return Number.isFinite(item) ? exactNumber(item) : item;
    }) as Json;
    return tooLarge ? { ok: false, why: 'a number is beyond the range of a double' } : { ok: true, value };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

/** Writes a value as JSON text, `bigint`s digit by digit. Object keys keep their order. */
export function writeJson(value: Json, indent = 0): string {
  return write(value, indent, '', false);
}

/** The canonical text of a value: keys sorted by code unit, no blanks. Equal values give equal text. */
export function canonicalJson(value: Json): string {
  return write(value, 0, '', true);
}

function write(value: Json, indent: number, margin: string, sorted: boolean): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return sorted ? String(exactNumber(value)) : JSON.stringify(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const inner = margin + ' '.repeat(indent);
  const isList = Array.isArray(value);
  const parts = isList
    ? (value as JsonArray).map((item) => write(item, indent, inner, sorted))
    : entriesOf(value as JsonObject, sorted).map(
        ([key, item]) =>
          `${JSON.stringify(key)}:${indent > 0 ? ' ' : ''}${write(item, indent, inner, sorted)}`,
      );
  const [open, close] = isList ? '[]' : '{}';
  if (parts.length === 0) return `${open}${close}`;
  return indent > 0
    ? `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${margin}${close}`
    : `${open}${parts.join(',')}${close}`;
}

function entriesOf(value: JsonObject, sorted: boolean): [string, Json][] {
  const entries = Object.entries(value);
  return sorted ? entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) : entries;
}

/**
 * Makes an object of entries in which `__proto__` is a key like any other
 * (assignment would set the prototype and lose the user's value).
 */
export function objectOf(entries: Iterable<readonly [string, Json]>): JsonObject {
  return Object.fromEntries(entries);
}
