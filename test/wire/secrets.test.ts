import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createScheduler } from '../../src/scheduler/core.ts';
import { scheduleBody } from '../support/scheduler.ts';
import { directoryWith, manifestsOf, removeDirectories, run } from './cli.ts';
import { type Answer, answerBy, serve, stopServers } from './local.ts';

/** Secrets in every place that may hold one, and servers that repeat whatever they are sent. */

afterEach(async () => {
  await stopServers();
  removeDirectories();
});

function random(): string {
  return `7${randomBytes(9).toString('hex')}`;
}

/** A new one each time, with everything in it that URLs, JSON and HTML write in other ways. */
function secret(): string {
  return `${random()}&"<é /+='%\\${random()}==`;
}

const planted = {
  urlPassword: secret(),
  proxyPassword: secret(),
  keySecret: secret(),
  // What stands in a header has to fit into one.
  token: `${random()}.&"<='%\\.${random()}`,
  header: `${random()} &"<='%\\${random()}`,
  bearer: `${random()}+/${random()}==`,
  cookie: random(),
};

/** Each secret, what Basic makes of it, and the pieces of it that no way of writing changes. */
const traces: readonly string[] = Object.values(planted).flatMap((value) => [
  value,
  Buffer.from(value).toString('base64'),
  Buffer.from(`ada:${value}`).toString('base64'),
  ...(value.match(/[A-Za-z0-9]{8,}/g) ?? []),
]);

function expectNoTrace(text: string): void {
  // However it was wrapped.
  const oneWord = text.replace(/\s+/g, '');
  expect(
    traces.filter((trace) => text.includes(trace) || oneWord.includes(trace.replace(/\s+/g, ''))),
  ).toEqual([]);
}

/** Everything that came with a request, Basic decoded. */
function everythingIn(request: IncomingMessage, body: string): string {
  const basics = Object.values(request.headers)
    .map((value) => /^Basic (.*)$/.exec(String(value))?.[1] ?? '')
    .map((text) => Buffer.from(text, 'base64').toString());
  return JSON.stringify({
    headers: request.headers,
    raw: request.rawHeaders,
    basics,
    url: request.url,
    body,
  });
}

const ways: {
  readonly [way: string]: (text: string) => readonly [status: number, type: string, body: string];
} = {
  'the message of an error': (text) => [500, 'application/json', JSON.stringify({ message: text })],
  'a refusal': (text) => [403, 'application/json', JSON.stringify({ error: 'FORBIDDEN', message: text })],
  'plain text': (text) => [500, 'text/plain', text],
  'JSON inside of JSON': (text) => [500, 'application/json', JSON.stringify([JSON.stringify(text)])],
  'the title of a page': (text) => [
    502,
    'text/html',
    `<html><title>${text.replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`).slice(0, 3000)}</title></html>`,
  ],
  'a query': (text) => [400, 'text/plain', `bad request: ?q=${encodeURIComponent(text)}`],
  'a form': (text) => [400, 'text/plain', new URLSearchParams({ q: text }).toString()],
  'the address of a redirect': () => [302, 'text/plain', ''],
  'invalid fields': (text) => [
    400,
    'application/json',
    JSON.stringify({ message: 'invalid', validationErrors: [{ path: 'x', message: text }] }),
  ],
};

/** A server that repeats what it gets, where `repeats` says so; else it is an Orkes server with one schedule to update. */
function echo(way: string, repeats: (line: string) => boolean): Answer {
  const scheduler = createScheduler({ serverType: 'orkes-new', now: Date.now });
  scheduler.put(scheduleBody('a', { pausedReason: 'x', paused: true }));
  const byScheduler = answerBy(scheduler);
  return async (request, response, index) => {
    const path = (request.url ?? '').replace(/^http:\/\/[^/]*/, '');
    const line = `${request.method} ${path}`;
    if (repeats(line)) {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const text = everythingIn(request, Buffer.concat(chunks).toString());
      const [status, type, body] = ways[way]!(text);
      const location = `/login/${encodeURIComponent(text).slice(0, 3000)}`;
      response.writeHead(status, { 'content-type': type, location }).end(body);
    } else if (line === 'POST /api/token') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ token: planted.token }));
    } else {
      request.url = path;
      byScheduler(request, response, index);
    }
  };
}

const repeating: { readonly [where: string]: (line: string) => boolean } = {
  everywhere: () => true,
  'but for the token': (line) => line !== 'POST /api/token',
  'at writes': (line) => line.startsWith('POST /api/scheduler') || line.includes('/pause'),
};

const headers = [
  '--header',
  `X-Gateway: ${planted.header}`,
  '--header',
  `Cookie: theme=dark; sid=${planted.cookie}`,
  '--header',
  `X-Other: Bearer ${planted.bearer}`,
];

const environments: { readonly [what: string]: (port: number) => Readonly<Record<string, string>> } = {
  'a key, and a password in the URL': (port) => ({
    CONDUCTOR_SERVER_URL: `http://ada:${encodeURIComponent(planted.urlPassword)}@127.0.0.1:${port}`,
    CONDUCTOR_AUTH_KEY: 'k',
    CONDUCTOR_AUTH_SECRET: planted.keySecret,
  }),
  'a token, and a proxy with a password': (port) => ({
    CONDUCTOR_SERVER_URL: 'http://conductor.test',
    CONDUCTOR_AUTH_TOKEN: planted.token,
    DOWNBEAT_HEADERS: headers.filter((text) => text !== '--header').join('\n'),
    HTTP_PROXY: `http://ada:${encodeURIComponent(planted.proxyPassword)}@127.0.0.1:${port}`,
  }),
};

const commands = [['plan'], ['apply', '--auto-approve'], ['drift']];
const outputs = [[], ['--output', 'json']];

describe.each(Object.entries(environments))('%s', (_what, environment) => {
  describe.each(Object.entries(repeating))('repeated %s', (_where, repeats) => {
    it.each(Object.keys(ways))('as %s', async (way) => {
      const server = await serve(echo(way, repeats));
      const env = environment(server.port);
      const flags = 'DOWNBEAT_HEADERS' in env ? [] : headers;
      const cwd = directoryWith(manifestsOf('a', 'b'));
      for (const command of commands) {
        for (const output of outputs) {
          const { out, err } = await run([...command, ...output, '--debug', '--max-retries', '1', ...flags], {
            env,
            cwd,
          });
          expectNoTrace(out);
          expectNoTrace(err);
          const debug = err.split('\n').filter((line) => line.startsWith('debug: '));
          expect(debug).not.toEqual([]);
          for (const line of debug)
            expect(line).toMatch(/^debug: (GET|POST|PUT|DELETE) \/[\w/%.-]+ (\d{3}|no answer) \d+ ms$/);
        }
      }
      // It was sent, so it could have been repeated.
      expect(server.seen.length).toBeGreaterThan(5);
    });
  });

  // It asks no server, so nobody repeats anything to it.
  it.each(outputs)('not said by validate %s %s', async (...output) => {
    const cwd = directoryWith(manifestsOf('a', 'b'));
    const { out, err } = await run(['validate', ...output], { env: environment(1), cwd });
    expectNoTrace(out);
    expectNoTrace(err);
  });
});

describe('what cannot be used', () => {
  const url = `http://ada:${planted.bearer}@127.0.0.1:1`;
  it.each<[string, readonly string[], Readonly<Record<string, string>>]>([
    ['a URL', [], { CONDUCTOR_SERVER_URL: `http://ada:${planted.urlPassword}@host:port` }],
    ['a URL with a query', [], { CONDUCTOR_SERVER_URL: `http://host?token=${planted.bearer}` }],
    ['a URL with a raw password', [], { CONDUCTOR_SERVER_URL: `http://ada:1/${planted.urlPassword}@host` }],
    ['a URL of another kind', [], { CONDUCTOR_SERVER_URL: url.replace('http', 'ftp') }],
    ['a secret without its key', ['--server', url], { CONDUCTOR_AUTH_SECRET: planted.keySecret }],
    [
      'a token beside a key',
      ['--server', url],
      {
        CONDUCTOR_AUTH_KEY: 'k',
        CONDUCTOR_AUTH_SECRET: planted.keySecret,
        CONDUCTOR_AUTH_TOKEN: planted.token,
      },
    ],
    ['a header without a colon', ['--server', url, '--header', planted.bearer], {}],
    ['a header of two lines', ['--server', url, '--header', `X: ${planted.bearer}\n${planted.cookie}`], {}],
    ['a header that is no text of HTTP', ['--server', url, '--header', `X: ${planted.bearer}🚚`], {}],
    ['a token that is no text of HTTP', ['--server', url], { CONDUCTOR_AUTH_TOKEN: `${planted.bearer}🚚` }],
    ['a proxy', ['--server', 'http://conductor.test'], { HTTP_PROXY: `ftp://ada:${planted.bearer}@host` }],
    [
      'a proxy with a raw password',
      ['--server', 'http://conductor.test'],
      { HTTP_PROXY: `http://ada:S3cr@${planted.bearer}#1@proxy.test:3128` },
    ],
    ['an exported header', ['--server', url], { DOWNBEAT_HEADERS: `A: b\n\n${planted.bearer}` }],
    ['a flag', ['--server', url, `--auth-secret=${planted.bearer}`], {}],
    ['a flag with an argument', ['--server', url, '--auth-secret', planted.bearer], {}],
  ])('%s is not repeated', async (_what, flags, env) => {
    const { code, out, err } = await run(['plan', ...flags, '--max-retries', '0'], {
      env,
      cwd: directoryWith(manifestsOf('a')),
    });
    expect(code).toBe(1);
    expect(err).toMatch(/^(error: |cannot )/);
    expectNoTrace(out);
    expectNoTrace(err);
  });
});
