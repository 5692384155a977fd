import { isSeq, type ParsedNode } from 'yaml';
import type { Json } from '../../model/json.ts';
import { contentEnd, lineStart, nextLine } from '../read/source-text.ts';
import type { Draft, Pair } from './draft.ts';
import { type FlowStyle, flowEntry, flowText } from './flow-text.ts';
import { endOfPair, indentAt, isIndented, isTooLong, linesAt, ownStart } from './layout.ts';

/** A part of a flow collection: a key with its value, or an item. */
interface Part {
  readonly start: number;
  readonly end: number;
}

/** A key, or none for an item, with its value; `item`: it was in the list before, at another place. */
type NewPart = readonly [key: string | undefined, value: Json, item?: ParsedNode | undefined];

/** Takes parts out of a flow collection and puts new ones in, with the separators that it has. */
export function changeFlow(
  draft: Draft,
  node: ParsedNode,
  parts: readonly Part[],
  removed: ReadonlySet<number>,
  added: ReadonlyMap<number, readonly NewPart[]>,
): void {
  const [first, second] = parts;
  if (first === undefined) {
    draft.fail('layout');
    return;
  }
  const usual = separatorOf(draft, node, first, second);
  const style: FlowStyle = {
    json: draft.json,
    escaped: draft.escaped,
    around: node,
    text: draft.text,
    ...(usual.includes('\n') && !isListOfLines(draft, node, parts)
      ? { lines: linesAt(draft.text, first.start) }
      : {}),
  };
  const written = (list: readonly NewPart[]): readonly string[] =>
    list.map(([key, value, item]) => {
      if (item !== undefined && !draft.escaped)
        return draft.text.slice(draft.startOf(item), contentEnd(draft.text, item));
      return key === undefined ? flowText(value, style) : flowEntry(key, value, style);
    });
  // Dozens of new keys on one line are not readable; what has as many parts as before stays as it is.
  const all = [...added.values()].flatMap(written);
  const isLong =
    !draft.json &&
    !usual.includes('\n') &&
    all.length > removed.size &&
    isTooLong(draft.text, node.range[1], all.join(usual));
  const separator = isLong ? `,${draft.lineBreak}${indentAt(draft.text, node.range[0])}    ` : usual;
  const before = written(added.get(-1) ?? []);
  if (before.length > 0) draft.put(first.start, first.start, before.map((one) => one + separator).join(''));
  for (let index = 0; index < parts.length; index += 1) {
    if (removed.has(index)) {
      index = takeOut(draft, parts, index, removed);
      continue;
    }
    const { end } = parts[index] as Part;
    const more = written(added.get(index) ?? []);
    if (more.length > 0 && !putBelowComment(draft, parts[index] as Part, more))
      draft.put(end, end, more.map((one) => separator + one).join(''));
  }
}

/** New parts after one that has a comment at the end of its line, which stays the comment of that one. */
function putBelowComment(draft: Draft, { start, end }: Part, more: readonly string[]): boolean {
  const tail = draft.json
    ? null
    : /^[ \t]*(,?)[ \t]+#/.exec(draft.text.slice(end, nextLine(draft.text, end)));
  if (tail === null) return false;
  const isLast = tail[1] === '';
  if (isLast) draft.put(end, end, ',');
  const margin = indentAt(draft.text, start);
  draft.putBelow(
    end,
    more.map((one, index) => `${margin}${one}${isLast && index === more.length - 1 ? '' : ','}`),
  );
  return true;
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
  const lines = ownLines(draft, part, final, next);
  if (lines !== undefined) draft.put(...lines, '');
  else {
    const around = draft.text.slice(Math.min(start, lineStart(draft.text, part.start)), end);
    if (!draft.json && /(^|\s)#/.test(around)) draft.fail('layout');
    draft.put(start, end, '');
  }
  return last;
}

export function partOfPair(draft: Draft, { key, value }: Pair): Part {
  return { start: draft.startOf(key), end: endOfPair(draft.text, key, value) };
}

/** The lines of a part that has lines of its own, with the comments above and after it, which are about it. */
function ownLines(
  { text, json }: Draft,
  part: Part,
  final: Part,
  next: Part | undefined,
): readonly [number, number] | undefined {
  if (json || !isIndented(text, part.start)) return undefined;
  const start = ownStart(text, part.start);
  if (next !== undefined)
    return isIndented(text, next.start) ? [start, ownStart(text, next.start)] : undefined;
  const behind = text.slice(final.end, nextLine(text, final.end));
  return /^[ \t]*,?[ \t]*(?:#.*)?\r?\n$/.test(behind) ? [start, nextLine(text, final.end)] : undefined;
}
