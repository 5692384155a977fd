import type { Selection } from './plan.ts';

/** Which run a document is of: the same one today and tomorrow, so that its comment or issue can be found again. */
export type RunEntry = {
  readonly command: string;
  /**
   * Of its target: the name that it was given, else a hash of everything that changes the outcome. Comments, issues and
   * reviews are found by it.
   */
  readonly identity: string;
  /** As it was configured or typed. */
  readonly directory: string;
  readonly environment?: string;
  /** Without user and password. Absent for what asks no server. */
  readonly server?: string;
  readonly selection?: Selection;
  /** The tz release of the zone rules that fires were computed with, such as `2025c`. Absent = not known. */
  readonly tz?: string;
};
