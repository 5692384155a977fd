import { lettersOf } from '../law/letters.ts';
import type { RawAnswer } from './exchange.ts';

/** What must be the same on both servers. */
export type Settled = {
  readonly status: number | 'closed';
  readonly type: string | null;
  /** The verbs of a route, where a server says them. */
  readonly allow: string | null;
  /** JSON as a value with numbers by the letter, a page as `<html>`, else text. */
  readonly body: unknown;
};

/** An answer with everything in its place that differs from run to run: times, ids, host names, words of JSON errors. */
export function settle(answer: RawAnswer): Settled {
  if (answer === null) return { status: 'closed', type: null, allow: null, body: '' };
  const { status, headers } = answer;
  const type = headers['content-type'] ?? null;
  const text = answer.body.toString('utf8');
  const isPage = /^text\/html/.test(type ?? '');
  return {
    status,
    type: isPage ? 'text/html' : type,
    allow:
      headers.allow === undefined
        ? null
        : headers.allow
            .split(/\s*,\s*/)
            .sort()
            .join(','),
    body: isPage ? '<html>' : bodyOf(text, type),
  };
}

function bodyOf(text: string, type: string | null): unknown {
  if (text === '' || !/json/.test(type ?? '')) return uuid.test(text) ? '<id>' : text;
  try {
    return settled(lettersOf(text));
  } catch {
    return { 'not JSON': text };
  }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const times = new Set(['createTime', 'updatedTime', 'updateTime', 'startTime', 'endTime']);

function settled(value: unknown, key = ''): unknown {
  if (key === 'instance') return '<host>';
  if (typeof value === 'string') return key === 'message' ? words(value) : uuid.test(value) ? '<id>' : value;
  if (Array.isArray(value)) {
    const items = value.map((item) => settled(item));
    return key === 'validationErrors' ? items.sort((a, b) => (sorted(a) < sorted(b) ? -1 : 1)) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const number = (value as { readonly 'number as written'?: string })['number as written'];
  if (number !== undefined)
    return times.has(key) && Number(number) > 1.7e12 && Number(number) < 4e12 ? '<time>' : { number };
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, settled(item, name)]));
}

// Words of libraries behind the server, of which there are dozens for one kind of mistake.
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^JSON parse error: .*$/s, 'JSON parse error'],
  [/^Required request body is missing.*$/s, 'Required request body is missing'],
  [/^Invalid (?:mime|media) type .*$/s, 'Invalid mime type'],
  [
    /^(?:Zone offset .* not in valid range|Invalid ID for ZoneOffset|Invalid ID for offset-based).*$/s,
    'bad zone offset',
  ],
];

function words(message: string): string {
  return kinds.reduce((text, [pattern, kind]) => text.replace(pattern, kind), message);
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/** Where two answers differ, as paths with both values; empty = nowhere. */
export function differencesOf(real: unknown, local: unknown, path = ''): readonly string[] {
  if (isFields(real) && isFields(local))
    return [...new Set([...Object.keys(real), ...Object.keys(local)])].flatMap((key) =>
      differencesOf(own(real, key), own(local, key), `${path}.${key}`),
    );
  if (Array.isArray(real) && Array.isArray(local) && real.length === local.length)
    return real.flatMap((item, index) => differencesOf(item, local[index], `${path}[${index}]`));
  return sorted(real) === sorted(local) ? [] : [`${path}: real ${brief(real)}, local ${brief(local)}`];
}

function own(fields: { readonly [key: string]: unknown }, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

function isFields(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function brief(value: unknown): string {
  const text = value === undefined ? 'nothing' : sorted(value);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
