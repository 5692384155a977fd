import { httpTransport } from '../http/client.ts';
import { pace } from '../http/pace.ts';
import type { ProxyAddress } from '../http/proxy.ts';
import { delay } from '../http/retry.ts';
import type { Transport } from '../http/transport.ts';
import { basicText, serverUrl } from '../http/url.ts';
import { type Masker, masker } from '../masking/masker.ts';
import type { RequestCounts } from '../model/generated/report-parts.ts';
import type { Reader, ServerType, WorkflowReader, Writer } from '../model/port.ts';
import { type Credentials, tokens } from './auth.ts';
import { type Call, refusals } from './failure.ts';
import { identity } from './identity.ts';
import { session } from './perform.ts';
import { reader } from './reader.ts';
import { operations } from './routes.ts';
import { type AskedWait, type RequestEvent, sender } from './send.ts';
import { serverTypes } from './server-types.ts';
import { workflowReader } from './workflows.ts';
import { writer } from './writer.ts';

export interface ConnectOptions {
  /** With or without `/api`; `user:password@` is Basic authentication. See `serverUrl` for what is refused. */
  readonly url: string;
  /** What requests go through, from `proxyFor`; only for the default transport. */
  readonly proxy?: ProxyAddress;
  readonly credentials?: Credentials;
  /** Sent with every request; they win over the connection's own of the same name. */
  readonly headers?: { readonly [name: string]: string };
  /** Known from the configuration: nothing is found out. */
  readonly serverType?: ServerType;
  /** For one attempt, from the first byte sent to the last byte received, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** Attempts after the first. Default 4, which with the usual delays is about four seconds of patience. */
  readonly maxRetries?: number;
  /** Requests in flight at most. Default 16; halved while the server returned 429 or 503. */
  readonly parallelism?: number;
  /** Learns the credentials, also those that the server gives; default: one of the connection's own. */
  readonly masker?: Masker;
  /** Default: HTTP. */
  readonly transport?: Transport;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** Waits; ends early when the signal is aborted. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Once it is aborted, requests in flight are finished and no new one is sent. */
  readonly signal?: AbortSignal;
  /** Each attempt as it ends. */
  readonly onRequest?: (event: RequestEvent) => void;
  /** Each wait that the server asked for, as it begins. */
  readonly onWait?: (wait: AskedWait) => void;
}

/** The doors to one server, which share its token, what is known of it, and the bound on requests in flight. */
export interface Connection {
  readonly reader: Reader;
  readonly writer: Writer;
  readonly workflows: WorkflowReader;
  /** Of all requests so far. */
  counts(): RequestCounts;
  /** How long to wait before a write is sent again after so many repeats, in milliseconds: as between attempts. */
  readonly retryDelay: (repeats: number) => number;
  /** The server's base URL, ending in `/api`; safe to print. */
  readonly url: string;
}

/** Opens a connection; nothing is sent before the first operation. A URL that `serverUrl` refuses is a caller's bug. */
export function connect(options: ConnectOptions): Connection {
  const {
    credentials,
    headers = {},
    serverType,
    proxy,
    now,
    random,
    wait,
    signal,
    onRequest,
    onWait,
  } = options;
  const server = serverUrl(options.url);
  if (!server.ok) throw new TypeError(`the server's URL is unusable: ${server.why}`);
  const { base, basic } = server.value;

  const secrets = options.masker ?? masker();
  const given = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  for (const [name, value] of Object.entries(given)) secrets.learnHeader(name, value);
  for (const secret of secretsOf(credentials)) secrets.learn(secret.trim());
  for (const one of [basic, proxy?.basic]) {
    if (one === undefined) continue;
    // Some write a token instead of the user.
    secrets.learn(one.password === '' ? one.user : one.password);
    secrets.learnHeader('authorization', basicText(one));
  }

  const counted = { reads: 0, writes: 0, retries: 0 };
  const failures = refusals({
    base,
    masker: secrets,
    proxy: proxy && new URL(proxy.url).host,
    anonymous: credentials === undefined && basic === undefined && Object.keys(given).length === 0,
  });
  const send = sender({
    transport: options.transport ?? httpTransport(proxy),
    base,
    headers: given,
    ownHeaders: basic === undefined ? {} : { authorization: basicText(basic) },
    timeoutMs: options.timeoutMs ?? 30_000,
    maxRetries: options.maxRetries ?? 4,
    pace: pace(options.parallelism ?? 16),
    refusals: failures,
    now,
    random,
    wait,
    signal,
    onRequest,
    onWait,
    count: (write, again) => {
      counted[write ? 'writes' : 'reads'] += 1;
      if (again) counted.retries += 1;
    },
  });

  const tokenCall: Call = { operation: 'token', ...operations.token.forms[0], query: '' };
  const token = tokens({
    // A token among the headers is one that was given.
    credentials: credentials ?? givenToken(given['x-authorization']),
    now,
    ask: (body) => send({ ...tokenCall, body }),
    refuse: (answer, kind, words) => failures.answered(tokenCall, answer, kind, words),
    learn: secrets.learn,
    required: serverType !== undefined && serverTypes[serverType].hasToken,
  });
  const performing = session({ send, tokens: token, refusals: failures, configured: serverType });
  return {
    reader: reader(performing, identity(performing, token, serverType)),
    writer: writer(performing),
    workflows: workflowReader(performing),
    counts: () => ({ ...counted }),
    retryDelay: (repeats) => delay(repeats + 1, undefined, random()),
    url: base,
  };
}

function secretsOf(credentials: Credentials | undefined): readonly string[] {
  if (credentials === undefined) return [];
  return credentials.kind === 'key' ? [credentials.key, credentials.secret] : [credentials.token];
}

function givenToken(header: string | undefined): Credentials | undefined {
  return header === undefined ? undefined : { kind: 'token', token: header };
}
