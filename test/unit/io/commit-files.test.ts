import { lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { commitFiles } from '../../../src/io/commit-files.ts';
import { readFile } from '../../../src/io/node.ts';
import { readTree } from '../../../src/io/read-tree.ts';
import { casesOf } from '../../support/cases.ts';
import { type Repository, repositoryIn } from '../../support/git.ts';

const parent = mkdtempSync(join(tmpdir(), 'downbeat-commit-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const endings = ['.yaml', '.yml', '.json'];
const manifest = 'name: a\nstartWorkflowRequest: {name: w}\n';

function repository(): Repository {
  return repositoryIn(mkdtempSync(join(parent, 'x-')));
}

/** The files of a commit, seen from a folder of the checkout. */
function at(repo: Repository, commit: string, folder = '.', texts: readonly string[] = []) {
  const files = commitFiles(join(repo.top, folder), commit, () => texts);
  if (files === undefined) throw new Error('the commit cannot be read');
  return files;
}

describe('the files of a commit', () => {
  it('are those of the commit, not of the checkout', () => {
    const repo = repository();
    repo.put('schedules/a.yaml', manifest);
    repo.put('downbeat.yaml', 'owner: one\n');
    const first = repo.commit();
    repo.put('schedules/b.yaml', manifest);
    repo.remove('schedules/a.yaml');
    repo.put('downbeat.yaml', 'owner: two\n');
    const files = at(repo, first);
    expect(files.readTree('schedules', endings)).toMatchObject({
      kind: 'read',
      files: [{ path: 'schedules/a.yaml', text: manifest }],
    });
    expect(files.readFile('downbeat.yaml')).toStrictEqual({ kind: 'read', text: 'owner: one\n' });
    expect(files.readFile('schedules/b.yaml')).toStrictEqual({ kind: 'missing' });
    expect(files.readFile('schedules')).toStrictEqual({ kind: 'directory' });
    expect(files.readTree('nowhere', endings)).toStrictEqual({ kind: 'missing' });
    expect(files.readTree('downbeat.yaml', endings)).toStrictEqual({ kind: 'not-a-directory' });
    expect(files.realPath('schedules/../schedules/a.yaml')).toBe(join(repo.top, 'schedules/a.yaml'));
  });

  it('are found from a folder that the commit does not have', () => {
    const repo = repository();
    repo.put('downbeat.yaml', 'owner: one\n');
    const first = repo.commit();
    mkdirSync(join(repo.top, 'team/new'), { recursive: true });
    const files = at(repo, first, 'team/new');
    expect(files.realPath('.')).toBe(join(repo.top, 'team/new'));
    expect(files.readFile('../../downbeat.yaml')).toMatchObject({ kind: 'read' });
  });

  it('are nothing without a commit or repository', () => {
    const repo = repository();
    repo.commit();
    expect(commitFiles(repo.top, '0'.repeat(40))).toBeUndefined();
    expect(commitFiles(parent, '0'.repeat(40))).toBeUndefined();
  });

  it('that are not UTF-8 are reported as unreadable', () => {
    const repo = repository();
    mkdirSync(join(repo.top, 'schedules'));
    writeFileSync(join(repo.top, 'schedules/a.yaml'), 'name: Café\n', 'latin1');
    const first = repo.commit();
    expect(at(repo, first).readTree('schedules', endings)).toMatchObject({
      files: [],
      unreadable: [{ path: 'schedules/a.yaml', why: 'not UTF-8 text' }],
    });
  });

  it('of a submodule come from the checkout of it, by the hash that the commit names', () => {
    const team = repository();
    team.put('a.yaml', manifest);
    team.commit();
    const repo = repository();
    repo.run('submodule', '--quiet', 'add', team.top, 'schedules/team');
    const first = repo.commit();
    team.put('a.yaml', `${manifest}description: newer\n`);
    team.commit();
    repo.run('-C', 'schedules/team', 'pull', '-q');
    const second = repo.commit();
    const read = (commit: string) => at(repo, commit).readTree('schedules', endings);
    expect(read(first)).toMatchObject({
      files: [{ path: 'schedules/team/a.yaml', text: manifest }],
      unread: [],
    });
    expect(read(second)).toMatchObject({ files: [{ text: `${manifest}description: newer\n` }] });
    // As in a checkout where nobody asked for it.
    repo.run('submodule', '--quiet', 'deinit', '-f', '--all');
    expect(read(first)).toMatchObject({
      files: [],
      unread: [{ path: 'schedules/team', fault: 'empty-submodule' }],
    });
  });

  it('of a submodule are not those of a link in its place', () => {
    const other = repository();
    other.put('secret.yaml', manifest);
    const there = other.commit();
    const repo = repository();
    repo.put('schedules/a.yaml', manifest);
    repo.run('add', '-A');
    repo.run('update-index', '--add', '--cacheinfo', `160000,${there},schedules/team`);
    repo.put('.gitmodules', '[submodule "team"]\n\tpath = schedules/team\n\turl = ../team.git\n');
    repo.run('add', '.gitmodules');
    repo.run('commit', '-q', '-m', 'x');
    const first = repo.run('rev-parse', 'HEAD').trim();
    symlinkSync(other.top, join(repo.top, 'schedules/team'));
    expect(at(repo, first).readTree('schedules', endings)).toMatchObject({
      files: [{ path: 'schedules/a.yaml' }],
      unread: [{ path: 'schedules/team', fault: 'empty-submodule' }],
    });
  });

  it('missing in a partial clone are not fetched', () => {
    const origin = repository();
    origin.put('schedules/a.yaml', manifest);
    const first = origin.commit();
    origin.put('schedules/a.yaml', `${manifest}description: newer\n`);
    origin.commit();
    origin.run('config', 'uploadpack.allowFilter', 'true');
    const clone = repository();
    clone.remove('.git');
    clone.run('clone', '-q', '--filter=blob:none', `file://${origin.top}`, '.');
    expect(at(clone, first).readTree('schedules', endings)).toMatchObject({
      files: [],
      unreadable: [{ path: 'schedules/a.yaml', why: 'this clone does not have it: it is a partial one' }],
    });
    const files = at(clone, first, 'schedules');
    expect(files.leftOut()).toStrictEqual([]);
    files.readFile('a.yaml');
    expect(files.leftOut()).toStrictEqual([{ path: 'a.yaml', why: 'partial-clone' }]);
  });

  it('are not read from Git if their text is at hand', () => {
    const repo = repository();
    const text = '# Café\n';
    repo.put('schedules/a.yaml', manifest);
    repo.put('schedules/b.yaml', text);
    const first = repo.commit();
    for (const path of ['schedules/a.yaml', 'schedules/b.yaml']) {
      const blob = repo.run('rev-parse', `${first}:${path}`).trim();
      repo.remove(`.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`);
    }
    expect(at(repo, first).readTree('schedules', endings)).toMatchObject({ files: [] });
    const texts = ['name: other\n', text, manifest];
    expect(at(repo, first, '.', texts).readTree('schedules', endings)).toMatchObject({
      files: [
        { path: 'schedules/a.yaml', text: manifest },
        { path: 'schedules/b.yaml', text },
      ],
      unreadable: [],
    });
  });

  it('are those of the commit, whatever this clone has in their place', () => {
    const repo = repository();
    repo.put('schedules/a.yaml', manifest);
    const first = repo.commit();
    repo.put('other.yaml', `${manifest}# other\n`);
    repo.commit();
    repo.run('replace', `${first}:schedules/a.yaml`, 'HEAD:other.yaml');
    const expected = { files: [{ path: 'schedules/a.yaml', text: manifest }] };
    expect(at(repo, first).readTree('schedules', endings)).toMatchObject(expected);
    expect(at(repo, first, '.', [manifest]).readTree('schedules', endings)).toMatchObject(expected);
  });

  it('are as a checkout of the commit has them: `$Id$` gets its hash', () => {
    const repo = repository();
    const text = `${manifest}description: "$Id$, $Id: old $, $Id: of another system $, $Idea$"\n`;
    repo.put('.gitattributes', '*.yaml ident\nplain.yaml -ident\n');
    repo.put('schedules/a.yaml', text);
    repo.put('schedules/plain.yaml', text);
    const first = repo.commit();
    repo.remove('schedules/a.yaml');
    repo.run('checkout', '-q', '--', '.');
    const checkedOut = readTree(join(repo.top, 'schedules'), endings);
    const texts = (read: typeof checkedOut) =>
      read.kind === 'read' ? read.files.map(({ text }) => text) : [];
    expect(texts(checkedOut)[0]).toMatch(/\$Id: [0-9a-f]{40} \$, \$Id: [0-9a-f]{40} \$/);
    expect(texts(at(repo, first).readTree('schedules', endings))).toStrictEqual(texts(checkedOut));
    const [read] = texts(checkedOut);
    expect(at(repo, first, 'schedules').readFile('a.yaml')).toStrictEqual({ kind: 'read', text: read });
  });

  it('that a filter of Git makes are not known, and its program is not run', () => {
    const repo = repository();
    repo.put('.gitattributes', '*.yaml filter=crypt\n');
    repo.put('schedules/a.yaml', manifest);
    const first = repo.commit();
    expect(at(repo, first).readTree('schedules', endings)).toMatchObject({ files: [{ text: manifest }] });
    repo.run('config', 'filter.crypt.smudge', `touch ${join(repo.top, 'ran')}; cat`);
    const files = at(repo, first);
    expect(files.readTree('schedules', endings)).toMatchObject({
      files: [],
      unreadable: [{ path: 'schedules/a.yaml', why: 'a filter of Git makes what a checkout has of it' }],
    });
    expect(files.leftOut()).toStrictEqual([{ path: 'schedules/a.yaml', why: 'filter', filter: 'crypt' }]);
    expect(files.readFile('ran')).toStrictEqual({ kind: 'missing' });
  });
});

const anyName = fc.constantFrom(
  'a.yaml',
  'b.yml',
  'C.JSON',
  'x',
  'y',
  '.dot',
  '.a.yaml',
  'node_modules',
  'README.md',
);
const anyPath = fc
  .array(anyName, { minLength: 1, maxLength: 3 })
  .map((parts) => ['schedules', ...parts].join('/'));
const anyTarget = fc.oneof(
  anyName,
  fc.tuple(fc.constantFrom('..', '.', 'x', '.dot'), anyName).map((parts) => parts.join('/')),
  fc.constantFrom('..', '../..', '../elsewhere', '/nowhere/at/all', '../elsewhere/e.yaml', 'circle'),
);
const anyEntry = fc.oneof(
  { weight: 3, arbitrary: fc.record({ path: anyPath, text: fc.constantFrom(manifest, '{}', 'other: 1\n') }) },
  { weight: 1, arbitrary: fc.record({ path: anyPath, link: anyTarget }) },
);

describe('a commit', () => {
  it('reads like its checkout', () => {
    let read = 0;
    const repo = repository();
    const here = join(repo.top, 'schedules');
    fc.assert(
      fc.property(fc.array(anyEntry, { minLength: 1, maxLength: 12 }), (entries) => {
        repo.remove('schedules');
        repo.put('elsewhere/e.yaml', manifest);
        repo.put('schedules/always.yaml', manifest);
        for (const { path, ...entry } of entries) {
          // Not over what is there, nor through a link that is on the way.
          if (isTaken(repo.top, path)) continue;
          mkdirSync(dirname(join(repo.top, path)), { recursive: true });
          if ('link' in entry) symlinkSync(entry.link, join(repo.top, path));
          else writeFileSync(join(repo.top, path), entry.text);
        }
        const onDisk = readTree(here, endings);
        const files = entries.map(({ path }) => readFile(join(repo.top, path)));
        repo.run('add', '-A');
        const there = at(repo, repo.run('write-tree').trim(), '.', [manifest, 'other: 2\n']);
        repo.remove('schedules');
        expect(there.readTree(here, endings)).toStrictEqual(onDisk);
        expect(entries.map(({ path }) => there.readFile(path))).toStrictEqual(files);
        if (onDisk.kind === 'read') read += onDisk.files.length;
      }),
      { numRuns: casesOf(120) },
    );
    expect(read).toBeGreaterThan(casesOf(120));
  });
});

/** Whether a path, or one of the folders that it is in, is there as something else than a folder. */
function isTaken(top: string, path: string): boolean {
  const parts = path.split('/');
  return parts.some((_, index) => {
    const stat = lstatSync(join(top, ...parts.slice(0, index + 1)), { throwIfNoEntry: false });
    if (stat === undefined) return false;
    return index === parts.length - 1 || !stat.isDirectory();
  });
}
