import http, { type ClientRequest, type RequestOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { present } from '../model/present.ts';
import type { ProxyAddress } from './proxy.ts';
import { basicText } from './url.ts';

/** Begins a request, whose connection is kept for others. Throws where a header cannot be sent. */
export type Way = (url: URL, options: RequestOptions) => ClientRequest;

/** An idle connection is closed after so many milliseconds: sooner than servers do. */
const keeping = { keepAlive: true, timeout: 4000 };

/**
 * The way to servers of this scheme, `http:` or `https:`. Through a proxy, requests to https:// have a tunnel; those to
 * http:// go as they are, since many proxies refuse a tunnel to any port but 443.
 */
export async function wayTo(protocol: string, proxy: ProxyAddress | undefined): Promise<Way> {
  if (proxy === undefined) return direct(await clientFor(protocol));
  const { hostname, port, protocol: proxyProtocol } = new URL(proxy.url);
  const client = await clientFor(proxyProtocol);
  const through: Through = {
    client,
    to: {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? (proxyProtocol === 'https:' ? 443 : 80) : Number(port),
    },
    authorization: proxy.basic === undefined ? {} : { 'proxy-authorization': basicText(proxy.basic) },
  };
  return protocol === 'https:' ? tunnelled(through) : asProxied(through);
}

type Client = Pick<typeof http, 'request' | 'Agent'>;

interface Through {
  /** Speaks to the proxy itself. */
  readonly client: Client;
  readonly to: { readonly host: string; readonly port: number };
  readonly authorization: { readonly [header: string]: string };
}

/** TLS is loaded only for who needs it. */
async function clientFor(protocol: string): Promise<Client> {
  return protocol === 'https:' ? ((await import('node:https')).default as Client) : http;
}

function direct(client: Client): Way {
  const agent = new client.Agent(keeping);
  return (url, options) => client.request(url, { ...options, agent });
}

/** With the URL as the target. */
function asProxied({ client, to, authorization }: Through): Way {
  const agent = new client.Agent(keeping);
  return (url, { headers, ...options }) =>
    client.request({
      ...options,
      ...to,
      agent,
      path: url.href,
      headers: { host: url.host, ...authorization, ...(headers as http.OutgoingHttpHeaders) },
    });
}

/** TLS from end to end, in a connection that the proxy passes on. A refusal is an error with its status, `proxyStatus`. */
async function tunnelled({ client, to, authorization }: Through): Promise<Way> {
  const [{ default: https }, { connect }] = await Promise.all([import('node:https'), import('node:tls')]);
  const createConnection = (
    { host = '', port = 443, servername }: ConnectionOptions,
    done: (error: Error | null, socket?: Duplex) => void,
  ): undefined => {
    const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const headers = { host: target, ...authorization };
    const asked = client.request({ ...to, agent: false, method: 'CONNECT', path: target, headers });
    // Whoever waits for the tunnel has a deadline; nothing else waits for the proxy.
    asked.once('socket', (socket) => socket.unref());
    asked.once('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) {
        socket.ref();
        done(null, connect({ socket, host, ALPNProtocols: ['http/1.1'], ...present({ servername }) }));
        return;
      }
      socket.on('error', () => {}).destroy();
      done(Object.assign(new Error('the proxy refuses a tunnel'), { proxyStatus: statusCode }));
    });
    asked.once('error', done);
    asked.end();
  };
  const agent = Object.assign(new https.Agent(keeping), { createConnection });
  return (url, options) => https.request(url, { ...options, agent });
}
