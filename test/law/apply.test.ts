import fc from 'fast-check';
import { it } from 'vitest';
import { aModelCase } from './model/cases.ts';
import { holdModelLaws } from './model/laws.ts';
import { lawSettings } from './settings.ts';

const { runs, seed } = lawSettings;

it(`apply keeps its laws at an adversarial port, in ${runs} random cases (seed ${seed})`, {
  timeout: 3_600_000,
}, async () => {
  await fc.assert(fc.asyncProperty(aModelCase, holdModelLaws), { numRuns: runs, seed });
});
