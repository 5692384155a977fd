/** A regular expression whose time grows with the length of the text only, whatever it says. */
export type LinearPattern = { readonly source: string; readonly test: (text: string) => boolean };

// A character, or a set of some.
const part = String.raw`(?:[\w:/@-]|\\[.-]|\[(?:\w-\w|[\w.])+-?\])`;
const plain = new RegExp(String.raw`^\^(?:(?:${part})+[+*])?(?:${part})*\$$`);

/**
 * A pattern that JavaScript's own engine answers in time that grows with the length of the text only, as most conventions
 * for names are: from the start to the end of a text, ASCII characters and sets of them, of which one may repeat. So it
 * can be tried in one place, and where the repeating part ends is looked for once. Undefined for any other pattern. It is
 * several times faster than an engine that is linear for all patterns, and that one need not be loaded.
 */
export function plainPattern(source: string): LinearPattern | undefined {
  if (!plain.test(source)) return undefined;
  try {
    const own = new RegExp(source);
    return { source, test: (text) => own.test(text) };
  } catch {
    // `[z-a]`: what is wrong is said by who reads all patterns.
    return undefined;
  }
}
