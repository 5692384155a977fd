import { BlockList, isIP } from 'node:net';
import { present } from '../model/present.ts';
import { type Basic, httpUrl } from './url.ts';

/** The environment, of which only the proxy variables are looked at: lower case before upper, as curl does. */
export interface Environment {
  readonly [name: string]: string | undefined;
}

/** A proxy taken apart, so that no part with a secret is ever printed. */
export interface ProxyAddress {
  /** Scheme, host and port: without user and password. */
  readonly url: string;
  readonly basic?: Basic;
}

export type ReadProxy =
  | { readonly ok: true; readonly value: ProxyAddress | undefined }
  /** `variable` is the one that was read; `why` is safe to print. */
  | { readonly ok: false; readonly variable: string; readonly why: string };

/**
 * The proxy that requests to a server go through by `HTTPS_PROXY` or `HTTP_PROXY`, depending on the scheme of its
 * URL, and `NO_PROXY`. A server on this machine never goes through a proxy, which would look for it on its own machine.
 */
export function proxyFor(base: string, environment: Environment): ReadProxy {
  const server = new URL(base);
  const upper = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const [variable, text] = read(environment, upper);
  if (text === '' || goesAround(server, read(environment, 'NO_PROXY')[1]))
    return { ok: true, value: undefined };
  const parsed = httpUrl(text.includes('://') ? text : `http://${text}`);
  if (!parsed.ok) return { ok: false, variable, why: parsed.why };
  const { url, basic } = parsed;
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    return { ok: false, variable, why: 'it must end after the host and port' };
  return { ok: true, value: { url: url.origin, ...present({ basic }) } };
}

function read(environment: Environment, upper: string): readonly [variable: string, text: string] {
  const lower = upper.toLowerCase();
  const variable = environment[lower] === undefined ? upper : lower;
  return [variable, environment[variable]?.trim() ?? ''];
}

/**
 * Whether a server is reached without the proxy: an entry is a host, which stands for its subdomains too, an address,
 * a network such as `10.0.0.0/8`, each with a `:port` if need be, or `*` for everything.
 */
function goesAround(server: URL, entries: string): boolean {
  const host = server.hostname.replace(/^\[|\]$|\.$/g, '');
  const port = server.port || (server.protocol === 'https:' ? '443' : '80');
  if (isLocal(host)) return true;
  return entries.split(/[\s,]+/).some((entry) => {
    if (entry === '*') return true;
    // What has several colons and no brackets is an address of IPv6 without a port.
    const [, inBrackets, plain, itsPort = port] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
    const wanted = (inBrackets ?? plain ?? entry).toLowerCase().replace(/^\*?\.|\.$/g, '');
    if (wanted === '' || itsPort !== port) return false;
    return host === wanted || host.endsWith(`.${wanted}`) || isIn(host, wanted);
  });
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || isIn(host, '127.0.0.0/8');
}

/** Whether an address is in a network, `ADDRESS/BITS`; false for everything that is none. */
function isIn(host: string, network: string): boolean {
  const [, address = '', bits = ''] = /^(.+)\/(\d{1,3})$/.exec(network) ?? [];
  const family = isIP(address);
  if (family === 0 || isIP(host) !== family || Number(bits) > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(address, Number(bits), type);
  return list.check(host, type);
}
