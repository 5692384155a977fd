import { describe, expect, it } from 'vitest';
import type { FileRead } from '../../../src/io/io.ts';
import { findCheckout, remoteOf } from '../../../src/run/repository/git.ts';

function reading(files: { readonly [path: string]: string }): { readFile(path: string): FileRead } {
  return {
    readFile: (path) => {
      const text = files[path];
      return text === undefined ? { kind: 'missing' } : { kind: 'read', text };
    },
  };
}

const origin = (url: string): string =>
  `[core]\n\tbare = false\n[remote "origin"]\n\turl = ${url}\n\tfetch = +refs/heads/*\n`;

describe('remoteOf', () => {
  it.each([
    ['https://github.com/acme/payments.git', 'github.com', 'acme/payments'],
    ['https://github.com/acme/payments', 'github.com', 'acme/payments'],
    ['https://user:ghp_secret@GitHub.com/acme/payments.git', 'github.com', 'acme/payments'],
    ['git@github.com:acme/payments.git', 'github.com', 'acme/payments'],
    ['ssh://git@git.acme.io:7999/team/payments.git', 'git.acme.io', 'team/payments'],
    ['git@gitlab.com:group/sub/project.git', 'gitlab.com', 'group/sub/project'],
    ['https://gitlab.acme.io/a/b/c/', 'gitlab.acme.io', 'a/b/c'],
  ])('%s', (url, host, path) => {
    expect(remoteOf(origin(url))).toStrictEqual({ host, path });
  });

  it.each([
    '/srv/git/payments.git',
    '../payments',
    'C:\\git\\payments',
    'C:/git/payments',
    'file:///srv/git/x',
    '',
  ])('%j is not an address with an owner', (url) => {
    expect(remoteOf(origin(url))).toBeUndefined();
  });

  it('prefers origin, else the only one', () => {
    const other = '[remote "upstream"]\n\turl = https://h.io/up/stream\n';
    expect(remoteOf(`${other}${origin('https://h.io/o/r')}`)?.path).toBe('o/r');
    expect(remoteOf(other)?.path).toBe('up/stream');
    expect(remoteOf(`${other}[remote "third"]\nurl = https://h.io/t/t`)).toBeUndefined();
  });

  it('reads what Git reads: quotes, comments, any case, no url of another section', () => {
    expect(remoteOf('[Remote "origin"]\n URL = "https://h.io/o/r.git" ; note\n')?.path).toBe('o/r');
    expect(remoteOf('[remote "origin"]\n# url = https://h.io/no/no\n[x "y"]\nurl = https://h.io/a/b')).toBe(
      undefined,
    );
  });
});

describe('findCheckout', () => {
  const config = origin('https://github.com/acme/payments');

  it('a clone has the main branch of its origin', () => {
    const files = {
      '.git/HEAD': 'ref: refs/heads/feature\n',
      '.git/config': config,
      '.git/refs/remotes/origin/HEAD': 'ref: refs/remotes/origin/develop\n',
    };
    expect(findCheckout(reading(files))).toStrictEqual({
      kind: 'found',
      checkout: { remote: { host: 'github.com', path: 'acme/payments' }, mainBranch: 'develop' },
    });
  });

  it.each([
    ['ref: refs/heads/master\n', 'master'],
    ['ref: refs/heads/feature\n', 'main'],
    ['0123456789abcdef0123456789abcdef01234567\n', 'main'],
    ['ref: refs/heads/x]\nrun: evil\n', 'main'],
  ])('without it, HEAD %j gives %s', (head, mainBranch) => {
    expect(findCheckout(reading({ '.git/HEAD': head }))).toStrictEqual({
      kind: 'found',
      checkout: { mainBranch },
    });
  });

  it('a worktree leads to the checkout it belongs to', () => {
    const files = {
      '.git': 'gitdir: /repo/.git/worktrees/w\n',
      '/repo/.git/worktrees/w/HEAD': 'ref: refs/heads/w\n',
      '/repo/.git/worktrees/w/commondir': '../..\n',
      '/repo/.git/worktrees/w/../../config': config,
    };
    expect(findCheckout(reading(files))).toMatchObject({ checkout: { remote: { path: 'acme/payments' } } });
  });

  it('a submodule has a configuration of its own', () => {
    const files = { '.git': 'gitdir: ../.git/modules/sub\n', '../.git/modules/sub/config': config };
    expect(findCheckout(reading(files))).toMatchObject({ checkout: { remote: { path: 'acme/payments' } } });
  });

  it('tells a top further up from a missing one', () => {
    expect(findCheckout(reading({ '../../.git/HEAD': 'ref: refs/heads/main\n' }))).toStrictEqual({
      kind: 'below',
    });
    expect(findCheckout(reading({}))).toStrictEqual({ kind: 'none' });
  });
});
