import { expect, it } from 'vitest';
import { readPastRuns } from '../../../src/conductor/read-past-runs.ts';
import type { Execution } from '../../../src/model/execution.ts';
import { type ExecutionQuery, fail, succeed } from '../../../src/model/port.ts';

const failure = {
  operation: 'search executions',
  method: 'GET',
  url: '',
  words: '',
  attempts: 1,
  effect: 'none',
} as const;

function run(schedule: string, at: number): Execution {
  return { id: `${schedule} ${at}`, schedule, scheduledTime: at, state: 'EXECUTED' };
}

/** `between` changes the history before each search after the first. Not every server has an ear for moments. */
function server(history: Execution[], between: () => void = () => undefined, hearsMoments = true) {
  const asked: ExecutionQuery[] = [];
  return {
    asked,
    searchExecutions: async (query: ExecutionQuery) => {
      if (asked.length > 0) between();
      asked.push(query);
      const { names, before = Number.POSITIVE_INFINITY, start = 0, size = 100 } = query;
      if (names?.includes('a AND b')) return fail<never>({ ...failure, kind: 'unaddressable' });
      const all = history
        .filter(({ schedule }) => names?.includes(schedule) ?? true)
        .filter(({ scheduledTime = 0 }) => !hearsMoments || scheduledTime < before)
        .sort((a, b) => (b.scheduledTime ?? 0) - (a.scheduledTime ?? 0));
      return succeed({ totalHits: all.length, results: all.slice(start, start + size) });
    },
  };
}

const many = (count: number): Execution[] => Array.from({ length: count }, (_, at) => run('a', at));

it.each([
  ['by moments', true, 3],
  ['by number', false, 4],
])('every run is read once, even if new ones shift the pages: %s', async (_, hears, searches) => {
  const history = many(2500);
  let next = 10_000;
  const reader = server(history, () => history.push(run('a', next++), run('a', next++)), hears);
  const taken: Execution[] = [];
  const read = await readPastRuns(reader, {}, true, (one) => taken.push(one));
  expect(read).toStrictEqual(succeed({ unaddressable: new Set(), searches }));
  expect(new Set(taken.map(({ id }) => id)).size).toBe(taken.length);
  for (let at = 0; at < 2500; at += 1) expect(taken.some(({ id }) => id === `a ${at}`)).toBe(true);
});

it.each([
  ['by moments it moves nothing past a page', true],
  ['by number it is read once more', false],
])('what a cut of the history moves to an earlier page: %s', async (_, hears) => {
  const history = [...many(1200), ...Array.from({ length: 1200 }, (_, at) => run('b', at + 5000))];
  let isCut = false;
  const reader = server(
    history,
    () => {
      if (!isCut)
        history.splice(
          history.findIndex(({ schedule }) => schedule === 'b'),
          600,
        );
      isCut = true;
    },
    hears,
  );
  const taken = new Set<string | undefined>();
  await readPastRuns(reader, {}, true, ({ id }) => taken.add(id));
  for (const { id } of many(1200)) expect(taken.has(id)).toBe(true);
});

it('a name that cannot be searched for does not affect others, and ignored bounds still hold', async () => {
  const reader = server([run('a', 1), run('a', 5), run('a', 9), run('c,d', 5)]);
  const taken: string[] = [];
  const filter = { names: ['a', 'a AND b', 'c,d'], after: 1, before: 9 };
  const read = await readPastRuns(reader, filter, true, (one) => taken.push(one.schedule));
  expect(read).toStrictEqual(succeed({ unaddressable: new Set(['a AND b']), searches: 3 }));
  expect(taken.sort()).toStrictEqual(['a', 'c,d']);
});

it('reads more runs of one time than fit in a page, each once', async () => {
  const history = Array.from({ length: 2500 }, (_, at) => ({ ...run('a', 7), id: String(at) }));
  const reader = server([...history, run('b', 3), run('b', 9)]);
  const taken: (string | undefined)[] = [];
  const read = await readPastRuns(reader, {}, true, ({ id }) => taken.push(id));
  expect(new Set(taken).size).toBe(2502);
  expect(taken).toHaveLength(2502);
  expect(read).toMatchObject({ value: { searches: 3 } });
});

it('if it stops early, it reports from which time on everything was read', async () => {
  const taken: Execution[] = [];
  const read = await readPastRuns(server(many(5000)), {}, true, (one) => taken.push(one), 2);
  expect(read).toStrictEqual(succeed({ unaddressable: new Set(), searches: 2, readFrom: 3002 }));
  expect(taken.map(({ scheduledTime }) => scheduledTime)).toContain(3002);
});

it('a cut between two pages of a crowded second hides nothing that it leaves', async () => {
  const crowd = Array.from({ length: 1500 }, (_, at) => ({ ...run('a', 7), id: String(at) }));
  const history = [...crowd, ...Array.from({ length: 300 }, (_, at) => run('b', at - 1000))];
  let isCut = false;
  const reader = server(history, () => {
    if (!isCut) history.splice(0, 600);
    isCut = true;
  });
  const taken = new Set<string | undefined>();
  await readPastRuns(reader, {}, true, ({ id }) => taken.add(id));
  for (const { id } of history) expect(taken.has(id)).toBe(true);
});
