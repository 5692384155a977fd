import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commitFiles } from '../../src/io/commit-files.ts';
import { git } from '../../src/io/git-process.ts';
import type { Io } from '../../src/io/io.ts';

/** A repository in a folder, with nobody's settings. */
export interface Repository {
  readonly top: string;
  run(...args: readonly string[]): string;
  put(path: string, text: string): void;
  remove(path: string): void;
  /** Everything as it is there; returns its hash. */
  commit(subject?: string): string;
}

export function repositoryIn(top: string): Repository {
  init(top);
  const run = (...args: readonly string[]): string => runIn(top, args);
  return {
    top,
    run,
    put: (path, text) => {
      mkdirSync(dirname(join(top, path)), { recursive: true });
      writeFileSync(join(top, path), text);
    },
    remove: (path) => rmSync(join(top, path), { recursive: true, force: true }),
    commit: (subject = 'x') => {
      run('add', '-A');
      run('commit', '-q', '--allow-empty', '-m', subject);
      return tipOf(top);
    },
  };
}

function runIn(top: string, args: readonly string[]): string {
  return execFileSync(
    'git',
    [
      ...['-C', top, '-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', '-c', 'commit.gpgsign=false'],
      // For submodules of a test.
      ...['-c', 'protocol.file.allow=always', '-c', 'init.defaultBranch=main', '-c', 'core.autocrlf=false'],
      ...args,
    ],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_SYSTEM: '/dev/null',
        // Equal files are equal commits.
        GIT_AUTHOR_DATE: '2026-11-22T12:00:00Z',
        GIT_COMMITTER_DATE: '2026-11-22T12:00:00Z',
      },
    },
  );
}

/** What `git init` makes, without the process that it takes. */
function init(top: string): void {
  for (const folder of ['objects', 'refs/heads']) mkdirSync(join(top, '.git', folder), { recursive: true });
  writeFileSync(join(top, '.git', 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(top, '.git', 'config'), '[core]\n\trepositoryformatversion = 0\n\tbare = false\n');
}

/** The hash of the commit that is checked out. */
function tipOf(top: string): string {
  const head = readFileSync(join(top, '.git', 'HEAD'), 'utf8').trim();
  return head.startsWith('ref: ') ? readFileSync(join(top, '.git', head.slice(5)), 'utf8').trim() : head;
}

/** What of an Io asks Git, for a test whose working directory is `cwd`. */
export function gitIn(cwd: string): Pick<Io, 'git' | 'filesAt'> {
  return {
    git: (directory, args) => git(join(cwd, directory), args),
    filesAt: (commit, texts) => commitFiles(cwd, commit, texts),
  };
}
