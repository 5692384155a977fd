import type { ServerTypeRow, TagsWrite } from './server-types.ts';

/** What no source settles about Orkes; absent = the server type's own default. */
export type Switches = {
  /** The list carries tags. */
  readonly listTags?: boolean;
  /** False: the list's `workflowName` is ignored. Default true. */
  readonly honoursWorkflowFilter?: boolean;
  readonly tagsWrite?: TagsWrite;
  /** Tags calls for a name without schedule. Default `not found`. */
  readonly tagsOfMissing?: 'not found' | 'accepted';
  /** Tags stay when their schedule is deleted. Default false. */
  readonly tagsOutliveSchedule?: boolean;
  /** A save without `overwrite=true` of a name that exists is a 409. */
  readonly conflictOnCreate?: boolean;
  readonly cronSchedules?: ServerTypeRow['cronSchedules'];
};

type Assumption = {
  readonly name: string;
  /** What each word sets; the first one is what published clients need. */
  readonly words: { readonly [word: string]: Switches };
};

/** The switches by the words of `serve --assume NAME=WORD`. */
export const assumptions: readonly Assumption[] = [
  { name: 'update', words: { plain: { conflictOnCreate: false }, overwrite: { conflictOnCreate: true } } },
  { name: 'list-tags', words: { yes: { listTags: true }, no: { listTags: false } } },
  {
    name: 'workflow-filter',
    words: { obeyed: { honoursWorkflowFilter: true }, ignored: { honoursWorkflowFilter: false } },
  },
  {
    name: 'tags-write',
    words: {
      upsert: { tagsWrite: 'upsert' },
      replace: { tagsWrite: 'replace' },
      append: { tagsWrite: 'append' },
    },
  },
  {
    name: 'tags-of-missing',
    words: { 'not-found': { tagsOfMissing: 'not found' }, accepted: { tagsOfMissing: 'accepted' } },
  },
  {
    name: 'tags-after-delete',
    words: { removed: { tagsOutliveSchedule: false }, kept: { tagsOutliveSchedule: true } },
  },
  {
    name: 'cron-schedules',
    words: { dropped: { cronSchedules: 'dropped' }, kept: { cronSchedules: 'kept' } },
  },
];
