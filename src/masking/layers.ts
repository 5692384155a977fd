/**
 * A text as it is and with its escapes undone, again and again: JSON inside of a URL inside of JSON has three layers.
 * Case, white space and what is invisible are left out of all of them, so that no wrapping hides a value.
 */

/** Where each unit of a layer is in the text that it was made of. UTF-16 offsets, `end` exclusive. */
export type Layer = {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
};

/** Encodings are not nested deeper than this. */
const mostLayers = 5;

const escapes =
  /\\u\{(?<braced>[0-9a-f]{1,6})\}|\\[ux](?<unit>(?<=u)[0-9a-f]{4}|(?<=x)[0-9a-f]{2})|\\(?<short>[nrtbf"'\\/])|(?<bytes>%[0-7][0-9a-f]|%[cd][0-9a-f]%[89ab][0-9a-f]|%e[0-9a-f](?:%[89ab][0-9a-f]){2}|%f[0-7](?:%[89ab][0-9a-f]){3})|&(?:#0*(?<decimal>\d{1,7})|#x0*(?<hexadecimal>[0-9a-f]{1,6})|(?<named>amp|lt|gt|quot|apos));|(?<doubled>'')/gi;
const mayEscape = /[\\%&]|''/;
// A form writes a space as `+`.
const dropped = /[\s+\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

const shortForms: { readonly [letter: string]: string } = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
const htmlNames: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The layers of a text, the text itself first, without the places of their units: enough to find out whether. */
export function foldedLayers(text: string): readonly string[] {
  const layers = [folded(text)];
  let current = text;
  while (layers.length < mostLayers && mayEscape.test(current)) {
    const next = current.replace(escapes, (...match) => decoded(match.at(-1), match[0]));
    if (next === current) break;
    current = next;
    layers.push(folded(next));
  }
  const byOneKind = kindsIn(text).map((kind) =>
    folded(text.replace(escapes, (...match) => decodedOf(kind, match.at(-1), match[0]))),
  );
  return [...layers, ...byOneKind];
}

/**
 * With which letter the escapes of a text begin, if there are several kinds: each is undone by itself too, because one
 * kind may belong to the value and the other to what is around it. A value with `%00` in it would else be shorter in a
 * JSON text than any value that is looked for.
 */
function kindsIn(text: string): readonly string[] {
  if (!mayEscape.test(text)) return [];
  const kinds = new Set(Array.from(text.matchAll(escapes), ([found]) => found.charAt(0)));
  return kinds.size > 1 ? [...kinds] : [];
}

function decodedOf(kind: string, groups: unknown, found: string): string {
  return found.startsWith(kind) ? decoded(groups, found) : found;
}

/** The same with places. */
export function placedLayers(text: string): readonly Layer[] {
  const itself: Layer = {
    text,
    starts: Array.from({ length: text.length }, (_, at) => at),
    ends: Array.from({ length: text.length }, (_, at) => at + 1),
  };
  let current = itself;
  const layers = [placedFold(current)];
  while (layers.length < mostLayers && mayEscape.test(current.text)) {
    const next = rewritten(current, escapes, (groups, found) => decoded(groups, found));
    if (next.text === current.text) break;
    current = next;
    layers.push(placedFold(next));
  }
  for (const kind of kindsIn(text))
    layers.push(placedFold(rewritten(itself, escapes, (groups, found) => decodedOf(kind, groups, found))));
  return layers;
}

/** A text without case, white space and what is invisible. */
export function folded(text: string): string {
  return lowered(text.replace(dropped, ''));
}

function placedFold(layer: Layer): Layer {
  const { text, ...places } = rewritten(layer, dropped, () => '');
  return { text: lowered(text), ...places };
}

/** Never of another length, which would move everything after it. */
function lowered(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from(text, (character) => {
    const small = character.toLowerCase();
    return small.length === character.length ? small : character;
  }).join('');
}

function rewritten(
  { text, starts, ends }: Layer,
  pattern: RegExp,
  write: (groups: unknown, found: string) => string,
): Layer {
  const parts: string[] = [];
  const [newStarts, newEnds]: [number[], number[]] = [[], []];
  let at = 0;
  const keep = (end: number): void => {
    parts.push(text.slice(at, end));
    for (; at < end; at += 1) {
      newStarts.push(starts[at] ?? 0);
      newEnds.push(ends[at] ?? 0);
    }
  };
  for (const match of text.matchAll(pattern)) {
    const [found] = match;
    keep(match.index);
    const written = write(match.groups, found);
    const end = match.index + found.length;
    parts.push(written);
    for (let unit = 0; unit < written.length; unit += 1) {
      newStarts.push(starts[match.index] ?? 0);
      newEnds.push(ends[end - 1] ?? 0);
    }
    at = end;
  }
  keep(text.length);
  return { text: parts.join(''), starts: newStarts, ends: newEnds };
}

/** What an escape stands for; an impossible one stays. */
function decoded(groups: unknown, found: string): string {
  const { braced, unit, short, bytes, decimal, hexadecimal, named, doubled } = groups as {
    readonly [group: string]: string | undefined;
  };
  // YAML in single quotes.
  if (doubled !== undefined) return "'";
  if (short !== undefined) return shortForms[short.toLowerCase()] ?? short;
  if (named !== undefined) return htmlNames[named.toLowerCase()] ?? found;
  if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16));
  if (bytes !== undefined) return fromBytes(bytes);
  const code =
    decimal === undefined ? Number.parseInt(braced ?? hexadecimal ?? '', 16) : Number.parseInt(decimal, 10);
  return code <= 0x10ffff ? String.fromCodePoint(code) : found;
}

function fromBytes(percents: string): string {
  try {
    return decodeURIComponent(percents);
  } catch {
    return percents;
  }
}
