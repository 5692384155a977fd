import { expect } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import type { ServedType } from '../../src/scheduler/server-types.ts';
import {
  cell,
  errorBody,
  facts,
  midnights,
  missingQuery,
  name,
  noRoute,
  type Outcome,
  pastRun,
  path,
  type Step,
  step,
  wrongVerb,
} from './steps.ts';

const schedules = '/api/scheduler/schedules';

/** What @io-orkes/conductor-javascript must send to a server type and make of its answers. Every body is chunked. */
export function javascriptSteps(version: string, serverType: ServedType): readonly Step[] {
  const of = <T>(cells: Parameters<typeof cell<T>>[1]): T => cell(serverType, cells);
  const isNew = version === '4.0.0';

  const saved = {
    name,
    cronExpression: '0 0 0 * * ?',
    paused: false,
    zoneId: 'America/New_York',
    description: 'd',
    startWorkflowRequest: {
      name: 'order_processing',
      version: 1,
      correlationId: 'C',
      input: { a: 1, n: null },
    },
  };
  const kept = {
    ...saved,
    ...facts(serverType),
    ...of<object>({ oss: { cronSchedules: [] }, else: {} }),
    runCatchupScheduleInstances: false,
    startWorkflowRequest: { ...saved.startWorkflowRequest, taskToDomain: {}, priority: 0 },
  };
  const listed = (tags: Json): object => ({
    ...kept,
    ...of<object>({ orkes: { tags, orgId: '0000', queueMsgId: name }, else: {} }),
  });

  const tagged = (what: string, outcome: Outcome): Outcome =>
    of({
      oss: failure(`Failed to ${what} schedule '${name}': ${noRoute(`${path}/tags`)}`),
      else: outcome,
    });
  const found: Outcome = { returns: { totalHits: 1, results: [pastRun] } };

  const environment = { key: 'environment', value: 'production' };
  const team = { key: 'team', value: 'data' };

  return [
    step('saveSchedule', [saved], [`POST ${schedules} ${JSON.stringify(saved)} (chunked)`]),
    step('getSchedule', [name], [`GET ${path}`], { returns: kept }),
    step(
      'getSchedule',
      ['nope'],
      [`GET ${schedules}/nope`],
      // oss-1 answers a missing one with success and zero bytes, which this client takes for an empty object.
      of({
        'oss-1': { returns: {} },
        else: failure("Failed to get schedule 'nope': Schedule 'nope' not found"),
      }),
    ),
    step('getAllSchedules', [], [`GET ${schedules}`], { returns: [listed([])] }),
    step('getAllSchedules', ['order_processing'], [`GET ${schedules}?workflowName=order_processing`], {
      returns: [listed([])],
    }),
    step('getAllSchedules', ['other'], [`GET ${schedules}?workflowName=other`], { returns: [] }),

    ...(isNew ? pausing(serverType, kept) : pausingByGet(serverType, kept)),

    step('pauseAllSchedules', [], ['GET /api/scheduler/admin/pause']),
    step('resumeAllSchedules', [], ['GET /api/scheduler/admin/resume']),
    step('requeueAllExecutionRecords', [], ['GET /api/scheduler/admin/requeue']),
    step(
      'getNextFewSchedules',
      ['0 0 0 * * ?', 1_700_000_000_000, 1_900_000_000_000, 5],
      [
        'GET /api/scheduler/nextFewSchedules?cronExpression=0%200%200%20*%20*%20%3F&scheduleStartTime=1700000000000&scheduleEndTime=1900000000000&limit=5',
      ],
      { returns: midnights(5) },
    ),
    step(
      'getNextFewSchedules',
      ['0 0 0 * * ?'],
      ['GET /api/scheduler/nextFewSchedules?cronExpression=0%200%200%20*%20*%20%3F&limit=3'],
      { returns: midnights(3) },
    ),
    step(
      'search',
      [0, 15, 'startTime:DESC', '', '*'],
      ['GET /api/scheduler/search/executions?start=0&size=15&sort=startTime%3ADESC&freeText=&query=*'],
      // On OSS `*` is the name of a schedule.
      of({ oss: { returns: { totalHits: 0, results: [] } }, else: found }),
    ),
    step(
      'search',
      [0],
      ['GET /api/scheduler/search/executions?start=0&size=100&sort=&freeText=*'],
      of({ orkes: failure(`Failed to search schedules: ${missingQuery}`), else: found }),
    ),

    step(
      'setSchedulerTags',
      [[environment, team], name],
      [
        `PUT ${path}/tags [{"key":"environment","value":"production"},{"key":"team","value":"data"}] (chunked)`,
      ],
      tagged('set tags for', { returns: null }),
    ),
    step(
      'getSchedulerTags',
      [name],
      [`GET ${path}/tags`],
      tagged('get tags for', { returns: [environment, team] }),
    ),
    step('getAllSchedules', [], [`GET ${schedules}`], { returns: [listed([environment, team])] }),
    step(
      'deleteSchedulerTags',
      [[team], name],
      [`DELETE ${path}/tags [{"key":"team","value":"data"}] (chunked)`],
      tagged('delete tags from', { returns: null }),
    ),
    step(
      'getSchedulerTags',
      [name],
      [`GET ${path}/tags`],
      tagged('get tags for', { returns: [environment] }),
    ),
    step(
      'setSchedulerTags',
      [[], name],
      [`PUT ${path}/tags [] (chunked)`],
      tagged('set tags for', { returns: null }),
    ),

    step(
      'deleteSchedule',
      ['a/b'],
      [`DELETE ${schedules}/a%2Fb`],
      failure("Failed to delete schedule 'a/b'"),
    ),
    step('deleteSchedule', [name], [`DELETE ${path}`]),
    step('deleteSchedule', [name], [`DELETE ${path}`]),
    step('getAllSchedules', [], [`GET ${schedules}`], { returns: [] }),

    ...(isNew ? agentSchedules(serverType) : []),
  ];
}

/** This client's errors for people: they carry no status. */
function failure(says: string): Outcome {
  return { raises: 'ConductorSdkError', status: null, says };
}

/** And those of the calls that it makes past its generated code. */
function rawFailure(status: number, message: string): Outcome {
  return { raises: 'Error', status, says: `HTTP ${status}: ${errorBody(status, message)}` };
}

function notFound(message: string): Outcome {
  return { raises: 'ScheduleNotFound', status: null, says: errorBody(404, message) };
}

/** 4.0.0 tries PUT and, where that verb is unknown, GET, both without a body. */
function bothVerbs(serverType: ServedType, route: string): readonly string[] {
  return cell(serverType, { 'orkes-old': [`PUT ${route}`, `GET ${route}`], else: [`PUT ${route}`] });
}

function pausing(serverType: ServedType, kept: object): readonly Step[] {
  const sends = (route: string): readonly string[] => bothVerbs(serverType, route);
  const reason = cell(serverType, { 'orkes-old': {}, documented: {}, else: { pausedReason: 'why not' } });
  const missing = (what: string, which: string): Outcome =>
    failure(
      `Failed to ${what} schedule '${which}': HTTP 404: ${errorBody(404, `Schedule '${which}' not found`)}`,
    );
  return [
    step('pauseSchedule', [name, 'why not'], sends(`${path}/pause?reason=why%20not`)),
    step('getSchedule', [name], [`GET ${path}`], { returns: { ...kept, paused: true, ...reason } }),
    step('pauseSchedule', [name], sends(`${path}/pause`)),
    step('getSchedule', [name], [`GET ${path}`], {
      // A pause of a paused one rewrites its reason on OSS and changes nothing on Orkes.
      returns: { ...kept, paused: true, ...cell<object>(serverType, { orkes: reason, else: {} }) },
    }),
    step('resumeSchedule', [name], sends(`${path}/resume`)),
    step(
      'resumeSchedule',
      [name],
      sends(`${path}/resume`),
      cell(serverType, { documented: { returns: null }, else: missing('resume', name) }),
    ),
    step('pauseSchedule', ['nope'], sends(`${schedules}/nope/pause`), missing('pause', 'nope')),
  ];
}

/** 3.1.0 knows GET alone, which only Orkes takes. */
function pausingByGet(serverType: ServedType, kept: object): readonly Step[] {
  const works = cell(serverType, { orkes: true, else: false });
  const outcome = (what: string, there: Outcome): Outcome =>
    works ? there : failure(`Failed to ${what}: ${wrongVerb('GET')}`);
  return [
    step(
      'pauseSchedule',
      [name],
      [`GET ${path}/pause`],
      outcome(`pause schedule '${name}'`, { returns: null }),
    ),
    step('getSchedule', [name], [`GET ${path}`], { returns: { ...kept, paused: works } }),
    step(
      'resumeSchedule',
      [name],
      [`GET ${path}/resume`],
      outcome(`resume schedule '${name}'`, { returns: null }),
    ),
    step(
      'resumeSchedule',
      [name],
      [`GET ${path}/resume`],
      outcome(
        `resume schedule '${name}'`,
        failure(`Failed to resume schedule '${name}': Schedule '${name}' not found`),
      ),
    ),
    step(
      'pauseSchedule',
      ['nope'],
      [`GET ${schedules}/nope/pause`],
      outcome(`pause schedule 'nope'`, failure("Failed to pause schedule 'nope': Schedule 'nope' not found")),
    ),
  ];
}

/** What 4.0.0 builds on top: schedules whose names begin with a workflow's, reconciled as a set. */
function agentSchedules(serverType: ServedType): readonly Step[] {
  const body = (short: string): string =>
    `{"name":"ag-${short}","cronExpression":"0 0 9 * * ?","zoneId":"UTC","runCatchupScheduleInstances":false,"paused":false,"startWorkflowRequest":{"name":"ag","input":{}}} (chunked)`;
  const { createTime, updatedTime, createdBy, updatedBy } = facts(serverType);
  const info = (shortName: string): object => ({
    name: `ag-${shortName}`,
    shortName,
    agent: 'ag',
    cron: '0 0 9 * * ?',
    timezone: 'UTC',
    input: {},
    paused: false,
    pausedReason: null,
    catchup: false,
    startAt: null,
    endAt: null,
    description: null,
    nextRun: null,
    createTime,
    updateTime: updatedTime,
    createdBy,
    updatedBy,
  });
  return [
    step(
      'saveSchedule',
      [{ name: 'ag-old', cronExpression: '0 0 0 * * ?', startWorkflowRequest: { name: 'ag' } }],
      [
        `POST ${schedules} {"name":"ag-old","cronExpression":"0 0 0 * * ?","startWorkflowRequest":{"name":"ag"}} (chunked)`,
      ],
    ),
    step(
      'reconcile',
      ['ag', [{ $: 'Schedule', name: 'a', cron: '0 0 9 * * ?' }]],
      [`GET ${schedules}?workflowName=ag`, `DELETE ${schedules}/ag-old`, `POST ${schedules} ${body('a')}`],
    ),
    step(
      'save',
      [{ $: 'Schedule', name: 'b', cron: '0 0 9 * * ?' }, 'ag'],
      [`POST ${schedules} ${body('b')}`],
    ),
    // It never says that it means to overwrite.
    step(
      'save',
      [{ $: 'Schedule', name: 'b', cron: '0 0 9 * * ?' }, 'ag'],
      [`POST ${schedules} ${body('b')}`],
    ),
    step('get', ['ag-a', 'ag'], [`GET ${schedules}/ag-a`], { returns: info('a') }),
    step(
      'get',
      ['ag-none', 'ag'],
      [`GET ${schedules}/ag-none`],
      cell(serverType, {
        'oss-1': { raises: 'ScheduleNotFound', status: null, says: "Schedule 'ag-none' not found" },
        else: notFound("Schedule 'ag-none' not found"),
      }),
    ),
    step('listForAgent', ['ag'], [`GET ${schedules}?workflowName=ag`], { returns: [info('a'), info('b')] }),
    step('pause', ['ag-a', 'stop'], bothVerbs(serverType, `${schedules}/ag-a/pause?reason=stop`)),
    step('resume', ['ag-a'], bothVerbs(serverType, `${schedules}/ag-a/resume`)),
    step(
      'previewNext',
      ['0 0 0 * * ?', { n: 2 }],
      ['GET /api/scheduler/nextFewSchedules?cronExpression=0%200%200%20*%20*%20%3F&limit=2'],
      { returns: midnights(2) },
    ),
    step(
      'previewNext',
      ['bad'],
      ['GET /api/scheduler/nextFewSchedules?cronExpression=bad'],
      rawFailure(500, 'Invalid cron expression'),
    ),
    step('runNow', [{ agent: 'ag', input: { x: 1 } }], ['POST /api/workflow/ag {"x":1} (chunked)'], {
      returns: expect.stringMatching(/^[0-9a-f-]{36}$/),
    }),
    step('delete', ['ag-a'], [`DELETE ${schedules}/ag-a`]),
    step(
      'pause',
      ['ag-a'],
      bothVerbs(serverType, `${schedules}/ag-a/pause`),
      notFound("Schedule 'ag-a' not found"),
    ),
    step('delete', ['ag-b'], [`DELETE ${schedules}/ag-b`]),
  ];
}
