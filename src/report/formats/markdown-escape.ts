import { terminalText } from '../text/escape.ts';

/**
 * Text of others made safe for GitHub-flavoured Markdown. It only ever is inside code: GitHub looks there for no
 * emphasis, link, mention, reference, emoji or HTML. Nothing is escaped with backslashes or entities in running text,
 * because GitHub searches the finished text for `@name` and `#1` once more, after all escapes are gone.
 */

/** Inline, outside of tables: a code span that shows exactly this text, control characters written out. */
export function codeSpan(text: string): string {
  const safe = terminalText(text);
  if (safe === '') return '(empty)';
  const ticks = '`'.repeat(longestRun(safe) + 1);
  // One space at each end is removed where both ends have one, unless there is nothing else.
  const padded = /^`|`$|^ .* $/s.test(safe) && /[^ ]/.test(safe) ? ` ${safe} ` : safe;
  return `${ticks}${padded}${ticks}`;
}

/** The same inside a block of HTML, such as `<summary>`, where Markdown is not read. */
export function codeElement(text: string): string {
  const entities: { readonly [character: string]: string } = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return `<code>${terminalText(text).replace(/[&<>"']/g, (character) => entities[character] ?? '')}</code>`;
}

/** Lines that are ready to print, as a block of code. `language` colours it. */
export function codeBlock(lines: readonly string[], language: 'diff' | 'text'): string {
  const ticks = '`'.repeat(Math.max(3, ...lines.map((line) => longestRun(line) + 1)));
  return `${ticks}${language}\n${lines.map((line) => `${line}\n`).join('')}${ticks}\n`;
}

function longestRun(text: string): number {
  let longest = 0;
  for (const run of text.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
  return longest;
}
