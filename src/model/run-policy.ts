import { defaultLimits, type Limits } from './config.ts';
import type { Selection } from './generated/report-parts.ts';
import type { FieldPath } from './schedule.ts';
import type { RuleSettings } from './severity.ts';

/** What a run may do with what it finds, from configuration and flags. */
export type Policy = {
  /** Absent: nothing is ours, nothing is marked, nothing is deleted, and any marker is somebody else's. */
  readonly owner?: string;
  /** No configuration was found, which may be why there is no owner. */
  readonly isUnconfigured?: true;
  /** Names without marker that may be made ours although they differ. */
  readonly adopt: readonly string[] | 'all';
  /** Owners whose schedules may be made ours. */
  readonly takeOver: readonly string[];
  /** Delete orphans. */
  readonly prune: boolean;
  /** False when only a part of the owner's manifests was read: then schedules outside of it do not count as orphans. */
  readonly reportsOrphans: boolean;
  /** Deletes what the checked out commit still has a manifest of. */
  readonly allowsUncommitted: boolean;
  /** Manifests are there that were not read, so no schedule is known to be without one: nothing is deleted. */
  readonly isIncomplete: boolean;
  readonly selection?: Selection;
  /** Observed names that are never touched. */
  readonly ignores: (name: string) => boolean;
  /** Paths at which nothing is a credential, in every schedule. */
  readonly notSensitive: readonly FieldPath[];
  /** Seals masked values in hashes; absent = they are not covered. */
  readonly digestKey?: string;
  readonly limits: Limits;
  /** Severities of the rules, as far as they are set. */
  readonly rules: RuleSettings;
};

/** Without an owner: compare, create and update. */
export const openPolicy: Policy = {
  adopt: [],
  takeOver: [],
  prune: false,
  reportsOrphans: true,
  isIncomplete: false,
  allowsUncommitted: false,
  ignores: () => false,
  notSensitive: [],
  limits: defaultLimits,
  rules: {},
};
