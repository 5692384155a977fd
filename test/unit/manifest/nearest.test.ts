import { expect, test } from 'vitest';
import { nearestKey } from '../../../src/manifest/nearest.ts';
import { requestFields } from '../../../src/model/normal.ts';

const top = [
  'name',
  'description',
  'cronExpression',
  'zoneId',
  'cronSchedules',
  'startWorkflowRequest',
  'scheduleStartTime',
  'scheduleEndTime',
  'runCatchupScheduleInstances',
  'paused',
  'pausedReason',
  'tags',
  'lifecycle',
];
const request = ['name', 'version', 'input', 'correlationId', 'taskToDomain', 'priority'];

test.each<readonly [key: string, allowed: readonly string[], nearest: string | undefined]>([
  ['cron_expression', top, 'cronExpression'],
  ['CronExpression', top, 'cronExpression'],
  ['run-catchup-schedule-instances', top, 'runCatchupScheduleInstances'],
  ['cronExpresion', top, 'cronExpression'],
  ['nane', top, 'name'],
  ['nmae', top, 'name'],
  ['dsecription', top, 'description'],
  ['onwer', ['owner', 'prune'], 'owner'],
  ['prune', ['owner'], undefined],
  ['tag', top, 'tags'],
  ['pause', top, 'paused'],
  ['timeZone', top, 'zoneId'],
  ['cron', top, 'cronExpression'],
  ['start_time', top, 'scheduleStartTime'],
  ['workflowName', top, 'startWorkflowRequest.name'],
  ['input', top, 'startWorkflowRequest.input'],
  ['correlation_id', top, 'startWorkflowRequest.correlationId'],
  ['workflow', top, 'startWorkflowRequest'],
  ['prioritty', request, 'priority'],
  ['zone', request, undefined],
  ['colour', top, undefined],
  ['x', top, undefined],
  ['', top, undefined],
  ['toString', top, undefined],
  ['x'.repeat(10_000), top, undefined],
  ['anything', [], undefined],
])('%s', (key, allowed, nearest) => {
  expect(nearestKey(key, allowed)).toBe(nearest);
});

test('any field of startWorkflowRequest that is written next to it', () => {
  const fields = requestFields.filter((name) => name !== 'name');
  expect(fields.length).toBeGreaterThan(8);
  for (const name of fields) expect(nearestKey(name, top)).toBe(`startWorkflowRequest.${name}`);
});
