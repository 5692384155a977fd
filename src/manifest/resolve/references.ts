/** The three kinds of `${…}` that are ours. Every other one belongs to Conductor. */
export type ReferenceKind = 'var' | 'env' | 'secret';

/** UTF-16 offsets within the text, `end` exclusive. */
interface Token {
  readonly start: number;
  readonly end: number;
}

/** A piece of a text with references in it. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | ({ readonly kind: 'reference'; readonly of: ReferenceKind; readonly name: string } & Token)
  /** It begins like a reference and is none: `${env.}`, `${var.a b}`. */
  | ({ readonly kind: 'malformed'; readonly text: string } & Token);

const prefix = /(?<dollars>\$+)\{(?<of>var|env|secret)\./g;
const nameAndEnd = /(?<name>[A-Za-z_][A-Za-z0-9_-]*)\}/y;
const ours = /\$(?=\{(?:var|env|secret)\.)/g;

/** True when a text may have a reference, or an escaped one, in it. */
export function mayRefer(text: string): boolean {
  return text.includes('${');
}

/** The same for the text of a file, where quoted values may write the two characters as escapes. */
export function mayHoldReferences(file: string): boolean {
  return file.includes('${') || file.includes('\\');
}

/**
 * A text as literal pieces and references. `$${var.x}` is the literal `${var.x}`: of several dollars in front of one
 * of our prefixes the first is taken away and what follows is text.
 */
export function partsOf(text: string): readonly Part[] {
  const parts: Part[] = [];
  let literal = '';
  let at = 0;
  for (const { 0: found, index, groups } of text.matchAll(prefix)) {
    // Inside of a malformed one.
    if (index < at) continue;
    const start = index + (groups?.dollars?.length ?? 0) - 1;
    const behind = index + found.length;
    literal += text.slice(at, index);
    if (start > index) {
      literal += text.slice(index + 1, behind);
      at = behind;
      continue;
    }
    nameAndEnd.lastIndex = behind;
    const name = nameAndEnd.exec(text)?.groups?.name;
    const closing = text.indexOf('}', behind);
    at = closing < 0 ? text.length : closing + 1;
    if (literal !== '') parts.push({ kind: 'text', text: literal });
    literal = '';
    parts.push(
      name === undefined
        ? { kind: 'malformed', text: text.slice(start, at), start, end: at }
        : { kind: 'reference', of: groups?.of as ReferenceKind, name, start, end: at },
    );
  }
  literal += text.slice(at);
  if (literal !== '') parts.push({ kind: 'text', text: literal });
  return parts;
}

/** A text so written that it stands for itself: each of our prefixes in it with one more dollar. */
export function escapeReferences(text: string): string {
  return text.replace(ours, '$$$$');
}
