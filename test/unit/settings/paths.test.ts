import { expect, test } from 'vitest';
import { isSamePath, relativeTo } from '../../../src/settings/paths.ts';

test.each([
  ['downbeat.yaml', 'schedules', 'schedules'],
  ['', 'schedules', 'schedules'],
  ['downbeat.yaml', './schedules/', 'schedules'],
  ['infra/downbeat.yaml', 'schedules', 'infra/schedules'],
  ['infra/downbeat.yaml', '../schedules', 'schedules'],
  ['infra/downbeat.yaml', '..', '.'],
  ['downbeat.yaml', '../schedules', '../schedules'],
  ['../x/downbeat.yaml', '../../y', '../../y'],
  ['/srv/x/downbeat.yaml', '../y', '/srv/y'],
  ['/downbeat.yaml', '../y', '/y'],
  ['infra/downbeat.yaml', '/srv/y', '/srv/y'],
  ['infra\\downbeat.yaml', 'C:\\y', 'C:\\y'],
])('%s and %s: %s', (file, path, expected) => {
  expect(relativeTo(file, path)).toBe(expected);
});

test.each([
  ['a', './a/', true],
  ['a/../b', 'b', true],
  ['.', '', true],
  ['a', 'b', false],
  ['a', '/a', false],
  ['a', 'a/b', false],
])('%s and %s are the same: %s', (a, b, same) => {
  expect(isSamePath(a, b)).toBe(same);
});
