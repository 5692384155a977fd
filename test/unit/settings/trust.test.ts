import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Options } from '../../../src/argv/program.ts';
import type { FileRead } from '../../../src/io/io.ts';
import { checkoutOf, confined, placeOf } from '../../../src/settings/checkout.ts';
import { type Trust, trustOf } from '../../../src/settings/trust.ts';
import { fakeIo } from '../../support/io.ts';

const repository = 'acme/payments';

function trust(env: Readonly<Record<string, string>>, payload?: unknown, options: Options = {}): Trust {
  const file: FileRead =
    payload === undefined ? { kind: 'missing' } : { kind: 'read', text: JSON.stringify(payload) };
  return trustOf(options, { env: { GITHUB_EVENT_PATH: '/event.json', ...env }, readFile: () => file });
}

function onGithub(event: string, payload?: unknown): Trust {
  return trust({ GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: event, GITHUB_REPOSITORY: repository }, payload);
}

function pullOf(head: string | null): unknown {
  return {
    pull_request: {
      number: 7,
      head: { repo: head === null ? null : { full_name: head } },
      base: { repo: { full_name: repository } },
    },
  };
}

/** docs.github.com, "Events that trigger workflows", and the classic projects' events of older GitHub Enterprise. */
const events = {
  branch_protection_rule: 'strangers',
  check_run: 'strangers',
  check_suite: 'strangers',
  create: 'strangers',
  delete: 'strangers',
  deployment: 'strangers',
  deployment_status: 'strangers',
  discussion: 'strangers',
  discussion_comment: 'strangers',
  fork: 'strangers',
  gollum: 'strangers',
  image_version: 'strangers',
  issue_comment: 'strangers',
  issues: 'strangers',
  label: 'strangers',
  merge_group: 'strangers',
  milestone: 'strangers',
  page_build: 'strangers',
  project: 'strangers',
  project_card: 'strangers',
  project_column: 'strangers',
  public: 'strangers',
  pull_request_comment: 'strangers',
  pull_request_review: 'strangers',
  pull_request_review_comment: 'strangers',
  pull_request_target: 'strangers',
  push: 'ours',
  registry_package: 'strangers',
  release: 'strangers',
  repository_dispatch: 'strangers',
  schedule: 'ours',
  status: 'strangers',
  watch: 'strangers',
  workflow_call: 'strangers',
  workflow_dispatch: 'ours',
  workflow_run: 'strangers',
} as const;

describe('who is trusted', () => {
  it.each(Object.entries(events))('on %s: %s, whatever the payload says', (event, whose) => {
    for (const payload of [undefined, {}, pullOf(repository), pullOf('mallory/payments')])
      expect(onGithub(event, payload).whose).toBe(whose);
  });

  it.each([
    ['the same repository', pullOf(repository), 'ours'],
    ['a fork', pullOf('mallory/payments'), 'strangers-without-secrets'],
    ['a fork that is gone', pullOf(null), 'strangers-without-secrets'],
    ['nothing that is known', {}, 'strangers'],
    ['no payload', undefined, 'strangers'],
  ] as const)('on pull_request of %s', (_name, payload, whose) => {
    expect(onGithub('pull_request', payload).whose).toBe(whose);
  });

  it('on an event of no known name: strangers', () => {
    const known = new Set<string>([...Object.keys(events), 'pull_request']);
    fc.assert(
      fc.property(fc.string(), fc.boolean(), (event, hasPayload) => {
        fc.pre(!known.has(event));
        expect(onGithub(event, hasPayload ? pullOf(repository) : undefined).whose).toBe('strangers');
      }),
    );
    for (const event of ['', 'Push', ' push', 'push ', 'pull_requests'])
      expect(onGithub(event).whose).toBe('strangers');
  });

  it.each([
    ['a terminal', {}, 'ours'],
    ['a branch on GitLab', { CI: 'true', GITLAB_CI: 'true', CI_PROJECT_ID: '7' }, 'ours'],
    ['a merge request', { CI_PROJECT_ID: '7', CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '7' }, 'ours'],
    ['a fork on GitLab', { CI_PROJECT_ID: '7', CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '8' }, 'strangers'],
    ['a merge request into nowhere', { CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '8' }, 'strangers'],
  ] as const)('in %s', (_name, env, whose) => {
    expect(trust(env).whose).toBe(whose);
  });

  it('with --untrusted: strangers, wherever it is', () => {
    for (const env of [{}, { GITHUB_EVENT_NAME: 'push' }])
      expect(trust(env, pullOf(repository), { untrusted: true }).whose).toBe('strangers');
  });

  it('settles everything that follows', () => {
    const { because: _reason, ...strangers } = onGithub('workflow_run');
    expect(strangers).toStrictEqual({
      whose: 'strangers',
      readsConfiguration: false,
      readsEnvironment: false,
      asksServer: true,
      prunes: false,
      leavesCheckout: false,
    });
    expect(onGithub('pull_request', pullOf(null))).toMatchObject({
      asksServer: false,
      readsConfiguration: true,
    });
    expect(onGithub('push')).toMatchObject({ asksServer: true, prunes: true, leavesCheckout: true });
  });
});

describe('a checkout', () => {
  let home: string;
  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), 'downbeat-trust-')));
    for (const [path, text] of Object.entries({
      'secret/docker.yaml': 'auth: S3CR3T\n',
      'checkout/.git/config': 'token: S3CR3T\n',
      'checkout/infra/downbeat.yaml': 'owner: x\n',
      'checkout/infra/schedules/a.yaml': 'name: a\n',
    })) {
      mkdirSync(dirname(join(home, path)), { recursive: true });
      writeFileSync(join(home, path), text);
    }
    symlinkSync('../../secret', join(home, 'checkout/infra/link'));
    symlinkSync('../../secret/docker.yaml', join(home, 'checkout/infra/link.yaml'));
    symlinkSync('../.git/config', join(home, 'checkout/infra/git.yaml'));
    symlinkSync('schedules', join(home, 'checkout/infra/inside'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  /** A world whose working directory is `infra`, with real files all over the disk. */
  function world(trusted: Trust, options: Options = {}, argument?: string) {
    const at = join(home, 'checkout/infra');
    const { io } = fakeIo({ cwd: '/', writes: 'disk' });
    const path = (typed: string): string => (typed.startsWith('/') ? typed : join(at, typed));
    const request = { command: 'plan', options, ...(argument === undefined ? {} : { argument }) } as const;
    return confined(
      {
        ...io,
        linkAt: (typed) => io.linkAt(path(typed)),
        realPath: (typed) => io.realPath(typed === '.' || !typed.startsWith('/') ? `${at}/${typed}` : typed),
        readFile: (typed) => io.readFile(path(typed)),
        readTree: (typed, endings) => io.readTree(path(typed), endings),
        writeFile: (_path: string, _text: string) => undefined,
      },
      trusted,
      request,
    );
  }
  const outside = { kind: 'unreadable', why: 'it is outside the checkout' };
  const paths = ['../../secret/docker.yaml', 'link/docker.yaml', 'link.yaml', 'git.yaml', '../.git/config'];

  it.each(['push', 'workflow_run', 'pull_request'])('is all that is read on %s', (event) => {
    const trusted = onGithub(event, pullOf('mallory/payments'));
    const files = world(trusted);
    for (const path of [...paths, join(home, 'secret/docker.yaml')])
      expect([path, files.readFile(path)]).toStrictEqual([path, outside]);
    for (const directory of ['../../secret', 'link', '..//../secret', '../.git', join(home, 'secret')])
      expect(files.readTree(directory, ['.yaml'])).toStrictEqual({
        kind: 'read',
        files: [],
        unreadable: [{ path: directory, why: outside.why }],
        unread: [],
        hidden: [],
      });
    expect(files.readFile('downbeat.yaml')).toStrictEqual({ kind: 'read', text: 'owner: x\n' });
    expect(files.readFile('schedules/missing.yaml')).toStrictEqual({ kind: 'missing' });
    expect(files.readTree('inside', ['.yaml'])).toMatchObject({ kind: 'read', unreadable: [] });
  });

  it('can be left for a directory that a person typed, not for one from a stranger', () => {
    const typed = join(home, 'secret');
    expect(world(onGithub('push'), {}, typed).readTree(typed, ['.yaml'])).toMatchObject({
      files: [{ text: 'auth: S3CR3T\n' }],
    });
    expect(world(onGithub('workflow_run'), {}, typed).readTree(typed, ['.yaml'])).toMatchObject({
      files: [],
    });
    const config = join(home, 'secret/docker.yaml');
    expect(world(onGithub('push'), { config }).readFile(config)).toMatchObject({ kind: 'read' });
    expect(world(onGithub('workflow_run'), { config }).readFile(config)).toStrictEqual(outside);
  });

  it("cannot be left through a stranger's link", () => {
    symlinkSync('../../secret/new.json', join(home, 'checkout/infra/dangling.json'));
    for (const path of ['link/plan.json', 'link.yaml', 'dangling.json', '../.git/config']) {
      expect(world(onGithub('workflow_run')).writeFile(path, '')).toMatchObject({ why: outside.why });
      expect(world(onGithub('push')).writeFile(path, '')).toBeUndefined();
    }
    for (const path of ['plan.json', join(home, 'plan.json')])
      expect(world(onGithub('workflow_run')).writeFile(path, '')).toBeUndefined();
  });

  it("ends at the pipeline's checkout, even if the runner is inside another checkout", () => {
    mkdirSync(join(home, '.git'));
    rmSync(join(home, 'checkout/.git'), { recursive: true });
    const { realPath } = world(onGithub('push'));
    expect(checkoutOf('.', { env: {}, realPath })).toBe(home);
    for (const name of ['GITHUB_WORKSPACE', 'CI_PROJECT_DIR'])
      expect(checkoutOf('.', { env: { [name]: join(home, 'checkout') }, realPath })).toBe(
        join(home, 'checkout/infra'),
      );
  });

  it('has one place for every spelling of a path', () => {
    const disk = world(onGithub('push'));
    for (const path of ['schedules', './schedules', 'schedules/', 'inside', '../infra/schedules'])
      expect(placeOf(path, disk)).toBe('infra/schedules');
    expect(placeOf('..', disk)).toBe('.');
    expect(placeOf('missing', disk)).toBe('missing');
  });
});
