import { expect, it } from 'vitest';
import { overdueSchedules } from '../../../src/commands/on-call/overdue-schedules.ts';
import type { Execution } from '../../../src/model/execution.ts';
import { aSchedule, observedOf } from '../../support/schedules.ts';

const at = (text: string): number => Date.parse(`2026-11-23T${text}Z`);

function run(scheduled: string, started: string): Execution {
  return { schedule: 'a', scheduledTime: at(scheduled), executionTime: at(started), state: 'EXECUTED' };
}

/** The missed fire of a schedule that fires each quarter of an hour, at 12:10. */
function missed(...recent: readonly Execution[]): number | undefined {
  const schedule = aSchedule({ name: 'a', cronExpression: '0 0/15 * * * ?' });
  const observed = { ...observedOf(schedule), facts: { updatedTime: at('06:00:00') } };
  const newest = recent.toSorted((a, b) => (b.scheduledTime ?? 0) - (a.scheduledTime ?? 0))[0] as Execution;
  const last = { runs: new Map([['a', newest]]), unknown: new Set<string>(), recent };
  return overdueSchedules([observed], last, at('12:10:00'), true).since.get('a');
}

it('a fire is missed when nothing was started since it was due', () => {
  expect(missed(run('11:45:00', '11:45:01'))).toBe(at('12:00:00'));
});

it('no fire is missed that the late start of an older one took along', () => {
  expect(missed(run('11:30:00', '12:05:00'), run('11:45:00', '11:45:01'))).toBeUndefined();
});
