import { createHmac } from 'node:crypto';
import { isObject, type Json } from '../model/json.ts';
import { json, problem, type WireRequest, type WireResponse } from './wire.ts';

/** A key pair that gets tokens, as on Orkes. */
export type AccessKey = {
  readonly id: string;
  readonly secret: string;
  /** The schedules that the key may see; absent = all. Calls by name of another one are a 403. */
  readonly sees?: (name: string) => boolean;
  /** False: pause all, resume all and requeue are a 403. */
  readonly admin?: boolean;
};

export type AccessOptions = {
  /** Absent = any pair gets a token and no request needs one. */
  readonly keys?: readonly AccessKey[];
  /** The first token is refused as expired after so many requests; later ones last. */
  readonly firstTokenRequests?: number;
};

type Admission =
  | { readonly ok: true; readonly key?: AccessKey }
  | { readonly ok: false; readonly answer: WireResponse };

/** Issues and checks tokens. */
export type Access = {
  issue(credentials: Json): WireResponse;
  /** Whether a request may pass, and as whom. */
  admit(request: WireRequest): Admission;
  /** Every token issued so far is refused from now on, as expired. */
  expireTokens(): void;
  /** Every token issued so far is refused from now on, as one that never was. */
  forgetTokens(): void;
};

type TokenSource = {
  readonly now: () => number;
  readonly newId: () => string;
};

export function createAccess({ keys, firstTokenRequests }: AccessOptions, source: TokenSource): Access {
  const live = new Map<string, AccessKey | undefined>();
  /** Tokens that are over, and how they are refused. */
  const dead = new Map<string, WireResponse>();
  let requestsLeft = firstTokenRequests ?? Number.POSITIVE_INFINITY;

  function end(answer: WireResponse): void {
    for (const token of live.keys()) dead.set(token, answer);
    live.clear();
  }

  return {
    issue(credentials) {
      const { keyId, keySecret } = isObject(credentials) ? credentials : {};
      const key = keys?.find(({ id, secret }) => id === keyId && secret === keySecret);
      if (keys && key === undefined) return problem(401, 'Invalid key or secret');
      const token = webToken(key?.id ?? String(keyId ?? ''), source);
      live.set(token, key);
      return json({ token });
    },
    admit({ headers }) {
      const token = headers['x-authorization'];
      if (token !== undefined && live.has(token)) {
        requestsLeft -= 1;
        if (requestsLeft < 0) {
          end(expiredToken());
          requestsLeft = Number.POSITIVE_INFINITY;
        }
      }
      const refusal = token === undefined ? undefined : dead.get(token);
      if (refusal) return { ok: false, answer: refusal };
      if (keys === undefined) return { ok: true };
      const key = token === undefined ? undefined : live.get(token);
      return key ? { ok: true, key } : { ok: false, answer: invalidToken() };
    },
    expireTokens: () => end(expiredToken()),
    forgetTokens: () => end(invalidToken()),
  };
}

/** A JWT, since clients may look into it: whose it is, until when, and a signature that cannot be checked. */
function webToken(subject: string, { now, newId }: TokenSource): string {
  const seconds = Math.floor(now() / 1000);
  const parts = [
    { alg: 'HS256', typ: 'JWT' },
    { sub: subject, jti: newId(), iat: seconds, exp: seconds + 24 * 60 * 60 },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const content = parts.join('.');
  return `${content}.${createHmac('sha256', newId()).update(content).digest('base64url')}`;
}

/** Orkes' answer to a token that is over: the client gets another one and asks again. */
function expiredToken(): WireResponse {
  return tokenError('EXPIRED_TOKEN', 'Token has expired');
}

function invalidToken(): WireResponse {
  return tokenError('INVALID_TOKEN', 'Token is not valid');
}

function tokenError(error: string, message: string): WireResponse {
  return json({ error, message }, 401);
}
