import type { NameFault, NameOddity } from './diagnostic.ts';
import { isObject, parseJson } from './json.ts';

/** Why no server can serve a schedule of this name; undefined for a good name. See `NameFault` for the sources. */
export function nameFault(name: string): NameFault | undefined {
  if (/[/\\]/.test(name)) return 'separator';
  if (name === '.' || name === '..') return 'dots';
  if (name === 'search' || name === 'tags') return 'route';
  if (/\p{Surrogate}/u.test(name)) return 'surrogate';
  if ([...name].length > 255) return 'length';
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
  return name.trim() === name ? undefined : 'blank-at-the-end';
}

function isJsonObject(name: string): boolean {
  if (!name.trimStart().startsWith('{')) return false;
  const parsed = parseJson(name);
  return parsed.ok && isObject(parsed.value);
}
