import type { Json } from '../../model/json.ts';
import { numberFrom } from '../../model/number.ts';
import { oldMeaning } from './yaml-number.ts';

// Printable text without tabs, carriage returns, blanks that look like others, marks, and pairs of surrogates.
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
const blank = 32;
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

/**
 * The documents of a text that is plain YAML 1.2: block mappings and sequences, texts on one line, numbers, truth
 * values, and flow collections on one line. Undefined for every other text, also for every text with anything wrong in
 * it: that is for the parser of the whole language, which reads the same from this part of it, as a test shows. Plain
 * manifests are read some ten times faster here.
 */
export function readPlain(text: string): readonly Json[] | undefined {
  if (unusual.test(text)) return undefined;
  /** Where the reader is; at the start of a line that is its first character that is no blank. */
  let at = 0;
  /** How far the line is indented, -1 behind the last one. */
  let indent = -1;

  /** On to the next line that has more than a comment on it; `from` is where a line starts. */
  function startLine(from: number): void {
    for (let start = from; start < text.length; ) {
      let first = start;
      while (text.charCodeAt(first) === blank) first += 1;
      const code = text.charCodeAt(first);
      if (first < text.length && code !== newline && code !== hash) {
        at = first;
        indent = first - start;
        return;
      }
      const end = code === newline ? first : text.indexOf('\n', first);
      if (end < 0) break;
      start = end + 1;
    }
    at = text.length;
    indent = -1;
  }

  function skipBlanks(): void {
    while (text.charCodeAt(at) === blank) at += 1;
  }

  /** True when nothing but a comment is left on the line; then the reader is on the next one. */
  function endLine(): boolean {
    skipBlanks();
    if (at < text.length) {
      const code = text.charCodeAt(at);
      if (code === hash) {
        if (text.charCodeAt(at - 1) !== blank) return false;
        // `MON #1` without quotes is a mistake that the whole parser tells of.
        const next = text.charCodeAt(at + 1);
        if (next >= 48 && next <= 57) return false;
        const end = text.indexOf('\n', at);
        at = end < 0 ? text.length : end;
      } else if (code !== newline) return false;
    }
    startLine(at + 1);
    return true;
  }

  function isMarker(): boolean {
    return indent === 0 && text.startsWith('---', at) && isLineEnd(at + 3);
  }

  function isLineEnd(offset: number): boolean {
    return offset >= text.length || text.charCodeAt(offset) === newline;
  }

  function isItem(): boolean {
    return (
      text.charCodeAt(at) === dash && (isLineEnd(at + 1) || text.charCodeAt(at + 1) === blank) && indent >= 0
    );
  }

  /** A key and its colon, and the blanks behind. */
  function key(): string | undefined {
    let end = at;
    for (; ; end += 1) {
      const code = text.charCodeAt(end);
      if (isLetter(code) || code === underscore) continue;
      if (end > at && (isDigit(code) || code === dash || code === dot || code === slash)) continue;
      break;
    }
    if (end === at || end - at > longestKey || text.charCodeAt(end) !== colon) return undefined;
    if (!isLineEnd(end + 1) && text.charCodeAt(end + 1) !== blank) return undefined;
    const name = text.slice(at, end);
    if (name === '__proto__' || words.has(name)) return undefined;
    at = end + 1;
    return name;
  }

  function block(depth: number): Json | undefined {
    if (depth > deepest) return undefined;
    return isItem() ? sequence(depth) : mapping(depth);
  }

  function mapping(depth: number): Json | undefined {
    const own = indent;
    const fields: { [name: string]: Json } = {};
    do {
      const name = key();
      if (name === undefined || Object.hasOwn(fields, name)) return undefined;
      const value = valueBehind(own, depth, true);
      if (value === undefined) return undefined;
      fields[name] = value;
    } while (indent === own && !isMarker());
    return indent > own ? undefined : fields;
  }

  function sequence(depth: number): Json | undefined {
    const own = indent;
    const items: Json[] = [];
    do {
      at += 1;
      const value = itemBehind(own, depth);
      if (value === undefined) return undefined;
      items.push(value);
    } while (indent === own && isItem());
    return indent > own ? undefined : items;
  }

  function itemBehind(own: number, depth: number): Json | undefined {
    const start = at;
    skipBlanks();
    const first = at;
    // A mapping that begins on the line of its dash is indented as far as its first key.
    if (key() !== undefined) {
      if (depth + 1 > deepest) return undefined;
      at = first;
      indent = own + 1 + (first - start);
      return mapping(depth + 1);
    }
    at = start;
    return valueBehind(own, depth, false);
  }

  /** What stands behind a colon or a dash: on the line, or below it. */
  function valueBehind(own: number, depth: number, isInMapping: boolean): Json | undefined {
    skipBlanks();
    if (!isLineEnd(at) && text.charCodeAt(at) !== hash) {
      const value = inline(depth);
      return value !== undefined && endLine() ? value : undefined;
    }
    if (!endLine()) return undefined;
    if (indent > own) return block(depth + 1);
    return isInMapping && indent === own && isItem() && !isMarker() ? sequence(depth + 1) : null;
  }

  /** A value that ends on its line. */
  function inline(depth: number): Json | undefined {
    const code = text.charCodeAt(at);
    if (code === openBrace || code === openBracket) return flow(depth + 1);
    if (code === doubleQuote || code === singleQuote) return quoted(code);
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    for (let next = at; next < end; next += 1) {
      const found = text.charCodeAt(next);
      if (found === colon && (next + 1 === end || text.charCodeAt(next + 1) === blank)) return undefined;
      if (found === hash && text.charCodeAt(next - 1) === blank) end = next;
    }
    while (text.charCodeAt(end - 1) === blank) end -= 1;
    return unquoted(end);
  }

  function quoted(quote: number): string | undefined {
    let end = at + 1;
    for (; ; end += 1) {
      const code = text.charCodeAt(end);
      if (code === quote) break;
      if (end >= text.length || code === newline || (code === backslash && quote === doubleQuote))
        return undefined;
    }
    // '' stands for one of them.
    if (quote === singleQuote && text.charCodeAt(end + 1) === quote) return undefined;
    const value = text.slice(at + 1, end);
    at = end + 1;
    return value;
  }

  function unquoted(end: number): Json | undefined {
    const first = text.charCodeAt(at);
    const isNumberLike = isDigit(first) || (first === dash && isDigit(text.charCodeAt(at + 1)));
    if (!isNumberLike && !beginsText(first)) return undefined;
    const value = text.slice(at, end);
    at = end;
    if (!isNumberLike) {
      if (value.length <= 5 && words.has(value)) return words.get(value) ?? null;
      return value.length <= 3 && oldMeaning(value) !== undefined ? undefined : value;
    }
    if (whole.test(value)) return value.length < 16 ? Number(value) : numberFrom(value);
    if (decimal.test(value) || scientific.test(value)) return numberFrom(value);
    return otherNumber.test(value) || oldMeaning(value) !== undefined ? undefined : value;
  }

  function flow(depth: number): Json | undefined {
    if (depth > deepest) return undefined;
    const isMapping = text.charCodeAt(at) === openBrace;
    const close = isMapping ? closeBrace : closeBracket;
    const fields: { [name: string]: Json } = {};
    const items: Json[] = [];
    at += 1;
    skipBlanks();
    if (text.charCodeAt(at) === close) {
      at += 1;
      return isMapping ? fields : items;
    }
    for (;;) {
      let name = '';
      if (isMapping) {
        const found = key();
        if (found === undefined || Object.hasOwn(fields, found)) return undefined;
        name = found;
        skipBlanks();
      }
      const value = flowValue(depth);
      if (value === undefined) return undefined;
      if (isMapping) fields[name] = value;
      else items.push(value);
      skipBlanks();
      const code = text.charCodeAt(at);
      if (code !== comma && code !== close) return undefined;
      at += 1;
      if (code === close) return isMapping ? fields : items;
      skipBlanks();
    }
  }

  function flowValue(depth: number): Json | undefined {
    const code = text.charCodeAt(at);
    if (code === openBrace || code === openBracket) return flow(depth + 1);
    if (code === doubleQuote || code === singleQuote) return quoted(code);
    let end = at;
    for (; ; end += 1) {
      const found = text.charCodeAt(end);
      if (!isLetter(found) && !isDigit(found) && !isHarmless(found)) break;
    }
    while (end > at && text.charCodeAt(end - 1) === blank) end -= 1;
    return end === at ? undefined : unquoted(end);
  }

  startLine(0);
  const documents: Json[] = [];
  do {
    if (isMarker()) startLine(at + 4);
    else if (documents.length > 0) return undefined;
    if (indent !== 0 || isMarker()) return undefined;
    const value = block(0);
    if (value === undefined) return undefined;
    documents.push(value);
  } while (indent >= 0);
  return documents;
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
  return code === blank || code === dash || code === dot || code === slash || code === underscore;
}
