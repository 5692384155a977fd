import { isCollection, isScalar, type ParsedNode } from 'yaml';
import type { Json } from '../../model/json.ts';
import {
  contentEnd,
  isBlockScalar,
  lineBreakOf,
  lineEnd,
  lineStart,
  type Splice,
} from '../read/source-text.ts';
import { flowText } from './flow-text.ts';
import { type EntrySlot, type ItemSlot, isTooLong, linesAt, type Slot } from './layout.ts';
import { type Surroundings, scalarLike } from './scalar-style.ts';
import { blockLines, blockOf, isNested, type Nested } from './write-yaml.ts';

// What JSON over several lines has before a value: spaces, and its key.
const ownLine = /^[ \t]+(?:"(?:[^"\\]|\\.)*"\s*:\s*)?$/;

/**
 * The edits that put another value in the place of a node: a scalar in the quotes that were there, a collection in
 * brackets where brackets were, else as lines. The comment on the line of the key stays.
 */
export function replace(
  text: string,
  node: ParsedNode,
  value: Json,
  slot: Slot,
  style: Pick<Surroundings, 'json' | 'escaped'>,
): readonly Splice[] {
  const [start, valueEnd] = node.range;
  if (slot.kind === 'flow' || (isCollection(node) && node.flow && isNested(value))) {
    const isWide =
      text.slice(start, valueEnd).includes('\n') || ownLine.test(text.slice(lineStart(text, start), start));
    const lines = isWide ? { lines: linesAt(text, start) } : {};
    const written = flowText(value, { ...style, text, around: node, ...lines }, node);
    const mayBeLines = slot.kind !== 'flow' && !style.json && !style.escaped && !isWide;
    if (!mayBeLines || !isTooLong(text, start, written)) return [{ start, end: valueEnd, text: written }];
  }
  const old: Old = { text, node, end: start === valueEnd ? slot.after : contentEnd(text, node) };
  if (isNested(value))
    return slot.kind === 'item'
      ? itemLines(old, value, slot, style.escaped)
      : entryLines(old, value, slot, style.escaped);
  const block = style.escaped ? undefined : literalBlock(old, value);
  return block ?? inline(old, scalarLike(value, node, { ...style, flow: false }), slot);
}

/** What goes. */
interface Old {
  readonly text: string;
  readonly node: ParsedNode;
  /** Where it ends, comments after it not included. */
  readonly end: number;
}

function itemLines(
  { text, end }: Old,
  value: Nested,
  { after, margin }: ItemSlot,
  escaped: boolean,
): readonly Splice[] {
  const lines = blockLines([value], margin, escaped).join(lineBreakOf(text));
  return [{ start: after, end, text: lines.slice(margin.length + 1) }];
}

function entryLines(
  { text, node, end }: Old,
  value: Nested,
  slot: EntrySlot,
  escaped: boolean,
): readonly Splice[] {
  const { after, margin } = slot;
  const lineBreak = lineBreakOf(text);
  const lines = blockLines(value, `${margin}  `, escaped)
    .map((line) => lineBreak + line)
    .join('');
  if (isBlockScalar(node)) return [{ start: node.range[0] - 1, end, text: lines }];
  if (isCollection(node) && !node.flow) return [{ start: lineEnd(text, after), end, text: lines }];
  const below = lineEnd(text, end);
  return [
    { start: after, end, text: '' },
    { start: below, end: below, text: lines },
  ];
}

/** A literal block stays one where the new text can be in one. */
function literalBlock({ text, node, end }: Old, value: Json): readonly Splice[] | undefined {
  if (typeof value !== 'string' || !isScalar(node) || node.type !== 'BLOCK_LITERAL') return undefined;
  const [start, valueEnd] = node.range;
  const margin = /\n([ ]+)\S/.exec(text.slice(start, valueEnd))?.[1];
  const [header, ...lines] = (margin === undefined ? undefined : blockOf(value, margin)) ?? [];
  if (header === undefined) return undefined;
  const first = header.trim() + commentBehind(text, start);
  return [{ start, end, text: [first, ...lines].join(lineBreakOf(text)) }];
}

function inline({ text, node, end }: Old, value: string, slot: EntrySlot | ItemSlot): readonly Splice[] {
  const [start, valueEnd] = node.range;
  const { after } = slot;
  if (isBlockScalar(node)) return [{ start, end, text: value + commentBehind(text, start) }];
  if (start === valueEnd) return [{ start: after, end: after, text: ` ${value}` }];
  if (!isCollection(node) || node.flow) return [{ start, end, text: value }];
  const headEnd = lineEnd(text, after);
  if (headEnd > start) return [{ start: after, end, text: ` ${value}` }];
  return [
    { start: after, end: after, text: ` ${value}` },
    { start: headEnd, end, text: '' },
  ];
}

/** The comment on the line of a block scalar's header. */
function commentBehind(text: string, start: number): string {
  return /\s+#.*$/.exec(text.slice(start, lineEnd(text, start)))?.[0] ?? '';
}
