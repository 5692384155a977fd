import { commentsIn } from '../read/yaml.ts';

/** A comment of a text before an edit; `line` counts from 1. */
export type LostComment = { readonly line: number; readonly text: string };

/** The comments of a file that are no longer in it after an edit, in order: they went with what they were about. */
export function lostComments(before: string, after: string): readonly LostComment[] {
  if (!before.includes('#')) return [];
  const left = new Map<string, number>();
  for (const { source } of commentsIn(after).comments) {
    const text = source.trim();
    left.set(text, (left.get(text) ?? 0) + 1);
  }
  return [...commentsIn(before).comments]
    .sort((a, b) => a.offset - b.offset)
    .flatMap(({ offset, source }) => {
      const text = source.trim();
      const count = left.get(text) ?? 0;
      left.set(text, count - 1);
      return count > 0 ? [] : [{ line: before.slice(0, offset).split('\n').length, text }];
    });
}
