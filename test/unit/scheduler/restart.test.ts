import { describe, expect, it } from 'vitest';
import type { Effect } from '../../../src/scheduler/journal.ts';
import { scheduleBody, testScheduler } from '../../support/scheduler.ts';

const schedules = '/api/scheduler/schedules';
const everyMinute = { cronExpression: '0 * * * * ?' };

it('resets every connection until it is back, without any effect', () => {
  const scheduler = testScheduler();
  scheduler.restart(1000);
  expect(scheduler.ask('POST', schedules, scheduleBody('a')).broken).toBe('reset');
  scheduler.advance(900);
  expect(scheduler.ask('GET', schedules).broken).toBe('reset');
  scheduler.advance(100);
  expect(scheduler.ask('GET', schedules)).toMatchObject({ status: 200, body: '[]' });
});

it('has what was stored, and polls again', () => {
  const effects: Effect[] = [];
  const scheduler = testScheduler({ serverType: 'orkes-new', journal: (effect) => effects.push(effect) });
  scheduler.put(scheduleBody('a', { paused: true, pausedReason: 'INC-1' }), [{ key: 'team', value: 'data' }]);
  scheduler.put(scheduleBody('b'));
  scheduler.ask('GET', '/api/scheduler/admin/pause');
  const before = scheduler.state();
  expect(before.polling).toBe(false);
  scheduler.restart(1000);
  expect(scheduler.state()).toEqual({ ...before, polling: true });
  expect(effects.at(-1)?.kind).toBe('restarted');
});

describe('fires around a restart, as on OSS 3.32.1', () => {
  it('what is due while it is down starts late, once, and then on time', () => {
    const scheduler = testScheduler({ acceptAnyWorkflow: true });
    scheduler.put(scheduleBody('a', everyMinute));
    scheduler.restart(150_000);
    scheduler.advance(149_000);
    expect(scheduler.state().executions).toEqual([]);
    scheduler.advance(31_000);
    const start = Date.UTC(2026, 10, 23, 12);
    const runs = scheduler.state().executions.map((run) => [run.scheduledTime, run.executionTime]);
    expect(runs.map((run) => run.map((at) => (at ?? 0) - start))).toEqual([
      [60_000, 150_000],
      [180_000, 180_000],
    ]);
  });

  it('with catch-up every missed one starts', () => {
    const scheduler = testScheduler({ acceptAnyWorkflow: true });
    scheduler.put(scheduleBody('a', { ...everyMinute, runCatchupScheduleInstances: true }));
    scheduler.restart(190_000);
    scheduler.advance(195_000);
    expect(scheduler.state().executions).toHaveLength(3);
  });

  it('a schedule that lost its timers does not get them back', () => {
    const scheduler = testScheduler({ acceptAnyWorkflow: true });
    scheduler.put(scheduleBody('a', everyMinute));
    const broken = { name: 'a', ...everyMinute, startWorkflowRequest: {} };
    expect(scheduler.ask('POST', schedules, broken).status).toBe(500);
    scheduler.restart(1000);
    scheduler.advance(120_000);
    expect(scheduler.state().schedules).toMatchObject([{ name: 'a', paused: false }]);
    expect(scheduler.state().executions).toEqual([]);
  });
});

it.each([
  ['with keys', [{ id: 'k', secret: 's' }]],
  ['open to everybody', undefined],
])('forgets tokens: %s', (_, keys) => {
  const scheduler = testScheduler({ serverType: 'orkes-new', access: keys === undefined ? {} : { keys } });
  const token = () => {
    const { body } = scheduler.ask('POST', '/api/token', { keyId: 'k', keySecret: 's' });
    return { 'x-authorization': (JSON.parse(body) as { token: string }).token };
  };
  const old = token();
  expect(scheduler.ask('GET', schedules, undefined, old).status).toBe(200);
  scheduler.restart(0);
  const refused = scheduler.ask('GET', schedules, undefined, old);
  expect([refused.status, refused.body]).toEqual([401, expect.stringContaining('INVALID_TOKEN')]);
  expect(scheduler.ask('GET', schedules, undefined, token()).status).toBe(200);
});

it.each([
  [false, []],
  [true, ['a']],
])('as a fault of one request, effect %s', (effect, stored) => {
  let armed = true;
  const scheduler = testScheduler({
    fault: () => {
      const fault = armed ? ({ kind: 'restart', effect, ms: 500 } as const) : undefined;
      armed = false;
      return fault;
    },
  });
  expect(scheduler.ask('POST', schedules, scheduleBody('a')).broken).toBe('reset');
  expect(scheduler.ask('GET', schedules).broken).toBe('reset');
  scheduler.advance(500);
  expect(scheduler.ask('GET', schedules).status).toBe(200);
  expect(scheduler.state().schedules.map(({ name }) => name)).toEqual(stored);
});
