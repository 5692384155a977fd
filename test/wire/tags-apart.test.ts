import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { testScheduler } from '../support/scheduler.ts';
import { directoryWith, manifestsOf, type Ran, removeDirectories, run } from './cli.ts';
import { answerBy, serve, stopServers } from './local.ts';

/** Owners on a server whose list has no tags. */

afterEach(stopServers);
afterAll(removeDirectories);

const server = async (): Promise<string> =>
  `${(await serve(answerBy(testScheduler({ serverType: 'documented' })))).url}/api`;

function repository(text: string, owner?: string): string {
  const cwd = directoryWith(text);
  writeFileSync(join(cwd, 'downbeat.yaml'), owner === undefined ? 'prune: false\n' : `owner: ${owner}\n`);
  return cwd;
}

async function downbeat(url: string, cwd: string, ...words: readonly string[]): Promise<Ran> {
  return run(words, { cwd, env: { CONDUCTOR_SERVER_URL: url } });
}

it('a repository without an owner leaves what others own', async () => {
  const url = await server();
  expect((await downbeat(url, repository(manifestsOf('a', 'b'), 'them'), 'apply', '--yes')).code).toBe(0);
  const cwd = repository(manifestsOf('a').replace('0 0 9', '0 0 10'));
  const applied = await downbeat(url, cwd, 'apply', '--yes');
  expect(applied.code).toBe(3);
  expect(applied.out + applied.err).toContain('[foreign-owner]');
  expect((await downbeat(url, cwd, 'plan')).out).toContain('0 0 10');
  const theirs = await downbeat(
    url,
    repository(manifestsOf('a', 'b'), 'them'),
    'plan',
    '--detailed-exitcode',
  );
  expect(theirs.code).toBe(0);
});

it('and finds those of an owner that it is to take over', async () => {
  const url = await server();
  await downbeat(url, repository(manifestsOf('a', 'b'), 'them'), 'apply', '--yes');
  const planned = await downbeat(url, repository(manifestsOf('c')), 'plan', '--take-over', 'them');
  expect(planned.out + planned.err).not.toContain('unmatched-flag');
});
