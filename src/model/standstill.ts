import type { RecordFile } from './generated/report-parts.ts';
import type { ObservedSchedule } from './schedule.ts';

/**
 * What was running on a server before `pause --all --each` stopped it: what its file has, with times in epoch
 * milliseconds.
 */
export type Standstill = Omit<RecordFile, 'at' | 'resumedAt' | 'running'> & {
  readonly at: number;
  readonly resumedAt?: number;
  readonly running: readonly StoppedSchedule[];
};

export type StoppedSchedule = Omit<RecordFile['running'][number], 'pausedAt'> & {
  readonly pausedAt?: number;
};

/** The reason of a pause, with the mark of a record after what people say. */
export function markedReason(mark: string, reason = 'everything is stopped'): string {
  return `${reason} ${markText(mark)}`;
}

/** Whether a paused schedule was paused for this record, and not by anyone else since. */
export function isOurs(
  { mark, marksKept, running }: Standstill,
  { schedule: { name, pausedReason }, facts: { updatedTime } }: ObservedSchedule,
): boolean {
  if (pausedReason !== undefined) return pausedReason.endsWith(markText(mark));
  if (marksKept === true && takesReason(name)) return false;
  const pausedAt = running.find((one) => one.name === name)?.pausedAt;
  return pausedAt !== undefined && pausedAt === updatedTime;
}

/** Whether a pause for that reason is a record's, whichever. */
export function hasMark(pausedReason: string): boolean {
  return markOf(pausedReason) !== undefined;
}

/** The mark of the record that a pause is of; `undefined` = it has none. */
export function markOf(pausedReason: string): string | undefined {
  return /\[downbeat pause ([^\]\s]+)\]$/.exec(pausedReason)?.[1];
}

/** False for names that cannot be in a URL: they are paused in the body of a bulk request, which has no reason. */
export function takesReason(name: string): boolean {
  return name !== '' && !/^\.\.?$|[/\\]/.test(name);
}

function markText(mark: string): string {
  return `[downbeat pause ${mark}]`;
}
