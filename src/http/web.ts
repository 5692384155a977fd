import type { IncomingMessage } from 'node:http';

/**
 * What ky needs of `Headers`, `Request` and `Response`. Node's own are a part of its fetch, and to name one of them
 * loads all of it, HTTP/2 too; so what is built puts these into ky in their place (`scripts/bundling.mjs`). The tests
 * run ky with Node's, and what is built with these.
 */

type HeadersInput = Iterable<readonly [string, string]> | { readonly [name: string]: string };

/** By lower-case name. */
export class LightHeaders extends Map<string, string> {
  constructor(init: HeadersInput = {}) {
    super();
    if (init instanceof LightHeaders) for (const [name, value] of init) super.set(name, value);
    else
      for (const [name, value] of Symbol.iterator in init ? init : Object.entries(init))
        this.set(name, value);
  }
  override get(name: string): string | undefined {
    return super.get(name.toLowerCase());
  }
  override has(name: string): boolean {
    return super.has(name.toLowerCase());
  }
  override delete(name: string): boolean {
    return super.delete(name.toLowerCase());
  }
  override set(name: string, value: string): this {
    return super.set(name.toLowerCase(), value.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, ''));
  }
}

type RequestOptions = {
  readonly method?: string;
  readonly headers?: HeadersInput;
  readonly body?: string;
  readonly signal?: AbortSignal;
};

export class LightRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: LightHeaders;
  readonly signal: AbortSignal;
  /** A stream, of which there is none: the body is text. */
  readonly body: null = null;
  readonly #text: string;

  constructor(input: string | URL | LightRequest, options: RequestOptions = {}) {
    const earlier = input instanceof LightRequest ? input : undefined;
    this.url = earlier?.url ?? new URL(input as string | URL).href;
    this.method = options.method ?? earlier?.method ?? 'GET';
    this.headers = new LightHeaders(options.headers ?? earlier?.headers);
    this.signal = options.signal ?? earlier?.signal ?? new AbortController().signal;
    this.#text = options.body ?? (earlier === undefined ? '' : earlier.#text);
  }
  clone(): LightRequest {
    return new LightRequest(this);
  }
  async text(): Promise<string> {
    return this.#text;
  }
}

/** Its body is that of `incoming`, to be read by whoever asked. */
export class LightResponse {
  readonly status: number;
  readonly ok: boolean;
  /** One that came several times has all its values. */
  readonly headers: LightHeaders;
  readonly body: null = null;
  readonly incoming: IncomingMessage;

  constructor(incoming: IncomingMessage) {
    const { rawHeaders, statusCode = 0 } = incoming;
    this.incoming = incoming;
    this.status = statusCode;
    this.ok = statusCode >= 200 && statusCode < 300;
    this.headers = new LightHeaders();
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
      const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
      const before = this.headers.get(name);
      this.headers.set(name, before === undefined ? value : `${before}, ${value}`);
    }
  }
}
