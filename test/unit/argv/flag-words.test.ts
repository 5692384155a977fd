import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type FlagKey, flagOf, flags } from '../../../src/argv/flags.ts';

const src = fileURLToPath(new URL('../../../src', import.meta.url));

const ours: ReadonlySet<string> = new Set([
  ...(Object.keys(flags) as FlagKey[]).flatMap((key) => {
    const { name, alias } = flagOf(key);
    return [name, ...(alias === undefined ? [] : [alias])];
  }),
  'help',
  'version',
]);

/** Flags of other programs, by the file that speaks of them. */
const foreign: { readonly [file: string]: readonly string[] } = {
  'report/documents/failure-words.ts': ['max-http-header-size'],
  'argv/program.ts': ['no-x'],
  'problems/file-problems.ts': ['init'],
  'io/git-process.ts': ['no-pager'],
  'io/tiering.ts': ['interrupt-budget'],
  'run/repository/delete-proofs.ts': [
    ...['is-shallow-repository', 'verify', 'quiet', 'name-only', 'format', 'no-ext-diff', 'no-textconv'],
    ...['relative', 'no-commit-id'],
  ],
  'io/commit-disk.ts': ['show-toplevel', 'show-prefix'],
  'io/commit-tree.ts': ['full-tree', 'batch'],
  'io/commit-attributes.ts': ['get', 'stdin', 'git-path'],
  'run/base/left-out-texts.ts': ['refetch', 'no-filter', 'init'],
  'run/base/older-place.ts': [
    ...['name-only', 'full-tree', 'full-name', 'fixed-strings', 'show-prefix', 'show-cdup'],
  ],
  'run/base/resolve-base.ts': [
    ...[
      'unshallow',
      'is-inside-work-tree',
      'show-toplevel',
      'is-shallow-repository',
      'global',
      'add',
      'verify',
    ],
    'end-of-options',
  ],
  'model/hiding/credential.ts': ['user', 'proxy-user', 'password'],
};

/** Its variables begin as flags do. */
function isStyle(file: string): boolean {
  return ['report/page/generated/assets.ts', 'scheduler/local/generated/page-text.ts'].includes(file);
}

/** What a message or hint tells people to type exists: a flag that is renamed in its table is renamed here, too. */
it("every flag in the program's texts is in the table", () => {
  const unknown = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !isStyle(file))
    .flatMap((file) =>
      [...readFileSync(join(src, file), 'utf8').matchAll(/(?<![\w-])--([a-z][a-z-]*[a-z])\b(?!-)/g)]
        .map(([, name = '']) => name)
        .filter((name) => !ours.has(name) && !foreign[file]?.includes(name))
        .map((name) => `${file}: --${name}`),
    );
  expect([...new Set(unknown)]).toStrictEqual([]);
});
