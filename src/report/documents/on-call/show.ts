import { formatVersion } from '../../../model/plan.ts';
import type { ShowDocument } from '../generated/documents.ts';

export function showDocument(facts: Omit<ShowDocument, 'format' | 'kind'>): ShowDocument {
  return { format: formatVersion, kind: 'show', ...facts };
}
