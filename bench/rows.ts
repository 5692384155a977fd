import { agenda } from './agenda.ts';
import { basePlan } from './base-plan.ts';
import type { Bench, RowResult } from './bench.ts';
import { counting } from './counting.ts';
import { growth } from './growth.ts';
import { longTexts, manyTexts } from './long-texts.ts';
import { noOpPlan, requests } from './no-op.ts';
import { peers } from './peers.ts';
import { actionStep, preCommit } from './pipelines.ts';
import { reads } from './reads.ts';
import { startUp } from './start-up.ts';
import { everyRule, tenPolicies } from './validate.ts';
import { creates, localScheduler, realServer } from './writes.ts';

/** The rows, by their numbers in the table of bounds. */
export const rows: ReadonlyMap<number, (bench: Bench) => Promise<RowResult>> = new Map([
  [1, startUp],
  [2, (bench: Bench) => noOpPlan(bench, 2, 10, [{ floor: 'js-yaml', bound: 1.5 }])],
  [
    3,
    (bench: Bench) =>
      noOpPlan(bench, 3, 1000, [
        { floor: 'js-yaml', bound: 1.25 },
        { floor: 'yaml', bound: 1.6 },
      ]),
  ],
  [4, (bench: Bench) => noOpPlan(bench, 4, 10_000, [{ floor: 'js-yaml', bound: 1.3 }])],
  [7, growth],
  [8, requests],
  [9, creates],
  [10, realServer],
  [11, everyRule],
  [12, localScheduler],
  [13, agenda],
  [14, counting],
  [15, preCommit],
  [16, reads],
  [17, actionStep],
  [18, manyTexts],
  [19, basePlan],
  [20, longTexts],
  [21, tenPolicies],
  [22, peers],
]);
