import { Pool, ProxyAgent, type Dispatcher as Undici } from 'undici';
import type { ProxyAddress } from './proxy.ts';
import { basicText } from './url.ts';

/** What fetch takes as its `dispatcher`: by the types of Node, which are those of an older undici. */
export type Dispatcher = NonNullable<RequestInit['dispatcher']>;

type Connect = (to: Undici.ConnectOptions) => Promise<Undici.ConnectData>;

/**
 * The way through a proxy. Requests to https:// have a tunnel; those to http:// go as they are, since many proxies
 * refuse a tunnel to any port but 443. A proxy that refuses one is an error with its status as `proxyStatus`: undici's
 * own becomes an abortion in fetch, which says nothing.
 */
export function wayThrough({ url, basic }: ProxyAddress): Dispatcher {
  const agent = new ProxyAgent({
    uri: url,
    proxyTunnel: false,
    ...(basic === undefined ? {} : { token: basicText(basic) }),
    clientFactory: (origin, options) => {
      const pool = new Pool(origin, options);
      const plainly: Connect = pool.connect;
      const connect: Connect = async (to) => {
        const connected = await plainly.call(pool, to);
        if (connected.statusCode === 200) return connected;
        connected.socket.on('error', () => {}).destroy();
        throw Object.assign(new Error('the proxy refuses a tunnel'), { proxyStatus: connected.statusCode });
      };
      return Object.assign(pool, { connect });
    },
  });
  return agent as object as Dispatcher;
}
