import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proxyFor } from '../../../src/http/proxy.ts';
import { httpUrl, queryText, segment, serverUrl } from '../../../src/http/url.ts';

const unescaped = 'an @, /, ?, # or % in its user or password must be percent-encoded';
const notAllowed = 'it has a character that is not allowed in a URL';

describe('serverUrl', () => {
  it.each([
    ['http://localhost:8080', 'http://localhost:8080/api'],
    ['http://localhost:8080/', 'http://localhost:8080/api'],
    ['http://localhost:8080/api', 'http://localhost:8080/api'],
    ['  http://localhost:8080/api//  ', 'http://localhost:8080/api'],
    ['https://Conductor.Example.com:443/team/a', 'https://conductor.example.com/team/a/api'],
    ['https://conductor.example.com/apiary', 'https://conductor.example.com/apiary/api'],
    ['https://conductor.example.com/my%20team/api/', 'https://conductor.example.com/my%20team/api'],
  ])('%s has the base %s', (text, base) => {
    expect(serverUrl(text)).toEqual({ ok: true, value: { base } });
  });

  it.each([
    ['http://ada:s%40cret@proxy.test/api', { user: 'ada', password: 's@cret' }],
    ['http://ada@proxy.test', { user: 'ada', password: '' }],
    ['http://ada:100%25@proxy.test', { user: 'ada', password: '100%' }],
    ["http://ada:;='!$&()*+,:~@proxy.test", { user: 'ada', password: ";='!$&()*+,:~" }],
    ['http://:löve@proxy.test', { user: '', password: 'löve' }],
  ])('takes user and password out of %s', (text, basic) => {
    expect(serverUrl(text)).toEqual({ ok: true, value: { base: 'http://proxy.test/api', basic } });
  });

  it.each([
    ['', 'not a URL'],
    ['conductor.example.com', 'not a URL'],
    ['localhost:8080/api', 'it must begin with http:// or https://'],
    ['ftp://ada:secret@conductor.test', 'it must begin with http:// or https://'],
    ['http://conductor.test/api?token=secret', 'it must not have a query or a fragment'],
    ['http://conductor.test/#/x', 'it must not have a query or a fragment'],
    ['http:conductor.test', 'not a URL'],
    ['http:///conductor.test', 'not a URL'],
    ['http://@conductor.test', 'not a URL'],
    ['http://ada:secret@', 'not a URL'],
    ['http://conductor.test:port', 'not a URL'],
    ['http://con\nductor.test', notAllowed],
    ['http://ada:se\\cret@conductor.test', notAllowed],
    ['http://ada:se cret@conductor.test', notAllowed],
    ['http://ada:se@cret@conductor.test', unescaped],
    ['http://ada:12/secret@conductor.test', unescaped],
    ['http://ada:12?secret@conductor.test', unescaped],
    ['http://ada:S3cr@Passw0rd#1@conductor.test', unescaped],
    ['http://ada:100%@conductor.test', unescaped],
    ['http://ada:%ff@conductor.test', 'its user or password is not percent-encoded UTF-8'],
  ])('refuses %j: %s', (text, why) => {
    expect(serverUrl(text)).toEqual({ ok: false, why });
  });
});

it('refuses, without quoting it, a URL where part of a password would become the host', () => {
  const raw = fc.string({ unit: fc.constantFrom(...'aZ09@/?#:%\\ \n&="é'), minLength: 1, maxLength: 12 });
  const refused = new Set<string>();
  fc.assert(
    fc.property(raw, raw, fc.constantFrom('/api', '', '/a?b', '/a#b'), (user, password, path) => {
      const proxy = `http://${user}:${password}@proxy.test:3128`;
      const read = httpUrl(`${proxy}${path}`);
      if (!read.ok) return void refused.add(read.why);
      expect(read.url.host).toBe('proxy.test:3128');
      expect(`${read.basic?.user}:${read.basic?.password}`).toBe(
        `${decodeURIComponent(user)}:${decodeURIComponent(password)}`,
      );
      const way = proxyFor('https://conductor.test/api', { HTTPS_PROXY: proxy });
      expect(way).toMatchObject({ ok: true, value: { url: 'http://proxy.test:3128' } });
    }),
    { numRuns: 20_000, seed: 1 },
  );
  expect([...refused].sort()).toEqual(
    [unescaped, notAllowed, 'its user or password is not percent-encoded UTF-8', 'not a URL'].sort(),
  );
});

describe('segment', () => {
  it.each([
    ['nightly', 'nightly'],
    ['a b', 'a%20b'],
    ['100%;?#+,&=', '100%25%3B%3F%23%2B%2C%26%3D'],
    ['tägliche 🚚', 't%C3%A4gliche%20%F0%9F%9A%9A'],
    ['...', '...'],
    ['%2e%2e', '%252e%252e'],
    ['a\tb\n', 'a%09b%0A'],
  ])('%j is %s', (name, path) => {
    expect(segment(name)).toBe(path);
  });

  it.each(['', '.', '..', 'a/b', 'a\\b', '/', 'half \ud83d pair'])('%j cannot be a segment', (name) => {
    expect(segment(name)).toBeUndefined();
  });
});

it('writes a query, without absent values', () => {
  expect(queryText({ a: 'why not & more', b: undefined, c: 0, d: '', e: '\ud83d' })).toBe(
    'a=why%20not%20%26%20more&c=0&d=&e=%EF%BF%BD',
  );
  expect(queryText({})).toBe('');
});
