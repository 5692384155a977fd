import { isObject, type JsonObject } from '../model/json.ts';

/** A comment or an issue, as far as it matters here. */
export interface Authored {
  /** A comment's id, an issue's number. */
  readonly id: number;
  readonly body: string;
  readonly login: string;
}

/**
 * Those that we wrote under this header. The header has to be the very beginning: somebody else's text that a bot
 * repeats is not ours. Undefined for what is none of GitHub's items.
 */
export function ownOf(
  items: readonly JsonObject[],
  key: 'id' | 'number',
  { header, login }: { readonly header: string; readonly login: string },
): readonly Authored[] {
  return items.flatMap((item): readonly Authored[] => {
    const id = item[key];
    const { body, user } = item;
    const by = isObject(user) ? user.login : undefined;
    if (typeof id !== 'number' || typeof body !== 'string' || typeof by !== 'string') return [];
    return by === login && body.startsWith(header) ? [{ id, body, login: by }] : [];
  });
}
