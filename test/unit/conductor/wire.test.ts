import { describe, expect, it } from 'vitest';
import { saveBody } from '../../../src/compare/save-body.ts';
import {
  bulkFrom,
  executionsFrom,
  listFrom,
  momentsFrom,
  saveText,
  scheduleFrom,
  scheduleNamed,
  tagsFrom,
  tagsText,
  tokenFrom,
  tokenText,
} from '../../../src/conductor/wire.ts';
import { isObject, type Json, type JsonObject, parseJson } from '../../../src/model/json.ts';
import { serverFields } from '../../../src/model/normal.ts';
import type { SaveBody } from '../../../src/model/port.ts';

function parsed(text: string): JsonObject {
  const value = parseJson(text);
  if (!value.ok || !isObject(value.value)) throw new Error(`no JSON object: ${text}`);
  return value.value;
}

// Both as the servers answer them.
const ofOss = `{"name":"s1","cronExpression":"0 0 9 * * ?","runCatchupScheduleInstances":false,"paused":false,
  "startWorkflowRequest":{"name":"wf","input":{"id":12345678901234567890,"rate":0.1},"taskToDomain":{},"priority":0},
  "zoneId":"UTC","createTime":1795461396920,"updatedTime":1795461396921,"createdBy":"","updatedBy":"","cronSchedules":[]}`;
const ofOrkes = `{"tags":[{"key":"team","value":"data"},{"key":"team","value":"backend","type":"METADATA"}],
  "name":"Monitor_1","cronExpression":"0 */2 * ? * *","runCatchupScheduleInstances":false,"paused":true,
  "startWorkflowRequest":{"name":"Monitor","version":2,"correlationId":"","input":{"k":"v"},"taskToDomain":{},"priority":0,
  "createdBy":"john","newer":{"a":1}},"zoneId":"US/Central","createTime":1739347903909,"updatedTime":1770199928068,
  "createdBy":"john.doe@acme.com","updatedBy":"jane.doe@acme.com","description":"…","orgId":"0000",
  "queueMsgId":"Monitor_1","capabilities":{"update":true},"somethingNew":[1]}`;

describe('scheduleFrom', () => {
  it('reads what OSS answers', () => {
    expect(scheduleFrom(parsed(ofOss))).toEqual({
      schedule: {
        name: 's1',
        cronExpression: '0 0 9 * * ?',
        zoneId: 'UTC',
        startWorkflowRequest: {
          name: 'wf',
          input: { id: 12345678901234567890n, rate: 0.1 },
          taskToDomain: {},
          priority: 0,
        },
        runCatchupScheduleInstances: false,
        paused: false,
      },
      facts: { createTime: 1795461396920, updatedTime: 1795461396921 },
      literal: parsed(ofOss),
      carried: {},
      carriedInRequest: {},
    });
  });

  it('reads what Orkes lists', () => {
    const { schedule, ...rest } = scheduleFrom(parsed(ofOrkes));
    expect(schedule).toMatchObject({
      name: 'Monitor_1',
      description: '…',
      zoneId: 'US/Central',
      paused: true,
    });
    expect(rest).toEqual({
      tags: [
        { key: 'team', value: 'backend' },
        { key: 'team', value: 'data' },
      ],
      facts: {
        createTime: 1739347903909,
        updatedTime: 1770199928068,
        createdBy: 'john.doe@acme.com',
        updatedBy: 'jane.doe@acme.com',
      },
      literal: parsed(ofOrkes),
      carried: { somethingNew: [1] },
      carriedInRequest: { newer: { a: 1 } },
    });
  });

  it('treats unreadable tags as not known', () => {
    expect(scheduleFrom({ name: 's', tags: 'odd' })).not.toHaveProperty('tags');
  });

  it('returns only the schedule that was asked for', () => {
    expect(scheduleNamed({ name: 's' }, 's')?.schedule.name).toBe('s');
    expect(scheduleNamed({ name: 'S' }, 's')).toBeUndefined();
    expect(scheduleNamed({ totalHits: 0, results: [] }, 'search')).toBeUndefined();
    expect(scheduleNamed([{ name: 's' }], 's')).toBeUndefined();
  });
});

describe('saveText', () => {
  const bodyOf = (text: string): SaveBody => {
    const observed = scheduleFrom(parsed(text));
    return saveBody(observed.schedule, observed);
  };

  it('sends back what was read, except for server-set fields', () => {
    expect(parsed(saveText(bodyOf(ofOrkes)))).toEqual({
      name: 'Monitor_1',
      description: '…',
      cronExpression: '0 */2 * ? * *',
      zoneId: 'US/Central',
      startWorkflowRequest: {
        name: 'Monitor',
        version: 2,
        correlationId: '',
        input: { k: 'v' },
        taskToDomain: {},
        priority: 0,
        createdBy: 'john',
        newer: { a: 1 },
      },
      runCatchupScheduleInstances: false,
      paused: true,
      somethingNew: [1],
    });
  });

  it('never sends a server-set field, nor anything absent', () => {
    const sent = parsed(saveText(bodyOf(ofOrkes)));
    expect(Object.keys(sent).filter((key) => serverFields.includes(key))).toEqual([]);
    expect(saveText(bodyOf(ofOrkes))).not.toContain('null');
  });

  it('sends numbers digit by digit', () => {
    expect(saveText(bodyOf(ofOss))).toContain('"input":{"id":12345678901234567890,"rate":0.1}');
  });

  it('sends unchanged values as they were read, and changed ones as desired', () => {
    const text =
      '{"name":"s","cronExpression":"x","description":"","cronSchedules":[{"cronExpression":"0 0 9 * * ?"}],' +
      '"startWorkflowRequest":{"name":"w","priority":"5","input":{"b":1.0,"a":1e21},"taskToDomain":{},"createdBy":"ada","idempotencyStrategy":"FAIL"}}';
    const observed = scheduleFrom(parsed(text));
    expect(saveText(saveBody(observed.schedule, observed))).toBe(
      `${text.slice(0, -1)},"runCatchupScheduleInstances":false,"paused":false}`,
    );
    expect(saveText(saveBody({ ...observed.schedule, description: 'd' }, observed))).toContain(
      '"description":"d"',
    );
  });

  it('sends no null timer', () => {
    const observed = scheduleFrom(parsed('{"name":"s","cronSchedules":[null,{"cronExpression":"x"}]}'));
    expect(saveText(saveBody(observed.schedule, observed))).toContain(
      '"cronSchedules":[{"cronExpression":"x","zoneId":"UTC"}]',
    );
  });
});

describe('listFrom', () => {
  it.each<[string, Json]>([
    ['empty', []],
    ['two', [{ name: 'a' }, { name: 'A' }]],
    ['one without a name that somebody saved', [{ name: '' }, { name: 'a' }]],
  ])('takes %s', (_what, value) => {
    expect(listFrom(value)).toEqual({ ok: true, elements: value });
  });

  it.each<[Json, string]>([
    [{ results: [] }, 'an object where a list of schedules was expected'],
    [null, 'null where a list of schedules was expected'],
    ['[]', 'a string where a list of schedules was expected'],
    [[{ name: 'a' }, null], 'element 1 of the list is not a schedule with a name'],
    [[['a']], 'element 0 of the list is not a schedule with a name'],
    [[{ name: 1 }], 'element 0 of the list is not a schedule with a name'],
    [[{ id: 'a' }], 'element 0 of the list is not a schedule with a name'],
    [[{ name: 'a' }, { name: 'b' }, { name: 'a' }], 'the list has the name "a" twice'],
  ])('refuses %j', (value, why) => {
    expect(listFrom(value)).toEqual({ ok: false, why });
  });
});

it.each<[Json, ReturnType<typeof tagsFrom>]>([
  [[], []],
  [
    [
      { key: 'b', value: 'x', type: 'METADATA' },
      { key: 'a', value: 1 },
      { key: 'b', value: 'x' },
    ],
    [
      { key: 'a', value: '1' },
      { key: 'b', value: 'x' },
    ],
  ],
  [[{ key: 'a' }], [{ key: 'a', value: '' }]],
  [[{ value: 'a' }], undefined],
  [[{ key: 'a', value: {} }], undefined],
  [['a:b'], undefined],
  [{}, undefined],
  [null, undefined],
])('reads the tags of %j', (value, tags) => {
  expect(tagsFrom(value)).toEqual(tags);
});

it('writes tags as keys and values', () => {
  expect(tagsText([{ key: 'a', value: 'ü"' }])).toBe('[{"key":"a","value":"ü\\""}]');
});

it.each<[(value: Json) => unknown, Json, unknown]>([
  [momentsFrom, [1, 2], [1, 2]],
  [momentsFrom, [], []],
  [momentsFrom, ['1'], undefined],
  [momentsFrom, {}, undefined],
  [
    executionsFrom,
    { totalHits: 1, results: [{ scheduleName: 'a', state: 'FAILED', scheduledTime: 1, reason: 'why' }] },
    { totalHits: 1, results: [{ schedule: 'a', state: 'FAILED', scheduledTime: 1, reason: 'why' }] },
  ],
  [
    executionsFrom,
    { totalHits: 1, results: [{ scheduleName: 'a' }] },
    { totalHits: 1, results: [{ schedule: 'a', state: 'unknown' }] },
  ],
  [executionsFrom, { totalHits: 1, results: [{ a: 1 }] }, undefined],
  [executionsFrom, { totalHits: 1 }, undefined],
  [executionsFrom, { results: [] }, undefined],
  [executionsFrom, [], undefined],
  [
    bulkFrom,
    { bulkErrorResults: { b: 'gone' }, bulkSuccessfulResults: ['a'] },
    { succeeded: ['a'], failed: { b: 'gone' } },
  ],
  [bulkFrom, { bulkSuccessfulResults: ['a'] }, undefined],
  [bulkFrom, null, undefined],
  [tokenFrom, { token: 'jwt' }, 'jwt'],
  [tokenFrom, { token: '' }, undefined],
  [tokenFrom, [], undefined],
])('%o reads %j', (from, value, result) => {
  expect(from(value)).toEqual(result);
});

it('trims both parts of a key', () => {
  expect(tokenText(' id\n', '\tsec ret ')).toBe('{"keyId":"id","keySecret":"sec ret"}');
});
