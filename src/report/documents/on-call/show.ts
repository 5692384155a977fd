import type { Execution } from '../../../model/execution.ts';
import type { JsonObject } from '../../../model/json.ts';
import { formatVersion, type Plan } from '../../../model/plan.ts';
import type { CronEntry, Origin, Tag } from '../../../model/schedule.ts';
import type { CalendarDay } from '../../../model/timing.ts';
import type { DriftState } from '../status.ts';
import type { PauseFacts } from '../switch.ts';

/** Everything about one schedule. `schemas/show.schema.json` describes it. Times are epoch milliseconds. */
export interface ShowDocument {
  readonly format: typeof formatVersion;
  readonly kind: 'show';
  readonly target: Plan['target'];
  /** When the server was asked, by our clock. */
  readonly at: number;
  readonly name: string;
  readonly state: 'active' | 'paused' | 'missing';
  readonly description?: string;
  /** What fires, of the server, or of the manifest where the server has none. */
  readonly timers: readonly ShowTimer[];
  readonly startTime?: number;
  readonly endTime?: number;
  readonly catchup: boolean;
  /** The next few, in order; none while it is paused or missing. */
  readonly next: readonly { readonly at: number; readonly local: string }[];
  /** Of one that leaves out days of calendars: the first of those that it would fire on otherwise. */
  readonly leftOut?: readonly CalendarDay[];
  /** Of one that keeps to days of calendars: the first of those that it fires on. */
  readonly kept?: readonly CalendarDay[];
  readonly pause?: PauseFacts;
  /** Active, and the fire of this time should have come and has not. */
  readonly overdue?: number;
  readonly workflow: {
    readonly name: string;
    /** Absent = the latest when it fires. */
    readonly version?: number;
    readonly correlationId?: string;
    readonly priority: number;
    /** What looks like a secret is masked. */
    readonly input: JsonObject;
  };
  /** Absent = in no manifest, or there are none. */
  readonly manifest?: Origin & { readonly line?: number };
  readonly drift?: DriftState;
  readonly owner?: string;
  readonly protected?: true;
  /** Absent = the server has none. */
  readonly tags?: readonly Tag[];
  readonly created?: { readonly at?: number; readonly by?: string };
  readonly changed?: { readonly at?: number; readonly by?: string };
  /** Newest first. */
  readonly runs: readonly Execution[];
  /** The server has no words for the name, or no right to its past runs. */
  readonly runsUnknown?: string;
}

export interface ShowTimer extends CronEntry {
  /** Absent = the server cannot read it: it never fires. */
  readonly words?: string;
}

export function showDocument(facts: Omit<ShowDocument, 'format' | 'kind'>): ShowDocument {
  return { format: formatVersion, kind: 'show', ...facts };
}
