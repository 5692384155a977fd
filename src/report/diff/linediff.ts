import { lineEdits } from './line-edits.ts';

export type DiffLine =
  | { readonly kind: 'removed' | 'added' | 'kept'; readonly text: string }
  /** So many lines that are equal on both sides are left out here. */
  | { readonly kind: 'skipped'; readonly count: number };

export type LineDiff =
  | { readonly kind: 'lines'; readonly lines: readonly DiffLine[] }
  | { readonly kind: 'too-large'; readonly removed: number; readonly added: number };

const contextLines = 3;

/** A limit on the lines, not on the time, gives the same text on every machine. */
const mostEdits = 1000;

/** The lines in which two lists of lines differ, with three lines around each place. The lists hold no newlines. */
export function lineDiff(before: readonly string[], after: readonly string[]): LineDiff {
  const edits = lineEdits(before, after, mostEdits);
  if (edits.kind === 'too-many') return { kind: 'too-large', removed: edits.removed, added: edits.added };
  const lines: DiffLine[] = [];
  const push = (kind: 'removed' | 'added' | 'kept', texts: readonly string[]): void => {
    for (const text of texts) lines.push({ kind, text });
  };
  let [left, right] = [0, 0];
  for (const [index, run] of edits.runs.entries()) {
    if (run.kind === 'changed') {
      push('removed', before.slice(left, left + run.removed));
      push('added', after.slice(right, right + run.added));
      left += run.removed;
      right += run.added;
      continue;
    }
    const head = index === 0 ? 0 : contextLines;
    const tail = index === edits.runs.length - 1 ? 0 : contextLines;
    const skipped = run.count - head - tail;
    if (skipped > 0) {
      push('kept', before.slice(left, left + head));
      lines.push({ kind: 'skipped', count: skipped });
      push('kept', before.slice(left + run.count - tail, left + run.count));
    } else push('kept', before.slice(left, left + run.count));
    left += run.count;
    right += run.count;
  }
  return { kind: 'lines', lines };
}
