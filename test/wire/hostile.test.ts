import { createServer as createTcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { githubRest } from '../../src/github/rest.ts';
import { httpTransport } from '../../src/http/client.ts';
import type { FailureKind } from '../../src/model/generated/report-parts.ts';
import { listen, serve, stopServers } from './local.ts';
import { open } from './open.ts';

/** Answers that no scheduler gives: each ends in a clear failure, and nothing of them is taken for a list. */

afterEach(stopServers);

const json = { 'content-type': 'application/json' };
const list = JSON.stringify(Array.from({ length: 300 }, (_, index) => ({ name: `s${index * 7919}` })));
const packed = gzipSync(list);

/** A server that writes these bytes to whoever asks, and closes; returns its URL and how often it was asked. */
async function raw(...parts: readonly (string | Buffer)[]): Promise<{ url: string; asked: () => number }> {
  const bytes = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
  );
  let asked = 0;
  const port = await listen(
    createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => {
        asked += 1;
        socket.end(bytes);
      });
    }),
  );
  return { url: `http://127.0.0.1:${port}`, asked: () => asked };
}

function head(...lines: readonly string[]): string {
  return ['HTTP/1.1 200 OK', 'content-type: application/json', ...lines, '', ''].join('\r\n');
}

describe('an answer that a retry would not improve', () => {
  it.each<[string, readonly (string | Buffer)[], FailureKind, RegExp]>([
    [
      'with two lengths',
      [head('content-length: 2', 'content-length: 2'), '[]'],
      'malformed',
      /content-length/i,
    ],
    ['with two lengths in one line', [head('content-length: 2, 2'), '[]'], 'malformed', /content-length/i],
    [
      'with a length and in chunks',
      [head('content-length: 2', 'transfer-encoding: chunked'), '2\r\n[]\r\n0\r\n\r\n'],
      'malformed',
      /content-length/i,
    ],
    [
      'with a chunk of no size',
      [head('transfer-encoding: chunked'), 'zz\r\n[]\r\n'],
      'malformed',
      /chunk size/,
    ],
    [
      'with large headers',
      [head(`x-a: ${'a'.repeat(20_000)}`, 'content-length: 2'), '[]'],
      'large-headers',
      /^$/,
    ],
    ['in Latin-1', [head('content-length: 14'), '[{"name":"ü"}]'], 'not-utf-8', /^$/],
    ['in UTF-16', [head('content-length: 6'), Buffer.from('\ufeff[]', 'utf16le')], 'not-utf-8', /^$/],
    [
      'that is a part',
      [head('content-range: bytes 0-1/9', 'content-length: 2').replace('200 OK', '206 Partial'), '[]'],
      'partial',
      /^$/,
    ],
  ])('%s is refused at once', async (_what, parts, kind, words) => {
    const { url, asked } = await raw(...parts);
    const { connection, waits } = open(url);
    const failure = { kind, words: expect.stringMatching(words), attempts: 1 };
    expect(await connection.reader.list()).toMatchObject({
      ok: false,
      failure: { ...failure, effect: 'none' },
    });
    // The server may well have deleted it.
    expect(await connection.writer.pause('s')).toMatchObject({
      ok: false,
      failure: { ...failure, effect: 'unknown' },
    });
    expect(asked()).toBe(2);
    expect(waits).toEqual([]);
  });

  it.each<[string, Parameters<typeof httpTransport>[1], (index: number) => Buffer]>([
    ['in plain text', 10_000, () => Buffer.alloc(1000, ' ')],
    ['compressed a thousandfold', 1_000_000, () => gzipSync(Buffer.alloc(2_000_000, ' '))],
  ])('without end, %s, is given up at the limit', async (what, mostBytes, piece) => {
    let closed = 0;
    const { url } = await serve((_request, response) => {
      response.on('close', () => {
        closed += 1;
      });
      response.on('error', () => {});
      response.writeHead(200, {
        ...json,
        ...(what.startsWith('compressed') ? { 'content-encoding': 'gzip' } : {}),
      });
      const more = (index: number): void => {
        if (!response.destroyed) response.write(piece(index), () => setImmediate(more, index + 1));
      };
      more(0);
    });
    const { connection } = open(url, { transport: httpTransport(undefined, mostBytes) });
    expect(await connection.reader.list()).toMatchObject({
      ok: false,
      failure: { kind: 'too-large', words: `more than ${mostBytes} bytes`, attempts: 1 },
    });
    await expect.poll(() => closed).toBe(1);
  });

  it('is refused for GitHub too', async () => {
    const refused: readonly (readonly [words: RegExp, ...parts: readonly string[]])[] = [
      [/content-length/i, head('content-length: 2', 'content-length: 2'), '[]'],
      [/not-utf-8/, head('content-length: 6'), '[{"ü"}]'],
      [/only a part/, head('content-length: 2').replace('200 OK', '206 Partial'), '[]'],
    ];
    for (const [words, ...parts] of refused) {
      const { url, asked } = await raw(...parts);
      const github = githubRest({
        transport: httpTransport(),
        apiUrl: url,
        graphqlUrl: url,
        token: 'secret',
        version: '1',
        now: () => 0,
        random: () => 0,
        wait: async () => {},
      });
      expect(await github.list('/x')).toMatchObject({
        ok: false,
        refusal: { kind: 'failed', words: expect.stringMatching(words) },
      });
      expect(asked()).toBe(1);
    }
  });
});

describe('an answer that is cut off', () => {
  const cut = packed.subarray(0, packed.length - 60);
  it.each<[string, readonly (string | Buffer)[]]>([
    [
      'compressed, before it was sent',
      [head('content-encoding: gzip', `content-length: ${cut.length}`), cut],
    ],
    ['compressed, on the way', [head('content-encoding: gzip', `content-length: ${packed.length}`), cut]],
    ['compressed, without a length', [head('content-encoding: gzip', 'connection: close'), cut]],
    ['compressed and damaged', [head('content-encoding: gzip', 'connection: close'), cut, Buffer.alloc(60)]],
    ['in the middle of a character', [head('connection: close'), '[{"name":"a\xc3']],
    ['inside of a string of backslashes', [head('connection: close'), `[{"name":"${'\\\\'.repeat(99)}`]],
  ])('%s, is repeated by a read, and never used as a list', async (_what, parts) => {
    const { url, asked } = await raw(...parts);
    const { connection, waits } = open(url, { maxRetries: 2 });
    expect(await connection.reader.list()).toMatchObject({
      ok: false,
      failure: { kind: 'cut-off', attempts: 3 },
    });
    expect(asked()).toBe(3);
    expect(waits).toHaveLength(2);
  });

  it('is not repeated by a write, whose effect is unknown', async () => {
    const { url, asked } = await raw(head('connection: close'), '{"name":"s","startWork');
    const schedule = {
      name: 's',
      cronExpression: '0 0 9 * * ?',
      zoneId: 'UTC',
      startWorkflowRequest: { name: 'w', input: {}, taskToDomain: {}, priority: 0 },
      runCatchupScheduleInstances: false,
      paused: false,
    };
    const saved = open(url).connection.writer.save({ name: 's', fields: schedule }, 'create');
    expect(await saved).toMatchObject({
      ok: false,
      failure: { kind: 'cut-off', attempts: 1, effect: 'unknown' },
    });
    expect(asked()).toBe(1);
  });
});

describe('the deadline', () => {
  it.each<[string, (write: (text: string) => void) => void]>([
    ['headers that never end', (write) => write('HTTP/1.1 200 OK\r\nx: ')],
    ['a body that comes drop by drop', (write) => write(head('content-length: 1000000'))],
  ])('ends %s', async (_what, begin) => {
    const port = await listen(
      createTcpServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () => {
          begin((text) => void socket.write(text));
          const drops = setInterval(() => socket.write(' '), 5);
          socket.on('close', () => clearInterval(drops));
        });
      }),
    );
    const { reader } = open(`http://127.0.0.1:${port}`, { timeoutMs: 100, maxRetries: 0 }).connection;
    expect(await reader.list()).toMatchObject({ ok: false, failure: { kind: 'timeout' } });
  });
});
