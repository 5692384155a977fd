import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import { type BuiltAction, buildAction, pullRequest, runStep, type StepEnd } from '../support/action.ts';
import { type Repository, repositoryIn } from '../support/git.ts';
import { type LocalGithub, localGithub } from '../support/github.ts';

/** A fork's pull request, in a checkout as actions/checkout with `fetch-depth: 0` makes it: the built Action, no secrets. */
let action: BuiltAction;
let github: LocalGithub;
let home: string;
let checkout: Repository;
/** The server that the configuration names, and what anybody sent to it. */
let server: Server;
let asked: string[];

beforeAll(async () => {
  action = await buildAction();
}, 60_000);
afterAll(() => action.remove());
beforeEach(async () => {
  github = await localGithub();
  asked = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end('[]');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  home = mkdtempSync(join(tmpdir(), 'downbeat-fork-'));
  checkout = repositoryIn(join(home, 'payments'));
});
afterEach(async () => {
  await github.close();
  await new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections());
  rmSync(home, { recursive: true, force: true });
});

const manifest = (name: string, cron = '0 0 3 * * ?'): string =>
  `name: ${name}\ncronExpression: "${cron}"\nstartWorkflowRequest: {name: settle, input: {key: "\${secret.KEY}"}}\n`;
const configured = (): string =>
  `owner: payments\nprune: true\nserver: {url: http://127.0.0.1:${(server.address() as AddressInfo).port}/api}\n`;

/** Both branches, and the merge of them that GitHub checks out; `base` is what the event names. */
function pull(changes: () => void): JsonObject {
  checkout.put('downbeat.yaml', configured());
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) checkout.put(`schedules/${name}.yaml`, manifest(name));
  const base = checkout.commit('base');
  changes();
  checkout.commit('change');
  const payload = pullRequest(7, 'mallory/payments') as { pull_request: JsonObject };
  const { pull_request: one } = payload;
  return { pull_request: { ...one, base: { ...(one.base as JsonObject), sha: base } } };
}

function run(payload: JsonObject, inputs: { readonly [name: string]: string } = {}): Promise<StepEnd> {
  return runStep(action, { folder: checkout.top, write: () => {}, remove: () => {} }, github, {
    event: 'pull_request',
    payload,
    inputs,
    env: { KEY: canary, CONDUCTOR_AUTH_KEY: '', CONDUCTOR_AUTH_SECRET: '' },
  });
}

const canary = 'c4nary0ffork9921';

describe('the pull request of a fork', () => {
  it('has the full plan against its base in the summary and sends no request', async () => {
    const payload = pull(() => {
      checkout.put('schedules/a.yaml', manifest('a', '0 30 4 * * ?'));
      checkout.remove('schedules/b.yaml');
      checkout.put('schedules/g.yaml', manifest('g'));
    });
    const ended = await run(payload);
    expect(ended).toMatchObject({
      code: 0,
      outputs: { 'has-changes': 'true', 'to-create': '1', 'to-update': '1', 'to-delete': '1', digest: '' },
    });
    expect(ended.outputs['failure-reason']).toBe('');
    expect(ended.summary).toMatch(/### Plan: 1 to delete, 1 to update, 1 to create/);
    for (const text of ['at 03:00 every day', 'at 04:30 every day', '<code>b</code>', '<code>g</code>'])
      expect(ended.summary).toContain(text);
    expect(ended.log).toMatch(/^::warning file=schedules\/b.yaml,title=Deletes a schedule/m);
    expect(ended.log + ended.summary).not.toContain(canary);
    expect([...asked, ...github.requests]).toStrictEqual([]);
  });

  it('lists 700 changes in the summary, 300 of them in full', async () => {
    const names = Array.from({ length: 700 }, (_, index) => `many-${index}`);
    const payload = pull(() => {
      for (const name of names) checkout.put(`schedules/${name}.yaml`, manifest(name));
    });
    const { summary, code } = await run(payload);
    expect(code).toBe(0);
    const inFull = names.filter((name) => summary.includes(`<code>${name}</code>`));
    expect(inFull).toHaveLength(300);
    expect(names.filter((name) => !inFull.includes(name) && !summary.includes(`\`${name}\``))).toStrictEqual(
      [],
    );
  });

  it.each([
    ['a limit', 'bcdef', 'guard'],
    ['a broken manifest', '', 'invalid'],
  ] as const)('is red for %s', async (_what, gone, reason) => {
    const payload = pull((): void => {
      for (const name of gone) checkout.remove(`schedules/${name}.yaml`);
      if (gone === '') checkout.put('schedules/a.yaml', 'name: a\ncron: x\n');
    });
    const ended = await run(payload);
    expect(ended.code).not.toBe(0);
    expect(ended.outputs['failure-reason']).toBe(reason);
    expect([...asked, ...github.requests]).toStrictEqual([]);
  });

  it('fails on changes if asked to', async () => {
    const payload = pull(() => checkout.remove('schedules/a.yaml'));
    expect((await run(payload, { 'fail-on-changes': 'true' })).code).toBe(2);
  });

  it('passes if it repairs a broken base', async () => {
    const payload = pull(() => {});
    checkout.put('schedules/a.yaml', 'name: a\ncron: x\n');
    const broken = checkout.commit('broken');
    checkout.put('schedules/a.yaml', manifest('a'));
    checkout.commit('repaired');
    const { pull_request: one } = payload as { pull_request: JsonObject };
    const repaired = { pull_request: { ...one, base: { ...(one.base as JsonObject), sha: broken } } };
    const ended = await run(repaired);
    // Nobody knows that there are no changes.
    expect((await run(repaired, { 'fail-on-changes': 'true' })).code).toBe(2);
    expect(ended).toMatchObject({ code: 0, outputs: { 'has-changes': 'unknown' } });
    expect(ended.summary).toContain('What changes is not known');
  });

  it('is validated and rendered in a shallow clone, with a hint', async () => {
    const payload = pull(() => checkout.remove('schedules/a.yaml'));
    const shallow = repositoryIn(join(home, 'shallow'));
    shallow.remove('.git');
    shallow.run('clone', '-q', '--depth', '1', `file://${checkout.top}`, '.');
    const ended = await runStep(action, { folder: shallow.top, write: () => {}, remove: () => {} }, github, {
      event: 'pull_request',
      payload,
    });
    expect(ended).toMatchObject({ code: 0, outputs: { 'has-changes': 'false' } });
    expect(ended.summary).toContain('fetch-depth: 0');
  });

  it.each([
    [
      'a link out of the checkout',
      () => symlinkSync(join(home, 'outside'), join(checkout.top, 'schedules/x')),
    ],
    ['a directory outside', () => checkout.put('downbeat.yaml', `${configured()}manifests: ../outside\n`)],
    ['policies outside', () => checkout.put('downbeat.yaml', `${configured()}policies: ../outside/x.yaml\n`)],
    [
      'a calendar outside',
      () => checkout.put('downbeat.yaml', `${configured()}calendars: {x: ../outside/x.yaml}\n`),
    ],
    [
      'the environment',
      () => checkout.put('schedules/a.yaml', manifest('a').replace('secret.KEY', 'env.KEY')),
    ],
    [
      'the configuration of Git itself',
      () => {
        writeFileSync(join(checkout.top, '.git/x.yaml'), `name: x\ndescription: ${canary}\n`);
        symlinkSync('../.git', join(checkout.top, 'schedules/x'));
      },
    ],
  ])('leaks nothing through %s, here or in the base', async (_what, attack) => {
    const outside = repositoryIn(join(home, 'outside'));
    outside.put('x.yaml', `- name: ${canary}\n  other: ${canary}\n`);
    outside.put('schedule.yaml', `${manifest('outside')}description: ${canary}\n`);
    const payload = pull(attack);
    const { pull_request: one } = payload as { pull_request: JsonObject };
    const hostile = checkout.run('rev-parse', 'HEAD').trim();
    const inBase = { pull_request: { ...one, base: { ...(one.base as JsonObject), sha: hostile } } };
    for (const side of [payload, inBase]) {
      if (side === inBase) {
        checkout.run('rm', '-q', '-r', 'schedules', 'downbeat.yaml');
        checkout.put('schedules/a.yaml', manifest('a'));
        checkout.commit('sound again');
      }
      const ended = await run(side);
      expect(ended.log + ended.summary + JSON.stringify(ended.outputs)).not.toContain(canary);
      expect(ended.log.length + ended.summary.length).toBeGreaterThan(20);
    }
    expect([...asked, ...github.requests]).toStrictEqual([]);
  });
});
