import type { Json } from '../../../src/model/json.ts';
import type { ServedType } from '../../../src/scheduler/server-types.ts';
import type { Ask } from './target.ts';

/** What an answer must be: a status alone, or also its content type and (settled) body. */
export interface Expected {
  readonly status: number;
  readonly type?: string | null;
  readonly body?: Json;
}

/**
 * One row of the table "operation × server type": what each server type answers, written out by hand and not derived
 * from the scheduler's own table. `prepare` runs before and must succeed.
 */
export interface Cell {
  readonly operation: string;
  readonly prepare?: (word: string) => readonly Ask[];
  readonly ask: (word: string) => Ask;
  readonly expect: (word: string) => { readonly [B in ServedType]: Expected };
}

const nothing: Expected = { status: 200, type: null, body: '' };
const page404 = (path: string): Expected => said(404, `No static resource ${path}.`);
const wrongVerb = (verb: string, status: 405 | 500 = 405): Expected =>
  said(status, `Request method '${verb}' is not supported`);
const missing = (name: string): Expected => said(404, `Schedule '${name}' not found`);

function said(status: number, message: string): Expected {
  return {
    status,
    type: 'application/json',
    body: { status, message, instance: '<host>', retryable: false },
  };
}

function answered(body: Json): Expected {
  return { status: 200, type: 'application/json', body };
}

export function schedules(name = ''): string {
  return `/api/scheduler/schedules${name === '' ? '' : `/${encodeURIComponent(name)}`}`;
}

export function save(name: string, over: Record<string, Json> = {}): Ask {
  const body = { name, cronExpression: '0 0 9 * * ?', startWorkflowRequest: { name }, ...over };
  return { method: 'POST', path: schedules(), body };
}

const tag = { key: 'team', value: 'backend' };

const pausedBy = (word: string, method: 'PUT' | 'GET'): Ask => ({ method, path: `${schedules(word)}/pause` });

/** What every save of `save(word)` is stored as. */
function stored(name: string, over: Record<string, Json> = {}): Json {
  return {
    name,
    cronExpression: '0 0 9 * * ?',
    runCatchupScheduleInstances: false,
    paused: false,
    startWorkflowRequest: { name, input: {}, taskToDomain: {}, priority: 0 },
    zoneId: 'UTC',
    createTime: '<time>',
    updatedTime: '<time>',
    createdBy: '',
    updatedBy: '',
    ...over,
  };
}

const onOrkes = { createdBy: 'local', updatedBy: 'local' };

function listed(name: string): Json {
  return [stored(name, { ...onOrkes, tags: [], orgId: '0000', queueMsgId: name })];
}

function all(expected: Expected): { readonly [B in ServedType]: Expected } {
  return {
    'oss-1': expected,
    'oss-2': expected,
    'orkes-old': expected,
    'orkes-new': expected,
    documented: expected,
  };
}

export const cells: readonly Cell[] = [
  {
    operation: 'save',
    ask: (word) => save(word),
    expect: (word) => ({
      'oss-1': answered(stored(word, { cronSchedules: [] })),
      'oss-2': answered(stored(word, { cronSchedules: [] })),
      'orkes-old': nothing,
      'orkes-new': answered({}),
      documented: answered(stored(word)),
    }),
  },
  {
    operation: 'save again, without overwrite',
    prepare: (word) => [save(word)],
    ask: (word) => save(word),
    expect: (word) => ({
      'oss-1': answered(stored(word, { cronSchedules: [] })),
      'oss-2': answered(stored(word, { cronSchedules: [] })),
      'orkes-old': nothing,
      'orkes-new': answered({}),
      documented: answered(stored(word)),
    }),
  },
  {
    operation: 'save again, with overwrite',
    prepare: (word) => [save(word)],
    ask: (word) => ({ ...save(word), path: `${schedules()}?overwrite=true` }),
    expect: (word) => ({
      'oss-1': answered(stored(word, { cronSchedules: [] })),
      'oss-2': answered(stored(word, { cronSchedules: [] })),
      'orkes-old': nothing,
      'orkes-new': answered({}),
      documented: answered(stored(word)),
    }),
  },
  {
    operation: 'get',
    prepare: (word) => [save(word)],
    ask: (word) => ({ method: 'GET', path: schedules(word) }),
    expect: (word) => ({
      'oss-1': answered(stored(word, { cronSchedules: [] })),
      'oss-2': answered(stored(word, { cronSchedules: [] })),
      'orkes-old': answered(stored(word, onOrkes)),
      'orkes-new': answered(stored(word, onOrkes)),
      documented: answered(stored(word)),
    }),
  },
  {
    operation: 'get a missing one',
    ask: (word) => ({ method: 'GET', path: schedules(word) }),
    expect: (word) => ({ ...all(missing(word)), 'oss-1': nothing }),
  },
  {
    operation: 'list',
    prepare: (word) => [save(word)],
    ask: (word) => ({ method: 'GET', path: `${schedules()}?workflowName=${word}` }),
    expect: (word) => ({
      'oss-1': answered([stored(word, { cronSchedules: [] })]),
      'oss-2': answered([stored(word, { cronSchedules: [] })]),
      'orkes-old': answered(listed(word)),
      'orkes-new': answered(listed(word)),
      documented: answered([stored(word)]),
    }),
  },
  {
    operation: 'search definitions',
    prepare: (word) => [save(word)],
    ask: (word) => ({ method: 'GET', path: `${schedules('search')}?workflowName=${word}` }),
    expect: (word) => ({
      'oss-1': answered({ totalHits: 1, results: [stored(word, { cronSchedules: [] })] }),
      'oss-2': answered({ totalHits: 1, results: [stored(word, { cronSchedules: [] })] }),
      'orkes-old': answered({ totalHits: 1, results: listed(word) }),
      'orkes-new': answered({ totalHits: 1, results: listed(word) }),
      documented: missing('search'),
    }),
  },
  {
    operation: 'delete',
    prepare: (word) => [save(word)],
    ask: (word) => ({ method: 'DELETE', path: schedules(word) }),
    expect: () => all(nothing),
  },
  {
    operation: 'delete a missing one',
    ask: (word) => ({ method: 'DELETE', path: schedules(word), body: {} }),
    expect: () => all(nothing),
  },
  {
    operation: 'pause by PUT',
    prepare: (word) => [save(word)],
    ask: (word) => pausedBy(word, 'PUT'),
    expect: () => ({ ...all(nothing), 'orkes-old': wrongVerb('PUT') }),
  },
  {
    operation: 'pause by GET',
    prepare: (word) => [save(word)],
    ask: (word) => pausedBy(word, 'GET'),
    expect: () => ({
      'oss-1': wrongVerb('GET', 500),
      'oss-2': wrongVerb('GET'),
      'orkes-old': nothing,
      'orkes-new': nothing,
      documented: wrongVerb('GET'),
    }),
  },
  {
    operation: 'pause a missing one',
    ask: (word) => pausedBy(word, 'PUT'),
    expect: (word) => ({ ...all(missing(word)), 'orkes-old': wrongVerb('PUT') }),
  },
  {
    operation: 'resume by PUT of a running one',
    prepare: (word) => [save(word)],
    ask: (word) => ({ method: 'PUT', path: `${schedules(word)}/resume` }),
    expect: (word) => ({
      ...all(missing(word)),
      'orkes-old': wrongVerb('PUT'),
      documented: nothing,
    }),
  },
  {
    operation: 'resume by PUT of a paused one',
    prepare: (word) => [save(word, { paused: true })],
    ask: (word) => ({ method: 'PUT', path: `${schedules(word)}/resume`, body: {} }),
    expect: () => ({ ...all(nothing), 'orkes-old': wrongVerb('PUT') }),
  },
  {
    operation: 'resume by GET of a paused one',
    prepare: (word) => [save(word, { paused: true })],
    ask: (word) => ({ method: 'GET', path: `${schedules(word)}/resume` }),
    expect: () => ({
      'oss-1': wrongVerb('GET', 500),
      'oss-2': wrongVerb('GET'),
      'orkes-old': nothing,
      'orkes-new': nothing,
      documented: wrongVerb('GET'),
    }),
  },
  {
    operation: 'resume a missing one',
    ask: (word) => ({ method: 'PUT', path: `${schedules(word)}/resume` }),
    expect: (word) => ({ ...all(missing(word)), 'orkes-old': wrongVerb('PUT') }),
  },
  {
    operation: 'bulk pause',
    prepare: (word) => [save(word)],
    ask: (word) => ({ method: 'PUT', path: '/api/scheduler/bulk/pause', body: [word, `${word}-no`] }),
    expect: (word) => ({
      ...all(
        answered({
          bulkErrorResults: { [`${word}-no`]: `Schedule '${word}-no' not found` },
          bulkSuccessfulResults: [word],
        }),
      ),
      documented: page404('api/scheduler/bulk/pause'),
    }),
  },
  {
    operation: 'bulk resume of a running one',
    prepare: (word) => [save(word)],
    ask: (word) => ({ method: 'PUT', path: '/api/scheduler/bulk/resume', body: [word] }),
    expect: (word) => ({
      ...all(
        answered({
          bulkErrorResults: { [word]: `Schedule '${word}' not found` },
          bulkSuccessfulResults: [],
        }),
      ),
      documented: page404('api/scheduler/bulk/resume'),
    }),
  },
  ...(['pause', 'resume'] as const).flatMap((verb): Cell[] => [
    {
      operation: `${verb} all by GET`,
      ask: () => ({ method: 'GET', path: `/api/scheduler/admin/${verb}` }),
      expect: () => all(answered({ status: 'done' })),
    },
    {
      operation: `${verb} all by PUT`,
      ask: () => ({ method: 'PUT', path: `/api/scheduler/schedules/${verb}` }),
      expect: () => ({
        ...all(wrongVerb('PUT')),
        'oss-1': wrongVerb('PUT', 500),
        documented: answered({ status: 'done' }),
      }),
    },
  ]),
  {
    operation: 'requeue by GET',
    ask: () => ({ method: 'GET', path: '/api/scheduler/admin/requeue' }),
    expect: () => all(answered({ sampleIds: [], 'recordIds.size': 0 })),
  },
  {
    operation: 'requeue by POST',
    ask: () => ({ method: 'POST', path: '/api/scheduler/requeue' }),
    expect: () => ({
      ...all(page404('api/scheduler/requeue')),
      documented: answered({ sampleIds: [], 'recordIds.size': 0 }),
    }),
  },
  {
    operation: 'next few, two of them',
    ask: () => ({
      method: 'GET',
      path: '/api/scheduler/nextFewSchedules?cronExpression=0+0+0+1+1+%3F&scheduleStartTime=4070908800000&limit=2',
    }),
    // 2099-01-01 and 2100-01-01: the start itself counts.
    expect: () => all(answered([4070908800000, 4102444800000])),
  },
  {
    operation: 'next few, without a limit',
    ask: () => ({
      method: 'GET',
      path: '/api/scheduler/nextFewSchedules?cronExpression=0%200%200%201%201%20%3F&scheduleStartTime=4070908800000',
    }),
    expect: () => ({
      'oss-1': answered(newYears(5)),
      'oss-2': answered(newYears(5)),
      'orkes-old': answered(newYears(3)),
      'orkes-new': answered(newYears(3)),
      documented: answered(newYears(3)),
    }),
  },
  {
    operation: 'next few, as the page spells it',
    ask: () => ({
      method: 'GET',
      path: '/api/scheduler/nextFewRuns?cronExpression=0+0+0+1+1+%3F&scheduleStartTime=4070908800000',
    }),
    expect: () => ({ ...all(page404('api/scheduler/nextFewRuns')), documented: answered(newYears(3)) }),
  },
  {
    operation: 'search executions of one name',
    ask: (word) => ({ method: 'GET', path: `/api/scheduler/search/executions?query=${word}` }),
    expect: () => all(answered({ totalHits: 0, results: [] })),
  },
  {
    operation: 'tags get',
    prepare: (word) => [save(word)],
    ask: (word) => ({ method: 'GET', path: `${schedules(word)}/tags` }),
    expect: (word) => ({ ...all(answered([])), ...noTags(word) }),
  },
  {
    operation: 'tags set by PUT',
    prepare: (word) => [save(word)],
    ask: (word) => ({ method: 'PUT', path: `${schedules(word)}/tags`, body: [tag] }),
    expect: (word) => ({ ...all(nothing), ...noTags(word) }),
  },
  {
    operation: 'tags set by POST',
    prepare: (word) => [save(word)],
    ask: (word) => ({ method: 'POST', path: `${schedules(word)}/tags`, body: [tag] }),
    expect: (word) => ({ ...all(wrongVerb('POST')), ...noTags(word), documented: nothing }),
  },
  {
    operation: 'tags delete',
    prepare: (word) => [save(word)],
    ask: (word) => ({ method: 'DELETE', path: `${schedules(word)}/tags`, body: [tag] }),
    expect: (word) => ({ ...all(nothing), ...noTags(word), documented: answered([]) }),
  },
  {
    operation: 'wrong verb',
    ask: () => ({ method: 'PATCH', path: schedules(), body: {} }),
    expect: () => ({ ...all(wrongVerb('PATCH')), 'oss-1': wrongVerb('PATCH', 500) }),
  },
  {
    operation: 'unknown body field',
    prepare: (word) => [save(word, { surprise: { a: 1 } })],
    ask: (word) => ({ method: 'GET', path: schedules(word) }),
    expect: (word) => ({
      'oss-1': answered(stored(word, { cronSchedules: [] })),
      'oss-2': answered(stored(word, { cronSchedules: [] })),
      'orkes-old': answered(stored(word, onOrkes)),
      'orkes-new': answered(stored(word, onOrkes)),
      documented: answered(stored(word)),
    }),
  },
  {
    operation: 'cronSchedules',
    prepare: (word) => [save(word, { cronSchedules: [{ cronExpression: '0 0 1 * * ?' }] })],
    ask: (word) => ({ method: 'GET', path: schedules(word) }),
    expect: (word) => {
      const kept = { cronSchedules: [{ cronExpression: '0 0 1 * * ?', zoneId: 'UTC' }] };
      return {
        'oss-1': answered(stored(word, kept)),
        'oss-2': answered(stored(word, kept)),
        'orkes-old': answered(stored(word, onOrkes)),
        'orkes-new': answered(stored(word, onOrkes)),
        documented: answered(stored(word)),
      };
    },
  },
  {
    operation: 'token',
    ask: () => ({ method: 'POST', path: '/api/token', body: { keyId: 'k', keySecret: 's' } }),
    expect: () => ({
      ...all(page404('api/token')),
      'orkes-old': { status: 200, type: 'application/json' },
      'orkes-new': { status: 200, type: 'application/json' },
    }),
  },
  {
    operation: 'version',
    ask: () => ({ method: 'GET', path: '/api/version' }),
    expect: () => ({
      'oss-1': plain('3.31.1'),
      'oss-2': plain('3.32.1'),
      'orkes-old': plain('orkes-local'),
      'orkes-new': plain('orkes-local'),
      documented: page404('api/version'),
    }),
  },
  {
    operation: 'health',
    ask: () => ({ method: 'GET', path: '/health' }),
    expect: () => all(answered({ healthResults: [], suppressedHealthResults: [], healthy: true })),
  },
];

function noTags(word: string): { readonly 'oss-1': Expected; readonly 'oss-2': Expected } {
  const none = page404(`api/scheduler/schedules/${word}/tags`);
  return { 'oss-1': none, 'oss-2': none };
}

function plain(body: string): Expected {
  return { status: 200, type: 'text/plain;charset=UTF-8', body };
}

/** The first moments of so many years from 2099 on. */
function newYears(count: number): Json {
  return Array.from({ length: count }, (_, index) => Date.UTC(2099 + index, 0, 1));
}
