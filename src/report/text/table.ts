import type { Style } from './style.ts';
import { columns } from './wrap.ts';

export interface Cell {
  /** Safe to print. */
  readonly text: string;
  readonly paint?: (text: string) => string;
}

export interface Row {
  readonly cells: readonly Cell[];
  /** Whole lines below the row, indented and wrapped already. */
  readonly below?: readonly string[];
}

const gap = '  ';
/** Before lines that are below a row. */
export const belowRow = '    ';

/** Whether a table fits the width without a line of its own for any but the names in the first column over `longest`. */
export function fits(
  header: readonly string[],
  rows: readonly Row[],
  longest: number,
  { width }: Style,
): boolean {
  const [names = 0, ...others] = naturalWidths(header, rows);
  return others.reduce((sum, one) => sum + gap.length + one, Math.min(names, longest)) <= width;
}

function naturalWidths(header: readonly string[], rows: readonly Row[]): readonly number[] {
  return header.map((title, at) =>
    Math.max(columns(title), ...rows.map(({ cells }) => columns(cells[at]?.text ?? ''))),
  );
}

/**
 * A table that never cuts anything and fits the width: the wider one of the first and the last column is as wide as the
 * others leave it room. What is longer has a line of its own: in the first column before the rest of its row, in the last
 * one after it.
 */
export function tableLines(header: readonly string[], rows: readonly Row[], style: Style): readonly string[] {
  const widths = naturalWidths(header, rows);
  const end = header.length - 1;
  const yielding = (widths[end] ?? 0) > (widths[0] ?? 0) ? end : 0;
  const others = widths.reduce((sum, width, at) => (at === yielding ? sum : sum + gap.length + width), 0);
  const most = Math.max(columns(header[yielding] ?? ''), style.width - others);
  const width = Math.min(widths[yielding] ?? 0, most);
  const line = (cells: readonly Cell[]): string =>
    cells
      .map(({ text, paint = (same: string) => same }, at) => {
        const room = at === yielding ? width : (widths[at] ?? 0);
        const filling = at === cells.length - 1 ? '' : ' '.repeat(Math.max(0, room - columns(text)));
        return `${paint(text)}${filling}`;
      })
      .join(gap)
      .trimEnd();
  const rowLines = (cells: readonly Cell[]): readonly string[] => {
    const long = cells[yielding];
    if (long === undefined || columns(long.text) <= width) return [line(cells)];
    const rest = line(cells.map((cell, at) => (at === yielding ? { text: '' } : cell)));
    const own = (long.paint ?? String)(long.text);
    return yielding === 0 ? [own, rest] : [rest, `${belowRow}${own}`];
  };
  return [
    line(header.map((text) => ({ text, paint: style.colors.dim }))),
    ...rows.flatMap(({ cells, below = [] }) => [...rowLines(cells), ...below]),
  ];
}
