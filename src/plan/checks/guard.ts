import type { Limit, Limits } from '../../model/config.ts';
import { type Change, type Guard, nameOf, ownerField, protectedField, switches } from '../../model/plan.ts';
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
  const deletes = changes.flatMap(deletedBy).length;
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

/** Names that a change deletes: of a rename the old ones. */
function deletedBy(change: Change): readonly string[] {
  return change.steps.flatMap((step) => (step.kind === 'delete' ? [nameOf(change, step)] : []));
}

/** What a limit on changes counts. */
const counted: { readonly [G in Guard['guard']]?: (change: Change) => readonly string[] } = {
  deletes: deletedBy,
  updates: (change) => (isUpdate(change) ? [change.name] : []),
  creates: ({ kind, name }) => (kind === 'create' ? [name] : []),
  pauses: (change) => (switches(change, true) ? [change.name] : []),
};

/** What went over a limit, in words and at its place; `waiting`: deletes that this run puts off. */
export type Exceeded = {
  /** Absent = it is about fires, which all schedules have a part in. */
  readonly names?: readonly string[];
  readonly renames?: number;
  readonly ofAll?: true;
  readonly waiting?: true;
  /** The first manifest of them that is there. */
  readonly file?: string;
};

/** Which changes a refused limit counts, and what there is to know of them. `asked`: as the limits saw them. */
export function exceeded(
  { guard: name, seen, limit }: Guard,
  asked: readonly Change[],
  changes: readonly Change[],
  { deletes }: Pick<Limits, 'deletes'>,
): Exceeded {
  const countedBy = counted[name];
  if (countedBy === undefined) return {};
  const found = asked.filter((change) => countedBy(change).length > 0);
  const names = found.flatMap(countedBy);
  if (name !== 'deletes') return { names, ...present({ file: found[0]?.origin?.file }) };
  const renames = found.filter(({ kind }) => kind === 'rename').length;
  const isLast = deletes.kind === 'percent' && renames === 0 && seen <= alwaysAllowed && limit === seen - 1;
  const put = new Set(changes.filter(({ steps }) => steps.length === 0).map((change) => change.name));
  return {
    names,
    ...(renames === 0 ? {} : { renames }),
    ...(isLast ? { ofAll: true } : {}),
    ...(found.some((change) => put.has(change.name)) ? { waiting: true } : {}),
    ...present({ file: found.find(({ origin }) => origin !== undefined)?.origin?.file }),
  };
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
