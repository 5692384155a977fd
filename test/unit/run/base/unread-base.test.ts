import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { main } from '../../../../src/main.ts';
import { gitIn, type Repository, repositoryIn } from '../../../support/git.ts';
import { fakeIo } from '../../../support/io.ts';

const parent = mkdtempSync(join(tmpdir(), 'downbeat-unread-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const manifest = (hour: number): string =>
  `name: a\ncronExpression: "0 0 ${hour} * * ?"\nstartWorkflowRequest: {name: w}\n`;

function repository(): Repository {
  return repositoryIn(mkdtempSync(join(parent, 'x-')));
}

async function planned({ top }: Repository, ...words: readonly string[]) {
  const heard = fakeIo({ cwd: top });
  const code = await main(['plan', '--base', 'HEAD~1', ...words], { ...heard.io, ...gitIn(top) });
  return { code, out: heard.out().replaceAll(/\s+/g, ' '), err: heard.err() };
}

/** A clone without the contents of older commits. */
function partialClone(...paths: readonly string[]): Repository {
  const origin = repository();
  for (const hour of [3, 4]) {
    for (const path of paths)
      origin.put(path, path.startsWith('schedules') ? manifest(hour) : `prune: ${hour === 3}\nowner: x\n`);
    origin.put('schedules/b.yaml', manifest(5).replace('name: a', 'name: b'));
    origin.commit();
  }
  origin.run('config', 'uploadpack.allowFilter', 'true');
  const clone = repository();
  clone.remove('.git');
  clone.run('clone', '-q', '--filter=blob:none', `file://${origin.top}`, '.');
  return clone;
}

it.each([['schedules/a.yaml'], ['downbeat.yaml']])(
  'what a partial clone left out of %s is not called an error of the base',
  async (path) => {
    const { code, out, err } = await planned(partialClone(path));
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('This checkout does not have all of the base. What changes is not known');
    expect(out).toContain(
      `- this is a partial clone without the older content of ${path}: \`git fetch --refetch --no-filter\` gets it`,
    );
    expect(out).not.toMatch(/no longer|has errors/);
    expect((await planned(partialClone(path), '--detailed-exitcode')).code).toBe(1);
  },
);

it('what is said to get it gets it', async () => {
  const clone = partialClone('schedules/a.yaml');
  clone.run('fetch', '-q', '--refetch', '--no-filter');
  expect((await planned(clone)).out).toContain('~ update a');
});

it('nor is a submodule of it that is not checked out', async () => {
  const team = repository();
  team.put('a.yaml', manifest(3));
  team.commit();
  const repo = repository();
  repo.put('schedules/b.yaml', manifest(3).replace('name: a', 'name: b'));
  repo.run('submodule', '--quiet', 'add', team.top, 'schedules/team');
  repo.commit();
  repo.run('rm', '-q', '-f', 'schedules/team');
  repo.put('schedules/a.yaml', manifest(4));
  repo.commit();
  const { code, out, err } = await planned(repo);
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain('the submodule schedules/team: `git submodule update --init`');
  expect(out).not.toMatch(/no longer|create/);
});

it('nor is a file that a filter of Git makes', async () => {
  const repo = repository();
  repo.put('.gitattributes', '*.yaml filter=crypt\n');
  for (const hour of [3, 4]) {
    repo.put('schedules/a.yaml', manifest(hour));
    repo.commit();
  }
  repo.run('config', 'filter.crypt.smudge', 'cat');
  const { code, out } = await planned(repo);
  expect(code).toBe(0);
  expect(out).toContain('a filter of Git changes at checkout schedules/a.yaml (crypt)');
});
