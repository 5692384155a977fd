import { describe, expect, test } from 'vitest';
import type { FieldChange } from '../../../src/model/schedule.ts';
import { maskField } from '../../../src/report/documents/mask.ts';

const input = ['startWorkflowRequest', 'input'];

function masked(field: FieldChange, paths: readonly (readonly string[])[] = [], showSensitive = false) {
  return maskField(field, {
    sensitive: paths,
    secretPaths: [],
    notSensitive: [],
    unknownPaths: [],
    showSensitive,
  });
}

test('a field with a credential key is hidden on both sides and stays a change', () => {
  expect(masked({ path: [...input, 'apiKey'], before: 'old', after: 'new' })).toEqual({
    path: [...input, 'apiKey'],
    before: '(sensitive)',
    after: '(sensitive)',
    sensitive: true,
  });
  expect(masked({ path: [...input, 'auth', 'user'], after: 'me' })).toEqual({
    path: [...input, 'auth', 'user'],
    after: '(sensitive)',
    sensitive: true,
  });
});

test.each([
  ['the path itself', [[...input, 'account']]],
  ['a path above', [input]],
  ['the outermost', [['startWorkflowRequest']]],
])('a sensitive path hides the field: %s', (_what, paths) => {
  const field = masked({ path: [...input, 'account'], before: { iban: 'DE1' }, after: 'DE2' }, paths);
  expect(field).toMatchObject({ before: '(sensitive)', after: '(sensitive)', sensitive: true });
});

test('inside a value that is shown as a whole, only sensitive parts are hidden, and changes stay visible', () => {
  const before = { z: 1, a: { password: 'p', user: 'u' }, account: { iban: 'DE1' }, same: { token: 't' } };
  const after = { account: { iban: 'DE2' }, a: { password: 'q', user: 'u' }, same: { token: 't' }, z: 1 };
  expect(masked({ path: input, before, after }, [[...input, 'account', 'iban']])).toEqual({
    path: input,
    before: {
      a: { password: '(sensitive)', user: 'u' },
      account: { iban: '(sensitive)' },
      same: { token: '(sensitive)' },
      z: 1,
    },
    after: {
      a: { password: '(sensitive) changed', user: 'u' },
      account: { iban: '(sensitive) changed' },
      same: { token: '(sensitive)' },
      z: 1,
    },
  });
});

test('paths and keys reach through arrays', () => {
  const field = masked(
    {
      path: [...input, 'list'],
      before: [{ iban: 'DE1', secret: 's' }],
      after: [
        { iban: 'DE1', secret: 't' },
        { iban: 'DE2', x: 1 },
      ],
    },
    [[...input, 'list', 'iban']],
  );
  expect(field.before).toEqual([{ iban: '(sensitive)', secret: '(sensitive)' }]);
  expect(field.after).toEqual([
    { iban: '(sensitive)', secret: '(sensitive) changed' },
    { iban: '(sensitive)', x: 1 },
  ]);
  // An index hides the whole array: what is at it now may have been at another before.
  expect(masked({ path: [...input, 'list'], after: ['a', 'b'] }, [[...input, 'list', '1']]).after).toBe(
    '(sensitive)',
  );
});

test('a value whose type changed is masked on each side separately', () => {
  expect(masked({ path: [...input, 'x'], before: [{ token: 'a' }], after: { token: 'b', n: null } })).toEqual(
    {
      path: [...input, 'x'],
      before: [{ token: '(sensitive)' }],
      after: { token: '(sensitive)', n: null },
    },
  );
});

test('keys are sorted, even if nothing is masked, and unusual keys are ordinary keys', () => {
  const value = JSON.parse('{"b": 1, "__proto__": {"d": 1, "c": 2}, "constructor": 3}');
  const field = masked({ path: input, before: { toString: 'x' }, after: value }, [], true);
  expect(JSON.stringify(field.after)).toBe('{"__proto__":{"c":2,"d":1},"b":1,"constructor":3}');
  expect(field.before).toEqual({ toString: 'x' });
});

test('times are ISO 8601, numbers in the input are numbers', () => {
  expect(masked({ path: ['scheduleStartTime'], before: 0, after: 1_795_399_200_000 })).toEqual({
    path: ['scheduleStartTime'],
    before: '1970-01-01T00:00:00Z',
    after: '2026-11-23T02:00:00Z',
  });
  const inner = { path: [...input, 'scheduleStartTime'], before: 0, after: 1 };
  expect(masked(inner)).toEqual(inner);
});

test('showSensitive shows everything', () => {
  const field = { path: [...input, 'apiKey'], before: 'old', after: { password: 'x' } };
  expect(masked(field, [input], true)).toEqual(field);
});

describe('values that came from secrets', () => {
  const secretPaths = [[...input, 'auth', 'header']];
  const rules = { sensitive: [], notSensitive: [], secretPaths, unknownPaths: [], showSensitive: true };

  test('are masked on both sides, also with --show-sensitive', () => {
    expect(
      maskField({ path: [...input, 'auth', 'header'], before: 'old', after: 'new' }, rules),
    ).toStrictEqual({
      path: [...input, 'auth', 'header'],
      before: '(sensitive)',
      after: '(sensitive)',
      sensitive: true,
    });
  });

  test('inside a value that is shown as a whole, next to what --show-sensitive shows', () => {
    const after = { auth: { header: 'new', password: 'shown' } };
    expect(maskField({ path: input, after }, rules).after).toStrictEqual({
      auth: { header: '(sensitive)', password: 'shown' },
    });
  });

  test('hide the whole array that they are in: its items move', () => {
    const inArray = {
      sensitive: [],
      notSensitive: [],
      secretPaths: [[...input, 'keys', '0']],
      unknownPaths: [],
      showSensitive: true,
    };
    const shown = maskField({ path: [...input, 'keys'], before: ['x', 'old'], after: ['new'] }, inArray);
    expect(JSON.stringify(shown)).not.toMatch(/old|new|"x"/);
  });
});
