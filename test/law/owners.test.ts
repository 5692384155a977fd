import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyHistory, holdOwnerLaws } from './owners.ts';
import { lawSettings } from './settings.ts';

const { ownerRuns: runs, seed } = lawSettings;

it(`nothing of others is touched, and every result is true, in ${runs} histories (seed ${seed})`, {
  timeout: 3_600_000,
}, async () => {
  let writes = 0;
  let claims = 0;
  await fc.assert(
    fc.asyncProperty(anyHistory, async (one) => {
      const seen = await holdOwnerLaws(one);
      writes += seen.writes;
      claims += seen.claims;
    }),
    { numRuns: runs, seed },
  );
  // Histories in which nothing is written would prove nothing.
  expect(writes).toBeGreaterThan(runs * 2);
  expect(claims).toBeGreaterThan(runs);
});
