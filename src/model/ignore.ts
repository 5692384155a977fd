/** Whether a name fits any of the patterns: `*` stands for any text, also none; everything else for itself. */
export function ignoredBy(patterns: readonly string[]): (name: string) => boolean {
  const parts = patterns.map((pattern) => pattern.split('*'));
  return (name) => parts.some((texts) => fits(name, texts));
}

/** Text by text from the left, which never goes back: a pattern of many stars costs no more than one. */
function fits(name: string, [first = '', ...others]: readonly string[]): boolean {
  const last = others.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const text of others) {
    const found = name.indexOf(text, at);
    if (found < 0) return false;
    at = found + text.length;
  }
  return at + last.length <= name.length;
}
