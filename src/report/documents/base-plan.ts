import type { Json } from '../../model/json.ts';
import { noCounts, type Plan } from '../../model/plan.ts';
import { present } from '../../model/present.ts';
import type { RunEntry } from '../../model/run-entry.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import { type Headed, heading, type ProblemEntry, problemEntry } from './entries.ts';
import { type LoadEntry, type LoadFacts, type LoadPicture, loadEntry, loadPicture } from './load.ts';
import { type ChangeEntry, changeEntry, type PlanDocumentOptions } from './plan.ts';

/** What the manifests here change over those of another commit. `schemas/base-plan.schema.json` describes it. */
export type BasePlanDocument = Headed<'base-plan'> & {
  readonly run?: RunEntry;
  readonly base: BaseEntry;
  /** `unknown`: the manifests of the base have errors, so there is nothing to compare with. */
  readonly verdict: Plan['verdict'] | 'unknown';
  readonly counts: Plan['counts'];
  readonly owner?: string;
  readonly selection?: Plan['selection'];
  readonly guards: Plan['guards'];
  /** Settings that say what schedules come to, as far as they differ. */
  readonly settings: readonly SettingChange[];
  /** As on a server that has exactly what the base asks for. */
  readonly changes: readonly ChangeEntry[];
  /** Absent when nothing is known of the base. */
  readonly load?: { readonly before: LoadSums; readonly after: LoadSums };
  /** The same with its minutes; only where a page is made. */
  readonly picture?: LoadPicture;
  readonly problems: readonly BaseProblem[];
  /** Problems that the base has and the manifests here have not. */
  readonly ended: readonly ProblemEntry[];
};

export type BaseEntry = {
  /** As it was typed. */
  readonly ref: string;
  readonly commit: string;
  /** The commit is where the history of `ref` and the checked out commit part. */
  readonly isMergeBase?: true;
  /** `empty`: it has no such directory or environment; `broken`: what it has has errors. */
  readonly state: 'read' | 'empty' | 'broken';
};

/** `isNew`: the base does not have it. */
export type BaseProblem = ProblemEntry & { readonly isNew?: true };

export type SettingChange = {
  /** As `downbeat config` names it. */
  readonly setting: string;
  readonly before?: Json;
  readonly after?: Json;
};

/** A load without its minutes. */
export type LoadSums = Omit<LoadEntry, 'minutes'>;

export type BasePlanFacts = {
  readonly base: BaseEntry;
  /** Undefined = nothing is known of the base. */
  readonly plan: Plan | undefined;
  readonly settings: readonly SettingChange[];
  readonly load?: { readonly before: LoadFacts; readonly after: LoadFacts };
  readonly problems: readonly LocatedDiagnostic[];
  readonly isNew: (problem: LocatedDiagnostic) => boolean;
  readonly ended: readonly LocatedDiagnostic[];
};

export function basePlanDocument(
  { base, plan, settings, load, problems, isNew, ended }: BasePlanFacts,
  options: PlanDocumentOptions,
): BasePlanDocument {
  return {
    ...heading('base-plan'),
    base,
    verdict: plan?.verdict ?? 'unknown',
    counts: plan?.counts ?? noCounts,
    ...present({ owner: plan?.owner, selection: plan?.selection }),
    guards: plan?.guards ?? [],
    settings,
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
