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
/** Before lines that stand below a row. */
export const belowRow = '    ';

/**
 * A table that never cuts anything and fits the width: the first column is as wide as the others leave it room, and
 * what is longer has a line of its own before the rest of its row.
 */
export function tableLines(header: readonly string[], rows: readonly Row[], style: Style): readonly string[] {
  const widths = header.map((title, at) =>
    Math.max(columns(title), ...rows.map(({ cells }) => columns(cells[at]?.text ?? ''))),
  );
  const others = widths.slice(1).reduce((sum, width) => sum + gap.length + width, 0);
  const first = Math.max(columns(header[0] ?? ''), style.width - others);
  const width = Math.min(widths[0] ?? 0, first);
  const line = (cells: readonly Cell[]): string =>
    cells
      .map(({ text, paint = (same: string) => same }, at) => {
        const room = at === 0 ? width : (widths[at] ?? 0);
        const filling = at === cells.length - 1 ? '' : ' '.repeat(Math.max(0, room - columns(text)));
        return `${paint(text)}${filling}`;
      })
      .join(gap)
      .trimEnd();
  return [
    line(header.map((text) => ({ text, paint: style.colors.dim }))),
    ...rows.flatMap(({ cells, below = [] }) => {
      const [name, ...rest] = cells;
      const whole =
        name !== undefined && columns(name.text) > width
          ? [(name.paint ?? String)(name.text), line([{ text: '' }, ...rest])]
          : [line(cells)];
      return [...whole, ...below];
    }),
  ];
}
