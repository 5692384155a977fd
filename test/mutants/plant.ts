import { appendFileSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  afterEach,
  beforeEach,
  expect,
  it,
  type RunnerTestCase,
  type RunnerTestSuite,
  TestRunner,
} from 'vitest';
import { mutants } from './switch.ts';

/**
 * Loads tests, runs each once to learn which mutants it reaches, and then, in this same process, plants one mutant after
 * the other and runs the tests that reach it, quick ones first, until one fails. scripts/mutants.mjs starts it and
 * reads the lines that it writes; a run that hangs is ended from there.
 */
interface Orders {
  readonly tests: readonly string[];
  /** The mutants to plant, by id. */
  readonly ids: readonly string[];
  /** Planted before the sources are loaded; then the tests run as they are, and one of them is to fail. */
  readonly fromTheStart?: string;
  readonly out: string;
}

/** What the starter reads, a line each. */
type Line =
  | { readonly kind: 'begun'; readonly id: string }
  | { readonly kind: 'trying'; readonly id: string; readonly test: string; readonly limit: number }
  | {
      readonly kind: 'ended';
      readonly id: string;
      /** `unloaded`: it is reached only while the sources are loaded, or then too, and no test has found it. */
      readonly end: 'found' | 'survived' | 'unreached' | 'unloaded';
      readonly test?: string;
      readonly ms: number;
    };

const orders: Orders = JSON.parse(readFileSync(process.env.DOWNBEAT_MUTANTS ?? '', 'utf8'));
const say = (line: Line): void => appendFileSync(orders.out, `${JSON.stringify(line)}\n`);

interface Known {
  readonly test: RunnerTestCase;
  readonly reached: ReadonlyMap<string, number>;
  readonly ms: number;
}
const known: Known[] = [];
const whileLoading = new Map<string, number>();

mutants.reached = whileLoading;
mutants.active = orders.fromTheStart;
// The first failure counts, not the smallest.
fc.configureGlobal({ endOnFailure: true });
for (const path of orders.tests) await import(/* @vite-ignore */ `../../${path}`);

let began = 0;
beforeEach(() => {
  mutants.reached = new Map();
  began = performance.now();
});
afterEach(({ task }) => {
  if (task.result?.state === 'fail') throw new Error(`${nameOf(task)} fails without a mutant`);
  if (mutants.reached !== undefined)
    known.push({ test: task, reached: mutants.reached, ms: performance.now() - began });
});

if (orders.fromTheStart === undefined)
  it('plants mutants', async ({ task: own }) => {
    mutants.reached = undefined;
    const tests = known.filter(({ test }) => test !== own && isRepeatable(test)).sort((a, b) => a.ms - b.ms);
    expect(tests.length).toBeGreaterThan(0);
    for (const id of orders.ids) {
      say({ kind: 'begun', id });
      const start = performance.now();
      const reaching = tests.filter(({ reached }) => reached.has(id));
      const finder = await firstToFail(id, reaching);
      const atLoading = whileLoading.has(id);
      say({
        kind: 'ended',
        id,
        end:
          finder !== undefined
            ? 'found'
            : atLoading
              ? 'unloaded'
              : reaching.length > 0
                ? 'survived'
                : 'unreached',
        ms: performance.now() - start,
        ...(finder === undefined ? {} : { test: nameOf(finder.test) }),
      });
    }
    expect(unfit.size, 'tests that fail when they are repeated').toBeLessThan(tests.length / 20);
  });

const unfit = new Set<Known>();

async function firstToFail(id: string, reaching: readonly Known[]): Promise<Known | undefined> {
  for (const one of reaching) {
    const limit = Math.max(20_000, 20 * one.ms);
    say({ kind: 'trying', id, test: nameOf(one.test), limit });
    mutants.most = 10_000 + 100 * (one.reached.get(id) ?? 0);
    mutants.hits = 0;
    mutants.active = id;
    const failed = await fails(one.test, limit);
    mutants.active = undefined;
    // What one mutant left behind must not find the next: a test that fails without one finds nothing any more.
    if (!failed || unfit.has(one)) continue;
    if (!(await fails(one.test, limit))) return one;
    unfit.add(one);
  }
  return undefined;
}

/** What a suite has set up once is gone when its tests are done. */
function isRepeatable(test: RunnerTestCase): boolean {
  return suitesOf(test).every((suite) => {
    const { beforeAll, afterAll } = TestRunner.getSuiteHooks(suite);
    return beforeAll.length === 0 && afterAll.length === 0;
  });
}

async function fails(test: RunnerTestCase, limit: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('it takes too long')), limit);
  });
  try {
    await Promise.race([runs(test), late]);
    return false;
  } catch {
    return true;
  } finally {
    clearTimeout(timer);
    // What a failed test has left running ends with the mutant that it ran with.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Runs a test with what its suites do before it. */
async function runs(test: RunnerTestCase): Promise<void> {
  for (const suite of suitesOf(test))
    for (const hook of TestRunner.getSuiteHooks(suite).beforeEach) await hook(test.context, suite);
  await TestRunner.getTestFn(test)();
}

/** From the outermost to the innermost; the file is none of them. */
function suitesOf(test: RunnerTestCase): readonly RunnerTestSuite[] {
  const suites: RunnerTestSuite[] = [];
  for (let { suite } = test; suite !== undefined; { suite } = suite) suites.unshift(suite);
  return suites;
}

function nameOf(test: RunnerTestCase): string {
  return test.suite === undefined ? test.name : `${test.suite.name} > ${test.name}`;
}
