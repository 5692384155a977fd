import type { Words } from './family.ts';
import { quoted } from './quote.ts';

/** Reading the directory. */
export const fileProblems = {
  'no-directory': {
    severity: 'error',
    means: 'the directory does not exist',
    words: ({ path }: { readonly path: string }): Words => ({
      message: `directory ${quoted(path)} not found`,
      hint: 'run the command where the manifests are, or name their directory: `downbeat validate DIR`',
    }),
  },
  'not-a-directory': {
    severity: 'error',
    means: 'a file was named where a directory is expected',
    words: ({ path }: { readonly path: string }): Words => ({
      message: `${quoted(path)} is not a directory`,
      hint: 'name the directory that holds the manifests',
    }),
  },
  unreadable: {
    severity: 'error',
    means: 'a file or folder below the directory cannot be read, or is not UTF-8 text',
    words: ({ path, why }: { readonly path: string; readonly why: string }): Words => ({
      message: `cannot read ${quoted(path)}: ${why}`,
      hint: 'Downbeat compares nothing until it can read every manifest: make it readable, or move it elsewhere',
    }),
  },
  'no-manifests': {
    severity: 'error',
    means: 'there are no manifests, and `--allow-empty` was not given',
    words: ({ path }: { readonly path: string }): Words => ({
      message: `no manifests in ${quoted(path)}`,
      hint: 'manifests are .yaml, .yml and .json files; if there should be none, pass --allow-empty',
    }),
  },
} as const;
