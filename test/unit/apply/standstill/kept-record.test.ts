import { expect, it } from 'vitest';
import {
  goOnWith,
  keep,
  type RecordKeeper,
  withSchedules,
} from '../../../../src/apply/standstill/kept-record.ts';
import { stoppedBasis } from '../../../../src/apply/standstill/stopped-basis.ts';
import type { Standstill } from '../../../../src/model/standstill.ts';
import { aSchedule, observedOf } from '../../../support/schedules.ts';

const mine: Standstill = { format: 1, kind: 'record', server: 's', at: 0, mark: 'm', running: [] };
const closed: Standstill = { ...mine, resumedAt: 5 };

function keeper(
  record: Standstill | undefined,
  ...answers: readonly ('written' | 'changed' | { why: string })[]
) {
  const written: Standstill[] = [];
  const left = [...answers];
  const file: RecordKeeper = {
    read: () => ({ ok: true, record }),
    write: (next) => {
      written.push(next);
      return left.shift() ?? 'written';
    },
  };
  return { file, written };
}

it('a record that does not change is not written', () => {
  const { file, written } = keeper(mine);
  expect(keep(file, (now) => now ?? mine)).toEqual({ ok: true, record: mine });
  expect(written).toEqual([]);
});

it('a record is written again when another run was quicker', () => {
  const { file, written } = keeper(mine, 'changed', 'changed');
  expect(keep(file, () => closed)).toEqual({ ok: true, record: closed });
  expect(written).toHaveLength(3);
});

it('a record that cannot be written, and one that may not be changed, say why', () => {
  expect(keep(keeper(mine, { why: 'ENOSPC' }).file, () => closed)).toEqual({ ok: false, why: 'ENOSPC' });
  const { file, written } = keeper(mine);
  expect(keep(file, () => ({ why: 'no' }))).toEqual({ ok: false, why: 'no' });
  expect(written).toEqual([]);
});

it.each<[string, Standstill | undefined, Standstill, unknown]>([
  ['one that is gone', undefined, mine, mine],
  ['the same', { ...mine, at: 7 }, mine, { ...mine, at: 7 }],
  [
    'one of another run',
    { ...mine, mark: 'x' },
    mine,
    { why: 'another run has started its own record in it' },
  ],
  ['one that was resumed', closed, mine, { why: 'another run has resumed it in the meantime' }],
  ['one that was resumed before', closed, closed, closed],
  ['one that was begun again', mine, closed, mine],
])('a run goes on with %s', (_case, now, own, expected) => {
  expect(goOnWith(now, own)).toEqual(expected);
});

it('schedules come into a record once, by name', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => observedOf(aSchedule({ name }))) as [never, never, never];
  const first = withSchedules(mine, [c, a]);
  expect(first.running).toEqual([
    { name: 'a', basis: stoppedBasis(a) },
    { name: 'c', basis: stoppedBasis(c) },
  ]);
  expect(withSchedules(first, [a, c])).toBe(first);
  expect(withSchedules(first, [a, b]).running.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
});

it('the state of a schedule does not include its pause', () => {
  const basis = (special: Parameters<typeof aSchedule>[0]): string =>
    stoppedBasis(observedOf(aSchedule(special)));
  expect(basis({ paused: true, pausedReason: 'why' })).toBe(basis({}));
  expect(basis({ paused: true })).toBe(basis({}));
  expect(basis({ description: 'other' })).not.toBe(basis({}));
});
