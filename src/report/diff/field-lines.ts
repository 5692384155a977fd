import type { MaskedField } from '../documents/mask.ts';
import type { Style } from '../text/style.ts';
import { columns } from '../text/wrap.ts';
import { type BlockLine, fieldRows, lineCount, type ShortForm, type Sides } from './field-rows.ts';

const fieldIndent = '    ';
const lineIndent = '      ';
/** Longer labels do not push the values of the others to the right. */
const longestAlignedLabel = 28;

/**
 * The differences of one change on a terminal, one field after another: short values on a line of their own
 * (`before → after`), longer ones as lines below. Where only one side is shown the values are without arrows and
 * signs.
 */
export function fieldLines(fields: readonly MaskedField[], sides: Sides, style: Style): readonly string[] {
  const rows = fieldRows(fields, sides).map((row) => ({ ...row, inline: inlineOf(row.short, style) }));
  const labels = rows.flatMap(({ label, inline }) => (inline === undefined ? [] : [columns(label)]));
  const pad = Math.max(0, ...labels.filter((length) => length <= longestAlignedLabel));
  return rows.flatMap(({ label, inline, block }) => {
    const start = `${fieldIndent}${label}:${' '.repeat(Math.max(0, pad - columns(label)))}`;
    if (inline !== undefined && columns(start) + 1 + inline.columns <= style.width)
      return [`${start} ${inline.text}`];
    return [`${fieldIndent}${label}:`, ...block().map((line) => laidOut(line, style))];
  });
}

/** The text in its colours, and how wide it is without them. */
function inlineOf(
  short: ShortForm | undefined,
  { colors }: Style,
): { readonly text: string; readonly columns: number } | undefined {
  if (short === undefined) return undefined;
  if (short.kind !== 'change') return { text: short.text, columns: columns(short.text) };
  const { before, after } = short;
  return {
    text: `${colors.red(before)} ${colors.dim('→')} ${colors.green(after)}`,
    columns: columns(before) + 3 + columns(after),
  };
}

function laidOut(line: BlockLine, { colors }: Style): string {
  switch (line.kind) {
    case 'skipped':
      return colors.dim(`${lineIndent}  … ${lineCount(line.count)} as before`);
    case 'kept':
      return colors.dim(`${lineIndent}  ${line.text}`.trimEnd());
    case 'added':
      return lineIndent + colors.green(`+ ${line.text}`.trimEnd());
    case 'removed':
      return lineIndent + colors.red(`- ${line.text}`.trimEnd());
    case 'value':
      return lineIndent + line.text;
    case 'note':
      return colors.dim(lineIndent + line.text);
  }
}
