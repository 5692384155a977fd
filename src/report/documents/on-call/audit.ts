import { utcText } from '../../../cron/zone/utc.ts';
import type { AuditCounts, AuditGroup, AuditWhy, UsualLateness } from '../../../model/fires/audit.ts';
import { formatVersion, type Plan } from '../../../model/plan.ts';
import { present } from '../../../model/present.ts';
import type { DriftState } from '../status.ts';

/** Fires that should have been, held against past runs. `schemas/audit.schema.json` describes it. Times are ISO 8601. */
export interface AuditDocument {
  readonly format: typeof formatVersion;
  readonly kind: 'audit';
  /** Release of the time zone rules. */
  readonly tz?: string;
  readonly target: Plan['target'];
  /** The server's clock when it was asked. */
  readonly at: string;
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
  /** What says which fires should have been. */
  readonly by: 'server' | 'manifests';
  /** Names and patterns that were asked for; absent = all. */
  readonly asked?: readonly string[];
  readonly counts: AuditCounts & AuditTotals;
  readonly usual: {
    readonly runs: number;
    readonly medianMs?: number;
    readonly lateAfterMs: number;
    readonly missedAfterMs: number;
  };
  /** Nothing fires on this server. */
  readonly stopped?: { readonly since?: string; readonly schedules: number };
  /** There were too many past runs: those before this time were not read. */
  readonly readFrom?: string;
  /** Of how many runs it was asked how their workflow ended, and of how many it was not. */
  readonly outcomes?: { readonly asked: number; readonly left: number };
  /** Read requests that it took. */
  readonly requests: number;
  /** Sorted by name. */
  readonly schedules: readonly AuditEntry[];
}

interface AuditTotals {
  readonly schedules: number;
  /** Fires that should have been: all but the unexpected. */
  readonly fires: number;
  readonly overdue: number;
  readonly paused: number;
}

export interface AuditEntry {
  readonly name: string;
  readonly state: 'active' | 'paused' | 'missing';
  /** The server's last change of it. */
  readonly changed?: string;
  readonly counts: AuditCounts;
  /** Active, and the fire that should have come at `since` has not. */
  readonly overdue?: { readonly since: string; readonly cause: OverdueCause };
  readonly lastSuccess?: string;
  /** Runs of an earlier form of the schedule, which say nothing about this one. */
  readonly earlier?: number;
  readonly drift?: DriftState;
  /** All that is not simply `ran`, in order of time. */
  readonly groups: readonly AuditEntryGroup[];
  /** Older groups that are left out here; they are counted. */
  readonly left?: number;
}

/** `server`: nothing fires there. `schedule`: others do, so its timer is gone. `unknown`: nothing else was due. */
export type OverdueCause = 'server' | 'schedule' | 'unknown';

export interface AuditEntryGroup {
  readonly class: AuditGroup['class'];
  readonly count: number;
  readonly first: string;
  readonly last: string;
  readonly why?: AuditEntryWhy;
  readonly lateMs?: { readonly least: number; readonly most: number };
  readonly reason?: string;
  readonly workflowId?: string;
}

type AuditEntryWhy = {
  readonly kind: AuditWhy['kind'];
  /** Of `changed` the change, of `other-moment` the run, of `behind` when the server got to the run before. */
  readonly at?: string;
  /** Of `behind`: the run that the server was late with. */
  readonly run?: string;
  readonly state?: string;
};

/** The same with times in epoch milliseconds. */
export interface AuditFacts
  extends Pick<AuditDocument, 'tz' | 'target' | 'by' | 'asked' | 'outcomes' | 'requests'> {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly usual: UsualLateness;
  readonly stopped?: { readonly since?: number; readonly schedules: number };
  readonly readFrom?: number;
  readonly schedules: readonly AuditFact[];
}

export interface AuditFact extends Pick<AuditEntry, 'name' | 'state' | 'counts' | 'drift'> {
  readonly changed?: number;
  readonly overdue?: { readonly since: number; readonly cause: OverdueCause };
  readonly lastSuccess?: number;
  readonly earlier: number;
  readonly groups: readonly AuditGroup[];
  readonly left: number;
}

export function auditDocument(facts: AuditFacts): AuditDocument {
  const { target, at, from, to, by, asked, usual, stopped, readFrom, outcomes, requests, schedules } = facts;
  return {
    format: formatVersion,
    kind: 'audit',
    ...present({ tz: facts.tz }),
    target,
    at: utcText(at),
    from: utcText(from),
    to: utcText(to),
    by,
    ...present({ asked }),
    counts: totals(schedules),
    usual: {
      runs: usual.runs,
      ...present({ medianMs: usual.median }),
      lateAfterMs: usual.lateAfter,
      missedAfterMs: usual.missedAfter,
    },
    ...(stopped === undefined
      ? {}
      : { stopped: { ...present({ since: isoOf(stopped.since) }), schedules: stopped.schedules } }),
    ...present({ readFrom: isoOf(readFrom), outcomes }),
    requests,
    schedules: schedules.map(entryOf),
  };
}

function totals(schedules: readonly AuditFact[]): AuditDocument['counts'] {
  const sum = { ran: 0, late: 0, failed: 0, missed: 0, due: 0, unknown: 0, unexpected: 0 };
  for (const { counts } of schedules)
    for (const key of Object.keys(sum) as (keyof AuditCounts)[]) sum[key] += counts[key];
  return {
    schedules: schedules.length,
    fires: firesOf(sum),
    ...sum,
    overdue: schedules.filter(({ overdue }) => overdue !== undefined).length,
    paused: schedules.filter(({ state }) => state === 'paused').length,
  };
}

/** Fires that should have been. */
export function firesOf({ ran, late, failed, missed, due, unknown }: AuditCounts): number {
  return ran + late + failed + missed + due + unknown;
}

function entryOf({
  changed,
  overdue,
  lastSuccess,
  earlier,
  groups,
  left,
  drift,
  ...rest
}: AuditFact): AuditEntry {
  return {
    ...rest,
    ...present({ changed: isoOf(changed), lastSuccess: isoOf(lastSuccess), drift }),
    ...(overdue === undefined ? {} : { overdue: { ...overdue, since: utcText(overdue.since) } }),
    ...(earlier === 0 ? {} : { earlier }),
    groups: groups.map(groupOf),
    ...(left === 0 ? {} : { left }),
  };
}

function groupOf({
  class: kind,
  count,
  first,
  last,
  why,
  late,
  reason,
  workflowId,
}: AuditGroup): AuditEntryGroup {
  return {
    class: kind,
    count,
    first: utcText(first),
    last: utcText(last),
    ...(why === undefined ? {} : { why: whyOf(why) }),
    ...present({ lateMs: late, reason, workflowId }),
  };
}

function whyOf(why: AuditWhy): AuditEntryWhy {
  switch (why.kind) {
    case 'behind':
      return { kind: why.kind, run: utcText(why.run), at: utcText(why.started) };
    case 'changed':
    case 'other-moment':
      return { kind: why.kind, ...present({ at: isoOf(why.at) }) };
    case 'state':
      return why;
    default:
      return { kind: why.kind };
  }
}

function isoOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : utcText(ms);
}
