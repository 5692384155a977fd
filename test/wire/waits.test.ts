import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import { fakeIo } from '../support/io.ts';
import { scheduleBody } from '../support/scheduler.ts';
import { serve, stopServers } from './local.ts';

/** What is said while a server is waited for, because it asked for that. */

const cwd = mkdtempSync(join(tmpdir(), 'downbeat-waits-'));
mkdirSync(join(cwd, 'schedules'));
writeFileSync(join(cwd, 'schedules', 'a.json'), JSON.stringify(scheduleBody('a')));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
afterEach(stopServers);

it.each<[string, readonly string[], string | undefined]>([
  ['99999999', [], 'note: the server asked to wait more than a day; trying again in 60 seconds\n'],
  ['3600', [], 'note: the server asked to wait 3,600 seconds; trying again in 60 seconds\n'],
  ['20', [], 'note: the server asked to wait; trying again in 20 seconds\n'],
  ['1', [], undefined],
  ['99999999', ['--quiet'], undefined],
])('Retry-After: %s %j', async (header, flags, note) => {
  const server = await serve((_request, response) => {
    response.writeHead(429, { 'retry-after': header, 'content-type': 'text/plain' }).end('slow down');
  });
  const waits: number[] = [];
  let at = 1_700_000_000_000;
  const heard = fakeIo({
    cwd,
    env: { CONDUCTOR_SERVER_URL: `http://127.0.0.1:${server.port}` },
    now: () => at,
    wait: async (ms) => {
      waits.push(ms);
      at += ms;
    },
  });
  const code = await main(['plan', '--max-retries', '1', '--output', 'json', ...flags], heard.io);
  expect(code).toBe(1);
  expect(waits.length).toBeGreaterThan(0);
  expect(heard.err().split(note ?? 'note: the server asked').length - 1).toBe(
    note === undefined ? 0 : waits.length,
  );
  expect(heard.out()).not.toContain('asked to wait');
  expect(JSON.parse(heard.out()).kind).toBe('failure');
});
