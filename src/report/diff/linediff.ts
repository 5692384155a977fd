import { structuredPatch } from 'diff';

export type DiffLine =
  | { readonly kind: 'removed' | 'added' | 'kept'; readonly text: string }
  /** So many lines that are equal on both sides are left out here. */
  | { readonly kind: 'skipped'; readonly count: number };

export type LineDiff =
  | { readonly kind: 'lines'; readonly lines: readonly DiffLine[] }
  | { readonly kind: 'too-large'; readonly removed: number; readonly added: number };

const contextLines = 3;

/**
 * The work of a line diff grows with the lines times the edits: 50,000 changed lines take `diff` 9.0.0 17 seconds. A
 * limit on the edits, not on the time, gives the same text on every machine.
 */
const mostEdits = 1000;

/** The lines in which two lists of lines differ, with three lines around each place. The lists hold no newlines. */
export function lineDiff(before: readonly string[], after: readonly string[]): LineDiff {
  const patch = structuredPatch('', '', asText(before), asText(after), undefined, undefined, {
    context: contextLines,
    maxEditLength: mostEdits,
  });
  if (patch === undefined)
    return { kind: 'too-large', removed: countMissing(before, after), added: countMissing(after, before) };
  const lines: DiffLine[] = [];
  let next = 1;
  for (const hunk of patch.hunks) {
    if (hunk.oldStart > next) lines.push({ kind: 'skipped', count: hunk.oldStart - next });
    for (const line of hunk.lines) lines.push({ kind: kindOf(line), text: line.slice(1) });
    next = hunk.oldStart + hunk.oldLines;
  }
  if (next <= before.length) lines.push({ kind: 'skipped', count: before.length - next + 1 });
  return { kind: 'lines', lines };
}

function kindOf(line: string): 'removed' | 'added' | 'kept' {
  return line.startsWith('-') ? 'removed' : line.startsWith('+') ? 'added' : 'kept';
}

function asText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** How many lines of the first list have no partner in the second. */
function countMissing(lines: readonly string[], others: readonly string[]): number {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  let missing = 0;
  for (const line of lines) {
    const count = left.get(line) ?? 0;
    if (count === 0) missing += 1;
    else left.set(line, count - 1);
  }
  return missing;
}
