import { isObject, type Json, type JsonObject, objectOf } from '../../model/json.ts';
import type { FieldPath } from '../../model/schedule.ts';
import { isLeftOut } from '../read/left-out.ts';
import type { Provenance } from './provenance.ts';

/** What the configuration gives to every manifest that does not say it itself. */
export interface Defaults {
  readonly zoneId?: Json;
  readonly tags?: JsonObject;
  /** Where a part of it was written: paths are `zoneId` and `tags.KEY`. */
  source(path: FieldPath): Omit<Provenance, 'path'>;
}

/**
 * A manifest with the defaults in it: the zone wherever a cron has none, a tag wherever tags are written and its key
 * is not among them.
 */
export function withDefaults(
  manifest: JsonObject,
  defaults: Defaults,
): { readonly value: JsonObject; readonly provenance: readonly Provenance[] } {
  const provenance: Provenance[] = [];
  const from = (path: FieldPath, at: FieldPath): void => {
    provenance.push({ ...defaults.source(at), path });
  };

  function zoned(fields: JsonObject, path: FieldPath): JsonObject {
    const { zoneId } = defaults;
    if (zoneId === undefined || !isLeftOut(fields.zoneId)) return fields;
    from([...path, 'zoneId'], ['zoneId']);
    return { ...fields, zoneId };
  }

  function withZones(): JsonObject {
    const { cronSchedules } = manifest;
    if (isLeftOut(cronSchedules)) return zoned(manifest, []);
    if (!Array.isArray(cronSchedules)) return manifest;
    const entries = cronSchedules.map((entry: Json, index) =>
      isObject(entry) ? zoned(entry, ['cronSchedules', String(index)]) : entry,
    );
    return { ...manifest, cronSchedules: entries };
  }

  function tagged(tags: Json): Json {
    const added = Object.entries(defaults.tags ?? {});
    if (Array.isArray(tags)) return [...tags, ...listed(tags, added)];
    if (!isObject(tags)) return tags;
    const missing = added.filter(([key]) => !Object.hasOwn(tags, key));
    for (const [key] of missing) from(['tags', key], ['tags', key]);
    return objectOf([...Object.entries(tags), ...missing]);
  }

  function listed(tags: readonly Json[], added: readonly (readonly [string, Json])[]): readonly Json[] {
    const present = new Set(tags.map((tag) => (isObject(tag) ? tag.key : undefined)));
    const pairs = added
      .filter(([key]) => !present.has(key))
      .flatMap(([key, values]) =>
        (Array.isArray(values) ? values : [values]).map((value: Json) => ({ key, value })),
      );
    for (const [index, { key }] of pairs.entries())
      from(['tags', String(tags.length + index)], ['tags', key]);
    return pairs;
  }

  const zonedManifest = withZones();
  const { tags } = zonedManifest;
  if (tags === undefined || isLeftOut(tags)) return { value: zonedManifest, provenance };
  return { value: { ...zonedManifest, tags: tagged(tags) }, provenance };
}
