import { terminalText } from '../text/escape.ts';

/** HTML that is ready to be written. Only `html` makes it, so no text of others is in it unescaped. */
export type Markup = { readonly [ready]: string };

/** What may be put into markup: texts are escaped here and nowhere else. */
export type Piece = Markup | string | number | undefined | readonly Piece[];

const ready: unique symbol = Symbol('markup');

const entities: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Markup from a template. Every text in it is made inert: what is not visible or turns the direction of writing is written
 * out as on a terminal, and what means something to HTML becomes an entity, in content and in quoted attributes alike.
 */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  let text = parts[0] ?? '';
  for (const [index, piece] of pieces.entries()) text += written(piece) + (parts[index + 1] ?? '');
  return { [ready]: text };
}

/** Our own style sheet or script, which must be in the page by the letter: their hashes are in its policy. */
export function verbatim(generated: string): Markup {
  return { [ready]: generated };
}

export function markupText(markup: Markup): string {
  return markup[ready];
}

function written(piece: Piece): string {
  if (piece === undefined) return '';
  if (typeof piece === 'string') return escaped(piece);
  if (typeof piece === 'number') return String(piece);
  if (isList(piece)) return piece.map(written).join('');
  return piece[ready];
}

function isList(piece: Markup | readonly Piece[]): piece is readonly Piece[] {
  return Array.isArray(piece);
}

function escaped(text: string): string {
  return terminalText(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
