import type { Limit, Limits } from '../../model/config.ts';
import { type Change, type Guard, ownerField, protectedField, switches } from '../../model/plan.ts';
import { present } from '../../model/present.ts';

/** A few deletes are everyday work, whatever share of a small owner's schedules they are. */
const alwaysAllowed = 3;

/**
 * Holds a plan against its limits. `owned` = how many schedules on the server carry our marker, selected or not. What
 * is limited only on request is listed only then.
 */
export function guardsOf(
  changes: readonly Change[],
  owned: number,
  limits: Pick<Limits, 'deletes' | 'updates' | 'creates' | 'pauses'>,
): readonly Guard[] {
  // A rename counts too, for each old schedule that it deletes.
  const deletes = changes.flatMap(({ steps }) => steps.filter(({ kind }) => kind === 'delete')).length;
  const renames = changes.filter(({ kind }) => kind === 'rename').length;
  const updates = changes.filter(isUpdate).length;
  const creates = changes.filter(({ kind }) => kind === 'create').length;
  const pauses = changes.filter((change) => switches(change, true)).length;
  return [
    guard('deletes', deletes, mostDeletes(owned, renames, limits.deletes)),
    guard('updates', updates, most(owned, limits.updates)),
    ...(limits.creates.kind === 'none' ? [] : [guard('creates', creates, most(owned, limits.creates))]),
    ...(limits.pauses.kind === 'none' ? [] : [guard('pauses', pauses, most(owned, limits.pauses))]),
  ];
}

/** A rename too, if it changes more than the name. */
function isUpdate({ kind, fields }: Change): boolean {
  if (kind !== 'rename') return kind === 'update' || kind === 'adopt';
  return fields.some(({ path: [first] }) => !nameAlone.includes(first ?? ''));
}

const nameAlone: readonly string[] = ['name', ownerField, protectedField];

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
