import { isObject, parseJson } from './json.ts';

/**
 * Why a name does not work on a server (all seen on OSS 3.32.1 but the column's length).
 * - `separator`: `/` or `\`: stored, then every call by name is a 400
 * - `dots`: `.` and `..` are path segments that clients and servers take away
 * - `route`: `search` and `tags` are routes of the API
 * - `organisation`: a colon as the fifth character: the scheduler takes the four before it for an organisation
 * - `json`: a JSON object: the scheduler reads it as its own record
 * - `length`: over the 255 characters of the column on Postgres and MySQL
 * - `surrogate`: not Unicode text, so it cannot be in a URL
 */
export type NameFault = 'separator' | 'dots' | 'route' | 'organisation' | 'json' | 'length' | 'surrogate';

export type NameOddity = 'space-at-the-end' | 'control-character';

const surrogate = /\p{Surrogate}/u;

/** Why no server can serve a schedule of this name; undefined for a good name. See `NameFault` for the sources. */
export function nameFault(name: string): NameFault | undefined {
  if (/[/\\]/.test(name)) return 'separator';
  if (name === '.' || name === '..') return 'dots';
  if (name === 'search' || name === 'tags') return 'route';
  if (surrogate.test(name)) return 'surrogate';
  if (name.length > 255 && [...name].length > 255) return 'length';
  if (isJsonObject(name)) return 'json';
  if (name.indexOf(':') === 4) return 'organisation';
  return undefined;
}

/** Whether a request for a name arrives: other faults of a name do not keep it from being deleted. */
export function isReachable(name: string): boolean {
  const fault = nameFault(name);
  return name !== '' && (fault === undefined || !['separator', 'dots', 'route', 'surrogate'].includes(fault));
}

/** What makes a name that works hard to tell from another. */
export function nameOddity(name: string): NameOddity | undefined {
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)) return 'control-character';
  return name.trim() === name ? undefined : 'space-at-the-end';
}

function isJsonObject(name: string): boolean {
  if (!name.trimStart().startsWith('{')) return false;
  const parsed = parseJson(name);
  return parsed.ok && isObject(parsed.value);
}
