import type { Execution } from '../../model/execution.ts';
import type { Plan } from '../../model/plan.ts';
import { present } from '../../model/present.ts';
import type { Tag } from '../../model/schedule.ts';
import type { DriftClass } from './drift.ts';
import { type Headed, heading, type ProblemEntry } from './entries.ts';

/** How every schedule is, now. `schemas/status.schema.json` describes it. Times are epoch milliseconds. */
export type StatusDocument = Headed<'status'> & {
  /** Release of the time zone rules. */
  readonly tz?: string;
  readonly target: Plan['target'];
  /** When the server was asked, by our clock. */
  readonly at: number;
  /** Whether the schedules could be compared with manifests: there are none, or they have errors. */
  readonly manifests: 'compared' | 'none' | 'invalid';
  /** Names, patterns and the like that were asked for; absent = all. */
  readonly asked?: readonly string[];
  /** Nothing fires on this server, since the newest start of all: so many schedules should have. */
  readonly stopped?: { readonly since?: number; readonly schedules: number };
  readonly counts: StatusCounts;
  /** Days off that will soon be wrong. */
  readonly problems: readonly ProblemEntry[];
  /** Sorted by name. */
  readonly schedules: readonly StatusEntry[];
};

export type StatusCounts = {
  readonly active: number;
  readonly paused: number;
  /** In a manifest and not on the server. */
  readonly missing: number;
  /** Active, and it will never fire again. */
  readonly never: number;
  /** The last run could not be started. */
  readonly failed: number;
  /** Active, and a fire that should have come has not. */
  readonly overdue: number;
  /** Not as its manifest says. */
  readonly drifted: number;
};

/** `unknown`: only a secret that is not defined here could tell. */
export type DriftState = DriftClass | 'none' | 'unmanaged' | 'unknown';

export type StatusEntry = {
  readonly name: string;
  readonly state: 'active' | 'paused' | 'missing';
  /** Why, and the server's last write, which usually was the pause. */
  readonly pause?: { readonly reason?: string; readonly by?: string; readonly at?: number };
  /** Absent = none. */
  readonly nextFire?: number;
  /** Absent = none in the server's history, or it was not found out. */
  readonly lastRun?: Execution;
  /** It would have taken too many requests, or the server has no words for the name. */
  readonly lastRunUnknown?: true;
  /** Active, and the fire of this time should have come and has not. */
  readonly overdue?: number;
  /** As far as they were read; absent = the server has none, or they were not read. */
  readonly tags?: readonly Tag[];
  /** Absent = nothing to compare with. */
  readonly drift?: DriftState;
};

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
