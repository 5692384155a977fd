import type { ObservedSchedule } from './schedule.ts';

/** Version of the form of a record's file. */
export const recordFormat = 1;

/**
 * What was running on a server before `pause --all --each` stopped it: everything that is needed to bring back exactly
 * that. `schemas/record.schema.json` describes its file. Times are epoch milliseconds.
 */
export type Standstill = {
  readonly format: typeof recordFormat;
  readonly kind: 'record';
  /** Base URL of the server, without user and password. */
  readonly server: string;
  readonly at: number;
  /** Stands in the reason of each pause of this record, so that other pauses are told from them. */
  readonly mark: string;
  /**
   * Whether the server stores reasons, and with them the mark: found out with the first pause. Without marks a pause
   * is ours while the server's time of change is the one that it left.
   */
  readonly marksKept?: boolean;
  /** When everything was resumed: then the record is done with. */
  readonly resumedAt?: number;
  /** Sorted by name. */
  readonly running: readonly StoppedSchedule[];
};

export type StoppedSchedule = {
  readonly name: string;
  /** Hash of what it was, its pause left out. */
  readonly basis: string;
  /** The server's time of change as the pause left it, where no mark could be stored; a later one is somebody else's. */
  readonly pausedAt?: number;
};

/** The reason of a pause, with the mark of a record after what people say. */
export function markedReason(mark: string, reason = 'everything is stopped'): string {
  return `${reason} ${markText(mark)}`;
}

/** Whether a schedule, which is paused, was paused for this record and by nobody since. */
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
