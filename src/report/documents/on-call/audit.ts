import type { AuditCounts, AuditGroup, AuditWhy, UsualLateness } from '../../../model/fires/audit.ts';
import { formatVersion } from '../../../model/plan.ts';
import { present } from '../../../model/present.ts';
import { isoTime } from '../entries.ts';
import type { AuditDocument, AuditEntry, AuditEntryGroup, OverdueCause } from '../generated/documents.ts';

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

export interface AuditFact
  extends Pick<
    AuditEntry,
    'name' | 'state' | 'pause' | 'pausedByManifest' | 'skipped' | 'counts' | 'drift' | 'never'
  > {
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
    at: isoTime(at),
    from: isoTime(from),
    to: isoTime(to),
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
      : { stopped: { ...present({ since: isoTime(stopped.since) }), schedules: stopped.schedules } }),
    ...present({ readFrom: isoTime(readFrom), outcomes }),
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
    never: schedules.filter(({ never }) => never).length,
    paused: schedules.filter(({ state }) => state === 'paused').length,
    skipped: schedules.reduce((sum, { skipped = 0 }) => sum + skipped, 0),
    missing: schedules.filter(({ state }) => state === 'missing').length,
  };
}

/** Fires that should have been. */
export function firesOf({ ran, late, failed, missed, due, unknown }: AuditCounts): number {
  return ran + late + failed + missed + due + unknown;
}

/** Whether there is more to tell of a schedule than that its fires ran. */
export function hasFindings({ counts, groups, overdue, never, state, earlier }: AuditEntry): boolean {
  return (
    groups.length > 0 ||
    overdue !== undefined ||
    never === true ||
    state !== 'active' ||
    (earlier ?? 0) > 0 ||
    counts.due > 0
  );
}

/** Whether an audit found anything that somebody should read: more than fires that ran or are due just now, and pauses that Git asks for. */
export function isNews({ schedules, stopped, readFrom }: AuditDocument): boolean {
  return (
    stopped !== undefined ||
    readFrom !== undefined ||
    schedules.some((entry) => entry.groups.some(({ class: kind }) => kind !== 'due') || isTroubled(entry))
  );
}

function isTroubled({ overdue, never, state, pausedByManifest }: AuditEntry): boolean {
  const isExpected = state === 'active' || pausedByManifest === true;
  return overdue !== undefined || never === true || !isExpected;
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
    ...present({ changed: isoTime(changed), lastSuccess: isoTime(lastSuccess), drift }),
    ...(overdue === undefined ? {} : { overdue: { ...overdue, since: isoTime(overdue.since) } }),
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
    first: isoTime(first),
    last: isoTime(last),
    ...(why === undefined ? {} : { why: whyOf(why) }),
    ...present({ lateMs: late, reason, workflowId }),
  };
}

function whyOf(why: AuditWhy): NonNullable<AuditEntryGroup['why']> {
  switch (why.kind) {
    case 'behind':
      return { kind: why.kind, run: isoTime(why.run), at: isoTime(why.started) };
    case 'changed':
    case 'other-moment':
      return { kind: why.kind, ...present({ at: isoTime(why.at) }) };
    case 'state':
      return why;
    default:
      return { kind: why.kind };
  }
}
