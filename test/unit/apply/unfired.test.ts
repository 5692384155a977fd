import { expect, it } from 'vitest';
import { unfired } from '../../../src/apply/unfired.ts';
import { scheduleFrom } from '../../../src/conductor/wire.ts';
import type { Execution } from '../../../src/model/execution.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { type ExecutionQuery, type Failure, fail, type Reader, succeed } from '../../../src/model/port.ts';
import type { ObservedSchedule } from '../../../src/model/schedule.ts';
import { nextFireOf } from '../../../src/run/next-fire.ts';

const at = (text: string): number => Date.parse(`2026-11-23T${text}Z`);
const now = at('12:10:00');

function seen(name: string, changed: string, over: JsonObject = {}): ObservedSchedule {
  const body = { name, cronExpression: '0 * * * * ?', startWorkflowRequest: { name: 'w' }, ...over };
  return scheduleFrom({ ...body, updatedTime: at(changed) });
}

function run(schedule: string, scheduled: string, started = scheduled): Execution {
  return { schedule, scheduledTime: at(scheduled), executionTime: at(started), state: 'EXECUTED' };
}

const failure: Failure = {
  kind: 'reset',
  operation: 'search executions',
  method: 'GET',
  url: '',
  words: '',
  attempts: 1,
  effect: 'none',
};

/** The names that are found, and how many searches that took. */
async function found(
  schedules: readonly ObservedSchedule[],
  runs: readonly Execution[],
  /** It is stopped after so many searches. */
  stopAfter = Number.POSITIVE_INFINITY,
  /** No search by these names is answered; `all` = none at all. */
  unreadable: readonly string[] | 'all' = [],
) {
  const asked: ExecutionQuery[] = [];
  const reader = {
    searchExecutions: async (query: ExecutionQuery) => {
      asked.push(query);
      const { names, after = 0, size = 100 } = query;
      if (unreadable === 'all' || names?.some((name) => unreadable.includes(name))) return fail(failure);
      const fitting = runs
        .filter((one) => (one.scheduledTime ?? 0) > after && names?.includes(one.schedule) !== false)
        .sort((a, b) => (b.scheduledTime ?? 0) - (a.scheduledTime ?? 0));
      return succeed({ totalHits: fitting.length, results: fitting.slice(0, size) });
    },
  } as unknown as Reader;
  const missing = await unfired(schedules, {
    reader,
    now: () => now,
    nextFire: nextFireOf,
    stopped: () => asked.length >= stopAfter,
  });
  return { missing, asked: asked.length };
}

it('a schedule that never fired since its last change is found, with the first fire that is missing', async () => {
  const { missing, asked } = await found(
    [seen('dead', '12:00:30'), seen('alive', '12:00:30')],
    [run('alive', '12:01:00'), run('dead', '12:00:00')],
  );
  expect(missing).toStrictEqual([{ name: 'dead', at: at('12:01:00') }]);
  expect(asked).toBe(1);
});

it.each<[string, ObservedSchedule]>([
  ['it was changed a moment ago', seen('a', '12:08:30')],
  ['it was changed long ago', changedAt(now - 8 * 86_400_000)],
  ['it is paused', seen('a', '12:00:30', { paused: true })],
  ['it is not due before tomorrow', seen('a', '12:00:30', { cronExpression: '0 0 3 * * ?' })],
  ['the server tells no time of change', { ...seen('a', '12:00:30'), facts: {} }],
])('nothing is asked when %s', async (_why, schedule) => {
  expect(await found([schedule], [])).toStrictEqual({ missing: [], asked: 0 });
});

function changedAt(updatedTime: number): ObservedSchedule {
  const schedule = seen('a', '12:00:00');
  return { ...schedule, facts: { ...schedule.facts, updatedTime } };
}

it('a late start counts, though its fire came before the change', async () => {
  const { missing } = await found([seen('a', '12:00:30')], [run('a', '12:01:00', '12:02:40')]);
  expect(missing).toStrictEqual([]);
});

it('with runs beyond the newest thousand is asked for by name', async () => {
  const many = Array.from({ length: 1200 }, () => run('busy', '12:09:00'));
  const { missing, asked } = await found(
    [seen('quiet', '12:00:30', { cronExpression: '0 2 12 * * ?' }), seen('dead', '12:00:30')],
    [...many, run('quiet', '12:02:00')],
  );
  expect(missing).toStrictEqual([{ name: 'dead', at: at('12:01:00') }]);
  expect(asked).toBe(3);
});

it('a run from before its own last change does not count, though another one has been missing for longer', async () => {
  const { missing } = await found(
    [seen('first', '12:00:30'), seen('second', '12:05:30')],
    [run('second', '12:02:00')],
  );
  expect(missing.map(({ name }) => name)).toStrictEqual(['first', 'second']);
});

const busy = (): readonly Execution[] => Array.from({ length: 1200 }, () => run('busy', '12:09:00'));

it('is not asked for by name once the run is stopped, and is not reported then', async () => {
  const { missing, asked } = await found([seen('dead', '12:00:30'), seen('gone', '12:00:30')], busy(), 2);
  expect(missing).toStrictEqual([]);
  expect(asked).toBe(2);
});

it('of many of which none is among the newest runs, the first fifty are asked for and named', async () => {
  const many = Array.from({ length: 60 }, (_none, index) => seen(`dead-${index}`, '12:00:30'));
  const { missing, asked } = await found(many, busy());
  expect(missing.map(({ name }) => name)).toStrictEqual(
    many.slice(0, 50).map(({ schedule }) => schedule.name),
  );
  expect(asked).toBe(51);
});

it('one that was not asked for is not reported, though some of those before it have fired', async () => {
  const many = Array.from({ length: 60 }, (_none, index) => seen(`s-${index}`, '12:00:30'));
  const old = Array.from({ length: 10 }, (_none, index) => run(`s-${index}`, '12:01:00'));
  const { missing } = await found(many, [...busy(), ...old]);
  expect(missing.map(({ name }) => name)).toStrictEqual(
    many.slice(10, 50).map(({ schedule }) => schedule.name),
  );
});

it.each<[string, ObservedSchedule, number]>([
  ['a week ago', changedAt(now - 7 * 86_400_000), 1],
  ['so that its first fire was three minutes ago', seen('a', '12:06:30'), 1],
])('what was changed just %s is asked for', async (_when, schedule, asked) => {
  expect((await found([schedule], [])).asked).toBe(asked);
});

it('what cannot be asked for is not reported', async () => {
  const { missing } = await found(
    [seen('dead', '12:00:30'), seen('unknown', '12:00:30')],
    busy(),
    undefined,
    ['unknown'],
  );
  expect(missing.map(({ name }) => name)).toStrictEqual(['dead']);
});

it('nothing is reported when the past runs cannot be read', async () => {
  const answer = await found([seen('dead', '12:00:30')], [], undefined, 'all');
  expect(answer).toStrictEqual({ missing: [], asked: 1 });
});
