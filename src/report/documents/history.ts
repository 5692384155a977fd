import type { Execution } from '../../model/execution.ts';
import type { Plan } from '../../model/plan.ts';
import { type Headed, heading } from './entries.ts';

/** Past runs. `schemas/history.schema.json` describes it. Times are epoch milliseconds. */
export type HistoryDocument = Headed<'history'> & {
  readonly target: Plan['target'];
  /** Names and patterns; absent = of every schedule. */
  readonly asked?: readonly string[];
  /** Tags of the schedules, as `key=value`. */
  readonly selector?: readonly string[];
  readonly workflow?: string;
  /** Somewhere in a run. */
  readonly text?: string;
  readonly failed: boolean;
  readonly since?: number;
  /** Exclusive. */
  readonly until?: number;
  /** In the server's own words. */
  readonly query?: string;
  readonly sort: string;
  /** In the order of the server. */
  readonly runs: readonly Execution[];
  /** There are more than these. */
  readonly more: boolean;
};

export type HistoryFacts = Omit<HistoryDocument, 'format' | 'kind'>;

export function historyDocument(facts: HistoryFacts): HistoryDocument {
  return { ...heading('history'), ...facts };
}
