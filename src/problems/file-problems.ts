import type { Texts, Words } from './family.ts';
import { noConfiguration, quoted } from './quote.ts';

/** Why something was not read: see `UnreadFault` of io. */
type NotReadFault = 'leads-out' | 'leads-nowhere' | 'git-files' | 'empty-submodule' | 'special';

/** What it is, and what to do. */
const notRead: { readonly [F in NotReadFault]: readonly [what: string, hint: string] } = {
  'leads-out': [
    'a link that leads out of the directory of manifests',
    'move the manifests into the directory, or remove the link',
  ],
  'leads-nowhere': ['a link that leads nowhere', 'correct the link, or remove it'],
  'git-files': ["a link into Git's own files", 'remove the link'],
  'empty-submodule': [
    'a submodule that is not checked out',
    'run `git submodule update --init`, or check out with submodules in CI',
  ],
  special: ['not a file', 'remove it, or rename it'],
};

/** Reading the directory. */
export const fileProblems = {
  'no-directory': {
    means: 'the directory does not exist',
    /** `isUnconfigured`: the directory is the default, as no configuration was found. */
    message: ({
      path,
      isUnconfigured = false,
    }: Texts<'path'> & { readonly isUnconfigured?: boolean }): string =>
      `directory ${quoted(path)} not found${isUnconfigured ? `, and ${noConfiguration}` : ''}`,
    hint: 'run the command where the manifests are, or pass their directory: `downbeat validate DIR`',
  },
  'not-a-directory': {
    means: 'a file where a directory is expected',
    message: ({ path }: Texts<'path'>): string => `${quoted(path)} is not a directory`,
    hint: 'pass the directory that has the manifests',
  },
  unreadable: {
    means: 'a file or folder below the directory cannot be read, or is not UTF-8 text',
    message: ({ path, why }: Texts<'path' | 'why'>): string => `cannot read ${quoted(path)}: ${why}`,
    hint: 'Downbeat compares nothing until it can read every manifest: make it readable, or move it elsewhere',
  },
  'not-read': {
    means:
      'a link that leads out or nowhere, an empty submodule or a device, below the directory, may hide manifests',
    remedy: 'remove the link or the device; for a submodule, run `git submodule update --init`',
    words: ({ path, fault }: { readonly path: string; readonly fault: NotReadFault }): Words => ({
      message: `${quoted(path)} is ${notRead[fault][0]}, so the manifests in it are unknown`,
      hint: notRead[fault][1],
    }),
  },
  'hidden-manifests': {
    means:
      'a dot file or folder below the directory has manifests, which are not read; until that is fixed, nothing is deleted',
    fix: 'rename it, or move it out of the directory',
    message: ({ path, manifests }: { readonly path: string; readonly manifests: number }): string =>
      `${quoted(path)} has ${manifests === 1 ? 'a manifest' : `${manifests} manifests`}, but names that begin with a dot are not read; until that is fixed, nothing is deleted`,
    hint: 'rename it without the dot, or move it out of the directory of manifests',
  },
  'no-manifests': {
    means: 'there are no manifests, and `--allow-empty` was not given',
    message: ({ path }: Texts<'path'>): string => `no manifests in ${quoted(path)}`,
    hint: 'manifests are .yaml, .yml and .json files; if there should be none, pass --allow-empty',
  },
} as const;
