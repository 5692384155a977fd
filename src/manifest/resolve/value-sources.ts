import type { FieldPath, Origin } from '../../model/schedule.ts';
import type { Located } from '../../problems/diagnostic.ts';
import { pathKey } from '../read/field-path.ts';
import type { Finder } from '../read/locate.ts';
import type { Provenance } from './provenance.ts';

/** A value of a manifest that was written elsewhere, and where. */
export type ValueSource = {
  /** In the manifest. */
  readonly path: FieldPath;
  readonly at: Pick<Located, 'file' | 'line' | 'column'>;
};

/**
 * Where the values of a manifest come from that were not written in it: overlays, variables, the configuration and the defaults
 * of folders. Of several that a value went through, the last. `wanted`: the fields that it is asked about.
 */
export function valueSources(
  origin: Origin,
  provenance: readonly Provenance[],
  wanted: readonly FieldPath[],
  find: Finder,
): readonly ValueSource[] {
  const found = new Map<string, ValueSource>();
  for (const entry of provenance) {
    const { path } = entry;
    const { origin: from, at } = entry.changedBy ?? entry;
    if (from.file === origin.file || !wanted.some((field) => isRelated(field, path))) continue;
    const place = find({ kind: 'field', origin: from, path: at, at: 'value' });
    if (place === undefined) continue;
    const { file, line, column } = place;
    found.set(pathKey(path), {
      path,
      at: { file, ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) },
    });
  }
  return [...found.values()];
}

/** One of the two paths leads to the other. */
function isRelated(a: FieldPath, b: FieldPath): boolean {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index += 1) if (a[index] !== b[index]) return false;
  return true;
}
