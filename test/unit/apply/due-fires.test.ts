import { describe, expect, it } from 'vitest';
import {
  firesFrom,
  losesDueFire,
  mayHaveLostFires,
  missedSince,
  outlookOf,
  quietMoment,
  unseen,
  waitFor,
} from '../../../src/apply/due-fires.ts';
import type { Execution } from '../../../src/model/execution.ts';
import type { Failure } from '../../../src/model/port.ts';
import type { StepResult } from '../../../src/model/result.ts';
import { aSchedule } from '../../support/schedules.ts';
import { every, minute, play, type Setting, start } from './fire-play.ts';

async function quiet(setting: Setting, halted: () => boolean = () => false) {
  const played = play(setting);
  const { before, waited, from, due } = await quietMoment(played.observed, played.options, halted);
  expect(before).toEqual(played.observed);
  return {
    waited,
    from: from - start,
    due: due.map((fire) => fire - start),
    waits: played.waits,
    asked: played.asked,
    said: played.said,
  };
}

const sum = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0);

describe('the time at which a schedule is written', () => {
  it('is now, without a request, if no fire is near', async () => {
    expect(await quiet({ at: 30_000, saved: 1000 })).toEqual({
      waited: false,
      from: 30_000,
      due: [],
      waits: [],
      asked: [],
      said: [],
    });
  });

  it('is now when it is paused, whatever was due', async () => {
    const found = await quiet({ at: 5 * minute, over: { paused: true } });
    expect([found.waited, found.asked, found.due]).toEqual([false, [], []]);
  });

  it('is now when what was due has been seen', async () => {
    const found = await quiet({ at: minute + 2000, saved: -minute, lateness: 100 });
    expect([found.waited, found.due]).toEqual([false, []]);
    expect(found.asked).toEqual(['search a 100 after -4']);
  });

  it.each([
    [minute - 1001, false],
    [minute - 1000, true],
  ])('%i ms after the last fire waits for the next: %s', async (at, waits) => {
    const found = await quiet({ at, saved: 1000, lateness: 100 });
    expect(found.waited).toBe(waits);
    // Until the fire, and until it is seen.
    expect(found.waits).toEqual(waits ? [1000, 250] : []);
    expect(found.from).toBe(waits ? minute + 250 : at);
    expect(found.due).toEqual([]);
  });

  it.each<[string, Partial<Setting>, number]>([
    ['prompt', { punctuality: 'prompt' }, 10_000],
    ['late', { punctuality: 'late' }, 150_000],
    ['unknown', { punctuality: 'unknown' }, 150_000],
    ['prompt, but told to wait', { punctuality: 'prompt', fireWait: 5000 }, 5000],
    ['told not to wait', { punctuality: 'late', fireWait: 0 }, 0],
  ])('is not later than the allowed wait if the server is %s', async (_how, over, most) => {
    const found = await quiet({ at: minute + 500, saved: 1000, period: 10 * minute, ...over, lateness: 1e9 });
    expect(found.waits).toEqual([]);
    const due = await quiet({ at: 10 * minute + 500, saved: 1000, period: 10 * minute, ...over });
    expect(sum(due.waits)).toBe(most);
    expect(due.due).toEqual([10 * minute]);
    expect(due.waited).toBe(most > 0);
    expect(due.said).toEqual(most > 3000 ? [10 * minute] : []);
  });

  it('looks often at first, and then once a second', async () => {
    const { waits } = await quiet({ at: 10 * minute, saved: 1000, period: 10 * minute });
    expect(waits.slice(0, 12)).toEqual(Array.from({ length: 12 }, () => 250));
    expect(waits.slice(12)).toEqual(Array.from({ length: 7 }, () => 1000));
  });

  it('comes after a short wait without a message', async () => {
    const found = await quiet({ at: 10 * minute, saved: 1000, period: 10 * minute, lateness: 3000 });
    expect(found.from).toBe(10 * minute + 3000);
    expect(found.said).toEqual([]);
  });

  it('comes as soon as a late fire is seen', async () => {
    const found = await quiet({
      at: 10 * minute + 1000,
      saved: 1000,
      period: 10 * minute,
      lateness: 95_000,
      punctuality: 'late',
    });
    expect(found.from).toBe(10 * minute + 95_000);
    expect(found.due).toEqual([]);
    expect(found.said).toEqual([10 * minute]);
  });

  it('is now when the schedule fires every second', async () => {
    const found = await quiet({ at: 500, saved: -2500, period: 1000 });
    expect([found.waited, found.due.length > 0]).toEqual([false, true]);
    expect((await quiet({ at: 500, saved: -2500, period: 1001 })).waited).toBe(true);
  });

  it('is now if nothing is due, a fire is near and nothing is left to write', async () => {
    const near = await quiet({ at: 10 * minute - 500, saved: 1000, period: 10 * minute }, () => true);
    expect([near.waited, near.due]).toEqual([false, []]);
  });

  it('is now if nothing is left to write', async () => {
    const found = await quiet({ at: 10 * minute, saved: 1000, period: 10 * minute }, () => true);
    expect([found.waited, found.due]).toEqual([false, [10 * minute]]);
  });

  it('does not wait for a fire of more than three minutes ago', async () => {
    const seldom = { saved: -minute, period: 20 * minute };
    expect((await quiet({ at: 3 * minute + 1, ...seldom })).waited).toBe(false);
    expect((await quiet({ at: 3 * minute - 1, ...seldom })).waited).toBe(true);
  });

  it('waits for a backlog of catch-up of any age', async () => {
    const old = { at: 9 * minute, saved: -minute, period: 20 * minute };
    const catchup = { runCatchupScheduleInstances: true };
    const entry = { cronExpression: '0 0 * * * ?', zoneId: 'UTC' };
    expect((await quiet({ ...old, over: catchup })).waited).toBe(true);
    expect((await quiet({ ...old, over: { ...catchup, cronSchedules: [entry] } })).waited).toBe(true);
    expect((await quiet({ ...old, over: { ...catchup, cronSchedules: [entry, entry] } })).waited).toBe(false);
    expect((await quiet({ ...old, over: { cronSchedules: [entry] } })).waited).toBe(false);
  });

  describe('where the past runs cannot be read', () => {
    const blind = { saved: 1000, unreadable: 'status' } as const;

    it.each([
      [minute - 1001, [], []],
      [minute - 500, [500, 1500], [minute]],
      [minute + 1000, [500], [minute]],
      [minute + 1500, [], [minute]],
    ])('is %i ms after the last fire, by the clock', async (at, waits, due) => {
      const found = await quiet({ at, ...blind });
      expect(found.waits).toEqual(waits);
      expect(found.due).toEqual(due);
      expect(found.waited).toBe(waits.length > 0);
    });

    it('is now if told not to wait', async () => {
      expect((await quiet({ at: minute - 500, ...blind, fireWait: 0 })).waits).toEqual([]);
    });
  });

  it('looks among all runs for a name that cannot be searched for', async () => {
    const { asked, waited } = await quiet({
      at: minute + 2000,
      saved: 1000,
      lateness: 100,
      unreadable: 'unaddressable',
    });
    expect(asked).toEqual([
      'search a 100 after -2.9833333333333334',
      'search all 1000 after -2.9833333333333334',
    ]);
    expect(waited).toBe(false);
  });

  it('does not confuse runs of other schedules with its own', async () => {
    const other: Execution = { schedule: 'b', scheduledTime: start + minute, state: 'EXECUTED' };
    const found = await quiet({ at: minute + 500, saved: 1000, fireWait: 0, others: [other] });
    expect(found.due).toEqual([minute]);
  });
});

describe('how long to wait before the next look', () => {
  const outlook = { fires: [], patience: 10_000, blind: false };
  it.each<[string, number, number, number, Partial<typeof outlook>, number]>([
    ['until a fire to come', 5000, 2000, 2000, {}, 3000],
    ['no longer than patience', 0, 10_000, 0, {}, 0],
    ['the rest of patience', 0, 9900, 0, {}, 100],
    ['shortly after a fire', 0, 2999, 0, {}, 250],
    ['longer after a fire', 0, 3000, 0, {}, 1000],
    ['not at all', 5000, 2000, 2000, { patience: 0 }, 0],
    ['until a fire counts as started', 0, 500, 0, { blind: true }, 1000],
    ['and no longer', 0, 2000, 0, { blind: true }, 0],
  ])('%s', (_case, fire, now, begun, over, expected) => {
    expect(waitFor(fire, now, begun, { ...outlook, ...over })).toBe(expected);
  });
});

describe('possibly missed fires', () => {
  it('is what was due and what came since, except for what was seen', async () => {
    const { options, observed } = play({ at: 5 * minute, saved: 0, lateness: 2 * minute });
    const moment = { before: observed, waited: false, from: start + 2 * minute, due: [start + minute] };
    // By five minutes the fires of the first three are seen.
    expect(await missedSince(moment, options)).toEqual([
      { name: 'a', at: start + 4 * minute },
      { name: 'a', at: start + 5 * minute },
    ]);
  });

  it('is nothing of a schedule that was paused', async () => {
    const { options, observed } = play({ at: 5 * minute, over: { paused: true } });
    const moment = { before: observed, waited: false, from: start, due: [start] };
    expect(await missedSince(moment, options)).toEqual([]);
  });

  it('is all where the past runs cannot be read, and at most ten, in order', async () => {
    const { options, asked } = play({ at: 0, unreadable: 'status' });
    const fires = Array.from({ length: 12 }, (_, index) => start - index * minute);
    expect((await unseen('a', fires, options)).map(({ at }) => (at - start) / minute)).toEqual([
      -11, -10, -9, -8, -7, -6, -5, -4, -3, -2,
    ]);
    expect(asked).toHaveLength(1);
    expect(await unseen('a', [], options)).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  it('is what was not seen', async () => {
    const { options } = play({ at: 2 * minute, saved: minute, lateness: 0 });
    const fires = [start + minute, start + 2 * minute];
    expect(await unseen('a', fires, options)).toEqual([{ name: 'a', at: start + minute }]);
  });

  it.each([
    [undefined, 10_000],
    [3000, 3000],
  ])(
    'if the past runs cannot be read and the wait is %s, fires are awaited for %i ms',
    async (fireWait, patience) => {
      const { options, observed } = play({
        at: minute,
        saved: 1000,
        unreadable: 'status',
        ...(fireWait === undefined ? {} : { fireWait }),
      });
      expect(await outlookOf(observed, 1000, options)).toMatchObject({ patience, blind: true });
    },
  );

  it('is one of two fires at the same time if one run was seen', async () => {
    const { options } = play({ at: minute, saved: 0, lateness: 0 });
    const fire = start + minute;
    expect(await unseen('a', [fire, fire], options)).toEqual([{ name: 'a', at: fire }]);
    expect(await unseen('a', [fire], options)).toEqual([]);
  });
});

it.each([
  [0, 2 * minute, [1, 2]],
  [0, 2 * minute - 1, [1]],
  [minute, minute, []],
  [0, 60 * minute, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
])('the fires after %i and up to %i', (from, to, minutes) => {
  const found = firesFrom(aSchedule({}), start + from, start + to, { nextFire: every(minute) });
  expect(found.map((at) => (at - start) / minute)).toEqual(minutes);
});

it('a paused schedule has no fires', () => {
  expect(firesFrom(aSchedule({ paused: true }), start, start + minute, { nextFire: every(minute) })).toEqual(
    [],
  );
});

it.each<[StepResult['step'], boolean]>([
  [{ kind: 'save', mode: 'update', set: [], unset: [] }, true],
  [{ kind: 'pause' }, true],
  [{ kind: 'delete' }, true],
  [{ kind: 'resume' }, false],
  [{ kind: 'tag', tags: [] }, false],
  [{ kind: 'untag', tags: [] }, false],
])('whether %j loses a due fire: %s', (step, loses) => {
  const failure = { kind: 'reset', operation: 'save', method: '', url: '', words: '', attempts: 1 } as const;
  const result = (outcome: StepResult['outcome'], effect?: Failure['effect']): StepResult => ({
    name: 'a',
    step,
    outcome,
    ...(effect === undefined ? {} : { failure: { ...failure, effect } }),
  });
  expect(losesDueFire(step)).toBe(loses);
  expect(mayHaveLostFires(result('done'))).toBe(loses);
  expect(mayHaveLostFires(result('failed', 'unknown'))).toBe(loses);
  expect(mayHaveLostFires(result('failed'))).toBe(loses);
  expect(mayHaveLostFires(result('failed', 'none'))).toBe(false);
  expect(mayHaveLostFires(result('already'))).toBe(false);
  expect(mayHaveLostFires(result('not-run'))).toBe(false);
});
