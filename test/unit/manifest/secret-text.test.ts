import { describe, expect, it } from 'vitest';
import { resolveSecrets } from '../../../src/manifest/secrets/secret-text.ts';

const env = { A: 'one', B: '$${secret.A}', EMPTY: '', GITHUB_TOKEN: 't' };
const input = ['startWorkflowRequest', 'input', 'a'];
const resolved = (text: string, path = input, secrets?: readonly string[]) =>
  resolveSecrets(
    text,
    path,
    { env, allow: { env: [], ...(secrets === undefined ? {} : { secrets }) } },
    { kind: 'nowhere' },
  );

describe('resolveSecrets', () => {
  it.each([
    ['${secret.A}', 'one'],
    ['x-${secret.A}-y${secret.A}', 'x-one-yone'],
    ['no reference', 'no reference'],
    ['$${secret.A} ${workflow.input.x}', '${secret.A} ${workflow.input.x}'],
    // What a value looks like is not looked at again.
    ['${secret.B}', '$${secret.A}'],
  ])('%j is %j', (text, value) => {
    expect(resolved(text)).toMatchObject({ text: value, diagnostics: [] });
  });

  it.each([
    ['${secret.NONE}', input, 'undefined-secret'],
    ['${secret.EMPTY}', input, 'undefined-secret'],
    ['${secret.toString}', input, 'undefined-secret'],
    ['${secret.GITHUB_TOKEN}', input, 'refused-name'],
    ['${secret.CONDUCTOR_AUTH_SECRET}', input, 'refused-name'],
    ['${env.A}', input, 'bad-reference'],
    ['${var.A}', input, 'bad-reference'],
    ['${secret.}', input, 'bad-reference'],
    ['${secret.A}', ['description'], 'secret-outside-input'],
  ])('%j at %j is refused: %s', (text, path, code) => {
    expect(resolved(text, path).diagnostics.map((one) => one.code)).toStrictEqual([code]);
  });
});
