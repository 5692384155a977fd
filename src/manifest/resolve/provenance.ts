import type { FieldPath, Origin } from '../../model/schedule.ts';
import type { Diagnostic } from '../../problems/diagnostic.ts';
import { isSamePath } from '../read/field-path.ts';

/** Where one part of a resolved manifest was written, when that is not the manifest at the same path. */
export interface Provenance {
  /** In the manifest; everything below came from there too, unless a longer path or a later entry says otherwise. */
  readonly path: FieldPath;
  readonly origin: Origin;
  /** There. */
  readonly at: FieldPath;
  /** The text there is not the resolved one, so that offsets into it mean nothing. */
  readonly isTemplate?: true;
  /** What made another value of it, which is where its final one comes from. */
  readonly changedBy?: { readonly origin: Origin; readonly at: FieldPath };
  /** It is there because the manifest says nothing of it. */
  readonly isDefault?: true;
}

/** Where a path of the manifest was written; undefined = in the manifest, at that path. */
export function provenanceOf(path: FieldPath, provenance: readonly Provenance[]): Provenance | undefined {
  let found: Provenance | undefined;
  for (const entry of provenance)
    if (entry.path.length >= (found?.path.length ?? 0) && entry.path.every((part, at) => part === path[at]))
      found = entry;
  return found && { ...found, path, at: [...found.at, ...path.slice(found.path.length)] };
}

/** The same problems, each pointing at what was written wrong: in the manifest, an overlay or the configuration. */
export function relocated(
  diagnostics: readonly Diagnostic[],
  provenance: readonly Provenance[],
): readonly Diagnostic[] {
  if (provenance.length === 0) return diagnostics;
  return diagnostics.map((diagnostic) => {
    const { place } = diagnostic;
    if (place.kind !== 'field') return diagnostic;
    // What an overlay took away is missing there.
    const removed =
      diagnostic.code === 'missing-key'
        ? provenance.find(({ path }) => isSamePath(path, [...diagnostic.args.parent, diagnostic.args.key]))
        : undefined;
    const source = removed ?? provenanceOf(place.path, provenance);
    if (source === undefined) return diagnostic;
    const { within, ...rest } = place;
    return {
      ...diagnostic,
      place: {
        ...rest,
        origin: source.origin,
        path: source.at,
        ...(within === undefined || source.isTemplate ? {} : { within }),
      },
    };
  });
}
