import fc from 'fast-check';

/** What `npm run test:laws -- --runs N` sets; so many cases get a law of the usual length, and the rest in proportion. */
const usual = 2000;
const inSuite = 300;

/** Fixed unless `npm run test:laws -- --seed S` sets it, so that no change is judged by chance and a failure repeats. */
export const lawSeed: number = Number(process.env.DOWNBEAT_LAW_SEED ?? 20261123);
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: lawSeed });

const scale = Number(process.env.DOWNBEAT_LAW_RUNS ?? inSuite) / usual;

/**
 * How many random cases a property gets: `all` of them under `npm run test:laws`, 300 of 2,000 in `npm test`, or `few`
 * where that would be a large part of its time.
 */
export function casesOf(all: number, few: number = Math.ceil(all * (inSuite / usual))): number {
  return process.env.DOWNBEAT_LAW_RUNS === undefined ? few : Math.ceil(all * scale);
}
