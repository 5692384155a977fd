/** Whether a name fits any of the patterns: `*` stands for any text, also none; everything else for itself. */
export function ignoredBy(patterns: readonly string[]): (name: string) => boolean {
  const names = new Set<string>();
  const [starts, ends]: [OfLength[], OfLength[]] = [[], []];
  const others: Parts[] = [];
  for (const pattern of patterns) {
    const [first = '', ...rest] = pattern.split('*');
    const last = rest.at(-1);
    if (last === undefined) names.add(pattern);
    else if (rest.length > 1 || (first !== '' && last !== ''))
      others.push({ first, middle: rest.slice(0, -1), last });
    else if (last === '') add(starts, first);
    else add(ends, last);
  }
  return (name) => {
    if (names.has(name)) return true;
    for (const { length, texts } of starts) if (texts.has(name.slice(0, length))) return true;
    for (const { length, texts } of ends) if (texts.has(name.slice(-length))) return true;
    for (const parts of others) if (fits(name, parts)) return true;
    return false;
  };
}

/** All texts of one length: one look finds the start or end of a name among them. */
type OfLength = { readonly length: number; readonly texts: Set<string> };

function add(all: OfLength[], text: string): void {
  const { length } = text;
  const known = all.find((one) => one.length === length);
  if (known === undefined) all.push({ length, texts: new Set([text]) });
  else known.texts.add(text);
}

/** The texts around the stars of a pattern. */
type Parts = { readonly first: string; readonly middle: readonly string[]; readonly last: string };

/** Text by text from the left, which never goes back: a pattern of many stars costs no more than one. */
function fits(name: string, { first, middle, last }: Parts): boolean {
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const text of middle) {
    const found = name.indexOf(text, at);
    if (found < 0) return false;
    at = found + text.length;
  }
  return at + last.length <= name.length;
}
