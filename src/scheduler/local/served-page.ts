import { utcText } from '../../cron/zone/utc.ts';
import { isObject, type Json, parseJson } from '../../model/json.ts';
import type { Scheduler } from '../core.ts';
import { json, queryOf, type WireRequest, type WireResponse } from '../wire.ts';
import { contentSecurityPolicy, pageHtml } from './generated/page-text.ts';
import type { LocalServer } from './local-server.ts';
import { pageState } from './page-state.ts';

const prefix = '/_downbeat/';

/** The longest that the page moves the clock at once, since no other request is answered in the meantime. */
const mostMs = 31 * 86_400_000;

/**
 * The scheduler with a page for people at `/`. Requests of the page, and refused ones, are not in the scheduler's log.
 * `names`: host names that lead here, besides those that cannot be registered.
 */
export function withPage(
  local: LocalServer,
  names: readonly string[] = [],
): Pick<Scheduler, 'handle' | 'tick'> {
  return {
    tick: local.tick,
    handle(request) {
      const isPage = request.path === '/' && (request.method === 'GET' || request.method === 'HEAD');
      if (!isPage && !request.path.startsWith(prefix))
        return fromElsewhere(request, names) ?? local.handle(request);
      const { status, headers, body } =
        refusal(request, names) ??
        (isPage ? page() : answer(local, request, request.path.slice(prefix.length)));
      return { status, headers: { ...headers, ...guards }, body };
    },
  };
}

const guards = {
  'cache-control': 'no-store',
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/**
 * Why a request is refused that another site makes in somebody's browser, with the API too: a GET is all it takes to pause
 * a schedule. A name of the web that leads here (DNS rebinding) would let that site read as well, and a browser then takes
 * it for the same site: only addresses and names that cannot be registered are taken. Other programs send no Origin.
 */
function fromElsewhere({ headers }: WireRequest, names: readonly string[]): WireResponse | undefined {
  const { host, origin, 'sec-fetch-site': site = 'none' } = headers;
  // Every browser sends one.
  if (host !== undefined && !isOwnName(host, names))
    return said(403, `not the name of this server: use its address or localhost, or pass ${allowHost}`);
  return (origin !== undefined && origin !== `http://${host}`) || !['none', 'same-origin'].includes(site)
    ? said(403, 'another site may not do this')
    : undefined;
}

const allowHost = '--allow-host';

/** Why a request is not from the page. Any site can link to it; what changes something must be JSON that it sent itself. */
function refusal(request: WireRequest, names: readonly string[]): WireResponse | undefined {
  const { method, headers } = request;
  const { host = '' } = headers;
  if (!isOwnName(host, names))
    return said(403, `open this page by the address of the server, or as localhost; or pass ${allowHost}`);
  if (method === 'GET' || method === 'HEAD') return undefined;
  return (
    fromElsewhere(request, names) ??
    (/^application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? '')
      ? undefined
      : said(415, 'the body must be JSON'))
  );
}

/** An address, a name without a dot, as containers have, or one that cannot be registered (RFC 6761, 6762, `.internal`). */
function isOwnName(host: string, names: readonly string[]): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return (
    names.some((one) => one.toLowerCase() === name) ||
    /^(?:\d+\.\d+\.\d+\.\d+|\[[\da-f:.]+\]|(?:[\w-]+\.)+(?:localhost|internal|local|test)|[\w-]+)$/.test(name)
  );
}

function page(): WireResponse {
  return { status: 200, headers: { 'content-type': 'text/html;charset=utf-8' }, body: pageHtml };
}

function said(status: number, message: string): WireResponse {
  return json({ message }, status);
}

function answer(local: LocalServer, { method, query, body = '' }: WireRequest, name: string): WireResponse {
  const isRead = method === 'GET';
  if (name === 'state' && isRead) return json(pageState(local, queryOf(query)('filter') ?? ''));
  if ((name !== 'advance' && name !== 'fault') || method !== 'POST')
    return said(404, 'there is no such thing');
  const parsed = parseJson(body);
  if (!parsed.ok || !isObject(parsed.value)) return said(400, 'the body must be a JSON object');
  return name === 'advance' ? advance(local, parsed.value) : switchFault(local, parsed.value);
}

function advance(local: LocalServer, { ms, to }: { readonly [key: string]: Json }): WireResponse {
  const before = local.now();
  const due = local.scheduler().nextDue();
  if (to === 'next' && due === Number.POSITIVE_INFINITY) return said(409, 'Nothing will fire.');
  const span = to === 'next' ? Math.max(0, due - before) : ms;
  if (typeof span !== 'number' || !(span >= 0)) return said(400, 'ms must be a number of milliseconds');
  if (span > mostMs) return said(400, 'The next fire is more than 31 days away: move on in smaller steps.');
  const fired = local.advance(span);
  const count = fired === 1 ? '1 fire' : `${fired.toLocaleString('en-US')} fires`;
  return said(
    200,
    `It is now ${utcText(Math.floor(local.now() / 1000) * 1000).replace('T', ' ')}: ${count} started.`,
  );
}

function switchFault(local: LocalServer, { kind, rate }: { readonly [key: string]: Json }): WireResponse {
  const known = local.faults.rates().find((one) => one.kind === kind);
  if (known === undefined || typeof rate !== 'number')
    return said(400, 'kind must be a fault and rate its share');
  if (!local.faults.setRate(known.kind, rate))
    return said(409, 'All shares together cannot be more than 100%: a request meets one fault at most.');
  return said(
    200,
    rate === 0 ? `${known.kind} is off.` : `${known.kind}: ${Number((rate * 100).toFixed(2))}%.`,
  );
}
