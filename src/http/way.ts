import http, { type ClientRequest, type RequestOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { present } from '../model/present.ts';
import type { ProxyAddress } from './proxy.ts';
import { basicText } from './url.ts';

/** Begins a request, whose connection is kept for others. `target`: path and query. Throws where a header cannot be sent. */
export type Way = (target: string, options: RequestOptions) => ClientRequest;

/** An idle connection is closed after so many milliseconds: sooner than servers do. */
const keeping = { keepAlive: true, timeout: 4000 };

/**
 * The way to the server of a URL, of which scheme, host and port count. Through a proxy, requests to https:// have a tunnel; those to
 * http:// go as they are, since many proxies refuse a tunnel to any port but 443.
 */
export async function wayTo(server: URL, proxy: ProxyAddress | undefined): Promise<Way> {
  if (proxy === undefined) return direct(await clientFor(server.protocol), endOf(server));
  const address = new URL(proxy.url);
  const through: Through = {
    client: await clientFor(address.protocol),
    to: endOf(address),
    authorization: proxy.basic === undefined ? {} : { 'proxy-authorization': basicText(proxy.basic) },
  };
  return server.protocol === 'https:' ? tunnelled(through, endOf(server)) : asProxied(through, server);
}

type Client = Pick<typeof http, 'request' | 'Agent'>;

/** Where connections go. Node takes a URL apart anew for each request, which takes as long as all else that it does for it. */
type End = { readonly host: string; readonly port: number };

interface Through {
  /** Speaks to the proxy itself. */
  readonly client: Client;
  readonly to: End;
  readonly authorization: { readonly [header: string]: string };
}

/** TLS is loaded only for who needs it. */
async function clientFor(protocol: string): Promise<Client> {
  return protocol === 'https:' ? ((await import('node:https')).default as Client) : http;
}

function endOf({ hostname, port, protocol }: URL): End {
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
  };
}

function direct(client: Client, to: End): Way {
  const agent = new client.Agent(keeping);
  return (path, options) => client.request({ ...options, ...to, agent, path });
}

/** With the URL as the target. */
function asProxied({ client, to, authorization }: Through, { origin, host }: URL): Way {
  const agent = new client.Agent(keeping);
  return (path, { headers, ...options }) =>
    client.request({
      ...options,
      ...to,
      agent,
      path: `${origin}${path}`,
      headers: { host, ...authorization, ...(headers as http.OutgoingHttpHeaders) },
    });
}

/** TLS from end to end, in a connection that the proxy passes on. A refusal is an error with its status, `proxyStatus`. */
async function tunnelled({ client, to, authorization }: Through, server: End): Promise<Way> {
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
  return (path, options) => https.request({ ...options, ...server, agent, path });
}
