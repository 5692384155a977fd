import type { Method } from '../http/transport.ts';
import type { Operation } from '../model/port.ts';

/** One form of an operation. `{name}` in the path stands for the schedule's or workflow's name as one segment. */
export interface Route {
  readonly method: Method;
  readonly path: string;
}

export interface OperationForms {
  /** It may change something on the server. The verb does not tell: older Orkes servers pause by GET. */
  readonly write: boolean;
  /** What servers call it, the usual form first. A form is left for the next only when the server does not know it. */
  readonly forms: readonly [Route, ...Route[]];
}

const schedules = '/scheduler/schedules';
const schedule = '/scheduler/schedules/{name}';

/**
 * Every operation with its forms (OSS v3.32.1; Orkes' documentation; the published Python description).
 * The forms of OSS before 3.30.0.rc9 are missing: that scheduler is recognised and refused.
 */
export const operations: { readonly [O in Operation]: OperationForms } = {
  list: read('GET', schedules),
  get: read('GET', schedule),
  save: write(['POST', schedules]),
  delete: write(['DELETE', schedule]),
  pause: write(['PUT', `${schedule}/pause`], ['GET', `${schedule}/pause`]),
  resume: write(['PUT', `${schedule}/resume`], ['GET', `${schedule}/resume`]),
  'tags get': read('GET', `${schedule}/tags`),
  'tags set': write(['PUT', `${schedule}/tags`], ['POST', `${schedule}/tags`]),
  'tags delete': write(['DELETE', `${schedule}/tags`]),
  'bulk pause': write(['PUT', '/scheduler/bulk/pause']),
  'bulk resume': write(['PUT', '/scheduler/bulk/resume']),
  'pause all': write(['GET', '/scheduler/admin/pause'], ['PUT', `${schedules}/pause`]),
  'resume all': write(['GET', '/scheduler/admin/resume'], ['PUT', `${schedules}/resume`]),
  requeue: write(['GET', '/scheduler/admin/requeue'], ['POST', '/scheduler/requeue']),
  'next few': {
    write: false,
    forms: [
      { method: 'GET', path: '/scheduler/nextFewSchedules' },
      { method: 'GET', path: '/scheduler/nextFewRuns' },
    ],
  },
  'search executions': read('GET', '/scheduler/search/executions'),
  'workflow names': read('GET', '/metadata/workflow/names-and-versions'),
  'workflow get': read('GET', '/metadata/workflow/{name}'),
  'workflow run': read('GET', '/workflow/{name}'),
  // It gives a token and changes nothing, so it is repeated like a read.
  token: read('POST', '/token'),
  version: read('GET', '/version'),
  // The one way to see the verbs without pausing: on Orkes, GET pauses too.
  'pause verbs': read('OPTIONS', `${schedule}/pause`),
};

function read(method: Method, path: string): OperationForms {
  return { write: false, forms: [{ method, path }] };
}

function write(...forms: [[Method, string], ...[Method, string][]]): OperationForms {
  const [first, ...rest] = forms;
  const route = ([method, path]: [Method, string]): Route => ({ method, path });
  return { write: true, forms: [route(first), ...rest.map(route)] };
}
