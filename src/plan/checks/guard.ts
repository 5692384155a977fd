import type { Limit } from '../../model/config.ts';
import type { Change, Guard } from '../../model/plan.ts';
import { present } from '../../model/present.ts';

/** A few deletes are everyday work, whatever share of a small owner's schedules they are. */
const alwaysAllowed = 3;

/** Holds a plan against its limits. `owned` = how many schedules on the server carry our marker. */
export function guardsOf(
  changes: readonly Change[],
  owned: number,
  limits: { readonly deletes: Limit; readonly updates: Limit },
): readonly Guard[] {
  // A rename counts too, for each old schedule that it deletes.
  const deletes = changes.flatMap(({ steps }) => steps.filter(({ kind }) => kind === 'delete')).length;
  const renames = changes.filter(({ kind }) => kind === 'rename').length;
  const updates = changes.filter(({ kind }) => kind === 'update' || kind === 'adopt').length;
  return [
    guard('deletes', deletes, mostDeletes(owned, renames, limits.deletes)),
    guard('updates', updates, most(owned, limits.updates)),
  ];
}

function guard(name: Guard['guard'], seen: number, limit: number | undefined): Guard {
  return {
    guard: name,
    seen,
    ...present({ limit }),
    refused: limit !== undefined && seen > limit,
  };
}

/** A share never means all of them: who wants that says the number. What is renamed lives on. */
function mostDeletes(owned: number, renames: number, limit: Limit): number | undefined {
  if (limit.kind !== 'percent') return most(owned, limit);
  return Math.min(Math.max(most(owned, limit) ?? 0, alwaysAllowed), Math.max(owned - 1, 0) + renames);
}

function most(owned: number, limit: Limit): number | undefined {
  switch (limit.kind) {
    case 'none':
      return undefined;
    case 'count':
      return limit.count;
    case 'percent':
      return Math.floor((owned * limit.percent) / 100);
  }
}
