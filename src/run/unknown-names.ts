import { nearestKey } from '../manifest/nearest.ts';
import { present } from '../model/present.ts';
import { type Diagnostic, problem } from '../problems/diagnostic.ts';

/** A problem for each name that is not among those that are there, with the nearest of them. */
export function unknownNames(asked: readonly string[], there: readonly string[]): readonly Diagnostic[] {
  const known = new Set(there);
  return [...new Set(asked)]
    .filter((name) => !known.has(name))
    .map((name) => {
      const nearest = nearestKey(name, there);
      return problem('unknown-schedule', { name, ...present({ nearest }) }, { kind: 'nowhere' });
    });
}
