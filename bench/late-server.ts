import { createScheduler } from '../src/scheduler/core.ts';
import { serve } from '../src/scheduler/serve.ts';
import { wireSchedule } from './generate.ts';

/**
 * A program: the local scheduler, 20 ms away, with so many schedules (its argument). Over its IPC channel it tells its
 * URL, and on every message what it was asked since the last one, as `METHOD /path?query`, in waves: what came before the
 * first one of a wave was answered cannot have waited for an answer of it.
 */
const latencyMs = 20;
const fleet = { count: Number(process.argv[2]), tagEvery: 0 };
const schedules = Array.from({ length: fleet.count }, (_, index) => ({
  ...wireSchedule(index, fleet, 'oss'),
  createTime: Date.now() - 3_600_000,
  updatedTime: Date.now() - 3_600_000,
}));
let waves: string[][] = [];
let answersFrom = 0;
const scheduler = createScheduler({
  serverType: 'oss-2',
  now: Date.now,
  acceptAnyWorkflow: true,
  initial: { schedules: schedules, executions: [] },
});
const served = await serve(
  {
    tick: scheduler.tick,
    handle: (request) => {
      if (performance.now() >= answersFrom) {
        waves.push([]);
        answersFrom = performance.now() + latencyMs;
      }
      waves
        .at(-1)
        ?.push(`${request.method} ${request.path}${request.query === '' ? '' : `?${request.query}`}`);
      return scheduler.handle(request);
    },
  },
  { host: '127.0.0.1', port: 0, latencyMs },
);
process.on('message', () => {
  process.send?.({ waves });
  [waves, answersFrom] = [[], 0];
});
process.on('disconnect', () => process.exit());
process.send?.({ url: `${served.url}/api` });
