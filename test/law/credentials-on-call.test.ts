import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import type { Execution } from '../../src/scheduler/run-history.ts';
import { type Served, serve } from '../../src/scheduler/serve.ts';
import { credentialValues } from '../support/credentials.ts';
import { fakeIo } from '../support/io.ts';
import { scheduleBody, testScheduler } from '../support/scheduler.ts';

/** Whatever people wrote a credential into, no command that is about the server shows it, in any format. */
const { credentials, innocents } = credentialValues();
const cwd = mkdtempSync(join(tmpdir(), 'downbeat-foreign-'));
const noon = Date.UTC(2026, 10, 23, 12);
let served: Served;

function sentence(text: string): string {
  return /^(?:bearer|basic|token|apikey|digest) /i.test(text) || /:$|^-----/m.test(text)
    ? text
    : `see ${text}`;
}

function failedRun(scheduleName: string, reason: string): Execution {
  return {
    executionId: `run-of-${scheduleName}`,
    scheduleName,
    scheduledTime: noon - 60_000,
    executionTime: noon - 59_000,
    workflowName: 'wf',
    reason,
    startWorkflowRequest: { name: 'wf' },
    state: 'FAILED',
    zoneId: 'UTC',
  };
}

beforeAll(async () => {
  const texts = [...credentials, ...innocents];
  const scheduler = testScheduler({
    initial: { executions: texts.map((text, at) => failedRun(`job_${at}`, sentence(text))) },
  });
  for (const [at, text] of texts.entries()) {
    const words = sentence(text);
    scheduler.put(
      scheduleBody(`job_${at}`, {
        description: words,
        createdBy: words,
        updatedBy: words,
        ...(at % 2 === 0 ? { paused: true, pausedReason: words } : {}),
      }),
    );
  }
  served = await serve(scheduler, { host: '127.0.0.1', port: 0, latencyMs: 0, now: scheduler.clock.now });
});
afterAll(async () => {
  await served.close();
  rmSync(cwd, { recursive: true, force: true });
});

/** A value as it is, and as JSON and HTML have it. */
function written(value: string): readonly string[] {
  const html = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  return [value, JSON.stringify(value).slice(1, -1), html];
}

async function said(line: readonly string[]): Promise<string> {
  const heard = fakeIo({ cwd, env: { CONDUCTOR_SERVER_URL: served.url }, now: () => noon, columns: 10_000 });
  await main(line, heard.io);
  return heard.out() + heard.err();
}

const lines: readonly (readonly [string, readonly string[]])[] = [
  ['status', ['text', 'json']],
  ['history --limit 1000', ['text', 'json']],
  ['audit --since 1h', ['text', 'json', 'markdown', 'html', 'openmetrics']],
  ['audit job_0 job_1 --since 1h', ['text', 'json', 'markdown', 'html']],
  ['show job_0', ['text', 'json']],
  ['pause job_0 --auto-approve', ['text', 'json']],
];

describe.each(lines)('%s', (line, formats) => {
  it.each(formats)('shows no credential that somebody wrote into a text, as %s', async (format) => {
    const text = await said([...line.split(' '), '--output', format]);
    expect(text).toContain(format === 'openmetrics' ? 'downbeat' : 'job_0');
    const leaks = credentials.filter((one) => written(one).some((form) => text.includes(form)));
    expect(leaks).toStrictEqual([]);
  });
});

it('shows texts that are none, and a description where credentials were asked for', async () => {
  const text = await said(['history', '--limit', '1000', '--output', 'json']);
  const { runs } = JSON.parse(text) as { readonly runs: readonly { readonly reason: string }[] };
  expect(runs.filter(({ reason }) => reason === '(sensitive)').length).toBeLessThan(runs.length);
  expect(runs.filter(({ reason }) => reason === '(sensitive)').length).toBeGreaterThanOrEqual(
    credentials.length,
  );
  const asked = await said(['show', 'job_0', '--show-sensitive', '--output', 'json']);
  expect(JSON.parse(asked)).toMatchObject({ description: sentence(credentials[0] ?? '') });
});
