import type { Json } from '../model/json.ts';
import type { AccessKey } from './access.ts';
import type { Coerced, JavaType } from './body/beans.ts';
import { type Decoded, decode } from './body/decode.ts';
import { decimalOf } from './body/digits.ts';
import { readJson } from './body/json-reader.ts';
import { parseMediaType } from './body/media-type.ts';
import { problem, type Query, type WireRequest, type WireResponse } from './wire.ts';

/** One request on its way into a handler. */
export type Call = {
  readonly request: WireRequest;
  /** The decoded `{x}` segments. */
  readonly parameters: readonly string[];
  readonly query: Query;
  /** Who asks; absent = not known. */
  readonly key?: AccessKey;
};

/** Runs a handler on the parsed body; the refusals are Spring's, in its order. */
export function withBody({ request }: Call, action: (body: Json) => WireResponse): WireResponse {
  const { body = '', bytes } = request;
  const written = request.headers['content-type']?.trim() ?? '';
  const type = written === '' ? undefined : parseMediaType(written);
  if (type?.ok === false) return problem(type.status, type.why);
  const missing = problem(500, 'Required request body is missing');
  if (type === undefined)
    return body === '' ? missing : problem(500, "Content-Type 'application/octet-stream' is not supported");
  if (type.type !== 'application' || !/^(?:json|[^+]*\+json|.*\+json)$/.test(type.subtype))
    return problem(500, `Content-Type '${type.written}' is not supported`);
  if (body === '') return missing;
  const decoded: Decoded = bytes === undefined ? { ok: true, text: body } : decode(bytes, type.charset);
  const read = decoded.ok ? readJson(decoded.text) : decoded;
  if (!read.ok) return problem(500, `JSON parse error: ${read.why}`);
  return read.value === null ? missing : action(read.value);
}

/** Runs a handler on a body of a Java type. */
export function withTyped(call: Call, type: JavaType, action: (value: Json) => WireResponse): WireResponse {
  return withBody(call, (body) => {
    const read: Coerced = type(body);
    return read.ok ? action(read.value) : problem(500, `JSON parse error: ${read.why}`);
  });
}

/** Runs a handler on `int` parameters; a space one counts as absent, another text is Spring's 500. */
export function withNumbers<K extends string>(
  call: Call,
  defaults: { readonly [P in K]: number },
  action: (numbers: { readonly [P in K]: number }) => WireResponse,
): WireResponse {
  const numbers: { [name: string]: number } = { ...defaults };
  for (const name of Object.keys(defaults)) {
    const values = call.query.all(name);
    const [text = ''] = values;
    if (text === '' && values.length < 2) continue;
    const value = integerOf(text, 32);
    if (value === undefined) return unconvertible(name, 'int', forInput(values.join(',')), values);
    numbers[name] = Number(value);
  }
  return action(numbers as { readonly [P in K]: number });
}

/** Runs a handler on an optional whole number of so many bits. */
export function withBoxed(
  call: Call,
  name: string,
  bits: 32 | 64,
  action: (value: number | undefined) => WireResponse,
): WireResponse {
  const values = call.query.all(name);
  const [text = ''] = values;
  if (text === '' || (text.trim() === '' && values.length < 2)) return action(undefined);
  const value = integerOf(text, bits);
  if (value !== undefined) return action(Number(value));
  const type = bits === 32 ? 'java.lang.Integer' : 'java.lang.Long';
  return unconvertible(name, type, forInput(values.join(',')), values);
}

/** Runs a handler on an optional boolean: the words of Spring's StringToBooleanConverter. */
export function withTruth(
  call: Call,
  name: string,
  type: 'boolean' | 'java.lang.Boolean',
  action: (value: boolean | undefined) => WireResponse,
): WireResponse {
  const values = call.query.all(name);
  const [text = ''] = values;
  const word = text.trim().toLowerCase();
  const isAbsent = type === 'boolean' ? text === '' && values.length < 2 : word === '';
  if (isAbsent) return action(undefined);
  if (['true', 'on', 'yes', '1'].includes(word)) return action(true);
  if (['false', 'off', 'no', '0'].includes(word)) return action(false);
  return unconvertible(name, type, `Invalid boolean value [${values.join(',')}]`, values);
}

/**
 * Text as Spring's NumberUtils reads a whole number: spaces anywhere do not count, `0x` and `#` begin a hexadecimal
 * one, digits of any script are digits. `undefined` = it is none, or it does not fit into so many bits.
 */
export function integerOf(text: string, bits: 32 | 64): bigint | undefined {
  const trimmed = text.replace(/\s/g, '');
  const [, sign = '', hexadecimal] = /^(-?)(?:0x|0X|#)([0-9a-fA-F]+)$/.exec(trimmed) ?? [];
  const amount = hexadecimal === undefined ? decimalOf(trimmed) : BigInt(`0x${hexadecimal}`);
  if (amount === undefined) return undefined;
  const value = hexadecimal !== undefined && sign === '-' ? -amount : amount;
  return BigInt.asIntN(bits, value) === value ? value : undefined;
}

/** Java's words for text that is not a number. */
export function forInput(text: string): string {
  const trimmed = text.replace(/\s/g, '');
  const [, sign = '', digits] = /^(-?)(?:0x|0X|#)(.*)$/s.exec(trimmed) ?? [];
  return digits === undefined
    ? `For input string: "${trimmed}"`
    : `For input string: "${sign}${digits}" under radix 16`;
}

/** Spring's 500 for a parameter of the wrong type (OSS 3.32.1). */
export function unconvertible(
  parameter: string,
  type: string,
  cause: string,
  values: readonly string[] = [],
): WireResponse {
  const given = values.length > 1 ? 'java.lang.String[]' : 'java.lang.String';
  return problem(
    500,
    `Method parameter '${parameter}': Failed to convert value of type '${given}' to required type '${type}'; ${cause}`,
  );
}
