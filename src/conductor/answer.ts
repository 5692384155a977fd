import { isSuccess } from '../http/transport.ts';
import { isObject, type Json, type JsonObject, parseJson } from '../model/json.ts';

/** An answer of any status, and which attempt brought it. */
export interface Answer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: { readonly [name: string]: string };
  readonly text: string;
  readonly attempts: number;
}

export type Decoded =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly kind: 'html' | 'not-json' | 'cut-off'; readonly words: string };

export function succeeded({ status }: Pick<Answer, 'status'>): boolean {
  return isSuccess(status);
}

export function isHtml({ headers, text }: Answer): boolean {
  return /^text\/html\b/i.test(headers['content-type'] ?? '') || /^\s*<(?:!doctype|html)\b/i.test(text);
}

const decodedAnswers = new WeakMap<Answer, Decoded>();

/**
 * The value of an answer that must be JSON, read once. The content type has to say so as well: a gateway's page or a
 * body that a proxy made up is not an evidence of what the scheduler has.
 */
export function decode(answer: Answer): Decoded {
  const known = decodedAnswers.get(answer);
  if (known !== undefined) return known;
  const decoded = readJson(answer);
  decodedAnswers.set(answer, decoded);
  return decoded;
}

function readJson(answer: Answer): Decoded {
  if (isHtml(answer)) return { ok: false, kind: 'html', words: wordsOf(answer) };
  const type = answer.headers['content-type'] ?? '';
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(type)) {
    const what = answer.text === '' ? 'an empty answer' : type === '' ? 'no content type' : type;
    return { ok: false, kind: 'not-json', words: `${what} where JSON was expected` };
  }
  const parsed = parseJson(answer.text);
  if (parsed.ok) return parsed;
  return endsEarly(answer.text)
    ? { ok: false, kind: 'cut-off', words: `the answer ends after ${answer.text.length} characters` }
    : { ok: false, kind: 'not-json', words: parsed.why };
}

/** True for a text that opens more brackets than it closes, or ends inside of a string. One pass, whatever the text. */
function endsEarly(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
  }
  return quoted || depth > 0;
}

/** An error as Conductor writes it, or as Orkes' gateway does. */
export interface ServerError {
  /** The status once more, in the body: the scheduler's own errors have it. */
  readonly status?: number;
  readonly message?: string;
  /** Orkes' word for what is wrong with a token. */
  readonly code?: string;
  readonly retryable: boolean;
  readonly validation: readonly string[];
}

/** No error of Conductor's comes near this, in characters; an HTML page has its title in the first part of it. */
const longestError = 1_000_000;
const longestHead = 10_000;

const serverErrors = new WeakMap<Answer, ServerError | undefined>();

/** The error in a body, read once; `undefined` when it is not a JSON object. */
export function serverError(answer: Answer): ServerError | undefined {
  if (serverErrors.has(answer)) return serverErrors.get(answer);
  const error = readError(answer);
  serverErrors.set(answer, error);
  return error;
}

function readError({ text }: Answer): ServerError | undefined {
  if (text.length > longestError || !text.trimStart().startsWith('{')) return undefined;
  const parsed = parseJson(text);
  if (!parsed.ok || !isObject(parsed.value)) return undefined;
  const { status, message, error, retryable, validationErrors } = parsed.value;
  return {
    ...(typeof status === 'number' ? { status } : {}),
    ...(typeof message === 'string' ? { message } : {}),
    ...(typeof error === 'string' ? { code: error } : {}),
    retryable: retryable === true,
    validation: Array.isArray(validationErrors) ? validationErrors.filter(isObject).map(validationText) : [],
  };
}

function validationText({ path, message }: JsonObject): string {
  return [path, message].filter((part) => typeof part === 'string').join(': ');
}

/**
 * The server's message, for people. Of a JSON error only its message and the list of what is invalid: `instance`
 * names a host of the server's network.
 */
export function wordsOf(answer: Answer): string {
  const error = serverError(answer);
  if (error !== undefined) return [error.message ?? error.code ?? '', ...error.validation].join(' ').trim();
  if (!isHtml(answer)) return answer.text;
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(answer.text.slice(0, longestHead))?.[1]?.trim();
  return title ? `an HTML page, "${title}"` : 'an HTML page';
}

/**
 * The answer of a route or verb that this server does not have: 405, a 404 of Spring's resource handler, a 404 of
 * something that is not a scheduler, or OSS before 3.32.0, which says 500 to a wrong verb.
 */
export function isUnknownRoute(answer: Answer): boolean {
  if (answer.status === 405) return true;
  const error = serverError(answer);
  if (answer.status === 404)
    return error === undefined || (error.message ?? '').startsWith('No static resource');
  return answer.status === 500 && /Request method '\w+' is not supported/.test(error?.message ?? '');
}

/**
 * Whether a 404 is from the scheduler and means that the schedule does not exist. A gateway's 404 proves nothing; the
 * scheduler's error repeats the status in its body or names the schedule (OSS v3.32.1, v3.23.0).
 */
export function isMissing(answer: Answer, name: string): boolean {
  if (answer.status !== 404 || isUnknownRoute(answer)) return false;
  const error = serverError(answer);
  return error?.message !== undefined && (error.status === 404 || error.message.includes(name));
}
