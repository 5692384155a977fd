import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { removeFile, writeFile } from '../../../src/io/write-file.ts';
import { main } from '../../../src/main.ts';
import { trustOf } from '../../../src/settings/trust.ts';
import { fakeIo } from '../../support/io.ts';
import { scheduleBody, serveLocal, testScheduler } from '../../support/scheduler.ts';

/** What is no UTF-8 is refused wherever it comes from: nothing goes on with a character that replaces another. */

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const manifest =
  'name: a\ndescription: Café\ncronExpression: "0 0 9 * * ?"\nstartWorkflowRequest: {name: w}\n';
const body = JSON.stringify(scheduleBody('a', { description: 'Café' }));

const parent = mkdtempSync(join(tmpdir(), 'downbeat-utf8-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));
let cwd = parent;
beforeEach(() => {
  cwd = mkdtempSync(join(parent, 'x-'));
  put('schedules/b.yaml', Buffer.from(manifest.replace('name: a', 'name: b')));
});

function put(path: string, bytes: Buffer): void {
  mkdirSync(join(cwd, dirname(path)), { recursive: true });
  writeFileSync(join(cwd, path), bytes);
}

/** Answers everything in order, but one path with a text in Latin-1. */
let wrong: { readonly path: RegExp; readonly text: string } | undefined;
let url = '';
let server: Server;
const scheduler = testScheduler({ acceptAnyWorkflow: true });
beforeAll(async () => {
  scheduler.put(scheduleBody('a'));
  server = createServer((request, response) => {
    const answer = scheduler.ask(request.method ?? 'GET', request.url ?? '/');
    const isWrong = wrong?.path.test(request.url ?? '') === true;
    response.writeHead(isWrong ? 200 : answer.status, {
      ...answer.headers,
      'content-type': 'application/json',
    });
    response.end(isWrong ? latin1(wrong?.text ?? '') : answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
afterEach(() => {
  wrong = undefined;
});

async function downbeat(...words: readonly string[]) {
  const heard = fakeIo({ cwd, writes: 'disk', env: { CONDUCTOR_AUTH_KEY: 'k', CONDUCTOR_AUTH_SECRET: 's' } });
  const code = await main(words, heard.io);
  return { code, said: heard.out() + heard.err() };
}

describe('a file', () => {
  const config = 'manifests: schedules # Café\nenvironments: {dev: {overlays: overlays}}\n';
  it.each<[what: string, path: string, text: string, line: readonly string[]]>([
    ['manifest', 'schedules/a.yaml', manifest, ['validate']],
    ['manifest in JSON', 'schedules/a.json', body, ['validate']],
    ['configuration', 'downbeat.yaml', config, ['validate']],
    ['plan', 'plan.json', '{"kind": "saved-plan", "a": "é"}', ['apply', 'plan.json', '--server', 'http://x']],
    [
      'record',
      'r.json',
      '{"kind": "record", "a": "é"}',
      ['resume', '--record', 'r.json', '-y', '--server', 'http://x'],
    ],
    ['answer of another tool', 'a.json', body, ['pull', '--from', 'a.json']],
    ['data of the local scheduler', 'd', '{"é": 1}\n', ['serve', '--port', '0', '--data', 'd']],
  ])('%s', async (_what, path, text, line) => {
    put(path, latin1(text));
    const { code, said } = await downbeat(...line);
    expect(said).toContain('not UTF-8 text');
    expect(code).toBe(1);
    expect(readFileSync(join(cwd, path)).equals(latin1(text))).toBe(true);
  });

  it('overlay', async () => {
    put('downbeat.yaml', Buffer.from(config));
    put('overlays/b.yaml', latin1('name: b\ndescription: Café\n'));
    const { code, said } = await downbeat('validate', '--env', 'dev');
    expect({ code, said }).toMatchObject({ code: 1, said: expect.stringContaining('overlays/b.yaml') });
    expect(said).toContain('not UTF-8 text');
  });

  it('payload of an event: the pull request is a stranger’s', () => {
    put(
      'event.json',
      latin1('{"pull_request": {"title": "é", "head": {"repo": {"id": 1}}}, "repository": {"id": 1}}'),
    );
    const { io } = fakeIo({
      cwd,
      env: { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: 'event.json' },
    });
    expect(trustOf({}, io).whose).toBe('strangers');
  });

  it('that must not change before it is overwritten or removed', () => {
    const path = join(cwd, 'a');
    put('a', Buffer.from([0xff]));
    expect(writeFile(path, 'new', { over: { text: '\ufffd' } })).toMatchObject({ kind: 'changed' });
    expect(removeFile(path, () => true)).toStrictEqual({ kind: 'kept' });
    expect(readFileSync(path)).toStrictEqual(Buffer.from([0xff]));
  });
});

describe('an answer', () => {
  const list = `[${body}]`;
  it.each<[what: string, path: RegExp, text: string, line: readonly string[]]>([
    ['list', /\/schedules(\?|$)/, list, ['plan']],
    ['list, on call', /\/schedules(\?|$)/, list, ['pause', 'a']],
    ['list, for a pull', /\/schedules(\?|$)/, list, ['pull', '--unmanaged']],
    ['schedule', /\/schedules\/b$/, body, ['apply', '-y']],
    ['token', /\/token$/, '{"token": "é"}', ['plan', '--server-type', 'orkes-new']],
    ['past runs', /\/search\/executions/, '{"results": [], "a": "é"}', ['history']],
    ['names of workflows', /\/metadata\/workflow/, '[{"name": "é"}]', ['validate', '--online']],
    ['next fires', /\/nextFewSchedules/, '["é"]', ['next', '0 0 9 * * ?', '--server']],
  ])('%s', async (_what, path, text, line) => {
    wrong = { path, text };
    const { code, said } = await downbeat(
      ...line,
      ...(line.at(-1) === '--server' ? [url] : ['--server', url]),
    );
    expect(said).toContain('UTF-8');
    expect(code).not.toBe(0);
  });
});

it('a body for the local scheduler', async () => {
  const local = testScheduler({ acceptAnyWorkflow: true });
  const served = await serveLocal(local);
  try {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${served.url}/api/scheduler/schedules`, {
      method: 'POST',
      headers,
      body: latin1(body),
    });
    expect(answer.status).toBe(500);
    expect(await answer.text()).toContain('JSON parse error');
    expect(local.state().schedules).toStrictEqual([]);
  } finally {
    await served.close();
  }
});

it('no other file of the program decodes bytes', () => {
  const src = fileURLToPath(new URL('../../../src/', import.meta.url));
  const decoding = /TextDecoder|(?<!charset=)['"]utf-?8['"]|\.toString\(['"](?:utf|latin|ascii)/;
  const found = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && decoding.test(readFileSync(join(src, path), 'utf8')))
    .sort();
  // The body of an answer comes in pieces; of a submodule's list only ASCII counts; the local scheduler reads as Java does;
  // the program's own files are compiled; a text on disk with the character for what is not UTF-8 is read again;
  // what `$Id$` is replaced in becomes the same bytes again.
  expect(found.filter((path) => !path.startsWith('scheduler/'))).toStrictEqual([
    'http/body.ts',
    'io/code-cache.ts',
    'io/commit-attributes.ts',
    'io/disk.ts',
    'io/read-tree.ts',
    'model/text/utf8.ts',
  ]);
});
