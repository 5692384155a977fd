import type { JsonObject } from '../../src/model/json.ts';
import { createScheduler, type Scheduler, type SchedulerOptions } from '../../src/scheduler/core.ts';
import { type Served, serve } from '../../src/scheduler/serve.ts';
import type { WireRequest, WireResponse } from '../../src/scheduler/wire.ts';

/** A clock that stands until it is moved. */
export interface TestClock {
  now(): number;
  /** Moves on by so many milliseconds, in steps that let every second be ticked on its own. */
  advance(ms: number, tick?: () => void): void;
  /** Moves on at once: what would have happened meanwhile happens late. */
  jump(ms: number): void;
}

/** Begins at 2026-11-23T12:00:00Z, a Monday, unless told otherwise. */
export function testClock(start: number = Date.UTC(2026, 10, 23, 12)): TestClock {
  let at = start;
  return {
    now: () => at,
    jump(ms) {
      at += ms;
    },
    advance(ms, tick = () => undefined) {
      const end = at + ms;
      while (at < end) {
        at = Math.min(end, at + 100);
        tick();
      }
    },
  };
}

/** A scheduler with a clock of its own that moves only by `advance`, which lets it fire. */
export interface TestScheduler extends Scheduler {
  readonly clock: TestClock;
  advance(ms: number): void;
  /** A request without HTTP: `path` may carry a query, `body` is written as JSON unless it is text. */
  ask(method: string, path: string, body?: unknown, headers?: WireRequest['headers']): WireResponse;
}

export function testScheduler(options: Partial<SchedulerOptions> = {}): TestScheduler {
  const clock = testClock();
  const scheduler = createScheduler({ serverType: 'oss-2', now: clock.now, ...options });
  return {
    ...scheduler,
    clock,
    advance: (ms) => clock.advance(ms, scheduler.tick),
    ask: (method, path, body, headers) => scheduler.handle(wireRequest(method, path, body, headers)),
  };
}

export function wireRequest(
  method: string,
  path: string,
  body?: unknown,
  headers: WireRequest['headers'] = {},
): WireRequest {
  const [raw = '', query = ''] = path.split('?');
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const type = text === undefined ? {} : { 'content-type': 'application/json' };
  return {
    method,
    path: raw,
    query,
    headers: { ...type, ...headers },
    ...(text === undefined ? {} : { body: text }),
  };
}

/** A scheduler on a free port of 127.0.0.1. */
export function serveLocal(scheduler: Scheduler, latencyMs = 0): Promise<Served> {
  return serve(scheduler, { host: '127.0.0.1', port: 0, latencyMs });
}

/** The smallest body that a save accepts, and what is written over it. */
export function scheduleBody(name: string, over: JsonObject = {}): JsonObject {
  return { name, cronExpression: '0 0 9 * * ?', startWorkflowRequest: { name: 'wf' }, ...over };
}
