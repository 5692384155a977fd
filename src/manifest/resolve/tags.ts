import { isObject, type Json } from '../../model/json.ts';
import type { Tag } from '../../model/schedule.ts';

/** One {key, value} of a manifest's tags and where its parts are, as paths within the manifest. */
export interface WrittenTag extends Tag {
  readonly keyPath: readonly string[];
  /** In the map form the key of the map is the tag's key. */
  readonly keyAt: 'key' | 'value';
  readonly valuePath: readonly string[];
}

/** The pairs of either form: a map from key to value or values, or a list of {key, value}. Others are passed over. */
export function writtenTags(tags: Json | undefined): readonly WrittenTag[] {
  if (Array.isArray(tags)) return tags.flatMap((tag: Json, index) => fromList(tag, String(index)));
  if (!isObject(tags)) return [];
  return Object.entries(tags).flatMap(([key, value]) => fromMap(key, value));
}

function fromList(tag: Json, index: string): readonly WrittenTag[] {
  if (!isObject(tag) || typeof tag.key !== 'string' || typeof tag.value !== 'string') return [];
  const { key, value } = tag;
  return [
    { key, value, keyPath: ['tags', index, 'key'], keyAt: 'value', valuePath: ['tags', index, 'value'] },
  ];
}

function fromMap(key: string, value: Json): readonly WrittenTag[] {
  const keyPath = ['tags', key];
  const values: readonly (readonly [Json, readonly string[]])[] = Array.isArray(value)
    ? value.map((item: Json, index) => [item, [...keyPath, String(index)]] as const)
    : [[value, keyPath]];
  return values.flatMap(([item, valuePath]) =>
    typeof item === 'string' ? [{ key, value: item, keyPath, keyAt: 'key' as const, valuePath }] : [],
  );
}
