import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { writeFile } from '../../src/io/write-file.ts';
import { main } from '../../src/main.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { createScheduler, type Scheduler } from '../../src/scheduler/core.ts';
import type { Served } from '../../src/scheduler/serve.ts';
import { type BuiltAction, buildAction, pullRequest } from '../support/action.ts';
import { type LocalGithub, localGithub, localRepository, localToken } from '../support/github.ts';
import { fakeIo } from '../support/io.ts';
import { blocks } from '../support/pages.ts';
import { serveLocal } from '../support/scheduler.ts';
import { installTool } from './tools.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const elsewhere = mkdtempSync(join(tmpdir(), 'downbeat-workflows-'));
/** What `init` writes without --action; test/unit/commands holds it to that. */
const withPackage = join(root, 'test/golden/plan/after-init/input');
const checkout = join(elsewhere, 'checkout');
const actionReference = 'acme/downbeat@v0';
const pipelinesIn = (folder: string): readonly string[] =>
  ['schedules.yml', 'drift.yml'].map((name) => join(folder, '.github/workflows', name));
/** What it writes with it; there once beforeAll is done. */
const workflows = pipelinesIn(checkout);

interface Ended {
  readonly code: number;
  readonly printed: string;
}

function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env: { ...process.env, ...env } }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), printed: out + err }),
    );
  });
}

let actionlint: string;
let act: string;
let action: BuiltAction;
let github: LocalGithub;
let scheduler: Scheduler;
let served: Served;

beforeAll(async () => {
  [actionlint, act, action, github] = await Promise.all([
    installTool('actionlint'),
    installTool('act'),
    buildAction(),
    localGithub(),
  ]);
  scheduler = createScheduler({ serverType: 'oss-2', now: Date.now, acceptAnyWorkflow: true });
  served = await serveLocal(scheduler);
  mkdirSync(checkout);
  const git = (...words: readonly string[]): Promise<Ended> =>
    run('git', ['-c', 'user.name=ann', '-c', 'user.email=ann@example.com', ...words], checkout);
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('remote', 'add', 'origin', `https://github.com/${localRepository}.git`);
  const { io } = fakeIo({ cwd: checkout });
  const init = ['init', '--ci', 'github', '--action', actionReference];
  expect(
    await main(init, { ...io, writeFile: (path, ...how) => writeFile(join(checkout, path), ...how) }),
  ).toBe(0);
  await git('add', '--all');
  expect(await git('commit', '--quiet', '--message', 'begin')).toMatchObject({ code: 0 });
  github.branches.set('main', (await git('rev-parse', 'HEAD')).printed.trim());
});

afterAll(async () => {
  await github?.close();
  await served?.close();
  action?.remove();
  rmSync(elsewhere, { recursive: true, force: true });
});

/** A run of the workflows on this machine itself, with our Action in the place of the released one. */
function workflowRun(event: string, payload: JsonObject): Promise<Ended> {
  const home = join(elsewhere, 'home');
  if (!existsSync(home)) {
    mkdirSync(join(home, '.config', 'act'), { recursive: true });
    // Without a file of its own it asks for one.
    writeFileSync(join(home, '.config', 'act', 'actrc'), '');
  }
  const file = join(elsewhere, `${event}.json`);
  writeFileSync(file, JSON.stringify(payload));
  return run(
    act,
    [
      event,
      '--platform',
      'ubuntu-latest=-self-hosted',
      '--eventpath',
      file,
      '--local-repository',
      `${actionReference}=${action.folder}`,
      '--action-offline-mode',
      '--var',
      `CONDUCTOR_SERVER_URL=${served.url}`,
      '--secret',
      `GITHUB_TOKEN=${localToken}`,
      '--env',
      `GITHUB_API_URL=${github.url}`,
      '--env',
      `GITHUB_GRAPHQL_URL=${github.url}/graphql`,
    ],
    checkout,
    {
      HOME: home,
      XDG_CONFIG_HOME: join(home, '.config'),
      XDG_CACHE_HOME: join(home, '.cache'),
      NO_COLOR: '1',
    },
  );
}

const repository: JsonObject = {
  full_name: localRepository,
  name: 'payments',
  owner: { login: 'acme' },
  default_branch: 'main',
};

describe('actionlint', () => {
  it.each([
    ...workflows,
    ...pipelinesIn(withPackage),
    join(root, '.github/workflows/release.yml'),
    join(root, '.github/workflows/ci.yml'),
  ])('finds nothing in %s', async (path) => {
    expect(await run(actionlint, ['-shellcheck=', '-pyflakes=', path], elsewhere)).toStrictEqual({
      code: 0,
      printed: '',
    });
  });

  it.each([
    ['the package', []],
    ['the Action', ['--action', actionReference]],
  ])('finds nothing in pipelines with environments, for %s', async (kind, flags) => {
    const place = join(elsewhere, kind);
    mkdirSync(join(place, 'schedules'), { recursive: true });
    writeFileSync(join(place, 'schedules/a.yaml'), 'a: "${secret.ORDERS_KEY}"\n');
    const { io } = fakeIo({ cwd: place });
    const init = [
      'init',
      '--ci',
      'github',
      ...flags,
      '--environment',
      'staging',
      '--environment',
      'production',
    ];
    expect(
      await main(init, { ...io, writeFile: (path, ...how) => writeFile(join(place, path), ...how) }),
    ).toBe(0);
    for (const path of pipelinesIn(place))
      expect(await run(actionlint, ['-shellcheck=', '-pyflakes=', path], elsewhere)).toStrictEqual({
        code: 0,
        printed: '',
      });
  });

  it('finds nothing in the workflow of the README', async () => {
    const short = blocks('yaml', 'README.md').filter((text) => text.includes('runs-on: ubuntu-latest'));
    expect(short).toHaveLength(1);
    const path = join(elsewhere, 'readme.yml');
    writeFileSync(path, short[0] ?? '');
    expect(await run(actionlint, ['-shellcheck=', '-pyflakes=', path], elsewhere)).toStrictEqual({
      code: 0,
      printed: '',
    });
  });

  it('finds a planted mistake', async () => {
    const path = join(elsewhere, 'broken.yml');
    writeFileSync(path, readFileSync(workflows[0] ?? '', 'utf8').replace('github.event_name', 'github.evnt'));
    expect(await run(actionlint, [path], elsewhere)).toMatchObject({ code: 1 });
  });

  it('every input in the workflows is one of the Action', () => {
    const { inputs } = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
    const texts = [...workflows.map((path) => readFileSync(path, 'utf8')), ...blocks('yaml', 'README.md')];
    const given = texts.flatMap((text) => {
      const jobs = Object.values((parse(text) as { jobs?: object }).jobs ?? {}) as {
        steps?: { uses?: string; with?: object }[];
      }[];
      return jobs
        .flatMap(({ steps = [] }) => steps)
        .filter(({ uses = '' }) => !uses.startsWith('actions/'))
        .flatMap(({ with: words = {} }) => Object.keys(words));
    });
    expect(given.length).toBeGreaterThan(4);
    expect(given.filter((name) => !Object.hasOwn(inputs, name))).toStrictEqual([]);
  });
});

describe('act', () => {
  it('drift opens an issue', async () => {
    const ended = await workflowRun('schedule', { repository });
    expect(ended.printed).toMatch(/Job succeeded/);
    expect(ended.code).toBe(0);
    expect(github.issues).toMatchObject([{ state: 'open' }]);
  });

  it('a pull request is planned and commented on', async () => {
    const ended = await workflowRun('pull_request', { ...pullRequest(7), repository });
    expect(ended.printed).toMatch(/Job succeeded/);
    expect(ended.printed).toMatch(/set-output:: to-create=1/);
    expect(ended.code).toBe(0);
    expect(github.comments).toMatchObject([{ number: 7 }]);
    expect(github.comments[0]?.body).toContain('example_nightly');
    expect(scheduler.state().schedules).toStrictEqual([]);
  });

  it('a merge is applied, and then there is no drift and no issue', async () => {
    const ended = await workflowRun('push', { ref: 'refs/heads/main', repository });
    expect(ended.printed).toMatch(/Job succeeded/);
    expect(ended.code).toBe(0);
    expect(scheduler.state().schedules).toMatchObject([{ name: 'example_nightly', paused: true }]);
    expect(await workflowRun('schedule', { repository })).toMatchObject({ code: 0 });
    expect(github.issues).toMatchObject([{ state: 'closed' }]);
  });
});
