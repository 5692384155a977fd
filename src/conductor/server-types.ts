import type { Capabilities, Operation, ServerType } from '../model/port.ts';

/** How one kind of server differs from the others, as data: the logic asks the row and never which row it is. */
export interface ServerTypeRow {
  readonly capabilities: Capabilities;
  /**
   * Where a configured server type starts among an operation's forms (`routes.ts`), counted from 0, when that is not the
   * first one. As many as there are forms = this server has the operation in no form.
   */
  readonly startsAt: { readonly [O in Operation]?: number };
  readonly pastRuns: {
    /** What asks for the executions of all schedules; absent = no query at all does (OSS takes `*` for a name). */
    readonly every?: string;
    /** What the server calls a sort field of OSS, where it differs. */
    readonly sortFields: { readonly [field: string]: string };
  };
  /** Credentials by key and secret must be exchangeable for a token. */
  readonly hasToken: boolean;
  /** Recognised so that it can be refused; never driven. */
  readonly outdated?: true;
}

const oss: ServerTypeRow = {
  capabilities: {
    tags: false,
    tagsInList: false,
    cronSchedules: 'kept',
    pauseReason: 'kept',
    idempotency: false,
    anyName: true,
    bulk: true,
    hidesUnreadable: false,
    executionQuery: 'clauses',
    pauseAll: 'one process',
    historyKeeps: 5,
    numbers: 'kind',
  },
  startsAt: { 'tags get': 1, 'tags set': 2, 'tags delete': 1 },
  pastRuns: { sortFields: {} },
  hasToken: false,
};

const orkes: ServerTypeRow = {
  capabilities: {
    tags: true,
    tagsInList: true,
    // Absent from its specification, its SDKs and its UI; OSS has it from Orkes' own code.
    cronSchedules: 'unknown',
    pauseReason: 'kept',
    idempotency: true,
    anyName: false,
    bulk: true,
    hidesUnreadable: true,
    executionQuery: 'clauses',
    pauseAll: 'unknown',
    // What Orkes makes of 1.0 is not known.
    numbers: 'value',
  },
  startsAt: {},
  pastRuns: { every: '*', sortFields: { workflowName: 'workflowType', state: 'status' } },
  hasToken: true,
};

/**
 * `oss-0` is OSS 3.23.0 to 3.30.0.rc8, `oss-1` 3.30.0.rc9 to 3.31, `oss-2` from 3.32.0; `orkes-old` is Orkes before
 * 14 July 2026, which pauses by GET only; `documented` is what the published Python description promises.
 */
export const serverTypes: { readonly [B in ServerType]: ServerTypeRow } = {
  'oss-0': {
    ...oss,
    capabilities: { ...oss.capabilities, cronSchedules: 'dropped', bulk: false },
    outdated: true,
  },
  'oss-1': oss,
  'oss-2': oss,
  'orkes-old': {
    ...orkes,
    capabilities: { ...orkes.capabilities, pauseReason: 'dropped' },
    startsAt: { pause: 1, resume: 1 },
  },
  'orkes-new': orkes,
  documented: {
    capabilities: {
      tags: true,
      tagsInList: false,
      cronSchedules: 'dropped',
      pauseReason: 'dropped',
      idempotency: true,
      anyName: true,
      bulk: false,
      hidesUnreadable: false,
      executionQuery: 'equations',
      pauseAll: 'unknown',
      numbers: 'kind',
    },
    startsAt: {
      'tags set': 1,
      'bulk pause': 1,
      'bulk resume': 1,
      'pause all': 1,
      'resume all': 1,
      requeue: 1,
      'next few': 1,
    },
    pastRuns: { sortFields: {} },
    hasToken: false,
  },
};
