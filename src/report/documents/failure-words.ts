import type { FailureKind } from '../../model/generated/report-parts.ts';
import type { Failure, Operation } from '../../model/port.ts';
import { present } from '../../model/present.ts';

/** What happened and what to do about it, in one line each. The server's words are in it as they came: escape it. */
export type FailureWords = {
  readonly message: string;
  readonly hint?: string;
};

/** The words for a failed request. */
export function explainFailure(failure: Failure): FailureWords {
  const known = words[failure.kind];
  const { what, hint } = typeof known === 'function' ? known(failure) : known;
  const said = failure.words.trim();
  return {
    message: `cannot ${doing[failure.operation](failure.schedule ?? 'the schedule')}: ${what}${said === '' ? '' : `: ${said}`}`,
    ...present({ hint }),
  };
}

type Words = {
  readonly what: string;
  readonly hint?: string;
};

const checkedAt = 'the server URL (--server or CONDUCTOR_SERVER_URL)';
const checkUrl = `check ${checkedAt}`;
const rightUrl = `${checkUrl}: the API's address ends in /api, in small letters`;

const words: { readonly [K in FailureKind]: Words | ((failure: Failure) => Words) } = {
  dns: ({ url }) => ({
    what: `cannot resolve the host ${hostOf(url)}`,
    hint: `${checkUrl} for typos; inside a company network, check the VPN or HTTPS_PROXY`,
  }),
  refused: ({ url }) => ({
    what: `connection refused by ${hostOf(url)}`,
    hint: `is the server running? If so, ${checkUrl}, its port, and HTTPS_PROXY if you use a proxy`,
  }),
  reset: {
    what: 'the connection was closed before the response was complete',
    hint: 'run it again; if it keeps happening, check the server and any proxy in front of it',
  },
  timeout: { what: 'the request timed out', hint: 'run it again, or allow more time with --timeout' },
  untrusted: ({ url }) => ({
    what: `the certificate of ${hostOf(url)} is not trusted`,
    hint: 'for a private certificate authority, set NODE_EXTRA_CA_CERTS to the file with its certificate (PEM)',
  }),
  tls: ({ url }) => ({
    what: `no secure connection to ${hostOf(url)}`,
    hint: 'for a server without TLS, use http:// in the URL; a certificate that has expired or is for another name must be replaced on the server',
  }),
  network: ({ url }) => ({
    what: `no connection to ${hostOf(url)}`,
    hint: `${checkUrl}, and the proxy settings HTTPS_PROXY and NO_PROXY`,
  }),
  proxy: proxyWords,
  redirect: {
    what: 'the server redirects to another address, and following it would send the credentials there',
    hint: `${checkUrl}: use the address that it leads to (often https:// instead of http://); a login page means that a gateway requires a --header`,
  },
  html: {
    what: 'the answer is a web page, not the scheduler',
    hint: `${rightUrl}; or a proxy or login page answered instead of the server`,
  },
  'not-json': { what: 'the answer is not JSON', hint: rightUrl },
  'cut-off': {
    what: 'the response is incomplete',
    hint: 'run it again; if it keeps happening, check the time and size limits of any proxy in front of the server',
  },
  malformed: {
    what: 'the answer is not valid HTTP',
    hint: `${checkUrl}, its port, and the proxy or gateway in front of the server`,
  },
  'large-headers': {
    what: 'the headers of the answer are too large',
    hint: 'allow more with NODE_OPTIONS=--max-http-header-size=65536 (in bytes; the default is 16384), or have the gateway send fewer cookies',
  },
  'too-large': { what: 'the response is too large to be from the scheduler', hint: rightUrl },
  'not-utf-8': {
    what: 'the answer is not UTF-8',
    hint: 'JSON is always UTF-8: check the proxy or gateway in front of the server',
  },
  partial: {
    what: 'the server sent only a part of the answer (206)',
    hint: 'Downbeat did not ask for a part: check the cache or proxy in front of the server',
  },
  shape: { what: 'the answer is JSON, but not from the scheduler', hint: rightUrl },
  'no-scheduler': {
    what: 'the server has no scheduler at this address (404)',
    hint: `${rightUrl}; or the scheduler is switched off: conductor.scheduler.enabled=true on Conductor OSS`,
  },
  unauthorized: ({ operation, anonymous }) =>
    anonymous
      ? {
          what: 'the server requires credentials, and none were given (401)',
          hint: 'set CONDUCTOR_AUTH_KEY and CONDUCTOR_AUTH_SECRET, or CONDUCTOR_AUTH_TOKEN',
        }
      : operation === 'token'
        ? {
            what: 'the server does not accept the key and secret (401)',
            hint: 'check CONDUCTOR_AUTH_KEY and CONDUCTOR_AUTH_SECRET: do they belong to this server, and is the key still active?',
          }
        : {
            what: 'the server does not accept the credentials (401)',
            hint: 'set CONDUCTOR_AUTH_KEY and CONDUCTOR_AUTH_SECRET; a CONDUCTOR_AUTH_TOKEN cannot be renewed, so get a new one when it has expired',
          },
  forbidden: ({ operation }) => ({
    what: 'no permission (403)',
    hint: rights[operation] ?? 'the key needs the right to update this schedule',
  }),
  missing: ({ operation }) => ({
    what:
      operation === 'resume'
        ? 'the schedule does not exist, or is not paused (404)'
        : 'the schedule does not exist (404)',
    hint: 'somebody changed it in the meantime: plan again',
  }),
  conflict: {
    what: 'a schedule with this name already exists (409)',
    hint: 'somebody created it in the meantime: plan again',
  },
  hidden: ({ operation, status }) =>
    operation === 'save' && status === 403
      ? {
          what: 'it exists but is not visible to this key, or the key may not create it (403)',
          hint: `${saving}; if others can see a schedule with this name, it is theirs: choose another name`,
        }
      : {
          what: `it exists but is not visible to this key (${status})`,
          hint: 'it was left alone: ask its owner for the right to read and update it, or choose another name',
        },
  throttled: { what: 'too many requests (429)', hint: 'run it again later, or with a smaller --parallelism' },
  unsupported: ({ operation }) =>
    operation === 'token'
      ? {
          what: 'the server has no token endpoint (404), so it is not an Orkes server',
          hint: `leave out --server-type, or ${checkUrl}; Conductor OSS needs no key and secret`,
        }
      : {
          what: 'the server does not support this operation',
          hint: operation.startsWith('tags')
            ? 'Conductor OSS has no tags: leave `tags` out of the manifests for this server'
            : 'a newer version of the server may have it',
        },
  status: ({ operation, status }) =>
    operation === 'search executions' && (status === 400 || status === 500)
      ? {
          what: `the server cannot read the query (${status})`,
          hint: 'its times are epoch milliseconds, as in scheduledTime>1795435200000; --since takes other forms',
        }
      : operation === 'next few' && status === 500
        ? {
            what: 'the server cannot read the cron (500)',
            hint: '`downbeat next` without --server says what is wrong with it',
          }
        : statusWords(status),
  unaddressable: {
    what: 'the name cannot be part of a URL, so no request for this schedule reaches the server',
    hint: 'a name with / or \\, or the names . and .., can only be listed: save it under another name',
  },
  interrupted: { what: 'the run was stopped before the request was sent' },
};

const gatewayHint = 'the server behind the gateway is down or starting: run it again later';
const statusHints: { readonly [status: number]: string } = {
  402: "an account limit is reached: ask the server's administrator",
  ...{ 404: rightUrl, 405: rightUrl },
  413: 'the schedule exceeds the size limit of a proxy in front of the server',
  500: "Conductor also returns 500 for most invalid input: read its message, then the server's log",
  ...{ 502: gatewayHint, 503: gatewayHint, 504: gatewayHint },
};

function statusWords(status: number | undefined): Words {
  if (status === undefined) return { what: 'an error' };
  return { what: `the server returned ${status}`, ...present({ hint: statusHints[status] }) };
}

function proxyWords({ proxy = 'on the way', status, url }: Failure): Words {
  const host = hostOf(url);
  const variable = url.startsWith('https:') ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const around = `if ${host} needs no proxy, add it to NO_PROXY`;
  switch (status) {
    case undefined:
      return { what: `the proxy ${proxy} does not answer`, hint: `check ${variable}; ${around}` };
    case 407:
      return {
        what: `the proxy ${proxy} requires a valid user and password (407)`,
        hint: `put them into ${variable}, as in http://user:password@proxy:port; ${around}`,
      };
    default:
      return {
        what: `the proxy ${proxy} refuses the connection to ${host} (${status})`,
        hint: `check ${checkedAt}, and that the proxy allows it; ${around}`,
      };
  }
}

const saving =
  'the key needs the right to create or update schedules, and EXECUTE on the workflow that is started';

const reading = 'the key needs the right to read schedules';
const readingWorkflows = 'the key needs the right to read workflow definitions';
const readingRuns = 'the key needs the right to read executions';
const administrator = 'the key needs to be an administrator';

const rights: { readonly [O in Operation]?: string } = {
  save: saving,
  token: 'check CONDUCTOR_AUTH_KEY and CONDUCTOR_AUTH_SECRET: the application behind the key may be disabled',
  ...{ list: reading, get: reading, 'tags get': reading, 'pause verbs': reading },
  ...{ 'workflow names': readingWorkflows, 'workflow get': readingWorkflows },
  ...{ 'workflow run': readingRuns, 'search executions': readingRuns },
  delete: 'the key needs the right to delete this schedule',
  ...{ 'pause all': administrator, 'resume all': administrator, requeue: administrator },
};

const doing: { readonly [O in Operation]: (name: string) => string } = {
  list: () => 'list the schedules',
  get: (name) => `read ${name}`,
  save: (name) => `save ${name}`,
  delete: (name) => `delete ${name}`,
  pause: (name) => `pause ${name}`,
  resume: (name) => `resume ${name}`,
  'tags get': (name) => `read the tags of ${name}`,
  'tags set': (name) => `set the tags of ${name}`,
  'tags delete': (name) => `remove tags of ${name}`,
  'bulk pause': () => 'pause schedules in bulk',
  'bulk resume': () => 'resume schedules in bulk',
  'pause all': () => 'pause the scheduler',
  'resume all': () => 'resume the scheduler',
  requeue: () => 'requeue the execution records',
  'next few': () => 'ask for the next fires',
  'search executions': () => 'search the past runs',
  'workflow names': () => 'list the workflows',
  'workflow get': () => 'read the definition of a workflow',
  'workflow run': () => 'read a workflow that was started',
  token: () => 'get a token',
  version: () => "ask for the server's version",
  'pause verbs': () => 'ask how the server pauses',
};

function hostOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1] ?? url;
}
