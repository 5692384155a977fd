import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annotation, outputEntry } from '../../../src/github/runner.ts';
import { eventOf } from '../../../src/settings/event.ts';
import { readOutputs } from '../../support/action.ts';

describe('outputs', () => {
  it('are read back as written, whatever is in them', () => {
    const hostile = fc
      .array(
        fc.constantFrom('\n', 'digest=evil', 'digest<<X', 'X', 'downbeat_', '=', '<<', '::set-output', 'é'),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 4 }), (values) => {
        let seed = 0;
        // The worst generator there is: it repeats itself.
        const random = (): number => {
          seed += 1;
          return (seed % 3) / 3 + 0.1;
        };
        const text = values.map((value, at) => outputEntry(`name-${at}`, value, random)).join('');
        expect(Object.entries(readOutputs(text))).toStrictEqual(
          values.map((value, at) => [`name-${at}`, value]),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('that contain the first delimiter get another', () => {
    const delimiter = /<<(.*)/.exec(outputEntry('a', '', () => 0.5))?.[1] ?? '';
    const numbers = [0.5, 0.5, 0.7, 0.7];
    const text = outputEntry('a', `x\n${delimiter}\nb=evil`, () => numbers.shift() ?? 0);
    expect(readOutputs(text)).toStrictEqual({ a: `x\n${delimiter}\nb=evil` });
  });
});

describe('annotation', () => {
  it('is one line, whatever is in it', () => {
    const line = annotation({ severity: 'error', title: 'a:b,c\n', text: '100%\r\n::set-output name=x::y' });
    expect(line).toBe('::error title=a%3Ab%2Cc%0A::100%25%0D%0A::set-output name=x::y\n');
  });
});

describe('event', () => {
  const pull = (head: string | null, base = 'acme/payments'): string =>
    JSON.stringify({
      pull_request: {
        number: 7,
        head: { repo: head === null ? null : { full_name: head } },
        base: { repo: { full_name: base } },
      },
    });
  const env = { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REPOSITORY: 'acme/payments' };

  it.each([
    ['a branch of this repository', env, pull('acme/payments'), { isFork: false, isConfined: false }],
    ['a fork', env, pull('mallory/payments'), { isFork: true, isConfined: true }],
    ['a fork that is gone', env, pull(null), { isFork: true, isConfined: true }],
    [
      'Dependabot',
      { ...env, GITHUB_ACTOR: 'dependabot[bot]' },
      pull('acme/payments'),
      { isFork: false, isConfined: true },
    ],
    [
      'a fork, with the rights of this repository',
      { ...env, GITHUB_EVENT_NAME: 'pull_request_target' },
      pull('mallory/payments'),
      { isFork: true, isConfined: false },
    ],
  ])('%s', (_name, variables, payload, facts) => {
    expect(eventOf(variables, payload)).toMatchObject({ pullRequest: { number: 7, ...facts } });
  });

  it.each([
    ['no file', undefined],
    ['no JSON', '{'],
    ['no pull request', '{}'],
    ['another kind of number', '{"pull_request":{"number":"7"}}'],
  ])('%s is a run without a pull request', (_name, payload) => {
    expect(eventOf(env, payload).pullRequest).toBeUndefined();
  });

  it('refuses a malformed repository or commit', () => {
    const odd = { GITHUB_EVENT_NAME: 'push', GITHUB_REPOSITORY: 'a/b/../c', GITHUB_SHA: 'main' };
    expect(eventOf(odd, undefined)).toStrictEqual({ name: 'push' });
  });
});
