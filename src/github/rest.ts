import { delay, isRetryable } from '../http/retry.ts';
import { isSuccess, type Transport, type TransportResult } from '../http/transport.ts';
import { isObject, type Json, type JsonObject, parseJson } from '../model/json.ts';

export interface Access {
  readonly transport: Transport;
  /** `GITHUB_API_URL`; on GitHub Enterprise it ends in `/api/v3`. */
  readonly apiUrl: string;
  /** `GITHUB_GRAPHQL_URL`. */
  readonly graphqlUrl: string;
  /** In the header of each request and nowhere else. */
  readonly token: string;
  readonly version: string;
  readonly now: () => number;
  readonly random: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/**
 * Why GitHub did not do it.
 * - `denied`: 401, 403, 404 or 410: the token lacks the right (GitHub answers 404 for what it may not see), or issues
 *   are switched off
 * - `lost`: a write that may have been taken: its answer is a 5xx or never came
 * - `failed`: everything else
 */
export interface Refusal {
  readonly kind: 'denied' | 'lost' | 'failed';
  readonly status?: number;
  /** In one line, safe to show but for its letters: no token. */
  readonly words: string;
}

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal };

export interface Github {
  get(path: string): Promise<Outcome<Json>>;
  /** Every item of a list, page by page. */
  list(path: string): Promise<Outcome<readonly JsonObject[]>>;
  post(path: string, body: JsonObject): Promise<Outcome<Json>>;
  patch(path: string, body: JsonObject): Promise<Outcome<Json>>;
  /** A query of GraphQL that only reads; its `data`. */
  query(text: string): Promise<Outcome<JsonObject>>;
}

const attempts = 4;
const pageSize = 100;
/** 50,000 items: what is looked for is among the first. */
const mostPages = 500;
const timeoutMs = 30_000;
/** A limit that is over later than that is not waited for. */
const longestWait = 90_000;

/** GitHub's REST API, as far as the Action needs it (version 2022-11-28). */
export function githubRest(access: Access): Github {
  const { apiUrl, graphqlUrl } = access;
  const api = apiUrl.replace(/\/+$/, '');

  async function json(request: Request): Promise<Outcome<Json>> {
    const answer = await send(access, request);
    if (!answer.ok) return answer;
    const parsed = parseJson(answer.value.text);
    return parsed.ok ? { ok: true, value: parsed.value } : failed(`the answer is not JSON: ${parsed.why}`);
  }

  return {
    get: (path) => json({ method: 'GET', base: api, path, repeatable: true }),
    post: (path, body) => json({ method: 'POST', base: api, path, body, repeatable: false }),
    patch: (path, body) => json({ method: 'PATCH', base: api, path, body, repeatable: true }),

    async list(path) {
      const items: JsonObject[] = [];
      // Pages are counted, not followed by their links: an address in an answer must not get the token.
      for (let page = 1; page <= mostPages; page += 1) {
        const query = `per_page=${pageSize}&page=${page}`;
        const answer = await send(access, { method: 'GET', base: api, path, query, repeatable: true });
        if (!answer.ok) return answer;
        const parsed = parseJson(answer.value.text);
        if (!parsed.ok || !Array.isArray(parsed.value)) return failed('the answer is not a list');
        items.push(...parsed.value.filter(isObject));
        if (!/rel="?next"?/.test(answer.value.headers.link ?? '')) return { ok: true, value: items };
      }
      return failed(`more than ${mostPages * pageSize} items`);
    },

    async query(text) {
      const request = {
        method: 'POST',
        base: graphqlUrl,
        path: '',
        body: { query: text },
        repeatable: true,
      } as const;
      const answer = await json(request);
      if (!answer.ok) return answer;
      const data = isObject(answer.value) ? answer.value.data : undefined;
      return isObject(data) ? { ok: true, value: data } : failed('the answer has no data');
    },
  };
}

interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly base: string;
  readonly path: string;
  readonly query?: string;
  readonly body?: JsonObject;
  /** Sending it twice does the same as sending it once. */
  readonly repeatable: boolean;
}

interface Answered {
  readonly headers: { readonly [name: string]: string };
  readonly text: string;
}

/** With patience: trouble on the network, 5xx and limits of the rate are tried again. */
async function send(access: Access, request: Request): Promise<Outcome<Answered>> {
  const { method, base, path, query = '', body, repeatable } = request;
  for (let attempt = 1; ; attempt += 1) {
    const result = await access.transport({
      method,
      base,
      path,
      query,
      headers: {
        authorization: `Bearer ${access.token}`,
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
        'user-agent': `downbeat/${access.version}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      timeoutMs,
    });
    if (result.kind === 'answer' && isSuccess(result.status)) return { ok: true, value: result };
    const pause = pauseAfter(result, attempt, repeatable, access);
    if (pause === undefined || attempt === attempts)
      return { ok: false, refusal: refusalOf(result, repeatable, access.token) };
    await access.wait(pause);
  }
}

/** How long to wait before it is sent again, in milliseconds; undefined = it is not. Unlike Conductor, GitHub means a 500. */
function pauseAfter(
  result: TransportResult,
  attempt: number,
  repeatable: boolean,
  { now, random }: Access,
): number | undefined {
  const backoff = delay(attempt, undefined, random());
  if (result.kind === 'failed') return isRetryable(result, !repeatable, attempt) ? backoff : undefined;
  const limited = limitOf(result, now());
  // A request over the limit was not carried out.
  if (limited !== undefined) return limited <= longestWait ? Math.max(limited, backoff) : undefined;
  return repeatable && result.status >= 500 ? backoff : undefined;
}

/**
 * Milliseconds until a limit of the rate is over; undefined when the answer has none. The secondary limits are a
 * 403 or 429 with `retry-after`, or without, when a minute is asked for
 * (docs.github.com, "Rate limits for the REST API").
 */
function limitOf(
  { status, headers, text }: Extract<TransportResult, { readonly kind: 'answer' }>,
  now: number,
): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const seconds = Number.parseInt(headers['retry-after'] ?? '', 10);
  if (!Number.isNaN(seconds)) return Math.max(0, seconds) * 1000;
  if (headers['x-ratelimit-remaining'] === '0') {
    const reset = Number.parseInt(headers['x-ratelimit-reset'] ?? '', 10);
    return Number.isNaN(reset) ? 60_000 : Math.max(0, reset * 1000 - now);
  }
  return status === 429 || /secondary rate limit/i.test(text) ? 60_000 : undefined;
}

function refusalOf(result: TransportResult, repeatable: boolean, token: string): Refusal {
  const clean = (text: string): string =>
    text.replaceAll(token, '***').replace(/\s+/g, ' ').trim().slice(0, 300);
  if (result.kind === 'failed') {
    const words = clean(result.words) || `the answer cannot be read (${result.why})`;
    return { kind: repeatable || !result.sent ? 'failed' : 'lost', words };
  }
  const { status, text } = result;
  const parsed = parseJson(text);
  const message = parsed.ok && isObject(parsed.value) ? parsed.value.message : undefined;
  const silent = status === 206 ? 'only a part of the answer' : 'no reason given';
  const words = typeof message === 'string' ? clean(message) : silent;
  if ([401, 403, 404, 410].includes(status)) return { kind: 'denied', status, words };
  return { kind: !repeatable && status >= 500 ? 'lost' : 'failed', status, words };
}

function failed(words: string): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { kind: 'failed', words } };
}
