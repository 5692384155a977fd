import type { Numbers, Texts, Words } from './family.ts';
import { didYouMean, list, quoted } from './quote.ts';

/** The workflow that a schedule starts: what a manifest says of it, and what a server knows of it. */
export const workflowProblems = {
  'literal-correlation': {
    means: `\`\${…}\` in \`correlationId\`, which the server does not expand`,
    fix: 'use a fixed text',
    message: ({ text }: Texts<'text'>): string =>
      `the server does not expand correlationId: every run gets ${quoted(text)}`,
    hint: 'write a fixed text; to tell runs apart, use _executionId in their input',
  },
  'overwritten-input': {
    means: 'an input such as `_scheduledTime`, which the scheduler overwrites',
    fix: 'rename it',
    message: ({ key }: Texts<'key'>): string =>
      `the scheduler overwrites the input ${quoted(key)} in every run`,
    hint: 'choose a different name',
  },
  'idle-strategy': {
    means: '`idempotencyStrategy` without `idempotencyKey`',
    fix: 'add the key',
    message: ({ strategy }: Texts<'strategy'>): string =>
      `idempotencyStrategy ${strategy} has no effect without an idempotencyKey`,
    hint: 'add idempotencyKey, or remove the strategy',
  },
  /** `others`: how many more schedules start it; `offline`: only the definitions of the repository were looked at. */
  'no-workflow': {
    means: 'the server does not have the workflow, so every run fails; offline, `workflows` does not have it',
    fix: 'register it first',
    page: 'before-the-merge.md#workflows-of-the-same-repository',
    words: ({
      workflow,
      nearest,
      others = 0,
      offline = false,
    }: Texts<'workflow', 'nearest'> & Numbers<never, 'others'> & { readonly offline?: boolean }): Words =>
      offline
        ? {
            message: `\`workflows\` has no definition of the workflow ${quoted(workflow)}${alsoOf(others)}`,
            hint:
              didYouMean(nearest) ??
              'add its definition, or allow this where the workflow is not of this repository',
          }
        : {
            message: `the server has no workflow ${quoted(workflow)}: every run would fail${alsoOf(others)}`,
            hint:
              didYouMean(nearest) ??
              'register it before the schedule fires, or check that your key can read it',
          },
  },
  'no-workflow-version': {
    means: 'the server, or offline `workflows`, has the workflow, but not this version',
    fix: 'register it, or leave `version` out',
    words: ({
      workflow,
      version,
      versions,
      others = 0,
      offline = false,
    }: Texts<'workflow'> &
      Numbers<'version', 'others'> & {
        readonly versions: readonly number[];
        readonly offline?: boolean;
      }): Words => ({
      message: `${offline ? '`workflows`' : 'the server'} has no version ${version} of the workflow ${quoted(workflow)}${offline ? '' : ': every run would fail'}${alsoOf(others)}`,
      hint:
        versions.length === 0
          ? 'register it, or leave `version` out for the latest'
          : `it has ${versions.slice(-10).join(', ')}; without \`version\`, each run uses the latest`,
    }),
  },
  'unknown-input': {
    means: 'an input that neither `inputParameters` nor `inputSchema` of the workflow declares',
    fix: 'correct the key',
    words: ({ key, workflow, nearest }: Texts<'key' | 'workflow', 'nearest'>): Words => ({
      message: `the workflow ${quoted(workflow)} declares no input ${quoted(key)}`,
      hint: didYouMean(nearest) ?? "remove it, or add it to the workflow's inputParameters",
    }),
  },
  'missing-input': {
    means: 'an input that `inputSchema` requires is missing',
    fix: 'add it',
    words: ({ keys, workflow }: { readonly keys: readonly string[]; readonly workflow: string }): Words => ({
      message: `the workflow ${quoted(workflow)} requires the input ${list(keys)}`,
      hint: `add ${keys.length === 1 ? 'it' : 'them'} to startWorkflowRequest.input: its inputSchema requires ${keys.length === 1 ? 'it' : 'them'}`,
    }),
  },
  /** Of the definitions that the configuration names. */
  'workflows-not-read': {
    means: 'a file or directory of workflow definitions that cannot be read',
    fix: 'correct it',
    page: 'before-the-merge.md#workflows-of-the-same-repository',
    message: ({ path, why }: Texts<'path' | 'why'>): string =>
      `workflow definitions in ${quoted(path)} were not read: ${why}`,
    hint: 'paths in `workflows` are relative to the configuration file; until all are read, no workflow counts as missing',
  },
  /** The server's workflows could not be looked up; nothing is known of them. */
  'workflows-not-readable': {
    means: 'the workflows could not be looked up: no permission, or no answer',
    fix: 'give the key permission to read them',
    words: ({ why, forbidden }: { readonly why: string; readonly forbidden: boolean }): Words => ({
      message: `could not check whether the workflows exist: ${why}`,
      hint: forbidden
        ? 'give the key permission to read workflow definitions; everything else was checked'
        : 'everything else was checked; run it again to check the workflows',
    }),
  },
} as const;

function alsoOf(others: number): string {
  return others === 0 ? '' : `; ${others} more ${others === 1 ? 'schedule uses' : 'schedules use'} it`;
}
