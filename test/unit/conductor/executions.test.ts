import { describe, expect, it } from 'vitest';
import { executionQuery, misreadClause, translateSort } from '../../../src/conductor/executions.ts';
import type { ExecutionFilter } from '../../../src/model/port.ts';
import { readQuery } from '../../../src/scheduler/run-history.ts';
import { backEndRows } from '../../../src/scheduler/storage/back-ends.ts';

const base = {
  executionId: 'x',
  executionTime: 6,
  workflowName: 'w',
  startWorkflowRequest: {},
  zoneId: 'UTC',
};

describe('a filter in the grammar of clauses', () => {
  it.each<[ExecutionFilter, string | undefined]>([
    [{}, undefined],
    [{ names: ['a', 'b c'] }, 'scheduleName IN (a,b c)'],
    [{ names: ['a,b', 'c'] }, 'scheduleName IN (c) AND a,b'],
    [{ failed: true, after: 5 }, 'state IN (FAILED) AND scheduledTime>5'],
    [{ after: 5, before: 9 }, 'scheduledTime>5 AND scheduledTime<9'],
    [
      { names: ['a'], failed: true, after: 5 },
      'scheduleName IN (a) AND state IN (FAILED) AND scheduledTime>5',
    ],
  ])('%j', (filter, query) => {
    expect(executionQuery(filter, 'clauses')).toEqual({
      ok: true,
      ...(query === undefined ? {} : { query }),
    });
  });

  it.each(['a', 'a,b', 'f(x)', 'a=b', 'a AND b', ' a', '', 'state IN (FAILED)', 'executionId=1'])(
    'finds exactly the schedule %j, or says that it cannot',
    (name) => {
      const said = executionQuery({ names: [name] }, 'clauses');
      if (!said.ok) {
        expect(said.name).toBe(name);
        return;
      }
      const read = readQuery(said.query, 'oss', backEndRows.sqlite);
      if (!read.ok) throw new Error(read.message);
      const run = (scheduleName: string) =>
        read.matches({ ...base, scheduleName, scheduledTime: 6, state: 'EXECUTED' });
      expect([name, 'other', `${name}x`].map(run)).toEqual([true, false, false]);
    },
  );

  it('names what it cannot express', () => {
    const unsayable = ['a AND b', ' a', '', 'state IN (FAILED)'];
    for (const name of unsayable)
      expect(executionQuery({ names: ['x', name] }, 'clauses')).toEqual({ ok: false, name });
  });
});

it.each<[ExecutionFilter, unknown]>([
  [{}, { ok: true }],
  [
    { names: ['a'], failed: true, after: 5 },
    { ok: true, query: "scheduleName='a' AND status='FAILED'" },
  ],
  [{ names: ['a', 'b'] }, { ok: true }],
  [{ names: ["it's"] }, { ok: false, name: "it's" }],
])('a filter as equations: %j', (filter, said) => {
  expect(executionQuery(filter, 'equations')).toEqual(said);
});

it.each([
  ['scheduleName IN (a,b) AND state IN (FAILED)', undefined],
  ['scheduledTime>5 AND workflowName=w AND executionId=x', undefined],
  ['nightly', undefined],
  ['status=FAILED', 'status=FAILED'],
  ['scheduleName IN (a) AND state = FAILED', 'state = FAILED'],
  ["scheduleName='a'", "scheduleName='a'"],
  ['scheduleName in (a)', 'scheduleName in (a)'],
  ['scheduledTime > 5', 'scheduledTime > 5'],
  ['state IN (FAILED) OR workflowName=x', 'state IN (FAILED) OR workflowName=x'],
])('in the query %j the server would misread %j', (query, clause) => {
  expect(misreadClause(query)).toBe(clause);
});

it('sorts by the names of the server', () => {
  const words = { state: 'status' };
  expect(translateSort('state:ASC,scheduledTime:DESC', words)).toBe('status:ASC,scheduledTime:DESC');
});
