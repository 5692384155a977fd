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
   * Whether the server stores reasons, and with them the mark: found out with the first pause. Without marks every
   * pause without a reason counts as one of ours.
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
};

/** The reason of a pause, with the mark of a record behind what people say. */
export function markedReason(mark: string, reason = 'everything is stopped'): string {
  return `${reason} ${markText(mark)}`;
}

/** Whether the schedule of this name, which is paused for that reason, was paused for this record. */
export function isOurs(
  { mark, marksKept }: Pick<Standstill, 'mark' | 'marksKept'>,
  name: string,
  pausedReason?: string,
): boolean {
  if (pausedReason === undefined) return marksKept !== true || !takesReason(name);
  return pausedReason.endsWith(markText(mark));
}

/** Whether a pause for that reason is a record's, whichever. */
export function hasMark(pausedReason: string): boolean {
  return markOf(pausedReason) !== undefined;
}

/** The mark of the record that a pause is of; `undefined` = it has none. */
export function markOf(pausedReason: string): string | undefined {
  return /\[downbeat pause ([^\]\s]+)\]$/.exec(pausedReason)?.[1];
}

/** False for names that cannot stand in a URL: they are paused in the body of a bulk request, which has no reason. */
export function takesReason(name: string): boolean {
  return name !== '' && !/^\.\.?$|[/\\]/.test(name);
}

function markText(mark: string): string {
  return `[downbeat pause ${mark}]`;
}
