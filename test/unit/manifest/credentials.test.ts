import { describe, expect, it, test } from 'vitest';
import { credentialsIn, secretNames, withTexts } from '../../../src/manifest/secrets/credentials.ts';

const input = ['startWorkflowRequest', 'input'];

describe('what looks like a credential', () => {
  test.each<[string, object, readonly string[]]>([
    ['a text below such a key', { apiKey: 'x', n: 1 }, ['apiKey']],
    ['at any depth', { a: [{ password: 'x' }] }, ['a.0.password']],
    [
      'everything below such a key',
      { credentials: { user: 'u', list: ['v'] } },
      ['credentials.user', 'credentials.list.0'],
    ],
    ['no number, truth value or empty text', { token: 5, secret: true, password: '', pwd: null }, []],
    [
      'nothing that the server resolves itself',
      { token: '${workflow.secrets.X}', auth: 'Bearer ${workflow.input.t}' },
      [],
    ],
    ['what stands beside such a reference', { token: 'abc${workflow.input.t}' }, ['token']],
    ['no other key', { account: 'x', keys: 'y' }, []],
  ])('is %s', (_what, value, paths) => {
    const found = credentialsIn(value as never, input, []).map(({ path }) => path.slice(2).join('.'));
    expect(found).toStrictEqual(paths);
  });

  it('is replaced by a reference', () => {
    const texts = new Map([[JSON.stringify([...input, 'a', '0', 'token']), '${secret.T}']]);
    expect(withTexts({ a: [{ token: 'x' }, 'y'] }, input, texts)).toStrictEqual({
      a: [{ token: '${secret.T}' }, 'y'],
    });
  });
});

describe('the name of a secret', () => {
  test.each([
    ['nightly', ['apiKey'], 'NIGHTLY_API_KEY'],
    ['daily order-processing', ['headers', 'x-api-key'], 'DAILY_ORDER_PROCESSING_HEADERS_X_API_KEY'],
    ['github-sync', ['token'], 'SCHEDULE_GITHUB_SYNC_TOKEN'],
    ['3am', ['token'], 'SCHEDULE_3AM_TOKEN'],
    ['ключ', ['пароль'], 'SECRET'],
  ])('of %s at %j is %s', (schedule, path, name) => {
    expect(secretNames([], (text) => text)(schedule, [...input, ...path])).toBe(name);
  });

  it('is used once', () => {
    const nameOf = secretNames(['A_TOKEN'], (text) => text);
    expect(nameOf('a', [...input, 'token'])).toBe('A_TOKEN_2');
    expect(nameOf('A', [...input, 'token'])).toBe('A_TOKEN_3');
  });
});
