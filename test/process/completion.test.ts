import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands, shells } from '../../src/argv/commands.ts';
import { everywhere } from '../../src/argv/flags.ts';
import { countedEnvironment } from '../support/process-coverage.ts';
import { builtProgram } from '../support/program.ts';

/** The scripts in the shells themselves; zsh, fish and PowerShell where they are installed. */

let folder: string;
let work: string;
const names = ['daily report', "it's", 'nightly', 'nightly-eu'];

beforeAll(async () => {
  const program = await builtProgram();
  folder = program.folder;
  work = join(folder, 'work');
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(work, 'schedules'), { recursive: true });
  const command = join(folder, 'bin', 'downbeat');
  writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${program.path}' "$@"\n`);
  chmodSync(command, 0o755);
  writeFileSync(
    join(work, 'schedules', 'all.json'),
    JSON.stringify(
      names.map((name) => ({ name, cronExpression: '0 0 9 * * ?', startWorkflowRequest: { name: 'w' } })),
    ),
  );
  for (const shell of shells)
    writeFileSync(
      join(folder, shell),
      execFileSync(command, ['completion', shell], { env: { ...process.env, ...countedEnvironment } }),
    );
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(shell: string, args: readonly string[]): readonly string[] {
  const { stdout, stderr, status } = spawnSync(shell, args, {
    cwd: work,
    encoding: 'utf8',
    env: { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, HOME: folder, ...countedEnvironment },
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout.split('\n').filter((line) => line !== '');
}

function installed(shell: string): boolean {
  return spawnSync(shell, ['-c', 'true']).status === 0;
}

/** What bash offers for these words, of which the last is being typed. */
function bash(...words: readonly string[]): readonly string[] {
  const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const script = `source ../bash; COMP_WORDS=(downbeat ${quoted}); COMP_CWORD=${words.length}; _downbeat; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return run('bash', ['--norc', '--noprofile', '-c', script]);
}

const cases: readonly (readonly [words: readonly string[], offered: readonly string[]])[] = [
  [['pla'], ['plan']],
  [['re'], ['render', 'resume', 'requeue']],
  [['plan', '--detailed'], ['--detailed-exitcode']],
  [
    ['plan', '--server-type', 'o'],
    ['oss-1', 'oss-2', 'orkes-old', 'orkes-new'],
  ],
  [
    ['serve', '--server-type', 'os'],
    ['oss-1', 'oss-2'],
  ],
  [
    ['status', 'night'],
    ['nightly', 'nightly-eu'],
  ],
  [['pause', 'nightly', 'nightly-'], ['nightly-eu']],
  [['plan', '--target', 'nightly-'], ['nightly-eu']],
  [['schema', 'val'], ['validation']],
  [['completion', 'f'], ['fish']],
  [['pause', 'nightly', '--reason', 'n'], []],
];

describe('bash', () => {
  it.each(cases)('%j', (words, offered) => {
    expect([...bash(...words)].sort()).toEqual([...offered].sort());
  });

  it('offers every command, and every flag of each', () => {
    const all = commands.map(({ name }) => name);
    expect([...bash('')].sort()).toEqual([...all, 'help', '--help', '--version'].sort());
    for (const { name, flags } of commands)
      expect(bash(name, '--').length).toBe(new Set([...flags, ...everywhere]).size + 1);
  });

  it('quotes names that need it, even half-typed', () => {
    expect(bash('status', 'dai')).toEqual(['daily\\ report']);
    expect(bash('status', 'daily\\ r')).toEqual(['daily\\ report']);
    expect(bash('status', 'it')).toEqual(["it\\'s"]);
  });

  it('offers files and directories where they are expected', () => {
    expect(bash('plan', 'sch')).toEqual(['schedules']);
    expect(bash('plan', '--config', 'sch')).toEqual(['schedules']);
  });
});

describe.runIf(installed('zsh'))('zsh', () => {
  it.each(cases)('%j', (words, offered) => {
    const typed = words.at(-1) ?? '';
    const quoted = words.map((word) => `'${word}'`).join(' ');
    // Outside of its line editor zsh has no compadd: what it would be given is printed.
    const script = `compdef() { :; }
compadd() { local -a given=("$@"); while [[ $given[1] == -* && $given[1] != -- ]]; do [[ $given[1] == -a ]] && local list=1; shift given; done
  shift given; if [[ -n $list ]]; then print -l -- \${(P)given[1]}; else print -l -- $given; fi }
source ../zsh; words=(downbeat ${quoted}); CURRENT=${words.length + 1}; _downbeat`;
    const found = run('zsh', ['-f', '-c', script]).filter((word) => word.startsWith(typed));
    expect([...found].sort()).toEqual([...offered].sort());
  });
});

describe.runIf(installed('fish'))('fish', () => {
  it.each(cases)('%j', (words, offered) => {
    const script = `source ../fish; complete -C 'downbeat ${words.join(' ')}'`;
    const found = run('fish', ['--no-config', '-c', script]).map((line) => line.split('\t')[0]);
    expect([...found].sort()).toEqual([...offered].sort());
  });
});

describe.runIf(installed('pwsh'))('PowerShell', () => {
  it.each(cases)('%j', (words, offered) => {
    const line = `downbeat ${words.join(' ')}`;
    const script = `Get-Content -Raw ../powershell | Invoke-Expression
(TabExpansion2 -inputScript '${line}' -cursorColumn ${line.length}).CompletionMatches.CompletionText`;
    const found = run('pwsh', ['-NoProfile', '-Command', script]);
    expect([...found].sort()).toEqual([...offered].sort());
  });
});
