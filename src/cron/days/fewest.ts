/**
 * The fewest groups in which no two members conflict: exact, by trying each member in each group that takes it. Members
 * are indices from 0; there are at most twelve, the months.
 */
export function fewestGroups(
  count: number,
  conflict: (a: number, b: number) => boolean,
): readonly (readonly number[])[] {
  let best: readonly (readonly number[])[] = Array.from({ length: count }, (_, index) => [index]);
  const place = (member: number, groups: readonly (readonly number[])[]): void => {
    if (groups.length >= best.length) return;
    if (member === count) {
      best = groups;
      return;
    }
    for (const [index, group] of groups.entries())
      if (group.every((other) => !conflict(other, member)))
        place(member + 1, groups.with(index, [...group, member]));
    place(member + 1, [...groups, [member]]);
  };
  place(0, []);
  return best;
}
