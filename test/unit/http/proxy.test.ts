import { describe, expect, it } from 'vitest';
import { type Environment, proxyFor } from '../../../src/http/proxy.ts';

const server = 'https://conductor.test/api';
const proxy = 'http://proxy.test:3128';

/** The proxy's URL, or `direct`, or why it is unusable. */
function wayTo(base: string, environment: Environment): string {
  const read = proxyFor(base, environment);
  return read.ok ? (read.value?.url ?? 'direct') : `${read.variable}: ${read.why}`;
}

describe('which variable counts', () => {
  it.each<[string, Environment, string]>([
    [server, {}, 'direct'],
    [server, { HTTPS_PROXY: proxy }, proxy],
    [server, { https_proxy: proxy }, proxy],
    [server, { HTTP_PROXY: proxy }, 'direct'],
    ['http://conductor.test/api', { HTTP_PROXY: proxy }, proxy],
    ['http://conductor.test/api', { http_proxy: proxy }, proxy],
    ['http://conductor.test/api', { HTTPS_PROXY: proxy }, 'direct'],
    [server, { HTTPS_PROXY: 'http://other.test', https_proxy: proxy }, proxy],
    [server, { HTTPS_PROXY: proxy, https_proxy: '' }, 'direct'],
    [server, { HTTPS_PROXY: ' ' }, 'direct'],
  ])('%s with %o: %s', (base, environment, way) => {
    expect(wayTo(base, environment)).toBe(way);
  });
});

describe('the form of its value', () => {
  it.each<[string, string]>([
    ['proxy.test:3128', proxy],
    ['https://proxy.test', 'https://proxy.test'],
    ['http://proxy.test:3128/', proxy],
    ['http://proxy.test/some/path', 'HTTPS_PROXY: it must end after the host and port'],
    ['http://proxy.test?a', 'HTTPS_PROXY: it must end after the host and port'],
    ['http://[::1]:3128', 'http://[::1]:3128'],
    ['http://ada:lovelace@proxy.test:3128', proxy],
    ['socks5://ada:lovelace@proxy.test', 'HTTPS_PROXY: it must begin with http:// or https://'],
    ['http://ada:lovelace@:3128', 'HTTPS_PROXY: not a URL'],
    [
      'http://user:S3cr@Passw0rd#1@proxy.test:3128',
      'HTTPS_PROXY: an @, /, ?, # or % in its user or password must be percent-encoded',
    ],
  ])('%s: %s', (value, way) => {
    expect(wayTo(server, { HTTPS_PROXY: value })).toBe(way);
  });

  it('has user and password apart from the URL', () => {
    expect(proxyFor(server, { HTTPS_PROXY: 'ada%40home:p%3Aq%25zz@proxy.test:3128' })).toEqual({
      ok: true,
      value: { url: proxy, basic: { user: 'ada@home', password: 'p:q%zz' } },
    });
  });
});

describe('NO_PROXY', () => {
  it.each<[string, string, 'direct' | typeof proxy]>([
    ['conductor.test', 'https://conductor.test/api', 'direct'],
    ['conductor.test', 'https://CONDUCTOR.test./api', 'direct'],
    ['conductor.test', 'https://eu.conductor.test/api', 'direct'],
    ['conductor.test', 'https://myconductor.test/api', proxy],
    ['.conductor.test', 'https://eu.conductor.test/api', 'direct'],
    ['*.conductor.test', 'https://eu.conductor.test/api', 'direct'],
    ['Conductor.Test.', 'https://conductor.test/api', 'direct'],
    ['other.test, conductor.test', 'https://conductor.test/api', 'direct'],
    ['other.test conductor.test', 'https://conductor.test/api', 'direct'],
    ['other.test', 'https://conductor.test/api', proxy],
    ['*', 'https://conductor.test/api', 'direct'],
    ['conductor.test:443', 'https://conductor.test/api', 'direct'],
    ['conductor.test:80', 'http://conductor.test/api', 'direct'],
    ['conductor.test:8443', 'https://conductor.test/api', proxy],
    ['conductor.test:8443', 'https://conductor.test:8443/api', 'direct'],
    ['10.1.2.3', 'http://10.1.2.3/api', 'direct'],
    ['10.0.0.0/8', 'http://10.1.2.3/api', 'direct'],
    ['10.0.0.0/8', 'http://11.1.2.3/api', proxy],
    ['10.0.0.0/8', 'http://conductor.test/api', proxy],
    ['10.0.0.0/99', 'http://10.1.2.3/api', proxy],
    ['0.0.0.0/0', 'http://[fd00::1]/api', proxy],
    ['fd00::/8', 'http://[fd00::1]/api', 'direct'],
    ['fd00::1', 'http://[fd00::1]/api', 'direct'],
    ['[fd00::1]:8080', 'http://[fd00::1]:8080/api', 'direct'],
    ['[fd00::1]:8080', 'http://[fd00::1]/api', proxy],
    [',, ', 'https://conductor.test/api', proxy],
    ['.', 'https://conductor.test/api', proxy],
  ])('%s for %s: %s', (entries, base, way) => {
    const both = { HTTPS_PROXY: proxy, HTTP_PROXY: proxy };
    expect(wayTo(base, { ...both, NO_PROXY: entries })).toBe(way);
    expect(wayTo(base, { ...both, NO_PROXY: 'ignored', no_proxy: entries })).toBe(way);
  });

  it.each([
    'http://localhost:8080/api',
    'http://a.localhost/api',
    'http://127.1.2.3/api',
    'http://[::1]/api',
  ])('is never used for this machine: %s', (base) => {
    expect(wayTo(base, { HTTP_PROXY: proxy })).toBe('direct');
  });
});
