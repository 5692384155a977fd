import { present } from '../../model/present.ts';
import { heading } from './entries.ts';
import type { StatusDocument, StatusEntry } from './generated/documents.ts';

export type StatusFacts = Omit<StatusDocument, 'format' | 'kind' | 'counts'>;

export function statusDocument(facts: StatusFacts): StatusDocument {
  const { tz, target, at, manifests, asked, stopped, problems, schedules } = facts;
  const count = (wanted: (entry: StatusEntry) => boolean): number => schedules.filter(wanted).length;
  return {
    ...heading('status'),
    ...present({ tz }),
    target,
    at,
    manifests,
    ...present({ asked, stopped }),
    counts: {
      active: count(({ state }) => state === 'active'),
      paused: count(({ state }) => state === 'paused'),
      missing: count(({ state }) => state === 'missing'),
      never: count(neverFires),
      failed: count(({ lastRun }) => lastRun?.state === 'FAILED'),
      overdue: count(({ overdue }) => overdue !== undefined),
      drifted: count(({ drift = 'none' }) => !['none', 'unmanaged', 'unknown'].includes(drift)),
    },
    problems,
    schedules,
  };
}

export function neverFires({ state, nextFire }: StatusEntry): boolean {
  return state === 'active' && nextFire === undefined;
}
