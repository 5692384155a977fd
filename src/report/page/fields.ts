import {
  type BlockLine,
  type FieldRow,
  fieldRows,
  lineCount,
  noValue,
  type Sides,
} from '../diff/field-rows.ts';
import type { MaskedField } from '../documents/mask.ts';
import { html, type Markup, type Piece } from './markup.ts';

/** The differences of one schedule: a name and what it was and will be; long values as lines below. */
export function fieldList(fields: readonly MaskedField[], sides: Sides): Markup | undefined {
  const rows = fieldRows(fields, sides);
  if (rows.length === 0) return undefined;
  return html`<dl class="fields">${rows.map((row) => html`<dt>${row.label}</dt><dd>${shownValue(row, sides)}</dd>`)}</dl>`;
}

function shownValue({ short, block }: FieldRow, sides: Sides): Piece {
  switch (short?.kind) {
    case 'masked':
      return html`<span class="soft">${short.text}</span>`;
    case 'value':
      return sides === 'before' ? html`<del>${short.text}</del>` : html`<code>${short.text}</code>`;
    case 'change':
      return html`${side('del', short.before)} <span class="to" aria-label="becomes">→</span> ${side('ins', short.after)}`;
    case undefined:
      return html`<pre tabindex="0">${block().map((line) => html`${lineOf(line)}\n`)}</pre>`;
  }
}

function side(tag: 'del' | 'ins', text: string): Markup {
  if (text === noValue) return html`<span class="soft">${text}</span>`;
  return tag === 'del' ? html`<del>${text}</del>` : html`<ins>${text}</ins>`;
}

function lineOf(line: BlockLine): Markup {
  switch (line.kind) {
    case 'skipped':
      return html`<span class="soft">  … ${lineCount(line.count)} as before</span>`;
    case 'kept':
      return html`<span class="kept">  ${line.text}</span>`;
    case 'added':
      return html`<ins>+ ${line.text}</ins>`;
    case 'removed':
      return html`<del>- ${line.text}</del>`;
    case 'value':
      return html`<span>${line.text}</span>`;
    case 'note':
      return html`<span class="soft">${line.text}</span>`;
  }
}
