import { expect, it } from 'vitest';
import { missedByPauses } from '../../../src/apply/missed-by-pauses.ts';
import { scheduleFrom } from '../../../src/conductor/wire.ts';
import type { Execution } from '../../../src/model/execution.ts';
import { type ExecutionQuery, type Reader, succeed } from '../../../src/model/port.ts';
import type { ObservedSchedule } from '../../../src/model/schedule.ts';
import { fireTiming } from '../../../src/run/next-fire.ts';

const at = (text: string): number => Date.parse(`2026-11-23T${text}Z`);

function seen(name: string, cronExpression: string): ObservedSchedule {
  return scheduleFrom({
    name,
    cronExpression,
    startWorkflowRequest: { name: 'w' },
    updatedTime: at('11:00:00'),
  });
}

async function missed(befores: readonly ObservedSchedule[], runs: readonly Execution[]) {
  const asked: (readonly string[] | undefined)[] = [];
  const reader = {
    searchExecutions: async ({ names, after = 0 }: ExecutionQuery) => {
      asked.push(names);
      const results = runs.filter(
        (one) => names?.includes(one.schedule) !== false && (one.scheduledTime ?? 0) > after,
      );
      return succeed({ totalHits: results.length, results });
    },
  } as unknown as Reader;
  const found = await missedByPauses(befores, {
    ...fireTiming,
    reader,
    parallelism: 2,
    now: () => at('12:00:40'),
    stopped: () => false,
  });
  return { found: [...found], asked };
}

it('reports what was due and not started; asks only about schedules with fires then', async () => {
  const started = {
    schedule: 'prompt',
    scheduledTime: at('12:00:00'),
    executionTime: at('12:00:01'),
    state: 'EXECUTED',
  };
  const befores = [
    seen('late', '0 0 12 * * ?'),
    seen('prompt', '0 0 12 * * ?'),
    seen('nightly', '0 0 3 * * ?'),
  ];
  const { found, asked } = await missed(befores, [started]);
  expect(found).toStrictEqual([['late', [at('12:00:00')]]]);
  expect(asked.flat().sort()).toStrictEqual(['late', 'prompt']);
});
