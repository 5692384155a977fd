import type { Plan } from '../../model/plan.ts';
import { present } from '../../model/present.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import { heading, problemEntry } from './entries.ts';
import type {
  AllowanceChange,
  BaseEntry,
  BasePlanDocument,
  LoadSums,
  SettingChange,
} from './generated/documents.ts';
import { type LoadFacts, loadEntry, loadPicture } from './load.ts';
import { changeEntry, type PlanDocumentOptions } from './plan.ts';

export type BasePlanFacts = {
  readonly base: BaseEntry;
  /** Undefined = nothing is known of the base. */
  readonly plan: Plan | undefined;
  readonly settings: readonly SettingChange[];
  readonly allowances: readonly AllowanceChange[];
  readonly load?: { readonly before: LoadFacts; readonly after: LoadFacts };
  readonly problems: readonly LocatedDiagnostic[];
  readonly isNew: (problem: LocatedDiagnostic) => boolean;
  readonly ended: readonly LocatedDiagnostic[];
};

export function basePlanDocument(
  { base, plan, settings, allowances, load, problems, isNew, ended }: BasePlanFacts,
  options: PlanDocumentOptions,
): BasePlanDocument {
  return {
    ...heading('base-plan'),
    base,
    verdict: plan?.verdict ?? 'unknown',
    ...present({
      counts: plan?.counts,
      owner: plan?.owner,
      selection: plan?.selection,
      guards: plan?.guards,
    }),
    settings,
    allowances,
    changes: (plan?.changes ?? [])
      .map((change) => changeEntry(change, options, options.fires?.get(change.name)))
      .map((entry) =>
        entry.pause === undefined || entry.pause.action === 'pause'
          ? entry
          : { ...entry, pause: { ...entry.pause, inBase: true } },
      ),
    ...(load === undefined ? {} : { load: { before: sums(load.before), after: sums(load.after) } }),
    ...(load === undefined || options.page === undefined
      ? {}
      : { picture: loadPicture(load.after, load.before) }),
    problems: problems.map((one) => ({ ...problemEntry(one), ...(isNew(one) ? { isNew: true } : {}) })),
    ended: ended.map(problemEntry),
  };
}

function sums(facts: LoadFacts): LoadSums {
  const { minutes: _minutes, ...entry } = loadEntry(facts);
  return entry;
}
