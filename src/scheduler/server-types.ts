import type { ServedType } from '../model/port.ts';

export type { ServedType };

/** What a route does; each has one handler in `routes.ts`. */
export type RouteAction = keyof typeof oss2Routes;

/**
 * One server type as data: a row of the table that the API notes hold as prose. Nothing else in this folder
 * asks for a server type by its name.
 */
export type ServerTypeRow = {
  /** `METHOD /path` of each action, `{x}` one percent-encoded segment. An action without one (`''`) does not exist there. */
  readonly routes: { readonly [A in RouteAction]: string | readonly string[] };
  /** The text of `GET /version`. */
  readonly version: string;
  readonly saveAnswer: 'object' | 'empty object' | 'nothing';
  readonly getMissing: 'not found' | 'nothing';
  /** Status of a delete; its body is empty. */
  readonly deleteStatus: 200 | 204;
  /** Status of a known path asked with an unknown verb. */
  readonly wrongVerb: 405 | 500;
  /** A pause of a paused schedule rewrites it (and its reason), or changes nothing. */
  readonly pauseAgain: 'rewrites' | 'nothing';
  readonly pauseReason: 'stored' | 'ignored';
  readonly resumeRunning: 'not found' | 'nothing';
  readonly cronSchedules: 'kept' | 'dropped';
  /** `user`: createdBy and updatedBy name the key, and lists carry orgId and queueMsgId (Orkes). */
  readonly facts: 'anonymous' | 'user';
  readonly listTags: boolean;
  readonly tagsDeleteAnswer: 'nothing' | 'remaining';
  /** What a tags write leaves of other pairs; no two sources agree about Orkes, so it is also a switch. */
  readonly tagsWrite: TagsWrite;
  /** A save without `overwrite=true` of a name that exists is a 409: said of Orkes, done by no published client, so off. */
  readonly conflictOnCreate: boolean;
  readonly nextFewDefault: number;
  readonly historyGrammar: 'oss' | 'orkes' | 'documented';
  /** Direction of a sort field that names none. */
  readonly sortDefault: 'ASC' | 'DESC';
  /** The definitions search calls the name filter so. */
  readonly nameFilter: readonly string[];
};

/** `replace`: the list is what was sent. `upsert`: a key that is sent loses its old values. `append`: pairs are only added. */
export type TagsWrite = 'replace' | 'upsert' | 'append';

const schedule = '/api/scheduler/schedules/{name}';

const oss2Routes = {
  save: 'POST /api/scheduler/schedules',
  get: `GET ${schedule}`,
  list: 'GET /api/scheduler/schedules',
  'search definitions': 'GET /api/scheduler/schedules/search',
  delete: `DELETE ${schedule}`,
  pause: `PUT ${schedule}/pause`,
  resume: `PUT ${schedule}/resume`,
  'bulk pause': 'PUT /api/scheduler/bulk/pause',
  'bulk resume': 'PUT /api/scheduler/bulk/resume',
  'pause all': 'GET /api/scheduler/admin/pause',
  'resume all': 'GET /api/scheduler/admin/resume',
  requeue: 'GET /api/scheduler/admin/requeue',
  'next few': 'GET /api/scheduler/nextFewSchedules',
  'search executions': 'GET /api/scheduler/search/executions',
  'tags get': '',
  'tags set': '',
  'tags delete': '',
  'list by tag': '',
  token: '',
  version: 'GET /api/version',
  health: 'GET /health',
  'workflow create': 'POST /api/metadata/workflow',
  'workflow update': 'PUT /api/metadata/workflow',
  'workflow list': 'GET /api/metadata/workflow',
  'workflow names': 'GET /api/metadata/workflow/names-and-versions',
  'workflow get': 'GET /api/metadata/workflow/{name}',
  'workflow delete': 'DELETE /api/metadata/workflow/{name}/{version}',
  'workflow start': 'POST /api/workflow',
  'workflow start by name': 'POST /api/workflow/{name}',
  'workflow run': 'GET /api/workflow/{id}',
  'workflow search': 'GET /api/workflow/search',
  'workflow terminate': 'DELETE /api/workflow/{id}',
  'task poll': 'GET /api/tasks/poll/{type}',
  'task batch poll': 'GET /api/tasks/poll/batch/{type}',
  'task get': 'GET /api/tasks/{id}',
  'task update': 'POST /api/tasks',
};

const oss2: ServerTypeRow = {
  routes: oss2Routes,
  version: '3.32.1',
  saveAnswer: 'object',
  getMissing: 'not found',
  deleteStatus: 200,
  wrongVerb: 405,
  pauseAgain: 'rewrites',
  pauseReason: 'stored',
  resumeRunning: 'not found',
  cronSchedules: 'kept',
  facts: 'anonymous',
  listTags: false,
  tagsDeleteAnswer: 'nothing',
  tagsWrite: 'replace',
  conflictOnCreate: false,
  nextFewDefault: 5,
  historyGrammar: 'oss',
  sortDefault: 'DESC',
  nameFilter: ['scheduleName'],
};

const orkesNew: ServerTypeRow = {
  ...oss2,
  routes: {
    ...oss2Routes,
    pause: [`PUT ${schedule}/pause`, `GET ${schedule}/pause`],
    resume: [`PUT ${schedule}/resume`, `GET ${schedule}/resume`],
    'tags get': `GET ${schedule}/tags`,
    'tags set': `PUT ${schedule}/tags`,
    'tags delete': `DELETE ${schedule}/tags`,
    'list by tag': 'GET /api/scheduler/schedules/tags',
    token: 'POST /api/token',
  },
  // What Orkes writes there is not known; this text must not be taken for an OSS version.
  version: 'orkes-local',
  saveAnswer: 'empty object',
  pauseAgain: 'nothing',
  cronSchedules: 'dropped',
  facts: 'user',
  listTags: true,
  tagsWrite: 'upsert',
  nextFewDefault: 3,
  historyGrammar: 'orkes',
  sortDefault: 'ASC',
  nameFilter: ['name', 'scheduleName'],
};

/** The table. A column that is not written is as in the row it spreads. */
export const serverTypes: { readonly [B in ServedType]: ServerTypeRow } = {
  'oss-1': { ...oss2, version: '3.31.1', getMissing: 'nothing', wrongVerb: 500 },
  'oss-2': oss2,
  'orkes-old': {
    ...orkesNew,
    routes: {
      ...orkesNew.routes,
      pause: `GET ${schedule}/pause`,
      resume: `GET ${schedule}/resume`,
    },
    saveAnswer: 'nothing',
    pauseReason: 'ignored',
  },
  'orkes-new': orkesNew,
  documented: {
    ...oss2,
    routes: {
      ...oss2Routes,
      'search definitions': '',
      'bulk pause': '',
      'bulk resume': '',
      // The routes of the page, and those that its own SDK asks for.
      'pause all': ['PUT /api/scheduler/schedules/pause', oss2Routes['pause all']],
      'resume all': ['PUT /api/scheduler/schedules/resume', oss2Routes['resume all']],
      requeue: ['POST /api/scheduler/requeue', oss2Routes.requeue],
      'next few': ['GET /api/scheduler/nextFewRuns', oss2Routes['next few']],
      'tags get': `GET ${schedule}/tags`,
      'tags set': [`POST ${schedule}/tags`, `PUT ${schedule}/tags`],
      'tags delete': `DELETE ${schedule}/tags`,
      // The page describes no version, and the OSS text would make clients take this for OSS.
      version: '',
    },
    pauseAgain: 'nothing',
    pauseReason: 'ignored',
    resumeRunning: 'nothing',
    cronSchedules: 'dropped',
    tagsDeleteAnswer: 'remaining',
    nextFewDefault: 3,
    historyGrammar: 'documented',
  },
};

/** The versions of a server type that can be asked for, in words; absent = it is not OSS, and has none. */
export const versionsOf: { readonly [B in ServedType]?: string } = {
  'oss-1': '3.30.0 to 3.31.x',
  'oss-2': '3.32.0 and later',
};

/**
 * A server type as a certain version has it; `undefined` = it is not of that type. OSS before 3.30.2 has no `admin/…` and
 * no bulk routes, and answers a delete with 204 (seen on 3.30.0). The usual version of any type is the type itself.
 */
export function editionOf(serverType: ServedType, version: string): ServerTypeRow | undefined {
  const row = serverTypes[serverType];
  if (version === row.version) return row;
  const [, minor, patch] = (/^3\.(\d{1,3})\.(\d{1,3})$/.exec(version) ?? []).map(Number);
  if (minor === undefined || patch === undefined) return undefined;
  const isOfType = { 'oss-1': minor === 30 || minor === 31, 'oss-2': minor >= 32 }[serverType as string];
  if (!isOfType) return undefined;
  if (minor > 30 || patch >= 2) return { ...row, version };
  const routes = {
    ...row.routes,
    'bulk pause': '',
    'bulk resume': '',
    'pause all': '',
    'resume all': '',
    requeue: '',
  };
  return { ...row, version, routes, deleteStatus: 204 };
}
