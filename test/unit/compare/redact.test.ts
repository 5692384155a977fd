import { describe, expect, it } from 'vitest';
import { basisOf, outcomeOf, tagsBasisOf } from '../../../src/compare/basis.ts';
import { redact, redactSchedule, redactStep, type Seal } from '../../../src/compare/redact.ts';
import { saveBody } from '../../../src/compare/save-body.ts';
import { keyCheck, sealWith } from '../../../src/compare/seal.ts';
import { sameTags, tagsWithout } from '../../../src/compare/tags.ts';
import { type Hiding, onlyLooks, sightOf } from '../../../src/model/hiding/hiding.ts';
import type { Json, JsonObject } from '../../../src/model/json.ts';
import { normalize } from '../../../src/model/normal.ts';
import { numberFrom } from '../../../src/model/number.ts';
import type { Step } from '../../../src/model/plan.ts';
import type { Tag } from '../../../src/model/schedule.ts';
import { aSchedule, observedOf } from '../../support/schedules.ts';

const sealed: Seal = (_value, path) => `sealed ${path.join('.')}`;
const credential = 'postgres://user:' + 'pass@host/db';
const hiding: Hiding = { ...onlyLooks, sensitive: [['startWorkflowRequest', 'input', 'account']] };

describe('what enters a hash of a step', () => {
  const schedule = aSchedule({ name: 'a', input: { account: 7, size: 1 } });
  const input = ['startWorkflowRequest', 'input'];
  const set = [
    { path: [...input, 'account'], value: 7 },
    { path: [...input, 'size'], value: 1 },
    { path: input, value: { account: 7, url: credential } },
  ];
  const sets = [
    { path: [...input, 'account'], value: 'sealed startWorkflowRequest.input.account' },
    { path: [...input, 'size'], value: 1 },
    {
      path: input,
      value: {
        account: 'sealed startWorkflowRequest.input.account',
        url: 'sealed startWorkflowRequest.input.url',
      },
    },
  ];
  it.each<[Step, Json]>([
    [{ kind: 'resume' }, { kind: 'resume' }],
    [
      { kind: 'delete', old: 'b' },
      { kind: 'delete', old: 'b' },
    ],
    [{ kind: 'pause' }, { kind: 'pause' }],
    [
      { kind: 'pause', reason: 'why' },
      { kind: 'pause', reason: 'why' },
    ],
    [
      { kind: 'pause', reason: credential },
      { kind: 'pause', reason: 'sealed pausedReason' },
    ],
    [
      { kind: 'tag', tags: [{ key: 'team', value: 'a' }] },
      { kind: 'tag', tags: [{ key: 'team', value: 'a' }] },
    ],
    [
      { kind: 'untag', tags: [{ key: 'url', value: credential }] },
      { kind: 'untag', tags: [{ key: 'url', value: 'sealed tags.0.value' }] },
    ],
    [
      { kind: 'save', mode: 'update', set, unset: [['zoneId']] },
      { kind: 'save', mode: 'update', set: sets, unset: [['zoneId']] },
    ],
    [
      { kind: 'save', mode: 'copy', from: 'b', set: [], unset: [] },
      { kind: 'save', mode: 'copy', from: 'b', set: [], unset: [] },
    ],
  ])('%j', (step, expected) => {
    expect(redactStep(step, hiding, sealed)).toStrictEqual(expected);
  });

  it('a create has all of the schedule, its masked values sealed', () => {
    expect(redactStep({ kind: 'save', mode: 'create', schedule }, hiding, sealed)).toEqual({
      kind: 'save',
      mode: 'create',
      schedule: {
        ...schedule,
        startWorkflowRequest: {
          ...schedule.startWorkflowRequest,
          input: { account: 'sealed startWorkflowRequest.input.account', size: 1 },
        },
      },
    });
    expect(redactSchedule(schedule, onlyLooks, sealed)).toEqual(schedule);
  });

  it('a value that a path names is sealed as a whole, down to its keys', () => {
    const at = sightOf({ ...onlyLooks, sensitive: [['account']] });
    const value = { account: { user: 1, rights: ['read'] }, other: { user: 1 } };
    expect(redact(value, at, [], sealed)).toEqual({ account: 'sealed account', other: { user: 1 } });
  });

  it('a list that a path leads into is sealed as a whole, another one item by item', () => {
    const into = sightOf({ ...onlyLooks, sensitive: [['list', '0', 'pin']] });
    const value = { list: [{ pin: 1 }], other: [credential, 'x', { a: [credential] }] };
    expect(redact(value, into, [], sealed)).toEqual({
      list: 'sealed list',
      other: ['sealed other.0', 'x', { a: ['sealed other.2.a.0'] }],
    });
  });
});

describe('a seal', () => {
  const [one, onePointZero] = ['1', '1.0'].map((text) => numberFrom(text)) as [Json, Json];
  it('has no value without a key', () => {
    expect([sealWith(undefined)(1, []), sealWith(undefined)({ a: 'b' }, ['x'])]).toEqual([
      '(masked)',
      '(masked)',
    ]);
  });

  it('depends on key and value, not on the order of keys or the path', () => {
    const seal = sealWith('k');
    expect(seal({ a: 1, b: 2 }, [])).toEqual(seal({ b: 2, a: 1 }, ['x']));
    expect(seal('a', [])).toEqual({ hmac: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(seal('a', [])).not.toEqual(seal('b', []));
    expect(seal('a', [])).not.toEqual(sealWith('other')('a', []));
  });

  it('treats equal numbers as one only if told to', () => {
    expect(sealWith('k', 'value')(one, [])).toEqual(sealWith('k', 'value')(onePointZero, []));
    expect(sealWith('k', 'kind')(one, [])).not.toEqual(sealWith('k', 'kind')(onePointZero, []));
    expect(sealWith('k')(numberFrom('1.0') as Json, [])).not.toEqual(
      sealWith('k')(numberFrom('1.00') as Json, []),
    );
  });

  it('has a check that tells keys from one another', () => {
    expect(keyCheck('k')).toMatch(/^[0-9a-f]{16}$/);
    expect(keyCheck('k')).not.toBe(keyCheck('other'));
  });
});

describe('the basis of a change', () => {
  const there = observedOf(aSchedule({ name: 'a', input: { account: 7, size: 1 } }));
  const other = observedOf(aSchedule({ name: 'a', input: { account: 8, size: 1 } }));
  const tags: readonly Tag[] = [
    { key: 'team', value: 'a' },
    { key: 'env', value: 'prod' },
  ];

  it('covers what is masked only with a key', () => {
    expect(basisOf(there, hiding, undefined)).toBe(basisOf(other, hiding, undefined));
    expect(basisOf(there, hiding, 'k')).not.toBe(basisOf(other, hiding, 'k'));
    expect(basisOf(there, onlyLooks, undefined)).not.toBe(basisOf(other, onlyLooks, undefined));
    expect(outcomeOf(there.schedule, hiding, undefined, 'kind')).toBe(
      outcomeOf(other.schedule, hiding, undefined, 'kind'),
    );
    expect(outcomeOf(there.schedule, hiding, 'k', 'kind')).not.toBe(
      outcomeOf(other.schedule, hiding, 'k', 'kind'),
    );
  });

  it('covers tags where they are given', () => {
    const bases = [undefined, [], tags, [...tags].reverse()].map((some) =>
      basisOf(there, onlyLooks, undefined, some),
    );
    expect(new Set(bases).size).toBe(4);
  });

  it('of tags is a hash of each, sorted', () => {
    const hashes = tagsBasisOf(tags, undefined);
    expect(hashes).toHaveLength(2);
    expect(hashes).toEqual([...hashes].sort());
    expect(tagsBasisOf([...tags].reverse(), undefined)).toEqual(hashes);
    const [first] = tagsBasisOf([{ key: 'url', value: credential }], undefined);
    expect(tagsBasisOf([{ key: 'url', value: `${credential}2` }], undefined)).toEqual([first]);
    expect(tagsBasisOf([{ key: 'url', value: `${credential}2` }], 'k')).not.toEqual(
      tagsBasisOf([{ key: 'url', value: credential }], 'k'),
    );
  });
});

describe('what a save sends', () => {
  const literal: JsonObject = {
    name: 'a',
    description: '',
    cronExpression: '0 0 3 * * ?',
    zoneId: 'UTC',
    xTop: 'theirs',
    createTime: 1,
    updatedTime: 2,
    startWorkflowRequest: { name: 'wf', priority: '0', xInRequest: 1, input: { n: 1 } },
  };
  const { schedule, ...rest } = normalize(literal);
  const from = { ...observedOf(schedule), ...rest, literal };

  it('is the schedule itself where it is new', () => {
    expect(saveBody(schedule, null)).toEqual({ name: 'a', fields: schedule });
  });

  it('is what was read, to the letter, except for server-set fields', () => {
    const { createTime: _created, updatedTime: _updated, ...sent } = literal;
    expect(saveBody(schedule, from).fields).toMatchObject(sent);
    expect(saveBody(schedule, from).fields).not.toHaveProperty('createTime');
    expect(saveBody(schedule, from).fields).not.toHaveProperty('updatedTime');
  });

  it('has what is new, and not what is gone', () => {
    const { description: _none, ...without } = { ...schedule, description: 'new' };
    expect(saveBody({ ...schedule, description: 'new' }, from).fields.description).toBe('new');
    const input = { n: 2 };
    const changed = { ...without, startWorkflowRequest: { ...schedule.startWorkflowRequest, input } };
    const { fields } = saveBody(changed, from);
    expect(fields).toMatchObject({
      xTop: 'theirs',
      startWorkflowRequest: { input, xInRequest: 1, priority: '0' },
    });
  });

  it('has no known field that was removed from the manifest', () => {
    const described = normalize({ ...literal, description: 'was' });
    const before = {
      ...observedOf(described.schedule),
      ...described,
      literal: { ...literal, description: 'was' },
    };
    const { description: _gone, ...target } = described.schedule;
    expect(saveBody(target, before).fields).not.toHaveProperty('description');
    expect(saveBody(described.schedule, before).fields.description).toBe('was');
  });

  it('has a request even if none was read', () => {
    const odd = { ...from, literal: { ...literal, startWorkflowRequest: null } };
    expect(saveBody(schedule, odd).fields.startWorkflowRequest).toEqual(schedule.startWorkflowRequest);
  });

  it('has no null in its crons, which OSS cannot save', () => {
    const crons = [{ cronExpression: '0 0 3 * * ?', zoneId: 'UTC' }];
    const target = { ...schedule, cronSchedules: crons };
    const before = {
      ...from,
      schedule: target,
      literal: { ...literal, cronSchedules: [null, ...crons] },
    };
    expect(saveBody(target, { ...before, hasNullTimer: true }).fields.cronSchedules).toEqual(crons);
    expect(saveBody(target, before).fields.cronSchedules).toEqual([null, ...crons]);
    const { cronSchedules: _none, ...single } = target;
    expect(saveBody(single, { ...before, hasNullTimer: true }).fields).not.toHaveProperty('cronSchedules');
  });
});

it.each<[readonly Tag[], readonly Tag[], boolean]>([
  [[], [], true],
  [[{ key: 'a', value: '1' }], [{ key: 'a', value: '1' }], true],
  [[{ key: 'a', value: '1' }], [{ key: 'a', value: '2' }], false],
  [[{ key: 'a', value: '1' }], [{ key: 'b', value: '1' }], false],
  [[{ key: 'a', value: '1' }], [], false],
  [
    [
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
    ],
    [
      { key: 'b', value: '2' },
      { key: 'a', value: '1' },
    ],
    true,
  ],
])('tags %j and %j', (a, b, expected) => {
  expect([sameTags(a, b), sameTags(b, a)]).toEqual([expected, expected]);
  expect(tagsWithout(a, b).length === 0 && tagsWithout(b, a).length === 0).toBe(expected);
});
