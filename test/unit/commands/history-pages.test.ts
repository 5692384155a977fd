import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import nock from 'nock';
import { beforeAll, expect, it } from 'vitest';
import { main } from '../../../src/main.ts';
import { fakeIo } from '../../support/io.ts';

beforeAll(() => nock.restore());

/** A server that sends the same 500 runs, wherever a page is to begin; `total` is what it says there are. */
async function history(total: number, args: readonly string[]) {
  const records = Array.from({ length: 500 }, (_, at) => ({
    executionId: String(at),
    scheduleName: 'a',
    scheduledTime: Date.UTC(2026, 0, 1) - at * 60_000,
    state: 'EXECUTED',
  }));
  let searches = 0;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    const isSearch = url.pathname.endsWith('/search/executions');
    searches += isSearch ? 1 : 0;
    // A reading without an end would never let the test end.
    if (searches > 20) response.destroy();
    const results = records.slice(0, Number(url.searchParams.get('size')));
    const body = isSearch ? { totalHits: total, results } : [{ name: 'a', cronExpression: '0 0 9 * * ?' }];
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  const heard = fakeIo({ cwd: tmpdir(), columns: 200, env: { CONDUCTOR_SERVER_URL: url } });
  const flags = ['--server-type', 'oss-2', '--max-retries', '0'];
  const code = await main(['history', ...args, ...flags], heard.io);
  server.close();
  return { code, out: heard.out(), err: heard.err(), searches };
}

it('tells what a server sends that repeats its pages, and that it has more', async () => {
  const json = await history(1_000_000_000, ['a', '--limit', '1000', '--output', 'json']);
  expect(json).toMatchObject({ code: 0, err: '', searches: 3 });
  const { runs, more, incomplete } = JSON.parse(json.out);
  expect({ count: runs.length, more, incomplete }).toStrictEqual({
    count: 500,
    more: true,
    incomplete: 'repeats',
  });
  const text = await history(1_000_000_000, ['a', '--limit', '1000']);
  expect(text.out.replace(/\s+/g, ' ')).toContain(
    'The first 500 runs; there are more, and they could not be read: the server repeats its pages.',
  );
  const none = await history(600, ['--failed']);
  expect(none.out.replace(/\s+/g, ' ')).toContain('No run found; there are more, and they could not be read');
});

it('is complete where the pages have all that the server says there is', async () => {
  const { out, searches } = await history(500, ['a', '--limit', '1000', '--output', 'json']);
  expect(searches).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ more: false });
  expect(JSON.parse(out)).not.toHaveProperty('incomplete');
});
