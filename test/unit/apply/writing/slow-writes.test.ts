import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { apply } from '../../../../src/apply/apply.ts';
import { onEach } from '../../../../src/apply/workers.ts';
import { noticingSlow } from '../../../../src/apply/writing/slow-writes.ts';
import type { StepWriter } from '../../../../src/apply/writing/stoppable.ts';
import { serverTypes } from '../../../../src/conductor/server-types.ts';
import { succeed } from '../../../../src/model/port.ts';
import type { ObservedSchedule } from '../../../../src/model/schedule.ts';
import { fireTiming } from '../../../../src/run/next-fire.ts';
import { aSchedule, desiredOf, observedOf } from '../../../support/schedules.ts';
import { worldOf } from '../../../support/world.ts';

// Around these only: where all tests run as one file, others have the real clock.
describe('while a write is slow', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  /** A door of which only pauses are used. */
  function door(store: (name: string) => Promise<void>): ReturnType<typeof noticingSlow> {
    const pause = async (name: string): ReturnType<StepWriter['pause']> => {
      await store(name);
      return succeed(null);
    };
    return noticingSlow({ pause } as StepWriter, Date.now);
  }

  it.each<[string, number, readonly string[], readonly [from: number, to: number][]]>([
    ['quick', 1400, ['a'], []],
    ['slow', 2000, ['a'], [[1400, 2000]]],
    ['without an answer', 30_000, ['a'], [[1400, 4200]]],
    ['of a server that takes 200 ms at best', 2000, ['quick', 'a'], [[1800, 2200]]],
  ])('a write is slow: %s', async (_case, takes, names, expected) => {
    const { writer, isOneSlow } = door((name) => sleep(name === 'quick' ? 200 : takes));
    const all = onEach(
      names,
      1,
      () => false,
      async (name) => {
        await writer.pause(name);
      },
    );
    const slow: [number, number][] = [];
    let wasSlow = false;
    for (; Date.now() < 31_000; await vi.advanceTimersByTimeAsync(100)) {
      if (isOneSlow() !== wasSlow) {
        if (wasSlow) (slow.at(-1) as [number, number])[1] = Date.now();
        else slow.push([Date.now(), Number.NaN]);
      }
      wasSlow = isOneSlow();
    }
    await all;
    expect(slow).toEqual(expected);
  });

  /**
   * One save at a time gets in. That of `first` sleeps for 100 ms when it finds another one there, then for 200, and so on,
   * as on SQLite; the others wait in line.
   */
  function crowdedServer() {
    const stored = new Map<string, ObservedSchedule>();
    const looks: [name: string, at: number][] = [];
    let inLine = 0;
    let last: Promise<void> = Promise.resolve();
    let took = 0;
    const save: StepWriter['save'] = async ({ name }) => {
      const begun = Date.now();
      if (name === 'first') for (let nap = 100; inLine > 0 || nap === 100; nap *= 2) await sleep(nap);
      inLine += 1;
      last = last.then(() => sleep(5));
      await last;
      inLine -= 1;
      const one = observedOf(aSchedule({ name }));
      stored.set(name, one);
      if (name === 'first') took = Date.now() - begun;
      return succeed(one);
    };
    return {
      writer: { save } as StepWriter,
      reader: {
        get: async (name: string) => {
          looks.push([name, Date.now()]);
          return succeed(stored.get(name) ?? null);
        },
        list: async () => succeed({ schedules: [...stored.values()] }),
      },
      looks,
      took: () => took,
    };
  }

  it.each([
    ['to its end', false, 1000, 1505],
    ['that is stopped', true, 295, 1505],
  ])(
    'an apply lets a write get through that others keep away: %s',
    async (_case, isStopped, done, slowest) => {
      const names = ['first', ...Array.from({ length: 999 }, (_, index) => `n${index}`)];
      const world = worldOf({ serverType: 'oss-2' });
      const plan = await world.plan(names.map((name) => desiredOf(aSchedule({ name }))));
      const { writer, reader, looks, took } = crowdedServer();
      const begun = Date.now();
      const running = apply(plan, {
        reader: reader as never,
        writer,
        capabilities: serverTypes['oss-2'].capabilities,
        parallelism: 16,
        failFast: false,
        maxRetries: 0,
        retryDelay: () => 0,
        now: Date.now,
        wait: sleep,
        stopped: () => isStopped && Date.now() - begun >= 1450,
        counts: () => ({ reads: 0, writes: 0, retries: 0 }),
        ...fireTiming,
      });
      await vi.runAllTimersAsync();
      const { counts, steps } = await running;
      expect(took()).toBe(slowest);
      expect(steps).toHaveLength(1000);
      expect({ done: counts.done, notRun: counts.notRun }).toEqual({ done, notRun: 1000 - done });
      // No schedule is looked at, and none written, while one write is slow.
      expect(looks.filter(([, at]) => at >= 1400 && at < 1505)).toEqual([]);
    },
  );
});
