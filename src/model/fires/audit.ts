/** What an audit says of fires; shared by what judges them and what reports it. Times are epoch milliseconds. */

/**
 * What became of one fire that should have been:
 * - `ran`: a past run has its time; `late`: the same, later than this server usually is; `failed`: it could not be started
 * - `due`: it has come, and the server may still start it; `missed`: it has been due for longer than the server takes
 * - `unknown`: it cannot be told, and `why` says why
 */
export const fireClasses = ['ran', 'late', 'failed', 'missed', 'due', 'unknown'] as const;
export type FireClass = (typeof fireClasses)[number];

/** What a line of an audit is about: fires that should have been, or runs that should not. */
export type AuditClass = FireClass | 'unexpected';

export type AuditWhy =
  /** Missed: the run of an earlier time was started only after this one, and a timer waits for its run. */
  | { readonly kind: 'behind'; readonly run: number; readonly started: number }
  /** Unknown: what the schedule was before its last change is not known. */
  | { readonly kind: 'changed'; readonly at?: number }
  /** Unknown: the server may have cut its past runs up to here, or they were not read. */
  | { readonly kind: 'history' }
  /** Unknown: it ran at another time, as a server with other rules of the time zone would. */
  | { readonly kind: 'other-moment'; readonly at: number }
  /** Unknown: its run is in a state that says neither. */
  | { readonly kind: 'state'; readonly state: string }
  /** Unknown: Spring answers this cron with the past, so its fires cannot be computed. */
  | { readonly kind: 'runaway' }
  /** Unexpected: there are more runs of this time than timers. */
  | { readonly kind: 'again' }
  /** Missed by its manifest: on the server it is not there, paused, or other. */
  | { readonly kind: 'not-on-server' | 'paused-on-server' };

/** How late fires start on this server, as far as its past runs tell. */
export type UsualLateness = {
  /** Runs that it is known from: not the first ones after a change, which are prompt everywhere. */
  readonly runs: number;
  /** Milliseconds; absent = too few runs. */
  readonly median?: number;
  /** A run that starts more milliseconds after its time is late. */
  readonly lateAfter: number;
  /** A fire that has been due for more milliseconds is missed. */
  readonly missedAfter: number;
};

/** Consecutive fires (or runs) of a schedule of which the same is to be said. */
export type AuditGroup = {
  readonly class: Exclude<AuditClass, 'ran'>;
  readonly count: number;
  /** Their first and last time. */
  readonly first: number;
  readonly last: number;
  readonly why?: AuditWhy;
  /** Of late ones: the least and the most, in milliseconds. */
  readonly late?: { readonly least: number; readonly most: number };
  /** Of failed ones, in the server's words. */
  readonly reason?: string;
  /** Of the last one. */
  readonly workflowId?: string;
};

export type AuditCounts = { readonly [C in AuditClass]: number };
