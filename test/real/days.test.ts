import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, inject, it } from 'vitest';
import { main } from '../../src/main.ts';
import { deleteSchedules } from '../support/clean-up.ts';
import { fakeIo } from '../support/io.ts';

const api = `${inject('realServer').url}/api`;
const name = 'days-off';
const cwd = mkdtempSync(join(tmpdir(), 'downbeat-days-'));
afterAll(async () => {
  rmSync(cwd, { recursive: true, force: true });
  await deleteSchedules(api, new Set([name]));
});

async function downbeat(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string }> {
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const heard = fakeIo({ cwd, env: { CONDUCTOR_SERVER_URL: api }, wait, now: Date.now });
  const code = await main(args, heard.io);
  return { code, out: `${heard.out()}${heard.err()}` };
}

async function ask(path: string): Promise<unknown> {
  const answer = await fetch(`${api}/scheduler/${path}`);
  expect(answer.status).toBe(200);
  return answer.json();
}

it('a schedule that leaves out days is stored, read back as written, and previewed without them', async () => {
  mkdirSync(join(cwd, 'schedules'));
  writeFileSync(join(cwd, 'germany.ics'), readFileSync('examples/calendars/germany.ics'));
  writeFileSync(join(cwd, 'downbeat.yaml'), 'calendars: {holidays-de: {file: germany.ics}}\n');
  writeFileSync(
    join(cwd, 'schedules', 'a.yaml'),
    `name: ${name}\ncronExpression: "0 0 9 * * MON-FRI"\nexcept: [holidays-de]\nstartWorkflowRequest: {name: w}\n`,
  );
  const applied = await downbeat('apply', '--yes');
  expect(applied.out).toContain('1 done, 0 failed');
  expect(applied.code).toBe(0);
  expect((await downbeat('plan')).out).toContain('No changes');
  expect((await downbeat('drift')).code).toBe(0);

  const { cronSchedules } = (await ask(`schedules/${name}`)) as {
    readonly cronSchedules: readonly { readonly cronExpression: string }[];
  };
  expect(cronSchedules.length).toBeGreaterThan(1);
  const holidays = new Set(
    [...readFileSync('examples/calendars/germany.ics', 'utf8').matchAll(/DTSTART;VALUE=DATE:(\d{8})/g)].map(
      ([, date]) => date,
    ),
  );
  for (const { cronExpression } of cronSchedules) {
    const preview = (await ask(
      `nextFewSchedules?limit=5&cronExpression=${encodeURIComponent(cronExpression)}`,
    )) as readonly number[];
    expect(preview.length).toBe(5);
    const dates = preview.map((at) => new Date(at).toISOString().slice(0, 10).replaceAll('-', ''));
    expect(dates.filter((date) => holidays.has(date))).toEqual([]);
  }
});
