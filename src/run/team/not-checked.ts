import type { Config } from '../../model/config.ts';
import type { NotChecked } from '../../model/generated/report-parts.ts';
import type { DesiredSchedule, Origin } from '../../model/schedule.ts';
import type { TeamPolicy } from '../../policies/policy.ts';
import type { Diagnostic, LocatedDiagnostic } from '../../problems/diagnostic.ts';
import type { TeamWorkflows } from './team-workflows.ts';

/** What a run found, and what it did not get to. */
export type Unfinished = {
  readonly problems: readonly LocatedDiagnostic[];
  readonly notChecked: readonly NotChecked[];
};

/** What a comparison would have found. */
export const comparison: readonly NotChecked[] = ['changes', 'renames', 'deletes', 'limits'];

/** What of it is lost with a plan that is not shown: a limit that is exceeded is a problem, and problems are shown. */
export const unshown: readonly NotChecked[] = ['changes', 'renames', 'deletes'];

/** What may be judged of the manifests. */
export type Judgeable = {
  readonly desired: readonly DesiredSchedule[];
  readonly withErrors: number;
  readonly hasUnread: boolean;
  readonly isDoubtful: (origin: Origin) => boolean;
};

/** The manifests that are known whole: the others are not judged. */
export function knownWhole({
  desired,
  isDoubtful,
}: Pick<Judgeable, 'desired' | 'isDoubtful'>): readonly DesiredSchedule[] {
  return desired.filter(({ origin }) => !isDoubtful(origin));
}

function isLacking(loaded: Judgeable): boolean {
  return (
    loaded.withErrors > 0 ||
    loaded.hasUnread ||
    loaded.desired.some(({ origin }) => loaded.isDoubtful(origin))
  );
}

/**
 * Which policies were not held against which manifests. `faults`: what is wrong with schemas; `together`: whether all
 * schedules were judged together.
 */
export function uncheckedPolicies(
  loaded: Judgeable & {
    readonly policies?: {
      readonly policies: readonly TeamPolicy[];
      readonly diagnostics: readonly Diagnostic[];
    };
  },
  { policies: path }: Pick<Config, 'policies'>,
  { faults, together }: { readonly faults: readonly Diagnostic[]; readonly together: boolean },
): readonly NotChecked[] {
  if (path === undefined) return [];
  const { policies } = loaded;
  if (policies === undefined) return ['policies'];
  const hasUnusable = policies.diagnostics.length + faults.length > 0;
  const held = policies.policies.filter((one) => !one.isElsewhere);
  if (held.length === 0) return hasUnusable ? ['policies'] : [];
  const lacking = isLacking(loaded);
  if (lacking && knownWhole(loaded).length === 0) return ['policies'];
  return [
    ...(hasUnusable ? (['policies-with-errors'] as const) : []),
    ...(lacking && held.some(isAboutOne) ? (['policies-of-invalid-manifests'] as const) : []),
    ...(!together && held.some(isAboutAll) ? (['policies-over-all'] as const) : []),
  ];
}

function isAboutAll({ entry: { limit } }: TeamPolicy): boolean {
  return limit?.firesPerMinute !== undefined;
}

function isAboutOne({ entry: { require, match, limit = {}, forbid, allow, schema } }: TeamPolicy): boolean {
  return (
    [require, match, forbid, allow, schema].some((demand) => demand !== undefined) ||
    Object.keys(limit).some((key) => key !== 'firesPerMinute')
  );
}

/** The same of the workflow definitions of the repository; `team` absent = it names none. */
export function uncheckedWorkflows(
  loaded: Judgeable,
  team: Pick<TeamWorkflows, 'definitions' | 'isIncomplete' | 'problems'> | undefined,
): readonly NotChecked[] {
  if (team === undefined) return [];
  const isBroken =
    team.isIncomplete && team.problems.some(({ diagnostic: { severity } }) => severity === 'error');
  const lacking = isLacking(loaded);
  if ((isBroken && team.definitions.size === 0) || (lacking && knownWhole(loaded).length === 0))
    return ['workflows'];
  return [
    ...(isBroken ? (['workflow-files-with-errors'] as const) : []),
    ...(lacking ? (['workflows-of-invalid-manifests'] as const) : []),
  ];
}
