import { comparableJson, isObject, type Json } from '../../model/json.ts';
import { numberKey } from '../../model/number.ts';

/** Index before and index after of one item. */
type Pair = readonly [number, number];

/** What an item is known by, the first of these that all items have and none shares with another. */
const identities = ['name', 'id', 'key', 'taskReferenceName', 'cronExpression'] as const;

/** Beyond that only what is the same at both ends is found. */
const mostCells = 1_000_000;

export interface ListMatch {
  /** For an item after: which equal one before comes there, out of the order of the others. */
  readonly moved: ReadonlyMap<number, number>;
  /** Items that are the same thing before and after, in the order of both. */
  readonly pairs: readonly Pair[];
  /** Items are known by a key of theirs, so that two that are not paired are two different things. */
  readonly known: boolean;
}

/** Which items of a list are still in it, even if they have changed. */
export function matchItems(before: readonly Json[], after: readonly Json[]): ListMatch {
  const identity = identities.find((key) => isIdentity(before, key) && isIdentity(after, key));
  const tokens = (list: readonly Json[]): readonly string[] =>
    list.map((item) =>
      comparable(identity !== undefined && isObject(item) ? (item[identity] ?? null) : item),
    );
  const [old, wanted] = [tokens(before), tokens(after)];
  const inPlace = old.flatMap((token, at): readonly Pair[] => (token === wanted[at] ? [[at, at]] : []));
  const inOrder = pairsOf(old, wanted);
  // Of two ways to see it, the one in which items keep their places; so does a collection of which only a part changes.
  const isPart = (item: Json, at: number): boolean =>
    isCollection(item) && isCollection(after[at]) && inOrder.every(([row]) => row !== at);
  const staysPut =
    inPlace.length >= inOrder.length ||
    (identity === undefined && before.length === after.length && before.some(isPart));
  const pairs = staysPut ? inPlace : inOrder;
  const moved = movedItems(before, after, pairs);
  if (!staysPut || identity !== undefined) return { pairs, moved, known: identity !== undefined };
  // One that comes from elsewhere does not keep the others from being changed where they are.
  const [stay, leaving] = [new Set(pairs.map(([at]) => at)), new Set(moved.values())];
  const isChanged = (at: number): boolean =>
    isCollection(before[at]) && isCollection(after[at]) && !moved.has(at) && !leaving.has(at);
  const kept = before.flatMap((_item, at): readonly Pair[] =>
    stay.has(at) || isChanged(at) ? [[at, at]] : [],
  );
  return { pairs: kept, moved, known: false };
}

function movedItems(
  before: readonly Json[],
  after: readonly Json[],
  pairs: readonly Pair[],
): ReadonlyMap<number, number> {
  const [stay, filled] = [new Set(pairs.map(([old]) => old)), new Set(pairs.map(([, wanted]) => wanted))];
  if (stay.size === before.length || filled.size === after.length) return new Map();
  const free = new Map<string, number[]>();
  for (const [at, item] of before.entries())
    if (!stay.has(at)) free.set(comparable(item), [...(free.get(comparable(item)) ?? []), at]);
  const moved = new Map<number, number>();
  for (const [at, item] of after.entries()) {
    const from = filled.has(at) ? undefined : free.get(comparable(item))?.shift();
    if (from !== undefined) moved.set(at, from);
  }
  return moved;
}

function isCollection(value: Json | undefined): boolean {
  return Array.isArray(value) || isObject(value);
}

/** Numbers by kind and value: equal texts for values between which a server makes no difference. */
export function comparable(value: Json): string {
  return comparableJson(value, (number) => numberKey(number, 'kind'));
}

function isIdentity(list: readonly Json[], key: string): boolean {
  const seen = new Set<string>();
  for (const item of list) {
    const found = isObject(item) && Object.hasOwn(item, key) ? item[key] : undefined;
    if (found === undefined || found === null || typeof found === 'object') return false;
    seen.add(comparable(found));
  }
  return seen.size === list.length;
}

/** A longest common subsequence. */
function pairsOf(before: readonly string[], after: readonly string[]): readonly Pair[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const rows = before.slice(head, before.length - tail);
  const columns = after.slice(head, after.length - tail);
  const range = (from: number, to: number): readonly number[] =>
    Array.from({ length: to - from }, (_, at) => from + at);
  return [
    ...range(0, head).map((at): Pair => [at, at]),
    ...(rows.length * columns.length > mostCells ? [] : longest(rows, columns)).map(
      ([row, column]): Pair => [head + row, head + column],
    ),
    ...range(0, tail).map((at): Pair => [before.length - tail + at, after.length - tail + at]),
  ];
}

function longest(rows: readonly string[], columns: readonly string[]): readonly Pair[] {
  const width = columns.length + 1;
  const lengths = new Uint32Array((rows.length + 1) * width);
  const length = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = rows.length - 1; row >= 0; row -= 1)
    for (let column = columns.length - 1; column >= 0; column -= 1)
      lengths[row * width + column] =
        rows[row] === columns[column]
          ? length(row + 1, column + 1) + 1
          : Math.max(length(row + 1, column), length(row, column + 1));
  const pairs: Pair[] = [];
  for (let row = 0, column = 0; row < rows.length && column < columns.length; ) {
    if (rows[row] === columns[column]) {
      pairs.push([row, column]);
      row += 1;
      column += 1;
    } else if (length(row + 1, column) >= length(row, column + 1)) row += 1;
    else column += 1;
  }
  return pairs;
}
