import type { FireTiming } from '../../src/apply/options.ts';

/** For tests that are not about fires. */
export const neverFires: FireTiming = {
  nextFire: () => null,
  awaitedFires: () => [],
  punctuality: () => 'unknown',
};
