import { commandOf, type Format } from '../argv/commands.ts';
import { flags, type Options } from '../argv/flags.ts';
import type { Request } from '../argv/program.ts';
import { type ProxyAddress, proxyFor } from '../http/proxy.ts';
import { serverUrl } from '../http/url.ts';
import type { Io } from '../io/io.ts';
import type { Config } from '../model/config.ts';
import type { ServerType } from '../model/port.ts';
import { present } from '../model/present.ts';
import { noConfiguration } from '../problems/quote.ts';
import { isSamePath } from './paths.ts';
import type { Trust } from './trust.ts';

/** What was typed or exported cannot be used: said in one line, with what to do. */
export interface UsageError {
  readonly message: string;
  readonly hint: string;
}

export type Settled<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly usage: UsageError };

export type Credentials =
  | { readonly kind: 'key'; readonly key: string; readonly secret: string }
  | { readonly kind: 'token'; readonly token: string };

/** Where the server is and how to speak to it, from flags and environment. */
export interface ConnectionSettings {
  readonly url: string;
  readonly proxy?: ProxyAddress;
  readonly credentials?: Credentials;
  readonly headers: Readonly<Record<string, string>>;
  readonly serverType?: ServerType;
  readonly timeoutMs: number;
  readonly maxRetries: number;
  readonly parallelism: number;
}

export function connectionSettings(
  options: Options,
  env: Io['env'],
  config: Config,
  trust: Trust,
): Settled<ConnectionSettings> {
  if (!trust.asksServer)
    return refuse(
      `this run contacts no server: ${trust.because}, so its configuration is not trusted`,
      '`downbeat validate` and `downbeat render` work without one',
    );
  const address = addressOf(config, env);
  if (!address.ok) return address;
  const credentials = credentialsOf(env);
  if (!credentials.ok) return credentials;
  const headers = headersOf(options.header ?? [], env);
  if (!headers.ok) return headers;
  const { timeout, maxRetries, parallelism } = options;
  const { type } = config.server;
  return {
    ok: true,
    value: {
      ...address.value,
      ...present({ credentials: credentials.value }),
      headers: headers.value,
      ...(type === 'auto' ? {} : { serverType: type }),
      timeoutMs: (timeout ?? flags.timeout.fallback) * 1000,
      maxRetries: maxRetries ?? flags['max-retries'].fallback,
      parallelism: parallelism ?? flags.parallelism.fallback,
    },
  };
}

function addressOf(config: Config, env: Io['env']): Settled<Pick<ConnectionSettings, 'url' | 'proxy'>> {
  const conflict = conflictError(config);
  if (conflict !== undefined) return { ok: false, usage: conflict };
  const { url = '' } = config.server;
  if (url === '')
    return refuse(
      'no server given',
      `pass --server URL, set CONDUCTOR_SERVER_URL, or set server.url in downbeat.yaml${unconfigured(config)}`,
    );
  const read = serverUrl(url);
  if (!read.ok)
    return refuse(
      `the server's URL is unusable: ${read.why}`,
      'it looks like https://conductor.example.com/api',
    );
  const proxy = proxyFor(read.value.base, env);
  return proxy.ok
    ? { ok: true, value: { url, ...present({ proxy: proxy.value }) } }
    : refuse(`${proxy.variable} is unusable: ${proxy.why}`, 'it looks like http://proxy.example.com:3128');
}

/** What a refusal adds where no configuration was found: it may be the reason. */
export function unconfigured({ isUnconfigured }: Pick<Config, 'isUnconfigured'>): string {
  return isUnconfigured === true ? `; ${noConfiguration}` : '';
}

/** The environment of the configuration and the one around us name two servers: neither wins by itself. */
export function conflictError({ environment, server }: Config): UsageError | undefined {
  if (server.conflict === undefined) return undefined;
  const { configured, exported } = server.conflict;
  return {
    message: `--env ${environment} names the server ${configured}, CONDUCTOR_SERVER_URL names ${exported}`,
    hint: 'unset CONDUCTOR_SERVER_URL, or choose one with --server URL',
  };
}

function credentialsOf(env: Io['env']): Settled<Credentials | undefined> {
  const key = env.CONDUCTOR_AUTH_KEY?.trim() ?? '';
  const secret = env.CONDUCTOR_AUTH_SECRET?.trim() ?? '';
  const token = env.CONDUCTOR_AUTH_TOKEN?.trim() ?? '';
  if ((key === '') !== (secret === '')) {
    const [there, missing] = key === '' ? ['SECRET', 'KEY'] : ['KEY', 'SECRET'];
    return refuse(
      `CONDUCTOR_AUTH_${there} is set and CONDUCTOR_AUTH_${missing} is not`,
      'set both, or neither for a server without authentication',
    );
  }
  if (key !== '' && token !== '') {
    return refuse(
      'both CONDUCTOR_AUTH_TOKEN and CONDUCTOR_AUTH_KEY are set',
      'unset one: a token is used as it is, a key and its secret fetch one and renew it',
    );
  }
  if (key !== '') return { ok: true, value: { kind: 'key', key, secret } };
  return { ok: true, value: token === '' ? undefined : { kind: 'token', token } };
}

/** By lower-case name. A header that was typed wins over one of `DOWNBEAT_HEADERS`, which has one on each line. */
function headersOf(typed: readonly string[], env: Io['env']): Settled<Readonly<Record<string, string>>> {
  const headers: Record<string, string> = {};
  const lines = env.DOWNBEAT_HEADERS?.split(/\r\n|[\r\n]/) ?? [];
  const exported = lines.map((text, index) => ({ text, what: `line ${index + 1} of DOWNBEAT_HEADERS` }));
  const sources = [
    ...exported.filter(({ text }) => text.trim() !== ''),
    ...typed.map((text) => ({ text, what: 'a --header' })),
  ];
  for (const { text, what } of sources) {
    const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n]*)$/.exec(text);
    if (match === null) return refuse(`${what} is not NAME:VALUE`, 'it looks like "X-Team: payments"');
    headers[(match[1] as string).toLowerCase()] = match[2] as string;
  }
  return { ok: true, value: headers };
}

/** Where each format goes. A file is a path; `stdout` is standard output. */
export interface Output {
  readonly format: Format;
  readonly to: { readonly kind: 'stdout' } | { readonly kind: 'file'; readonly path: string };
}

/** Where the command's results go, in which of the formats that it has. */
export function outputsOf({
  command,
  options,
}: Pick<Request, 'command' | 'options'>): Settled<readonly Output[]> {
  // What has no --output prints text.
  const formats = commandOf(command)?.formats ?? [flags.output.fallback];
  const typed = options.output ?? [flags.output.fallback];
  const outputs: Output[] = [];
  for (const spec of typed) {
    const at = spec.indexOf('=');
    const name = at < 0 ? spec : spec.slice(0, at);
    const format = formats.find((one) => one === name);
    if (format === undefined) {
      return refuse(`unknown output format '${name}'`, `use one of ${formats.join(', ')}`);
    }
    const path = at < 0 ? undefined : spec.slice(at + 1);
    if (path === '')
      return refuse(`--output ${spec} needs a file name`, `write --output ${format} for standard output`);
    outputs.push({ format, to: path === undefined ? { kind: 'stdout' } : { kind: 'file', path } });
  }
  // Annotations are lines that the runner takes out of the log, so they may be among text.
  const printed = outputs.filter(({ to }) => to.kind === 'stdout').map(({ format }) => format);
  if (
    printed.length > 1 &&
    !(printed.length === 2 && printed.includes('text') && printed.includes('github'))
  ) {
    return refuse('two outputs go to standard output', 'send one to a file, as in --output json=plan.json');
  }
  const twice = outputs.find(
    ({ to }, index) => to.kind === 'file' && isTaken(to.path, outputs.slice(0, index)),
  );
  if (twice?.to.kind === 'file')
    return refuse(`two outputs go to ${twice.to.path}`, 'use a separate file for each');
  return { ok: true, value: outputs };
}

/** Devices and descriptors take one output after the other. */
function isTaken(path: string, before: readonly Output[]): boolean {
  if (/^\/(?:dev|proc)\//.test(path)) return false;
  return before.some(({ to }) => to.kind === 'file' && isSamePath(to.path, path));
}

export function refuse<T>(message: string, hint: string): Settled<T> {
  return { ok: false, usage: { message, hint } };
}
