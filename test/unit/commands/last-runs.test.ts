import { expect, it } from 'vitest';
import { lastRuns } from '../../../src/commands/on-call/last-runs.ts';
import type { Execution } from '../../../src/model/execution.ts';
import { type ExecutionQuery, fail, type Reader, succeed } from '../../../src/model/port.ts';

/** A server with these runs, and what it was asked. */
function server(runs: readonly Execution[]): {
  readonly reader: Reader;
  readonly asked: ExecutionQuery[];
} {
  const asked: ExecutionQuery[] = [];
  const newestFirst = [...runs].sort((a, b) => (b.scheduledTime ?? 0) - (a.scheduledTime ?? 0));
  const reader = {
    searchExecutions: async (query: ExecutionQuery) => {
      asked.push(query);
      const { names, size = 100 } = query;
      if (names?.includes('a AND b')) {
        return fail({
          kind: 'unaddressable',
          operation: 'search executions',
          method: 'GET',
          url: '',
          words: '',
          attempts: 0,
          effect: 'none',
        });
      }
      const found = newestFirst.filter(({ schedule }) => names?.includes(schedule) ?? true);
      return succeed({ totalHits: found.length, results: found.slice(0, size) });
    },
  } as unknown as Reader;
  return { reader, asked };
}

function run(schedule: string, scheduledTime: number): Execution {
  return { schedule, scheduledTime, state: 'EXECUTED' };
}

async function found(runs: readonly Execution[], names: readonly string[], asked = false, several = true) {
  const { reader, asked: searches } = server(runs);
  const last = await lastRuns(reader, names, asked, several);
  if (!last.ok) throw new Error(last.failure.words);
  const times = names.map((name) => last.value.runs.get(name)?.scheduledTime);
  return { times, unknown: [...last.value.unknown], searches };
}

it('one search is enough when all runs fit into it', async () => {
  const { times, searches } = await found([run('a', 1), run('a', 2), run('b', 3)], ['a', 'b', 'never']);
  expect(times).toEqual([2, 3, undefined]);
  expect(searches).toHaveLength(1);
});

it('asks for rare schedules by name if others fill the page', async () => {
  const busy = Array.from({ length: 3000 }, (_, at) => run('busy', 10_000 + at));
  const { times, unknown, searches } = await found(
    [...busy, run('monthly', 1), run('weekly', 2)],
    ['busy', 'monthly', 'weekly', 'never'],
  );
  expect(times).toEqual([12_999, 1, 2, undefined]);
  expect(unknown).toEqual([]);
  expect(searches.map(({ names }) => names)).toEqual([undefined, ['monthly', 'weekly', 'never']]);
});

it('named schedules are asked for at once', async () => {
  const { times, searches } = await found([run('a', 1), run('b', 2)], ['a'], true);
  expect(times).toEqual([1]);
  expect(searches.map(({ names }) => names)).toEqual([['a']]);
});

it('one by one where the server knows no lists of names', async () => {
  const { times, searches } = await found([run('a', 1), run('b', 2)], ['a', 'b'], true, false);
  expect(times).toEqual([1, 2]);
  expect(searches.map(({ names }) => names)).toEqual([['a'], ['b']]);
});

it('a name that cannot be searched for is unknown, and does not affect others', async () => {
  const { times, unknown } = await found([run('a', 1)], ['a', 'a AND b'], true);
  expect(times).toEqual([1, undefined]);
  expect(unknown).toEqual(['a AND b']);
});

it('the number of requests is limited', async () => {
  const busy = Array.from({ length: 1500 }, (_, at) => run('busy', at + 10));
  const names = Array.from({ length: 40 }, (_, at) => `${at}${'x'.repeat(1400)}`);
  const { unknown, searches } = await found([...busy, ...names.map((name) => run(name, 1))], names);
  expect(searches).toHaveLength(20);
  expect(unknown).toHaveLength(21);
});

it('a query stays short enough for a URL', async () => {
  const names = Array.from({ length: 500 }, (_, at) => `schedule number ${at}`);
  const { searches } = await found([], names, true);
  expect(searches.flatMap((search) => search.names)).toHaveLength(500);
  for (const search of searches)
    expect(encodeURIComponent((search.names ?? []).join(',')).length).toBeLessThan(4000);
});

it('claims nothing about schedules that a server does not look for', async () => {
  const { reader } = server(Array.from({ length: 3000 }, (_, at) => run('busy', at)));
  const ignoringNames: Reader = {
    ...reader,
    searchExecutions: ({ names: _names, ...query }) => reader.searchExecutions(query),
  };
  const last = await lastRuns(ignoringNames, ['busy', 'monthly'], false, true);
  expect(last.ok && [...last.value.unknown]).toStrictEqual(['monthly']);
});
