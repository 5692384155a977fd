import type { Execution } from '../model/execution.ts';
import type { RequestCounts } from '../model/generated/report-parts.ts';
import type { Capabilities, Reader } from '../model/port.ts';
import type { MissedFire, StepResult } from '../model/result.ts';
import type { Schedule } from '../model/schedule.ts';
import type { StepWriter } from './writing/stoppable.ts';

/** When schedules fire, as it is computed and as past runs tell. Times are epoch milliseconds. */
export interface FireTiming {
  /** The next fire strictly after a time; null = none, or paused. */
  readonly nextFire: (schedule: Schedule, after: number) => number | null;
  /**
   * The fire that each timer of a running schedule waits for, in order, after the last save (`since`) and the runs since
   * then. What lies in the past is due.
   */
  readonly awaitedFires: (schedule: Schedule, since: number, runs: readonly Execution[]) => readonly number[];
  /** How late the server starts fires, by the past runs of a schedule that was saved at `since`. */
  readonly punctuality: (
    schedule: Schedule,
    since: number,
    runs: readonly Execution[],
  ) => 'prompt' | 'late' | 'unknown';
}

/** What apply may do, and the world it does it in. Times are epoch milliseconds. */
export interface ApplyOptions extends FireTiming {
  readonly reader: Pick<Reader, 'list' | 'get' | 'tags' | 'searchExecutions'>;
  readonly writer: StepWriter;
  readonly capabilities: Capabilities;
  /** What masked values were sealed with in the hashes of the plan. */
  readonly digestKey?: string;
  /** How many schedules are worked on at once. */
  readonly parallelism: number;
  /** Stop after the first failure instead of going on with independent schedules. */
  readonly failFast: boolean;
  /** How often a write whose effect is unknown is looked up and repeated. */
  readonly maxRetries: number;
  /** How long to wait before such a write is repeated, after so many repeats, in milliseconds. */
  readonly retryDelay: (repeats: number) => number;
  /** The server's clock, as well as we know it. */
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** `wait`, with other schedules going on in the meantime. */
  readonly waitAside: (milliseconds: number) => Promise<void>;
  /** How long a write waits for due fires, in milliseconds; absent = by how late the server's fires were seen to start. */
  readonly fireWait?: number;
  /** A write has been waiting for this fire for a while. */
  readonly onFireWait?: (fire: MissedFire) => void;
  /** True once the run is to end: requests in flight finish, no more are started. */
  readonly stopped: () => boolean;
  readonly counts: () => RequestCounts;
  readonly onStep?: (step: StepResult) => void;
}

/** What it takes to tell whether a schedule is as a plan saw it. */
export type Judging = Pick<ApplyOptions, 'capabilities' | 'digestKey'>;

/** What one change came to. */
export interface ChangeOutcome {
  readonly steps: readonly StepResult[];
  readonly missed: readonly MissedFire[];
  /** Of a rename: the schedule of the new name as this run left or found it in the end; absent = not known. */
  readonly left?: Schedule;
}
