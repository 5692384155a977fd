import { isAlias, isCollection, isMap, isScalar, isSeq, type ParsedNode, visit } from 'yaml';
import { canonicalJson, isObject, type Json, type JsonObject, objectOf } from '../../model/json.ts';
import type { FieldPath } from '../../model/schedule.ts';
import { isMergeKey } from '../read/compose.ts';
import { contentEnd, lineBreakOf, lineStart, nextLine, type Splice } from '../read/source-text.ts';
import type { YamlDocument } from '../read/yaml.ts';
import { type FlowStyle, flowEntry, flowText } from './flow-text.ts';
import {
  endOfPair,
  entrySlot,
  hasProperties,
  indentAt,
  isIndented,
  itemSlot,
  marginAt,
  type Slot,
  startsLine,
} from './layout.ts';
import { replace } from './replace.ts';
import { blockLines } from './write-yaml.ts';

/**
 * Why a value cannot be changed where it stands.
 * - `alias`: it came by an alias or a merge
 * - `anchor`: it is what an alias refers to, so others would change with it
 * - `layout`: it is written in a way that an edit of its lines alone would break
 */
export type RewriteFault = 'alias' | 'anchor' | 'layout';

export interface Refusal {
  readonly path: FieldPath;
  readonly why: RewriteFault;
}

/** What is to be done to a text so that one of its values becomes another. */
export interface Rewrite {
  readonly splices: readonly Splice[];
  /** The value as it will be read: as wanted, but for what was refused. */
  readonly value: Json;
  readonly refused: readonly Refusal[];
}

/** Where new keys of a mapping go: behind the nearest one that precedes them here. Others go to the end. */
export type KeyOrder = (path: FieldPath) => readonly string[];

interface Setting {
  readonly text: string;
  readonly json: boolean;
  readonly order: KeyOrder;
}

/** A key of a mapping and what it has; null = nothing, not even a colon. */
interface Pair {
  readonly key: ParsedNode;
  readonly value: ParsedNode | null;
}

/** The parts of a flow collection, one for each key or item. */
interface Part {
  readonly start: number;
  readonly end: number;
}

/**
 * The edits that turn the value of a node into another, on the lines alone that hold what differs: comments, order,
 * blank lines, quotes and indentation of everything else stay. `before` is the node's value with aliases resolved.
 */
export function rewrite(
  document: YamlDocument,
  node: ParsedNode,
  before: Json,
  after: Json,
  setting: Setting,
): Rewrite {
  const { text, json, order } = setting;
  const lineBreak = lineBreakOf(text);
  const aliased = aliasedIn(document);
  const splices: Splice[] = [];
  const refused: Refusal[] = [];
  /** Of the innermost attempt: what it has put so far does not count. */
  let fault: RewriteFault | undefined;

  function fail(why: RewriteFault): void {
    fault ??= why;
  }

  function put(start: number, end: number, inserted: string): void {
    splices.push({ start, end, text: inserted });
  }

  /** Whole lines below the one of an offset. They begin where the next line does: the one of the offset may go. */
  function putBelow(offset: number, lines: readonly string[]): void {
    const at = nextLine(text, offset);
    const isOpen = at === text.length && !text.endsWith('\n');
    put(at, at, lines.map((line) => (isOpen ? lineBreak + line : line + lineBreak)).join(''));
  }

  /** Makes an edit, or notes why it cannot be made; then the value stays. */
  function attempt(path: FieldPath, before: Json, edit: () => Json): Json {
    const made = splices.length;
    const around = fault;
    fault = undefined;
    const value = edit();
    const why = fault as RewriteFault | undefined;
    fault = around;
    if (why === undefined) return value;
    splices.length = made;
    refused.push({ path, why });
    return before;
  }

  function change(
    node: ParsedNode,
    before: Json,
    after: Json,
    path: FieldPath,
    slot: Slot | undefined,
  ): Json {
    if (isSame(before, after)) return before;
    return attempt(path, before, () => {
      if (isAlias(node)) fail('alias');
      else if (node.anchor && aliased.has(node.anchor)) fail('anchor');
      if (fault !== undefined) return before;
      if (isMap(node) && isObject(before) && isObject(after)) {
        const own = node.items.filter(({ key }) => !isMergeKey(key)).map(({ key }) => keyOf(key));
        const keepsSome = own.some((key) => Object.hasOwn(after, key));
        if (keepsSome || own.length < node.items.length) return changeMap(node, before, after, path, own);
      }
      if (
        isSeq(node) &&
        Array.isArray(before) &&
        Array.isArray(after) &&
        after.length > 0 &&
        before.length > 0
      )
        return changeList(node, before, after, path);
      const shared = sharedIn(node);
      if (shared !== undefined) fail(shared);
      else if (slot === undefined) fail('layout');
      else splices.push(...replace(text, node, after, slot, json));
      return after;
    });
  }

  function changeMap(
    node: ParsedNode & { items: readonly { key: unknown; value: unknown }[] },
    before: JsonObject,
    after: JsonObject,
    path: FieldPath,
    own: readonly string[],
  ): Json {
    const items = node.items as readonly Pair[];
    const merges = own.length < items.length;
    const result = new Map<string, Json>(Object.entries(before));
    const isFlow = isCollection(node) && node.flow === true;
    const removed = new Set<number>();
    for (const [index, { key, value }] of items.entries()) {
      if (isMergeKey(key)) continue;
      const name = keyOf(key);
      const here = [...path, name];
      const old = before[name] as Json;
      const wanted = Object.hasOwn(after, name) ? after[name] : undefined;
      if (wanted === undefined) {
        // What is merged would come to light.
        if (merges) refused.push({ path: here, why: 'alias' });
        else {
          const shared = sharedIn(key) ?? (value === null ? undefined : sharedIn(value));
          if (shared !== undefined) {
            refused.push({ path: here, why: shared });
            continue;
          }
          removed.add(index);
          result.delete(name);
        }
      } else if (!isSame(old, wanted)) {
        const slot = isFlow ? ({ kind: 'flow' } as const) : entrySlot(text, key);
        if (value === null || slot === undefined) refused.push({ path: here, why: 'layout' });
        else result.set(name, change(value, old, wanted, here, slot));
      }
    }
    for (const name of Object.keys(before))
      if (
        !own.includes(name) &&
        !isSame(before[name] as Json, after[name] ?? null, Object.hasOwn(after, name))
      )
        refused.push({ path: [...path, name], why: 'alias' });
    const added = Object.entries(after).filter(([name]) => !Object.hasOwn(before, name));
    if (removed.size > 0 || added.length > 0) {
      const done = attempt(path, false, () => {
        if (isFlow) changeFlow(node, items.map(partOfPair), removed, placesFor(added, items, removed, path));
        else changeBlockMap(items, removed, placesFor(added, items, removed, path));
        return true;
      });
      if (done === true) for (const [name, value] of added) result.set(name, value);
      else
        for (const index of removed) {
          const name = keyOf(items[index]?.key);
          result.set(name, before[name] as Json);
        }
    }
    return objectOf(result);
  }

  /** New keys by the entry that they go behind. */
  function placesFor(
    added: readonly (readonly [string, Json])[],
    items: readonly { key: ParsedNode }[],
    removed: ReadonlySet<number>,
    path: FieldPath,
  ): ReadonlyMap<number, readonly (readonly [string, Json])[]> {
    const names = order(path);
    const last = items.findLastIndex((_item, index) => !removed.has(index));
    const places = new Map<number, (readonly [string, Json])[]>();
    for (const one of added) {
      const rank = names.indexOf(one[0]);
      const before = items.findLastIndex(({ key }, index) => {
        const other = names.indexOf(keyOf(key));
        return !removed.has(index) && other >= 0 && other < rank;
      });
      const at = before < 0 ? last : before;
      places.set(at, [...(places.get(at) ?? []), one]);
    }
    // Of several behind one entry, in the given order.
    for (const list of places.values()) list.sort((a, b) => names.indexOf(a[0]) - names.indexOf(b[0]));
    return places;
  }

  function changeBlockMap(
    items: readonly Pair[],
    removed: ReadonlySet<number>,
    added: ReadonlyMap<number, readonly (readonly [string, Json])[]>,
  ): void {
    const [first] = items;
    if (first === undefined) {
      fail('layout');
      return;
    }
    const margin = marginAt(text, startOf(first.key));
    const from = items.findIndex((_item, index) => !removed.has(index));
    // Behind a dash, the first key that stays moves there.
    const moves = removed.has(0) && !isIndented(text, first.key.range[0]);
    if (moves) takeFromSharedLine(items.slice(0, from + 1));
    for (const [index, { key, value }] of items.entries()) {
      const end = endOfPair(text, key, value);
      if (removed.has(index) && !(moves && index < from)) {
        if (isIndented(text, key.range[0])) put(lineStart(text, startOf(key)), nextLine(text, end), '');
        else fail('layout');
      }
      const lines = (added.get(index) ?? []).flatMap(([name, item]) => blockLines({ [name]: item }, margin));
      if (lines.length === 0) continue;
      if (!startsLine(text, key)) fail('layout');
      putBelow(end, lines);
    }
  }

  /** Takes the first keys away of a mapping that begins behind a dash; the last of these is the one that moves there. */
  function takeFromSharedLine(items: readonly Pair[]): void {
    const [first, next] = [items[0], items.at(-1)];
    if (first === undefined || next === undefined || !startsLine(text, first.key)) {
      fail('layout');
      return;
    }
    for (const [index, { key, value }] of items.slice(0, -1).entries()) {
      const behind = items[index + 1];
      // A comment between them would go too.
      if (behind && text.slice(endOfPair(text, key, value), startOf(behind.key)).includes('#'))
        fail('layout');
    }
    put(startOf(first.key), startOf(next.key), '');
  }

  function changeList(
    node: ParsedNode & { items: readonly unknown[] },
    before: readonly Json[],
    after: readonly Json[],
    path: FieldPath,
  ): Json {
    const items = node.items as readonly ParsedNode[];
    const isFlow = isCollection(node) && node.flow === true;
    const shorter = Math.min(before.length, after.length);
    let head = 0;
    while (head < shorter && isSame(before[head] as Json, after[head] as Json)) head += 1;
    let tail = 0;
    while (
      tail < shorter - head &&
      isSame(before[before.length - 1 - tail] as Json, after[after.length - 1 - tail] as Json)
    )
      tail += 1;
    const paired = shorter - head - tail;
    const result = [...before];
    for (let index = head; index < head + paired; index += 1) {
      const item = items[index];
      const slot = isFlow ? ({ kind: 'flow' } as const) : item && itemSlot(text, item);
      if (item === undefined || slot === undefined) {
        fail('layout');
        continue;
      }
      const here = [...path, String(index)];
      result[index] = change(item, before[index] as Json, after[index] as Json, here, slot);
    }
    const removed = new Set<number>();
    for (let index = head + paired; index < before.length - tail; index += 1) removed.add(index);
    for (const index of removed) {
      const item = items[index];
      const shared = item && sharedIn(item);
      if (shared !== undefined) fail(shared);
    }
    const added = after.slice(head + paired, after.length - tail);
    if (removed.size + added.length === 0) return result;
    if (isFlow)
      changeFlow(
        node,
        items.map((item) => ({ start: startOf(item), end: contentEnd(text, item) })),
        removed,
        new Map(
          added.length === 0 ? [] : [[head + paired - 1, added.map((item) => [undefined, item] as const)]],
        ),
      );
    else changeBlockList(items, removed, added, head + paired);
    result.splice(head + paired, removed.size, ...added);
    return result;
  }

  function changeBlockList(
    items: readonly ParsedNode[],
    removed: ReadonlySet<number>,
    added: readonly Json[],
    at: number,
  ): void {
    for (const index of removed) {
      const item = items[index];
      const slot = item && itemSlot(text, item);
      if (item === undefined || slot === undefined || !isIndented(text, slot.after - 1)) {
        fail('layout');
        return;
      }
      put(lineStart(text, slot.after - 1), nextLine(text, contentEnd(text, item)), '');
    }
    if (added.length === 0) return;
    const previous = items[at - 1];
    const next = items[at];
    const slot = previous ? itemSlot(text, previous) : next && itemSlot(text, next);
    if (slot === undefined) {
      fail('layout');
      return;
    }
    const lines = blockLines(added, slot.margin);
    if (previous !== undefined) {
      putBelow(contentEnd(text, previous), lines);
      return;
    }
    if (!isIndented(text, slot.after - 1)) {
      fail('layout');
      return;
    }
    const start = lineStart(text, slot.after - 1);
    put(start, start, lines.map((line) => line + lineBreak).join(''));
  }

  /** Takes parts out of a flow collection and puts new ones in, with the separators that it has. */
  function changeFlow(
    node: ParsedNode,
    parts: readonly Part[],
    removed: ReadonlySet<number>,
    added: ReadonlyMap<number, readonly (readonly [string | undefined, Json])[]>,
  ): void {
    const [first, second] = parts;
    if (first === undefined) {
      fail('layout');
      return;
    }
    const opening = text.slice(node.range[0] + 1, first.start);
    const between = second === undefined ? undefined : text.slice(first.end, second.start);
    const separator =
      between !== undefined && !between.includes('#')
        ? between
        : opening.includes('\n')
          ? `,${lineBreak}${indentAt(text, first.start)}`
          : ', ';
    const style: FlowStyle = {
      json,
      around: node,
      ...(separator.includes('\n') ? { newLine: lineBreak + indentAt(text, first.start) } : {}),
    };
    const written = (list: readonly (readonly [string | undefined, Json])[]): readonly string[] =>
      list.map(([key, value]) => (key === undefined ? flowText(value, style) : flowEntry(key, value, style)));
    const inFront = added.get(-1);
    if (inFront !== undefined)
      put(
        first.start,
        first.start,
        written(inFront)
          .map((one) => one + separator)
          .join(''),
      );
    for (let index = 0; index < parts.length; index += 1) {
      const part = parts[index] as Part;
      if (!removed.has(index)) {
        const more = added.get(index);
        if (more !== undefined)
          put(
            part.end,
            part.end,
            written(more)
              .map((one) => separator + one)
              .join(''),
          );
        continue;
      }
      let last = index;
      while (removed.has(last + 1)) last += 1;
      const behind = parts[last + 1];
      const front = parts[index - 1];
      const gap =
        behind !== undefined
          ? ([part.start, behind.start] as const)
          : ([front?.end ?? part.start, (parts[last] as Part).end] as const);
      if (text.slice(...gap).includes('#') && /(^|\s)#/.test(text.slice((parts[last] as Part).end, gap[1])))
        fail('layout');
      put(...gap, '');
      index = last;
    }
  }

  /** Where a node begins; that its anchor or tag stands before it is refused. */
  function startOf(node: ParsedNode): number {
    if (hasProperties(node)) fail('layout');
    return node.range[0];
  }

  function partOfPair({ key, value }: Pair): Part {
    return { start: startOf(key), end: endOfPair(text, key, value) };
  }

  /** What keeps a node from being taken away: an alias in it, or something in it that an alias refers to. */
  function sharedIn(node: ParsedNode): RewriteFault | undefined {
    let found: RewriteFault | undefined;
    visit(node, (_key, one) => {
      if (isAlias(one)) found = 'alias';
      else if ((isScalar(one) || isCollection(one)) && one.anchor && aliased.has(one.anchor))
        found ??= 'anchor';
    });
    return found;
  }

  const value = change(node, before, after, [], undefined);
  return { splices, value, refused };
}

function aliasedIn(document: YamlDocument): ReadonlySet<string> {
  const names = new Set<string>();
  visit(document, { Alias: (_key, { source }) => void names.add(source) });
  return names;
}

function keyOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : '';
}

function isSame(a: Json, b: Json, bothThere = true): boolean {
  return bothThere && (a === b || canonicalJson(a) === canonicalJson(b));
}
