import fc from 'fast-check';
import { anyHostileText } from '../../support/hostile-texts.ts';

/** Some hostile texts, the same each time, none twice. */
export function anyHostileTextSample(count: number): readonly string[] {
  return [...new Set(fc.sample(anyHostileText, { numRuns: count * 3, seed: 20261126 }))].slice(0, count);
}
