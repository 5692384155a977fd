import { type Json, writeJson } from '../model/json.ts';

/** Query parameters as Spring binds them. */
export type Query = {
  /** To text: repeated ones are joined by a comma. */
  (name: string): string | undefined;
  /** Every value of it, in order. */
  readonly all: (name: string) => readonly string[];
};

/** One HTTP request, as the core sees it. */
export type WireRequest = {
  readonly method: string;
  /** Raw: still percent-encoded, from the server's root (`/api/scheduler/schedules/a%20b`), without the query. */
  readonly path: string;
  /** Raw, without the question mark; `''` = none. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string };
  /** As text; absent or `''` = no body. */
  readonly body?: string;
  /** The body as it came over the wire, in whatever encoding. */
  readonly bytes?: Uint8Array;
};

/** One HTTP answer. What cannot be said in HTTP itself (a broken connection) is beside it. */
export type WireResponse = {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
  /** Wait so many milliseconds before answering. */
  readonly delayMs?: number;
  /** `reset`: the connection is dropped instead. `cut-off`: it is dropped in the middle of the body. */
  readonly broken?: 'reset' | 'cut-off';
};

const jsonHeaders = { 'content-type': 'application/json' };
const noHeaders = {};

/** 200 with a JSON text that is already written. */
export function jsonText(body: string): WireResponse {
  return { status: 200, headers: jsonHeaders, body };
}

export function json(value: Json, status = 200): WireResponse {
  return { status, headers: jsonHeaders, body: writeJson(value) };
}

/** A success without a body: zero bytes and no content type, as Spring answers for a void method. */
export function empty(): WireResponse {
  return { status: 200, headers: noHeaders, body: '' };
}

/** No answer: the connection is dropped. */
export function reset(): WireResponse {
  return { status: 0, headers: noHeaders, body: '', broken: 'reset' };
}

export function plainText(body: string): WireResponse {
  return { status: 200, headers: { 'content-type': 'text/plain;charset=UTF-8' }, body };
}

/** An error in Conductor's form (OSS ErrorResponse). A real server puts its host name into `instance`. */
export function problem(status: number, message: string): WireResponse {
  return json({ status, message, instance: 'local', retryable: false }, status);
}

export type Violation = {
  readonly path: string;
  readonly message: string;
  readonly invalidValue?: string;
};

/** The 400 of bean validation; unlike other errors it has no `instance` (seen on OSS 3.32.1). */
export function invalid(violations: readonly Violation[]): WireResponse {
  const message = 'Validation failed, check below errors for detail.';
  const validationErrors = violations.map((violation) => ({ ...violation }));
  return json({ status: 400, message, retryable: false, validationErrors }, 400);
}

/** What everything outside `/api` answers to a GET: the start page, with a success status (OSS 3.32.1). */
export function startPage(): WireResponse {
  return {
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<!DOCTYPE html>\n<html lang="en"><head><title>Conductor</title></head><body>Conductor (local scheduler)</body></html>\n',
  };
}

/** What Tomcat answers to a path it refuses, before Conductor sees it. */
export function badPath(): WireResponse {
  return {
    status: 400,
    headers: { 'content-type': 'text/html;charset=utf-8', 'content-language': 'en' },
    body: '<!doctype html><html lang="en"><head><title>HTTP Status 400 – Bad Request</title></head><body><h1>HTTP Status 400 – Bad Request</h1></body></html>',
  };
}

/** The parameters of a query as Tomcat reads them: one with a broken escape does not count. */
export function queryOf(raw: string): Query {
  const values = new Map<string, string[]>();
  for (const part of raw.split('&')) {
    const equals = part.indexOf('=');
    const name = decoded(equals < 0 ? part : part.slice(0, equals));
    const value = decoded(equals < 0 ? '' : part.slice(equals + 1));
    if (name === undefined || name === '' || value === undefined) continue;
    const known = values.get(name);
    if (known) known.push(value);
    else values.set(name, [value]);
  }
  return Object.assign((name: string) => values.get(name)?.join(','), {
    all: (name: string) => values.get(name) ?? [],
  });
}

/** `+` is a space; bytes that are not UTF-8 become the replacement character. `undefined` = a broken escape. */
function decoded(text: string): string | undefined {
  const spaced = text.replaceAll('+', ' ');
  if (!spaced.includes('%')) return spaced;
  if (/%(?![0-9a-fA-F]{2})/.test(spaced)) return undefined;
  const bytes = spaced.replace(/%(..)/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
