import type { Located } from '../../problems/diagnostic.ts';

/** Offsets of one text as lines and columns. */
export interface Lines {
  /** UTF-16 offsets, `end` exclusive. Outside the text they count as its end. */
  locate(start: number, end: number): Omit<Required<Located>, 'file'>;
}

/** Lines and columns from 1; columns in code points, a byte order mark is none. LF and CR LF end a line. */
export function linesOf(text: string): Lines {
  const starts = [text.startsWith('\ufeff') ? 1 : 0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);

  function indexAt(offset: number): number {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  function position(offset: number): { readonly line: number; readonly column: number } {
    const index = indexAt(offset);
    return { line: index + 1, column: [...text.slice(starts[index], offset)].length + 1 };
  }

  return {
    locate(start, end) {
      const from = position(Math.min(start, text.length));
      const to = position(Math.min(Math.max(start, end), text.length));
      const next = starts[from.line] ?? text.length + 1;
      const source = text.slice(starts[from.line - 1], next - 1).replace(/\r$/, '');
      return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column, source };
    },
  };
}
