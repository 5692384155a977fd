import type { FireOptions } from '../../../src/apply/due-fires.ts';
import type { Execution } from '../../../src/model/execution.ts';
import { type Failure, fail, succeed } from '../../../src/model/port.ts';
import type { ObservedSchedule, Schedule } from '../../../src/model/schedule.ts';
import { aSchedule, observedOf } from '../../support/schedules.ts';

export const minute = 60_000;
export const start: number = Date.UTC(2026, 10, 23, 12);
/** Every minute, or so often. */
export const every =
  (ms: number): FireOptions['nextFire'] =>
  ({ paused }, after) =>
    paused ? null : Math.floor(after / ms) * ms + ms;

export interface Setting {
  /** Milliseconds after `start`. */
  readonly at: number;
  readonly saved?: number;
  readonly period?: number;
  /** How late each fire shows among the past runs; absent = it never does. */
  readonly lateness?: number;
  readonly punctuality?: 'prompt' | 'late' | 'unknown';
  readonly fireWait?: number;
  readonly unreadable?: Failure['kind'];
  readonly over?: Partial<Schedule>;
  /** Runs of others, as a search without names shows them, too. */
  readonly others?: readonly Execution[];
}

export interface Played {
  readonly options: FireOptions;
  readonly observed: ObservedSchedule;
  readonly waits: number[];
  /** `search NAMES SIZE after AGO` and `get`, as they came. */
  readonly asked: string[];
  readonly said: number[];
  now(): number;
}

/** A schedule that fires, a clock that waiting moves, and the past runs as far as they have come. */
export function play({
  at,
  saved = -10 * minute,
  period = minute,
  lateness = Number.POSITIVE_INFINITY,
  punctuality = 'prompt',
  fireWait,
  unreadable,
  over = {},
  others = [],
}: Setting): Played {
  let now = start + at;
  const waits: number[] = [];
  const asked: string[] = [];
  const said: number[] = [];
  const nextFire = every(period);
  const schedule: Schedule = { ...aSchedule({ name: 'a' }), ...over };
  const observed: ObservedSchedule = { ...observedOf(schedule), facts: { updatedTime: start + saved } };
  const runs = (): readonly Execution[] => {
    const own: Execution[] = [];
    for (let fire = nextFire(schedule, start + saved); fire !== null && fire + lateness <= now; ) {
      own.push({ schedule: 'a', scheduledTime: fire, executionTime: fire + lateness, state: 'EXECUTED' });
      fire = nextFire(schedule, fire);
    }
    return [...own.reverse(), ...others];
  };
  const options: FireOptions = {
    now: () => now,
    nextFire,
    awaitedFires: (one, since, seen) => {
      const next = nextFire(one, Math.max(since, ...seen.map(({ scheduledTime = 0 }) => scheduledTime)));
      return next === null ? [] : [next];
    },
    punctuality: () => punctuality,
    ...(fireWait === undefined ? {} : { fireWait }),
    stopped: () => false,
    waitAside: async (ms) => {
      waits.push(ms);
      now += ms;
    },
    onFireWait: (fire) => said.push(fire.at - start),
    reader: {
      list: async () => succeed({ schedules: [] }),
      tags: async () => succeed([]),
      get: async (name) => {
        asked.push(`get ${name}`);
        return succeed(observed);
      },
      searchExecutions: async ({ names, size, after = 0 }) => {
        asked.push(`search ${names?.join(',') ?? 'all'} ${size} after ${(after - start) / minute}`);
        if (unreadable !== undefined && names !== undefined)
          return fail({
            kind: unreadable,
            operation: 'search executions',
            method: 'GET',
            url: '',
            words: '',
            attempts: 1,
            effect: 'none',
          });
        const results = runs();
        return succeed({ totalHits: results.length, results });
      },
    },
  };
  return { options, observed, waits, asked, said, now: () => now - start };
}
