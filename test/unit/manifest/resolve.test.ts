import { describe, expect, test } from 'vitest';
import { loadManifests } from '../../../src/manifest/desired.ts';
import type { DesiredSchedule } from '../../../src/model/schedule.ts';

const base = 'name: a\ncronExpression: "0 0 6 * * *"\nstartWorkflowRequest: {name: w}\n';

function desired(more: string, from = base): DesiredSchedule {
  const { desired, diagnostics } = loadManifests([{ path: 'a.yaml', text: `${from}${more}` }]);
  expect(diagnostics.filter(({ diagnostic }) => diagnostic.severity === 'error')).toEqual([]);
  expect(desired).toHaveLength(1);
  return desired[0] as DesiredSchedule;
}

test('a complete manifest', () => {
  const text = `
name: daily-order-processing
description: Process pending orders
cronExpression: "0 0 0 * * ?"
zoneId: America/New_York
startWorkflowRequest:
  name: order_processing
  version: 1
  input: {source: scheduled, id: 12345678901234567890, rate: 0.1, secret: "\${workflow.input.x}"}
  correlationId: SCHEDULE_ORDER_BATCH
  taskToDomain: {"*": batch}
  priority: 5
  idempotencyKey: k
  idempotencyStrategy: FAIL
scheduleStartTime: 2027-01-01T00:00:00-05:00
scheduleEndTime: 1830297599000
runCatchupScheduleInstances: false
paused: true
pausedReason: Supplier is down
tags: {environment: production, team: [data, backend]}
lifecycle:
  protect: true
  ignoreChanges: [startWorkflowRequest.input.batchSize]
  previousNames: [order-processing]
  sensitive: [startWorkflowRequest.input.account]
  notSensitive: [startWorkflowRequest.input.maxTokens]
`;
  expect(desired('', text)).toEqual({
    schedule: {
      name: 'daily-order-processing',
      description: 'Process pending orders',
      cronExpression: '0 0 0 * * ?',
      zoneId: 'America/New_York',
      startWorkflowRequest: {
        name: 'order_processing',
        version: 1,
        input: { source: 'scheduled', id: 12345678901234567890n, rate: 0.1, secret: '${workflow.input.x}' },
        correlationId: 'SCHEDULE_ORDER_BATCH',
        taskToDomain: { '*': 'batch' },
        priority: 5,
        idempotencyKey: 'k',
        idempotencyStrategy: 'FAIL',
      },
      scheduleStartTime: 1798779600000,
      scheduleEndTime: 1830297599000,
      runCatchupScheduleInstances: false,
      paused: false,
    },
    pause: { paused: true, reason: 'Supplier is down' },
    tags: [
      { key: 'environment', value: 'production' },
      { key: 'team', value: 'backend' },
      { key: 'team', value: 'data' },
    ],
    lifecycle: {
      protect: true,
      ignoreChanges: [['startWorkflowRequest', 'input', 'batchSize']],
      previousNames: ['order-processing'],
      sensitive: [['startWorkflowRequest', 'input', 'account']],
      notSensitive: [['startWorkflowRequest', 'input', 'maxTokens']],
    },
    origin: { file: 'a.yaml', document: 0 },
  });
});

describe('paused is managed only when written', () => {
  test.each<readonly [more: string, pause: DesiredSchedule['pause']]>([
    ['', undefined],
    ['paused: null\n', undefined],
    ['paused: ""\n', undefined],
    ['paused: false\n', { paused: false }],
    ['paused: true\n', { paused: true }],
    ['paused: true\npausedReason: ""\n', { paused: true }],
    ['paused: true\npausedReason: x\n', { paused: true, reason: 'x' }],
  ])('%j', (more, pause) => {
    const one = desired(more);
    expect(one.pause).toEqual(pause);
    expect('pause' in one).toBe(pause !== undefined);
    expect(one.schedule).toEqual(desired('').schedule);
  });
});

describe('tags are managed only when written', () => {
  const pair = { key: 'k', value: 'v' };
  test.each<readonly [more: string, tags: DesiredSchedule['tags']]>([
    ['', undefined],
    ['tags:\n', undefined],
    ['tags: ""\n', undefined],
    ['tags: []\n', undefined],
    ['tags: {}\n', []],
    ['tags: {k: []}\n', []],
    ['tags: {k: v}\n', [pair]],
    ['tags: {k: [v, v]}\n', [pair]],
    ['tags: [{key: k, value: v, type: METADATA}]\n', [pair]],
    ['tags: [{key: k, value: z}, {key: k, value: v}]\n', [pair, { key: 'k', value: 'z' }]],
    ['tags: {k: ""}\n', [{ key: 'k', value: '' }]],
  ])('%j', (more, tags) => {
    const one = desired(more);
    expect(one.tags).toEqual(tags);
    expect('tags' in one).toBe(tags !== undefined);
  });
});

test('several crons replace one', () => {
  const text = `name: a
cronExpression: ""
cronSchedules:
- {cronExpression: "0 0 9 * * SAT", zoneId: ""}
- {cronExpression: "0 0 6 * * *", zoneId: Europe/Berlin}
startWorkflowRequest: {name: w, version: 2, priority: "", taskToDomain: {t: "1"}}
`;
  const { schedule } = desired('', text);
  expect(schedule).toMatchObject({
    cronSchedules: [
      { cronExpression: '0 0 6 * * *', zoneId: 'Europe/Berlin' },
      { cronExpression: '0 0 9 * * SAT', zoneId: 'UTC' },
    ],
    startWorkflowRequest: { version: 2, priority: 0, taskToDomain: { t: '1' } },
  });
  expect(schedule).not.toHaveProperty('cronExpression');
});

test('null inside of input is a value', () => {
  const text = base.replace('{name: w}', '{name: w, input: {a: null, b: "", c: []}}');
  expect(desired('', text).schedule.startWorkflowRequest.input).toEqual({ a: null, b: '', c: [] });
});
