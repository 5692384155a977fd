import { isObject, type Json, type JsonObject, objectOf } from '../../model/json.ts';
import type { FieldPath, SecretUse } from '../../model/schedule.ts';
import { isLeftOut } from '../read/left-out.ts';
import type { Provenance } from './provenance.ts';

/** What a configuration or a folder gives to every manifest that does not say it itself. */
export interface Defaults {
  readonly zoneId?: Json;
  readonly tags?: JsonObject;
  /** Only from a folder. */
  readonly startWorkflowRequest?: JsonObject;
  /** Texts of `startWorkflowRequest` that secrets went into. */
  readonly secrets: readonly SecretUse[];
  /** Where a variable went in that is a credential by its name. */
  readonly credentials: readonly FieldPath[];
  /** Where a part of it was written: paths are those of a manifest. */
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
    provenance.push({ ...defaults.source(at), path, isDefault: true });
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

  /** Key by key, down to what is not a mapping. */
  function filled(written: JsonObject, given: JsonObject, path: FieldPath): JsonObject {
    const entries = new Map(Object.entries(written));
    for (const [key, value] of Object.entries(given)) {
      const own = entries.get(key);
      const below = [...path, key];
      if (isObject(own) && isObject(value)) entries.set(key, filled(own, value, below));
      else if (own === undefined || (path.length === 1 && isLeftOut(own))) {
        from(below, below);
        entries.set(key, value);
      }
    }
    return objectOf(entries);
  }

  let value = withZones();
  const { tags } = value;
  if (tags !== undefined && !isLeftOut(tags)) value = { ...value, tags: tagged(tags) };
  const { startWorkflowRequest: request } = value;
  if (defaults.startWorkflowRequest !== undefined && isObject(request)) {
    const path = ['startWorkflowRequest'];
    value = { ...value, startWorkflowRequest: filled(request, defaults.startWorkflowRequest, path) };
  }
  return { value, provenance };
}

/** Whether something of defaults went into a manifest. */
export function isUsed(path: FieldPath, provenance: readonly Provenance[]): boolean {
  return provenance.some((one) => one.path.every((part, index) => part === path[index]));
}
