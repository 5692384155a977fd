import { createServer as createTcpServer } from 'node:net';
import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort, listen, serve, stopServers } from './local.ts';
import { open } from './open.ts';

afterEach(stopServers);

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const list = '[{"name":"a","startWorkflowRequest":{"name":"w"}},{"name":"b"}]';
const json = { 'content-type': 'application/json' };

describe('trouble on the network', () => {
  it('is refused if nothing listens; a write has no effect then', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { connection, waits } = open(url, { maxRetries: 1 });
    expect(await connection.reader.list()).toMatchObject({
      ok: false,
      failure: {
        kind: 'refused',
        words: expect.stringContaining('ECONNREFUSED'),
        attempts: 2,
        effect: 'none',
      },
    });
    expect(await connection.writer.delete('s')).toMatchObject({
      ok: false,
      failure: { kind: 'refused', attempts: 2, effect: 'none' },
    });
    expect(waits).toEqual([150, 150]);
  });

  it('is reset when the connection is dropped before an answer', async () => {
    const { url, seen } = await serve((request) => request.socket.destroy());
    const { connection } = open(url, { maxRetries: 2 });
    expect(await connection.writer.pause('s')).toMatchObject({
      ok: false,
      failure: { kind: 'reset', attempts: 1, effect: 'unknown' },
    });
    expect(await connection.reader.list()).toMatchObject({
      ok: false,
      failure: { kind: 'reset', attempts: 3, effect: 'none' },
    });
    expect(seen).toEqual([
      'PUT /api/scheduler/schedules/s/pause',
      ...Array(3).fill('GET /api/scheduler/schedules'),
    ]);
  });

  it.each<[string, { readonly [name: string]: string | number }]>([
    ['of a known length', { 'content-length': list.length }],
    ['in chunks', {}],
  ])('cuts off an answer %s, which a read repeats', async (_what, headers) => {
    const { url } = await serve((_request, response, index) => {
      response.writeHead(200, { ...json, ...(index === 0 ? headers : {}) });
      if (index > 0) response.end(list);
      else response.write(list.slice(0, 20), () => response.destroy());
    });
    const { connection, waits } = open(url);
    expect(await connection.reader.list()).toMatchObject({
      ok: true,
      value: { schedules: [{ schedule: { name: 'a' } }, { schedule: { name: 'b' } }] },
    });
    expect(waits).toEqual([150]);
  });

  it('cuts off every answer: not a list', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { ...json, 'content-length': list.length });
      response.write(list.slice(0, 49), () => response.destroy());
    });
    expect(await open(url, { maxRetries: 1 }).connection.reader.list()).toMatchObject({
      ok: false,
      failure: { kind: 'cut-off', attempts: 2 },
    });
  });

  it('cuts off an answer that has no length and ends cleanly', async () => {
    const { url } = await serve((_request, response) => response.writeHead(200, json).end(list.slice(0, 49)));
    expect(await open(url).connection.reader.list()).toMatchObject({
      ok: false,
      failure: { kind: 'cut-off', attempts: 5, status: 200, words: 'the answer ends after 49 characters' },
    });
  });

  it('is not HTTP', async () => {
    const port = await listen(createTcpServer((socket) => socket.resume().end('SSH-2.0-nothing\r\n')));
    const outcome = await open(`http://127.0.0.1:${port}`).connection.reader.list();
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'malformed', attempts: 1 } });
  });

  it('fails on a certificate or handshake, without a retry', async () => {
    const { url } = await serve((_request, response) => response.end());
    const { connection, waits } = open(url.replace('http:', 'https:'));
    expect(await connection.writer.delete('s')).toMatchObject({
      ok: false,
      failure: { kind: 'tls', attempts: 1, effect: 'none' },
    });
    expect(waits).toEqual([]);
  });
});

describe('the timeout', () => {
  it('ends the wait for an answer, with one retry for a read', async () => {
    const { url, seen } = await serve(() => {});
    const { connection } = open(url, { timeoutMs: 50 });
    expect(await connection.reader.list()).toMatchObject({
      ok: false,
      failure: { kind: 'timeout', words: 'no whole answer within 50 ms', attempts: 2, effect: 'none' },
    });
    expect(await connection.writer.resume('s')).toMatchObject({
      ok: false,
      failure: { kind: 'timeout', attempts: 1, effect: 'unknown' },
    });
    expect(seen).toHaveLength(3);
  });

  it('holds for a body that stalls, also while garbage is collected, and closes the connection', async () => {
    let closed = 0;
    const { url } = await serve((_request, response) => {
      response.on('close', () => {
        closed += 1;
      });
      response.writeHead(200, json);
      response.write(list.slice(0, 20));
    });
    const collecting = setInterval(collectGarbage, 5);
    const { reader } = open(url, { timeoutMs: 150, maxRetries: 0 }).connection;
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => reader.list()));
    clearInterval(collecting);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ ok: false, failure: { kind: 'timeout' } });
    await expect.poll(() => closed).toBe(4);
  });

  it('is for headers and body together, not for each', async () => {
    const { url } = await serve((_request, response) => {
      setTimeout(() => {
        response.writeHead(200, json);
        response.write('[');
        setTimeout(() => response.end(']'), 300);
      }, 250);
    });
    expect(await open(url, { timeoutMs: 400, maxRetries: 0 }).connection.reader.list()).toMatchObject({
      ok: false,
      failure: { kind: 'timeout' },
    });
  });
});

describe('redirects', () => {
  it('are not followed: the token stays here, and a POST stays a POST', async () => {
    const elsewhere = await serve((_request, response) => response.writeHead(200, json).end('[]'));
    const { url, seen } = await serve((_request, response) =>
      response.writeHead(302, { location: `${elsewhere.url}/login?token=x` }).end(),
    );
    const { reader, writer } = open(url, { credentials: { kind: 'token', token: 'jwt-secret' } }).connection;
    const failure = {
      kind: 'redirect',
      status: 302,
      words: `redirects to ${elsewhere.url}/login`,
      effect: 'none',
    };
    expect(await reader.list()).toMatchObject({ ok: false, failure });
    expect(await writer.delete('s')).toMatchObject({ ok: false, failure });
    expect(seen).toHaveLength(2);
    expect(elsewhere.seen).toEqual([]);
  });
});

describe('requests in flight', () => {
  it('are as many as configured, and fewer after 429', async () => {
    let flying = 0;
    const most: number[] = [];
    const { url } = await serve((request, response, index) => {
      flying += 1;
      most.push(flying);
      setTimeout(() => {
        flying -= 1;
        const name = decodeURIComponent(request.url?.split('/').at(-1) ?? '');
        if (index < 4) response.writeHead(429, { 'retry-after': '0' }).end();
        else response.writeHead(200, json).end(JSON.stringify({ name }));
      }, 5);
    });
    const { connection } = open(url, { parallelism: 4 });
    const names = Array.from({ length: 12 }, (_, index) => `s${index}`);
    const all = await Promise.all(names.map((name) => connection.reader.get(name)));
    expect(all.every(({ ok }) => ok)).toBe(true);
    expect(Math.max(...most)).toBe(4);
    expect(Math.max(...most.slice(4, 7))).toBeLessThanOrEqual(2);
    expect(connection.counts()).toEqual({ reads: 16, writes: 0, retries: 4 });
  });
});

describe('what is discarded', () => {
  it('is every object of the HTTP client: nothing in a failure holds a header or a query', async () => {
    const { url } = await serve((_request, response) =>
      response.writeHead(500, json).end('{"message":"no"}'),
    );
    const { connection } = open(url, {
      credentials: { kind: 'token', token: 'jwt-secret' },
      headers: { 'x-team': 'team-secret' },
    });
    const outcomes = [await connection.writer.pause('s', 'reason-secret'), await connection.reader.list()];
    for (const outcome of outcomes) expect(outcome.ok).toBe(false);
    expect(inspect(outcomes, { depth: 20, showHidden: true })).not.toContain('secret');
  });

  it('is a header that cannot be sent', async () => {
    const { url, seen } = await serve((_request, response) => response.end());
    const outcome = await open(url, {
      headers: { 'x-team': 'secret\nvalue' },
      maxRetries: 0,
    }).connection.reader.list();
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'network' } });
    expect(JSON.stringify(outcome)).not.toContain('secret');
    expect(seen).toEqual([]);
  });
});
