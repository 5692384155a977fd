import { JsonNumber, numberFrom } from './number.ts';

/**
 * JSON text ↔ value without loss. A number that JavaScript would print as it was written is a `number`, a longer whole
 * number a `bigint`, any other (`1.0`, `1e21`, `-0`) a `JsonNumber`, which has its text.
 */
export type Json = null | boolean | number | bigint | JsonNumber | string | JsonArray | JsonObject;
export type JsonArray = readonly Json[];
export type JsonObject = {
  readonly [key: string]: Json;
};

export type ParsedJson =
  | { readonly ok: true; readonly value: Json }
  | {
      readonly ok: false;
      /** What is wrong, for people. */
      readonly why: string;
      /** UTF-16 offset of the first character that cannot be; the text's length when it ends too early. */
      readonly offset: number;
      /** What may come there; absent = the form is right and something else is wrong. */
      readonly expected?: string;
    };

/** How much of a text is read. Whoever takes a text from elsewhere says what is enough. */
export type JsonLimits = {
  /** Levels of objects and arrays in each other. */
  readonly depth: number;
  /** UTF-16 code units. */
  readonly length: number;
};

/**
 * Levels as many as servers keep in a schedule (Jackson: 1,000), and a few for what is around it; characters as many
 * as a string of V8 can have.
 */
export const usualLimits: JsonLimits = { depth: 1100, length: 2 ** 29 };

/** No reader of a server takes a longer number (Jackson, `StreamReadConstraints`). */
const longestNumber = 1000;

/** True for an object that is neither null, an array nor a number. */
export function isObject(value: Json | undefined): value is JsonObject {
  if (typeof value !== 'object' || value === null) return false;
  // Nearly all are: a fifth of the time that the look below takes.
  if (Object.getPrototypeOf(value) === Object.prototype) return true;
  return !Array.isArray(value) && !(value instanceof JsonNumber);
}

/** True for a number in any of its three forms. */
export function isNumber(value: Json | undefined): value is number | bigint | JsonNumber {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof JsonNumber;
}

// A number that JavaScript would print in another way. In a text it may also be found in a string, which costs time only.
const oddNumber =
  /(?:^|[:,[])[ \t\r\n]*(?:-0|-?\d+[eE]|-?\d{16}|-?\d+\.(?:\d*0(?!\d)|\d*[eE]|\d{15}|0{5})|-?\d{2,15}\.\d{10})/;

/**
 * Parses a JSON text, in time linear in its length. Numbers keep their text; one beyond the range of a double, or of
 * more than 1,000 digits, is refused. Of a repeated key the last value counts.
 */
export function parseJson(text: string, limits: JsonLimits = usualLimits): ParsedJson {
  if (text.length > limits.length)
    return {
      ok: false,
      why: `it has more than ${limits.length.toLocaleString('en-US')} characters`,
      offset: limits.length,
    };
  if (oddNumber.test(text)) return readJson(text, limits.depth);
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    // For the place of the fault; what the engine says of it differs by version.
    return readJson(text, limits.depth);
  }
  return isDeeper(value, limits.depth) ? readJson(text, limits.depth) : { ok: true, value };
}

function isDeeper(value: Json, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  if (Array.isArray(value)) {
    for (const item of value as JsonArray) if (isDeeper(item, depth - 1)) return true;
    return false;
  }
  for (const key in value as JsonObject)
    if (isDeeper((value as JsonObject)[key] as Json, depth - 1)) return true;
  return false;
}

const quote = 34;
const comma = 44;
const colon = 58;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has none in a string
const oddCharacter = /[\\\0-\x1f]/g;
const word = /(?:true|false|null)(?![\w.+-])/y;
const words: { readonly [word: string]: Json } = { true: true, false: false, null: null };

/** A collection that is not closed yet. */
type Open =
  | { readonly list: Json[]; readonly fields?: undefined }
  | { readonly list?: undefined; readonly fields: { [key: string]: Json }; key: string };

/** The reader for texts with numbers that must keep their letters, and for finding faults. It has no recursion. */
function readJson(text: string, depth: number): ParsedJson {
  const open: Open[] = [];
  let at = 0;
  let nextOdd = -1;

  const fail = (expected: string, offset = at): ParsedJson => faultAt(text, offset, expected);
  const refuse = (why: string): ParsedJson => ({ ok: false, why, offset: at });

  function skipBlanks(): void {
    for (; ; at += 1) {
      const code = text.charCodeAt(at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
    }
  }

  /** The string that begins here; undefined = there is none, or none that ends. */
  function string(): string | undefined {
    if (text.charCodeAt(at) !== quote) return undefined;
    let end = text.indexOf('"', at + 1);
    if (end < 0) return undefined;
    if (nextOdd < at) nextOdd = oddFrom(at);
    if (nextOdd >= end) {
      const value = text.slice(at + 1, end);
      at = end + 1;
      return value;
    }
    for (end = at + 1; ; end += 1) {
      const code = text.charCodeAt(end);
      if (code === quote) break;
      if (code === backslash) end += 1;
      else if (!(code >= 32)) return undefined;
    }
    try {
      const value = JSON.parse(text.slice(at, end + 1)) as string;
      at = end + 1;
      return value;
    } catch {
      return undefined;
    }
  }

  /** The next character that a string cannot have as it is. */
  function oddFrom(start: number): number {
    oddCharacter.lastIndex = start;
    return oddCharacter.test(text) ? oddCharacter.lastIndex - 1 : text.length;
  }

  /** A key and its colon: what must come if there is none. */
  function key(top: Open): ParsedJson | undefined {
    if (top.fields === undefined) return undefined;
    skipBlanks();
    const name = string();
    if (name === undefined) return fail('a key in double quotes', endOfString(text, at));
    top.key = name;
    skipBlanks();
    if (text.charCodeAt(at) !== colon) return fail('a colon');
    at += 1;
    return undefined;
  }

  for (;;) {
    skipBlanks();
    const code = text.charCodeAt(at);
    let value: Json;
    if (code === openBrace || code === openBracket) {
      if (open.length >= depth) return refuse(`it has more than ${depth} levels`);
      const top: Open = code === openBracket ? { list: [] } : { fields: {}, key: '' };
      at += 1;
      skipBlanks();
      if (text.charCodeAt(at) !== (top.list ? closeBracket : closeBrace)) {
        open.push(top);
        if (top.fields && text.charCodeAt(at) !== quote) return fail('a key in double quotes or }');
        const wrong = key(top);
        if (wrong) return wrong;
        continue;
      }
      at += 1;
      value = top.list ?? top.fields;
    } else {
      const found = scalar();
      if (found === undefined) return fail(valueWords(), endOfString(text, at));
      if (found === tooLong) return refuse(`a number has more than ${longestNumber} digits`);
      if (found === tooLarge) return refuse('a number is beyond the range of a double');
      value = found;
    }
    for (;;) {
      skipBlanks();
      const top = open.at(-1);
      if (top === undefined) return at === text.length ? { ok: true, value } : fail('the end of the file');
      if (top.list) top.list.push(value);
      else setField(top.fields, top.key, value);
      const next = text.charCodeAt(at);
      if (next === comma) {
        at += 1;
        const wrong = key(top);
        if (wrong) return wrong;
        break;
      }
      if (next !== (top.list ? closeBracket : closeBrace))
        return fail(top.list ? 'a comma or ]' : 'a comma or }');
      at += 1;
      value = top.list ?? top.fields;
      open.pop();
    }
  }

  function valueWords(): string {
    const top = open.at(-1);
    return top?.list?.length === 0 ? 'a value or ]' : 'a value';
  }

  function scalar(): Json | typeof tooLong | typeof tooLarge | undefined {
    if (text.charCodeAt(at) === quote) return string();
    number.lastIndex = at;
    if (number.test(text)) {
      const digits = text.slice(at, number.lastIndex);
      // Neither sign nor point counts, as in Jackson.
      if (digits.length > longestNumber && digits.replace(/\D/g, '').length > longestNumber) return tooLong;
      if (!Number.isFinite(Number(digits)) && /[.eE]/.test(digits)) return tooLarge;
      at += digits.length;
      return numberFrom(digits);
    }
    word.lastIndex = at;
    const [name] = word.exec(text) ?? [];
    if (name === undefined) return undefined;
    at += name.length;
    return words[name];
  }
}

function faultAt(text: string, offset: number, expected: string): ParsedJson {
  const why =
    offset >= text.length
      ? `it ends after ${text.length.toLocaleString('en-US')} characters, where ${expected} must come`
      : `${expected} must come at character ${(offset + 1).toLocaleString('en-US')}`;
  return { ok: false, why, offset: Math.min(offset, text.length), expected };
}

/** A string that does not end is missing its end, not its beginning. */
function endOfString(text: string, at: number): number {
  if (text.charCodeAt(at) !== quote) return at;
  for (let end = at + 1; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === backslash) end += 1;
    else if (code === quote || code < 32) return at;
  }
  return text.length;
}

const tooLong: unique symbol = Symbol('too long');
const tooLarge: unique symbol = Symbol('too large');

/** As an assignment, but `__proto__` is a key like any other. */
export function setField(fields: { [key: string]: Json }, name: string, value: Json): void {
  if (name === '__proto__')
    Object.defineProperty(fields, name, { value, enumerable: true, writable: true, configurable: true });
  else fields[name] = value;
}

/** Writes a value as JSON text, numbers by the letter. Object keys keep their order. */
export function writeJson(value: Json, indent = 0): string {
  // The engine writes the same in a quarter of the time, but only numbers that are of the form `number`.
  return isPlain(value) ? JSON.stringify(value, undefined, indent) : write(value, indent, '', false, String);
}

/** Whether all numbers in it are of the form `number`. */
function isPlain(value: Json): boolean {
  if (value === null || typeof value !== 'object') return typeof value !== 'bigint';
  if (Array.isArray(value)) return (value as JsonArray).every(isPlain);
  return isObject(value) && Object.values(value).every(isPlain);
}

/** The text of a value with keys sorted by code unit and no spaces, numbers by the letter. */
export function canonicalJson(value: Json): string {
  return write(value, 0, '', true, String);
}

/** The same with numbers written by `numberText`: equal texts for equal values. */
export function comparableJson(
  value: Json,
  numberText: (value: number | bigint | JsonNumber) => string,
): string {
  return write(value, 0, '', true, numberText);
}

function write(
  value: Json,
  indent: number,
  margin: string,
  sorted: boolean,
  numberText: (value: number | bigint | JsonNumber) => string,
): string {
  if (isNumber(value)) return numberText(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const inner = margin + ' '.repeat(indent);
  const isList = Array.isArray(value);
  const parts = isList
    ? (value as JsonArray).map((item) => write(item, indent, inner, sorted, numberText))
    : entriesOf(value as JsonObject, sorted).map(
        ([key, item]) =>
          `${JSON.stringify(key)}:${indent > 0 ? ' ' : ''}${write(item, indent, inner, sorted, numberText)}`,
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

/** What a generated validator says of a value that its schema does not take. */
export type Misfit = {
  /** JSON Pointer to the value. */
  readonly instancePath: string;
  readonly params: { readonly additionalProperty?: string; readonly missingProperty?: string };
};

/** The path of the first key that is wrong, missing or too many, such as `changes[0].steps`. */
export function misfitPath(misfits: readonly Misfit[] | null | undefined): string {
  const [first] = misfits ?? [];
  const { additionalProperty, missingProperty } = first?.params ?? {};
  return [...keysOfPointer(first?.instancePath ?? ''), additionalProperty ?? missingProperty ?? []]
    .flat()
    .map((key, index) => (/^\d+$/.test(key) ? `[${key}]` : `${index === 0 ? '' : '.'}${key}`))
    .join('');
}

/** The keys of a JSON Pointer (RFC 6901), outermost first. */
export function keysOfPointer(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}
