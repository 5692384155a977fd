import type { Located } from '../../problems/diagnostic.ts';
import type { ProblemEntry } from '../documents/entries.ts';
import { terminalText } from './escape.ts';
import type { Style } from './style.ts';

/** How much of a long line is shown before the place that is meant. */
const lead = 40;
const tabWidth = 2;

/**
 * A problem as lines of text without a newline at the end: `file:line:col: error: what [code]`, the source line with
 * the place underlined, `hint: what to do`. Nothing from a file reaches the terminal as a command.
 */
export function renderProblem(problem: ProblemEntry, style: Style): string {
  const { severity, code, message, hint, at } = problem;
  const { colors } = style;
  const paint = severity === 'error' ? colors.red : colors.yellow;
  const place = at ? `${placeText(at)}: ` : '';
  return [
    `${place}${paint(colors.bold(`${severity}:`))} ${terminalText(message)} ${colors.dim(`[${code}]`)}`,
    ...(at ? frame(at, style, paint) : []),
    // Not wrapped: a hint often holds what is to be copied.
    ...(hint === undefined ? [] : [colors.cyan(`hint: ${terminalText(hint)}`)]),
  ].join('\n');
}

/** `file:line:column`, ready to print. */
export function placeText({ file, line, column }: Located): string {
  return [terminalText(file), line, column].filter((part) => part !== undefined).join(':');
}

function frame(at: Located, { colors, width }: Style, paint: (text: string) => string): readonly string[] {
  const { line, column = 1, endLine = line, endColumn = column, source } = at;
  if (line === undefined || source === undefined) return [];
  const characters = [...source];
  const from = column - 1;
  const to = endLine === line ? Math.max(endColumn - 1, from + 1) : Math.max(characters.length, from + 1);
  const gutter = `${line} | `;
  const room = Math.max(width - gutter.length - 2, lead * 2);
  // JSON without line breaks is one line of any length: show what is around the place.
  const first = characters.length > room && from > lead ? from - lead : 0;
  const last = Math.min(characters.length, first + room);
  const upTo = (end: number): string =>
    (first > 0 ? '…' : '') + printable(characters.slice(first, Math.min(end, last)).join(''));
  const start = columnsOf(upTo(from));
  return [
    // Escaped in one piece: a runner's command could be across the edges of the place.
    colors.dim(gutter) + upTo(last) + (last < characters.length ? '…' : ''),
    colors.dim(`${' '.repeat(gutter.length - 2)}| `) +
      ' '.repeat(start) +
      paint('^'.repeat(Math.max(columnsOf(upTo(to)) - start, 1))),
  ];
}

function printable(text: string): string {
  return terminalText(text.replaceAll('\t', ' '.repeat(tabWidth)));
}

/** Columns on a terminal: East Asian letters and pictures take two, marks on the letter before them none. */
function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += /\p{M}/u.test(character) ? 0 : isWide(character) ? 2 : 1;
  return columns;
}

function isWide(character: string): boolean {
  return /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u.test(
    character,
  );
}
