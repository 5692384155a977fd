import { utcText } from '../../cron/zone/utc.ts';
import { isObject, type Json, parseJson } from '../../model/json.ts';
import type { Scheduler } from '../core.ts';
import { json, queryOf, type WireRequest, type WireResponse } from '../wire.ts';
import { contentSecurityPolicy, pageHtml } from './generated/page-text.ts';
import type { LocalServer } from './local-server.ts';
import { pageState } from './page-state.ts';

const prefix = '/_downbeat/';

/** The longest that the page moves the clock at once, since nobody else is answered in the meantime. */
const mostMs = 31 * 86_400_000;

/** The scheduler with a page for people at `/`; what the page asks is not a request of the scheduler's. */
export function withPage(local: LocalServer): Pick<Scheduler, 'handle' | 'tick'> {
  return {
    tick: local.tick,
    handle(request) {
      const isPage = request.path === '/' && (request.method === 'GET' || request.method === 'HEAD');
      if (!isPage && !request.path.startsWith(prefix)) return local.handle(request);
      const { status, headers, body } =
        refusal(request) ?? (isPage ? page() : answer(local, request, request.path.slice(prefix.length)));
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
 * Why a request is not of the page. A name of the web that leads here (DNS rebinding) would let that site read and
 * write: only addresses and names that nobody can register are taken. What changes something must be JSON that the page
 * itself sent, which no other site can.
 */
function refusal({ method, headers }: WireRequest): WireResponse | undefined {
  const { host = '', origin } = headers;
  if (!isOwnName(host)) return said(403, 'open this page by the address of the server, or as localhost');
  if (method === 'GET' || method === 'HEAD') return undefined;
  const site = headers['sec-fetch-site'] ?? 'same-origin';
  if ((origin !== undefined && origin !== `http://${host}`) || site !== 'same-origin')
    return said(403, 'another site may not do this');
  return /^application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? '')
    ? undefined
    : said(415, 'the body must be JSON');
}

/** An address, `localhost`, or a name without a dot, as containers have: none of them can be somebody's domain. */
function isOwnName(host: string): boolean {
  return /^(?:\d+\.\d+\.\d+\.\d+|\[[\da-f:.]+\]|(?:[\w-]+\.)*localhost|[\w-]+)(?::\d+)?$/i.test(host);
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
