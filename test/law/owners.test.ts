import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyHistory, holdOwnerLaws } from './owners.ts';
import { lawSettings } from './settings.ts';

const { ownerRuns: runs, seed } = lawSettings;

it(`nothing of others is touched, and every result is true, in ${runs} histories (seed ${seed})`, {
  timeout: 3_600_000,
}, async () => {
  const all = { writes: 0, claims: 0, takenOver: 0, interrupted: 0, protectedOrphans: 0 };
  await fc.assert(
    fc.asyncProperty(anyHistory, async (one) => {
      const seen = await holdOwnerLaws(one);
      for (const key of Object.keys(all) as (keyof typeof all)[]) all[key] += seen[key];
    }),
    { numRuns: runs, seed },
  );
  // Histories in which nothing is written would prove nothing.
  expect(all.writes).toBeGreaterThan(runs * 2);
  expect(all.claims).toBeGreaterThan(runs);
  for (const rare of ['takenOver', 'interrupted', 'protectedOrphans'] as const)
    expect(all[rare], rare).toBeGreaterThan(runs / 25);
});
