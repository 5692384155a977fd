import type { Config } from '../../model/config.ts';
import type { NotChecked } from '../../model/generated/report-parts.ts';
import type { Loaded } from '../load-manifests.ts';

type Left = Pick<Loaded, 'desired' | 'withErrors' | 'policies'>;

/** What a comparison would have found. */
export const comparison: readonly NotChecked[] = ['changes', 'renames', 'deletes', 'limits'];

/** Which policies were not held against which manifests, where those without errors were judged. */
export function uncheckedPolicies(
  loaded: Left,
  { policies }: Pick<Config, 'policies'>,
): readonly NotChecked[] {
  if (policies === undefined) return [];
  if (loaded.policies?.source === undefined || loaded.desired.length === 0) return ['policies'];
  const isOverAll = loaded.policies.policies.some(({ entry }) => entry.limit?.firesPerMinute !== undefined);
  return [
    ...(loaded.withErrors === 0 ? [] : (['policies-of-invalid-manifests'] as const)),
    ...(isOverAll ? (['policies-over-all'] as const) : []),
  ];
}

/** The same of the workflow definitions of the repository. */
export function uncheckedWorkflows(
  loaded: Left,
  { workflows }: Pick<Config, 'workflows'>,
): readonly NotChecked[] {
  if (workflows === undefined) return [];
  if (loaded.desired.length === 0) return ['workflows'];
  return loaded.withErrors === 0 ? [] : ['workflows-of-invalid-manifests'];
}
