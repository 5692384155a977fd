import { parseJson } from '../../model/json.ts';

/** Where a text stops being JSON. */
export interface JsonFault {
  /** UTF-16 offset; the text's length when it ends too early. */
  readonly offset: number;
  readonly expected: string;
}

/**
 * The first place at which a text is not the JSON of one value; undefined when it is. YAML takes more than JSON, and
 * reads `{"a": 1 "b": 2}` as one key, so JSON files are held to this as well. A byte order mark at the start is passed
 * over. Depth and the range of numbers are judged by the reader of YAML, which knows more to say.
 */
export function jsonFault(text: string): JsonFault | undefined {
  const start = text.startsWith('\ufeff') ? 1 : 0;
  const parsed = parseJson(text.slice(start));
  return parsed.ok || parsed.expected === undefined
    ? undefined
    : { offset: parsed.offset + start, expected: parsed.expected };
}
