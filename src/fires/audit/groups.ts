import type { AuditCounts, AuditGroup } from '../../model/fires/audit.ts';
import { present } from '../../model/present.ts';
import type { Judged, PastRun } from './judge.ts';

/** What an audit says of one schedule in the end: counts, and lines for all that is not simply `ran`. */
export type AuditSummary = {
  readonly counts: AuditCounts;
  /** The newest, in order. */
  readonly groups: readonly AuditGroup[];
  /** Older groups that are not kept. */
  readonly left: number;
  /** The newest run that was started. */
  readonly lastSuccess?: number;
};

export type Summing = { readonly tell: (judged: Judged) => void; readonly end: () => AuditSummary };

/** Sums up as it is told, keeping at most so many groups. */
export function summing(most: number): Summing {
  const counts = { ran: 0, late: 0, failed: 0, missed: 0, due: 0, unknown: 0, unexpected: 0 };
  const groups: AuditGroup[] = [];
  let left = 0;
  let lastSuccess: number | undefined;
  let open = false;
  return {
    tell: (judged) => {
      const { at, class: kind } = judged;
      counts[kind] += 1;
      if (kind === 'ran' || kind === 'late') lastSuccess = at;
      if (kind === 'ran') {
        open = false;
        return;
      }
      const last = open ? groups.at(-1) : undefined;
      if (last !== undefined && isAlike(last, judged)) groups[groups.length - 1] = joined(last, judged);
      else groups.push(groupOf(kind, judged));
      open = true;
      // In batches, so that a schedule with very many of them costs no copy for each.
      if (groups.length >= 2 * most) {
        groups.splice(0, most);
        left += most;
      }
    },
    end: () => {
      const over = Math.max(0, groups.length - most);
      return {
        counts,
        groups: groups.slice(over),
        left: left + over,
        ...(lastSuccess === undefined ? {} : { lastSuccess }),
      };
    },
  };
}

function isAlike(group: AuditGroup, { class: kind, why, run }: Judged): boolean {
  return (
    group.class === kind &&
    group.reason === reasonOf(run) &&
    group.why?.kind === why?.kind &&
    !(why?.kind === 'behind' && group.why?.kind === 'behind' && group.why.run !== why.run)
  );
}

function reasonOf(run: PastRun | undefined): string | undefined {
  return run?.ended ?? run?.reason;
}

function groupOf(kind: AuditGroup['class'], { at, why, run }: Judged): AuditGroup {
  const by = kind === 'late' && run !== undefined ? (run.started ?? run.at) - run.at : undefined;
  return {
    class: kind,
    count: 1,
    first: at,
    last: at,
    ...(why === undefined ? {} : { why }),
    ...(by === undefined ? {} : { late: { least: by, most: by } }),
    ...present({ reason: reasonOf(run) }),
    ...(run?.workflowId === undefined ? {} : { workflowId: run.workflowId }),
  };
}

function joined(group: AuditGroup, judged: Judged): AuditGroup {
  const one = groupOf(group.class, judged);
  const late = group.late &&
    one.late && {
      least: Math.min(group.late.least, one.late.least),
      most: Math.max(group.late.most, one.late.most),
    };
  return { ...group, ...one, ...(late && { late }), count: group.count + 1, first: group.first };
}
