import { present } from '../model/present.ts';
/** User and password for Basic authentication. */
export interface Basic {
  readonly user: string;
  readonly password: string;
}

/** Where a server is, taken apart so that no part with a secret is ever printed. */
export interface ServerUrl {
  /** Scheme, host and path, ending in `/api`: without user, password and query, so safe to print. */
  readonly base: string;
  /** From `user:password@`, percent-decoded: Basic authentication, usually a proxy's. */
  readonly basic?: Basic;
}

export type ReadServerUrl =
  | { readonly ok: true; readonly value: ServerUrl }
  | { readonly ok: false; readonly why: string };

/**
 * Reads a server's URL as Conductor's own tools do: with or without `/api`, any number of slashes at the end,
 * `user:password@` for Basic authentication. `why` is safe to print.
 */
export function serverUrl(text: string): ReadServerUrl {
  const read = httpUrl(text.trim());
  if (!read.ok) return read;
  const { url, basic } = read;
  if (url.search !== '' || url.hash !== '')
    return { ok: false, why: 'it must not have a query or a fragment' };
  const path = url.pathname.replace(/\/+$/, '');
  const base = `${url.origin}${path.endsWith('/api') ? path : `${path}/api`}`;
  return { ok: true, value: { base, ...present({ basic }) } };
}

export type ReadHttpUrl =
  | { readonly ok: true; readonly url: URL; readonly basic?: Basic }
  /** `why` quotes nothing, so it is safe to print. */
  | { readonly ok: false; readonly why: string };

/**
 * Takes an http(s) URL apart. `new URL` guesses where a part is ambiguous: of `http://user:S3cr@Passw0rd#1@proxy` it
 * makes the host `passw0rd`, and it drops line breaks. Here, whatever would need a guess is refused.
 */
export function httpUrl(text: string): ReadHttpUrl {
  if (/^(?!https?:)[a-z][a-z0-9+.-]*:/i.test(text))
    return { ok: false, why: 'it must begin with http:// or https://' };
  const [, authority, rest] = /^https?:\/\/([^/?#]+)(.*)$/is.exec(text) ?? [];
  if (authority === undefined || rest === undefined) return { ok: false, why: 'not a URL' };
  const [host, userinfo, ...more] = authority.split('@').reverse();
  if (more.length > 0 || rest.includes('@') || /%(?![0-9a-f]{2})/i.test(userinfo ?? ''))
    return { ok: false, why: 'an @, /, ?, # or % in its user or password must be percent-encoded' };
  if (/[\s\\<>"`{}|^\p{Cc}\p{Surrogate}]/u.test(text))
    return { ok: false, why: 'it has a character that is not allowed in a URL' };
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { ok: false, why: 'not a URL' };
  }
  if (userinfo === undefined) return { ok: true, url };
  if (host === '' || userinfo === '') return { ok: false, why: 'not a URL' };
  const [user, password] = [decoded(url.username), decoded(url.password)];
  if (user === undefined || password === undefined)
    return { ok: false, why: 'its user or password is not percent-encoded UTF-8' };
  return { ok: true, url, basic: { user, password } };
}

/** The value of an `Authorization` header. */
export function basicText({ user, password }: Basic): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/**
 * A schedule's name as one segment of a path, or `undefined` if it cannot be one: URL parsers resolve `.` and `..`
 * even when they are percent-encoded, Tomcat refuses an encoded slash or backslash with a 400 (OSS v3.32.1), an empty
 * segment is another route, and half a surrogate pair has no UTF-8.
 */
export function segment(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..' || /[/\\]|\p{Surrogate}/u.test(name)) return undefined;
  return encoded(name);
}

/** Percent-encoded as UTF-8; half a surrogate pair, which has none, becomes the replacement character. */
export function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'));
}

/** Parameters of a query. What is `undefined` is left out. */
export interface Query {
  readonly [parameter: string]: string | number | undefined;
}

/** The query as text, percent-encoded, without `?`; empty when there is nothing in it. */
export function queryText(query: Query): string {
  return Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${encoded(String(value))}`)
    .join('&');
}
