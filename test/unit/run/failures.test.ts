import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../../src/argv/commands.ts';
import { main } from '../../../src/main.ts';
import { fakeIo } from '../../support/io.ts';

/** Why there is no result is said in the same way by every command that has outputs. */

const root = mkdtempSync(join(tmpdir(), 'downbeat-failures-'));
const [sound, broken] = [join(root, 'sound'), join(root, 'broken')];
beforeAll(() => {
  const manifest = 'name: a\ncronExpression: "0 0 9 * * ?"\nstartWorkflowRequest: {name: w}\n';
  for (const [folder, text] of [
    [sound, manifest],
    [broken, 'name: a\ncron: x\n'],
  ] as const) {
    mkdirSync(join(folder, 'schedules'), { recursive: true });
    writeFileSync(join(folder, 'schedules', 'a.yaml'), text);
  }
  writeFileSync(join(sound, 'odd.yaml'), 'ownr: x\n');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const withOutputs = commands.filter(({ flags: names }) => names.includes('output'));
const argumentsOf: { readonly [command: string]: readonly string[] } = {
  next: ['a'],
  show: ['a'],
  pause: ['a'],
  resume: ['a'],
};
const readsManifests = ['plan', 'apply', 'drift', 'pull', 'next', 'agenda', 'load'];
const asksServer = [
  ...['plan', 'apply', 'drift', 'pull', 'status', 'show', 'audit', 'history'],
  ...['pause', 'resume', 'requeue'],
];
const nowhere = { CONDUCTOR_SERVER_URL: 'http://127.0.0.1:1' };

/** What fails, for whom, and the words and code of it. */
const failures: readonly {
  readonly what: string;
  readonly cwd: string;
  readonly flags: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly says: string;
  readonly of: readonly string[];
}[] = [
  {
    what: 'an invalid manifest',
    cwd: broken,
    flags: [],
    env: nowhere,
    says: 'unknown key "cron"',
    of: readsManifests,
  },
  {
    what: 'an invalid configuration',
    cwd: sound,
    flags: ['--config', 'odd.yaml'],
    env: nowhere,
    says: 'unknown key "ownr"',
    of: withOutputs.map(({ name }) => name).filter((name) => name !== 'validate'),
  },
  {
    what: 'an environment that there is not',
    cwd: sound,
    flags: ['--env', 'x'],
    env: nowhere,
    says: 'environment "x" not found',
    of: withOutputs.map(({ name }) => name),
  },
  {
    what: 'a flag that there is not',
    cwd: sound,
    flags: ['--no-such-flag'],
    env: nowhere,
    says: 'unknown flag --no-such-flag',
    of: withOutputs.map(({ name }) => name),
  },
  { what: 'no server', cwd: sound, flags: [], says: 'no server given', of: asksServer },
  {
    what: 'a server that does not answer',
    cwd: sound,
    flags: ['--max-retries', '0'],
    env: nowhere,
    says: 'http://127.0.0.1:1/api',
    of: asksServer,
  },
];

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

describe.each(failures)('$what', ({ cwd, flags: typed, env = {}, says, of }) => {
  it.each(of)('%s', async (command) => {
    const spec = commands.find(({ name }) => name === command);
    const approves = spec?.flags.includes('auto-approve') ? ['--yes'] : [];
    const { io, out, err, files } = fakeIo({ cwd, env });
    const words = [command, ...(argumentsOf[command] ?? []), ...typed, ...approves];
    const code = await main([...words, '--output', 'text=out.txt', '--output', 'json=out.json'], io);
    expect(code).toBe(1);
    expect(out()).toBe('');
    expect(oneLine(err())).toContain(says);
    expect(oneLine(files.get('out.txt') ?? '')).toContain(says);
    const document = JSON.parse(files.get('out.json') ?? '{}');
    expect(document).toMatchObject({ format: 1, kind: 'failure' });
    expect(JSON.stringify(document)).toContain(JSON.stringify(says).slice(1, -1));
    // On standard output only what was asked for there.
    const json = fakeIo({ cwd, env });
    expect(await main([...words, '--output', 'json'], json.io)).toBe(1);
    expect(JSON.parse(json.out())).toStrictEqual(document);
    expect(json.err()).toBe(err());
    const text = fakeIo({ cwd, env });
    expect(await main([...words, '--output', 'text'], text.io)).toBe(1);
    expect([text.out(), text.err()]).toStrictEqual(['', err()]);
  });
});
