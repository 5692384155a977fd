import { expect, test } from 'vitest';
import type { DaysWish, Schedule } from '../../../src/model/schedule.ts';
import { policyJudge } from '../../../src/policies/judge-policies.ts';
import type { TeamPolicy } from '../../../src/policies/policy.ts';
import type { Subject } from '../../../src/policies/policy-scope.ts';

const day = 86_400_000;
/** 2026-11-23, a Monday. */
const now = Date.UTC(2026, 10, 23, 12);
const cron = { cronExpression: '0 0 3 * * *', zoneId: 'UTC' };

function subject(name: string, days?: DaysWish): Subject {
  const schedule: Schedule = {
    name,
    ...cron,
    paused: false,
    runCatchupScheduleInstances: false,
    startWorkflowRequest: { name: 'work', input: {}, taskToDomain: {}, priority: 0 },
  };
  return { schedule: days === undefined ? schedule : { ...schedule, days }, fields: { ...cron } };
}

function onlyOn(date: number): DaysWish {
  const calendar = { name: 'closing', days: new Map([[date / day, 'Closing']]) };
  return { entries: [cron], except: [], only: [calendar] };
}

function minuteOver(limit: number, after: readonly Subject[]): unknown {
  const policy: TeamPolicy = {
    entry: { name: 'herd', limit: { firesPerMinute: limit } },
    origin: { file: 'policies.yaml', document: 0 },
    isAbout: () => true,
    isElsewhere: false,
  };
  const judge = policyJudge([policy], { now, misfits: () => [], judgedName: String });
  const [found] = judge.together({ after });
  return found?.code === 'policy-fires-per-minute' ? found.args.minute : found;
}

test.each([['before it'], ['after it']])(
  'one cron on days of a calendar is not counted on the days of the one %s',
  (where) => {
    const [daily, monthly] = [subject('daily'), subject('closing', onlyOn(Date.UTC(2026, 11, 31)))];
    const all = where === 'before it' ? [daily, monthly] : [monthly, daily];
    expect(minuteOver(1, all)).toBe('2026-12-31T03:00:00Z');
    expect(minuteOver(2, all)).toBeUndefined();
  },
);
