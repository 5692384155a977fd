import type { MaskedField } from '../documents/mask.ts';
import { type BlockLine, fieldRows, lineCount, noValue, type ShortForm, type Sides } from './field-rows.ts';

/** The differences of one change as lines of a diff: the sign comes first, so that they are coloured by it. */
export function fieldDiff(fields: readonly MaskedField[], sides: Sides): readonly string[] {
  const sign = sides === 'after' ? '+' : sides === 'before' ? '-' : ' ';
  return fieldRows(fields, sides).flatMap(({ label, short, block }) =>
    short === undefined
      ? [`${sign} ${label}:`, ...block().map((line) => blockLine(line, sign))]
      : shortLines(label, short, sign),
  );
}

function shortLines(label: string, short: ShortForm, sign: string): readonly string[] {
  if (short.kind === 'masked') return [`${sign === ' ' ? '!' : sign} ${label}: ${short.text}`];
  if (short.kind === 'value') return [`${sign} ${label}: ${short.text}`];
  const { before, after } = short;
  return [
    ...(before === noValue ? [] : [`- ${label}: ${before}`]),
    ...(after === noValue ? [] : [`+ ${label}: ${after}`]),
  ];
}

function blockLine(line: BlockLine, sign: string): string {
  switch (line.kind) {
    case 'skipped':
      return `    … ${lineCount(line.count)} as before`;
    case 'kept':
      return `    ${line.text}`.trimEnd();
    case 'added':
      return `+   ${line.text}`.trimEnd();
    case 'removed':
      return `-   ${line.text}`.trimEnd();
    case 'value':
      return `${sign}   ${line.text}`.trimEnd();
    case 'note':
      return `    ${line.text}`;
  }
}
