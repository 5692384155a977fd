import type { Scheduler, SchedulerOptions } from '../core.ts';
import { createScheduler } from '../core.ts';
import type { WireRequest, WireResponse } from '../wire.ts';
import { type LoggedRequest, requestLog } from './request-log.ts';
import { type FaultsOptions, type SwitchableFaults, switchableFaults } from './switchable-faults.ts';

/** A scheduler whose clock can be moved on, with the requests that it got and faults to switch on. */
export type LocalServer = Pick<Scheduler, 'handle' | 'tick'> & {
  /** The scheduler of now; another one after `reset`. */
  scheduler(): Scheduler;
  readonly faults: SwitchableFaults;
  /** Epoch milliseconds. */
  now(): number;
  /** By how much `advance` has moved the clock. */
  ahead(): number;
  /** Only `advance` moves the clock. */
  readonly isStopped: boolean;
  /**
   * Moves the clock on and starts every fire on the way at its own time. Returns how many there were. Throws for
   * what is not a span of time.
   */
  advance(ms: number): number;
  /** The last of the requests, in order of their arrival. */
  requests(): readonly LoggedRequest[];
  /** How many there were in all. */
  requestCount(): number;
  /** As at the start: no schedules but the first ones, no runs, no requests, the first faults, the first time. */
  reset(): void;
};

export type LocalOptions = Omit<SchedulerOptions, 'now' | 'fault' | 'failsRun'> &
  FaultsOptions & {
    /** Epoch milliseconds; moved on by what `advance` adds. */
    readonly now: () => number;
    /** By how many milliseconds the clock was moved before. Default: 0. */
    readonly ahead?: number;
    /** `now` always gives the same time. Default: false. */
    readonly isStopped?: boolean;
    /** Requests that are remembered. */
    readonly mostRequests: number;
  };

export function localServer({
  now: clock,
  isStopped = false,
  ahead: movedBefore = 0,
  mostRequests,
  ...options
}: LocalOptions): LocalServer {
  let ahead = movedBefore;
  const now = (): number => clock() + ahead;
  const faults = switchableFaults(options);
  const log = requestLog(mostRequests);
  const create = (): Scheduler =>
    createScheduler({ ...options, now, fault: faults.plan, failsRun: faults.failsRun });
  let scheduler = create();
  return {
    scheduler: () => scheduler,
    faults,
    now,
    ahead: () => ahead,
    isStopped,
    handle(request: WireRequest): WireResponse {
      const at = now();
      const response = scheduler.handle(request);
      log.add(at, request, response, faults.last());
      return response;
    },
    tick: () => scheduler.tick(),
    advance(ms) {
      if (!Number.isFinite(ms) || ms < 0) throw new RangeError('time moves on by 0 milliseconds or more');
      // Not a time: the clock of the machine goes on in the meantime.
      const target = ahead + ms;
      let fired = 0;
      for (;;) {
        const due = scheduler.nextDue() - clock();
        if (due > target) break;
        ahead = Math.max(ahead, due);
        const started = scheduler.tick();
        fired += started;
        // A lower bound that was too low is corrected by the tick; one that stays will not pass.
        if (started === 0 && scheduler.nextDue() <= now()) break;
      }
      ahead = target;
      fired += scheduler.tick();
      options.keep?.([{ kind: 'clock', ahead }]);
      return fired;
    },
    requests: log.all,
    requestCount: log.count,
    reset() {
      ahead = 0;
      faults.reset();
      log.clear();
      scheduler = create();
    },
  };
}
