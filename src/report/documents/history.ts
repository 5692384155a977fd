import { heading } from './entries.ts';
import type { HistoryDocument } from './generated/documents.ts';

export type HistoryFacts = Omit<HistoryDocument, 'format' | 'kind'>;

export function historyDocument(facts: HistoryFacts): HistoryDocument {
  return { ...heading('history'), ...facts };
}
