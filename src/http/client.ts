import type { ClientRequest, IncomingMessage } from 'node:http';
import { present } from '../model/present.ts';
import { readBody, unpacked } from './body.ts';
import type { ProxyAddress } from './proxy.ts';
import { isSuccess, type Transport, type TransportResult } from './transport.ts';
import type { Way } from './way.ts';
import { LightResponse } from './web.ts';

type Failed = Extract<TransportResult, { readonly kind: 'failed' }>;

/** 64 MiB. A list of 10,000 schedules of 2 kB each is a third of it. */
const longestAnswer = 64 * 1024 ** 2;

/** Milliseconds for a connection, its handshake included. */
const longestConnecting = 10_000;

/** What Node's own fetch sends too; servers and firewalls may refuse a client without a name. */
const usualHeaders = { 'user-agent': 'node', 'accept-language': '*', 'accept-encoding': 'gzip, deflate' };

/**
 * Requests over HTTP by ky, whose `fetch` is one on `node:http`: a short run loads that in 5 ms, and Node's own in 40.
 * ky's retries stay off (they know nothing of Conductor's writes), redirects are not followed (they would take
 * `X-Authorization` to another host and turn a POST into a GET), and its error objects, which print headers, do not
 * leave this file. Its timeout ends with the headers, so the body has a deadline of its own.
 */
export function httpTransport(proxy?: ProxyAddress, mostBytes: number = longestAnswer): Transport {
  const ways = new Map<string, Promise<Way>>();
  const wayBy = (server: URL): Promise<Way> => {
    const known = ways.get(server.origin);
    if (known !== undefined) return known;
    const way = import('./way.ts').then(({ wayTo }) => wayTo(server, proxy));
    ways.set(server.origin, way);
    return way;
  };
  return async ({ method, base, path, query, headers, body, timeoutMs }) => {
    const { default: ky } = await import('ky');
    const url = `${base}${path}${query === '' ? '' : `?${query}`}`;
    const way = await wayBy(new URL(base));
    // `performance` loads five modules of Node that nothing else needs.
    const begun = process.hrtime.bigint();
    let connected = false;
    const late = (): Failed => ({
      kind: 'failed',
      why: 'timeout',
      sent: connected,
      words: `no whole answer within ${timeoutMs} ms`,
    });
    let response: LightResponse;
    try {
      response = (await ky(url, {
        method,
        headers: { ...usualHeaders, ...headers },
        ...present({ body }),
        retry: 0,
        redirect: 'manual',
        throwHttpErrors: false,
        timeout: timeoutMs,
        fetch: fetchOver(way, () => {
          connected = true;
        }),
      })) as object as LightResponse;
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError') return late();
      return failureOf(error, proxy !== undefined);
    }
    const { status, incoming } = response;
    // Here and through a proxy alike it is the proxy that says so.
    if (status === 407) {
      incoming.destroy();
      return { kind: 'failed', why: 'proxy', sent: false, status, words: '' };
    }
    try {
      const ms = timeoutMs - Number(process.hrtime.bigint() - begun) / 1e6;
      const strict = isSuccess(status);
      const read = await readBody(await unpacked(incoming), { ms, mostBytes, strict });
      if (!incoming.complete) incoming.destroy();
      switch (read.kind) {
        case 'text':
          return { kind: 'answer', status, headers: Object.fromEntries(response.headers), text: read.text };
        case 'late':
          return late();
        case 'too-large':
          return { kind: 'failed', why: read.kind, sent: true, words: `more than ${mostBytes} bytes` };
        default:
          return { kind: 'failed', why: read.kind, sent: true, words: '' };
      }
    } catch (error) {
      incoming.destroy();
      const failure = failureOf(error, false);
      return { ...failure, why: failure.why === 'malformed' ? failure.why : 'cut-off', sent: true };
    }
  };
}

/**
 * A `fetch` over `node:http`, as far as we need one: no redirects, and a body that is text. It resolves with the
 * headers. `connected` is called once the first byte can be sent.
 */
function fetchOver(way: Way, connected: () => void): (input: string | URL | Request) => Promise<Response> {
  return async (input) => {
    const request = input as Request;
    const text = await request.text();
    // Node sends the body of a DELETE without its length, unless it is set.
    const length = text === '' ? {} : { 'content-length': Buffer.byteLength(text) };
    const headers = { ...Object.fromEntries(request.headers), ...length };
    // After the scheme's two, the first slash begins the path.
    const outgoing = way(request.url.slice(request.url.indexOf('/', 'https://'.length)), {
      method: request.method,
      headers,
    });
    const incoming = await answerTo(outgoing, text, request.signal, connected);
    return new LightResponse(incoming) as object as Response;
  };
}

function answerTo(
  outgoing: ClientRequest,
  text: string,
  signal: AbortSignal,
  connected: () => void,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | undefined;
    const stop = (): void => void outgoing.destroy();
    const connecting = setTimeout(() => {
      const words = `no connection within ${longestConnecting} ms`;
      outgoing.destroy(Object.assign(new Error(words), { code: 'ETIMEDOUT', syscall: 'connect' }));
    }, longestConnecting);
    const begin = (): void => {
      clearTimeout(connecting);
      connected();
    };
    signal.addEventListener('abort', stop);
    outgoing.on('socket', (socket) => {
      if (outgoing.reusedSocket) begin();
      else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', begin);
    });
    outgoing.on('error', (error) => {
      clearTimeout(connecting);
      // What is wrong with the body of an answer; what comes after it is of no interest.
      if (answer !== undefined && !answer.complete) answer.destroy(error);
      reject(error);
    });
    outgoing.on('response', (incoming) => {
      answer = incoming;
      // Whoever reads the body finds the error there.
      incoming.on('error', () => {});
      begin();
      signal.removeEventListener('abort', stop);
      resolve(incoming);
    });
    outgoing.end(text);
  });
}

/**
 * What Node says of a network error; where it tried several addresses, of the first. With a proxy it is the proxy that
 * we connect to; the server after it is the proxy's business.
 */
function failureOf(error: unknown, proxied: boolean): Failed {
  const several = (error as { readonly errors?: readonly unknown[] }).errors;
  const reason = (several?.[0] ?? error) as NodeJS.ErrnoException & { readonly proxyStatus?: number };
  const { code, syscall, message, proxyStatus } = reason;
  const text = message || String(error);
  if (proxyStatus !== undefined)
    return { kind: 'failed', why: 'proxy', sent: false, status: proxyStatus, words: '' };
  if (code === 'HPE_HEADER_OVERFLOW') return { kind: 'failed', why: 'large-headers', sent: true, words: '' };
  const words = code === undefined || text.includes(code) ? text : `${text} (${code})`;
  const { why, sent } = classify(code ?? '', syscall ?? '');
  const isProxys = proxied && !sent && why !== 'untrusted' && why !== 'tls';
  return { kind: 'failed', words, why: isProxys ? 'proxy' : why, sent };
}

/** No trusted authority signed the certificate; other faults of one are not mended by trusting another authority. */
const untrusted = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_UNTRUSTED',
]);

function classify(code: string, syscall: string): Pick<Failed, 'why' | 'sent'> {
  const connected = syscall !== 'connect' && syscall !== 'getaddrinfo';
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { why: 'dns', sent: false };
    case 'ECONNREFUSED':
      return { why: 'refused', sent: false };
    case 'ETIMEDOUT':
      return { why: 'timeout', sent: connected };
    case 'ECONNRESET':
    case 'EPIPE':
      return { why: 'reset', sent: true };
    default:
      // The codes of Node's parser of HTTP.
      if (code.startsWith('HPE_')) return { why: 'malformed', sent: true };
      // A handshake that fails comes before the first byte of the request.
      if (untrusted.has(code)) return { why: 'untrusted', sent: false };
      return /CERT|SIGNATURE|^ERR_TLS|^ERR_SSL|^EPROTO$/.test(code)
        ? { why: 'tls', sent: false }
        : { why: 'network', sent: connected };
  }
}
