import { diffArrays } from 'diff';

/** Lines in order: equal on both sides, or so many of the left side replaced by so many of the right one. */
export type EditRun =
  | { readonly kind: 'kept'; readonly count: number }
  | { readonly kind: 'changed'; readonly removed: number; readonly added: number };

/** `comparisons`: how often two lines were compared, the measure of the work. */
export type LineEdits = { readonly comparisons: number } & (
  | { readonly kind: 'runs'; readonly runs: readonly EditRun[] }
  /** More than `most` lines differ: how many of each side have no partner on the other. */
  | { readonly kind: 'too-many'; readonly removed: number; readonly added: number }
);

/** Two lists of lines as numbers: equal lines have equal numbers. */
type Sides = { readonly before: readonly number[]; readonly after: readonly number[] };

/** Pairs of equal lines, as places on both sides, in ascending order. */
type Pairs = readonly (readonly [before: number, after: number])[];

/** The work of the exact search grows with the square of the edits; 200 take it a few milliseconds. */
const mostExactEdits = 200;

/**
 * How one list of lines becomes another. Lines that are equal at both ends and lines without a partner are set aside
 * first, which takes linear time; only what is left is searched for the fewest edits (`diff`). When that is too many,
 * lines that occur once on both sides are lined up, and what lies between is replaced. `most` limits the edits shown.
 */
export function lineEdits(before: readonly string[], after: readonly string[], most: number): LineEdits {
  const sides = numbered(before, after);
  const start = sharedStart(sides.before, sides.after, 0, 0);
  const end = sharedEnd(sides, start);
  const middle = {
    before: sides.before.slice(start, before.length - end),
    after: sides.after.slice(start, after.length - end),
  };
  const removed = countMissing(middle.before, middle.after);
  const added = countMissing(middle.after, middle.before);
  let comparisons = start + end + middle.before.length + middle.after.length;
  if (removed + added > most) return { kind: 'too-many', removed, added, comparisons };
  const partners = {
    before: withPartner(middle.before, middle.after),
    after: withPartner(middle.after, middle.before),
  };
  const found = matched(
    {
      before: partners.before.map((place) => middle.before[place] ?? 0),
      after: partners.after.map((place) => middle.after[place] ?? 0),
    },
    () => {
      comparisons += 1;
    },
  );
  const pairs = found.map(
    ([left, right]) => [partners.before[left] ?? 0, partners.after[right] ?? 0] as const,
  );
  const edits = middle.before.length + middle.after.length - 2 * pairs.length;
  if (edits > most) return { kind: 'too-many', removed, added, comparisons };
  return { kind: 'runs', runs: runsOf(start, end, middle, pairs), comparisons };
}

function numbered(before: readonly string[], after: readonly string[]): Sides {
  const numbers = new Map<string, number>();
  const numberOf = (line: string): number => {
    const known = numbers.get(line);
    if (known !== undefined) return known;
    numbers.set(line, numbers.size);
    return numbers.size - 1;
  };
  return { before: before.map(numberOf), after: after.map(numberOf) };
}

function sharedStart(
  before: readonly number[],
  after: readonly number[],
  left: number,
  right: number,
): number {
  let shared = 0;
  while (left + shared < before.length && before[left + shared] === after[right + shared]) shared += 1;
  return shared;
}

function sharedEnd({ before, after }: Sides, start: number): number {
  const most = Math.min(before.length, after.length) - start;
  let shared = 0;
  while (shared < most && before[before.length - 1 - shared] === after[after.length - 1 - shared])
    shared += 1;
  return shared;
}

/** How many lines of the first list have no partner in the second. */
function countMissing(lines: readonly number[], others: readonly number[]): number {
  const left = countsOf(others);
  let missing = 0;
  for (const line of lines) {
    const count = left.get(line) ?? 0;
    if (count === 0) missing += 1;
    else left.set(line, count - 1);
  }
  return missing;
}

function countsOf(lines: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

/** The places of the lines that the other side has as well. */
function withPartner(lines: readonly number[], others: readonly number[]): readonly number[] {
  const known = new Set(others);
  return lines.flatMap((line, place) => (known.has(line) ? [place] : []));
}

function matched({ before, after }: Sides, onCompare: () => void): Pairs {
  const changes = diffArrays([...before], [...after], {
    maxEditLength: mostExactEdits,
    comparator: (left, right) => {
      onCompare();
      return left === right;
    },
  });
  if (changes === undefined) return linedUp({ before, after });
  const pairs: (readonly [number, number])[] = [];
  let [left, right] = [0, 0];
  for (const { added, removed, count } of changes) {
    if (removed) left += count;
    else if (added) right += count;
    else for (let line = 0; line < count; line += 1) pairs.push([left++, right++]);
  }
  return pairs;
}

/** Lines that occur once on both sides, in the longest order that both have, and what follows each of them equally. */
function linedUp({ before, after }: Sides): Pairs {
  const counts = [countsOf(before), countsOf(after)];
  const places = new Map(after.map((line, place) => [line, place]));
  const unique = before.flatMap((line, place): readonly (readonly [number, number])[] =>
    counts.every((count) => count.get(line) === 1) ? [[place, places.get(line) ?? 0]] : [],
  );
  const pairs: (readonly [number, number])[] = [];
  for (const [left, right] of longestAscending(unique)) {
    const last = pairs.at(-1);
    if (last !== undefined && (last[0] >= left || last[1] >= right)) continue;
    const shared = sharedStart(before, after, left, right);
    for (let line = 0; line < shared; line += 1) pairs.push([left + line, right + line]);
  }
  return pairs;
}

/** The longest part of pairs, ascending on the left, that ascends on the right too. */
function longestAscending(pairs: Pairs): Pairs {
  const ends: number[] = [];
  const previous: number[] = [];
  for (const [index, [, right]] of pairs.entries()) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[ends[middle] ?? 0]?.[1] ?? 0) < right) low = middle + 1;
      else high = middle;
    }
    previous.push(low === 0 ? -1 : (ends[low - 1] ?? -1));
    ends[low] = index;
  }
  const chosen: (readonly [number, number])[] = [];
  for (let index = ends.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) {
    const pair = pairs[index];
    if (pair !== undefined) chosen.push(pair);
  }
  return chosen.reverse();
}

function runsOf(start: number, end: number, middle: Sides, pairs: Pairs): readonly EditRun[] {
  const runs: EditRun[] = [];
  let kept = start;
  let [left, right] = [0, 0];
  const change = (toLeft: number, toRight: number): void => {
    if (toLeft === left && toRight === right) return;
    if (kept > 0) runs.push({ kind: 'kept', count: kept });
    runs.push({ kind: 'changed', removed: toLeft - left, added: toRight - right });
    kept = 0;
  };
  for (const [toLeft, toRight] of pairs) {
    change(toLeft, toRight);
    kept += 1;
    [left, right] = [toLeft + 1, toRight + 1];
  }
  change(middle.before.length, middle.after.length);
  kept += end;
  if (kept > 0) runs.push({ kind: 'kept', count: kept });
  return runs;
}
