import { expect, it } from 'vitest';
import { beginHandover, missedIn } from '../../../src/apply/handover.ts';
import type { ApplyOptions } from '../../../src/apply/options.ts';
import { inRenaming } from '../../../src/model/marks/renaming.ts';
import type { Rename } from '../../../src/model/plan.ts';
import { type Failure, fail } from '../../../src/model/port.ts';
import { minute, play, type Setting, start } from './fire-play.ts';

const change = {
  kind: 'rename',
  name: 'new',
  previous: [{ name: 'a', basis: '' }],
  steps: [
    { kind: 'save', mode: 'copy', from: 'a', set: [], unset: [] },
    { kind: 'delete', old: 'a' },
    { kind: 'resume' },
  ],
} as unknown as Rename;

/** Begins a handover of a schedule that fires every minute, was just saved, and is started in time, unless told otherwise. */
async function begin(setting: Setting, halted: () => boolean = () => false, of: Rename = change) {
  const played = play({ saved: 1000, lateness: 100, ...setting });
  const { observed, options, waits, said } = played;
  const { from, near, due, deleted } = await beginHandover(
    of,
    { renamed: null, replaced: new Map([['a', { observed }]]) },
    { ...observed.schedule, name: 'new', paused: true },
    options as ApplyOptions,
    halted,
  );
  expect(deleted).toBe(false);
  return { from: from - start, near, due: due.map((at) => at - start), waits, said };
}

it.each<[string, number, number]>([
  ['at once, far from a fire', 30_000, 30_000],
  ['at once, four seconds before one', 56_000, 56_000],
  ['two seconds after one that is too near', 56_001, 62_000],
  ['two seconds after one that has just come', 61_000, 62_000],
  ['at once, two seconds after one', 62_000, 62_000],
])('it begins %s', async (_when, at, from) => {
  const begun = await begin({ at });
  expect(begun).toEqual({ from, near: false, due: [], waits: begun.waits, said: [] });
  expect(begun.waits.reduce((a, b) => a + b, 0)).toBe(from - at);
});

it('it avoids the fires of the new one, if that will run', async () => {
  const paused = { at: 59_000, over: { paused: true } };
  expect(await begin(paused)).toMatchObject({ from: 62_000, near: false });
  const [save, remove] = change.steps;
  const stays = { ...change, steps: [save, remove] } as Rename;
  expect(await begin(paused, undefined, stays)).toMatchObject({ from: 59_000, near: false, waits: [] });
});

it('it begins at once, near a fire, if there is no quiet time', async () => {
  expect(await begin({ at: 30_500, period: 3000 })).toMatchObject({ from: 30_500, near: true, waits: [] });
});

it('it waits for a due fire, and says so once', async () => {
  const begun = await begin({
    at: 10 * minute + 3000,
    period: 10 * minute,
    lateness: 95_000,
    punctuality: 'late',
  });
  expect(begun).toMatchObject({ near: false, due: [], said: [10 * minute] });
  expect(begun.from).toBe(10 * minute + 95_000);
});

it.each([
  [4000, []],
  [4001, [10 * minute]],
])('a fire that has been due for %i ms, four seconds or longer, is reported', async (late, said) => {
  const at = 10 * minute + late;
  const begun = await begin({ at, period: 10 * minute, lateness: late + 1 });
  expect(begun).toMatchObject({ near: false, due: [], said });
});

it.each<[string, Partial<Setting>, number, boolean]>([
  ['as long as patience lasts', {}, 10_000, true],
  ['as long as it is told to', { fireWait: 3000 }, 3000, true],
  ['not at all when told so', { fireWait: 0 }, 0, false],
  ['not where the past runs cannot be read', { unreadable: 'status' }, 0, false],
])('it waits for a fire that never comes %s', async (_how, over, waited, near) => {
  const at = 10 * minute + 3000;
  const begun = await begin({ at, period: 10 * minute, lateness: 1e9, ...over });
  expect(begun.from).toBe(at + waited);
  expect(begun.near).toBe(near);
  expect(begun.due).toEqual([10 * minute]);
});

it('it does not wait if nothing is left to write', async () => {
  expect(await begin({ at: 59_000 }, () => true)).toMatchObject({ from: 59_000, near: false, waits: [] });
});

it.each([
  [start - 30 * minute, [start - 30 * minute + 20 * minute, start + 10 * minute]],
  [undefined, []],
])(
  'after an interrupted rename, saved at %s, the fires since then may be missed',
  async (updatedTime, at) => {
    const { observed, options } = play({ at: 15 * minute, period: 20 * minute, lateness: 1e9 });
    const renamed = {
      ...observed,
      schedule: inRenaming({ ...observed.schedule, name: 'new' }, 'a', 'reason'),
      facts: updatedTime === undefined ? {} : { updatedTime },
    };
    const sides = { renamed: { observed: renamed }, replaced: new Map([['a', null]]) };
    const missed = await missedIn(change, sides, renamed.schedule, undefined, options as ApplyOptions);
    expect(missed.map((fire) => fire.at)).toEqual(
      at.map((time) => Math.floor(time / (20 * minute)) * 20 * minute),
    );
  },
);

it('it does not wait for a due fire when the past runs of another old one cannot be read', async () => {
  const { observed, options, waits } = play({
    at: 10 * minute + 3000,
    saved: 1000,
    period: 10 * minute,
    lateness: 1e9,
  });
  const other = { ...observed, schedule: { ...observed.schedule, name: 'b' } };
  const searchExecutions: typeof options.reader.searchExecutions = async (query) =>
    query.names?.includes('b') ? fail(unread) : options.reader.searchExecutions(query);
  const { near } = await beginHandover(
    change,
    {
      renamed: null,
      replaced: new Map([
        ['a', { observed }],
        ['b', { observed: other }],
      ]),
    },
    undefined,
    { ...options, reader: { ...options.reader, searchExecutions } } as ApplyOptions,
    () => false,
  );
  expect([near, waits]).toEqual([false, []]);
});

const unread: Failure = {
  kind: 'reset',
  operation: 'search executions',
  method: 'GET',
  url: '',
  words: '',
  attempts: 1,
  effect: 'none',
};
