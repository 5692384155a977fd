import { createScheduler } from '../src/scheduler/core.ts';
import { serve } from '../src/scheduler/serve.ts';
import { wireSchedule } from './generate.ts';

/**
 * A program: the local scheduler, 20 ms away, with so many schedules (its argument). Over its IPC channel it tells its
 * URL, and on every message what it was asked since the last one, as `METHOD /path?query`.
 */
const fleet = { count: Number(process.argv[2]), tagEvery: 0 };
const schedules = Array.from({ length: fleet.count }, (_, index) => ({
  ...wireSchedule(index, fleet, 'oss'),
  createTime: Date.now() - 3_600_000,
  updatedTime: Date.now() - 3_600_000,
}));
let asked: string[] = [];
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
      asked.push(`${request.method} ${request.path}${request.query === '' ? '' : `?${request.query}`}`);
      return scheduler.handle(request);
    },
  },
  { host: '127.0.0.1', port: 0, latencyMs: 20 },
);
process.on('message', () => {
  process.send?.({ asked });
  asked = [];
});
process.on('disconnect', () => process.exit());
process.send?.({ url: `${served.url}/api` });
