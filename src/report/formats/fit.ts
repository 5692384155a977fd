/** One thing that is reported: in full, and as nothing but its name. Both are Markdown. */
export interface Item {
  readonly full: string;
  readonly name: string;
}

export interface Group {
  readonly title: string;
  readonly items: readonly Item[];
  /** Closed until it is opened: for details. */
  readonly closed?: true;
  /** Has room before the others, wherever it is shown. */
  readonly isFirst?: true;
}

export interface Layout {
  /** Before the groups; always there. */
  readonly start: string;
  /** The most important first. */
  readonly groups: readonly Group[];
  /** After them; always there. */
  readonly end: string;
  /** What the digest says about entries that are not shown, if there is one. */
  readonly promise: string;
}

type Shown = 'full' | 'name' | 'no';

/** So many entries are shown in full, however much room there is. */
const mostInFull = 300;

/** Room for the words about what is cut: once, and at each group. */
const noticeBytes = 400;
const groupBytes = 120;

/**
 * The layout as text of at most `limit` bytes of UTF-8. Where not all of it fits, whole entries are given as names
 * only, the least important first; if the names do not fit either, the rest is counted.
 */
export function fitInto({ start, groups, end, promise }: Layout, limit: number): string {
  const there = groups.filter(({ items }) => items.length > 0);
  const shown = choose(
    there,
    limit - utf8Bytes(start) - utf8Bytes(end) - sum(there.map((group) => utf8Bytes(frame(group).join('')))),
  );
  return `${start}${cutNotice(shown.flat(), promise)}${there.map((group, index) => groupText(group, shown[index] ?? [])).join('')}${end}`;
}

/** How each item of each group is shown. `room` is what is left for them. */
function choose(groups: readonly Group[], room: number): readonly (readonly Shown[])[] {
  const sizes = groups.map(({ items }) =>
    items.map(({ full, name }) => ({ full: utf8Bytes(full) + 1, name: utf8Bytes(name) + 2 })),
  );
  const all = sizes.flat();
  const isCounted = groups.map(({ isFirst }) => isFirst !== true);
  const counted = sum(sizes.map((group, at) => (isCounted[at] ? group.length : 0)));
  if (counted <= mostInFull && sum(all.map(({ full }) => full)) <= room)
    return sizes.map((group) => group.map(() => 'full'));
  const names = sum(all.map(({ name }) => name));
  const left = room - noticeBytes - groups.length * groupBytes;
  // With every name in sight, what remains goes to whole entries. Else half of the room does.
  const everyName = names <= left / 2;
  let fullLeft = everyName ? left - names : left / 2;
  let countLeft = mostInFull;
  const inFull: boolean[][] = sizes.map(() => []);
  // Those that come first in room are not always those that come first on the page.
  for (const at of [...sizes.keys()].sort((a, b) => Number(isCounted[a]) - Number(isCounted[b])))
    inFull[at] = (sizes[at] ?? []).map(({ full, name }) => {
      const cost = everyName ? full - name : full;
      if (cost > fullLeft || (isCounted[at] && countLeft === 0)) return false;
      fullLeft -= cost;
      if (isCounted[at]) countLeft -= 1;
      return true;
    });
  let namesLeft = everyName ? names : left / 2 + fullLeft;
  return sizes.map((group, at) =>
    group.map(({ name }, index): Shown => {
      if (inFull[at]?.[index]) return 'full';
      if (name > namesLeft) return 'no';
      namesLeft -= name;
      return 'name';
    }),
  );
}

function groupText(group: Group, shown: readonly Shown[]): string {
  const [before, after] = frame(group);
  const of = (wanted: Shown): readonly Item[] => group.items.filter((_, index) => shown[index] === wanted);
  const names = of('name').map(({ name }) => name);
  const hidden = of('no').length;
  const full = of('full').map((item) => item.full);
  const more = [
    ...(names.length === 0
      ? []
      : [`${full.length === 0 ? 'By name only' : 'More, by name only'}: ${names.join(', ')}`]),
    ...(hidden === 0 ? [] : [`${hidden} more not shown`]),
  ];
  return `${before}${joined(full)}${more.length === 0 ? '' : `\n${more.join('; ')}.\n`}${after}`;
}

/** HTML goes on until a blank line, so there is one between what is HTML and what is not. */
function joined(items: readonly string[]): string {
  return items
    .map((item, index) => {
      const before = items[index - 1];
      return before === undefined || before.startsWith('<') === item.startsWith('<') ? item : `\n${item}`;
    })
    .join('');
}

/** What is around the items of a group. */
function frame({ title, items, closed }: Group): readonly [string, string] {
  const heading = `${title} (${items.length})`;
  return closed
    ? [`\n<details><summary>${heading}</summary>\n\n`, '\n</details>\n']
    : [`\n#### ${heading}\n\n`, ''];
}

function cutNotice(shown: readonly Shown[], promise: string): string {
  const count = (wanted: Shown): number => shown.filter((one) => one === wanted).length;
  const [names, hidden] = [count('name'), count('no')];
  if (names + hidden === 0) return '';
  return `\n> [!IMPORTANT]\n> This is too long to show all of it: of ${shown.length} entries ${count('full')} are shown in full, ${names} by name only, and ${hidden} are left out. ${promise}\n`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Bytes of the text in UTF-8. A lone surrogate counts as the replacement character that it is sent as. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
