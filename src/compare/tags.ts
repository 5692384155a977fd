import type { Tag } from '../model/schedule.ts';

/** The tags of `all` that are not in `others`. Both are sets of pairs. */
export function tagsWithout(all: readonly Tag[], others: readonly Tag[]): readonly Tag[] {
  return all.filter(({ key, value }) => !others.some((other) => other.key === key && other.value === value));
}

export function sameTags(a: readonly Tag[], b: readonly Tag[]): boolean {
  return tagsWithout(a, b).length === 0 && tagsWithout(b, a).length === 0;
}
