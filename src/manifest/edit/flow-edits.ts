import { isSeq, type ParsedNode } from 'yaml';
import type { Json } from '../../model/json.ts';
import type { Draft, Pair } from './draft.ts';
import { type FlowStyle, flowEntry, flowText } from './flow-text.ts';
import { endOfPair, indentAt, linesAt } from './layout.ts';

/** A part of a flow collection: a key with its value, or an item. */
interface Part {
  readonly start: number;
  readonly end: number;
}

/** Takes parts out of a flow collection and puts new ones in, with the separators that it has. */
export function changeFlow(
  draft: Draft,
  node: ParsedNode,
  parts: readonly Part[],
  removed: ReadonlySet<number>,
  added: ReadonlyMap<number, readonly (readonly [string | undefined, Json])[]>,
): void {
  const [first, second] = parts;
  if (first === undefined) {
    draft.fail('layout');
    return;
  }
  const separator = separatorOf(draft, node, first, second);
  const style: FlowStyle = {
    json: draft.json,
    escaped: draft.escaped,
    around: node,
    text: draft.text,
    ...(separator.includes('\n') && !isListOfLines(draft, node, parts)
      ? { lines: linesAt(draft.text, first.start) }
      : {}),
  };
  const written = (list: readonly (readonly [string | undefined, Json])[]): readonly string[] =>
    list.map(([key, value]) => (key === undefined ? flowText(value, style) : flowEntry(key, value, style)));
  const before = written(added.get(-1) ?? []);
  if (before.length > 0) draft.put(first.start, first.start, before.map((one) => one + separator).join(''));
  for (let index = 0; index < parts.length; index += 1) {
    if (removed.has(index)) {
      index = takeOut(draft, parts, index, removed);
      continue;
    }
    const { end } = parts[index] as Part;
    const more = written(added.get(index) ?? []);
    if (more.length > 0) draft.put(end, end, more.map((one) => separator + one).join(''));
  }
}

/** Items that are collections, each on one line: a new one is as well. */
function isListOfLines(draft: Draft, node: ParsedNode, parts: readonly Part[]): boolean {
  const items = parts
    .map(({ start, end }) => draft.text.slice(start, end))
    .filter((item) => /^[[{]/.test(item));
  return isSeq(node) && items.length > 0 && items.every((item) => !item.includes('\n'));
}

/** What is between two parts, or would be. */
function separatorOf(draft: Draft, node: ParsedNode, first: Part, second: Part | undefined): string {
  const between = second === undefined ? '#' : draft.text.slice(first.end, second.start);
  if (!between.includes('#')) return between;
  const opening = draft.text.slice(node.range[0] + 1, first.start);
  return opening.includes('\n') ? `,${draft.lineBreak}${indentAt(draft.text, first.start)}` : ', ';
}

/** Takes out a part and all removed ones right after it, with one separator; returns the last of them. */
function takeOut(draft: Draft, parts: readonly Part[], index: number, removed: ReadonlySet<number>): number {
  let last = index;
  while (removed.has(last + 1)) last += 1;
  const [part, final] = [parts[index] as Part, parts[last] as Part];
  const next = parts[last + 1];
  const [start, end] =
    next !== undefined ? [part.start, next.start] : [parts[index - 1]?.end ?? part.start, final.end];
  if (draft.text.slice(start, end).includes('#') && /(^|\s)#/.test(draft.text.slice(final.end, end)))
    draft.fail('layout');
  draft.put(start, end, '');
  return last;
}

export function partOfPair(draft: Draft, { key, value }: Pair): Part {
  return { start: draft.startOf(key), end: endOfPair(draft.text, key, value) };
}
