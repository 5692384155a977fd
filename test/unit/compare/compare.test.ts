import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diff, unkept } from '../../../src/compare/diff.ts';
import { leafAt, withTexts } from '../../../src/compare/leaves.ts';
import { assignments, patch, valueAt, withValue } from '../../../src/compare/patch.ts';
import { contains, inLettersOf, isIdentical, same } from '../../../src/compare/same.ts';
import { canonicalJson, comparableJson, type Json, type JsonObject } from '../../../src/model/json.ts';
import { numberFrom, numberKey } from '../../../src/model/number.ts';
import { pathText } from '../../../src/model/schedule.ts';
import { anySchedule, aSchedule } from '../../support/schedules.ts';
import { anyJson, anyKey } from '../../support/values.ts';

describe('a quick look for what is identical', () => {
  it.each<[string, Json, Json, boolean]>([
    ['key order', { a: 1, b: [{ c: 'x' }] }, { b: [{ c: 'x' }], a: 1 }, true],
    ['an inherited key', JSON.parse('{"__proto__":{}}'), { a: {} }, false],
    ['a key toString', JSON.parse('{"toString":{}}'), { a: {} }, false],
    ['a key that is not there', { a: {}, b: {} }, { a: {}, c: {} }, false],
    ['a list and an object', [], {}, false],
    ['a longer list', [1], [1, 2], false],
    ['null and an object', null, {}, false],
  ])('%s', (_case, a, b, expected) => {
    expect(isIdentical(a, b)).toBe(expected);
    expect(isIdentical(b, a)).toBe(expected);
  });

  it('takes for identical nothing that differs', () => {
    const alike = fc.oneof(
      fc.tuple(anyJson, anyJson),
      anyJson.chain((value) => fc.tuple(fc.constant(value), fc.constantFrom(value, structuredClone(value)))),
      fc
        .tuple(fc.dictionary(anyKey, anyJson), anyKey, anyJson)
        .map(([fields, key, value]): [Json, Json] => [fields, { ...fields, [key]: value }]),
    );
    fc.assert(
      fc.property(alike, ([a, b]) => {
        if (isIdentical(a, b)) expect(same(a, b, 'kind')).toBe(true);
        expect(isIdentical(a, a)).toBe(true);
      }),
    );
  });
});

describe('same', () => {
  it.each<[string, Json, Json, boolean]>([
    ['key order', { a: 1, b: 2 }, { b: 2, a: 1 }, true],
    ['array order', [1, 2], [2, 1], false],
    ['1e20 twice', 1e20, 100000000000000000000n, true],
    ['neighbours beyond 2^53', 9007199254740993n, 9007199254740992n, false],
    ['zero below zero, deep inside', [-0], [0], true],
    ['text and number', '1', 1, false],
    ['null and false', null, false, false],
    ['an empty list and an empty object', [], {}, false],
    ['a key toString', { toString: 1 }, { toString: 1 }, true],
    ['a key toString that differs', { toString: 1 }, { toString: 2 }, false],
    ['a key constructor', { constructor: { a: 1 } }, { constructor: { a: 1 } }, true],
    ['a key __proto__', JSON.parse('{"__proto__":1}'), JSON.parse('{"__proto__":2}'), false],
    ['null is not absent', { a: null }, {}, false],
    ['a list that looks like our own encoding', ['{}', ['a', 1]], { a: 1 }, false],
  ])('%s', (_case, a, b, expected) => {
    expect(same(a, b, 'kind')).toBe(expected);
    expect(same(b, a, 'kind')).toBe(expected);
  });

  it.each<[string, string, boolean, boolean]>([
    ['1', '1.0', false, true],
    ['1.0', '1.00', true, true],
    ['1e3', '1000.0', true, true],
    ['1E3', '1000', false, true],
    ['1e21', '1000000000000000000000', false, true],
    ['1.0E21', '1e+21', true, true],
    ['0.1', '0.10000000000000001', true, true],
    ['-0.0', '0.0', false, true],
    ['-0', '0', true, true],
    ['9007199254740993', '9007199254740992', false, false],
    ['9007199254740993', '9007199254740992.0', false, false],
    ['1e-400', '0.0', true, true],
    ['2.5', '2.50', true, true],
  ])('%s and %s: by kind %s, by value %s', (a, b, byKind, byValue) => {
    expect(same(numberFrom(a), numberFrom(b), 'kind')).toBe(byKind);
    expect(same([numberFrom(b)], [numberFrom(a)], 'value')).toBe(byValue);
  });

  it('is true exactly if the comparable texts are equal', () => {
    fc.assert(
      fc.property(anyJson, anyJson, fc.constantFrom('kind', 'value'), (a, b, numbers) => {
        const text = (value: Json): string => comparableJson(value, (number) => numberKey(number, numbers));
        expect(same(a, a, numbers)).toBe(true);
        expect(same(a, b, numbers)).toBe(text(a) === text(b));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('contains', () => {
  it.each<[Json, Json, boolean]>([
    [{ a: 1, b: 2 }, { a: 1 }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ tasks: [{ name: 'x', optional: false }] }, { tasks: [{ name: 'x' }] }, true],
    [{ tasks: [{ name: 'x' }, { name: 'y' }] }, { tasks: [{ name: 'x' }] }, false],
    [{ a: null }, { a: null }, true],
    [{}, { a: null }, false],
    [5, {}, false],
    ['text', { length: 4 }, false],
    [null, {}, false],
    [[], {}, false],
    [{}, [], false],
    [{ 0: 'x' }, ['x'], false],
    [['x', 'y'], ['x', 'y'], true],
    [['x', 'y'], ['y', 'x'], false],
    [[{ a: 1, b: 2 }], [{ a: 1 }], true],
    [{ a: 1 }, { toString: 1 }, false],
  ])('%j has all of %j: %s', (whole, part, expected) => {
    expect(contains(whole, part, 'kind')).toBe(expected);
  });
});

describe('diff', () => {
  const before = aSchedule({ input: { a: { b: 1, c: [1] }, toString: 'x' } });

  it.each<[string, Parameters<typeof aSchedule>[0], string[]]>([
    ['nothing', { input: { toString: 'x', a: { c: [1], b: 1 } } }, []],
    [
      'one nested value',
      { input: { a: { b: 2, c: [1] }, toString: 'x' } },
      ['startWorkflowRequest.input.a.b'],
    ],
    [
      'an array as a whole',
      { input: { a: { b: 1, c: [1, 2] }, toString: 'x' } },
      ['startWorkflowRequest.input.a.c'],
    ],
    ['an object that became a text', { input: { a: 'b', toString: 'x' } }, ['startWorkflowRequest.input.a']],
    [
      'two keys more, in order',
      { input: { z: 1, ...before.startWorkflowRequest.input, b: 1 } },
      ['startWorkflowRequest.input.b', 'startWorkflowRequest.input.z'],
    ],
    ['a key that is gone', { input: { a: { b: 1, c: [1] } } }, ['startWorkflowRequest.input.toString']],
    [
      'cron and pause',
      { cronExpression: '0 0 1 * * ?', paused: true, input: before.startWorkflowRequest.input },
      ['cronExpression', 'paused'],
    ],
  ])('%s', (_case, after, expected) => {
    expect(diff(before, aSchedule(after)).map(({ path }) => pathText(path))).toStrictEqual(expected);
    expect(diff(aSchedule(after), before).map(({ path }) => pathText(path))).toStrictEqual(expected);
  });

  it('patched onto one side gives the other, for any two schedules', () => {
    fc.assert(
      fc.property(anySchedule, anySchedule, (a, b) => {
        const { set, unset } = assignments(diff(a, b));
        const patched = patch(a, set, unset);
        expect(diff(patched, b)).toStrictEqual([]);
        expect(canonicalJson(patched as unknown as JsonObject)).toBe(
          canonicalJson(b as unknown as JsonObject),
        );
      }),
      { numRuns: 1000 },
    );
  });
});

describe('unkept', () => {
  const keeping = { numbers: 'kind', pauseReason: 'kept' } as const;

  it("accepts a server's defaults in an inline workflow, not its losses", () => {
    const sent = aSchedule({ workflowDef: { name: 'w', tasks: [{ name: 't' }] } });
    const filled = aSchedule({
      workflowDef: { name: 'w', tasks: [{ name: 't', optional: false }], schemaVersion: 2 },
    });
    expect(unkept(sent, filled, keeping)).toStrictEqual([]);
    expect(unkept(sent, aSchedule({ workflowDef: { name: 'w', tasks: [] } }), keeping)).toHaveLength(1);
    expect(unkept(sent, aSchedule({}), keeping)).toHaveLength(1);
  });
});

describe('the value at a path', () => {
  const value: Json = { a: { b: 1, c: null }, list: [{ d: 2 }] };
  it.each<[string[], Json | undefined, Json | undefined]>([
    [[], value, value],
    [['a'], value.a, value.a],
    [['a', 'b'], 1, 1],
    [['a', 'c'], null, null],
    [['a', 'x'], undefined, undefined],
    [['a', 'b', 'c'], undefined, undefined],
    [['a', 'c', 'd'], undefined, undefined],
    [['a', 'toString'], undefined, undefined],
    [['toString'], undefined, undefined],
    // Only one of them goes through lists.
    [['list', '0', 'd'], undefined, 2],
    [['list', '0'], undefined, { d: 2 }],
    [['list', '1', 'd'], undefined, undefined],
    [['list', 'length'], undefined, undefined],
  ])('%j', (path, expected, throughLists) => {
    expect(valueAt(value, path)).toEqual(expected);
    expect(leafAt(value, path)).toEqual(throughLists);
  });

  it('of nothing is none', () => {
    expect([valueAt(undefined, ['a']), leafAt(undefined, ['a'])]).toEqual([undefined, undefined]);
  });

  it.each<[JsonObject, string[], Json | undefined, JsonObject]>([
    [{ a: 1, b: 2 }, ['a'], 3, { a: 3, b: 2 }],
    [{ a: 1, b: 2 }, ['a'], undefined, { b: 2 }],
    [{ a: 1 }, ['b', 'c'], 2, { a: 1, b: { c: 2 } }],
    [{ a: 1 }, ['a', 'c'], 2, { a: { c: 2 } }],
    [{ a: null }, ['a', 'c'], 2, { a: { c: 2 } }],
    [{ a: { b: 1, c: 2 } }, ['a', 'b'], undefined, { a: { c: 2 } }],
    [{ a: { b: 1 } }, ['a', 'b'], undefined, { a: {} }],
    [{ a: 1 }, ['b', 'c'], undefined, { a: 1 }],
    [{ a: 1 }, ['a', 'c'], undefined, { a: 1 }],
    [{ a: [1] }, ['a', '0'], undefined, { a: [1] }],
    [{ a: 1 }, ['b'], undefined, { a: 1 }],
    [{ a: 1 }, [], 2, { a: 1 }],
    [{}, ['toString', 'a'], undefined, {}],
    [{}, ['toString', 'a'], 1, { toString: { a: 1 } }],
  ])('%j with %j as %j', (value, path, item, expected) => {
    const next = withValue(value, path, item);
    expect(next).toEqual(expected);
    expect(Object.keys(next)).toEqual(Object.keys(expected));
  });
});

describe('texts', () => {
  const loud = (text: string, path: readonly string[]): string => `${path.join('.')}=${text}`;

  it('of a create are replaced with their paths, in lists too', () => {
    const schedule = aSchedule({ name: 'a', input: { list: ['x', { y: 'z' }], size: 1, none: null } });
    const step = withTexts({ kind: 'save', mode: 'create', schedule }, loud);
    expect(step).toMatchObject({
      kind: 'save',
      mode: 'create',
      schedule: {
        name: 'name=a',
        startWorkflowRequest: {
          input: {
            list: ['startWorkflowRequest.input.list.0=x', { y: 'startWorkflowRequest.input.list.1.y=z' }],
            size: 1,
            none: null,
          },
        },
      },
    });
  });

  it('of an update are replaced, and no other step has any', () => {
    const set = [{ path: ['description'], value: 'new' }];
    expect(withTexts({ kind: 'save', mode: 'update', set, unset: [['zoneId']] }, loud)).toEqual({
      kind: 'save',
      mode: 'update',
      set: [{ path: ['description'], value: 'description=new' }],
      unset: [['zoneId']],
    });
    for (const step of [{ kind: 'delete' }, { kind: 'pause', reason: 'why' }] as const)
      expect(withTexts(step, loud)).toBe(step);
  });
});

describe('in the spelling of the server', () => {
  const [one, onePointZero, two] = ['1', '1.0', '2'].map((text) => numberFrom(text)) as [Json, Json, Json];
  it.each<[string, Json | undefined, Json, Json]>([
    ['nothing is there', undefined, one, one],
    ['an equal number', onePointZero, one, onePointZero],
    ['another number', two, one, one],
    ['a text', '1', one, one],
    ['a number for a text', one, '1', '1'],
    ['a list', [onePointZero, two], [one, one], [onePointZero, one]],
    ['a longer list', [onePointZero], [one, one], [onePointZero, one]],
    ['no list', onePointZero, [one], [one]],
    ['no list but an object', { 0: onePointZero }, [one], [one]],
    [
      'an object',
      { a: onePointZero, b: two, t: 'x' },
      { a: one, b: one, t: 'y' },
      { a: onePointZero, b: one, t: 'y' },
    ],
    ['an object with a key more', { a: onePointZero }, { a: one, c: one }, { a: onePointZero, c: one }],
    ['no object', onePointZero, { a: one }, { a: one }],
    ['no object but a list', [onePointZero], { 0: one }, { 0: one }],
    ['nested', { a: [{ b: onePointZero }] }, { a: [{ b: one }] }, { a: [{ b: onePointZero }] }],
    ['null', null, one, one],
  ])('%s', (_case, kept, wanted, expected) => {
    const got = inLettersOf(kept, wanted, 'value');
    expect(canonicalJson(got)).toBe(canonicalJson(expected));
    // What is the same in no other letters is not copied.
    if (canonicalJson(got) === canonicalJson(wanted)) expect(got).toBe(wanted);
  });

  it('numbers of two kinds differ if the server tells them apart', () => {
    expect(inLettersOf(onePointZero, one, 'kind')).toBe(one);
  });
});
