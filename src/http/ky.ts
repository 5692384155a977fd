import type { ProxyAddress } from './proxy.ts';
import type { Transport, TransportResult } from './transport.ts';
import type { Dispatcher } from './tunnel.ts';

type Failed = Extract<TransportResult, { readonly kind: 'failed' }>;

/**
 * Requests over HTTP by ky. It is loaded with the first request, since loading it starts Node's own HTTP client.
 * ky's retries stay off (they know nothing of Conductor's writes), redirects are not followed (they would take
 * `X-Authorization` to another host and turn a POST into a GET), and its error objects, which print headers, do not
 * leave this file. Its timeout ends with the headers, so the body has a deadline of its own.
 */
export function kyTransport(proxy?: ProxyAddress): Transport {
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
        ...(body === undefined ? {} : { body }),
        retry: 0,
        redirect: 'manual',
        throwHttpErrors: false,
        timeout: timeoutMs,
        ...(dispatcher === undefined ? {} : { dispatcher }),
      });
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError') return late;
      return failureOf(error, proxy !== undefined);
    }
    try {
      const text = await textOf(response, timeoutMs - (performance.now() - begun));
      if (text === undefined) return late;
      return { kind: 'answer', status: response.status, headers: Object.fromEntries(response.headers), text };
    } catch (error) {
      return { ...failureOf(error, false), why: 'cut-off', sent: true };
    }
  };
}

/**
 * The body as text, or `undefined` if it is not there after `ms`. Not by a signal: between the caller's and the one
 * that fetch listens to, Node 20 lets the garbage collector take the link away, and a body that stalls hangs for ever.
 */
async function textOf({ body }: Response, ms: number): Promise<string | undefined> {
  const reader = body?.getReader();
  if (reader === undefined) return '';
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    // It closes the connection and ends the read that is waiting.
    reader.cancel().catch(() => {});
  }, ms);
  try {
    const decoder = new TextDecoder();
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (late) return undefined;
      if (done) return text + decoder.decode();
      text += decoder.decode(value, { stream: true });
    }
  } finally {
    clearTimeout(timer);
  }
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
  const { code, syscall, message } = reason;
  const text = message || String(error);
  // fetch never gives a 407 as an answer; without a proxy of ours its error is the only one that has no words.
  const refused = message === '' ? code === undefined : /^proxy authentication required/i.test(message);
  const status = refused ? 407 : reason.proxyStatus;
  if (status !== undefined) return { kind: 'failed', why: 'proxy', sent: false, status, words: '' };
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
      // A handshake that fails comes before the first byte of the request.
      if (untrusted.has(code)) return { why: 'untrusted', sent: false };
      return /CERT|SIGNATURE|^ERR_TLS|^ERR_SSL|^EPROTO$|^UND_ERR_PRX_TLS$/.test(code)
        ? { why: 'tls', sent: false }
        : { why: 'network', sent: connected };
  }
}
