import { present } from '../../model/present.ts';
import { heading } from './entries.ts';
import type { StatusDocument, StatusEntry } from './generated/documents.ts';

export type StatusFacts = Omit<StatusDocument, 'format' | 'kind' | 'counts'> & {
  /** Those with a manifest, which is refused, too. */
  readonly ofOtherOwners: number;
};

export function statusDocument(facts: StatusFacts): StatusDocument {
  const { tz, target, at, manifests, owner, asked, stopped, problems, ofOtherOwners, schedules } = facts;
  const count = (wanted: (entry: StatusEntry) => boolean): number => schedules.filter(wanted).length;
  return {
    ...heading('status'),
    ...present({ tz }),
    target,
    at,
    manifests,
    ...present({ owner, asked, stopped }),
    counts: {
      active: count(({ state }) => state === 'active'),
      paused: count(({ state }) => state === 'paused'),
      missing: count(({ state }) => state === 'missing'),
      never: count(neverFires),
      failed: count(({ lastRun }) => lastRun?.state === 'FAILED'),
      overdue: count(({ overdue }) => overdue !== undefined),
      drifted: count(({ drift }) => isDrifted(drift)),
      ...(manifests === 'compared'
        ? {
            unmanaged: count(({ drift }) => drift === 'unmanaged'),
            ofOtherOwners,
          }
        : {}),
    },
    problems,
    schedules,
  };
}

const undrifted: readonly (string | undefined)[] = [
  undefined,
  'none',
  'unmanaged',
  'other-owner',
  'not-adopted',
  'ignored',
  'unknown',
];

/** Whether a drift state is a difference from a manifest. */
export function isDrifted(drift: string | undefined): boolean {
  return !undrifted.includes(drift);
}

export function neverFires({ state, nextFire, nextFireUnknown }: StatusEntry): boolean {
  return state === 'active' && nextFire === undefined && !nextFireUnknown;
}
