import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { markedDescription } from '../../src/model/marks/marker.ts';
import { createScheduler, type Scheduler } from '../../src/scheduler/core.ts';
import type { Served } from '../../src/scheduler/serve.ts';
import {
  type BuiltAction,
  buildAction,
  pullRequest,
  runStep,
  type StepEnd,
  type StepRun,
  type Workspace,
  workspace,
} from '../support/action.ts';
import { type LocalGithub, localGithub, localToken, mergedPullJson, ownAccount } from '../support/github.ts';
import { serveLocal } from '../support/scheduler.ts';

/** The built Action in a process of its own, against GitHub's API and a scheduler on this machine. */
let action: BuiltAction;
let github: LocalGithub;
let scheduler: Scheduler;
let served: Served;
let checkout: Workspace;
let requests: string[];

beforeAll(async () => {
  action = await buildAction();
});
afterAll(() => action.remove());

beforeEach(async () => {
  github = await localGithub();
  requests = [];
  const inner = createScheduler({ serverType: 'oss-2', now: Date.now, acceptAnyWorkflow: true });
  scheduler = {
    ...inner,
    handle: (request) => {
      requests.push(`${request.method} ${request.path}`);
      return inner.handle(request);
    },
  };
  served = await serveLocal(scheduler);
  checkout = workspace({
    'downbeat.yaml': 'owner: acme/payments\n',
    'schedules/a.yaml': manifest('first', 9),
  });
});
afterEach(async () => {
  await github.close();
  await served.close();
  checkout.remove();
});

/** Not near any fire of the moment at which the test runs. */
function manifest(name: string, hour: number, more = ''): string {
  return `name: ${name}\ncronExpression: "0 0 ${hour} 1 1 ?"\nstartWorkflowRequest: {name: w}\n${more}`;
}

function step(run: StepRun): Promise<StepEnd> {
  return runStep(action, checkout, github, {
    ...run,
    env: { CONDUCTOR_SERVER_URL: served.url, ...run.env },
  });
}

const opened = { event: 'pull_request', payload: pullRequest(7) };
const names = (): readonly string[] => scheduler.state().schedules.map(({ name }) => String(name));
const writesTo = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => !line.startsWith('GET ') && line !== 'POST /graphql');

describe('a pull request', () => {
  it('gets one comment, which a further push brings up to date', async () => {
    const first = await step(opened);
    expect(first).toMatchObject({
      code: 0,
      outputs: {
        'has-changes': 'true',
        'to-create': '1',
        'to-update': '0',
        'to-delete': '0',
        'to-pause': '0',
        'to-resume': '0',
        'failure-reason': '',
      },
    });
    expect(first.outputs.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(first.log).toMatch(/Comment on pull request 7: created\./);
    expect(first.summary).toContain('first');
    expect(github.comments.map(({ number, body }) => [number, body.includes('first')])).toStrictEqual([
      [7, true],
    ]);

    checkout.write({ 'schedules/b.yaml': manifest('second', 10) });
    const second = await step(opened);
    expect(second.outputs).toMatchObject({ 'to-create': '2' });
    expect(second.outputs.digest).not.toBe(first.outputs.digest);
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]?.body).toContain('second');
    expect(github.comments[0]?.body).toContain(second.outputs.digest);
    expect(names()).toStrictEqual([]);
  });

  it('has a comment for each target', async () => {
    checkout.write({
      'downbeat.yaml': 'environments:\n  staging: {variables: {x: 1}}\n  production: {variables: {x: 1}}\n',
    });
    for (const env of ['staging', 'production', 'staging', 'production'])
      await step({ ...opened, inputs: { env } });
    expect(github.comments).toHaveLength(2);
  });

  it('has one comment for all spellings of a target, and one for each variable and configuration', async () => {
    checkout.write({
      'infra/x/a.yaml': manifest('x', 9),
      'other.yaml': 'owner: acme/payments\n',
      'schedules/a.yaml': `${manifest('first', 9)}description: "${'$'}{var.tenant}"\n`,
    });
    for (const directory of ['infra/x', './infra/x', 'infra/x/', 'infra/../infra/x'])
      expect(await step({ ...opened, inputs: { directory } })).toMatchObject({ code: 0 });
    expect(github.comments).toHaveLength(1);
    for (const inputs of [
      { var: 'tenant=a' },
      { var: 'tenant=b' },
      { var: 'tenant=a', config: 'other.yaml' },
    ])
      for (let run = 0; run < 2; run += 1)
        expect(await step({ ...opened, inputs })).toMatchObject({ code: 0 });
    expect(github.comments).toHaveLength(4);
    for (const tenant of ['a', 'b'])
      await step({ ...opened, inputs: { var: `tenant=${tenant}`, name: 'all' } });
    expect(github.comments).toHaveLength(5);
  });

  it('keeps the comment of somebody else who writes the same header', async () => {
    await step(opened);
    const header = github.comments[0]?.body.split('\n')[0] ?? '';
    expect(header).toMatch(/^<!-- downbeat/);
    github.comments.splice(0);
    github.add('comments', { number: 7, body: header, login: 'mallory' });
    await step(opened);
    expect(github.comments.map(({ login }) => login)).toStrictEqual(['mallory', ownAccount]);
  });

  it('from a fork writes nothing on GitHub, and without credentials only validates and renders', async () => {
    const fork = { event: 'pull_request', payload: pullRequest(7, 'mallory/payments') };
    const ended = await step({ ...fork, env: { CONDUCTOR_AUTH_KEY: '', CONDUCTOR_AUTH_SECRET: '' } });
    expect(ended).toMatchObject({ code: 0, outputs: { 'has-changes': 'false', 'failure-reason': '' } });
    expect(ended.log).toMatch(/^::notice title=Downbeat::This pull request comes from a fork/m);
    expect(ended.log).toMatch(/^name: first$/m);
    expect(ended.summary).toMatch(/validated and rendered/);
    expect([...github.requests, ...requests]).toStrictEqual([]);

    checkout.write({ 'schedules/a.yaml': manifest('first', 25) });
    expect(await step(fork)).toMatchObject({ code: 1, outputs: { 'failure-reason': 'invalid' } });
    expect([...github.requests, ...requests]).toStrictEqual([]);
  });

  it('from a fork asks no server, even with credentials', async () => {
    const fork = { event: 'pull_request', payload: pullRequest(7, null) };
    checkout.write({ 'downbeat.yaml': `server: {url: ${served.url}}\n` });
    for (const command of ['plan', 'drift', 'validate']) {
      const ended = await step({
        ...fork,
        inputs: { command, ...(command === 'validate' ? { online: 'true' } : {}) },
        env: { CONDUCTOR_AUTH_KEY: 'key', CONDUCTOR_AUTH_SECRET: 'secret' },
      });
      expect(ended).toMatchObject({ code: 0, outputs: { 'has-changes': 'false' } });
      expect(ended.log).toMatch(/^name: first$/m);
    }
    expect([...github.requests, ...requests]).toStrictEqual([]);
  });

  it.each([
    ['a key', { CONDUCTOR_AUTH_KEY: 'key', CONDUCTOR_AUTH_SECRET: 'secret' }],
    ['a token alone', { CONDUCTOR_AUTH_TOKEN: 'token' }],
  ])('from Dependabot with %s is planned against the server', async (_what, env) => {
    const ended = await step({ ...opened, env: { GITHUB_ACTOR: 'dependabot[bot]', ...env } });
    expect(ended.outputs).toMatchObject({ 'to-create': '1' });
    expect(requests.some((line) => line.endsWith('/scheduler/schedules'))).toBe(true);
  });

  it('without permission to comment has its plan in the summary', async () => {
    github.rights.clear();
    const ended = await step(opened);
    expect(ended).toMatchObject({ code: 0, outputs: { 'to-create': '1' } });
    expect(ended.log).toMatch(
      /^::notice title=Downbeat::The comment could not be written.*pull-requests: write/m,
    );
    expect(ended.summary).toContain('first');
  });

  it.each([
    ['off', 0],
    ['changes-only', 0],
    ['upsert', 1],
    ['always-new', 2],
  ])('comment: %s makes %i comments of two runs without changes', async (mode, count) => {
    await step({ event: 'push', inputs: { command: 'apply' } });
    for (let run = 0; run < 2; run += 1) {
      const ended = await step({ ...opened, inputs: { comment: mode } });
      expect(ended).toMatchObject({ code: 0, outputs: { 'has-changes': 'false' } });
    }
    expect(github.comments).toHaveLength(count);
  });

  it('fails for changes only when asked to', async () => {
    expect(await step({ ...opened, inputs: { 'fail-on-changes': 'true' } })).toMatchObject({
      code: 2,
      outputs: { 'has-changes': 'true', 'failure-reason': '' },
    });
  });

  it('never applies; only pushes, schedules and people do', async () => {
    for (const event of ['pull_request', 'pull_request_target', 'workflow_run', 'merge_group', 'release']) {
      const ended = await step({ event, payload: pullRequest(7), inputs: { command: 'apply' } });
      expect(ended).toMatchObject({ code: 1, outputs: { 'failure-reason': 'invalid' } });
      expect(ended.log).toMatch(new RegExp(`^::error title=Downbeat::apply is refused on ${event}`, 'm'));
    }
    expect([...github.requests, ...requests]).toStrictEqual([]);
  });

  it('on pull_request_target reads no environment and no server from its files', async () => {
    const target = { event: 'pull_request_target', payload: pullRequest(7, 'mallory/payments') };
    expect(await step(target)).toMatchObject({ code: 0 });
    checkout.write({
      'schedules/a.yaml':
        'name: first\ndescription: "${env.WHO}"\ncronExpression: "0 0 9 1 1 ?"\nstartWorkflowRequest: {name: w, input: {a: "${secret.KEY}"}}\n',
    });
    const ended = await step({ ...target, env: { WHO: 'ann', KEY: 'k-secret-1' } });
    expect(ended).toMatchObject({ code: 1, outputs: { 'failure-reason': 'invalid' } });
    expect(
      ended.log.match(
        /^::error file=schedules\/a\.yaml,.*is not allowed: the manifests are not trusted in this run/gm,
      ),
    ).toHaveLength(2);

    checkout.write({
      'schedules/a.yaml': manifest('first', 9),
      'downbeat.yaml': `server: {url: ${served.url}}\n`,
    });
    const before = requests.length;
    const stolen = await step({ ...target, env: { CONDUCTOR_SERVER_URL: '' } });
    expect(stolen).toMatchObject({ code: 1, outputs: { 'failure-reason': 'invalid' } });
    expect(stolen.log).toMatch(/^note: the event is pull_request_target, .*downbeat\.yaml is not read/m);
    expect(stolen.log).toMatch(/no server given/);
    expect(requests).toHaveLength(before);
  });
});

describe('a merge', () => {
  const sha = 'c'.repeat(40);
  const merge = (over: StepRun['inputs'] = {}): Promise<StepEnd> =>
    step({ event: 'push', sha, inputs: { command: 'apply', ...over } });
  const reviewed = { 'require-reviewed': 'true' };

  it('is applied, and a second time there is nothing to do', async () => {
    const first = await merge();
    expect(first).toMatchObject({ code: 0, outputs: { 'to-create': '1', 'failure-reason': '' } });
    expect(first.summary).toContain('first');
    expect(names()).toStrictEqual(['first']);
    requests.splice(0);
    expect(await merge()).toMatchObject({ code: 0, outputs: { 'has-changes': 'false' } });
    expect(writesTo(requests)).toStrictEqual([]);
    expect(new Set(github.requests)).toStrictEqual(new Set(['GET /repos/acme/payments/git/ref/heads/main']));
  });

  it('of an older commit after a newer one writes nothing unless allowed', async () => {
    const [old, tip] = ['1'.repeat(40), '2'.repeat(40)];
    const apply = (of: string, inputs: StepRun['inputs'] = {}): Promise<StepEnd> =>
      step({ event: 'push', sha: of, tip, inputs: { command: 'apply', prune: 'true', ...inputs } });
    const older = checkout;
    checkout = workspace({
      'downbeat.yaml': 'owner: acme/payments\n',
      'schedules/a.yaml': manifest('first', 10),
      'schedules/b.yaml': manifest('second', 10),
    });
    expect(await apply(tip)).toMatchObject({ code: 0, outputs: { 'to-create': '2' } });
    const newer = checkout;
    checkout = older;
    requests.splice(0);
    for (const event of ['push', 'schedule', 'workflow_dispatch']) {
      const late = await step({ event, sha: old, tip, inputs: { command: 'apply', prune: 'true' } });
      expect(late).toMatchObject({ code: 4, outputs: { 'failure-reason': 'superseded' } });
      expect(late.log).toMatch(/^::error title=Downbeat::Commit 1+ is no longer the newest of main/m);
      expect(late.summary).toMatch(/allow.{0,6}old.{0,6}commit/);
    }
    expect(requests).toStrictEqual([]);
    expect(names()).toStrictEqual(['first', 'second']);

    const back = await apply(old, { 'allow-old-commit': 'true' });
    expect(back).toMatchObject({ code: 0, outputs: { 'failure-reason': '', 'to-delete': '1' } });
    expect(names()).toStrictEqual(['first']);
    newer.remove();
  });

  it('that is overtaken during the plan writes nothing', async () => {
    github.interfere = (_method, path, count) =>
      path.endsWith('/git/ref/heads/main') && count === 2
        ? { status: 200, body: { object: { sha: 'f'.repeat(40) } } }
        : undefined;
    const ended = await merge();
    expect(ended).toMatchObject({ code: 4, outputs: { 'failure-reason': 'superseded', 'to-create': '1' } });
    expect(writesTo(requests)).toStrictEqual([]);
  });

  it.each([
    [
      'GitHub does not say',
      () => {
        github.interfere = () => ({
          status: 403,
          body: { message: 'Resource not accessible by integration' },
        });
      },
      {},
      /contents: read/,
    ],
    ['there is no token', () => {}, { 'github-token': '' }, /There is no github-token/],
  ] as const)('whose branch is not known, as %s, writes nothing', async (_name, prepare, inputs, words) => {
    prepare();
    const ended = await merge(inputs);
    expect(ended).toMatchObject({ code: 1, outputs: { 'failure-reason': 'unreachable' } });
    expect(ended.log).toMatch(words);
    expect(requests).toStrictEqual([]);
  });

  it('of a tag is refused', async () => {
    const ended = await step({ event: 'push', ref: 'refs/tags/v1', inputs: { command: 'apply' } });
    expect(ended).toMatchObject({ code: 1, outputs: { 'failure-reason': 'invalid' } });
    expect([...github.requests, ...requests]).toStrictEqual([]);
  });

  it('of a reviewed plan is applied, with a note, if GitHub leaves out the merge commit', async () => {
    await step(opened);
    github.pulls.set(sha, [mergedPullJson(7, sha, { merge_commit_sha: null })]);
    const ended = await merge(reviewed);
    expect(ended).toMatchObject({ code: 0, outputs: { 'failure-reason': '' } });
    expect(ended.log).toMatch(
      /^::notice title=Downbeat::GitHub left out merge_commit_sha for pull request 7/m,
    );
  });

  describe('with DOWNBEAT_DIGEST_KEY', () => {
    const env = { DOWNBEAT_DIGEST_KEY: 'a key of our own that nobody else has' };
    const sealedMerge = (): Promise<StepEnd> =>
      step({ event: 'push', sha, env, inputs: { command: 'apply', ...reviewed } });
    const refused = { code: 4, outputs: { 'failure-reason': 'plan-changed' } };

    it('is approved by the sealed comment, not by a later one of the same account', async () => {
      await step({ ...opened, env });
      github.pulls.set(sha, [mergedPullJson(7, sha)]);
      const { body } = github.comments[0] ?? { body: '' };
      expect(body).toMatch(
        /^<!-- downbeat .*\n<!-- downbeat-digest .*\n<!-- downbeat-seal [0-9a-f]{64} -->\n/,
      );
      expect(body).not.toContain(env.DOWNBEAT_DIGEST_KEY);
      // Another workflow writes a comment of ours for a plan of its own, after it.
      github.add('comments', { number: 7, body: body.replace(/[0-9a-f]{64}/, '0'.repeat(64)) });
      github.add('comments', { number: 7, body: body.replace(/<!-- downbeat-seal.*\n/, '') });
      expect(await sealedMerge()).toMatchObject({ code: 0, outputs: { 'failure-reason': '' } });
      expect(names()).toStrictEqual(['first']);
    });

    it.each([
      ['written without the key', (body: string) => body.replace(/<!-- downbeat-seal.*\n/, '')],
      ['with another seal', (body: string) => body.replace(/(seal )[0-9a-f]{64}/, `$1${'0'.repeat(64)}`)],
      ['with a text that somebody edited', (body: string) => body.replace('first', 'fir5t')],
    ])('is refused by a comment %s', async (_name, edit) => {
      await step({ ...opened, env });
      github.pulls.set(sha, [mergedPullJson(7, sha)]);
      for (const one of github.comments) one.body = edit(one.body);
      const ended = await sealedMerge();
      expect(ended).toMatchObject(refused);
      expect(ended.log).toMatch(/has no seal of this DOWNBEAT_DIGEST_KEY/);
      expect(names()).toStrictEqual([]);
    });

    it('is refused by the comment of another pull request', async () => {
      await step({ ...opened, env });
      const { body } = github.comments[0] ?? { body: '' };
      github.pulls.set(sha, [mergedPullJson(8, sha)]);
      github.add('comments', { number: 8, body });
      expect(await sealedMerge()).toMatchObject(refused);
    });
  });

  it('of a reviewed plan is applied', async () => {
    const { outputs } = await step(opened);
    github.pulls.set(sha, [mergedPullJson(7, sha)]);
    const ended = await merge(reviewed);
    expect(ended).toMatchObject({ code: 0, outputs: { digest: outputs.digest, 'failure-reason': '' } });
    expect(names()).toStrictEqual(['first']);
    // Run again, it has nothing to do, and what is not written needs no review.
    expect(await merge(reviewed)).toMatchObject({ code: 0, outputs: { 'has-changes': 'false' } });
  });

  it('of a plan that was not reviewed is refused', async () => {
    scheduler.put({ name: 'first', cronExpression: '0 0 9 1 1 ?', startWorkflowRequest: { name: 'w' } });
    const adopt = { adopt: 'all' };
    checkout.write({ 'schedules/a.yaml': manifest('first', 10) });
    await step({ ...opened, inputs: adopt });
    github.pulls.set(sha, [mergedPullJson(7, sha)]);
    // Somebody changes it on the server between review and merge.
    scheduler.put({ name: 'first', cronExpression: '0 0 11 1 1 ?', startWorkflowRequest: { name: 'w' } });
    requests.splice(0);
    const ended = await merge({ ...reviewed, ...adopt });
    expect(ended).toMatchObject({ code: 4, outputs: { 'failure-reason': 'plan-changed' } });
    expect(ended.log).toMatch(/^::error title=Downbeat::The plan is not the one that pull request 7 shows/m);
    expect(ended.summary).toMatch(/not the one that pull request 7 shows/);
    expect(writesTo(requests)).toStrictEqual([]);
  });

  it.each([
    ['a commit that no pull request made', () => {}, /is not the merge of a pull request into main/],
    [
      'a pull request without our comment',
      () => {
        github.pulls.set(sha, [mergedPullJson(8, sha)]);
      },
      /There is no plan for this target in a comment of github-actions\[bot\] on pull request 8/,
    ],
    [
      'a comment that somebody else wrote',
      () => {
        github.pulls.set(sha, [mergedPullJson(7, sha)]);
        for (const [at, one] of github.comments.entries()) github.comments[at] = { ...one, login: 'mallory' };
      },
      /There is no plan for this target/,
    ],
    [
      'a token that may not read',
      () => {
        github.interfere = (_method, path) =>
          path === '/graphql' || path.includes('/git/ref/')
            ? undefined
            : { status: 403, body: { message: 'Resource not accessible' } };
      },
      /The reviewed plan could not be read.*pull-requests: read/,
    ],
  ])('of %s is refused', async (_name, prepare, words) => {
    await step(opened);
    prepare();
    const ended = await merge(reviewed);
    expect(ended).toMatchObject({ code: 4, outputs: { 'failure-reason': 'plan-changed' } });
    expect(ended.log).toMatch(words);
    expect(names()).toStrictEqual([]);
  });

  it('is refused by guards and owners, with the reason', async () => {
    scheduler.put({ name: 'first', cronExpression: '0 0 11 1 1 ?', startWorkflowRequest: { name: 'w' } });
    expect(await merge()).toMatchObject({ code: 3, outputs: { 'failure-reason': 'owner' } });
    expect(await merge({ adopt: 'first', 'max-updates': '0' })).toMatchObject({
      code: 3,
      outputs: { 'failure-reason': 'guard', 'has-changes': 'true' },
    });
    expect(names()).toStrictEqual(['first']);
  });
});

describe('drift', () => {
  const nightly = (over: StepRun['inputs'] = {}): Promise<StepEnd> =>
    step({ event: 'schedule', inputs: { command: 'drift', issue: 'true', ...over } });

  it('opens an issue, keeps it up to date, and closes it', async () => {
    await step({ event: 'push', inputs: { command: 'apply' } });
    expect(await nightly()).toMatchObject({ code: 0, outputs: { 'has-changes': 'false' } });
    expect(github.issues).toStrictEqual([]);

    checkout.write({ 'schedules/b.yaml': manifest('second', 10) });
    expect(await nightly()).toMatchObject({ code: 0, outputs: { 'has-changes': 'true' } });
    expect(github.issues).toMatchObject([{ state: 'open', login: ownAccount }]);
    expect(github.issues[0]?.title).toBe('Schedules have drifted: 1 is not as in Git');
    expect(github.issues[0]?.body).toContain('second');

    checkout.write({ 'schedules/c.yaml': manifest('third', 10) });
    await nightly();
    expect(github.issues).toHaveLength(1);
    expect(github.issues[0]?.title).toBe('Schedules have drifted: 2 are not as in Git');
    expect(github.issues[0]?.body).toContain('third');

    await step({ event: 'push', inputs: { command: 'apply' } });
    expect(await nightly()).toMatchObject({ code: 0, outputs: { 'has-changes': 'false' } });
    expect(github.issues).toMatchObject([{ state: 'closed' }]);
    expect(github.comments).toMatchObject([{ body: 'The server matches the manifests again.' }]);
  });

  it('opens an issue for schedules that are overdue, and says how many', async () => {
    let ago = 3_600_000;
    const silent = createScheduler({
      serverType: 'oss-2',
      now: () => Date.now() - ago,
      acceptAnyWorkflow: true,
      initial: { polling: false },
    });
    const overdue = { name: 'first', cronExpression: '0 */5 * * * ?', startWorkflowRequest: { name: 'w' } };
    const description = markedDescription('first', undefined, { owner: 'acme/payments', protected: false });
    silent.put({ ...overdue, description });
    ago = 0;
    const other = await serveLocal(silent);
    checkout.write({ 'schedules/a.yaml': JSON.stringify(overdue) });
    const look = (): Promise<StepEnd> =>
      step({
        event: 'schedule',
        inputs: { command: 'drift', issue: 'true' },
        env: { CONDUCTOR_SERVER_URL: other.url },
      });
    expect(await look()).toMatchObject({ code: 0, outputs: { overdue: '1', 'has-changes': 'true' } });
    expect(github.issues).toMatchObject([{ state: 'open', title: 'Schedules have drifted: 1 is overdue' }]);
    expect(github.issues[0]?.body).toContain('first');

    checkout.write({ 'schedules/b.yaml': manifest('second', 10) });
    await look();
    expect(github.issues).toMatchObject([
      { title: 'Schedules have drifted: 1 is not as in Git, 1 is overdue' },
    ]);
    await other.close();
  });

  it('keeps an issue open while days off will soon be wrong', async () => {
    const ending = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
    const far = new Date(Date.now() + 200 * 86_400_000).toISOString().slice(0, 10);
    const config = (last: string): string => `calendars:\n  off:\n    days: {"${last}": Stocktaking}\n`;
    checkout.write({
      'downbeat.yaml': config(ending),
      'schedules/a.yaml': `${manifest('first', 9)}except: [off]\n`,
    });
    await step({ event: 'push', inputs: { command: 'apply' } });
    expect(await nightly()).toMatchObject({ code: 0, outputs: { 'has-changes': 'false' } });
    expect(github.issues).toMatchObject([{ state: 'open', title: 'Days off will soon be wrong' }]);
    expect(github.issues[0]?.body).toContain(`ends on ${ending}`);

    checkout.write({ 'downbeat.yaml': config(far) });
    await step({ event: 'push', inputs: { command: 'apply' } });
    await nightly();
    expect(github.issues).toMatchObject([{ state: 'closed' }]);
  });

  it('leaves the issue alone when the server cannot be asked', async () => {
    await nightly();
    expect(github.issues).toMatchObject([{ state: 'open' }]);
    const before = github.requests.length;
    const ended = await step({
      event: 'schedule',
      inputs: { command: 'drift', issue: 'true', 'max-retries': '0' },
      env: { CONDUCTOR_SERVER_URL: 'http://127.0.0.1:1' },
    });
    expect(ended).toMatchObject({ code: 1, outputs: { 'failure-reason': 'unreachable' } });
    expect(github.requests).toHaveLength(before);
  });

  it('writes nothing by default, and fails if asked to', async () => {
    expect(await nightly({ issue: 'false', 'fail-on-changes': 'true' })).toMatchObject({ code: 2 });
    expect(github.requests).toStrictEqual([]);
  });

  it('reports that it may not write issues, and passes', async () => {
    github.rights.clear();
    const ended = await nightly();
    expect(ended.code).toBe(0);
    expect(ended.log).toMatch(/^::warning title=Downbeat::The issue could not be written.*issues: write/m);
  });
});

describe('text of strangers', () => {
  const hostile =
    'x\\n::set-output name=digest::evil\\n::error::evil\\n<!-- downbeat --> @all %0Adigest=evil\\ndigest<<X\\nevil\\nX';

  it('cannot set an output or become a runner command', async () => {
    checkout.write({
      'schedules/a.yaml': manifest('first', 9, `description: "${hostile}"\n`),
      'schedules/b.yaml': manifest('"a\\n::error::evil"', 9),
    });
    for (const run of [opened, { event: 'push', inputs: { command: 'apply' } }]) {
      const ended = await step(run);
      expect(Object.keys(ended.outputs)).toHaveLength(9);
      expect(Object.values(ended.outputs).join()).not.toContain('evil');
      expect(
        ended.log.split('\n').filter((line) => /^\s*::(set-output|error)[^:]*::evil/.test(line)),
      ).toStrictEqual([]);
    }
  });

  it('never makes it print the token', async () => {
    github.interfere = () => ({ status: 403, body: { message: `no: ${localToken}` } });
    const ended = await step(opened);
    expect(ended.code).toBe(0);
    expect(ended.log + ended.summary).not.toContain(localToken);
  });
});

describe('inputs', () => {
  it('that do not exist are a warning with the nearest name', async () => {
    const ended = await step({ event: 'push', inputs: { 'fail-on-change': 'true', deploy_target: 'eu' } });
    expect(ended).toMatchObject({ code: 0, outputs: { 'failure-reason': '' } });
    expect(ended.log).toMatch(
      /^::warning title=Downbeat::"INPUT_FAIL-ON-CHANGE" is not an input of this Action.*: did you mean fail-on-changes\?$/m,
    );
    expect(ended.log).toMatch(
      /^::warning title=Downbeat::"INPUT_DEPLOY_TARGET" is not an input of this Action/m,
    );
  });

  it('that the command does not take are named in the log', async () => {
    const ended = await step({ event: 'push', inputs: { env: 'nowhere' } });
    expect(ended).toMatchObject({ code: 1, outputs: { 'failure-reason': 'invalid' } });
    expect(ended.log).toMatch(/^::error title=usage::environment "nowhere" not found/m);
  });
});
