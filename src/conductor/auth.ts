import type { FailureKind } from '../model/generated/report-parts.ts';
import { type Failure, fail, type Outcome, succeed } from '../model/port.ts';
import { type Answer, decode, serverError, succeeded } from './answer.ts';
import type { TokenState } from './detect.ts';
import { tokenFrom, tokenText } from './wire.ts';

/** What the caller was given to prove who they are. Spaces around a key, secret or token are dropped. */
export type Credentials =
  | { readonly kind: 'key'; readonly key: string; readonly secret: string }
  | { readonly kind: 'token'; readonly token: string };

/** The token of a connection: fetched with the first request, renewed while it lasts. */
export interface Tokens {
  /** A token that is not too old; `undefined` = requests go without one. */
  current(): Promise<Outcome<string | undefined>>;
  /** The server refused this token: true = there is another one now, so the request may be repeated. */
  refused(token: string): Promise<Outcome<boolean>>;
  state(): TokenState;
}

export interface TokenOptions {
  readonly credentials: Credentials | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Sends `POST /token` with this body. */
  readonly ask: (body: string) => Promise<Outcome<Answer>>;
  /** Makes a failure of an answer that is not a token. */
  readonly refuse: (answer: Answer, kind?: FailureKind, words?: string) => Failure;
  /** Called with each new token before it is used. */
  readonly learn: (token: string) => void;
  /** The server must have `POST /token`: the configured server type says so. */
  readonly required: boolean;
}

/** Orkes' tokens live for some hours; every SDK renews them after 45 minutes. */
const renewAfter = 45 * 60_000;

export function tokens({ credentials, now, ask, refuse, learn, required }: TokenOptions): Tokens {
  if (credentials?.kind !== 'key') {
    const token = credentials?.token.trim();
    return {
      current: async () => succeed(token),
      refused: async () => succeed(false),
      state: () => (token === undefined ? 'none' : 'given'),
    };
  }
  let held: { readonly token: string; readonly since: number } | 'unused' | undefined;
  let fetching: Promise<Outcome<string | undefined>> | undefined;

  const fetchToken = async (): Promise<Outcome<string | undefined>> => {
    const asked = await ask(tokenText(credentials.key, credentials.secret));
    if (!asked.ok) return asked;
    const answer = asked.value;
    // OSS has no authentication and no such route. A server that gave a token before has only gone astray.
    if (answer.status === 404 && held === undefined && !required) {
      held = 'unused';
      return succeed(undefined);
    }
    if (!succeeded(answer)) return fail(refuse(answer));
    const body = decode(answer);
    if (!body.ok) return fail(refuse(answer, body.kind, body.words));
    const token = tokenFrom(body.value);
    if (token === undefined)
      return fail(refuse(answer, 'shape', 'the answer to the key and secret has no token'));
    learn(token);
    held = { token, since: now() };
    return succeed(token);
  };
  const renewed = (): Promise<Outcome<string | undefined>> => {
    fetching ??= fetchToken().finally(() => {
      fetching = undefined;
    });
    return fetching;
  };

  return {
    current: async () => {
      if (held === 'unused') return succeed(undefined);
      return held !== undefined && now() - held.since < renewAfter ? succeed(held.token) : renewed();
    },
    refused: async (token) => {
      // Another request may have had it renewed in the meantime.
      if (held !== undefined && held !== 'unused' && held.token !== token) return succeed(true);
      const fresh = await renewed();
      return fresh.ok ? succeed(fresh.value !== undefined) : fresh;
    },
    state: () => (held === 'unused' ? 'unused' : held === undefined ? 'none' : 'exchanged'),
  };
}

const staleToken = new Set(['EXPIRED_TOKEN', 'INVALID_TOKEN', 'ERROR_WHILE_FETCHING']);

/**
 * Whether an answer means that the token is no longer good, rather than that its owner may not do this. A 401 that is
 * not JSON comes from a proxy or gateway.
 */
export function isStaleToken(answer: Answer): boolean {
  if (answer.status !== 401 && answer.status !== 403) return false;
  const error = serverError(answer);
  return error === undefined ? answer.status === 401 : staleToken.has(error.code ?? '');
}
