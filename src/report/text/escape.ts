/**
 * Text of others (manifests, servers) made safe to print: what moves a cursor, changes the direction of writing or
 * is not visible at all is written out, and what a CI runner would take for a command of its own is broken up.
 */

// Control, format (bidi, zero width, soft hyphen, tag characters), line and paragraph separators, lone surrogates;
// then letters without a shape and the variation selectors that carry no look.
const hidden =
  /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}|\p{Cs}|\u{34f}|[\u{115f}\u{1160}\u{3164}\u{ffa0}]|[\u{17b4}\u{17b5}]|[\u{180b}-\u{180d}]|[\u{e0100}-\u{e01ef}]/gu;

/** The same but for the end of a line, of which JSON text has thousands. */
const hiddenInLine = new RegExp(`(?!\\n)(?:${hidden.source})`, 'gu');

// `##[error]`, `##vso[…]`, `##teamcity[…]`: runners look for these anywhere in a line.
const inlineCommand = /##(?=\w*\[)/g;

// `::set-output …`: the GitHub runner looks for these after leading spaces.
const leadingCommand = /^(\s*)::/;

const shortForms: { readonly [character: string]: string } = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text on one line: `\n`, `\u001b`, `\u{e0041}` for what is not visible. Never longer lines, never a command. */
export function terminalText(text: string): string {
  return startOfLine(text.replace(hidden, visible).replace(inlineCommand, '#\\u0023'));
}

/** For text that is already safe and now begins a line, as after wrapping: no runner takes it for a command. */
export function startOfLine(text: string): string {
  return text.replace(leadingCommand, '$1\\u003a:');
}

/** JSON text with the same characters written as JSON escapes: the values it holds stay what they are. */
export function terminalJson(json: string): string {
  return json.replace(hiddenInLine, codeUnits).replace(inlineCommand, '#\\u0023');
}

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return shortForms[character] ?? (code > 0xffff ? `\\u{${code.toString(16)}}` : codeUnits(character));
}

function codeUnits(character: string): string {
  return [...Array(character.length).keys()]
    .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
    .join('');
}
