import { isAlias, isCollection, isMap, isScalar, type ParsedNode } from 'yaml';

/** A piece of a text and what comes in its place. UTF-16 offsets, `end` exclusive; `start` = `end` inserts. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text with pieces replaced; those at one place come in the given order. Undefined when two of them overlap. */
export function spliced(text: string, splices: readonly Splice[]): string | undefined {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text: inserted } of [...splices].sort(
    (a, b) => a.start - b.start || a.end - b.end,
  )) {
    if (start < at) return undefined;
    parts.push(text.slice(at, start), inserted);
    at = end;
  }
  return parts.join('') + text.slice(at);
}

/** Where the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line of an offset ends, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  if (at < 0) return text.length;
  return text[at - 1] === '\r' && at > offset ? at - 1 : at;
}

/** Where the line after that of an offset begins. */
export function nextLine(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at < 0 ? text.length : at + 1;
}

/** What ends the lines of a text. */
export function lineBreakOf(text: string): '\n' | '\r\n' {
  return /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n';
}

export function isBlockScalar(node: ParsedNode): boolean {
  return isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');
}

/** Where the last thing of a node ends that is neither a comment nor a line break. */
export function contentEnd(text: string, node: ParsedNode): number {
  if (isAlias(node) || (isCollection(node) && node.flow)) return node.range[1];
  if (isBlockScalar(node)) {
    const [start, end] = node.range;
    return start + text.slice(start, end).trimEnd().length;
  }
  if (!isCollection(node)) return node.range[1];
  const last: unknown = node.items.at(-1);
  if (!isMap(node)) return last ? contentEnd(text, last as ParsedNode) : node.range[1];
  const pair = node.items.at(-1);
  if (pair === undefined) return node.range[1];
  const { key, value } = pair as { key: ParsedNode; value: ParsedNode | null };
  return Math.max(key.range[1], value === null ? 0 : contentEnd(text, value));
}
