import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { readBody, unpacked } from './body.ts';
import type { ProxyAddress } from './proxy.ts';
import { isSuccess, type Transport, type TransportRequest, type TransportResult } from './transport.ts';
import type { Way } from './way.ts';

type Failed = Extract<TransportResult, { readonly kind: 'failed' }>;

/** 64 MiB. A list of 10,000 schedules of 2 kB each is a third of it. */
const longestAnswer = 64 * 1024 ** 2;

/** Milliseconds for a connection, its handshake included. */
const longestConnecting = 10_000;

/** What Node's own fetch sends too; servers and firewalls may refuse a client without a name. */
const usualHeaders = { 'user-agent': 'node', 'accept-language': '*', 'accept-encoding': 'gzip, deflate' };

/**
 * Requests over HTTP by `node:http`, which a short run loads in 5 ms; Node's fetch takes 40. Nothing is repeated here
 * (that is for who knows Conductor's writes), redirects are not followed (they would take `X-Authorization` to another
 * host and turn a POST into a GET), and no error object, which may hold headers, leaves this file.
 */
export function httpTransport(proxy?: ProxyAddress, mostBytes: number = longestAnswer): Transport {
  const ways = new Map<string, Promise<Way>>();
  return async (request) => {
    const { protocol } = new URL(request.base);
    let way = ways.get(protocol);
    if (way === undefined) {
      way = import('./way.ts').then(({ wayTo }) => wayTo(protocol, proxy));
      ways.set(protocol, way);
    }
    const open = await way;
    return new Promise((resolve) =>
      exchange(request, { open, mostBytes, proxied: proxy !== undefined }, resolve),
    );
  };
}

interface Through {
  readonly open: Way;
  readonly mostBytes: number;
  readonly proxied: boolean;
}

/** One request and its answer; calls `done` once. */
function exchange(
  { method, base, path, query, headers, body, timeoutMs }: TransportRequest,
  { open, mostBytes, proxied }: Through,
  done: (result: TransportResult) => void,
): void {
  let request: ClientRequest | undefined;
  let connected = false;
  let answer: IncomingMessage | undefined;
  const end = (result: TransportResult): void => {
    clearTimeout(deadline);
    clearTimeout(connecting);
    // Two turns of the event loop show that a server closes after its answer without saying so.
    setImmediate(() => setImmediate(done, result));
  };
  const late = (words: string): void => {
    end({ kind: 'failed', why: 'timeout', sent: connected, words });
    request?.destroy();
  };
  const deadline = setTimeout(() => late(`no whole answer within ${timeoutMs} ms`), timeoutMs);
  const connecting = setTimeout(
    () => late(`no connection within ${longestConnecting} ms`),
    longestConnecting,
  );
  // Node sends the body of a DELETE without its length, if nobody gives it.
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const options: RequestOptions = { method, headers: { ...usualHeaders, ...length, ...headers } };
  try {
    request = open(new URL(`${base}${path}${query === '' ? '' : `?${query}`}`), options);
  } catch (error) {
    // A header that cannot be sent.
    end(failureOf(error, false));
    return;
  }
  request.on('socket', (socket) => {
    const begin = (): void => {
      connected = true;
      clearTimeout(connecting);
    };
    if (request?.reusedSocket) begin();
    else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', begin);
  });
  // Also of what is wrong with the answer's body; what comes after a whole answer is of no interest.
  request.on('error', (error) => {
    if (answer?.complete) return;
    const failure = failureOf(error, proxied && answer === undefined);
    end(answer === undefined ? failure : cutOff(failure));
  });
  request.on('response', (response) => {
    answer = response;
    response.on('error', (error) => end(cutOff(failureOf(error, false))));
    connected = true;
    clearTimeout(connecting);
    const status = response.statusCode ?? 0;
    if (status === 407) {
      end({ kind: 'failed', why: 'proxy', sent: false, status, words: '' });
      request?.destroy();
      return;
    }
    unpacked(response)
      .then((plain) => readBody(plain, { mostBytes, strict: isSuccess(status) }))
      .then((read): TransportResult => {
        switch (read.kind) {
          case 'text':
            return { kind: 'answer', status, headers: headersOf(response), text: read.text };
          case 'too-large':
            return { kind: 'failed', why: read.kind, sent: true, words: `more than ${mostBytes} bytes` };
          default:
            return { kind: 'failed', why: read.kind, sent: true, words: '' };
        }
      })
      .catch((error: unknown) => cutOff(failureOf(error, false)))
      .then((result) => {
        end(result);
        // What is not at its end is not read any further.
        if (!response.complete) request?.destroy();
      });
  });
  request.end(body);
}

function cutOff(failure: Failed): Failed {
  return { ...failure, why: failure.why === 'malformed' ? failure.why : 'cut-off', sent: true };
}

/** By lower-case name; one that came several times has all its values. */
function headersOf({ rawHeaders }: IncomingMessage): { readonly [name: string]: string } {
  const headers = new Map<string, string>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return Object.fromEntries(headers);
}

/**
 * What Node says of a network error; where it tried several addresses, of the first. With a proxy it is the proxy that
 * we connect to; the server behind it is the proxy's business.
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

/** Nobody that we trust vouches for the certificate; other faults of one are not mended by trusting somebody. */
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
