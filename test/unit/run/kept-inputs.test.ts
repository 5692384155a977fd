import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { nodeIo } from '../../../src/io/node.ts';
import { main } from '../../../src/main.ts';
import { fakeIo } from '../../support/io.ts';

/** What a run reads, it does not write over: not with a result, and not with the reason why there is none. */

const parent = mkdtempSync(join(tmpdir(), 'downbeat-inputs-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));
const manifest = 'name: a\ncronExpression: "0 0 9 * * ?"\nstartWorkflowRequest: {name: w}\n';
const config = 'manifests: schedules\nenvironments: {dev: {overlays: overlays}}\n';
let cwd = parent;
beforeEach(() => {
  cwd = mkdtempSync(join(parent, 'x-'));
  for (const folder of ['schedules', 'overlays', 'other']) mkdirSync(join(cwd, folder));
  writeFileSync(join(cwd, 'downbeat.yaml'), config);
  writeFileSync(join(cwd, 'schedules', 'a.yaml'), manifest);
  writeFileSync(join(cwd, 'overlays', 'a.yaml'), 'name: a\ndescription: d\n');
  writeFileSync(join(cwd, 'other', 'b.yaml'), manifest.replace('name: a', 'name: b'));
  symlinkSync(join('schedules', 'a.yaml'), join(cwd, 'link.json'));
});

async function downbeat(words: readonly string[]) {
  const { io, out, err } = fakeIo({ cwd });
  // Writes like the real one, so that it would be seen.
  const onDisk = {
    ...io,
    writeFile: (path: string, ...rest: [string]) => nodeIo().writeFile(join(cwd, path), ...rest),
  };
  return { code: await main(words, onDisk), said: out() + err() };
}

const inputs = ['downbeat.yaml', 'schedules/a.yaml', 'overlays/a.yaml', 'other/b.yaml'];
const texts = (): readonly string[] => inputs.map((path) => readFileSync(join(cwd, path), 'utf8'));

// No server is asked: the run ends before.
const plan = ['plan', '--server', 'http://127.0.0.1:1'];

describe.each<[what: string, flag: (path: string) => readonly string[]]>([
  ['--output', (path) => ['-o', `json=${path}`]],
  ['--out', (path) => ['--out', path]],
])('%s', (_flag, flag) => {
  it.each<[what: string, path: string, line: readonly string[]]>([
    ['a manifest', 'schedules/a.yaml', plan],
    ['a manifest, spelt otherwise', 'other/../schedules/a.yaml', plan],
    ['a manifest, by a link', 'link.json', plan],
    ['a manifest of another directory', 'other/b.yaml', [...plan, 'other']],
    ['an overlay', 'overlays/a.yaml', [...plan, '--env', 'dev']],
    ['the configuration', 'downbeat.yaml', plan],
    ['the configuration, named', 'downbeat.yaml', [...plan, '--config', 'downbeat.yaml']],
    ['a manifest, and the line is wrong', 'schedules/a.yaml', [...plan, '--bogus']],
    ['the configuration, and the line is wrong', 'downbeat.yaml', [...plan, '--bogus']],
    ['a manifest, and a flag has no such value', 'schedules/a.yaml', [...plan, '--var', 'x']],
    ['a manifest, and there is no such environment', 'schedules/a.yaml', [...plan, '--env', 'none']],
    ['a manifest, and no server given', 'schedules/a.yaml', ['plan']],
  ])('%s', async (_what, path, line) => {
    const before = texts();
    const { code } = await downbeat([...line, ...flag(path)]);
    expect(code).toBe(1);
    expect(texts()).toStrictEqual(before);
  });
});

it('names the flag', async () => {
  const { said } = await downbeat([...plan, '--out', 'schedules/a.yaml']);
  expect(said).toContain('schedules/a.yaml');
  expect(said).toContain('--out schedules/a.yaml would write over it');
});

it('an ordinary file is overwritten', async () => {
  writeFileSync(join(cwd, 'report.json'), 'old');
  const { code } = await downbeat(['validate', '-o', 'json=report.json']);
  expect(code).toBe(0);
  expect(JSON.parse(readFileSync(join(cwd, 'report.json'), 'utf8')).kind).toBe('validation');
});
