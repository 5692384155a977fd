import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import { createScheduler, type Scheduler } from '../../src/scheduler/core.ts';
import type { Served } from '../../src/scheduler/serve.ts';
import { type BuiltAction, buildAction, pullRequest, runStep, type StepEnd } from '../support/action.ts';
import { type LocalGithub, localGithub, localRepository, localToken } from '../support/github.ts';
import { serveLocal } from '../support/scheduler.ts';

/**
 * What strangers may put into a pull request, against the built Action in a process of its own. A runner's home has
 * files beside the checkout and credentials in its environment; none of them may come out anywhere.
 */
let action: BuiltAction;
let github: LocalGithub;
let scheduler: Scheduler;
let served: Served;
let home: string;
let checkout: string;
/** A server of the stranger's, and everything that anybody sent to it. */
let thief: Server;
let stolen: string[];
let asked: string[];

beforeAll(async () => {
  action = await buildAction();
}, 60_000);
afterAll(() => action.remove());

beforeEach(async () => {
  github = await localGithub();
  asked = [];
  stolen = [];
  const inner = createScheduler({ serverType: 'oss-2', now: Date.now, acceptAnyWorkflow: true });
  scheduler = {
    ...inner,
    handle: (request) => {
      asked.push(`${request.method} ${request.path} ${request.query} ${String(request.body ?? '')}`);
      return inner.handle(request);
    },
  };
  served = await serveLocal(scheduler);
  thief = createServer((request, response) => {
    stolen.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
  });
  await new Promise<void>((resolve) => thief.listen(0, '127.0.0.1', resolve));
  home = mkdtempSync(join(tmpdir(), 'downbeat-runner-home-'));
  checkout = join(home, 'work/payments');
  mkdirSync(checkout, { recursive: true });
  put(home, {
    'outside/docker.yaml': `auths:\n  registry: {auth: ${inFile}}\n  - ${inFile}\n`,
    'outside/config.json': `{"auth": "${inFile}", ${inFile}`,
    'outside/kube/config.yaml': `users:\n  admin: {token: ${inFile}}\n  - ${inFile}\n`,
    'outside/schedule.yaml': schedule('outside', `description: ${inFile}\n`),
    'work/payments/.git/HEAD': 'ref: refs/heads/main\n',
    'work/payments/.git/config': `[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic ${inFile}\n`,
    'work/payments/.git/x.yaml': `extraheader: basic ${inFile}\n  - x\n`,
  });
  scheduler.put({
    name: 'of_another_team',
    description: 'settles\n[downbeat-owner: payments]',
    cronExpression: '0 0 9 1 1 ?',
    startWorkflowRequest: { name: 'w', input: { account: onServer } },
  });
});
afterEach(async () => {
  await github.close();
  await served.close();
  await new Promise<void>((resolve) => {
    thief.close(() => resolve()).closeAllConnections();
  });
  rmSync(home, { recursive: true, force: true });
});

const inFile = 'c4nary0fafile7731';
const onServer = 'c4nary0faserver5512';
const credentials = {
  DB_PASS: 'c4nary0fadatabase1',
  NPM_AUTH: 'c4nary0faregistry2',
  DATABASE_URL: 'postgres://ann:c4nary0faurl3@db/payments',
  SESSION_COOKIE: 'c4nary0facookie4',
  CONDUCTOR_AUTH_TOKEN: 'c4nary0fatoken5',
};
const canaries: readonly string[] = [
  inFile,
  onServer,
  'c4nary0fadatabase1',
  'c4nary0faregistry2',
  'c4nary0faurl3',
  'c4nary0facookie4',
  'c4nary0fatoken5',
  localToken,
].flatMap((one) => [one, Buffer.from(one).toString('base64').slice(0, -4)]);

type Attack = {
  readonly what: string;
  readonly event: string;
  /** Absent = of a fork's pull request. */
  readonly payload?: JsonObject;
  readonly files?: () => { readonly [path: string]: string };
  readonly links?: () => { readonly [path: string]: string };
  readonly inputs?: { readonly [name: string]: string };
  /** No `CONDUCTOR_SERVER_URL`: the workflow left the server to the configuration. */
  readonly noServer?: true;
  /** What commit 2189e04 did. */
  readonly before: 'failed' | 'held';
};

const fork = pullRequest(7, 'mallory/payments');
const ownBranch = pullRequest(7);
const run: JsonObject = {
  action: 'completed',
  workflow_run: { head_repository: { full_name: 'mallory/payments' } },
};
const comment: JsonObject = {
  action: 'created',
  issue: { number: 7, pull_request: {} },
  comment: { body: '/plan' },
};
const queue: JsonObject = { action: 'checks_requested', merge_group: { head_sha: 'b'.repeat(40) } };

function schedule(name: string, more = ''): string {
  return `name: ${name}\ncronExpression: "0 0 9 1 1 ?"\nstartWorkflowRequest: {name: w}\n${more}`;
}

const sound = () => ({ 'schedules/a.yaml': schedule('first') });
const config = (text: string) => () => ({ ...sound(), 'downbeat.yaml': text });
const reading = (text: string) => () => ({
  'schedules/a.yaml': schedule('first', `description: "${text}"\n`),
});
const thiefUrl = (): string => `http://127.0.0.1:${(thief.address() as AddressInfo).port}/api`;

const attacks: readonly Attack[] = [
  // Configuration
  {
    what: 'manifests beside the checkout',
    event: 'pull_request_target',
    files: config('manifests: ../../outside\n'),
    before: 'failed',
  },
  {
    what: 'manifests beside the checkout',
    event: 'workflow_run',
    payload: run,
    files: config('manifests: ../../outside\n'),
    before: 'failed',
  },
  {
    what: 'manifests beside the checkout',
    event: 'issue_comment',
    payload: comment,
    files: config('manifests: ../../outside\n'),
    before: 'failed',
  },
  {
    what: 'manifests beside the checkout',
    event: 'merge_group',
    payload: queue,
    files: config('manifests: ../../outside\n'),
    before: 'failed',
  },
  {
    what: 'manifests beside the checkout',
    event: 'pull_request',
    files: config('manifests: ../../outside\n'),
    before: 'failed',
  },
  {
    what: 'manifests beside the checkout',
    event: 'pull_request',
    payload: ownBranch,
    files: config('manifests: ../../outside\n'),
    before: 'failed',
  },
  {
    what: 'manifests beside the checkout',
    event: 'tomorrows_event',
    files: config('manifests: ../../outside\n'),
    before: 'failed',
  },
  {
    what: 'manifests by a path with detours',
    event: 'pull_request_target',
    files: config('manifests: schedules/../../../outside/kube\n'),
    before: 'failed',
  },
  {
    what: 'manifests by an absolute path',
    event: 'workflow_run',
    payload: run,
    files: () => config(`manifests: ${home}/outside\n`)(),
    before: 'failed',
  },
  {
    what: 'manifests by an absolute path',
    event: 'pull_request',
    files: () => config(`manifests: ${home}/outside\n`)(),
    before: 'failed',
  },
  {
    what: "manifests among Git's own files",
    event: 'pull_request_target',
    files: config('manifests: .git\n'),
    before: 'failed',
  },
  {
    what: "manifests among Git's own files",
    event: 'pull_request',
    payload: ownBranch,
    files: config('manifests: .git\n'),
    before: 'failed',
  },
  {
    what: 'overlays beside the checkout',
    event: 'pull_request',
    payload: ownBranch,
    inputs: { env: 'x' },
    files: config('environments: {x: {overlays: ../../outside}}\n'),
    before: 'failed',
  },
  {
    what: 'overlays beside the checkout',
    event: 'pull_request_target',
    inputs: { env: 'x' },
    files: config('environments: {x: {overlays: ../../outside}}\n'),
    before: 'failed',
  },
  {
    what: 'overlays beside the checkout',
    event: 'workflow_run',
    payload: run,
    inputs: { env: 'x' },
    files: config('environments: {x: {overlays: ../../outside}}\n'),
    before: 'failed',
  },
  {
    what: 'a server of their own',
    event: 'pull_request_target',
    noServer: true,
    files: () => config(`server: {url: "${thiefUrl()}"}\n`)(),
    before: 'held',
  },
  {
    what: 'a server of their own',
    event: 'workflow_run',
    payload: run,
    noServer: true,
    files: () => config(`server: {url: "${thiefUrl()}"}\n`)(),
    before: 'failed',
  },
  {
    what: 'a server of their own',
    event: 'issue_comment',
    payload: comment,
    noServer: true,
    files: () => config(`server: {url: "${thiefUrl()}"}\n`)(),
    before: 'failed',
  },
  {
    what: 'a server of their own',
    event: 'merge_group',
    payload: queue,
    noServer: true,
    files: () => config(`server: {url: "${thiefUrl()}"}\n`)(),
    before: 'failed',
  },
  {
    what: 'a server of their own',
    event: 'pull_request',
    noServer: true,
    files: () => config(`server: {url: "${thiefUrl()}"}\n`)(),
    before: 'failed',
  },
  {
    what: 'a server of their own',
    event: 'tomorrows_event',
    noServer: true,
    files: () => config(`server: {url: "${thiefUrl()}"}\n`)(),
    before: 'failed',
  },
  {
    what: 'a server of their own in an environment',
    event: 'workflow_run',
    payload: run,
    noServer: true,
    inputs: { env: 'x' },
    files: () => config(`environments: {x: {server: {url: "${thiefUrl()}"}}}\n`)(),
    before: 'failed',
  },
  {
    what: "another team's owner, with prune",
    event: 'pull_request_target',
    files: config('owner: payments\nprune: true\n'),
    before: 'failed',
  },
  {
    what: "another team's owner, with prune",
    event: 'workflow_run',
    payload: run,
    files: config('owner: payments\nprune: true\n'),
    before: 'failed',
  },
  {
    what: "another team's owner, with prune",
    event: 'repository_dispatch',
    files: config('owner: payments\nprune: true\n'),
    before: 'failed',
  },
  {
    what: 'a configuration in another place',
    event: 'pull_request_target',
    inputs: { config: 'conf.yaml' },
    files: () => ({ ...sound(), 'conf.yaml': 'manifests: ../../outside\n' }),
    before: 'failed',
  },
  {
    what: 'variables of the environment in the configuration',
    event: 'workflow_run',
    payload: run,
    inputs: { env: 'x' },
    files: () => ({
      ...reading(`\${var.v}`)(),
      'downbeat.yaml': `environments: {x: {variables: {v: "\${env.DB_PASS}"}}}\n`,
    }),
    before: 'held',
  },
  {
    what: 'a configuration that allows itself variables',
    event: 'workflow_run',
    payload: run,
    files: () => ({
      ...reading(`\${env.DB_PASS} \${env.NPM_AUTH}`)(),
      'downbeat.yaml': 'allow: {env: [DB_PASS, NPM_AUTH]}\n',
    }),
    before: 'held',
  },
  {
    what: 'defaults that read the environment',
    event: 'issue_comment',
    payload: comment,
    files: config(`defaults: {tags: {team: "\${env.SESSION_COOKIE}"}}\n`),
    before: 'held',
  },
  // Links
  {
    what: 'a directory that is a link',
    event: 'pull_request_target',
    links: () => ({ schedules: '../../outside' }),
    before: 'failed',
  },
  {
    what: 'a directory that is a link',
    event: 'workflow_run',
    payload: run,
    links: () => ({ schedules: '../../outside' }),
    before: 'failed',
  },
  {
    what: 'a directory that is a link',
    event: 'pull_request',
    links: () => ({ schedules: '../../outside' }),
    before: 'failed',
  },
  {
    what: 'a directory that is a link',
    event: 'push',
    payload: {},
    links: () => ({ schedules: '../../outside' }),
    before: 'failed',
  },
  {
    what: 'a directory that is an absolute link',
    event: 'pull_request_target',
    links: () => ({ schedules: join(home, 'outside') }),
    before: 'failed',
  },
  {
    what: 'a directory that is a link over links',
    event: 'merge_group',
    payload: queue,
    links: () => ({ schedules: 'a/b', 'a/b': '../c', c: '../../outside/kube' }),
    before: 'failed',
  },
  {
    what: 'an input that is a link',
    event: 'pull_request_target',
    inputs: { directory: 'infra/x' },
    links: () => ({ 'infra/x': '../../../outside' }),
    before: 'failed',
  },
  {
    what: 'a directory below a link',
    event: 'workflow_run',
    payload: run,
    inputs: { directory: 'infra/kube' },
    links: () => ({ infra: '../../outside' }),
    before: 'failed',
  },
  {
    what: 'a directory that is a link to a file',
    event: 'pull_request_target',
    links: () => ({ schedules: '../../outside/docker.yaml' }),
    before: 'held',
  },
  {
    what: 'a manifest that is a link',
    event: 'pull_request_target',
    files: sound,
    links: () => ({ 'schedules/b.yaml': '../../../outside/docker.yaml' }),
    before: 'held',
  },
  {
    what: 'a manifest that is an absolute link',
    event: 'workflow_run',
    payload: run,
    files: sound,
    links: () => ({ 'schedules/b.json': join(home, 'outside/config.json') }),
    before: 'held',
  },
  {
    what: 'a folder of manifests that is a link',
    event: 'pull_request_target',
    files: sound,
    links: () => ({ 'schedules/more': '../../../outside' }),
    before: 'held',
  },
  {
    what: "a manifest that is a link to Git's own files",
    event: 'pull_request_target',
    inputs: { directory: '.' },
    files: sound,
    links: () => ({ 'b.yaml': '.git/config' }),
    before: 'failed',
  },
  {
    what: "a manifest that is a link to Git's own files",
    event: 'pull_request',
    payload: ownBranch,
    files: config('manifests: .\n'),
    links: () => ({ 'b.yaml': '.git/config' }),
    before: 'failed',
  },
  {
    what: 'a manifest that is the environment of the process',
    event: 'pull_request_target',
    links: () => ({ 'schedules/b.yaml': '/proc/self/environ' }),
    before: 'held',
  },
  {
    what: 'a directory of processes',
    event: 'workflow_run',
    payload: run,
    links: () => ({ schedules: '/proc/self' }),
    before: 'held',
  },
  {
    what: 'a configuration that is a link',
    event: 'pull_request_target',
    files: sound,
    links: () => ({ 'downbeat.yaml': '../../outside/docker.yaml' }),
    before: 'failed',
  },
  {
    what: 'a configuration that is a link',
    event: 'workflow_run',
    payload: run,
    files: sound,
    links: () => ({ 'downbeat.yaml': join(home, 'outside/config.json') }),
    before: 'failed',
  },
  {
    what: 'a configuration that is a link',
    event: 'pull_request',
    files: sound,
    links: () => ({ 'downbeat.yaml': '../../outside/docker.yaml' }),
    before: 'failed',
  },
  {
    what: 'a configuration that is a link to the environment',
    event: 'issue_comment',
    payload: comment,
    files: sound,
    links: () => ({ 'downbeat.yaml': '/proc/self/environ' }),
    before: 'held',
  },
  {
    what: 'an output that is a link',
    event: 'pull_request_target',
    inputs: { output: 'json=plan.json' },
    files: sound,
    links: () => ({ 'plan.json': '../../outside/schedule.yaml' }),
    before: 'held',
  },
  {
    what: 'an output that is a link to what is not there',
    event: 'workflow_run',
    payload: run,
    inputs: { output: 'json=plan.json' },
    files: sound,
    links: () => ({ 'plan.json': '../../outside/new.json' }),
    before: 'held',
  },
  // Manifests
  {
    what: 'references to the environment',
    event: 'pull_request_target',
    files: reading(`\${env.DB_PASS} \${env.DATABASE_URL}`),
    before: 'held',
  },
  {
    what: 'references to the environment',
    event: 'workflow_run',
    payload: run,
    files: reading(`\${env.DB_PASS} \${env.SESSION_COOKIE}`),
    before: 'failed',
  },
  {
    what: 'references to the environment',
    event: 'check_run',
    payload: {},
    files: reading(`\${env.NPM_AUTH} \${env.DATABASE_URL}`),
    before: 'failed',
  },
  {
    what: 'references to secrets',
    event: 'workflow_run',
    payload: run,
    files: () => ({
      'schedules/a.yaml': schedule('first').replace(
        '{name: w}',
        `{name: w, input: {a: "\${secret.DB_PASS}"}}`,
      ),
    }),
    before: 'held',
  },
  {
    what: 'references to our own credentials',
    event: 'merge_group',
    payload: queue,
    files: reading(`\${env.CONDUCTOR_AUTH_TOKEN} \${env.INPUT_GITHUB-TOKEN}`),
    before: 'held',
  },
  {
    what: 'names and texts that give orders',
    event: 'pull_request_target',
    files: () => ({
      'schedules/a.yaml': schedule(
        '"a\\n::set-output name=digest::x\\n::add-mask::x"',
        `description: "\${env.DB_PASS}\\n::error::x"\n`,
      ),
    }),
    before: 'held',
  },
  {
    what: 'a problem beside a reference',
    event: 'workflow_run',
    payload: run,
    files: () => ({
      'schedules/a.yaml': `name: "\${env.SESSION_COOKIE}"\ncronExpression: "\${env.DB_PASS}"\nstartWorkflowRequest: {}\n`,
    }),
    before: 'failed',
  },
];

function put(folder: string, files: { readonly [path: string]: string }): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function outsideFiles(): readonly string[] {
  return readdirSync(join(home, 'outside'), { recursive: true })
    .map(String)
    .filter((path) => /\.\w+$/.test(path))
    .sort()
    .map((path) => `${path}: ${readFileSync(join(home, 'outside', path), 'utf8')}`);
}

async function attack({
  event,
  payload = fork,
  files,
  links,
  inputs = {},
  noServer,
}: Attack): Promise<StepEnd> {
  put(checkout, files?.() ?? {});
  for (const [path, target] of Object.entries(links?.() ?? {})) {
    mkdirSync(dirname(join(checkout, path)), { recursive: true });
    symlinkSync(target, join(checkout, path));
  }
  const folder = { folder: checkout, write: () => {}, remove: () => {} };
  return runStep(action, folder, github, {
    event,
    payload,
    inputs: { 'max-retries': '0', ...inputs },
    env: { ...credentials, CONDUCTOR_SERVER_URL: noServer ? '' : served.url },
  });
}

/** Everywhere where somebody else can read. */
function seen({ log, summary, outputs }: StepEnd): string {
  const posted = [...github.comments, ...github.issues].map(({ title, body }) => `${title}\n${body}`);
  return [log, summary, ...Object.values(outputs), ...posted, ...asked, ...github.requests].join('\n');
}

describe('a hostile pull request', () => {
  it('is watched on every output', async () => {
    expect(attacks.length).toBeGreaterThanOrEqual(40);
    expect(
      new Set(attacks.map(({ what, event, payload }) => `${what} ${event} ${payload === ownBranch}`)).size,
    ).toBe(attacks.length);
    const ended = await attack({
      what: '',
      event: 'pull_request',
      payload: ownBranch,
      files: reading('a text of its own'),
      before: 'held',
    });
    expect(ended.code).toBe(0);
    expect(github.comments[0]?.body).toContain('a text of its own');
    expect(seen(ended)).toContain('a text of its own');
    expect(asked.length).toBeGreaterThan(0);
    expect(outsideFiles().join()).toContain(inFile);
    expect(localRepository).toBe('acme/payments');
  });

  it.each(attacks)('$event: $what ($before at 2189e04)', async (one) => {
    const before = outsideFiles();
    const ended = await attack(one);
    const text = seen(ended);
    expect(canaries.filter((canary) => text.includes(canary))).toStrictEqual([]);
    expect(stolen).toStrictEqual([]);
    expect(outsideFiles()).toStrictEqual(before);
    expect(asked.filter((line) => /^(?:PUT|DELETE|POST \/api\/scheduler)/.test(line))).toStrictEqual([]);
    // It got as far as to say something.
    expect(ended.log.length + ended.summary.length).toBeGreaterThan(20);
  });
});
