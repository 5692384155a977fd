import type { Execution } from '../../model/execution.ts';
import { formatVersion, type Plan } from '../../model/plan.ts';

/** Past runs. `schemas/history.schema.json` describes it. Times are epoch milliseconds. */
export interface HistoryDocument {
  readonly format: typeof formatVersion;
  readonly kind: 'history';
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
}

export type HistoryFacts = Omit<HistoryDocument, 'format' | 'kind'>;

export function historyDocument(facts: HistoryFacts): HistoryDocument {
  return { format: formatVersion, kind: 'history', ...facts };
}
