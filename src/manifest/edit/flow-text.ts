import { isMap, isScalar, type ParsedNode } from 'yaml';
import { type Json, writeJson } from '../../model/json.ts';
import { scalarLike } from './scalar-style.ts';
import { escapedText, isNested, quotedText } from './write-yaml.ts';

/** How a value is written inside of brackets. */
export interface FlowStyle {
  readonly json: boolean;
  /** Texts in double quotes with escapes only. */
  readonly escaped: boolean;
  /** The collection that it is in, or in whose place it comes: whose keys' quotes are taken over. */
  readonly around: ParsedNode;
  /** The text that it comes into: JSON on one line has spaces where this has them. */
  readonly text: string;
  /** What begins each line, and what one more level adds, for JSON over several lines; absent = on one line. */
  readonly lines?: { readonly newLine: string; readonly step: string };
}

/** A value inside of brackets; `before` is what stood there. */
export function flowText(value: Json, style: FlowStyle, before: ParsedNode | null = null): string {
  const { json, escaped, lines } = style;
  if (!isNested(value)) return scalarLike(value, before, { flow: true, json, escaped });
  if (json && lines === undefined)
    return /":[ \t]/.test(style.text)
      ? writeJson(value, 1).replace(/(,?)\n */g, (_match, comma: string) => comma && ', ')
      : writeJson(value);
  if (json)
    return writeJson(value, 1).replace(
      /\n( *)/g,
      (_match, levels: string) => `${lines?.newLine}${lines?.step.repeat(levels.length)}`,
    );
  if (Array.isArray(value)) return `[${value.map((item: Json) => flowText(item, style)).join(', ')}]`;
  const parts = Object.entries(value).map(([key, item]) => flowEntry(key, item, style));
  return `{${parts.join(', ')}}`;
}

export function flowEntry(key: string, value: Json, style: FlowStyle): string {
  const { json, escaped, around } = style;
  const plain = escaped && !json ? escapedText(key) : quotedText(key);
  const first: unknown = isMap(around) ? around.items[0]?.key : undefined;
  const isQuoted = json || (isScalar(first) && first.type === 'QUOTE_DOUBLE');
  const written = isQuoted && !plain.startsWith('"') ? JSON.stringify(key) : plain;
  return `${written}: ${flowText(value, style)}`;
}
