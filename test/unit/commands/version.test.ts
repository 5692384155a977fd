import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { version } from '../../../src/argv/root.ts';
import { main } from '../../../src/main.ts';
import { type LocalScheduler, startScheduler } from '../../../src/scheduler/local/start-scheduler.ts';
import { fakeIo } from '../../support/io.ts';

const place = mkdtempSync(join(tmpdir(), 'downbeat-version-'));
let server: LocalScheduler | undefined;
afterEach(() => server?.close());
afterAll(() => rmSync(place, { recursive: true }));

const configure = (text: string): void => writeFileSync(join(place, 'downbeat.yaml'), text);

async function run(env: Record<string, string>, ...words: readonly string[]) {
  const { io, out, err } = fakeIo({ cwd: place, env });
  return { code: await main(words, io), out: out(), err: err() };
}

describe('version', () => {
  it.each([['version'], ['--version'], ['-V']])('%s prints the version', async (word) => {
    expect(await run({}, word)).toStrictEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it.each([
    ['version', '--debug'],
    ['--version', '--debug'],
    ['--debug', '-V'],
  ])('%s %s prints what a bug report needs, and nothing that is private', async (...words) => {
    server = await startScheduler({ type: 'oss-2' });
    configure(
      `owner: secret-project\nlimits: {deletes: 5}\nenvironments: {hush: {variables: {hidden: ${'v'.repeat(9)}}}}\n`,
    );
    const env = {
      CONDUCTOR_SERVER_URL: server.url,
      CONDUCTOR_AUTH_KEY: 'the-key-itself',
      CONDUCTOR_AUTH_SECRET: 'correct-horse-battery',
    };
    expect(await run(env, ...words, '--env', 'hush')).toStrictEqual({
      code: 0,
      err: '',
      out: `Downbeat       ${version}
Platform       Node 24.1.0, linux x64
Zone rules     tz 2025c
Configuration  found; sets limits, owner, variables
Server         oss-2, version 3.32.1
`,
    });
  });

  it('says what is unknown', async () => {
    configure('');
    expect((await run({}, 'version', '--debug')).out).toMatch(/^Server {9}none named$/m);
    const down = await run({ CONDUCTOR_SERVER_URL: 'http://127.0.0.1:1' }, 'version', '--debug');
    expect(down).toMatchObject({ code: 0, err: '' });
    expect(down.out).toMatch(/^Server {9}no usable answer \(\w+\)$/m);
    expect(down.out).not.toContain('127.0.0.1');
    const untrusted = await run({}, 'version', '--debug', '--untrusted');
    expect(untrusted.out).toMatch(/^Configuration {2}none found$/m);
    configure('ownr: x\n');
    const broken = await run({}, 'version', '--debug');
    expect(broken.code).toBe(1);
    expect(broken.out).toMatch(/^Configuration {2}cannot be used$/m);
    expect(broken.err).toContain('did you mean "owner"?');
  });
});
