import { createServer as createTcpServer } from 'node:net';
import nock from 'nock';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { selfSigned } from '../support/certificate.ts';
import { directoryWith, manifestsOf, removeDirectories, run, unwrapped } from './cli.ts';
import { type Answer, freePort, listen, serve, startProxy, stopServers } from './local.ts';

/** Each way in which it is the wrong server, or there is none: said in one line, with what to do; never a write. */

beforeAll(() => nock.restore());
afterEach(async () => {
  nock.restore();
  await stopServers();
  removeDirectories();
});

const key = { CONDUCTOR_AUTH_KEY: 'k', CONDUCTOR_AUTH_SECRET: 'the-secret' };
const list = '/api/scheduler/schedules';
const checkUrl = 'check the server URL (--server or CONDUCTOR_SERVER_URL)';
const rightUrl = `${checkUrl}: the API's address ends in /api, in small letters`;
const credentials =
  'set CONDUCTOR_AUTH_KEY and CONDUCTOR_AUTH_SECRET; a CONDUCTOR_AUTH_TOKEN cannot be renewed, so get a new one when it has expired';

/** Answers by path; what is not there is OSS's 404. */
function answers(paths: {
  readonly [path: string]: readonly [status: number, body: unknown, type?: string];
}): Answer {
  return (request, response) => {
    const path = request.url ?? '';
    const [status, body, type = 'application/json'] = paths[path] ?? [
      404,
      { status: 404, message: `No static resource ${path.slice(1)}.`, instance: 'host', retryable: false },
    ];
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { 'content-type': type }).end(text);
  };
}

interface Case {
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  /** On one line, with the server's host as SERVER. */
  readonly says: string;
}

/** `cannot list the schedules` unless told what; the request that failed is named after it. */
function failed(what: string, hint: string, request = `GET http://SERVER${list}, 1 attempt`): string {
  const doing = request.includes('/token') ? 'get a token' : 'list the schedules';
  return `error: cannot ${doing}: ${what} ${request} hint: ${hint}`;
}

const tokenRequest = 'POST http://SERVER/api/token, 1 attempt';

/** Plans and applies, and looks at what was said: an apply also says that nothing was written. */
async function expectSaid(url: string, { env = {}, flags = [], says }: Case): Promise<void> {
  const cwd = directoryWith(manifestsOf('a'));
  for (const command of [['plan'], ['apply', '--auto-approve'], ['drift']]) {
    const ran = await run([...command, ...flags, '--server', url, '--max-retries', '1'], { env, cwd });
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(unwrapped(ran.err.replaceAll(new URL(url).host, 'SERVER'))).toBe(
      command[0] === 'apply' ? says.replace(/ 1 error\.$/, ' 1 error; nothing was written.') : says,
    );
  }
}

const byAnswer: { readonly [name: string]: Case & { readonly server: Answer } } = {
  'the base URL of a web page': {
    server: (_request, response) =>
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<!doctype html><title>Conductor UI</title>'),
    says: failed(
      'the answer is a web page, not the scheduler: an HTML page, "Conductor UI"',
      `${rightUrl}; or a proxy or login page answered instead of the server`,
    ),
  },
  'the base URL of something else that speaks JSON': {
    server: answers({ [list]: [200, { results: [] }] }),
    says: failed(
      'the answer is JSON, but not from the scheduler: an object where a list of schedules was expected',
      rightUrl,
    ),
  },
  'the base URL of something else that says 404': {
    server: answers({ [list]: [404, 'not found', 'text/plain'] }),
    says: failed(
      'the server has no scheduler at this address (404): not found',
      `${rightUrl}; or the scheduler is switched off: conductor.scheduler.enabled=true on Conductor OSS`,
    ),
  },
  'a scheduler that is switched off, with a key that it does not need': {
    server: answers({}),
    env: key,
    says: failed(
      'the server has no scheduler at this address (404): No static resource api/scheduler/schedules.',
      `${rightUrl}; or the scheduler is switched off: conductor.scheduler.enabled=true on Conductor OSS`,
    ),
  },
  'no permission to list': {
    server: answers({
      '/api/token': [200, { token: 'jwt' }],
      [list]: [403, { status: 403, message: 'Access denied' }],
    }),
    env: key,
    says: failed('no permission (403): Access denied', 'the key needs the right to read schedules'),
  },
  'no credentials where there must be some': {
    server: answers({ [list]: [401, { error: 'INVALID_TOKEN', message: 'Token cannot be null or empty' }] }),
    says: failed(
      'the server requires credentials, and none were given (401): Token cannot be null or empty',
      'set CONDUCTOR_AUTH_KEY and CONDUCTOR_AUTH_SECRET, or CONDUCTOR_AUTH_TOKEN',
    ),
  },
  'a token that has expired and cannot be renewed': {
    server: answers({ [list]: [401, { error: 'EXPIRED_TOKEN', message: 'Token has expired' }] }),
    env: { CONDUCTOR_AUTH_TOKEN: 'jwt-of-yesterday' },
    says: failed('the server does not accept the credentials (401): Token has expired', credentials),
  },
  'a key that is refused': {
    server: answers({ '/api/token': [401, { status: 401, message: 'Invalid key or secret' }] }),
    env: key,
    says: failed(
      'the server does not accept the key and secret (401): Invalid key or secret',
      'check CONDUCTOR_AUTH_KEY and CONDUCTOR_AUTH_SECRET: do they belong to this server, and is the key still active?',
      tokenRequest,
    ),
  },
  'a key whose application is disabled': {
    server: answers({ '/api/token': [403, { status: 403, message: 'Application is disabled' }] }),
    env: key,
    says: failed(
      'no permission (403): Application is disabled',
      'check CONDUCTOR_AUTH_KEY and CONDUCTOR_AUTH_SECRET: the application behind the key may be disabled',
      tokenRequest,
    ),
  },
  'no tokens where --server-type says that there are some': {
    server: answers({ [list]: [200, []] }),
    env: key,
    flags: ['--server-type', 'orkes-new'],
    says: failed(
      'the server has no token endpoint (404), so it is not an Orkes server: No static resource api/token.',
      `leave out --server-type, or ${checkUrl}; Conductor OSS needs no key and secret`,
      tokenRequest,
    ),
  },
  'a redirect to a login page': {
    server: (_request, response) =>
      response.writeHead(302, { location: 'https://login.test/start?state=secret' }).end(),
    says: failed(
      'the server redirects to another address, and following it would send the credentials there: redirects to https://login.test/start',
      `${checkUrl}: use the address that it leads to (often https:// instead of http://); a login page means that a gateway requires a --header`,
    ),
  },
  'a gateway without a server behind it': {
    server: answers({ [list]: [503, '<html><title>Down</title></html>', 'text/html'] }),
    says: failed(
      'the server returned 503: an HTML page, "Down"',
      'the server behind the gateway is down or starting: run it again later',
      `GET http://SERVER${list}, 2 attempts`,
    ),
  },
  'a gateway that wants a proxy’s login': {
    server: (_request, response) => response.writeHead(407).end(),
    says: failed(
      'the proxy on the way requires a valid user and password (407)',
      'put them into HTTP_PROXY, as in http://user:password@proxy:port; if SERVER needs no proxy, add it to NO_PROXY',
    ),
  },
  'an older scheduler, by its version': {
    server: answers({ [list]: [200, []], '/api/version': [200, '3.23.0', 'text/plain'] }),
    says: 'error: Conductor 3.23.0 has the scheduler from before Conductor 3.30.0, which Downbeat does not support [old-scheduler] hint: upgrade Conductor to 3.30.0 or newer; 3.32.0 or newer is recommended 1 error.',
  },
  'an older scheduler, by its list': {
    server: answers({
      [list]: [
        200,
        [
          {
            name: 'x',
            cronExpression: '0 0 9 * * ?',
            startWorkflowRequest: { name: 'w' },
            nextRunTime: 1,
          },
        ],
      ],
    }),
    says: 'error: the server has the scheduler from before Conductor 3.30.0, which Downbeat does not support [old-scheduler] hint: upgrade Conductor to 3.30.0 or newer; 3.32.0 or newer is recommended 1 error.',
  },
};

describe('an answer of', () => {
  it.each(Object.entries(byAnswer))('%s', async (_name, { server, ...one }) => {
    const { url, seen } = await serve(server);
    await expectSaid(url, one);
    expect(seen).not.toEqual([]);
    expect(seen.filter((line) => !line.startsWith('GET ') && line !== 'POST /api/token')).toEqual([]);
  });

  it('a server without tokens to a key is a note, and the run goes on without the key', async () => {
    const { url, seen } = await serve(
      answers({ [list]: [200, []], '/api/version': [200, '3.32.1', 'text/plain'] }),
    );
    const ran = await run(['plan', '--server', url], { env: key, cwd: directoryWith(manifestsOf('a')) });
    expect(ran).toMatchObject({
      code: 0,
      err: 'note: the server has no authentication (POST /token is 404), so the key and secret are not used\n',
    });
    expect(ran.out).toContain('1 to create');
    expect(seen.slice(0, 3)).toEqual(['POST /api/token', `GET ${list}`, 'GET /api/version']);
    // Then for workflows, which this one has not either.
    expect(seen.slice(4)).toEqual([
      'GET /api/metadata/workflow/names-and-versions',
      'GET /api/metadata/workflow/w',
    ]);
  });
});

describe('no answer, because', () => {
  it('the host has no address', async () => {
    nock.activate();
    const cause = { code: 'ENOTFOUND', syscall: 'getaddrinfo' };
    nock('https://conductor.test')
      .get(list)
      .times(6)
      .replyWithError(Object.assign(new Error('getaddrinfo ENOTFOUND conductor.test'), cause));
    await expectSaid('https://conductor.test', {
      says: failed(
        'cannot resolve the host SERVER: getaddrinfo ENOTFOUND SERVER',
        `${checkUrl} for typos; inside a company network, check the VPN or HTTPS_PROXY`,
        `GET https://SERVER${list}, 2 attempts`,
      ),
    });
    expect(nock.isDone()).toBe(true);
  });

  it('nothing listens', async () => {
    await expectSaid(`http://127.0.0.1:${await freePort()}`, {
      says: failed(
        'connection refused by SERVER: connect ECONNREFUSED SERVER',
        `is the server running? If so, ${checkUrl}, its port, and HTTPS_PROXY if you use a proxy`,
        `GET http://SERVER${list}, 2 attempts`,
      ),
    });
  });

  it('its certificate is not trusted', async () => {
    const day = 24 * 3600_000;
    const certificate = selfSigned([], new Date(Date.now() - day), new Date(Date.now() + day));
    const { url, seen } = await serve((_request, response) => response.end(), certificate);
    const cwd = directoryWith(manifestsOf('a'));
    const { code, err } = await run(['plan', '--server', url], { cwd });
    expect(code).toBe(1);
    expect(unwrapped(err)).toMatch(
      /^error: cannot list the schedules: the certificate of 127\.0\.0\.1:\d+ is not trusted: self-signed certificate.* hint: for a private certificate authority, set NODE_EXTRA_CA_CERTS /,
    );
    expect(seen).toEqual([]);
  });

  it('it does not speak TLS', async () => {
    const { url } = await serve((_request, response) => response.end());
    const { code, err } = await run(['plan', '--server', url.replace('http:', 'https:')], {
      cwd: directoryWith(manifestsOf('a')),
    });
    expect(code).toBe(1);
    expect(unwrapped(err)).toMatch(
      /^error: cannot list the schedules: no secure connection to 127\.0\.0\.1:\d+: .* hint: for a server without TLS, use http:\/\/ in the URL/,
    );
  });

  it('it is not a web server', async () => {
    const port = await listen(createTcpServer((socket) => socket.resume().end('SSH-2.0-nothing\r\n')));
    const { code, err } = await run(['plan', '--server', `http://127.0.0.1:${port}`], {
      cwd: directoryWith(manifestsOf('a')),
    });
    expect(code).toBe(1);
    expect(unwrapped(err)).toMatch(
      /^error: cannot list the schedules: the answer is not valid HTTP: .* 1 attempt hint: check the server URL/,
    );
  });

  it('the proxy does not answer', async () => {
    const proxy = `127.0.0.1:${await freePort()}`;
    await expectSaid('https://conductor.test', {
      env: { HTTPS_PROXY: `http://ada:lovelace@${proxy}` },
      says: failed(
        `the proxy ${proxy} does not answer: connect ECONNREFUSED ${proxy}`,
        'check HTTPS_PROXY; if SERVER needs no proxy, add it to NO_PROXY',
        `GET https://SERVER${list}, 2 attempts`,
      ),
    });
  });

  it.each([
    [
      407,
      'requires a valid user and password (407)',
      'put them into HTTPS_PROXY, as in http://user:password@proxy:port',
    ],
    [403, 'refuses the connection to SERVER (403)', `${checkUrl}, and that the proxy allows it`],
  ])('the proxy says %i', async (refuses, what, hint) => {
    const proxy = await startProxy({ to: 1, refuses });
    await expectSaid('https://conductor.test', {
      env: { HTTPS_PROXY: proxy.url },
      says: failed(
        `the proxy 127.0.0.1:${proxy.port} ${what}`,
        `${hint}; if SERVER needs no proxy, add it to NO_PROXY`,
        `GET https://SERVER${list}, 1 attempt`,
      ),
    });
  });
});
