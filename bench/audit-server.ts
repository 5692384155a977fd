import type { JsonObject } from '../src/model/json.ts';
import { createScheduler } from '../src/scheduler/core.ts';
import type { Execution } from '../src/scheduler/run-history.ts';
import { serve } from '../src/scheduler/serve.ts';

/**
 * A program: the local scheduler with a long day behind it, over whose IPC channel it tells its URL and what is to be
 * found. 1,000 schedules that fire every five minutes and 1,000 every two hours make 300,000 fires in 24 hours; of
 * every hundredth schedule one fire has no run.
 */
const hour = 3_600_000;
const day = 24 * hour;
const many = 1000;
const now = Date.now();
const saved = now - 30 * day;

const schedules: JsonObject[] = [];
const executions: Execution[] = [];
let missed = 0;

function add(name: string, cronExpression: string, everyMs: number, gap: boolean): void {
  const startWorkflowRequest = {
    name: 'order_processing',
    input: { source: 'scheduled', batchSize: 100, region: 'eu-1' },
    taskToDomain: {},
    priority: 0,
  };
  schedules.push({
    name,
    cronExpression,
    zoneId: 'UTC',
    startWorkflowRequest,
    runCatchupScheduleInstances: false,
    paused: false,
    createTime: saved,
    updatedTime: saved,
    createdBy: '',
    updatedBy: '',
    cronSchedules: [],
  });
  const first = Math.ceil((now - day) / everyMs) * everyMs;
  let left = gap ? 5 : -1;
  for (let at = first; at < now; at += everyMs) {
    left -= 1;
    if (left === 0) {
      missed += 1;
      continue;
    }
    const id = executions.length.toString(16).padStart(12, '0');
    executions.push({
      executionId: `00000000-0000-4000-8000-${id}`,
      scheduleName: name,
      scheduledTime: at,
      executionTime: at + (executions.length % 1300),
      workflowName: 'order_processing',
      workflowId: `10000000-0000-4000-8000-${id}`,
      startWorkflowRequest,
      state: 'EXECUTED',
      zoneId: 'UTC',
    });
  }
}

for (let index = 0; index < many; index += 1) {
  add(`often_${index}`, '0 */5 * * * ?', 300_000, index % 100 === 0);
  add(`seldom_${index}`, '0 0 */2 * * ?', 2 * hour, index % 100 === 0);
}
executions.sort((a, b) => a.executionTime - b.executionTime);

const scheduler = createScheduler({
  serverType: 'oss-2',
  now: Date.now,
  acceptAnyWorkflow: true,
  initial: { schedules, executions },
});
const served = await serve(scheduler, { host: '127.0.0.1', port: 0 });
process.on('disconnect', () => process.exit());
process.send?.({ url: `${served.url}/api`, missed, runs: executions.length });
