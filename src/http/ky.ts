import { present } from '../model/present.ts';
import { readBody } from './body.ts';
import type { ProxyAddress } from './proxy.ts';
import { isSuccess, type Transport, type TransportResult } from './transport.ts';
import type { Dispatcher } from './tunnel.ts';

type Failed = Extract<TransportResult, { readonly kind: 'failed' }>;

/** 64 MiB. A list of 10,000 schedules of 2 kB each is a third of it. */
const longestAnswer = 64 * 1024 ** 2;

/**
 * Requests over HTTP by ky. It is loaded with the first request, since loading it starts Node's own HTTP client.
 * ky's retries stay off (they know nothing of Conductor's writes), redirects are not followed (they would take
 * `X-Authorization` to another host and turn a POST into a GET), and its error objects, which print headers, do not
 * leave this file. Its timeout ends with the headers, so the body has a deadline of its own.
 */
export function kyTransport(proxy?: ProxyAddress, mostBytes: number = longestAnswer): Transport {
  let way: Promise<Dispatcher> | undefined;
  return async ({ method, base, path, query, headers, body, timeoutMs }) => {
    const { default: ky } = await import('ky');
    // Node's own fetch knows no proxies before Node 22. What does is large, so it is loaded only for one.
    if (proxy !== undefined) way ??= import('./tunnel.ts').then(({ wayThrough }) => wayThrough(proxy));
    const dispatcher = await way;
    const begun = performance.now();
    const late: Failed = {
      kind: 'failed',
      why: 'timeout',
      sent: true,
      words: `no whole answer within ${timeoutMs} ms`,
    };
    let response: Response;
    try {
      response = await ky(`${base}${path}${query === '' ? '' : `?${query}`}`, {
        method,
        headers: { ...headers },
        ...present({ body }),
        retry: 0,
        redirect: 'manual',
        throwHttpErrors: false,
        timeout: timeoutMs,
        ...present({ dispatcher }),
      });
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError') return late;
      return failureOf(error, proxy !== undefined);
    }
    const { status, headers: answered } = response;
    try {
      const body = await readBody(response.body, {
        ms: timeoutMs - (performance.now() - begun),
        mostBytes,
        strict: isSuccess(status),
      });
      switch (body.kind) {
        case 'text':
          return { kind: 'answer', status, headers: Object.fromEntries(answered), text: body.text };
        case 'late':
          return late;
        case 'too-large':
          return { kind: 'failed', why: body.kind, sent: true, words: `more than ${mostBytes} bytes` };
        default:
          return { kind: 'failed', why: body.kind, sent: true, words: '' };
      }
    } catch (error) {
      const failure = failureOf(error, false);
      return { ...failure, why: failure.why === 'malformed' ? failure.why : 'cut-off', sent: true };
    }
  };
}

/**
 * What Node's fetch says of a network error: the reason is in `cause`, or in the first of several causes. With a proxy
 * it is the proxy that we connect to; the server behind it is the proxy's business.
 */
function failureOf(error: unknown, proxied: boolean): Failed {
  const { cause } = error as { cause?: unknown };
  const several = (cause as { errors?: readonly unknown[] } | undefined)?.errors;
  const reason = (several?.[0] ?? cause ?? error) as NodeJS.ErrnoException & {
    readonly proxyStatus?: number;
  };
  const { code, syscall, message, name } = reason;
  const text = message || String(error);
  // fetch never gives a 407 as an answer; without a proxy of ours its error is the only one that has no words.
  const refused = message === '' ? code === undefined : /^proxy authentication required/i.test(message);
  const status = refused ? 407 : reason.proxyStatus;
  if (status !== undefined) return { kind: 'failed', why: 'proxy', sent: false, status, words: '' };
  if (code === 'UND_ERR_HEADERS_OVERFLOW')
    return { kind: 'failed', why: 'large-headers', sent: true, words: '' };
  // Newer versions of Node give no code of their parser, and find two lengths by counting.
  if (name === 'HTTPParserError' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
    return { kind: 'failed', why: 'malformed', sent: true, words: text };
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
    case 'UND_ERR_CONNECT_TIMEOUT':
      return { why: 'timeout', sent: false };
    case 'ETIMEDOUT':
    case 'UND_ERR_HEADERS_TIMEOUT':
      return { why: 'timeout', sent: connected };
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return { why: 'reset', sent: true };
    default:
      // The codes of Node's parser of HTTP.
      if (code.startsWith('HPE_')) return { why: 'malformed', sent: true };
      // A handshake that fails comes before the first byte of the request.
      if (untrusted.has(code)) return { why: 'untrusted', sent: false };
      return /CERT|SIGNATURE|^ERR_TLS|^ERR_SSL|^EPROTO$|^UND_ERR_PRX_TLS$/.test(code)
        ? { why: 'tls', sent: false }
        : { why: 'network', sent: connected };
  }
}
