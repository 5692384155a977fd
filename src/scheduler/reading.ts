import { type Json, parseJson } from '../model/json.ts';
import type { AccessKey } from './access.ts';
import { problem, type WireRequest, type WireResponse } from './wire.ts';

/** One request on its way into a handler. */
export interface Call {
  readonly request: WireRequest;
  /** The decoded `{x}` segments. */
  readonly parameters: readonly string[];
  readonly query: (name: string) => string | undefined;
  /** Who asks; absent = nobody in particular. */
  readonly key?: AccessKey;
}

/** Runs a handler on the parsed body; the refusals are Spring's, in its order. */
export function withBody({ request }: Call, action: (body: Json) => WireResponse): WireResponse {
  const { body = '' } = request;
  if (body === '') return problem(500, 'Required request body is missing');
  const type = request.headers['content-type'];
  if (!/^application\/(?:[^;\s]+\+)?json\s*(?:;|$)/i.test(type ?? ''))
    return problem(500, unsupportedType(type));
  const parsed = parseJson(body);
  if (!parsed.ok) return problem(500, `JSON parse error: ${parsed.why}`);
  return parsed.value === null ? problem(500, 'Required request body is missing') : action(parsed.value);
}

function unsupportedType(type: string | undefined): string {
  if (type === undefined) return "Content-Type 'application/octet-stream' is not supported";
  if (!type.includes('/')) return `Invalid mime type "${type}": does not contain '/'`;
  return `Content-Type '${/charset=/i.test(type) ? type : `${type};charset=UTF-8`}' is not supported`;
}

/** Runs a handler on `int` parameters; a blank one counts as absent, another text is Spring's 500. */
export function withNumbers<K extends string>(
  call: Call,
  defaults: { readonly [P in K]: number },
  action: (numbers: { readonly [P in K]: number }) => WireResponse,
): WireResponse {
  const numbers: { [name: string]: number } = { ...defaults };
  for (const name of Object.keys(defaults)) {
    const text = call.query(name) ?? '';
    if (text === '') continue;
    if (!isWhole(text)) return unconvertible(name, 'int', forInput(text));
    numbers[name] = Number(text);
  }
  return action(numbers as { readonly [P in K]: number });
}

/** Runs a handler on optional epoch milliseconds, in the order of their names. */
export function withTimes(
  call: Call,
  names: readonly string[],
  action: (times: readonly (number | undefined)[]) => WireResponse,
): WireResponse {
  const times: (number | undefined)[] = [];
  for (const name of names) {
    const text = call.query(name) ?? '';
    if (text !== '' && !isWhole(text)) return unconvertible(name, 'java.lang.Long', forInput(text));
    times.push(text === '' ? undefined : Number(text));
  }
  return action(times);
}

export function isWhole(text: string): boolean {
  return /^[+-]?\d+$/.test(text);
}

/** Java's words for text that is no number. */
export function forInput(text: string): string {
  return `For input string: "${text}"`;
}

/** Spring's 500 for a parameter of the wrong type (OSS 3.32.1). */
export function unconvertible(parameter: string, type: string, cause: string): WireResponse {
  return problem(
    500,
    `Method parameter '${parameter}': Failed to convert value of type 'java.lang.String' to required type '${type}'; ${cause}`,
  );
}
