import { expect } from 'vitest';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { ServedType } from '../../src/scheduler/server-types.ts';
import {
  cell,
  facts,
  midnights,
  missingQuery,
  noRoute,
  type Outcome,
  pastRun,
  type Step,
  step,
  wrongVerb,
} from './steps.ts';

const schedules = '/api/scheduler/schedules';

/** No blank in it: this client sends one in a path as a plus, which a server takes for a plus. */
const name = 'daily-é?';
const path = `${schedules}/daily-%C3%A9%3F`;

/** What org.conductoross:conductor-client must send to a server type and make of its answers. */
export function javaSteps(_version: string, serverType: ServedType): readonly Step[] {
  const of = <T>(cells: Parameters<typeof cell<T>>[1]): T => cell(serverType, cells);
  const request = {
    name: 'order_processing',
    version: 1,
    correlationId: 'C',
    input: { a: 1, n: null },
    taskToDomain: {},
    priority: 0,
  };
  const saved = {
    cronExpression: '0 0 0 * * ?',
    name,
    paused: false,
    startWorkflowRequest: request,
    zoneId: 'America/New_York',
    description: 'd',
  };
  const single = { ...saved, ...facts(serverType), runCatchupScheduleInstances: false };
  const listed = (tags: Json): object => ({ ...single, ...of<object>({ orkes: { tags }, else: {} }) });
  const reason = of<object>({ 'orkes-old': {}, documented: {}, else: { pausedReason: 'why not' } });

  // It tries GET first, and PUT after a 405 alone.
  const sent = (target: string): readonly string[] =>
    of({
      orkes: [`GET ${target}`],
      'oss-1': [`GET ${target}`],
      else: [`GET ${target}`, `PUT ${target}`],
    });
  const switched = (outcome: Outcome): Outcome =>
    of({ 'oss-1': failure(500, wrongVerb('GET')), else: outcome });
  const tagged = (outcome: Outcome): Outcome =>
    of({ oss: failure(404, noRoute(`${path}/tags`)), else: outcome });
  const bulk = (verb: string): Outcome =>
    of({
      documented: failure(404, noRoute(`/api/scheduler/bulk/${verb}`)),
      else: {
        returns: {
          bulkErrorResults: { nope: "Schedule 'nope' not found" },
          bulkSuccessfulResults: [name],
          message: 'Bulk Request has been processed.',
        },
      },
    });
  const missing = (asked: string): Outcome =>
    of({ 'oss-1': { returns: null }, else: failure(404, `Schedule '${asked}' not found`) });
  const found: Outcome = { returns: { totalHits: 1, results: [pastRun] } };

  const environment = { key: 'environment', value: 'production' };
  const team = { key: 'team', value: 'data' };

  return [
    step('saveSchedule', [saved as unknown as JsonObject], [`POST ${schedules} ${JSON.stringify(saved)}`]),
    step('getSchedule', [name], [`GET ${path}`], { returns: single }),
    step('getSchedule', ['nope'], [`GET ${schedules}/nope`], missing('nope')),
    step('getSchedule', ['a b'], [`GET ${schedules}/a+b`], missing('a+b')),
    step('getAllSchedules', [null], [`GET ${schedules}`], { returns: [listed([])] }),
    step('getAllSchedules', ['order_processing'], [`GET ${schedules}?workflowName=order_processing`], {
      returns: [listed([])],
    }),
    step('getAllSchedules', ['other'], [`GET ${schedules}?workflowName=other`], { returns: [] }),

    step('pauseSchedule', [name], sent(`${path}/pause`), switched({ returns: null })),
    step('resumeSchedule', [name], sent(`${path}/resume`), switched({ returns: null })),
    step(
      'resumeSchedule',
      [name],
      sent(`${path}/resume`),
      switched(of({ documented: { returns: null }, else: failure(404, `Schedule '${name}' not found`) })),
    ),
    step(
      'pauseSchedule',
      [name, 'why not'],
      sent(`${path}/pause?reason=why%20not`),
      switched({ returns: null }),
    ),
    step('getSchedule', [name], [`GET ${path}`], {
      returns: of<object>({ 'oss-1': single, else: { ...single, paused: true, ...reason } }),
    }),
    step(
      'pauseSchedule',
      ['nope'],
      sent(`${schedules}/nope/pause`),
      switched(failure(404, "Schedule 'nope' not found")),
    ),
    step(
      'pauseSchedulers',
      [[name, 'nope']],
      [`PUT /api/scheduler/bulk/pause ["${name}","nope"]`],
      bulk('pause'),
    ),
    step(
      'resumeSchedulers',
      [[name, 'nope']],
      [`PUT /api/scheduler/bulk/resume ["${name}","nope"]`],
      bulk('resume'),
    ),
    step('pauseAllSchedules', [], ['GET /api/scheduler/admin/pause']),
    step('resumeAllSchedules', [], ['GET /api/scheduler/admin/resume']),
    step('requeueAllExecutionRecords', [], ['GET /api/scheduler/admin/requeue']),

    step(
      'getNextFewSchedules',
      ['0 0 0 * * ?', 1_700_000_000_000, null, 5],
      [
        'GET /api/scheduler/nextFewSchedules?cronExpression=0%200%200%20*%20*%20%3F&scheduleStartTime=1700000000000&limit=5',
      ],
      { returns: midnights(5) },
    ),
    step(
      'getNextFewSchedules',
      ['0 0 0 * * ?', null, null, null],
      ['GET /api/scheduler/nextFewSchedules?cronExpression=0%200%200%20*%20*%20%3F'],
      { returns: midnights(of({ oss: 5, else: 3 })) },
    ),
    step(
      'getNextFewSchedules',
      ['bad', null, null, null],
      ['GET /api/scheduler/nextFewSchedules?cronExpression=bad'],
      failure(500, 'Invalid cron expression'),
    ),
    step(
      'search',
      [0, 10, 'startTime:DESC', '*', 'earlier'],
      ['GET /api/scheduler/search/executions?start=0&size=10&sort=startTime%3ADESC&freeText=*&query=earlier'],
      found,
    ),
    step(
      'search',
      [null, null, null, null, null],
      ['GET /api/scheduler/search/executions'],
      of({ orkes: failure(400, missingQuery), else: found }),
    ),

    step(
      'setSchedulerTags',
      [[environment, team], name],
      [`PUT ${path}/tags ${JSON.stringify([environment, team])}`],
      tagged({ returns: null }),
    ),
    step('getSchedulerTags', [name], [`GET ${path}/tags`], tagged({ returns: [environment, team] })),
    step(
      'deleteSchedulerTags',
      [[team], name],
      [`DELETE ${path}/tags ${JSON.stringify([team])}`],
      tagged({ returns: null }),
    ),
    step('getSchedulerTags', [name], [`GET ${path}/tags`], tagged({ returns: [environment] })),
    step('setSchedulerTags', [[], name], [`PUT ${path}/tags []`], tagged({ returns: null })),

    // An update is a plain save: it never says that it means to overwrite.
    step(
      'saveSchedule',
      [{ name, cronExpression: '0 0 0 * * ?', startWorkflowRequest: { name: 'order_processing' } }],
      [
        `POST ${schedules} {"cronExpression":"0 0 0 * * ?","name":"${name}","startWorkflowRequest":{"name":"order_processing","input":{},"taskToDomain":{},"priority":0}}`,
      ],
    ),
    step('getSchedule', [name], [`GET ${path}`], {
      returns: expect.objectContaining({ paused: false, zoneId: 'UTC' }),
    }),
    step('deleteSchedule', [name], [`DELETE ${path}`]),
    step('deleteSchedule', ['nope'], [`DELETE ${schedules}/nope`]),
  ];
}

function failure(status: number, says: string): Outcome {
  return { raises: 'ConductorClientException', status, says };
}
