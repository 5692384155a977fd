import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tipOf } from '../../../src/github/branches.ts';
import { comment } from '../../../src/github/comments.ts';
import { closeIssue, openIssue } from '../../../src/github/issues.ts';
import { ownLogin } from '../../../src/github/own-account.ts';
import { mergedPull } from '../../../src/github/pulls.ts';
import { type Github, githubRest } from '../../../src/github/rest.ts';
import { httpTransport } from '../../../src/http/client.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import {
  type LocalGithub,
  localGithub,
  localRepository,
  localToken,
  mergedPullJson,
  ownAccount,
} from '../../support/github.ts';

let server: LocalGithub;
let waits: number[];

beforeEach(async () => {
  server = await localGithub();
  waits = [];
});
afterEach(() => server.close());

const noon = Date.UTC(2026, 10, 23, 12);

function client(token = localToken): Github {
  return githubRest({
    transport: httpTransport(),
    apiUrl: server.url,
    graphqlUrl: `${server.url}/graphql`,
    token,
    version: '1.2.3',
    now: () => noon,
    random: () => 0.5,
    wait: async (ms) => void waits.push(ms),
  });
}

const header = '<!-- downbeat: a -->';
const thread = { repository: localRepository, number: 7, header, login: ownAccount };
const say = (body: string) => ({ body: `${header}\n${body}`, mode: 'upsert', quiet: false }) as const;
const commentsPath = `/repos/${localRepository}/issues/7/comments`;

describe('requests', () => {
  it.each([
    ['a 502', { status: 502 }, [225]],
    ['a 500', { status: 500 }, [225]],
    ['a 429 with seconds', { status: 429, headers: { 'retry-after': '3' } }, [3000]],
    ['a 429 without', { status: 429 }, [60_000]],
    [
      'a secondary limit',
      { status: 403, body: { message: 'You have exceeded a secondary rate limit' } },
      [60_000],
    ],
    [
      'a primary limit that is nearly over',
      {
        status: 403,
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(noon / 1000 + 20) },
      },
      [20_000],
    ],
  ])('%s is waited for and tried again', async (_name, answer, waited) => {
    server.interfere = (method, _path, count) => (method === 'GET' && count === 1 ? answer : undefined);
    expect(await client().list(commentsPath)).toStrictEqual({ ok: true, value: [] });
    expect(waits).toStrictEqual(waited);
  });

  it.each([
    [
      'a missing right',
      { status: 403, body: { message: 'Resource not accessible by integration' } },
      'denied',
      1,
    ],
    ['what is not there', { status: 404 }, 'denied', 1],
    ['issues that are switched off', { status: 410 }, 'denied', 1],
    ['a body that is refused', { status: 422 }, 'failed', 1],
    ['a 503 that stays', { status: 503 }, 'failed', 4],
    [
      'a limit that is over in an hour',
      {
        status: 403,
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(noon / 1000 + 3600) },
      },
      'denied',
      1,
    ],
  ])('%s is not retried forever', async (_name, answer, kind, requests) => {
    server.interfere = () => answer;
    expect(await client().list(commentsPath)).toMatchObject({ ok: false, refusal: { kind } });
    expect(server.requests).toHaveLength(requests);
  });

  it('no server answers', async () => {
    const { url } = server;
    await server.close();
    expect(await client().get('/x')).toMatchObject({ ok: false, refusal: { kind: 'failed' } });
    server = await localGithub();
    expect(url).not.toBe(server.url);
  });

  it('never shows the token, even if GitHub echoes it', async () => {
    server.interfere = () => ({ status: 403, body: { message: `no ${localToken}\nhere` } });
    expect(await client().get('/x')).toStrictEqual({
      ok: false,
      refusal: { kind: 'denied', status: 403, words: 'no *** here' },
    });
  });

  it('a list follows every page, and never to another host', async () => {
    for (let at = 0; at < 250; at += 1) server.add('comments', { number: 7, body: String(at) });
    const found = await client().list(commentsPath);
    expect(found.ok && found.value.length).toBe(250);
    expect(server.requests).toHaveLength(3);
  });

  it.each([
    ['no JSON', 'failed'],
    ['no list', 'failed'],
  ])('an answer that is %s is a failure', async (what, kind) => {
    server.interfere = () => ({ status: 200, body: { message: what } });
    expect(await client().list(commentsPath)).toMatchObject({ ok: false, refusal: { kind } });
  });
});

describe('who we are', () => {
  it('is the account from GraphQL', async () => {
    await server.close();
    server = await localGithub('my-app[bot]');
    expect(await ownLogin(client())).toBe('my-app[bot]');
  });

  it('is the account of workflows without an answer', async () => {
    server.interfere = () => ({ status: 403 });
    expect(await ownLogin(client())).toBe(ownAccount);
  });
});

describe('the comment', () => {
  it('is created once, then updated', async () => {
    expect(await comment(client(), thread, say('one'))).toStrictEqual({ ok: true, value: 'created' });
    expect(await comment(client(), thread, say('two'))).toStrictEqual({ ok: true, value: 'updated' });
    expect(await comment(client(), thread, say('two'))).toStrictEqual({ ok: true, value: 'unchanged' });
    expect(server.comments.map(({ body }) => body)).toStrictEqual([`${header}\ntwo`]);
  });

  it("is found after hundreds of others, and is never another target's or account's", async () => {
    const mallory = server.add('comments', { number: 7, body: `${header}\nmine`, login: 'mallory' });
    const quoted = server.add('comments', { number: 7, body: `> quoted\n${header}` });
    const other = server.add('comments', { number: 7, body: '<!-- downbeat: b -->\nother' });
    for (let at = 0; at < 150; at += 1) server.add('comments', { number: 7, body: 'chat', login: 'ann' });
    const ours = server.add('comments', { number: 7, body: `${header}\nold` });
    await comment(client(), thread, say('new'));
    expect(ours.body).toBe(`${header}\nnew`);
    expect([mallory.body, quoted.body, other.body]).toStrictEqual([
      `${header}\nmine`,
      `> quoted\n${header}`,
      '<!-- downbeat: b -->\nother',
    ]);
  });

  it.each([
    ['changes-only', true, ['nothing to say', 'nothing to say'], 0],
    ['changes-only', false, ['created', 'updated'], 1],
    ['always-new', true, ['created', 'created'], 2],
    ['upsert', true, ['created', 'updated'], 1],
  ] as const)('%s with nothing to say: %s', async (mode, quiet, values, count) => {
    for (const [at, value] of values.entries()) {
      const written = await comment(client(), thread, { body: `${header}\n${at}`, mode, quiet });
      expect(written).toStrictEqual({ ok: true, value });
    }
    expect(server.comments).toHaveLength(count);
  });

  it('changes-only does not leave an old plan in the comment', async () => {
    await comment(client(), thread, { body: `${header}\nchanges`, mode: 'changes-only', quiet: false });
    await comment(client(), thread, { body: `${header}\nnone`, mode: 'changes-only', quiet: true });
    expect(server.comments.map(({ body }) => body)).toStrictEqual([`${header}\nnone`]);
  });

  it.each([true, false])('exists once if the answer is lost (done: %s)', async (taken) => {
    server.interfere = (method, _path, count) =>
      method === 'POST' && count === 1 && _path !== '/graphql'
        ? { status: 502, ...(taken ? { effect: true } : {}) }
        : undefined;
    expect(await comment(client(), thread, say('one'))).toStrictEqual({ ok: true, value: 'created' });
    expect(server.comments).toHaveLength(1);
  });

  it('that may not be written is refused with a message', async () => {
    server.rights.clear();
    expect(await comment(client(), thread, say('one'))).toMatchObject({
      ok: false,
      refusal: { kind: 'denied', status: 403 },
    });
  });
});

describe('the issue', () => {
  const mark = { repository: localRepository, header, login: ownAccount };
  const drift = (words: string) => ({ title: `Drift ${words}`, body: `${header}\n${words}` });

  it('is opened, updated, closed, and opened again', async () => {
    const steps = [
      await openIssue(client(), mark, drift('one')),
      await openIssue(client(), mark, drift('two')),
      await openIssue(client(), mark, drift('two')),
      await closeIssue(client(), mark, 'over'),
      await closeIssue(client(), mark, 'over'),
      await openIssue(client(), mark, drift('three')),
    ];
    expect(steps.map((step) => step.ok && step.value.kind)).toStrictEqual([
      'opened',
      'updated',
      'unchanged',
      'closed',
      'none',
      'opened',
    ]);
    expect(server.issues.map(({ title, state }) => [title, state])).toStrictEqual([
      ['Drift two', 'closed'],
      ['Drift three', 'open'],
    ]);
    expect(server.comments.map(({ body }) => body)).toStrictEqual(['over']);
  });

  it('of another account or target is left alone', async () => {
    server.add('issues', { number: 900, body: `${header}\nmine`, login: 'mallory' });
    server.add('issues', { number: 901, body: '<!-- downbeat: b -->' });
    expect(await closeIssue(client(), mark, 'over')).toStrictEqual({ ok: true, value: { kind: 'none' } });
    await openIssue(client(), mark, drift('one'));
    expect(server.issues.map(({ state }) => state)).toStrictEqual(['open', 'open', 'open']);
  });

  it('exists once if the answer is lost', async () => {
    server.interfere = (method, path, count) =>
      method === 'POST' && path.endsWith('/issues') && count === 1
        ? { status: 500, effect: true }
        : undefined;
    expect(await openIssue(client(), mark, drift('one'))).toMatchObject({
      ok: true,
      value: { kind: 'opened' },
    });
    expect(server.issues).toHaveLength(1);
  });
});

describe('the merged pull request', () => {
  const sha = 'a'.repeat(40);
  it.each([
    ['of the merge', [mergedPullJson(7, sha)], 7],
    ['beside one that only has the commit', [mergedPullJson(6, 'b'.repeat(40)), mergedPullJson(7, sha)], 7],
    ['that is still open', [mergedPullJson(7, sha, { merged_at: null })], undefined],
    [
      'of a fork’s own',
      [mergedPullJson(7, sha, { base: { ref: 'main', repo: { full_name: 'mallory/payments' } } })],
      undefined,
    ],
    ['of none', [], undefined],
    ['of two that both say so', [mergedPullJson(6, sha), mergedPullJson(7, sha)], undefined],
    ['into another branch', [mergedPullJson(7, sha, { base: baseOf('release') })], undefined],
    [
      'into this branch, beside one into another by the same commit',
      [mergedPullJson(6, sha, { base: baseOf('release') }), mergedPullJson(7, sha)],
      7,
    ],
  ])('%s', async (_name, pulls, number) => {
    server.pulls.set(sha, pulls);
    expect(await mergedPull(client(), localRepository, { sha, branch: 'main' })).toStrictEqual({
      ok: true,
      value:
        number === undefined ? { kind: 'none', leftOut: [] } : { kind: 'found', number, by: 'merge commit' },
    });
  });

  const silent = { merge_commit_sha: null };
  it.each([
    ['the only one is taken', [mergedPullJson(7, sha, silent)], { kind: 'found', number: 7, by: 'listing' }],
    [
      'none of two is taken',
      [mergedPullJson(6, sha, silent), mergedPullJson(7, sha, silent)],
      { kind: 'none', leftOut: ['merge_commit_sha'] },
    ],
    [
      'none is taken beside one of another commit',
      [mergedPullJson(6, 'b'.repeat(40)), mergedPullJson(7, sha, silent)],
      { kind: 'none', leftOut: ['merge_commit_sha'] },
    ],
    [
      'one that says it is, is',
      [mergedPullJson(6, sha, silent), mergedPullJson(7, sha)],
      { kind: 'found', number: 7, by: 'merge commit' },
    ],
    [
      'one into an unknown branch is not',
      [mergedPullJson(7, sha, { base: { repo: { full_name: localRepository } } })],
      { kind: 'none', leftOut: ['base.ref'] },
    ],
  ])('if GitHub leaves out fields, %s', async (_name, pulls, value) => {
    server.pulls.set(sha, pulls);
    expect(await mergedPull(client(), localRepository, { sha, branch: 'main' })).toStrictEqual({
      ok: true,
      value,
    });
  });

  function baseOf(ref: string): JsonObject {
    return { ref, repo: { full_name: localRepository } };
  }
});

describe('the newest commit of a branch', () => {
  it.each([
    ['main', 'a'.repeat(40)],
    ['feature/a b#c', 'b'.repeat(40)],
  ])('%s', async (branch, tip) => {
    server.branches.set(branch, tip);
    expect(await tipOf(client(), localRepository, branch)).toStrictEqual({ ok: true, value: tip });
  });

  it('of a branch that is gone is refused', async () => {
    expect(await tipOf(client(), localRepository, 'gone')).toMatchObject({
      ok: false,
      refusal: { kind: 'denied', status: 404 },
    });
  });
});
