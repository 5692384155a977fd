import { type Tag, tagSet } from '../../model/schedule.ts';
import type { Change } from '../data.ts';
import type { Journal } from '../journal.ts';
import type { TagsWrite } from '../server-types.ts';

/** The tags of schedules, by name, whether or not there is such a schedule. */
export type TagRows = {
  tags(name: string): readonly Tag[];
  /** Every name that has tags, with them. */
  tagged(): Iterable<readonly [string, readonly Tag[]]>;
  writeTags(name: string, tags: readonly Tag[], mode: TagsWrite, by: string): void;
  removeTags(name: string, tags: readonly Tag[], by: string): void;
  /** Those of a schedule that is gone go too. */
  forget(name: string): void;
};

export function tagRows(
  content: { readonly [name: string]: readonly Tag[] },
  note: (change: Change) => void,
  journal: Journal,
  now: () => number,
): TagRows {
  const rows = new Map<string, readonly Tag[]>(Object.entries(content));
  const tags = (name: string): readonly Tag[] => rows.get(name) ?? [];
  function set(name: string, by: string, after: readonly Tag[]): void {
    const before = tags(name);
    rows.set(name, after);
    note({ kind: 'tags', name, tags: after });
    journal({ at: now(), kind: 'tagged', name, by, before, after });
  }
  return {
    tags,
    tagged: () => rows,
    writeTags(name, written, mode, by) {
      const before = tags(name);
      const keys = new Set(written.map(({ key }) => key));
      const kept = { replace: [], upsert: before.filter(({ key }) => !keys.has(key)), append: before }[mode];
      set(name, by, tagSet([...kept, ...written]));
    },
    removeTags(name, removed, by) {
      const isRemoved = (tag: Tag): boolean =>
        removed.some(({ key, value }) => key === tag.key && value === tag.value);
      set(
        name,
        by,
        tags(name).filter((tag) => !isRemoved(tag)),
      );
    },
    forget(name) {
      if (rows.delete(name)) note({ kind: 'tags', name, tags: [] });
    },
  };
}
