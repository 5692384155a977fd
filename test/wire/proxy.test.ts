import { createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ConnectOptions } from '../../src/conductor/connect.ts';
import { proxyFor } from '../../src/http/proxy.ts';
import { createScheduler } from '../../src/scheduler/core.ts';
import { serveLocal } from '../support/scheduler.ts';
import { directoryWith, manifestsOf, removeDirectories, run } from './cli.ts';
import { freePort, listen, serve, startProxy, stopServers } from './local.ts';
import { open } from './open.ts';

afterEach(async () => {
  await stopServers();
  removeDirectories();
});

const json = { 'content-type': 'application/json' };
const basic = `Basic ${btoa('ada:love lace')}`;

/** A connection to `url` by these variables, as the program makes it. */
function openBy(
  url: string,
  variables: Readonly<Record<string, string>>,
  more: Partial<ConnectOptions> = {},
) {
  const proxy = proxyFor(url, variables);
  if (!proxy.ok || proxy.value === undefined) throw new Error('there should be a proxy');
  return open(url, { proxy: proxy.value, ...more });
}

describe('a proxy', () => {
  it('carries whole runs to http:// without a tunnel, and resolves the names', async () => {
    const scheduler = createScheduler({ serverType: 'oss-2', now: Date.now });
    const server = await serveLocal(scheduler);
    const proxy = await startProxy({ to: server.port, authorization: basic });
    const cwd = directoryWith(manifestsOf('a'));
    const env = {
      CONDUCTOR_SERVER_URL: 'http://conductor.test',
      http_proxy: proxy.url.replace('//', '//ada:love%20lace@'),
    };
    expect(await run(['apply', '--auto-approve'], { env, cwd })).toMatchObject({ code: 0, err: '' });
    expect(await run(['plan', '--detailed-exitcode'], { env, cwd })).toMatchObject({ code: 0, err: '' });
    await server.close();
    expect(scheduler.state().schedules).toMatchObject([{ name: 'a' }]);
    expect(new Set(proxy.seen)).toEqual(
      new Set([
        'GET http://conductor.test/api/scheduler/schedules',
        'GET http://conductor.test/api/version',
        'GET http://conductor.test/api/scheduler/schedules/downbeat-asks-for-what-is-not-there/tags',
        'GET http://conductor.test/api/metadata/workflow/names-and-versions',
        'GET http://conductor.test/api/scheduler/schedules/a',
        'POST http://conductor.test/api/scheduler/schedules',
      ]),
    );
  });

  it('is bypassed for hosts in NO_PROXY', async () => {
    const server = await serve((_request, response) => response.writeHead(200, json).end('[]'));
    const proxy = await startProxy({ to: server.port });
    const cwd = directoryWith(manifestsOf('a'));
    const env = { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url };
    const plan = ['plan', '--max-retries', '0'];
    const through = await run([...plan, '--server', 'http://10.255.255.1'], { env, cwd });
    expect(through).toMatchObject({ code: 0 });
    expect(proxy.seen).toContain('GET http://10.255.255.1/api/scheduler/schedules');

    const before = proxy.seen.length;
    const around = await run([...plan, '--server', server.url], { env, cwd });
    expect(around).toMatchObject({ code: 0 });
    expect(proxy.seen).toHaveLength(before);
  });

  it("opens a tunnel to https://, with the server's certificate in it", async () => {
    const server = await serve((_request, response) => response.end());
    const proxy = await startProxy({ to: server.port, authorization: basic });
    const { connection } = openBy('https://conductor.test:8443', {
      HTTPS_PROXY: proxy.url.replace('//', '//ada:love%20lace@'),
    });
    // The one behind it speaks no TLS.
    expect(await connection.reader.list()).toMatchObject({
      ok: false,
      failure: { kind: 'tls', attempts: 1 },
    });
    expect(proxy.seen).toEqual(['CONNECT conductor.test:8443']);
  });
});

describe('a proxy that lets nothing through', () => {
  it.each([
    ['http', 'GET http://conductor.test/api/scheduler/schedules'],
    ['https', 'CONNECT conductor.test:443'],
  ])('wants a user and password, for %s://: one error, without effect', async (scheme, request) => {
    const proxy = await startProxy({ to: 1, authorization: basic });
    const { connection } = openBy(`${scheme}://conductor.test`, {
      HTTP_PROXY: proxy.url,
      HTTPS_PROXY: proxy.url.replace('//', '//ada:wrong@'),
    });
    const failure = {
      kind: 'proxy',
      proxy: `127.0.0.1:${proxy.port}`,
      status: 407,
      words: '',
      attempts: 1,
      effect: 'none',
    };
    expect(await connection.reader.list()).toMatchObject({ ok: false, failure });
    expect(proxy.seen).toEqual([request]);
    expect(await connection.writer.delete('s')).toMatchObject({ ok: false, failure });
    expect(proxy.seen).toHaveLength(2);
  });

  it.each([
    [403, 1],
    [502, 3],
  ])('refuses a tunnel with %i: %i attempts', async (status, attempts) => {
    const proxy = await startProxy({ to: 1, refuses: status });
    const { connection } = openBy('https://conductor.test', { HTTPS_PROXY: proxy.url }, { maxRetries: 2 });
    expect(await connection.writer.delete('s')).toMatchObject({
      ok: false,
      failure: { kind: 'proxy', status, attempts, effect: 'none' },
    });
    expect(proxy.seen).toHaveLength(attempts);
  });

  it.each(['http', 'https'])('is unreachable, for %s://', async (scheme) => {
    const dead = `127.0.0.1:${await freePort()}`;
    const { connection } = openBy(
      `${scheme}://conductor.test`,
      { HTTP_PROXY: dead, HTTPS_PROXY: dead },
      { maxRetries: 1 },
    );
    expect(await connection.writer.delete('s')).toMatchObject({
      ok: false,
      failure: {
        kind: 'proxy',
        proxy: dead,
        words: expect.stringContaining('ECONNREFUSED'),
        attempts: 2,
        effect: 'none',
      },
    });
  });

  it.each(['http', 'https'])('stalls, for %s://: the timeout holds', async (scheme) => {
    const stalled = `127.0.0.1:${await listen(createTcpServer(() => {}))}`;
    const { connection } = openBy(
      `${scheme}://conductor.test`,
      { HTTP_PROXY: stalled, HTTPS_PROXY: stalled },
      { maxRetries: 0, timeoutMs: 100 },
    );
    expect(await connection.reader.list()).toMatchObject({ ok: false, failure: { kind: 'timeout' } });
  });

  it('is not a URL', async () => {
    const cwd = directoryWith(manifestsOf('a'));
    const env = {
      CONDUCTOR_SERVER_URL: 'https://conductor.test',
      HTTPS_PROXY: 'ftp://ada:lovelace@proxy.test',
    };
    expect(await run(['plan'], { env, cwd })).toMatchObject({
      code: 1,
      out: '',
      err: 'error: HTTPS_PROXY is unusable: it must begin with http:// or https://\nhint: it looks like http://proxy.example.com:3128\n',
    });
  });
});
