/** Whether a name fits any of the patterns: `*` stands for any text, also none; everything else for itself. */
export function ignoredBy(patterns: readonly string[]): (name: string) => boolean {
  const parts = patterns.map((pattern): Parts => {
    const [first = '', ...others] = pattern.split('*');
    return { first, middle: others.slice(0, -1), last: others.at(-1) };
  });
  return (name) => parts.some((texts) => fits(name, texts));
}

/** The texts around the stars of a pattern; without a `last` it has none. */
type Parts = {
  readonly first: string;
  readonly middle: readonly string[];
  readonly last: string | undefined;
};

/** Text by text from the left, which never goes back: a pattern of many stars costs no more than one. */
function fits(name: string, { first, middle, last }: Parts): boolean {
  if (last === undefined) return name === first;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const text of middle) {
    const found = name.indexOf(text, at);
    if (found < 0) return false;
    at = found + text.length;
  }
  return at + last.length <= name.length;
}
