import { isObject, type Json, type JsonObject, objectOf } from '../../model/json.ts';
import type { FieldPath, Origin, Tag } from '../../model/schedule.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import { isLeftOut } from '../read/left-out.ts';
import type { RawManifest } from '../read/parse-file.ts';
import type { Provenance } from './provenance.ts';
import { writtenTags } from './tags.ts';

/** What an environment says of every schedule, whatever its manifest says. */
export interface Presets {
  /** Every schedule is paused, with this reason. */
  readonly paused?: string;
  /** Every schedule has these; its other keys stay. */
  readonly tags?: JsonObject;
  /** With `{name}` in it. */
  readonly names?: string;
  /** Where they were written: `at` is the environment. */
  readonly origin: Origin;
  readonly at: FieldPath;
}

/** The name that a schedule has in an environment. */
export function presetName({ names }: Pick<Presets, 'names'>, name: string): string {
  return names === undefined ? name : names.replace('{name}', () => name);
}

/**
 * A manifest as an environment has it. Tags go into those that the manifest writes; where it leaves them to the server, see
 * `addedTags`.
 */
export function withPresets(
  manifest: JsonObject,
  presets: Presets,
  origin: Origin,
): { readonly value: JsonObject; readonly provenance: readonly Provenance[] } {
  const { paused, tags, names } = presets;
  const provenance: Provenance[] = [];
  const from = (path: FieldPath, field: FieldPath): void => {
    provenance.push({ path, origin: presets.origin, at: [...presets.at, ...field] });
  };
  let value = manifest;
  if (paused !== undefined) {
    value = { ...value, paused: true, pausedReason: paused };
    from(['paused'], ['paused']);
    from(['pausedReason'], ['paused']);
  }
  if (tags !== undefined && value.tags !== undefined && (isObject(value.tags) || !isLeftOut(value.tags)))
    value = { ...value, tags: tagged(value.tags, tags, from) };
  else if (tags !== undefined) for (const key of Object.keys(tags)) from(['tags', key], ['tags', key]);
  if (names === undefined) return { value, provenance };
  const { name, lifecycle } = value;
  if (typeof name === 'string' && name !== '') {
    value = { ...value, name: presetName(presets, name) };
    const changedBy = { origin: presets.origin, at: [...presets.at, 'names'] };
    provenance.push({ path: ['name'], origin, at: ['name'], isTemplate: true, changedBy });
  }
  if (isObject(lifecycle) && Array.isArray(lifecycle.previousNames))
    value = {
      ...value,
      lifecycle: {
        ...lifecycle,
        previousNames: lifecycle.previousNames.map((one: Json) =>
          typeof one === 'string' ? presetName(presets, one) : one,
        ),
      },
    };
  return { value, provenance };
}

function tagged(tags: Json, added: JsonObject, from: (path: FieldPath, field: FieldPath) => void): Json {
  if (isObject(tags)) {
    const entries = new Map(Object.entries(tags));
    for (const [key, value] of Object.entries(added)) {
      entries.set(key, value);
      from(['tags', key], ['tags', key]);
    }
    return objectOf(entries);
  }
  if (!Array.isArray(tags)) return tags;
  const kept = tags.filter((tag: Json) => !isObject(tag) || !Object.hasOwn(added, String(tag.key)));
  const pairs = writtenTags(added).map(({ key, value }) => ({ key, value }));
  for (const [index, { key }] of pairs.entries()) from(['tags', String(kept.length + index)], ['tags', key]);
  return [...kept, ...pairs];
}

/** The tags of an environment, for a schedule whose other tags are the server's. */
export function addedTags({ tags }: Presets): readonly Tag[] {
  return writtenTags(tags).map(({ key, value }) => ({ key, value }));
}

/** An overlay is of one environment: one that lets a schedule run where everything is paused contradicts it. */
export function againstPresets(overlay: RawManifest, { paused }: Presets): readonly Diagnostic[] {
  if (paused === undefined || overlay.value.paused !== false) return [];
  const { origin } = overlay;
  return [
    problem(
      'overlay-against-pause',
      { reason: paused },
      { kind: 'field', origin, path: ['paused'], at: 'value' },
    ),
  ];
}
