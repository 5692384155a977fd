import { expect, it } from 'vitest';
import { runAction } from '../../../src/action/step.ts';
import { fakeIo } from '../../support/io.ts';

/** What the step runs for a pull request of Dependabot, which has only the secrets that it was given. */
async function commandsWith(credentials: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const repo = { full_name: 'acme/payments' };
  const event = { pull_request: { number: 7, head: { repo }, base: { repo } } };
  const { io } = fakeIo({
    cwd: import.meta.dirname,
    env: {
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: '/event.json',
      GITHUB_REPOSITORY: 'acme/payments',
      GITHUB_REF: 'refs/pull/7/merge',
      GITHUB_ACTOR: 'dependabot[bot]',
      INPUT_COMMAND: 'plan',
      INPUT_COMMENT: 'off',
      ...credentials,
    },
    files: new Map([['/event.json', JSON.stringify(event)]]),
  });
  const commands: string[] = [];
  await runAction(
    async ([command = '']) => {
      commands.push(command);
      return 0;
    },
    io,
    '0.0.0',
  );
  return commands;
}

it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  ['a key', { CONDUCTOR_AUTH_KEY: 'key', CONDUCTOR_AUTH_SECRET: 'secret' }, ['plan']],
  ['a token alone', { CONDUCTOR_AUTH_TOKEN: 'token' }, ['plan']],
  ['nothing', {}, ['validate', 'render']],
  // A secret that is not set arrives as nothing.
  ['empty ones', { CONDUCTOR_AUTH_KEY: '', CONDUCTOR_AUTH_TOKEN: ' ' }, ['validate', 'render']],
])('a pull request of Dependabot with %s runs the right commands', async (_what, credentials, commands) => {
  expect(await commandsWith(credentials)).toEqual(commands);
});
