import { type Json, type JsonObject, setField } from '../../model/json.ts';
import { numberFrom } from '../../model/number.ts';

export type ReadJson =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly why: string };

// StreamReadConstraints of Jackson 2.18.
const deepest = 1000;
const longestNumber = 1000;
const longestText = 20_000_000;
const longestKey = 50_000;

class NotRead extends Error {}

/** The fields that a later one of the same key replaced, by their object. */
const replaced = new WeakMap<JsonObject, [key: string, value: Json][]>();

/** Values that were written under a key before the one that counts; a typed reader looks at them, too. */
export function replacedFields(object: JsonObject): readonly (readonly [key: string, value: Json])[] {
  return replaced.get(object) ?? [];
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const digits = /\d+/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has none in a string
const plainText = /[^"\\\0-\x1f]*/y;
const escapes: { readonly [letter: string]: string } = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const words: readonly (readonly [string, Json])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/**
 * The first value of a text, as Jackson 2.18 reads it for Spring: whatever comes after it is not looked at, of a
 * repeated key the last value counts, and a number too large for a double is one.
 */
export function readJson(text: string): ReadJson {
  let at = 0;

  function blanks(): void {
    for (; ; at += 1) {
      const code = text.charCodeAt(at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
    }
  }

  function unexpected(): NotRead {
    return new NotRead(
      at >= text.length
        ? 'Unexpected end-of-input'
        : `Unexpected character (${JSON.stringify(text[at])} (code ${text.charCodeAt(at)}))`,
    );
  }

  function string(longest: number): string {
    if (text[at] !== '"') throw unexpected();
    at += 1;
    let value = '';
    for (;;) {
      plainText.lastIndex = at;
      plainText.test(text);
      value += text.slice(at, plainText.lastIndex);
      at = plainText.lastIndex;
      if (value.length > longest)
        throw new NotRead(`String value length (${value.length}) exceeds the maximum allowed (${longest})`);
      if (text[at] === '"') {
        at += 1;
        return value;
      }
      if (text[at] !== '\\') throw unexpected();
      const letter = text[at + 1] ?? '';
      const code = /^[0-9a-fA-F]{4}$/.exec(text.slice(at + 2, at + 6))?.[0];
      const meant =
        escapes[letter] ??
        (letter === 'u' && code !== undefined ? String.fromCharCode(Number.parseInt(code, 16)) : undefined);
      if (meant === undefined) throw unexpected();
      value += meant;
      at += letter === 'u' ? 6 : 2;
    }
  }

  function scalar(): Json {
    if (text[at] === '"') return string(longestText);
    number.lastIndex = at;
    if (number.test(text)) {
      const written = text.slice(at, number.lastIndex);
      const length = (written.match(digits) ?? []).join('').length;
      if (length > longestNumber)
        throw new NotRead(`Number value length (${length}) exceeds the maximum allowed (${longestNumber})`);
      at = number.lastIndex;
      if (/[\w.+-]/.test(text[at] ?? '')) throw unexpected();
      return numberFrom(written);
    }
    const [word, value] = words.find(([letters]) => text.startsWith(letters, at)) ?? [];
    if (word === undefined || value === undefined) throw unexpected();
    at += word.length;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it replaces bytes that are not UTF-8
    if (/[\p{ID_Continue}$\u0001]/u.test(text[at] ?? '')) throw unexpected();
    return value;
  }

  function value(depth: number): Json {
    blanks();
    const opened = text[at];
    if (opened !== '{' && opened !== '[') return scalar();
    if (depth === deepest)
      throw new NotRead(`Document nesting depth (${depth + 1}) exceeds the maximum allowed (${deepest})`);
    at += 1;
    return opened === '[' ? list(depth + 1) : object(depth + 1);
  }

  function list(depth: number): Json {
    const items: Json[] = [];
    blanks();
    if (text[at] === ']') {
      at += 1;
      return items;
    }
    for (;;) {
      items.push(value(depth));
      if (ends(']')) return items;
    }
  }

  function object(depth: number): Json {
    const fields: { [key: string]: Json } = {};
    blanks();
    if (text[at] === '}') {
      at += 1;
      return fields;
    }
    for (;;) {
      blanks();
      const key = string(longestKey);
      blanks();
      if (text[at] !== ':') throw unexpected();
      at += 1;
      const item = value(depth);
      if (Object.hasOwn(fields, key)) {
        const before = replaced.get(fields) ?? [];
        replaced.set(fields, before);
        before.push([key, fields[key] as Json]);
      }
      setField(fields, key, item);
      if (ends('}')) return fields;
    }
  }

  /** After an item: whether its collection is over, else a comma has been read. */
  function ends(close: string): boolean {
    blanks();
    const mark = text[at];
    if (mark !== close && mark !== ',') throw unexpected();
    at += 1;
    return mark === close;
  }

  try {
    return { ok: true, value: value(0) };
  } catch (error) {
    if (error instanceof NotRead) return { ok: false, why: error.message };
    throw error;
  }
}
