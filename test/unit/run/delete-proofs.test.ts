import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { git } from '../../../src/io/git-process.ts';
import { deleteProofs } from '../../../src/run/repository/delete-proofs.ts';

const parent = mkdtempSync(join(tmpdir(), 'downbeat-proofs-'));
let top = parent;
beforeEach(() => {
  top = mkdtempSync(join(parent, 'x-'));
  mkdirSync(join(top, 'schedules'));
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const manifest = (name: string, more = ''): string =>
  `name: ${name}\nstartWorkflowRequest: {name: w}\n${more}`;
const put = (path: string, text: string): void => writeFileSync(join(top, 'schedules', path), text);
const remove = (path: string): void => rmSync(join(top, 'schedules', path));

function run(...args: readonly string[]): void {
  const identity = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', '-c', 'commit.gpgsign=false'];
  execFileSync('git', ['-C', top, ...identity, ...args], {
    stdio: 'pipe',
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
  });
}
function commit(subject: string): void {
  run('add', '-A');
  run('commit', '-q', '-m', subject);
}
const proofOf = (name: string, at = top) =>
  deleteProofs([name], (args) => git(join(at, 'schedules'), args)).get(name);

describe('what Git knows of a manifest', () => {
  it('the commit that removed it, not one that only mentions it', () => {
    run('init', '-q');
    put('a.yaml', manifest('nightly'));
    commit('add');
    put('b.yaml', manifest('other', 'description: replaces nightly\n'));
    remove('a.yaml');
    commit('drop nightly');
    put('b.yaml', manifest('other', 'description: none\n'));
    commit('words only');
    expect(proofOf('nightly')).toMatchObject({ kind: 'removed', subject: 'drop nightly', author: 'Ann' });
  });

  it('nothing, if a manifest is not UTF-8: its content is not known', () => {
    run('init', '-q');
    writeFileSync(join(top, 'schedules', 'a.yaml'), manifest('nightly', 'description: Café\n'), 'latin1');
    commit('add');
    expect(proofOf('nightly')).toStrictEqual({ kind: 'unknown' });
    remove('a.yaml');
    put('b.yaml', manifest('other'));
    commit('drop nightly');
    expect(proofOf('nightly')).toStrictEqual({ kind: 'unknown' });
  });

  it('the commit that removed it from a file with several, or renamed it', () => {
    run('init', '-q');
    put('a.yaml', `${manifest('one')}---\n${manifest('two')}`);
    put('b.json', JSON.stringify({ name: 'three', startWorkflowRequest: { name: 'w' } }));
    commit('add');
    put('a.yaml', manifest('one'));
    commit('two goes');
    put('b.json', JSON.stringify({ name: 'four', startWorkflowRequest: { name: 'w' } }));
    commit('three is four');
    expect(proofOf('two')).toMatchObject({ kind: 'removed', subject: 'two goes' });
    expect(proofOf('three')).toMatchObject({ kind: 'removed', subject: 'three is four' });
  });

  it('that the commit still has it, deleted in the working tree or not', () => {
    run('init', '-q');
    mkdirSync(join(top, 'schedules', '.team'));
    put('.team/a.yaml', manifest('hidden'));
    put('b.yaml', manifest('gone'));
    commit('add');
    remove('b.yaml');
    expect(proofOf('hidden')).toStrictEqual({ kind: 'committed', path: '.team/a.yaml' });
    expect(proofOf('gone')).toStrictEqual({ kind: 'committed', path: 'b.yaml' });
  });

  it('that it never had it: generated, or part of another name', () => {
    run('init', '-q');
    put('a.yaml', manifest('nightly-2', '# nightly\n'));
    commit('add');
    expect(proofOf('nightly')).toStrictEqual({ kind: 'never', isShallow: false });
  });

  it('nothing beyond the cut of a shallow clone', () => {
    run('init', '-q');
    put('a.yaml', manifest('old'));
    put('b.yaml', manifest('kept'));
    commit('add');
    remove('a.yaml');
    commit('drop');
    put('b.yaml', manifest('kept', 'description: x\n'));
    commit('later');
    const shallow = `${top}-shallow`;
    execFileSync('git', ['clone', '-q', '--depth', '1', `file://${top}`, shallow], { stdio: 'pipe' });
    expect(proofOf('old', shallow)).toStrictEqual({ kind: 'never', isShallow: true });
  });

  it('nothing if the directory is in no commit, or in no repository', () => {
    put('a.yaml', manifest('a'));
    expect(proofOf('b')).toStrictEqual({ kind: 'untracked' });
    run('init', '-q');
    expect(proofOf('b')).toStrictEqual({ kind: 'untracked' });
    writeFileSync(join(top, 'README.md'), '');
    run('add', 'README.md');
    run('commit', '-q', '-m', 'readme');
    expect(proofOf('b')).toStrictEqual({ kind: 'untracked' });
  });

  it('nothing if Git is missing, or fails', () => {
    expect(deleteProofs(['a'], () => ({ kind: 'failed' })).get('a')).toStrictEqual({ kind: 'unknown' });
  });
});
