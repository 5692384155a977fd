/** Letters with a stroke and ligatures that no Unicode form takes apart, as the Unicode Collation Algorithm compares them. */
const letters: { readonly [letter: string]: string } = {
  æ: 'ae',
  œ: 'oe',
  ð: 'd',
  đ: 'd',
  ø: 'o',
  ħ: 'h',
  ł: 'l',
};

/**
 * Equal for names that a database with a usual collation may take for one: they differ only in case, accents, Unicode
 * form (full-width letters too), trailing spaces or characters without a glyph. Seen on MariaDB 10.11, whose second save
 * overwrites the first.
 */
export function collisionKey(name: string): string {
  if (/^[a-z0-9_.:-]*$/.test(name)) return name;
  return bare(bare(name).toLowerCase().toUpperCase().toLowerCase())
    .replace(/[æœðđøħł]/g, (letter) => letters[letter] ?? letter)
    .replace(/ +$/, '');
}

function bare(text: string): string {
  return text.normalize('NFKD').replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '');
}

/** Scripts with letters that look like another's. */
const scripts: readonly (readonly [name: string, letter: RegExp])[] = [
  ['Latin', /\p{Script=Latin}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Armenian', /\p{Script=Armenian}/u],
  ['Cherokee', /\p{Script=Cherokee}/u],
  ['Coptic', /\p{Script=Coptic}/u],
];

/** Cyrillic and Greek letters that most fonts draw as a Latin one. */
const latinLooking = /^[асԁеһіјӏорԛѕԝхуАВЕНІЈКМОРЅТХУԌΑΒΕΖΗΙΚΜΝΟΡΤΥΧονυρ]+$/;

export type Confusable = {
  /** One character. */
  readonly letter: string;
  readonly script: string;
  /** The script of the letters around it. */
  readonly among: string;
};

/**
 * A letter that a reader takes for one of another script: within a word of letters of that script, or in a word that
 * looks Latin throughout beside Latin words. A word in each script is fine.
 */
export function confusableIn(name: string): Confusable | undefined {
  if (/^[ -~]*$/.test(name)) return undefined;
  const words = name.match(/[\p{L}\p{M}]+/gu) ?? [];
  const hasLatinWord = words.some((word) => /^\p{Script=Latin}/u.test(word));
  for (const word of words) {
    const used = new Map<string, string[]>();
    for (const letter of word) {
      const [script] = scripts.find(([, test]) => test.test(letter)) ?? [];
      if (script !== undefined) used.set(script, [...(used.get(script) ?? []), letter]);
    }
    const [most, least] = [...used].sort((a, b) => b[1].length - a[1].length);
    if (most === undefined) continue;
    const [letter = ''] = (least ?? most)[1];
    if (least !== undefined) {
      // Of as many letters of each, the Latin ones are what was meant.
      const isTie = least[1].length === most[1].length && least[0] === 'Latin';
      const [odd, among] = isTie ? [most, least] : [least, most];
      return { letter: odd[1][0] ?? '', script: odd[0], among: among[0] };
    }
    if (hasLatinWord && latinLooking.test(word)) return { letter, script: most[0], among: 'Latin' };
  }
  return undefined;
}
