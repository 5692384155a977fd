import { describe, expect, test } from 'vitest';
import { defaultLimits, type Limits } from '../../../src/model/config.ts';
import type { Capabilities } from '../../../src/model/port.ts';
import { openPolicy } from '../../../src/model/run-policy.ts';
import type { DesiredSchedule, ObservedSchedule } from '../../../src/model/schedule.ts';
import type { JudgedPlan } from '../../../src/plan/plan.ts';
import { planOf } from '../../../src/plan/plan.ts';
import { aSchedule, desiredOf, observedOf } from '../../support/schedules.ts';

/** 2026-11-23T12:00:00Z. */
const noon = Date.UTC(2026, 10, 23, 12);
const tomorrow = '2026-11-24T00:00:00Z';

function plan(
  desired: readonly DesiredSchedule[],
  observed: readonly ObservedSchedule[],
  limits: Partial<Limits>,
): JudgedPlan {
  return planOf({
    desired,
    observed,
    server: { serverType: 'oss-2', capabilities: everything },
    url: 'http://s/api',
    policy: { ...openPolicy, limits: { ...defaultLimits, ...limits } },
    now: noon,
  });
}

const everything: Capabilities = {
  tags: true,
  tagsInList: true,
  cronSchedules: 'kept',
  pauseReason: 'kept',
  idempotency: true,
  anyName: true,
  bulk: true,
  hidesUnreadable: false,
  executionQuery: 'clauses',
  pauseAll: 'one process',
  numbers: 'kind',
};

const count = (number: number) => ({ kind: 'count', count: number }) as const;
const named = (name: string, cronExpression: string, paused = false) =>
  aSchedule({ name, cronExpression, zoneId: 'UTC', paused });

describe('limits on fires', () => {
  const hourly = named('hourly', '0 0 * * * ?');
  const dense = named('dense', '0 0/5 * * * ?');

  test('are checked only if set', () => {
    expect(plan([desiredOf(dense)], [], {}).guards.map(({ guard }) => guard)).toStrictEqual([
      'deletes',
      'updates',
    ]);
  });

  test('a day counts desired schedules and others on the server', () => {
    const { guards, verdict, diagnostics } = plan([desiredOf(dense)], [observedOf(hourly)], {
      firesPerDay: count(300),
    });
    expect(guards.at(-1)).toStrictEqual({
      guard: 'fires-per-day',
      seen: 288 + 24,
      at: tomorrow,
      limit: 300,
      refused: true,
    });
    expect(verdict).toBe('blocked');
    expect(diagnostics.map(({ code, args }) => ({ code, args }))).toStrictEqual([
      { code: 'guard', args: { guard: 'fires-per-day', seen: 312, limit: 300, at: tomorrow } },
    ]);
    expect(plan([desiredOf(dense)], [observedOf(hourly)], { firesPerDay: count(312) }).verdict).toBe('ready');
  });

  test('a minute counts all schedules that fire in it', () => {
    const limits = { firesPerMinute: count(1) };
    const { guards } = plan([desiredOf(dense)], [observedOf(hourly)], limits);
    expect(guards.at(-1)).toMatchObject({ seen: 2, at: '2026-11-23T13:00:00Z', refused: true });
    expect(plan([desiredOf(named('a', '0 1 * * * ?'))], [observedOf(hourly)], limits).verdict).toBe('ready');
  });

  test('the seconds field by accident is 3,600 fires in an hour', () => {
    const { guards } = plan([desiredOf(named('slip', '* * 9 * * ?'))], [], { firesPerDay: count(100) });
    expect(guards.at(-1)).toMatchObject({ seen: 3600, refused: true });
  });

  test('paused schedules do not count', () => {
    const paused = named('dense', '0 0/5 * * * ?', true);
    const limits = { firesPerDay: count(10) };
    const daily = desiredOf(named('daily', '0 0 3 * * ?'));
    expect(plan([daily], [observedOf(paused)], limits).verdict).toBe('ready');
    expect(plan([daily, desiredOf(dense)], [observedOf(paused)], limits).guards.at(-1)).toMatchObject({
      seen: 1,
    });
    expect(
      plan([daily, desiredOf(dense, { pause: { paused: true } })], [], limits).guards.at(-1),
    ).toMatchObject({ seen: 1 });
  });

  test('what is paused by the plan counts no more', () => {
    const daily = desiredOf(named('daily', '0 0 3 * * ?'));
    const { guards } = plan([desiredOf(dense, { pause: { paused: true } }), daily], [observedOf(dense)], {
      firesPerDay: count(100),
    });
    expect(guards.at(-1)).toMatchObject({ seen: 1, refused: false });
  });

  test('a resume counts', () => {
    const { guards } = plan(
      [desiredOf(dense, { pause: { paused: false } })],
      [observedOf(named('dense', '0 0/5 * * * ?', true))],
      { firesPerDay: count(10) },
    );
    expect(guards.at(-1)).toMatchObject({ seen: 288, refused: true });
  });

  test('a cron that is not managed counts as the server has it', () => {
    const ours = desiredOf(dense, { ignoreChanges: [['cronExpression']] });
    const daily = desiredOf(named('daily', '0 0 3 * * ?'));
    const there = observedOf(named('dense', '0 0 * * * ?'));
    const { guards } = plan([ours, daily], [there], { firesPerDay: count(100) });
    expect(guards.at(-1)).toMatchObject({ seen: 24 + 1, refused: false });
    const described = desiredOf({ ...dense, description: 'new' }, { ignoreChanges: [['cronExpression']] });
    expect(plan([described, daily], [there], { firesPerDay: count(100) }).guards.at(-1)).toMatchObject({
      seen: 24 + 1,
    });
  });

  test('what is refused counts as the server has it', () => {
    const { guards, changes } = planOf({
      desired: [desiredOf(dense), desiredOf(named('daily', '0 0 3 * * ?'))],
      observed: [{ ...observedOf(hourly), schedule: named('dense', '0 0 * * * ?') }],
      server: { serverType: 'oss-2', capabilities: everything },
      url: 'http://s/api',
      policy: { ...openPolicy, owner: 'us', limits: { ...defaultLimits, firesPerDay: count(100) } },
      now: noon,
    });
    expect(changes.find(({ name }) => name === 'dense')).toMatchObject({ reason: 'needs-adopt' });
    expect(guards.at(-1)).toMatchObject({ seen: 24 + 1, refused: false });
  });

  test('a plan that does not raise them is not refused', () => {
    const limits = { firesPerDay: count(100) };
    const less = desiredOf(named('dense', '0 0/10 * * * ?'));
    const { guards, verdict } = plan([less], [observedOf(dense)], limits);
    expect(guards.at(-1)).toMatchObject({ seen: 144, refused: false });
    expect(verdict).toBe('ready');
    expect(plan([desiredOf(dense)], [observedOf(dense)], limits).verdict).toBe('nothing-to-do');
  });
});
