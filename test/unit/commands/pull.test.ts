import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { main } from '../../../src/main.ts';
import type { Served } from '../../../src/scheduler/serve.ts';
import { fakeIo } from '../../support/io.ts';
import { scheduleBody, serveLocal, testScheduler } from '../../support/scheduler.ts';

let served: Served;
beforeAll(async () => {
  const scheduler = testScheduler({ acceptAnyWorkflow: true });
  for (const name of ['a', 'b']) scheduler.put(scheduleBody(name, { description: 'by hand' }));
  served = await serveLocal(scheduler);
});
afterAll(async () => served.close());

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'downbeat-pull-'));
  mkdirSync(join(cwd, 'schedules'));
  writeFileSync(join(cwd, 'schedules', 'a.yaml'), manifest('a'));
});
afterEach(() => {
  chmodSync(join(cwd, 'schedules'), 0o755);
  rmSync(cwd, { recursive: true });
});

function manifest(name: string): string {
  return `name: ${name}\ncronExpression: "0 0 9 * * ?"\nstartWorkflowRequest: {name: wf}\n`;
}

async function pull(words: readonly string[], beforeWriting: () => void = () => undefined) {
  const heard = fakeIo({ cwd, writes: 'disk' });
  const io: typeof heard.io = {
    ...heard.io,
    writeFile: (...file) => {
      beforeWriting();
      return heard.io.writeFile(...file);
    },
  };
  const code = await main(['pull', ...words], io);
  return { code, out: heard.out(), err: heard.err() };
}

const read = (path: string): string => readFileSync(join(cwd, path), 'utf8');

describe('what cannot be written', () => {
  it('is reported, with exit 1, and the other files are written', async () => {
    const theirs = `${manifest('a')}# somebody else was here\n`;
    const { code, out } = await pull(['--unmanaged', '--server', served.url], () =>
      writeFileSync(join(cwd, 'schedules', 'a.yaml'), theirs),
    );
    expect(code).toBe(1);
    expect(out).toMatch(/~ edit a[^\n]*\n[^\n]*\n {4}not written: it was changed by others in the meantime/);
    expect(out).toMatch(/Pulled: 1 file created, 0 edited; 1 not written;/);
    expect(read('schedules/a.yaml')).toBe(theirs);
    expect(read('schedules/b.yaml')).toContain('name: b\n');
  });

  it('is in the JSON, too', async () => {
    const { code, out } = await pull(['--server', served.url, '--output', 'json'], () =>
      rmSync(join(cwd, 'schedules', 'a.yaml')),
    );
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      counts: { edited: 0, failed: 1 },
      files: [{ path: 'schedules/a.yaml', outcome: 'failed', why: 'it is not there any more' }],
    });
    expect(readdirSync(join(cwd, 'schedules'))).toStrictEqual([]);
  });
});

it('--check writes nothing and reports differences by its exit code', async () => {
  const { code } = await pull(['--check', '--unmanaged', '--server', served.url]);
  expect(code).toBe(2);
  expect(read('schedules/a.yaml')).toBe(manifest('a'));
  expect(readdirSync(join(cwd, 'schedules'))).toStrictEqual(['a.yaml']);
});

it('a second pull finds nothing to do', async () => {
  expect((await pull(['--unmanaged', '--server', served.url])).code).toBe(0);
  const again = await pull(['--check', '--unmanaged', '--server', served.url]);
  expect(again).toMatchObject({ code: 0 });
  expect(again.out).toMatch(/Nothing to pull; 2 unchanged\./);
});

it('a broken manifest ends it before any request or write', async () => {
  writeFileSync(join(cwd, 'schedules', 'c.yaml'), 'name: [\n');
  const { code, err } = await pull(['--unmanaged', '--server', 'http://127.0.0.1:9']);
  expect(code).toBe(1);
  expect(err).toMatch(/schedules\/c\.yaml:2/);
  expect(read('schedules/a.yaml')).toBe(manifest('a'));
});

it('the line for editors is as in the other files', async () => {
  mkdirSync(join(cwd, 'schedules', 'team'));
  const line = '# yaml-language-server: $schema=';
  writeFileSync(join(cwd, 'schedules', 'team', 'a.yaml'), `${line}../../schemas/s.json\n${manifest('a')}`);
  rmSync(join(cwd, 'schedules', 'a.yaml'));
  expect((await pull(['--unmanaged', '--server', served.url])).code).toBe(0);
  expect(read('schedules/b.yaml')).toMatch(`${line}../schemas/s.json\nname: b\n`);
});

describe('--from', () => {
  test.each([
    ['an empty file', '', /no schedule found in body\.json/],
    ['an empty list', '[]', /no schedule found in body\.json/],
    ['an empty search', '{"totalHits": 0, "results": []}', /no schedule found in body\.json/],
    ['half an answer', '[{"name": "a", "cronEx', /json-syntax/],
    ['a web page', '<html><body>Not found</body></html>', /json-syntax/],
    ['an error', '{"status": 404, "message": "not found"}', /"name" is missing/],
    ['a list of texts', '["a"]', /not-a-manifest/],
    ['a body without a name', '{"cronExpression": "0 0 0 * * ?"}', /"name" is missing/],
  ])('%s is an error', async (_what, text, words) => {
    writeFileSync(join(cwd, 'body.json'), text);
    const { code, err } = await pull(['--from', 'body.json']);
    expect(code).toBe(1);
    expect(err).toMatch(words);
    expect(readdirSync(join(cwd, 'schedules'))).toStrictEqual(['a.yaml']);
  });

  it('needs no server, and refuses --server', async () => {
    writeFileSync(
      join(cwd, 'body.json'),
      JSON.stringify(scheduleBody('c', { createTime: 1, updatedBy: 'x' })),
    );
    expect((await pull(['--from', 'body.json', '--server', served.url])).err).toMatch(/cannot be used with/);
    expect((await pull(['--from', 'body.json'])).code).toBe(0);
    expect(read('schedules/c.yaml')).toBe(
      'name: c\ncronExpression: "0 0 9 * * ?"\nstartWorkflowRequest:\n  name: wf\n',
    );
  });

  it('makes a manifest of a body that validate refuses for its server-set fields', async () => {
    const body = `${manifest('c')}createTime: 1700000000000\nupdatedBy: jane\n`;
    writeFileSync(join(cwd, 'schedules', 'c.yaml'), body);
    const refused = fakeIo({ cwd });
    expect(await main(['validate'], refused.io)).toBe(1);
    expect(refused.out()).toMatch(/downbeat pull --from/);
    writeFileSync(join(cwd, 'c.yaml'), body);
    rmSync(join(cwd, 'schedules', 'c.yaml'));
    expect((await pull(['--from', 'c.yaml'])).code).toBe(0);
    expect(await main(['validate'], fakeIo({ cwd }).io)).toBe(0);
  });
});
