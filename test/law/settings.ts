import { casesOf, lawSeed } from '../support/cases.ts';

/**
 * How long the laws are tested: `npm run test:laws -- --runs N --seed S` sets both. The seed is fixed otherwise, so
 * that a run that failed can be repeated, and it is printed with every failure.
 */
export const lawSettings: {
  readonly runs: number;
  readonly httpRuns: number;
  readonly ownerRuns: number;
  readonly seed: number;
} = {
  runs: casesOf(2000),
  httpRuns: casesOf(500),
  ownerRuns: casesOf(1000),
  seed: lawSeed,
};
