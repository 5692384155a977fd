import { apply } from '../../src/apply/apply.ts';
import type { ApplyOptions } from '../../src/apply/options.ts';
import type { Credentials } from '../../src/conductor/auth.ts';
import { type Connection, connect } from '../../src/conductor/connect.ts';
import type { Transport } from '../../src/http/transport.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Capabilities, Failure } from '../../src/model/port.ts';
import type { ApplyResult } from '../../src/model/result.ts';
import { openPolicy, type Policy } from '../../src/model/run-policy.ts';
import type { DesiredSchedule, ObservedSchedule } from '../../src/model/schedule.ts';
import { fireTiming } from '../../src/run/next-fire.ts';
import { createScheduler, type Scheduler, type SchedulerOptions } from '../../src/scheduler/core.ts';
import type { Effect } from '../../src/scheduler/journal.ts';
import { serverTypes } from '../../src/scheduler/server-types.ts';
import { inProcess } from './in-process.ts';
import { planAgainst } from './plan-against.ts';
import { type TestClock, testClock } from './scheduler.ts';

export interface WorldOptions extends Omit<SchedulerOptions, 'now' | 'journal'> {
  /** Tell the client what the server is, instead of letting it find out. */
  readonly configured?: boolean;
  /** `null` = none. Default: a key for Orkes, none for the others. */
  readonly credentials?: Credentials | null;
  /** What stands between the client and the server. Default: nothing. */
  readonly gateway?: (scheduler: Scheduler) => Scheduler['handle'];
  readonly maxRetries?: number;
  /** Default: no owner. */
  readonly policy?: Policy;
  readonly parallelism?: number;
}

/** What one run of `apply` came to; a failure to read or to plan ends it before. */
export type Run =
  | { readonly kind: 'applied'; readonly plan: Plan; readonly result: ApplyResult }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Everything that happened at the server, in order: requests as they came in, effects as they took place. */
export type WorldEvent =
  | { readonly kind: 'request'; readonly method: string; readonly path: string }
  | { readonly kind: 'effect'; readonly effect: Effect };

/**
 * The local scheduler and the real client, planner and executor around it, without real time: waiting moves the
 * clock, and the scheduler fires on it.
 */
export interface World {
  readonly scheduler: Scheduler;
  readonly clock: TestClock;
  readonly events: readonly WorldEvent[];
  plan(desired: readonly DesiredSchedule[]): Promise<Plan>;
  /** A schedule as the client reads it. */
  observe(name: string): Promise<ObservedSchedule>;
  /** Carries out a plan that was made before. */
  apply(plan: Plan, options?: { readonly failFast?: boolean }): Promise<ApplyResult>;
  /** Plan and apply. `stopAfter` interrupts when so many requests have come in. */
  run(desired: readonly DesiredSchedule[], stopAfter?: number): Promise<Run>;
}

const anyKey: Credentials = { kind: 'key', key: 'k', secret: 's' };

/** A world without HTTP, or, with `http`, the way to one: put `scheduler` on a port and give its transport and URL. */
export function worldOf(
  options: WorldOptions,
  http?: (scheduler: Scheduler) => { readonly transport: Transport; readonly url: string },
): World {
  const clock = testClock();
  const events: WorldEvent[] = [];
  let onRequest: () => void = () => undefined;
  const inner = createScheduler({
    acceptAnyWorkflow: true,
    ...options,
    now: clock.now,
    journal: (effect) => events.push({ kind: 'effect', effect }),
  });
  const scheduler: Scheduler = {
    ...inner,
    handle(request) {
      events.push({ kind: 'request', method: request.method, path: request.path });
      onRequest();
      return inner.handle(request);
    },
  };
  const reached = { ...scheduler, handle: options.gateway?.(scheduler) ?? scheduler.handle };
  const { transport, url } = http?.(scheduler) ?? { transport: inProcess(reached), url: 'http://local' };
  const orkesKey = serverTypes[options.serverType].routes.token.length > 0 ? anyKey : null;
  const {
    serverType,
    configured = false,
    credentials = orkesKey,
    maxRetries = 3,
    parallelism = 4,
    policy = openPolicy,
  } = options;
  const wait = async (milliseconds: number): Promise<void> => clock.advance(milliseconds, scheduler.tick);

  const open = (signal: AbortSignal): Connection =>
    connect({
      url,
      transport,
      ...(credentials === null ? {} : { credentials }),
      ...(configured ? { serverType } : {}),
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
    events,
    async plan(desired) {
      const planned = await planAgainst(open(new AbortController().signal), desired, policy, clock.now);
      if (!planned.ok) throw new Error(JSON.stringify(planned.failure));
      return planned.plan;
    },
    async observe(name) {
      const found = await open(new AbortController().signal).reader.get(name);
      if (!found.ok || found.value === null) throw new Error(`there is no ${name}`);
      return found.value;
    },
    async apply(plan, { failFast = false } = {}) {
      const connection = open(new AbortController().signal);
      const server = await connection.reader.identify({ tellsAge: true });
      if (!server.ok) throw new Error(JSON.stringify(server.failure));
      return carryOut(plan, connection, server.value.capabilities, { failFast });
    },
    async run(desired, stopAfter = Number.POSITIVE_INFINITY) {
      const interruption = new AbortController();
      let sent = 0;
      onRequest = () => {
        sent += 1;
        if (sent >= stopAfter) interruption.abort();
      };
      const connection = open(interruption.signal);
      const planned = await planAgainst(connection, desired, policy, clock.now);
      if (!planned.ok) return { kind: 'failed', failure: planned.failure };
      const { plan, observed } = planned;
      const result = await carryOut(plan, connection, observed.server.capabilities, {
        stopped: () => interruption.signal.aborted,
      });
      return { kind: 'applied', plan, result };
    },
  };

  function carryOut(
    plan: Plan,
    { reader, writer, counts, retryDelay }: Connection,
    capabilities: Capabilities,
    more: Partial<ApplyOptions>,
  ): Promise<ApplyResult> {
    return apply(plan, {
      reader,
      writer,
      counts,
      capabilities,
      parallelism,
      maxRetries,
      retryDelay,
      failFast: false,
      now: clock.now,
      wait,
      ...fireTiming,
      stopped: () => false,
      ...more,
    });
  }
}
