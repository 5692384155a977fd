import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readTree } from '../../../src/io/read-tree.ts';

const parent = mkdtempSync(join(tmpdir(), 'downbeat-tree-'));
let top = parent;
let root = parent;
beforeEach(() => {
  top = mkdtempSync(join(parent, 'x-'));
  root = join(top, 'schedules');
  mkdirSync(root);
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const manifest = 'name: a\nstartWorkflowRequest: {name: w}\n';

function put(path: string, text = manifest): void {
  mkdirSync(dirname(join(top, path)), { recursive: true });
  writeFileSync(join(top, path), text);
}

/** What was read and what was not, by paths from the top. */
function read(): Readonly<Record<'files' | 'unreadable' | 'unread' | 'hidden', readonly string[]>> {
  const tree = readTree(root, ['.yaml', '.yml', '.json']);
  if (tree.kind !== 'read') throw new Error(tree.kind);
  const from = (path: string): string => path.replace(`${top}/`, '');
  return {
    files: tree.files.map(({ path }) => from(path)),
    unreadable: tree.unreadable.map(({ path }) => from(path)),
    unread: tree.unread.map(({ path, fault }) => `${fault} ${from(path)}`),
    hidden: tree.hidden.map(({ path, manifests }) => `${manifests} in ${from(path)}`),
  };
}
const nothing = { files: [], unreadable: [], unread: [], hidden: [] };

/** Puts three manifests where they are not read, and says how that is reported. */
type Place = () => Partial<ReturnType<typeof read>>;
const three = (folder: string): void => {
  for (const name of ['a', 'b', 'c']) put(`${folder}/${name}.yaml`);
};

const places: Readonly<Record<string, Place>> = {
  'a linked folder outside': () => {
    three('elsewhere');
    symlinkSync('../elsewhere', join(root, 'linked'));
    return { unread: ['leads-out schedules/linked'] };
  },
  'linked files outside': () => {
    three('elsewhere');
    for (const name of ['a', 'b', 'c']) symlinkSync(`../elsewhere/${name}.yaml`, join(root, `${name}.yaml`));
    return { unread: ['a', 'b', 'c'].map((name) => `leads-out schedules/${name}.yaml`) };
  },
  'a link to a folder above': () => {
    three('');
    symlinkSync('..', join(root, 'up'));
    return { unread: ['leads-out schedules/up'] };
  },
  'a link to what is gone': () => {
    symlinkSync('../gone', join(root, 'gone'));
    return { unread: ['leads-nowhere schedules/gone'] };
  },
  'an empty submodule': () => {
    mkdirSync(join(top, '.git'));
    mkdirSync(join(root, 'team'));
    put('.gitmodules', '[submodule "team"]\n\tpath = schedules/team\n\turl = ../team.git\n');
    return { unread: ['empty-submodule schedules/team'] };
  },
  'a submodule that is not even a folder': () => {
    mkdirSync(join(top, '.git'));
    put('.gitmodules', '[submodule "team"]\n  path = "schedules/team"\n');
    return { unread: ['empty-submodule schedules/team'] };
  },
  'an empty submodule inside another': () => {
    mkdirSync(join(root, 'team/inner'), { recursive: true });
    put('schedules/team/.gitmodules', '[submodule "inner"]\n\tpath = inner\n');
    return { unread: ['empty-submodule schedules/team/inner'] };
  },
  'the directory itself, an empty submodule': () => {
    mkdirSync(join(top, '.git'));
    put('.gitmodules', '[submodule "all"]\n\tpath = schedules\n');
    return { unread: ['empty-submodule schedules'] };
  },
  'a dot folder': () => {
    three('schedules/.team');
    return { hidden: ['3 in schedules/.team'] };
  },
  'dot files': () => {
    for (const name of ['.a.yaml', '.b.yml', '.c.JSON']) put(`schedules/${name}`);
    return { hidden: ['.a.yaml', '.b.yml', '.c.JSON'].map((name) => `1 in schedules/${name}`) };
  },
  'a pipe with the name of a manifest': () => {
    execFileSync('mkfifo', [join(root, 'a.yaml')]);
    return { unread: ['special schedules/a.yaml'] };
  },
  'a link in a circle': () => {
    symlinkSync('circle', join(root, 'circle'));
    return { unreadable: ['schedules/circle'] };
  },
  'a dot link in a circle, which has no manifests': () => {
    symlinkSync('.circle', join(root, '.circle'));
    return {};
  },
};

describe('what exists and is not read is named', () => {
  it.each(Object.entries(places))('%s', (_what, place) => {
    const reported = place();
    expect(read()).toStrictEqual({ ...nothing, ...reported });
  });

  it.skipIf(process.getuid?.() === 0)('a folder without permission (root may read everything)', () => {
    three('schedules/closed');
    chmodSync(join(root, 'closed'), 0);
    expect(read()).toStrictEqual({ ...nothing, unreadable: ['schedules/closed'] });
    chmodSync(join(root, 'closed'), 0o755);
  });
});

describe('what is read', () => {
  it('has its extension in any case', () => {
    for (const name of ['a.yaml', 'b.YML', 'c.Json', 'd.yaml.bak', 'e.txt']) put(`schedules/${name}`);
    expect(read()).toStrictEqual({
      ...nothing,
      files: ['schedules/a.yaml', 'schedules/b.YML', 'schedules/c.Json'],
    });
  });

  it('is reached by links inside, as Kubernetes mounts a ConfigMap, once', () => {
    three('schedules/..2026');
    symlinkSync('..2026', join(root, '..data'));
    for (const name of ['a', 'b', 'c']) symlinkSync(`..data/${name}.yaml`, join(root, `${name}.yaml`));
    symlinkSync('a.yaml', join(root, 'again.yaml'));
    const files = ['a', 'b', 'c'].map((name) => `schedules/${name}.yaml`);
    expect(read()).toStrictEqual({ ...nothing, files });
  });

  it('excludes dot folders and checked-out submodules', () => {
    mkdirSync(join(top, '.git'));
    put('.gitmodules', '[submodule "team"]\n\tpath = schedules/team\n[submodule "x"]\n\tpath = elsewhere\n');
    put('schedules/team/a.yaml');
    put('schedules/.vscode/settings.json', '{}');
    put('schedules/.git/x.yaml');
    put('schedules/node_modules/x.yaml');
    symlinkSync('../README.md', join(root, 'README.md'));
    writeFileSync(join(top, 'README.md'), '');
    expect(read()).toStrictEqual({ ...nothing, files: ['schedules/team/a.yaml'] });
  });
});
