import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readPages } from '../../../src/conductor/read-pages.ts';
import { readPastRuns } from '../../../src/conductor/read-past-runs.ts';
import type { Execution } from '../../../src/model/execution.ts';
import { type ExecutionQuery, succeed } from '../../../src/model/port.ts';

const runs = (count: number, from = 0): Execution[] =>
  Array.from({ length: count }, (_, at) => ({
    id: String(from + at),
    schedule: 'a',
    scheduledTime: 1_000_000 - from - at,
    state: 'EXECUTED',
  }));

type Habits = {
  /** Pages begin where they are asked to. */
  readonly start: boolean;
  /** Its pages have at most so many runs. */
  readonly most: number;
  /** So many runs are new with each page. */
  readonly busy: number;
  readonly times: boolean;
};

function server(history: readonly Execution[], { start: obeys, most, busy, times }: Habits) {
  let newRuns: Execution[] = [];
  let searches = 0;
  return {
    searches: () => searches,
    searchExecutions: async ({
      start = 0,
      size = 100,
      before = Number.POSITIVE_INFINITY,
    }: ExecutionQuery) => {
      searches += 1;
      if (searches > 3000) throw new Error('never ends');
      const all = [...newRuns, ...history].filter(
        ({ scheduledTime = 0 }) => !times || scheduledTime < before,
      );
      newRuns = [...runs(busy, -busy * searches), ...newRuns];
      const from = obeys ? start : 0;
      return succeed({ totalHits: all.length, results: all.slice(from, from + Math.min(size, most)) });
    },
  };
}

async function readAllOf(history: readonly Execution[], habits: Habits, first: number) {
  const reader = server(history, habits);
  const found = new Set<string | undefined>();
  const read = await readPages(reader, {}, { start: 0, size: first }, 2000, (page, { start }) => {
    for (const { id } of page.results) found.add(id);
    const next = start + page.results.length;
    return page.results.length === 0 || next >= page.totalHits ? undefined : { start: next, size: 1000 };
  });
  if (!read.ok) throw new Error(read.failure.words);
  const missing = history.filter(({ id }) => !found.has(id)).length;
  return { ...read.value, missing, searches: reader.searches() };
}

it.each([
  [150, 0, 2, 'done'],
  [1050, 0, 2, 'repeats'],
  [1500, 0, 3, 'repeats'],
  [1_000_000, 0, 3, 'repeats'],
  [1_000_000, 7, 3, 'repeats'],
] as const)(
  'a server that ignores start: %d runs, %d new ones a page',
  async (count, busy, searches, ended) => {
    const habits = { start: false, most: 1000, busy, times: false };
    const read = await readAllOf(runs(count), habits, 100);
    expect(read).toMatchObject({ ended, searches });
    expect(read.missing > 0).toBe(ended === 'repeats');
  },
);

it('done means that no run is missing, whatever a server makes of pages', async () => {
  const habits = fc.record({
    start: fc.boolean(),
    most: fc.integer({ min: 50, max: 1000 }),
    busy: fc.integer({ min: 0, max: 20 }),
    times: fc.constant(false),
  });
  const property = async (count: number, first: number, own: Habits) => {
    const { ended, missing, searches } = await readAllOf(runs(count), own, first);
    if (ended === 'done') expect(missing).toBe(0);
    if (own.start) expect(ended).toBe('done');
    expect(searches).toBeLessThan(110);
  };
  const counts = fc.integer({ min: 0, max: 3000 });
  await fc.assert(fc.asyncProperty(counts, fc.integer({ min: 50, max: 101 }), habits, property), {
    numRuns: 60,
  });
});

it('a server whose pages end too early has more', async () => {
  const searchExecutions = async ({ start = 0 }: ExecutionQuery) =>
    succeed({ totalHits: 5000, results: start < 2000 ? runs(1000, start) : [] });
  const next = { size: 1000 };
  const read = await readPages(
    { searchExecutions },
    {},
    { start: 0, ...next },
    9,
    ({ results }, { start }) =>
      results.length === 0 ? undefined : { start: start + results.length, ...next },
  );
  expect(read).toStrictEqual(succeed({ ended: 'repeats' }));
});

it.each([
  ['neither start nor times', runs(5000), false, 999_002],
  ['start, inside a crowded second', runs(5000).map((run) => ({ ...run, scheduledTime: 7 })), true, 8],
])(
  'what repeated pages hide is not taken for read: a server that ignores %s',
  async (_, history, times, readFrom) => {
    const reader = server(history, { start: false, most: 1000, busy: 0, times });
    const read = await readPastRuns(reader, {}, true, () => undefined, 2000);
    expect(read).toMatchObject(succeed({ readFrom }));
    expect(reader.searches()).toBeLessThan(5);
  },
);
