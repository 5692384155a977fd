import { describe, expect, test } from 'vitest';
import type { FailureKind } from '../../../src/model/generated/report-parts.ts';
import type { Failure, Operation } from '../../../src/model/port.ts';
import { explainFailure } from '../../../src/report/documents/failure-words.ts';

function failure(kind: FailureKind, more: Partial<Failure> = {}): Failure {
  return {
    kind,
    operation: 'list',
    method: 'GET',
    url: 'https://conductor.example.com:8443/api/scheduler/schedules',
    words: '',
    attempts: 1,
    effect: 'none',
    ...more,
  };
}

const cases: readonly (readonly [Failure, message: string, hint: RegExp | undefined])[] = [
  [
    failure('dns', { words: 'getaddrinfo ENOTFOUND' }),
    'cannot list the schedules: cannot resolve the host conductor.example.com:8443: getaddrinfo ENOTFOUND',
    /--server.*VPN/,
  ],
  [
    failure('refused'),
    'cannot list the schedules: connection refused by conductor.example.com:8443',
    /is the server running/,
  ],
  [
    failure('reset', { operation: 'save', schedule: 'nightly' }),
    'cannot save nightly: the connection was closed before the response was complete',
    /run it again/,
  ],
  [failure('timeout'), 'cannot list the schedules: the request timed out', /--timeout/],
  [
    failure('untrusted', { words: 'self-signed certificate' }),
    'cannot list the schedules: the certificate of conductor.example.com:8443 is not trusted: self-signed certificate',
    /NODE_EXTRA_CA_CERTS/,
  ],
  [
    failure('tls', { words: 'certificate has expired' }),
    'cannot list the schedules: no secure connection to conductor.example.com:8443: certificate has expired',
    /http:\/\/.*expired/,
  ],
  [
    failure('proxy', { proxy: 'proxy.test:3128', words: 'connect ECONNREFUSED 10.0.0.1:3128' }),
    'cannot list the schedules: the proxy proxy.test:3128 does not answer: connect ECONNREFUSED 10.0.0.1:3128',
    /check HTTPS_PROXY; if conductor.example.com:8443 needs no proxy, add it to NO_PROXY/,
  ],
  [
    failure('proxy', { proxy: 'proxy.test:3128', status: 407, url: 'http://conductor.test/api/token' }),
    'cannot list the schedules: the proxy proxy.test:3128 requires a valid user and password (407)',
    /into HTTP_PROXY, as in http:\/\/user:password@/,
  ],
  [
    failure('proxy', { proxy: 'proxy.test:3128', status: 403 }),
    'cannot list the schedules: the proxy proxy.test:3128 refuses the connection to conductor.example.com:8443 (403)',
    /CONDUCTOR_SERVER_URL.*allows it/,
  ],
  [
    failure('proxy', { status: 407 }),
    'cannot list the schedules: the proxy on the way requires a valid user and password (407)',
    /HTTPS_PROXY/,
  ],
  [
    failure('network'),
    'cannot list the schedules: no connection to conductor.example.com:8443',
    /HTTPS_PROXY and NO_PROXY/,
  ],
  [
    failure('redirect', { words: 'to https://login.example.com/' }),
    'cannot list the schedules: the server redirects to another address, and following it would send the credentials there: to https://login.example.com/',
    /--header/,
  ],
  [
    failure('html'),
    'cannot list the schedules: the answer is a web page, not the scheduler',
    /ends in \/api/,
  ],
  [failure('not-json'), 'cannot list the schedules: the answer is not JSON', /ends in \/api/],
  [failure('cut-off'), 'cannot list the schedules: the response is incomplete', /proxy/],
  [
    failure('malformed', { words: 'Duplicate Content-Length' }),
    'cannot list the schedules: the answer is not valid HTTP: Duplicate Content-Length',
    /gateway/,
  ],
  [
    failure('large-headers'),
    'cannot list the schedules: the headers of the answer are too large',
    /NODE_OPTIONS=--max-http-header-size=/,
  ],
  [
    failure('too-large', { words: 'more than 10 bytes' }),
    'cannot list the schedules: the response is too large to be from the scheduler: more than 10 bytes',
    /ends in \/api/,
  ],
  [failure('not-utf-8'), 'cannot list the schedules: the answer is not UTF-8', /gateway/],
  [
    failure('partial', { status: 206 }),
    'cannot list the schedules: the server sent only a part of the answer (206)',
    /cache/,
  ],
  [
    failure('shape', { words: 'an object instead of an array' }),
    'cannot list the schedules: the answer is JSON, but not from the scheduler: an object instead of an array',
    /ends in \/api/,
  ],
  [
    failure('no-scheduler'),
    'cannot list the schedules: the server has no scheduler at this address (404)',
    /ends in \/api.*conductor\.scheduler\.enabled=true/,
  ],
  [
    failure('unauthorized', { operation: 'token' }),
    'cannot get a token: the server does not accept the key and secret (401)',
    /CONDUCTOR_AUTH_KEY/,
  ],
  [
    failure('unauthorized'),
    'cannot list the schedules: the server does not accept the credentials (401)',
    /CONDUCTOR_AUTH_TOKEN cannot be renewed/,
  ],
  [
    failure('unauthorized', { anonymous: true }),
    'cannot list the schedules: the server requires credentials, and none were given (401)',
    /set CONDUCTOR_AUTH_KEY/,
  ],
  [failure('forbidden'), 'cannot list the schedules: no permission (403)', /right to read/],
  [
    failure('forbidden', { operation: 'save', schedule: 'x' }),
    'cannot save x: no permission (403)',
    /EXECUTE on the workflow/,
  ],
  [
    failure('missing', { operation: 'resume', schedule: 'x' }),
    'cannot resume x: the schedule does not exist, or is not paused (404)',
    /plan again/,
  ],
  [
    failure('missing', { operation: 'get', schedule: 'x' }),
    'cannot read x: the schedule does not exist (404)',
    /plan again/,
  ],
  [
    failure('conflict', { operation: 'save', schedule: 'x' }),
    'cannot save x: a schedule with this name already exists (409)',
    /plan again/,
  ],
  [
    failure('hidden', {
      operation: 'save',
      schedule: 'x',
      status: 409,
      words: "Schedule 'x' already exists",
    }),
    "cannot save x: it exists but is not visible to this key (409): Schedule 'x' already exists",
    /left alone.*another name/,
  ],
  [
    failure('hidden', { operation: 'get', schedule: 'x', status: 403 }),
    'cannot read x: it exists but is not visible to this key (403)',
    /left alone.*another name/,
  ],
  [
    failure('hidden', { operation: 'save', schedule: 'x', status: 403 }),
    'cannot save x: it exists but is not visible to this key, or the key may not create it (403)',
    /EXECUTE.*another name/,
  ],
  [failure('throttled'), 'cannot list the schedules: too many requests (429)', /--parallelism/],
  [
    failure('unsupported', { operation: 'tags set', schedule: 'x' }),
    'cannot set the tags of x: the server does not support this operation',
    /no tags/,
  ],
  [
    failure('unsupported', { operation: 'token' }),
    'cannot get a token: the server has no token endpoint (404), so it is not an Orkes server',
    /--server-type.*needs no key/,
  ],
  [
    failure('status', {
      status: 500,
      operation: 'save',
      schedule: 'x',
      words: 'Unknown time-zone ID: Mars/X',
    }),
    'cannot save x: the server returned 500: Unknown time-zone ID: Mars/X',
    /invalid input/,
  ],
  [failure('status', { status: 503 }), 'cannot list the schedules: the server returned 503', /later/],
  [failure('status', { status: 418 }), 'cannot list the schedules: the server returned 418', undefined],
  [
    failure('unaddressable', { operation: 'delete', schedule: 'a/b' }),
    'cannot delete a/b: the name cannot be part of a URL, so no request for this schedule reaches the server',
    /another name/,
  ],
  [
    failure('interrupted', { operation: 'pause', schedule: 'x' }),
    'cannot pause x: the run was stopped before the request was sent',
    undefined,
  ],
];

test.each(cases)('$kind $operation $status', (given, message, hint) => {
  const words = explainFailure(given);
  expect(words.message).toBe(message);
  if (hint === undefined) expect(words.hint).toBeUndefined();
  else expect(words.hint).toMatch(hint);
});

describe('every operation has words, in one line, with its schedule', () => {
  const operations: { readonly [O in Operation]: string } = {
    list: 'list the schedules',
    get: 'read x',
    save: 'save x',
    delete: 'delete x',
    pause: 'pause x',
    resume: 'resume x',
    'tags get': 'read the tags of x',
    'tags set': 'set the tags of x',
    'tags delete': 'remove tags of x',
    'bulk pause': 'pause schedules in bulk',
    'bulk resume': 'resume schedules in bulk',
    'pause all': 'pause the scheduler',
    'resume all': 'resume the scheduler',
    requeue: 'requeue the execution records',
    'next few': 'ask for the next fires',
    'search executions': 'search the past runs',
    'workflow names': 'list the workflows',
    'workflow get': 'read the definition of a workflow',
    'workflow run': 'read a workflow that was started',
    token: 'get a token',
    version: "ask for the server's version",
    'pause verbs': 'ask how the server pauses',
  };
  test.each(Object.entries(operations))('%s', (operation, words) => {
    const { message, hint } = explainFailure(
      failure('forbidden', { operation: operation as Operation, schedule: 'x' }),
    );
    expect(message).toBe(`cannot ${words}: no permission (403)`);
    expect(hint).toMatch(/^[^\n]{20,200}$/);
  });
});
