/**
 * One past run, as far as servers agree on its fields. Times are epoch milliseconds; what a server does not say is
 * absent.
 */
export type Execution = {
  readonly id?: string;
  readonly schedule: string;
  /** The exact cron time. */
  readonly scheduledTime?: number;
  /** When the workflow was started: up to a second or two around it, later after a downtime. */
  readonly executionTime?: number;
  /** EXECUTED = the workflow was started (not: it ended), FAILED = it could not be; other words as they come. */
  readonly state: string;
  readonly workflow?: string;
  /** Where to look for how the workflow ended. */
  readonly workflowId?: string;
  /** Why it failed. */
  readonly reason?: string;
};
