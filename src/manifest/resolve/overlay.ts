import { isObject, type Json, type JsonObject, objectOf } from '../../model/json.ts';
import { present } from '../../model/present.ts';
import type { FieldPath } from '../../model/schedule.ts';
import { type Diagnostic, type Place, problem } from '../../problems/diagnostic.ts';
import { nearestKey } from '../nearest.ts';
import { type Finder, placeText } from '../read/locate.ts';
import type { RawManifest } from '../read/parse-file.ts';
import { validate } from '../read/validate.ts';
import type { Provenance } from './provenance.ts';
import { type Scope, substitute } from './substitute.ts';

/** JSON merge patches (RFC 7396) by the name of the schedule they are for. */
export type Overlays = ReadonlyMap<string, RawManifest>;

export interface ReadOverlays {
  readonly overlays: Overlays;
  /** Names that have several. */
  readonly doubled: ReadonlySet<string>;
  /** One does not say which schedule it is for. */
  readonly hasNameless: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** The overlays of some documents. One schedule has one overlay: the order of files means nothing. */
export function overlaysIn(documents: readonly RawManifest[], scope: Scope, find: Finder): ReadOverlays {
  const overlays = new Map<string, RawManifest>();
  const diagnostics: Diagnostic[] = [];
  const doubled = new Set<string>();
  let hasNameless = false;
  for (const document of documents) {
    // The rest is judged in the manifest; but a misspelled key with null would vanish there without a word.
    diagnostics.push(
      ...validate(document).filter(({ code }) => code === 'unknown-key' || code === 'server-field'),
    );
    const name = nameOf(document, scope);
    if (name === undefined) {
      hasNameless = true;
      diagnostics.push(problem('missing-key', { key: 'name', parent: [] }, placeOf(document, [])));
      continue;
    }
    const other = overlays.get(name);
    if (other === undefined) overlays.set(name, document);
    else {
      doubled.add(name);
      const args = { name, other: placeText(find(placeOf(other, ['name']))) };
      diagnostics.push(problem('two-overlays', args, placeOf(document, ['name'])));
    }
  }
  return { overlays, doubled, hasNameless, diagnostics };
}

/** The overlays that no manifest is there for. */
export function overlaysWithout(overlays: Overlays, names: ReadonlySet<string>): readonly Diagnostic[] {
  return [...overlays].flatMap(([name, document]) => {
    if (names.has(name)) return [];
    const nearest = nearestKey(name, [...names]);
    const args = { name, ...present({ nearest }) };
    return [problem('unknown-overlay', args, placeOf(document, ['name']))];
  });
}

/** The name that a manifest or an overlay gives, its references resolved; undefined when it gives none. */
export function nameOf({ value, origin }: RawManifest, scope: Scope): string | undefined {
  const { name } = value;
  const resolved = typeof name === 'string' ? substitute(name, origin, scope).value : name;
  return typeof resolved === 'string' && resolved !== '' ? resolved : undefined;
}

/** A manifest with its overlay in it, and which parts came from there. */
export function overlaid(
  manifest: JsonObject,
  { value, origin }: RawManifest,
): { readonly value: JsonObject; readonly provenance: readonly Provenance[] } {
  const provenance: Provenance[] = [];

  function merged(target: Json | undefined, patch: Json, path: FieldPath): Json {
    if (!isObject(patch) || !isObject(target)) provenance.push({ path, origin, at: path });
    return isObject(patch) ? mergedObject(isObject(target) ? target : {}, patch, path) : patch;
  }

  function mergedObject(target: JsonObject, patch: JsonObject, path: FieldPath): JsonObject {
    const entries = new Map(Object.entries(target));
    for (const [key, item] of Object.entries(patch)) {
      const below = [...path, key];
      if (item !== null) entries.set(key, merged(entries.get(key), item, below));
      else if (entries.delete(key)) provenance.push({ path: below, origin, at: below });
    }
    return objectOf(entries);
  }

  const { name: _name, ...patch } = value;
  return { value: mergedObject(manifest, patch, []), provenance };
}

function placeOf({ origin }: RawManifest, path: FieldPath): Place {
  return { kind: 'field', origin, path, at: 'value' };
}
