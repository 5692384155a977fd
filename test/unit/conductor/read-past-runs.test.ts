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

/** `between` changes the history before each search after the first. */
function server(history: Execution[], between: () => void = () => undefined) {
  const asked: ExecutionQuery[] = [];
  return {
    asked,
    searchExecutions: async (query: ExecutionQuery) => {
      if (asked.length > 0) between();
      asked.push(query);
      const { names, start = 0, size = 100 } = query;
      if (names?.includes('a AND b')) return fail<never>({ ...failure, kind: 'unaddressable' });
      const all = history
        .filter(({ schedule }) => names?.includes(schedule) ?? true)
        .sort((a, b) => (b.scheduledTime ?? 0) - (a.scheduledTime ?? 0));
      return succeed({ totalHits: all.length, results: all.slice(start, start + size) });
    },
  };
}

const many = (count: number): Execution[] => Array.from({ length: count }, (_, at) => run('a', at));

it('every run is taken once, also when new ones push the pages on', async () => {
  const history = many(2500);
  let next = 10_000;
  const reader = server(history, () => history.push(run('a', next++), run('a', next++)));
  const taken: Execution[] = [];
  const read = await readPastRuns(reader, {}, true, (one) => taken.push(one));
  expect(read).toStrictEqual(succeed({ unaddressable: new Set(), searches: 3 }));
  expect(new Set(taken.map(({ id }) => id)).size).toBe(taken.length);
  for (let at = 0; at < 2500; at += 1) expect(taken.some(({ id }) => id === `a ${at}`)).toBe(true);
});

it('what a cut of the history moves to an earlier page is read once more', async () => {
  const history = [...many(1200), ...Array.from({ length: 1200 }, (_, at) => run('b', at + 5000))];
  let isCut = false;
  const reader = server(history, () => {
    if (!isCut)
      history.splice(
        history.findIndex(({ schedule }) => schedule === 'b'),
        600,
      );
    isCut = true;
  });
  const taken = new Set<string | undefined>();
  await readPastRuns(reader, {}, true, ({ id }) => taken.add(id));
  for (const { id } of many(1200)) expect(taken.has(id)).toBe(true);
});

it('a name that no search can ask for spoils no other, and bounds that the server ignores hold', async () => {
  const reader = server([run('a', 1), run('a', 5), run('a', 9), run('c,d', 5)]);
  const taken: string[] = [];
  const filter = { names: ['a', 'a AND b', 'c,d'], after: 1, before: 9 };
  const read = await readPastRuns(reader, filter, true, (one) => taken.push(one.schedule));
  expect(read).toStrictEqual(succeed({ unaddressable: new Set(['a AND b']), searches: 3 }));
  expect(taken.sort()).toStrictEqual(['a', 'c,d']);
});
