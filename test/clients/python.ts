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

/** What conductor-python must send to a server type and make of its answers. */
export function pythonSteps(version: string, serverType: ServedType): readonly Step[] {
  const of = <T>(cells: Parameters<typeof cell<T>>[1]): T => cell(serverType, cells);
  const isNew = version === '2.0.0';

  const request = {
    name: 'order_processing',
    version: 1,
    correlationId: 'C',
    input: { a: 1, n: null },
    idempotencyStrategy: 'FAIL',
  };
  const saved = {
    name,
    cronExpression: '0 0 0 * * ?',
    paused: false,
    startWorkflowRequest: request,
    zoneId: 'America/New_York',
    description: 'd',
  };
  const kept = {
    ...saved,
    ...facts(serverType),
    runCatchupScheduleInstances: false,
    startWorkflowRequest: { ...request, taskToDomain: {}, priority: 0 },
  };
  // 1.5.1 hands a single schedule on as it came, 2.0.0 as its own class, which has no such field.
  const single = isNew ? kept : { ...kept, ...of<object>({ oss: { cronSchedules: [] }, else: {} }) };
  const listed = (tags: Json): object => ({ ...kept, ...of<object>({ orkes: { tags }, else: {} }) });

  // Tags where they are a route: without it every call of them fails.
  const tagged = (outcome: Outcome): Outcome =>
    of({
      oss: failure(404, noRoute(`${path}/tags`)),
      else: outcome,
    });
  const found: Outcome = {
    returns: {
      totalHits: 1,
      // The client's own class fills in a strategy that no server sent.
      results: [
        {
          ...pastRun,
          startWorkflowRequest: { ...pastRun.startWorkflowRequest, idempotencyStrategy: 'FAIL' },
        },
      ],
    },
  };

  const environment = { $: 'MetadataTag', key: 'environment', value: 'production' };
  const team = { $: 'MetadataTag', key: 'team', value: 'data' };
  const plainEnvironment = { key: 'environment', value: 'production' };
  const plainTeam = { key: 'team', value: 'data' };

  return [
    step(
      'save_schedule',
      [
        {
          $: 'SaveScheduleRequest',
          name,
          cron_expression: '0 0 0 * * ?',
          paused: false,
          zone_id: 'America/New_York',
          description: 'd',
          start_workflow_request: {
            $: 'StartWorkflowRequest',
            name: 'order_processing',
            version: 1,
            correlation_id: 'C',
            input: { a: 1, n: null },
          },
        },
      ],
      [`POST ${schedules} ${JSON.stringify(saved)}`],
    ),
    step('get_schedule', [name], [`GET ${path}`], { returns: single }),
    step(
      'get_schedule',
      ['nope'],
      [`GET ${schedules}/nope`],
      // oss-1 answers a missing one with success and zero bytes.
      of({ 'oss-1': { returns: isNew ? null : '' }, else: failure(404, "Schedule 'nope' not found") }),
    ),
    step('get_all_schedules', [], [`GET ${schedules}`], { returns: [listed([])] }),
    step('get_all_schedules', ['order_processing'], [`GET ${schedules}?workflowName=order_processing`], {
      returns: [listed([])],
    }),
    step('get_all_schedules', ['other'], [`GET ${schedules}?workflowName=other`], { returns: [] }),

    ...(isNew ? pausing(serverType, single) : pausingByGet(serverType, single)),

    step('pause_all_schedules', [], ['GET /api/scheduler/admin/pause']),
    step('resume_all_schedules', [], ['GET /api/scheduler/admin/resume']),
    step('requeue_all_execution_records', [], ['GET /api/scheduler/admin/requeue']),
    step(
      'get_next_few_schedule_execution_times',
      ['0 0 0 * * ?', 1_700_000_000_000, null, 5],
      [
        'GET /api/scheduler/nextFewSchedules?cronExpression=0+0+0+%2A+%2A+%3F&scheduleStartTime=1700000000000&limit=5',
      ],
      { returns: midnights(5) },
    ),
    step(
      'get_next_few_schedule_execution_times',
      ['0 0 0 * * ?'],
      ['GET /api/scheduler/nextFewSchedules?cronExpression=0+0+0+%2A+%2A+%3F'],
      { returns: midnights(of({ oss: 5, else: 3 })) },
    ),
    step(
      'search_schedule_executions',
      [0, 10, 'startTime:DESC', null, '*'],
      ['GET /api/scheduler/search/executions?size=10&sort=startTime%3ADESC&query=%2A'],
      // On OSS `*` is the name of a schedule.
      of({ oss: { returns: { totalHits: 0, results: [] } }, else: found }),
    ),
    step(
      'search_schedule_executions',
      [],
      ['GET /api/scheduler/search/executions'],
      of({ orkes: failure(400, missingQuery), else: found }),
    ),
    // A mistake of the client: it never gets as far as the server.
    step('search_schedule_executions', [0, 10, 'scheduledTime:DESC', 'x', '*'], [], {
      raises: 'TypeError',
      status: null,
      says: "Got an unexpected keyword argument 'freeText' to method search_v21",
    }),

    step(
      'set_scheduler_tags',
      [[environment, team], name],
      [
        `PUT ${path}/tags [{"key":"environment","type":"METADATA","value":"production"},{"key":"team","type":"METADATA","value":"data"}]`,
      ],
      tagged({ returns: null }),
    ),
    step(
      'get_scheduler_tags',
      [name],
      [`GET ${path}/tags`],
      tagged({ returns: [plainEnvironment, plainTeam] }),
    ),
    step('get_all_schedules', [], [`GET ${schedules}`], { returns: [listed([plainEnvironment, plainTeam])] }),
    step(
      'delete_scheduler_tags',
      [[team], name],
      [`DELETE ${path}/tags [{"key":"team","type":"METADATA","value":"data"}]`],
      tagged({ returns: null }),
    ),
    step('get_scheduler_tags', [name], [`GET ${path}/tags`], tagged({ returns: [plainEnvironment] })),
    step('set_scheduler_tags', [[], name], [`PUT ${path}/tags []`], tagged({ returns: null })),

    step('delete_schedule', ['a/b'], [`DELETE ${schedules}/a%2Fb {}`], {
      raises: 'ApiException',
      status: 400,
      says: expect.stringContaining('<h1>HTTP Status 400 – Bad Request</h1>') as unknown as string,
    }),
    step('delete_schedule', [name], [`DELETE ${path} {}`]),
    step('delete_schedule', [name], [`DELETE ${path} {}`]),
    step('get_all_schedules', [], [`GET ${schedules}`], { returns: [] }),

    ...(isNew ? agentSchedules(serverType) : []),
  ];
}

function failure(status: number, message: string): Outcome {
  return { raises: 'ApiException', status, says: errorBody(status, message) };
}

/** 2.0.0 tries PUT and, where that verb is unknown, GET. */
function bothVerbs(serverType: ServedType, route: string): readonly string[] {
  return cell(serverType, { 'orkes-old': [`PUT ${route} {}`, `GET ${route}`], else: [`PUT ${route} {}`] });
}

function pausing(serverType: ServedType, kept: object): readonly Step[] {
  const sends = (route: string): readonly string[] => bothVerbs(serverType, route);
  const reason = cell(serverType, { 'orkes-old': {}, documented: {}, else: { pausedReason: 'why not' } });
  return [
    step('pause_schedule', [name, 'why not'], sends(`${path}/pause?reason=why+not`)),
    step('get_schedule', [name], [`GET ${path}`], { returns: { ...kept, paused: true, ...reason } }),
    step('pause_schedule', [name], sends(`${path}/pause`)),
    step('get_schedule', [name], [`GET ${path}`], {
      // A pause of a paused one rewrites its reason on OSS and changes nothing on Orkes.
      returns: { ...kept, paused: true, ...cell<object>(serverType, { orkes: reason, else: {} }) },
    }),
    step('resume_schedule', [name], sends(`${path}/resume`)),
    step(
      'resume_schedule',
      [name],
      sends(`${path}/resume`),
      cell(serverType, { documented: { returns: null }, else: failure(404, `Schedule '${name}' not found`) }),
    ),
    step(
      'pause_schedule',
      ['nope'],
      sends(`${schedules}/nope/pause`),
      failure(404, "Schedule 'nope' not found"),
    ),
  ];
}

/** 1.5.1 knows GET alone, which only Orkes takes. */
function pausingByGet(serverType: ServedType, kept: object): readonly Step[] {
  const works = cell(serverType, { orkes: true, else: false });
  const outcome = (there: Outcome): Outcome =>
    works ? there : failure(cell(serverType, { 'oss-1': 500, else: 405 }), wrongVerb('GET'));
  return [
    step('pause_schedule', [name], [`GET ${path}/pause`], outcome({ returns: null })),
    step('get_schedule', [name], [`GET ${path}`], { returns: { ...kept, paused: works } }),
    step('resume_schedule', [name], [`GET ${path}/resume`], outcome({ returns: null })),
    step(
      'resume_schedule',
      [name],
      [`GET ${path}/resume`],
      outcome(failure(404, `Schedule '${name}' not found`)),
    ),
    step(
      'pause_schedule',
      ['nope'],
      [`GET ${schedules}/nope/pause`],
      outcome(failure(404, "Schedule 'nope' not found")),
    ),
  ];
}

/** What 2.0.0 builds on top: schedules whose names begin with a workflow's, reconciled as a set. */
function agentSchedules(serverType: ServedType): readonly Step[] {
  return [
    step(
      'save_schedule',
      [
        {
          $: 'SaveScheduleRequest',
          name: 'ag-old',
          cron_expression: '0 0 0 * * ?',
          start_workflow_request: { $: 'StartWorkflowRequest', name: 'ag' },
        },
      ],
      [
        `POST ${schedules} {"name":"ag-old","cronExpression":"0 0 0 * * ?","startWorkflowRequest":{"name":"ag","idempotencyStrategy":"FAIL"}}`,
      ],
    ),
    step(
      'reconcile',
      ['ag', [{ $: 'Schedule', name: 'a', cron: '0 0 9 * * ?' }]],
      [
        `GET ${schedules}?workflowName=ag`,
        `DELETE ${schedules}/ag-old {}`,
        `POST ${schedules} {"name":"ag-a","cronExpression":"0 0 9 * * ?","runCatchupScheduleInstances":false,"paused":false,"startWorkflowRequest":{"name":"ag","input":{},"idempotencyStrategy":"FAIL"},"zoneId":"UTC"}`,
      ],
    ),
    step('pause', ['ag-a', 'stop'], bothVerbs(serverType, `${schedules}/ag-a/pause?reason=stop`)),
    step('resume', ['ag-a'], bothVerbs(serverType, `${schedules}/ag-a/resume`)),
    step(
      'preview_next',
      ['0 0 0 * * ?', 2],
      ['GET /api/scheduler/nextFewSchedules?cronExpression=0+0+0+%2A+%2A+%3F&limit=2'],
      { returns: midnights(2) },
    ),
    step(
      'preview_next',
      ['bad'],
      ['GET /api/scheduler/nextFewSchedules?cronExpression=bad&limit=5'],
      failure(500, 'Invalid cron expression'),
    ),
    step(
      'run_now',
      [{ $: 'ScheduleInfo', agent: 'ag', input: { x: 1 } }],
      ['POST /api/workflow {"name":"ag","input":{"x":1},"idempotencyStrategy":"FAIL"}'],
      { returns: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    ),
    step('delete', ['ag-a'], [`DELETE ${schedules}/ag-a {}`]),
    step(
      'pause',
      ['ag-a'],
      bothVerbs(serverType, `${schedules}/ag-a/pause`),
      notFound("Schedule 'ag-a' not found"),
    ),
  ];
}

/** 2.0.0's own error for any 404. */
function notFound(message: string): Outcome {
  return { raises: 'ScheduleNotFound', status: null, says: errorBody(404, message) };
}
