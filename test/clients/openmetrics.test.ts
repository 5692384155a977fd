import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, inject, it } from 'vitest';
import { main } from '../../src/main.ts';
import { createScheduler } from '../../src/scheduler/core.ts';
import { fakeIo } from '../support/io.ts';
import { serveLocal } from '../support/scheduler.ts';

const now = Date.UTC(2026, 10, 23, 12);
const hour = 3_600_000;
const cwd = mkdtempSync(join(tmpdir(), 'downbeat-metrics-'));

afterAll(() => rmSync(cwd, { recursive: true }));

/** Prometheus' own parser of OpenMetrics, which the Python client of Conductor brings along; it refuses what is not valid. */
const parser = `
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
text = sys.stdin.buffer.read().decode('utf-8')
print(json.dumps([[s.name, s.labels, s.value] for f in text_string_to_metric_families(text) for s in f.samples]))
`;

type Sample = readonly [name: string, labels: { readonly [label: string]: string }, value: number];

function parsed(text: string): readonly Sample[] {
  const { python, folders } = inject('clients');
  const out = execFileSync(python, ['-c', parser], {
    input: text,
    env: { ...process.env, PYTHONPATH: folders['2.0.0'] },
    encoding: 'utf8',
  });
  return JSON.parse(out) as readonly Sample[];
}

async function metrics(url: string): Promise<string> {
  const heard = fakeIo({ cwd, now: () => now, env: { CONDUCTOR_SERVER_URL: url } });
  await main(['audit', '--output', 'openmetrics'], heard.io);
  return heard.out();
}

it('Prometheus reads the metrics, whatever schedules are called', async () => {
  const names = [
    'plain',
    'quo"te',
    'back\\slash',
    'new\nline',
    '表のバックアップ',
    'lone \ud800 half',
    '{}="x",y',
  ];
  let at = now - 30 * hour;
  const scheduler = createScheduler({
    serverType: 'oss-2',
    now: () => at,
    acceptAnyWorkflow: true,
    initial: { polling: false },
  });
  for (const name of names)
    scheduler.put({ name, cronExpression: '0 0 * * * ?', startWorkflowRequest: { name: 'w' } });
  scheduler.put({
    name: 'stopped',
    cronExpression: '0 0 * * * ?',
    startWorkflowRequest: { name: 'w' },
    paused: true,
  });
  at = now;
  const recorded = {
    ...scheduler,
    handle: (request: Parameters<typeof scheduler.handle>[0]) => {
      const answer = scheduler.handle(request);
      return { ...answer, headers: { ...answer.headers, date: new Date(now).toUTCString() } };
    },
  };
  const served = await serveLocal(recorded);
  const samples = parsed(await metrics(`${served.url}/api`));
  await served.close();
  const value = (name: string, labels: Sample[1] = {}): number | undefined =>
    samples.find((one) => one[0] === name && JSON.stringify(one[1]) === JSON.stringify(labels))?.[2];
  expect(value('downbeat_audit_up')).toBe(1);
  expect(value('downbeat_audit_timestamp_seconds')).toBe(now / 1000);
  expect(value('downbeat_fires', { class: 'missed' })).toBe(names.length * 24);
  expect(value('downbeat_server_stopped')).toBe(1);
  expect(value('downbeat_schedules', { state: 'paused' })).toBe(1);
  // Java makes a question mark of half a pair.
  for (const name of names.map((one) => one.replace('\ud800', '?')))
    expect(value('downbeat_schedule_missed_fires', { schedule: name })).toBe(24);
  expect(value('downbeat_schedule_paused_since_timestamp_seconds', { schedule: 'stopped' })).toBe(
    (now - 30 * hour) / 1000,
  );
  // A scrape without an audit says so.
  expect(parsed(await metrics('http://127.0.0.1:1/api'))).toStrictEqual([['downbeat_audit_up', {}, 0]]);
});
