import type { ParsedNode } from 'yaml';
import { type Json, objectOf } from '../../model/json.ts';
import { contentEnd, lineStart } from '../read/source-text.ts';
import type { Draft, Pair } from './draft.ts';
import { endOfPair, isIndented, itemSlot, marginAt, ownEnd, ownStart, startsLine } from './layout.ts';
import { blockLines } from './write-yaml.ts';

/** Takes entries out of a block mapping, with the comments right above them, and puts new ones after the entries that the numbers name. */
export function changeBlockMap(
  draft: Draft,
  items: readonly Pair[],
  removed: ReadonlySet<number>,
  added: ReadonlyMap<number, readonly (readonly [string, Json])[]>,
): void {
  const [first] = items;
  if (first === undefined) {
    draft.fail('layout');
    return;
  }
  const margin = marginAt(draft.text, draft.startOf(first.key));
  const from = items.findIndex((_item, index) => !removed.has(index));
  // After a dash, the first key that stays moves there.
  const moves = removed.has(0) && !isIndented(draft.text, first.key.range[0]);
  if (moves) takeFromSharedLine(draft, items.slice(0, from + 1));
  for (const [index, { key, value }] of items.entries()) {
    const end = endOfPair(draft.text, key, value);
    if (removed.has(index) && !(moves && index < from)) {
      if (isIndented(draft.text, key.range[0]))
        draft.put(ownStart(draft.text, draft.startOf(key)), ownEnd(draft.text, end, margin), '');
      else draft.fail('layout');
    }
    const lines = (added.get(index) ?? []).flatMap(([name, item]) =>
      blockLines(objectOf([[name, item]]), margin, draft.escaped),
    );
    if (lines.length === 0) continue;
    if (!startsLine(draft.text, key)) draft.fail('layout');
    draft.putBelow(end, lines);
  }
}

/** Takes the first keys away of a mapping that begins after a dash; the last of these is the one that moves there. */
function takeFromSharedLine(draft: Draft, items: readonly Pair[]): void {
  const [first, next] = [items[0], items.at(-1)];
  if (first === undefined || next === undefined || !startsLine(draft.text, first.key)) {
    draft.fail('layout');
    return;
  }
  const blank: string[] = [];
  for (const [index, { key, value }] of items.slice(0, -1).entries()) {
    const behind = items[index + 1];
    if (behind === undefined) continue;
    const between = draft.text.slice(endOfPair(draft.text, key, value), draft.startOf(behind.key));
    // A comment between them would go too.
    if (between.includes('#')) draft.fail('layout');
    blank.push(...between.split('\n').slice(1, -1));
  }
  // Blank lines stay, above the dash.
  const start = lineStart(draft.text, draft.startOf(first.key));
  if (blank.length > 0) draft.put(start, start, blank.map((line) => `${line}\n`).join(''));
  draft.put(draft.startOf(first.key), draft.startOf(next.key), '');
}

/** An item that comes to a list; `item`: it was in it before, at another place, and moves with its lines. */
export type NewItem = { readonly value: Json; readonly item?: ParsedNode };

/** Takes items out of a block sequence, with the comments right above them, and puts new ones below those that the numbers name; -1 = before the first. */
export function changeBlockList(
  draft: Draft,
  items: readonly ParsedNode[],
  removed: ReadonlySet<number>,
  added: ReadonlyMap<number, readonly NewItem[]>,
): void {
  for (const index of removed) {
    const item = items[index];
    const slot = item && itemSlot(draft.text, item);
    if (item === undefined || slot === undefined || !isIndented(draft.text, slot.after - 1)) {
      draft.fail('layout');
      return;
    }
    draft.put(
      ownStart(draft.text, slot.after - 1),
      ownEnd(draft.text, contentEnd(draft.text, item), slot.margin),
      '',
    );
  }
  for (const [index, list] of added) {
    const item = items[Math.max(index, 0)];
    const slot = item && itemSlot(draft.text, item);
    if (item === undefined || slot === undefined || list.length === 0) {
      draft.fail('layout');
      return;
    }
    const lines = list.flatMap(
      (one) => movedLines(draft, one) ?? blockLines([one.value], slot.margin, draft.escaped),
    );
    const start = ownStart(draft.text, slot.after - 1);
    if (index >= 0) draft.putBelow(contentEnd(draft.text, item), lines);
    else if (isIndented(draft.text, slot.after - 1))
      draft.put(start, start, lines.map((line) => line + draft.lineBreak).join(''));
    else draft.fail('layout');
  }
}

/** The lines of an item as they are, with its comments; undefined when it is new, or may not be taken over. */
function movedLines({ text, json, escaped }: Draft, { item }: NewItem): readonly string[] | undefined {
  const slot = item && itemSlot(text, item);
  if (item === undefined || slot === undefined || json || escaped || !isIndented(text, slot.after - 1))
    return undefined;
  const end = ownEnd(text, contentEnd(text, item), slot.margin);
  return text
    .slice(ownStart(text, slot.after - 1), end)
    .replace(/\r?\n$/, '')
    .split(/\r?\n/);
}
