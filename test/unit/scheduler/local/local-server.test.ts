import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { backEnds, servedTypes } from '../../../../src/model/port.ts';
import { localServer } from '../../../../src/scheduler/local/local-server.ts';
import { startScheduler } from '../../../../src/scheduler/local/start-scheduler.ts';
import { casesOf } from '../../../support/cases.ts';

const start = Date.UTC(2027, 2, 27, 23, 30);
const minute = 60_000;

const started: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of started.splice(0)) await one.close();
});

const begin = async (options: Parameters<typeof startScheduler>[0] = {}) => {
  const scheduler = await startScheduler({ now: start, acceptAnyWorkflow: true, ...options });
  started.push(scheduler);
  return scheduler;
};

const schedule = (name: string, cronExpression: string, zoneId = 'UTC') => ({
  name,
  cronExpression,
  zoneId,
  startWorkflowRequest: { name: 'w' },
});

describe('advance', () => {
  it('starts the same fires in one step as in many, each at its time', () => {
    const crons = ['*/7 * * * * *', '0 */3 * * * *', '30 0 * * * *', '0 30 2 * * *', '0 0 0 29 2 *'];
    const schedules = fc.array(
      fc.record({
        cron: fc.constantFrom(...crons),
        zone: fc.constantFrom('UTC', 'Europe/Berlin', 'Australia/Lord_Howe'),
        paused: fc.boolean(),
      }),
      { maxLength: 5 },
    );
    const backEnd = fc.constantFrom(...backEnds);
    const spans = fc.array(fc.integer({ min: 0, max: 90 * minute }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(schedules, backEnd, spans, (made, engine, steps) => {
        const total = steps.reduce((sum, step) => sum + step, 0);
        const runsAfter = (parts: readonly number[]): readonly unknown[] => {
          const local = localServer({
            serverType: 'oss-2',
            backEnd: engine,
            seed: 1,
            now: () => start,
            acceptAnyWorkflow: true,
            mostRequests: 1,
          });
          made.forEach(({ cron, zone, paused }, index) => {
            local.scheduler().put({ ...schedule(`s${index}`, cron, zone), paused });
          });
          const fired = parts.reduce((sum, part) => sum + local.advance(part), 0);
          const runs = local.scheduler().state().executions;
          // From 5,000 runs on the history is cut, as the real server's is.
          if (fired < 5000) expect(runs.length).toBe(fired);
          else expect(runs.length).toBeLessThanOrEqual(fired);
          expect(local.now()).toBe(start + total);
          return runs.map(({ scheduleName, scheduledTime, executionTime }) => [
            scheduleName,
            scheduledTime,
            executionTime,
          ]);
        };
        const inOne = runsAfter([total]);
        expect(runsAfter(steps)).toStrictEqual(inOne);
        for (const run of inOne) {
          const [, scheduled, executed] = run as [string, number, number];
          if (engine === 'sqlite') expect(executed).toBe(scheduled);
          else expect(executed).toBeGreaterThanOrEqual(scheduled);
        }
      }),
      { numRuns: casesOf(100) },
    );
  });

  it('advances while everything is paused, and refuses negative times', async () => {
    const scheduler = await begin();
    scheduler.put(schedule('s', '0 * * * * *'));
    await fetch(`${scheduler.url}/api/scheduler/admin/pause`);
    expect(scheduler.advance(10 * minute)).toBe(0);
    expect(scheduler.now()).toBe(start + 10 * minute);
    await fetch(`${scheduler.url}/api/scheduler/admin/resume`);
    expect(scheduler.advance(minute)).toBeGreaterThan(0);
    for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => scheduler.advance(wrong)).toThrow(RangeError);
  });
});

it('answers with the time of its own clock', async () => {
  const scheduler = await begin();
  const date = async (): Promise<number> =>
    Date.parse((await fetch(`${scheduler.url}/api/scheduler/schedules`)).headers.get('date') ?? '');
  expect(await date()).toBe(start);
  scheduler.advance(90_000);
  expect(await date()).toBe(start + 90_000);
});

it('records every request with its answer and its fault', async () => {
  const scheduler = await begin({ type: 'orkes-new' });
  scheduler.fail('503', { times: 2, on: ({ path }) => path.endsWith('/schedules') });
  scheduler.fail('reset-before', { on: ({ method }) => method === 'DELETE' });
  const ask = (path: string, init?: RequestInit): Promise<number | string> =>
    fetch(`${scheduler.url}/api/${path}`, init).then(
      ({ status }) => status,
      () => 'dropped',
    );
  const body = JSON.stringify({ keyId: 'k', keySecret: 's' });
  const headers = { 'content-type': 'application/json' };
  expect(await ask('token', { method: 'POST', body, headers })).toBe(200);
  expect(await ask('scheduler/schedules?a=b')).toBe(503);
  expect(await ask('scheduler/schedules')).toBe(503);
  expect(await ask('scheduler/schedules')).toBe(200);
  expect(await ask('scheduler/schedules/x', { method: 'DELETE' })).toBe('dropped');
  expect(
    scheduler.requests().map(({ at, method, path, query, body: sent, status, fault }) => {
      expect(at).toBe(start);
      return [method, path.slice('/api/'.length), query, sent, status, fault];
    }),
  ).toStrictEqual([
    ['POST', 'token', '', body, 200, undefined],
    ['GET', 'scheduler/schedules', 'a=b', '', 503, '503'],
    ['GET', 'scheduler/schedules', '', '', 503, '503'],
    ['GET', 'scheduler/schedules', '', '', 200, undefined],
    ['DELETE', 'scheduler/schedules/x', '', '', undefined, 'reset-before'],
  ]);
});

it('makes fires fail, removes faults, and refuses impossible ones', async () => {
  const scheduler = await begin();
  scheduler.put(schedule('s', '0 * * * * *'));
  scheduler.fail('failed-run', { times: 2 });
  scheduler.fail('500')();
  scheduler.advance(4 * minute);
  expect(scheduler.runs().map(({ state }) => state)).toStrictEqual([
    'FAILED',
    'FAILED',
    'EXECUTED',
    'EXECUTED',
  ]);
  expect((await fetch(`${scheduler.url}/api/scheduler/schedules`)).status).toBe(200);
  expect(() => scheduler.fail('expired-token')).toThrow(/cannot happen on oss-2/);
});

it('is back at the start after a reset', async () => {
  const scheduler = await begin();
  scheduler.put(schedule('s', '0 * * * * *'));
  scheduler.fail('500');
  scheduler.advance(minute);
  await fetch(`${scheduler.url}/api/scheduler/schedules`);
  scheduler.reset();
  expect([scheduler.schedules(), scheduler.runs(), scheduler.requests()]).toStrictEqual([[], [], []]);
  expect(scheduler.now()).toBe(start);
  expect((await fetch(`${scheduler.url}/api/scheduler/schedules`)).status).toBe(200);
});

it.each(servedTypes)('starts as %s', async (type) => {
  const scheduler = await begin({ type });
  expect(scheduler.url).toBe(`http://127.0.0.1:${scheduler.port}`);
});

it('rejects a version that the type does not have, and a port that is taken', async () => {
  await expect(startScheduler({ version: '9.9.9' })).rejects.toThrow(/oss-2 has no version 9\.9\.9/);
  const { port } = await begin();
  await expect(startScheduler({ port })).rejects.toThrow(/EADDRINUSE/);
});
