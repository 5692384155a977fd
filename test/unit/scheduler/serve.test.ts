import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createScheduler, type SchedulerOptions } from '../../../src/scheduler/core.ts';
import type { Fault } from '../../../src/scheduler/faults.ts';
import { type Served, serve } from '../../../src/scheduler/serve.ts';
import { scheduleBody, serveLocal, testScheduler } from '../../support/scheduler.ts';

let served: Served | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

async function start(options: Partial<SchedulerOptions> = {}, latencyMs = 0) {
  const scheduler = testScheduler(options);
  served = await serveLocal(scheduler, latencyMs);
  return { scheduler, list: `${served.url}/api/scheduler/schedules`, port: served.port };
}

/** Sends bytes and answers everything that comes back until the server closes. */
function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes.toString('utf8');
    });
    socket.on('close', () => resolve(answer));
  });
}

it('reads a chunked body that splits a character', async () => {
  const { scheduler, port } = await start();
  const bytes = Buffer.from(JSON.stringify(scheduleBody('grün', { description: '日本' })));
  const chunks = [...bytes].map((byte) => `1\r\n${String.fromCharCode(byte)}\r\n`).join('');
  const head =
    'POST /api/scheduler/schedules HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n';
  await new Promise<void>((resolve) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(Buffer.from(`${head}${chunks}0\r\n\r\n`, 'latin1')),
    );
    socket.resume();
    socket.on('close', () => resolve());
  });
  expect(scheduler.state().schedules).toMatchObject([{ name: 'grün', description: '日本' }]);
});

it('serves several requests on one connection and keeps paths as sent', async () => {
  const { port } = await start();
  const get = (path: string, rest = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${rest}\r\n`;
  const answer = await exchange(
    port,
    get('/api/version') +
      get('/api/scheduler/schedules/%2e%2e') +
      get('/api/version', 'Connection: close\r\n'),
  );
  expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
  expect(answer).toContain("Schedule '..' not found");
});

it('has the headers of the real server and no type on an empty answer', async () => {
  const { list } = await start();
  const answer = await fetch(`${list}/none`, { method: 'DELETE' });
  expect(answer.headers.get('content-type')).toBeNull();
  expect(answer.headers.get('content-length')).toBe('0');
  expect(Math.abs(Date.parse(answer.headers.get('date') ?? '') - Date.now())).toBeLessThan(5000);
  const options = await fetch(`${list}/none/pause`, { method: 'OPTIONS' });
  expect(options.headers.get('allow')).toBe('PUT,OPTIONS');
});

it.each([
  [{ kind: 'reset', effect: true }, /fetch failed/],
  [{ kind: 'cut-off' }, /terminated|aborted|closed/],
] as readonly [Fault, RegExp][])('breaks the connection on %j after the effect', async (fault, message) => {
  const { scheduler, list } = await start({ fault: () => fault });
  const lost = async () => {
    const answer = await fetch(list, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(scheduleBody('a')),
    });
    expect(answer.status).toBe(200);
    return answer.text();
  };
  await expect(lost()).rejects.toThrow(message);
  expect(scheduler.state().schedules).toHaveLength(1);
});

it('waits for its latency and a delay', async () => {
  const { list } = await start({ fault: () => ({ kind: 'delay', ms: 40 }) }, 40);
  const before = performance.now();
  await (await fetch(list)).text();
  expect(performance.now() - before).toBeGreaterThan(75);
});

it('fires on its own clock', async () => {
  const scheduler = createScheduler({ serverType: 'oss-2', now: Date.now, acceptAnyWorkflow: true });
  served = await serve(scheduler, { host: '127.0.0.1', port: 0 });
  scheduler.put(scheduleBody('a', { cronExpression: '* * * * * ?' }));
  await expect.poll(() => scheduler.state().executions.length).toBeGreaterThan(0);
});

it('rejects when the port is taken', async () => {
  const { port } = await start();
  await expect(serve(testScheduler(), { host: '127.0.0.1', port })).rejects.toThrow('EADDRINUSE');
});

it('survives a client that disconnects in the middle of a body', async () => {
  const { port, list } = await start();
  await new Promise<void>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(
        'POST /api/scheduler/schedules HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"na',
        () => {
          socket.destroy();
          resolve();
        },
      );
    });
  });
  expect((await fetch(list)).status).toBe(200);
});
