import { isObject, type Json } from '../../model/json.ts';
import { isReachable } from '../../model/name.ts';
import type { Origin } from '../../model/schedule.ts';
import { type Diagnostic, type Place, problem } from '../../problems/diagnostic.ts';
import type { PreviousNameFault } from '../../problems/rename-problems.ts';
import { at, type Manifest, nameIn } from '../manifest.ts';
import { type Finder, placeText } from '../read/locate.ts';

/** What a name had before it can be deleted under it only if no other manifest means it. */
export function previousNames(manifests: readonly Manifest[], find: Finder): readonly Diagnostic[] {
  if (
    !manifests.some(
      ({ fields: { lifecycle } }) => isObject(lifecycle) && lifecycle.previousNames !== undefined,
    )
  )
    return [];
  const users = new Map(
    manifests.flatMap(({ fields, origin }) =>
      typeof fields.name === 'string' ? [[fields.name, at(origin, ['name'])] as const] : [],
    ),
  );
  const claims = new Map<string, { readonly origin: Origin; readonly place: Place }>();
  return manifests.flatMap(({ fields, origin }) => {
    const { lifecycle } = fields;
    const names =
      isObject(lifecycle) && Array.isArray(lifecycle.previousNames) ? lifecycle.previousNames : [];
    return names.flatMap((previous: Json, index) => {
      if (typeof previous !== 'string') return [];
      const name = nameIn(fields);
      const place = at(origin, ['lifecycle', 'previousNames', String(index)]);
      const bad = (fault: PreviousNameFault, other?: Place): readonly Diagnostic[] => {
        const elsewhere = other === undefined ? {} : { other: placeText(find(other)) };
        return [problem('bad-previous-name', { name, previous, fault, ...elsewhere }, place)];
      };
      if (previous === name) return bad('own');
      const user = users.get(previous);
      if (user !== undefined) return bad('used', user);
      const claim = claims.get(previous);
      if (claim !== undefined && claim.origin !== origin) return bad('claimed', claim.place);
      claims.set(previous, { origin, place });
      return isReachable(previous) ? [] : bad('unreachable');
    });
  });
}
