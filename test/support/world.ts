import { apply } from '../../src/apply/apply.ts';
import { nextFireOf } from '../../src/commands/fires.ts';
import { planAgainst } from '../../src/commands/stages.ts';
import { type Connection, connect } from '../../src/conductor/connect.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Failure } from '../../src/model/port.ts';
import type { ApplyResult } from '../../src/model/result.ts';
import type { DesiredSchedule } from '../../src/model/schedule.ts';
import { createScheduler, type Scheduler, type SchedulerOptions } from '../../src/scheduler/core.ts';
import type { Effect } from '../../src/scheduler/journal.ts';
import { inProcess } from './in-process.ts';
import { type TestClock, testClock } from './scheduler.ts';

export interface WorldOptions extends Omit<SchedulerOptions, 'now' | 'journal'> {
  readonly maxRetries?: number;
  readonly parallelism?: number;
}

/** What one run of `apply` came to; a failure to read or to plan ends it before. */
export type Run =
  | { readonly kind: 'applied'; readonly plan: Plan; readonly result: ApplyResult }
  | { readonly kind: 'failed'; readonly failure: Failure };

/**
 * The local scheduler and the real client, planner and executor around it, without HTTP and without real time:
 * waiting moves the clock, and the scheduler fires on it.
 */
export interface World {
  readonly scheduler: Scheduler;
  readonly clock: TestClock;
  /** Everything that happened to the scheduler's state. */
  readonly journal: readonly Effect[];
  /** `METHOD /path` of each request, in order. */
  readonly requests: readonly string[];
  plan(desired: readonly DesiredSchedule[]): Promise<Plan>;
  /** Plan and apply. `stopAfter` interrupts when so many requests have been sent. */
  run(desired: readonly DesiredSchedule[], stopAfter?: number): Promise<Run>;
}

export function worldOf(options: WorldOptions): World {
  const clock = testClock();
  const journal: Effect[] = [];
  const requests: string[] = [];
  const scheduler = createScheduler({
    acceptAnyWorkflow: true,
    ...options,
    now: clock.now,
    journal: (effect) => journal.push(effect),
  });
  const { maxRetries = 3, parallelism = 4 } = options;
  const wait = async (milliseconds: number): Promise<void> => clock.advance(milliseconds, scheduler.tick);

  const open = (signal: AbortSignal, onRequest: () => void = () => undefined): Connection =>
    connect({
      url: 'http://local/api',
      ...(options.behaviour.startsWith('orkes')
        ? { credentials: { kind: 'key', key: 'k', secret: 's' } as const }
        : {}),
      transport: inProcess(scheduler, (line) => {
        requests.push(line);
        onRequest();
      }),
      maxRetries,
      parallelism,
      now: clock.now,
      random: () => 0.5,
      wait,
      signal,
    });

  return {
    scheduler,
    clock,
    journal,
    requests,
    async plan(desired) {
      const planned = await planAgainst(open(new AbortController().signal), desired, clock.now);
      if (!planned.ok) throw new Error(JSON.stringify(planned.failure));
      return planned.plan;
    },
    async run(desired, stopAfter = Number.POSITIVE_INFINITY) {
      const interruption = new AbortController();
      let sent = 0;
      const connection = open(interruption.signal, () => {
        sent += 1;
        if (sent >= stopAfter) interruption.abort();
      });
      const planned = await planAgainst(connection, desired, clock.now);
      if (!planned.ok) return { kind: 'failed', failure: planned.failure };
      const { plan, observed } = planned;
      const result = await apply(plan, {
        reader: connection.reader,
        writer: connection.writer,
        capabilities: observed.server.capabilities,
        seen: { schedules: observed.schedules, at: observed.at },
        parallelism,
        failFast: false,
        maxRetries,
        now: clock.now,
        wait,
        nextFire: nextFireOf,
        stopped: () => interruption.signal.aborted,
        counts: connection.counts,
      });
      return { kind: 'applied', plan, result };
    },
  };
}
