import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import type { Execution } from '../../src/scheduler/run-history.ts';
import { serve } from '../../src/scheduler/serve.ts';
import { fakeIo } from '../support/io.ts';
import { scheduleBody, testScheduler } from '../support/scheduler.ts';

/** An audit that reaches up to now and a status never say two things of what is overdue. */
const hour = 3_600_000;
const noon = Date.UTC(2026, 10, 23, 12);
const cwd = mkdtempSync(join(tmpdir(), 'downbeat-overdue-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** Cron, hours since its last change, hours since its newest run; none = it never ran. */
const schedules: readonly (readonly [name: string, cron: string, changed: number, ran?: number])[] = [
  ['daily_missed', '0 0 16 * * ?', 100, 44],
  ['daily_without_runs', '0 0 16 * * ?', 100],
  ['daily_fine', '0 0 16 * * ?', 100, 20],
  ['weekly_missed', '0 0 9 ? * SUN', 24 * 40, 24 * 8 + 3],
  ['weekly_fine', '0 0 9 ? * SUN', 24 * 40, 27],
  ['hourly_missed', '0 0 * * * ?', 100, 15],
  ['hourly_fine', '0 0 * * * ?', 100, 1],
  ['hourly_changed', '0 0 * * * ?', 0.5],
  ['daily_late', '0 0 6 * * ?', 100, 30],
  ['unknown_zone', '0 0 * * * ?', 100, 3],
];

function runOf(scheduleName: string, hours: number): Execution {
  return {
    executionId: `run-of-${scheduleName}`,
    scheduleName,
    scheduledTime: noon - hours * hour,
    executionTime: noon - hours * hour + 500,
    workflowName: 'wf',
    workflowId: `wf-of-${scheduleName}`,
    startWorkflowRequest: { name: 'wf' },
    state: 'EXECUTED',
    zoneId: 'UTC',
  };
}

/** A server may know zones that this Node does not. */
function zoneOf(name: string): string {
  return name === 'unknown_zone' ? 'Mars/Base' : 'UTC';
}

type Reported = { readonly schedules: readonly { readonly name: string; readonly overdue?: unknown }[] };

it('an audit knows what is overdue as a status does, however short its interval is', async () => {
  const scheduler = testScheduler({
    initial: {
      executions: schedules.flatMap(([name, , , ran]) => (ran === undefined ? [] : [runOf(name, ran)])),
    },
  });
  for (const [name, cronExpression] of schedules) scheduler.put(scheduleBody(name, { cronExpression }));
  const changes = new Map(schedules.map(([name, , changed]) => [name, noon - changed * hour]));
  const dated = {
    ...scheduler,
    handle: (request: Parameters<typeof scheduler.handle>[0]) => {
      const answer = scheduler.handle(request);
      if (request.path !== '/api/scheduler/schedules') return answer;
      const list = JSON.parse(answer.body) as readonly { readonly name: string }[];
      const body = list.map((one) => ({
        ...one,
        createTime: 1,
        updatedTime: changes.get(one.name),
        zoneId: zoneOf(one.name),
      }));
      return { ...answer, body: JSON.stringify(body) };
    },
  };
  const served = await serve(dated, { host: '127.0.0.1', port: 0, latencyMs: 0, now: () => noon });
  const env = { CONDUCTOR_SERVER_URL: served.url };
  const report = async (line: string): Promise<{ code: number; overdue: readonly string[] }> => {
    const { io, out, err } = fakeIo({ cwd, env, now: () => noon });
    const code = await main([...line.split(' '), '--exit-code', '--output', 'json'], io);
    expect(err()).toBe('');
    const { schedules: all } = JSON.parse(out()) as Reported;
    return {
      code,
      overdue: all.flatMap(({ name, overdue }) => {
        const since = (overdue as { readonly since?: string } | undefined)?.since ?? overdue;
        return since === undefined ? [] : [`${name} ${String(since)}`];
      }),
    };
  };
  try {
    const status = await report('status');
    expect(status.code).toBe(2);
    expect(status.overdue).toStrictEqual([
      'daily_late 2026-11-23T06:00:00Z',
      'daily_missed 2026-11-22T16:00:00Z',
      'daily_without_runs 2026-11-19T16:00:00Z',
      'hourly_missed 2026-11-22T22:00:00Z',
      'weekly_missed 2026-11-22T09:00:00Z',
    ]);
    for (const since of ['10m', '1h', '12h', '2d', '14d'])
      expect([since, await report(`audit --since ${since}`)]).toStrictEqual([since, status]);
    for (const line of ['status', 'audit', 'show unknown_zone']) {
      const { io, out } = fakeIo({ cwd, env, now: () => noon });
      await main([...line.split(' '), '--output', 'json'], io);
      const { counts, next = [], schedules: all = [] } = JSON.parse(out());
      expect([line, counts?.never ?? 0, next]).toStrictEqual([line, 0, []]);
      const [zone] = all.filter(({ name }: { readonly name: string }) => name === 'unknown_zone');
      if (line === 'status') expect(zone).toMatchObject({ state: 'active', nextFireUnknown: true });
      const text = fakeIo({ cwd, env, now: () => noon });
      await main(line.split(' '), text.io);
      expect(text.out()).not.toContain('never');
    }
    const names = schedules.map(([name]) => name).join(' ');
    expect(await report(`audit ${names} --since 1h`)).toStrictEqual(status);
  } finally {
    await served.close();
  }
});
