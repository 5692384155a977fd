import { isAlias, isCollection, isMap, isSeq, type ParsedNode } from 'yaml';
import { isObject, type Json, type JsonObject, objectOf } from '../../model/json.ts';
import type { FieldPath } from '../../model/schedule.ts';
import { isMergeKey } from '../read/compose.ts';
import { contentEnd, type Splice } from '../read/source-text.ts';
import type { YamlDocument } from '../read/yaml.ts';
import { changeBlockList, changeBlockMap, type NewItem } from './block-edits.ts';
import { type Draft, draftOf, keyOf, type Pair, type Refusal, type Setting } from './draft.ts';
import { changeFlow, partOfPair } from './flow-edits.ts';
import { entrySlot, itemSlot, type Slot } from './layout.ts';
import { comparable, matchItems } from './list-match.ts';
import { replace } from './replace.ts';

/** What is to be done to a text so that one of its values becomes another. */
export interface Rewrite {
  readonly splices: readonly Splice[];
  /** The value as it will be read: as wanted, but for what was refused. */
  readonly value: Json;
  readonly refused: readonly Refusal[];
}

/**
 * The edits that turn the value of a node into another, only on the lines that hold what differs: comments, order,
 * blank lines, quotes and indentation of everything else stay. `before` is the node's value with aliases resolved.
 */
export function rewrite(
  document: YamlDocument,
  node: ParsedNode,
  before: Json,
  after: Json,
  setting: Setting,
): Rewrite {
  const draft = draftOf(document, setting);
  const value = change(draft, node, before, after, [], undefined);
  return { splices: draft.splices, value, refused: draft.refused };
}

function change(
  draft: Draft,
  node: ParsedNode,
  before: Json,
  after: Json,
  path: FieldPath,
  slot: Slot | undefined,
): Json {
  if (isSame(before, after)) return before;
  return draft.attempt(path, before, () => {
    if (isAlias(node)) draft.fail('alias');
    else if (node.anchor && draft.isAliased(node.anchor)) draft.fail('anchor');
    if (draft.hasFailed()) return before;
    if (isMap(node) && isObject(before) && isObject(after)) {
      const own = node.items.filter(({ key }) => !isMergeKey(key)).map(({ key }) => keyOf(key));
      const keepsSome = own.some((key) => Object.hasOwn(after, key));
      if (keepsSome || own.length < node.items.length)
        return changeMap(draft, node, before, after, path, own);
    }
    if (isSeq(node) && Array.isArray(before) && Array.isArray(after) && after.length > 0 && before.length > 0)
      return changeList(draft, node, before, after, path);
    const shared = draft.sharedIn(node);
    if (shared !== undefined) draft.fail(shared);
    else if (slot === undefined) draft.fail('layout');
    else draft.splices.push(...replace(draft.text, node, after, slot, draft));
    return after;
  });
}

function changeMap(
  draft: Draft,
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
      if (merges) draft.refused.push({ path: here, why: 'alias' });
      else {
        const shared = draft.sharedIn(key) ?? (value === null ? undefined : draft.sharedIn(value));
        if (shared !== undefined) {
          draft.refused.push({ path: here, why: shared });
          continue;
        }
        removed.add(index);
        result.delete(name);
      }
    } else if (!isSame(old, wanted)) {
      const slot = isFlow ? ({ kind: 'flow' } as const) : entrySlot(draft.text, key);
      if (value === null || slot === undefined) draft.refused.push({ path: here, why: 'layout' });
      else result.set(name, change(draft, value, old, wanted, here, slot));
    }
  }
  for (const name of Object.keys(before))
    if (!own.includes(name) && !isSame(before[name] as Json, after[name] ?? null, Object.hasOwn(after, name)))
      draft.refused.push({ path: [...path, name], why: 'alias' });
  const added = Object.entries(after).filter(([name]) => !Object.hasOwn(before, name));
  if (removed.size > 0 || added.length > 0) {
    const done = draft.attempt(path, false, () => {
      if (isFlow)
        changeFlow(
          draft,
          node,
          items.map((item) => partOfPair(draft, item)),
          removed,
          placesFor(draft, added, items, removed, path),
        );
      else changeBlockMap(draft, items, removed, placesFor(draft, added, items, removed, path));
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

/** New keys by the entry that they go after. */
function placesFor(
  draft: Draft,
  added: readonly (readonly [string, Json])[],
  items: readonly { key: ParsedNode }[],
  removed: ReadonlySet<number>,
  path: FieldPath,
): ReadonlyMap<number, readonly (readonly [string, Json])[]> {
  const names = draft.order(path);
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
  // Of several after one entry, in the given order.
  for (const list of places.values()) list.sort((a, b) => names.indexOf(a[0]) - names.indexOf(b[0]));
  return places;
}

function changeList(
  draft: Draft,
  node: ParsedNode & { items: readonly unknown[] },
  before: readonly Json[],
  after: readonly Json[],
  path: FieldPath,
): Json {
  const items = node.items as readonly ParsedNode[];
  const isFlow = isCollection(node) && node.flow === true;
  const { pairs, known, moved } = matchItems(before, after);
  const leaving = new Set(moved.values());
  const result: Json[] = [];
  const removed = new Set<number>();
  const added = new Map<number, readonly NewItem[]>();
  const refusals = draft.refused.length;
  let changed = 0;
  const changeItem = (index: number, wanted: Json): void => {
    if (!isSame(before[index] as Json, wanted)) changed += 1;
    const item = items[index];
    const slot = isFlow ? ({ kind: 'flow' } as const) : item && itemSlot(draft.text, item);
    const here = [...path, String(index)];
    if (item !== undefined && slot !== undefined)
      result.push(change(draft, item, before[index] as Json, wanted, here, slot));
    else if (!isSame(before[index] as Json, wanted)) draft.fail('layout');
    else result.push(before[index] as Json);
  };

  let [from, to] = [0, 0];
  for (const [index, other] of [...pairs, [before.length, after.length] as const]) {
    // Between two that stay: what has no identity becomes what comes in its place, and keeps its comment.
    let replaced = known && pairs.length > 0 ? 0 : Math.min(index - from, other - to);
    // What comes from another place, or goes to one, takes its own letters along.
    for (let step = 0; step < replaced; step += 1)
      if (leaving.has(from + step) || moved.has(to + step)) replaced = step;
    for (let step = 0; step < replaced; step += 1) changeItem(from + step, after[to + step] as Json);
    for (let at = from + replaced; at < index; at += 1) removed.add(at);
    const fresh = after.slice(to + replaced, other);
    if (fresh.length > 0)
      added.set(
        from + replaced - 1,
        fresh.map((value, step) => {
          const source = moved.get(to + replaced + step);
          const item = source === undefined ? undefined : items[source];
          return { value, ...(item === undefined ? {} : { item }) };
        }),
      );
    result.push(...fresh);
    if (index < before.length) changeItem(index, after[other] as Json);
    [from, to] = [index + 1, other + 1];
  }
  const [kept] = draft.refused.slice(refusals);
  if (kept !== undefined && !known && changed + removed.size + added.size > 1) {
    // Items are known by their places: a part of the changes would make a list that is on neither side.
    draft.refused.length = refusals;
    draft.fail(kept.why);
    return before as Json;
  }
  for (const index of removed) {
    const item = items[index];
    const shared = item && draft.sharedIn(item);
    if (shared !== undefined) draft.fail(shared);
  }
  if (removed.size + added.size === 0) return result;
  if (isFlow)
    changeFlow(
      draft,
      node,
      items.map((item) => ({ start: draft.startOf(item), end: contentEnd(draft.text, item) })),
      removed,
      new Map(
        [...added].map(([at, list]) => [at, list.map((item) => [undefined, item.value, item.item] as const)]),
      ),
    );
  else changeBlockList(draft, items, removed, added);
  return result;
}

function isSame(a: Json, b: Json, bothThere = true): boolean {
  return bothThere && (a === b || comparable(a) === comparable(b));
}
