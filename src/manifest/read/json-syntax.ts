/** Where a text stops being JSON. */
export interface JsonFault {
  /** UTF-16 offset; the text's length when it ends too early. */
  readonly offset: number;
  readonly expected: string;
}

type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end';

const blanks = /[ \t\r\n]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has none in a string
const string = /"(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const literal = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

/**
 * The first place at which a text is not the JSON of one value; undefined when it is. YAML takes more than JSON, and
 * reads `{"a": 1 "b": 2}` as one key, so JSON files are held to this as well. `JSON.parse` does not always say where,
 * and each version of Node has other words. A byte order mark at the start is passed over.
 */
export function jsonFault(text: string): JsonFault | undefined {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = text.startsWith('\ufeff') ? 1 : 0;

  function take(pattern: RegExp): boolean {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    at += found?.[0].length ?? 0;
    return found !== null;
  }

  for (;;) {
    take(blanks);
    const container = open.at(-1);
    if (expected === 'comma-or-end' && container === undefined)
      return at === text.length ? undefined : { offset: at, expected: 'the end of the file' };
    const character = text.charAt(at);
    const closes = character !== '' && character === (container === '{' ? '}' : ']');
    if (closes && expected.endsWith('end')) {
      open.pop();
      at += 1;
      expected = 'comma-or-end';
    } else if (expected === 'comma-or-end' && character === ',') {
      at += 1;
      expected = container === '{' ? 'key' : 'value';
    } else if (expected === 'colon' && character === ':') {
      at += 1;
      expected = 'value';
    } else if (expected.startsWith('value') && (character === '{' || character === '[')) {
      open.push(character);
      at += 1;
      expected = character === '{' ? 'key-or-end' : 'value-or-end';
    } else if (expected.startsWith('value') && (take(string) || take(literal))) {
      expected = 'comma-or-end';
    } else if (expected.startsWith('key') && take(string)) {
      expected = 'colon';
    } else return { offset: at, expected: expectation(expected, container) };
  }
}

function expectation(expected: Expected, container: '{' | '[' | undefined): string {
  const end = container === '{' ? '}' : ']';
  const words: { readonly [E in Expected]: string } = {
    value: 'a value',
    'value-or-end': 'a value or ]',
    key: 'a key in double quotes',
    'key-or-end': 'a key in double quotes or }',
    colon: 'a colon',
    'comma-or-end': `a comma or ${end}`,
  };
  return words[expected];
}
