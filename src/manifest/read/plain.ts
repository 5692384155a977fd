import type { Json } from '../../model/json.ts';
import { numberFrom } from '../../model/number.ts';
import { oldMeaning } from './yaml-number.ts';

// Printable text without tabs, carriage returns, spaces that look like others, marks, and pairs of surrogates.
const unusual = /[^\n\x20-\x7e\u00a1-\u167f\u2010-\u2027\u2030-\u205e\u3001-\ud7ff]/;
const whole = /^(?:0|-?[1-9]\d{0,60})$/;
const decimal = /^-?(?:0|[1-9]\d{0,8})\.\d{1,8}$/;
const scientific = /^-?\d(?:\.\d{1,8})?[eE][-+]?[1-9]\d?$/;
// What else the core schema of YAML 1.2 does not read as text.
const otherNumber = /^(?:[-+]?\d+|0o[0-7]+|0x[\dA-Fa-f]+|[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?)$/;
const words: ReadonlyMap<string, Json> = new Map<string, Json>([
  ...['null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);

const newline = 10;
const space = 32;
const doubleQuote = 34;
const hash = 35;
const dollar = 36;
const singleQuote = 39;
const openParenthesis = 40;
const comma = 44;
const dash = 45;
const dot = 46;
const slash = 47;
const colon = 58;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const underscore = 95;
const openBrace = 123;
const closeBrace = 125;

const deepest = 50;
const longestKey = 200;

/** Where in a text the reader is. */
type Cursor = {
  readonly text: string;
  /** At the start of a line that is its first character that is not a space. */
  at: number;
  /** How far the line is indented, -1 after the last one. */
  indent: number;
};

/**
 * The documents of a text that is plain YAML 1.2: block mappings and sequences, texts on one line, numbers, truth
 * values, and flow collections on one line. Undefined for every other text, also for every text with anything wrong in
 * it: that is for the parser of the whole language, which reads the same from this part of it, as a test shows. Plain
 * manifests are read some ten times faster here.
 */
export function readPlain(text: string): readonly Json[] | undefined {
  if (unusual.test(text)) return undefined;
  const cursor: Cursor = { text, at: 0, indent: -1 };
  startLine(cursor, 0);
  const documents: Json[] = [];
  do {
    if (isMarker(cursor)) startLine(cursor, cursor.at + 4);
    else if (documents.length > 0) return undefined;
    if (cursor.indent !== 0 || isMarker(cursor)) return undefined;
    const value = block(cursor, 0);
    if (value === undefined) return undefined;
    documents.push(value);
  } while (cursor.indent >= 0);
  return documents;
}

/** On to the next line that has more than a comment on it; `from` is where a line starts. */
function startLine(cursor: Cursor, from: number): void {
  for (let start = from; start < cursor.text.length; ) {
    let first = start;
    while (cursor.text.charCodeAt(first) === space) first += 1;
    const code = cursor.text.charCodeAt(first);
    if (first < cursor.text.length && code !== newline && code !== hash) {
      cursor.at = first;
      cursor.indent = first - start;
      return;
    }
    const end = code === newline ? first : cursor.text.indexOf('\n', first);
    if (end < 0) break;
    start = end + 1;
  }
  cursor.at = cursor.text.length;
  cursor.indent = -1;
}

function skipSpaces(cursor: Cursor): void {
  while (cursor.text.charCodeAt(cursor.at) === space) cursor.at += 1;
}

/** True when nothing but a comment is left on the line; then the reader is on the next one. */
function endLine(cursor: Cursor): boolean {
  skipSpaces(cursor);
  if (cursor.at < cursor.text.length) {
    const code = cursor.text.charCodeAt(cursor.at);
    if (code === hash) {
      if (cursor.text.charCodeAt(cursor.at - 1) !== space) return false;
      // `MON #1` without quotes is a mistake that the parser of the whole language reports.
      const next = cursor.text.charCodeAt(cursor.at + 1);
      if (next >= 48 && next <= 57) return false;
      const end = cursor.text.indexOf('\n', cursor.at);
      cursor.at = end < 0 ? cursor.text.length : end;
    } else if (code !== newline) return false;
  }
  startLine(cursor, cursor.at + 1);
  return true;
}

function isMarker(cursor: Cursor): boolean {
  return cursor.indent === 0 && cursor.text.startsWith('---', cursor.at) && isLineEnd(cursor, cursor.at + 3);
}

function isLineEnd(cursor: Cursor, offset: number): boolean {
  return offset >= cursor.text.length || cursor.text.charCodeAt(offset) === newline;
}

function isItem(cursor: Cursor): boolean {
  return (
    cursor.text.charCodeAt(cursor.at) === dash &&
    (isLineEnd(cursor, cursor.at + 1) || cursor.text.charCodeAt(cursor.at + 1) === space) &&
    cursor.indent >= 0
  );
}

/** A key and its colon. */
function key(cursor: Cursor): string | undefined {
  let end = cursor.at;
  for (; ; end += 1) {
    const code = cursor.text.charCodeAt(end);
    if (isLetter(code) || code === underscore) continue;
    if (end > cursor.at && (isDigit(code) || code === dash || code === dot || code === slash)) continue;
    break;
  }
  if (end === cursor.at || end - cursor.at > longestKey || cursor.text.charCodeAt(end) !== colon)
    return undefined;
  if (!isLineEnd(cursor, end + 1) && cursor.text.charCodeAt(end + 1) !== space) return undefined;
  const name = cursor.text.slice(cursor.at, end);
  if (name === '__proto__' || words.has(name)) return undefined;
  cursor.at = end + 1;
  return name;
}

function block(cursor: Cursor, depth: number): Json | undefined {
  if (depth > deepest) return undefined;
  return isItem(cursor) ? sequence(cursor, depth) : mapping(cursor, depth);
}

function mapping(cursor: Cursor, depth: number): Json | undefined {
  const own = cursor.indent;
  const fields: { [name: string]: Json } = {};
  do {
    const name = key(cursor);
    if (name === undefined || Object.hasOwn(fields, name)) return undefined;
    const value = valueAfter(cursor, own, depth, true);
    if (value === undefined) return undefined;
    fields[name] = value;
  } while (cursor.indent === own && !isMarker(cursor));
  return cursor.indent > own ? undefined : fields;
}

function sequence(cursor: Cursor, depth: number): Json | undefined {
  const own = cursor.indent;
  const items: Json[] = [];
  do {
    cursor.at += 1;
    const value = itemAfter(cursor, own, depth);
    if (value === undefined) return undefined;
    items.push(value);
  } while (cursor.indent === own && isItem(cursor));
  return cursor.indent > own ? undefined : items;
}

function itemAfter(cursor: Cursor, own: number, depth: number): Json | undefined {
  const start = cursor.at;
  skipSpaces(cursor);
  const first = cursor.at;
  // A mapping that begins on the line of its dash is indented as far as its first key.
  if (key(cursor) !== undefined) {
    if (depth + 1 > deepest) return undefined;
    cursor.at = first;
    cursor.indent = own + 1 + (first - start);
    return mapping(cursor, depth + 1);
  }
  cursor.at = start;
  return valueAfter(cursor, own, depth, false);
}

/** The value after a colon or a dash: on the line, or below it. */
function valueAfter(cursor: Cursor, own: number, depth: number, isInMapping: boolean): Json | undefined {
  skipSpaces(cursor);
  if (!isLineEnd(cursor, cursor.at) && cursor.text.charCodeAt(cursor.at) !== hash) {
    const value = inline(cursor, depth);
    return value !== undefined && endLine(cursor) ? value : undefined;
  }
  if (!endLine(cursor)) return undefined;
  if (cursor.indent > own) return block(cursor, depth + 1);
  return isInMapping && cursor.indent === own && isItem(cursor) && !isMarker(cursor)
    ? sequence(cursor, depth + 1)
    : null;
}

/** A value that ends on its line. */
function inline(cursor: Cursor, depth: number): Json | undefined {
  const code = cursor.text.charCodeAt(cursor.at);
  if (code === openBrace || code === openBracket) return flow(cursor, depth + 1);
  if (code === doubleQuote || code === singleQuote) return quoted(cursor, code);
  let end = cursor.text.indexOf('\n', cursor.at);
  if (end < 0) end = cursor.text.length;
  for (let next = cursor.at; next < end; next += 1) {
    const found = cursor.text.charCodeAt(next);
    if (found === colon && (next + 1 === end || cursor.text.charCodeAt(next + 1) === space)) return undefined;
    if (found === hash && cursor.text.charCodeAt(next - 1) === space) end = next;
  }
  while (cursor.text.charCodeAt(end - 1) === space) end -= 1;
  return unquoted(cursor, end);
}

function quoted(cursor: Cursor, quote: number): string | undefined {
  let end = cursor.at + 1;
  for (; ; end += 1) {
    const code = cursor.text.charCodeAt(end);
    if (code === quote) break;
    if (end >= cursor.text.length || code === newline || (code === backslash && quote === doubleQuote))
      return undefined;
  }
  // '' stands for one of them.
  if (quote === singleQuote && cursor.text.charCodeAt(end + 1) === quote) return undefined;
  const value = cursor.text.slice(cursor.at + 1, end);
  cursor.at = end + 1;
  return value;
}

function unquoted(cursor: Cursor, end: number): Json | undefined {
  const first = cursor.text.charCodeAt(cursor.at);
  const isNumberLike = isDigit(first) || (first === dash && isDigit(cursor.text.charCodeAt(cursor.at + 1)));
  if (!isNumberLike && !beginsText(first)) return undefined;
  const value = cursor.text.slice(cursor.at, end);
  cursor.at = end;
  if (!isNumberLike) {
    if (value.length <= 5 && words.has(value)) return words.get(value) ?? null;
    return value.length <= 3 && oldMeaning(value) !== undefined ? undefined : value;
  }
  if (whole.test(value)) return value.length < 16 ? Number(value) : numberFrom(value);
  if (decimal.test(value) || scientific.test(value)) return numberFrom(value);
  return otherNumber.test(value) || oldMeaning(value) !== undefined ? undefined : value;
}

function flow(cursor: Cursor, depth: number): Json | undefined {
  if (depth > deepest) return undefined;
  const isMapping = cursor.text.charCodeAt(cursor.at) === openBrace;
  const close = isMapping ? closeBrace : closeBracket;
  const fields: { [name: string]: Json } = {};
  const items: Json[] = [];
  cursor.at += 1;
  skipSpaces(cursor);
  if (cursor.text.charCodeAt(cursor.at) === close) {
    cursor.at += 1;
    return isMapping ? fields : items;
  }
  for (;;) {
    let name = '';
    if (isMapping) {
      const found = key(cursor);
      if (found === undefined || Object.hasOwn(fields, found)) return undefined;
      name = found;
      skipSpaces(cursor);
    }
    const value = flowValue(cursor, depth);
    if (value === undefined) return undefined;
    if (isMapping) fields[name] = value;
    else items.push(value);
    skipSpaces(cursor);
    const code = cursor.text.charCodeAt(cursor.at);
    if (code !== comma && code !== close) return undefined;
    cursor.at += 1;
    if (code === close) return isMapping ? fields : items;
    skipSpaces(cursor);
  }
}

function flowValue(cursor: Cursor, depth: number): Json | undefined {
  const code = cursor.text.charCodeAt(cursor.at);
  if (code === openBrace || code === openBracket) return flow(cursor, depth + 1);
  if (code === doubleQuote || code === singleQuote) return quoted(cursor, code);
  let end = cursor.at;
  for (; ; end += 1) {
    const found = cursor.text.charCodeAt(end);
    if (!isLetter(found) && !isDigit(found) && !isHarmless(found)) break;
  }
  while (end > cursor.at && cursor.text.charCodeAt(end - 1) === space) end -= 1;
  return end === cursor.at ? undefined : unquoted(cursor, end);
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** No indicator of YAML, and no sign of a number. */
function beginsText(code: number): boolean {
  return (
    isLetter(code) ||
    code === underscore ||
    code === slash ||
    code === dollar ||
    code === openParenthesis ||
    code > 126
  );
}

/** Inside of an unquoted text in a flow collection. */
function isHarmless(code: number): boolean {
  return code === space || code === dash || code === dot || code === slash || code === underscore;
}
