import { isAlias, type ParsedNode } from 'yaml';
import { contentEnd, lineBreakOf, lineStart, nextLine } from '../read/source-text.ts';

/** Where a whole value is, and so how another is put in its place. */
export type Slot = EntrySlot | ItemSlot | { readonly kind: 'flow' };

/** After a colon in a block mapping; `after` is after that colon, `margin` the spaces before its key. */
export interface EntrySlot {
  readonly kind: 'entry';
  readonly after: number;
  readonly margin: string;
}

/** After a dash; `after` is after it, `margin` the spaces before it. */
export interface ItemSlot {
  readonly kind: 'item';
  readonly after: number;
  readonly margin: string;
}

/** The slot of a value in a block mapping; undefined for a key that is written in an unusual way. */
export function entrySlot(text: string, key: ParsedNode): EntrySlot | undefined {
  const colon = /^\s*:/.exec(text.slice(key.range[1], key.range[1] + 200));
  if (colon === null || !startsLine(text, key)) return undefined;
  return { kind: 'entry', after: key.range[1] + colon[0].length, margin: marginAt(text, key.range[0]) };
}

/** The slot of an item in a block sequence; undefined when its dash is not on its line. */
export function itemSlot(text: string, item: ParsedNode): ItemSlot | undefined {
  const start = lineStart(text, item.range[0]);
  const dash = /-[ \t]*(?:[&!]\S*[ \t]+)*$/.exec(text.slice(start, item.range[0]));
  if (dash === null) return undefined;
  const at = start + dash.index;
  return { kind: 'item', after: at + 1, margin: marginAt(text, at) };
}

/** Nothing is before a key on its line but spaces, dashes, or the start of the document. */
export function startsLine(text: string, key: ParsedNode): boolean {
  const before = text.slice(lineStart(text, key.range[0]), key.range[0]);
  return !hasProperties(key) && /^\ufeff?(?:--- )?(?: *- )* *$/.test(before);
}

/** Nothing is before an offset on its line but spaces. */
export function isIndented(text: string, offset: number): boolean {
  return /^\ufeff? *$/.test(text.slice(lineStart(text, offset), offset));
}

/** An anchor or a tag is before the node: its range begins after them. */
export function hasProperties(node: ParsedNode): boolean {
  return !isAlias(node) && (Boolean(node.anchor) || node.tag?.startsWith('!') === true);
}

/** As many spaces as there are characters before an offset on its line. */
export function marginAt(text: string, offset: number): string {
  const before = text.slice(lineStart(text, offset), offset);
  return before.replace(/^\ufeff/, '').replace(/./g, ' ');
}

/** The spaces with which the line of an offset begins. */
export function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';
}

/** How lines begin that belong to the line of an offset: what is before each, and what one more level adds. */
export function linesAt(text: string, offset: number): { readonly newLine: string; readonly step: string } {
  const step = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  return { newLine: lineBreakOf(text) + indentAt(text, offset), step };
}

/**
 * Where the lines of a block entry begin: with the comments right above it, which are about it. Those at the beginning
 * of a document are about all of it.
 */
export function ownStart(text: string, offset: number): number {
  const margin = indentAt(text, offset);
  const own = lineStart(text, offset);
  for (let start = own; start > 0; ) {
    const above = lineStart(text, start - 1);
    const line = text.slice(above, start);
    if (!line.startsWith(`${margin}#`)) return /^(?:---|%|\.\.\.)/.test(line) ? own : start;
    start = above;
  }
  return own;
}

/** Where the lines of a block entry end: with the comments right below it that are indented deeper than it. */
export function ownEnd(text: string, offset: number, margin: string): number {
  for (let end = nextLine(text, offset); ; ) {
    const indent = /^([ \t]+)#/.exec(text.slice(end, nextLine(text, end)))?.[1];
    if (indent === undefined || indent.length <= margin.length) return end;
    end = nextLine(text, end);
  }
}

const longestLine = 120;

/** Whether a line would be longer than people read, with a text at an offset. */
export function isTooLong(text: string, offset: number, added: string): boolean {
  return offset - lineStart(text, offset) + added.length > longestLine;
}

/** Where the value of a key ends, or the key itself when there is none. */
export function endOfPair(text: string, key: ParsedNode, value: ParsedNode | null): number {
  return Math.max(key.range[1], value === null ? 0 : contentEnd(text, value));
}
