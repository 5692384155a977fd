import type { Execution } from '../../model/execution.ts';
import type { Plan } from '../../model/plan.ts';
import { type Headed, heading } from './entries.ts';

/** Past runs. `schemas/history.schema.json` describes it. Times are epoch milliseconds. */
export type HistoryDocument = Headed<'history'> & {
  readonly target: Plan['target'];
  /** Absent = of every schedule. */
  readonly name?: string;
  readonly failed: boolean;
  readonly since?: number;
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
