import { type EditRun, lineEdits } from './line-edits.ts';

/** A longer patch is not readable. */
const mostEdits = 2000;

const contextLines = 3;

/** A piece of a patch: how many lines of each side come before it, and its lines with their signs. */
type Hunk = { readonly left: number; readonly right: number; readonly lines: readonly string[] };

/**
 * Two texts of a file as a unified diff, as `git apply` and `patch` read it; a new file comes from `/dev/null`. Absent
 * when they differ in too much.
 */
export function unifiedDiff(path: string, before: string | undefined, after: string): string | undefined {
  const from = before === undefined ? '/dev/null' : `a/${path}`;
  const [old, next] = [linesOf(before ?? ''), linesOf(after)];
  const edits = lineEdits(old, next, before === undefined ? Number.POSITIVE_INFINITY : mostEdits);
  if (edits.kind === 'too-many') return undefined;
  const hunks = hunksOf(edits.runs, old, next).flatMap(({ left, right, lines }) => [
    `@@ -${range(left, lines, '+')} +${range(right, lines, '-')} @@`,
    ...lines.map(ended),
  ]);
  return [`--- ${from}`, `+++ b/${path}`, ...hunks].join('\n');
}

/** Each line with its newline; the last one may have none. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function hunksOf(
  runs: readonly EditRun[],
  before: readonly string[],
  after: readonly string[],
): readonly Hunk[] {
  const hunks: Hunk[] = [];
  let [left, right] = [0, 0];
  let open: { readonly left: number; readonly right: number; readonly lines: string[] } | undefined;
  for (const [index, run] of runs.entries()) {
    if (run.kind === 'changed') {
      open ??= { left, right, lines: [] };
      append(open.lines, '-', before.slice(left, left + run.removed));
      append(open.lines, '+', after.slice(right, right + run.added));
      left += run.removed;
      right += run.added;
      continue;
    }
    const isLast = index === runs.length - 1;
    if (open !== undefined && !isLast && run.count <= 2 * contextLines) {
      append(open.lines, ' ', before.slice(left, left + run.count));
    } else {
      const head = Math.min(contextLines, run.count);
      if (open !== undefined) {
        append(open.lines, ' ', before.slice(left, left + head));
        hunks.push(open);
      }
      const tail = Math.min(contextLines, run.count);
      const start = run.count - tail;
      open = isLast
        ? undefined
        : {
            left: left + start,
            right: right + start,
            lines: before.slice(left + start, left + run.count).map((line) => ` ${line}`),
          };
    }
    left += run.count;
    right += run.count;
  }
  return open === undefined ? hunks : [...hunks, open];
}

function append(hunk: string[], sign: '-' | '+' | ' ', lines: readonly string[]): void {
  for (const line of lines) hunk.push(`${sign}${line}`);
}

/** First line and number of lines of one side; the first line of nothing is 0 by POSIX' rule: the line before it. */
function range(skipped: number, lines: readonly string[], otherSign: '-' | '+'): string {
  const count = lines.filter((line) => !line.startsWith(otherSign)).length;
  return `${count === 0 ? skipped : skipped + 1},${count}`;
}

function ended(line: string): string {
  return line.endsWith('\n') ? line.slice(0, -1) : `${line}\n\\ No newline at end of file`;
}
