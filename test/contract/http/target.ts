import { randomUUID } from 'node:crypto';
import { isObject, type Json, type JsonObject, objectOf, parseJson } from '../../../src/model/json.ts';

/** A server under contract, real or local. */
export interface Target {
  /** Scheme, host and port. */
  readonly url: string;
  /** The server's clock, epoch milliseconds. */
  now(): number;
  /** Lets the server's clock move on; only a local one need not be waited for. */
  wait(ms: number): Promise<void>;
}

/** One request. A body that is text is sent as it is. */
export interface Ask {
  readonly method: string;
  /** With query, as it goes over the wire. */
  readonly path: string;
  readonly body?: unknown;
  /** Content type of the body; default JSON. */
  readonly type?: string;
  /** Sent in chunks, without a length. */
  readonly chunked?: true;
}

/** An answer with everything in its place that differs from run to run. */
export interface Answer {
  readonly status: number;
  /** `null` = none. */
  readonly type: string | null;
  /** JSON as a value, a page as `<html>`, zero bytes as `''`. */
  readonly body: Json;
}

/** Sends one request and answers it as it came, JSON read. */
export async function askRaw(target: Target, { method, path, body, type, chunked }: Ask): Promise<Answer> {
  const text = body === undefined || typeof body === 'string' ? body : writeBody(body as Json);
  const response = await fetch(`${target.url}${path}`, {
    method,
    redirect: 'manual',
    headers: text === undefined ? {} : { 'content-type': type ?? 'application/json' },
    ...(text === undefined
      ? {}
      : chunked
        ? { body: new Blob([text]).stream() as ReadableStream, duplex: 'half' as const }
        : { body: text }),
  });
  const answer = await response.text();
  const contentType = response.headers.get('content-type');
  return { status: response.status, type: contentType, body: bodyOf(answer, contentType) };
}

/** Sends one request and answers what must be the same on every server and in every run. */
export async function ask(target: Target, request: Ask): Promise<Answer> {
  const answer = await askRaw(target, request);
  return { ...answer, body: settled(answer.body) };
}

function writeBody(body: Json): string {
  return JSON.stringify(body, (_key, value: unknown) =>
    typeof value === 'bigint' ? `#${value}#` : value,
  ).replace(/"#(-?\d+)#"/g, '$1');
}

function bodyOf(text: string, type: string | null): Json {
  if (type?.startsWith('text/html')) return /<html/i.test(text) ? '<html>' : text;
  if (type !== 'application/json' || text === '') return text;
  const parsed = parseJson(text);
  if (!parsed.ok) throw new Error(`not JSON (${parsed.why}): ${text.slice(0, 200)}`);
  return parsed.value;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

// Fields whose values are the server's own. A zero in one of them means "never" and stays.
const times = new Set(['createTime', 'updatedTime', 'updateTime', 'executionTime', 'scheduledTime']);

/** Puts names in the place of ids, moments, host names and of words that only one JSON reader has. */
function settled(value: Json, key = ''): Json {
  if (times.has(key) && typeof value === 'number' && value > 1_600_000_000_000) return '<time>';
  if (key === 'instance') return '<host>';
  if (typeof value === 'string') return settledText(value, key);
  if (Array.isArray(value)) {
    const items = value.map((item) => settled(item));
    return key === 'validationErrors' ? items.sort(byPath) : items;
  }
  if (!isObject(value)) return value;
  return objectOf(Object.entries(value).map(([name, item]) => [name, settled(item, name)]));
}

function byPath(a: Json, b: Json): number {
  return String((a as JsonObject).path) < String((b as JsonObject).path) ? -1 : 1;
}

// Words of libraries behind the server, of which there are dozens for one kind of mistake.
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^JSON parse error: .*$/s, 'JSON parse error'],
  [/^Required request body is missing.*$/s, 'Required request body is missing'],
  [/^(?:Zone offset .* not in valid range|Invalid ID for ZoneOffset).*$/s, 'bad zone offset'],
];

function settledText(text: string, key: string): string {
  if (uuid.test(text)) return '<id>';
  if (key === 'stackTrace') return text.split('\n', 1)[0] ?? '';
  if (key !== 'message') return text;
  return kinds.reduce((words, [pattern, kind]) => words.replace(pattern, kind), text);
}

/** A word that no other run uses: names that begin with it meet neither leftovers nor old history. */
export function freshWord(): string {
  return `c${randomUUID().slice(0, 8)}`;
}
