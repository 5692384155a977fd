import { structuredPatch } from 'diff';

/** The work grows with lines times edits; beyond this a patch says nothing to anybody. */
const mostEdits = 2000;

/**
 * Two texts of a file as a unified diff, as `git apply` and `patch` read it; a new file comes from `/dev/null`. Absent
 * when they differ in too much.
 */
export function unifiedDiff(path: string, before: string | undefined, after: string): string | undefined {
  const from = before === undefined ? '/dev/null' : `a/${path}`;
  const patch = structuredPatch(from, `b/${path}`, before ?? '', after, undefined, undefined, {
    context: 3,
    maxEditLength: before === undefined ? Number.POSITIVE_INFINITY : mostEdits,
  });
  if (patch === undefined) return undefined;
  const hunks = patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldLines === 0 ? 0 : oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines,
  ]);
  return [`--- ${from}`, `+++ b/${path}`, ...hunks].join('\n');
}
