import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, inject, it } from 'vitest';
import { main } from '../../src/main.ts';
import { deleteSchedules } from '../support/clean-up.ts';
import { fakeIo, type Heard } from '../support/io.ts';

const api = `${inject('realServer').url}/api`;
const cwd = mkdtempSync(join(tmpdir(), 'downbeat-saved-'));
const names = ['saved-new', 'saved-old', 'saved-foreign'];
afterAll(async () => {
  rmSync(cwd, { recursive: true, force: true });
  await deleteSchedules(api, new Set(names));
});

const files = new Map<string, string>();
async function downbeat(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly heard: Heard }> {
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const env = { CONDUCTOR_SERVER_URL: api, SAVED_TOKEN: 'a-secret-of-some-length' };
  const heard = fakeIo({ cwd, env, wait, files });
  const code = await main(args, heard.io);
  for (const [path, text] of heard.files) files.set(path, text);
  return { code, heard };
}

async function call(method: string, path: string, body?: object): Promise<Response> {
  const answer = await fetch(`${api}/scheduler/schedules${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(answer.status).toBe(200);
  return answer;
}

it('a saved plan runs, leaves an outside change alone, and does nothing the second time', async () => {
  const body = (name: string) => ({
    name,
    cronExpression: '0 0 3 1 1 ?',
    startWorkflowRequest: { name: 'w' },
  });
  for (const name of names.slice(1)) await call('POST', '', body(name));
  mkdirSync(join(cwd, 'schedules'));
  const manifests = names.map((name) => ({
    ...body(name),
    description: 'new',
    startWorkflowRequest: { name: 'w', input: { token: '${secret.SAVED_TOKEN}' } },
  }));
  writeFileSync(join(cwd, 'schedules', 'a.json'), JSON.stringify(manifests));
  expect((await downbeat('plan', '--out', 'plan.json')).code).toBe(0);
  expect(files.get('plan.json')).not.toContain('a-secret-of');

  await call('PUT', '/saved-foreign/pause?reason=INC-9');
  const first = await downbeat('apply', 'plan.json');
  expect(first.heard.out()).toMatch(/Applied: 2 done, 0 failed, 0 already, 1 stale/);
  expect(first.code).toBe(5);
  const stored = async (name: string) => (await call('GET', `/${name}`)).json();
  expect(await stored('saved-foreign')).toMatchObject({ paused: true, startWorkflowRequest: { input: {} } });
  for (const name of names.slice(0, 2))
    expect(await stored(name)).toMatchObject({
      description: 'new',
      startWorkflowRequest: { input: { token: 'a-secret-of-some-length' } },
    });

  const second = await downbeat('apply', 'plan.json');
  expect(second.heard.out()).toMatch(
    /Applied: 0 done, 0 failed, 2 already, 1 stale, 0 not run\. \d+ reads, 0 writes/,
  );
  expect(second.code).toBe(4);
});
