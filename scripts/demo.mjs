// A walk through everything against a local Conductor scheduler: validate → policies → plan → apply → no changes → somebody
// pauses and edits by hand → drift → apply; then a schedule that died in silence: status → audit → show → repair. Starts what it needs on a free loopback port and leaves nothing behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cli = join(root, 'dist', 'cli.cjs');
const workplace = mkdtempSync(join(tmpdir(), 'downbeat-demo-'));
const schedules = join(workplace, 'schedules');

const rushed = `name: order_settlement_rush
description: Book what the sale brought
cronExpression: "0 0,5 2 * * ?"
zoneId: Europe/Berlin
startWorkflowRequest: {name: settle_orders}
tags: {team: payments, environment: production}
`;

// A CONDUCTOR_* variable that somebody exported names a real server: the demo must never see it.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('CONDUCTOR_')),
);

let server;
let stopped = false;
const stop = () => {
  stopped = true;
  server?.kill('SIGTERM');
};
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);

try {
  await node(['scripts/build.mjs', '--no-types'], { cwd: root, quiet: true });
  cpSync(join(root, 'examples', 'schedules'), schedules, { recursive: true });
  for (const file of ['downbeat.yaml', 'policies.yaml'])
    cpSync(join(root, 'examples', file), join(workplace, file));
  const url = await serve();

  await step('Twelve schedules of a shop. Are they sound?', ['validate', 'schedules'], 0);
  await step('The shop has rules of its own. Who keeps them?', ['policies'], 0, /^ {0,4}\S/);
  say('Somebody wants to settle twice more at night, while the ledger is read-only.');
  const rush = join(schedules, 'payments', 'rush.yaml');
  writeFileSync(rush, rushed);
  await step('The policies say no, with the proof.', ['validate', 'schedules'], 1);
  rmSync(rush);
  await step(
    'What would be done on a server that has none of them?',
    ['plan', 'schedules'],
    0,
    /^([+]|Plan:)/,
  );
  await step('Do it.', ['apply', 'schedules', '--yes'], 0, /^(Plan|Applied):/);
  await step('And again: nothing to do, no request but the list.', ['plan', 'schedules'], 0);

  await step(
    'Whoever is on call stops the settlement, at once.',
    ['pause', 'order_settlement_nightly', '--reason', 'Ledger is down, INC-4711'],
    0,
  );
  say('And somebody else edits the stock sync.');
  const path = `${url}/scheduler/schedules`;
  const stock = await (await call('GET', `${path}/stock_sync`)).json();
  stock.startWorkflowRequest.priority = 99;
  delete stock.description;
  await call('POST', `${path}`, stock);

  await step('How is everything?', ['status'], 0);
  await step('Is the server still as the manifests say?', ['drift', 'schedules'], 2);
  await step(
    'Apply brings the edit back. The pause is an operator’s, no manifest speaks of it: it stays.',
    ['apply', 'schedules', '--yes'],
    0,
  );
  await step('What is left is shown, and is no drift.', ['drift', 'schedules'], 0);

  say('Another morning, another server. A process was killed in the middle of a save last night.');
  server.kill('SIGTERM');
  const data = join(workplace, 'last-night.data');
  writeFileSync(data, lastNight(Date.now()));
  await serve('--data', data);
  for (const path of [schedules, join(workplace, 'downbeat.yaml')]) rmSync(path, { recursive: true });
  await step('The settlement should have run. Did it?', ['status'], 0);
  await step('Which fires are missing, and why?', ['audit', '--since', '12h', '--exit-code'], 2);
  await step('Everything about it on one page.', ['show', 'order_settlement'], 0);
  await step('Its timer is gone: set a new one.', ['audit', 'order_settlement', '--repair', '--yes'], 0);
  await step('It waits for its next fire again.', ['status', 'order_settlement'], 0);
  say('That was all. For your own server, see "Put an existing server under Git" in README.md.');
} catch (error) {
  if (!stopped) {
    console.error(`\nThe demo broke: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
} finally {
  server?.kill('SIGTERM');
  rmSync(workplace, { recursive: true, force: true });
  if (stopped) process.exitCode = 130;
}

/** Starts the local scheduler and makes it the one that every command asks. */
async function serve(...options) {
  server = spawn(process.execPath, [cli, 'serve', '--port', '0', ...options], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const url = await firstUrl(server.stdout);
  env.CONDUCTOR_SERVER_URL = url;
  return url;
}

/** What `serve --data` keeps: a day with runs every quarter of an hour, and a settlement without a timer since midnight. */
function lastNight(now) {
  const hour = 3_600_000;
  const saved = now - 30 * hour;
  const schedule = (name, cronExpression, workflow) => ({
    name,
    cronExpression,
    zoneId: 'UTC',
    startWorkflowRequest: { name: workflow, input: { region: 'eu-1' }, taskToDomain: {}, priority: 0 },
    ...{ runCatchupScheduleInstances: false, paused: false, cronSchedules: [] },
    ...{ createTime: saved, updatedTime: saved, createdBy: '', updatedBy: '' },
  });
  const stock = schedule('stock_sync', '0 */15 * * * ?', 'sync_stock');
  const settlement = schedule('order_settlement', '0 0 * * * ?', 'settle_orders');
  const quarter = Math.ceil(now / (hour / 4)) * (hour / 4);
  const timer = {
    entry: { cronExpression: '0 */15 * * * ?', zoneId: 'UTC' },
    at: quarter,
    notBefore: quarter,
  };
  const runs = [];
  for (let at = Math.ceil(saved / (hour / 4)) * (hour / 4); at <= now; at += hour / 4)
    for (const { name, startWorkflowRequest } of [
      stock,
      ...(at % hour === 0 && at < now - 5 * hour ? [settlement] : []),
    ])
      runs.push({
        executionId: `${name}-${at}`,
        scheduleName: name,
        ...{ scheduledTime: at, executionTime: at + 400, state: 'EXECUTED', zoneId: 'UTC' },
        ...{ workflowName: startWorkflowRequest.name, workflowId: `run-of-${at}`, startWorkflowRequest },
      });
  return [
    { format: 2, kind: 'scheduler data', serverType: 'oss-2', version: '3.32.1', backEnd: 'sqlite' },
    [{ kind: 'schedule', schedule: stock, timers: [timer] }],
    [{ kind: 'schedule', schedule: settlement, timers: [] }],
    ...runs.map((execution) => [{ kind: 'execution', execution }]),
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}

function say(text) {
  console.log(`\n\u2500\u2500 ${text}`);
}

async function step(text, args, expected, only) {
  if (stopped) throw new Error('interrupted');
  say(text);
  console.log(
    `$ downbeat ${args.map((word) => (word.includes(' ') ? JSON.stringify(word) : word)).join(' ')}`,
  );
  const code = await node([cli, ...args], { cwd: workplace, only });
  if (code !== expected) throw new Error(`downbeat ${args[0]} ended with ${code}, expected ${expected}`);
}

/** Runs a Node program. `only` shows the lines that match, and says how many others there are. */
async function node(args, { cwd, quiet = false, only }) {
  const child = spawn(process.execPath, args, {
    cwd,
    env,
    stdio: ['ignore', quiet || only ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
  });
  let left = 0;
  if (only) {
    for await (const line of createInterface({ input: child.stdout })) {
      if (only.test(line)) console.log(line);
      else left += 1;
    }
  }
  const errors = [];
  child.stderr?.on('data', (chunk) => errors.push(chunk));
  const [code] = child.exitCode === null ? await once(child, 'close') : [child.exitCode];
  if (left > 0) console.log(`(and ${left} lines more)`);
  if (quiet && code !== 0) throw new Error(`${args[0]} ended with ${code}: ${Buffer.concat(errors)}`);
  return code;
}

async function firstUrl(stream) {
  for await (const line of createInterface({ input: stream })) {
    const match = /http:\/\/127\.0\.0\.1:\d+\/api/.exec(line);
    if (match) return match[0];
  }
  throw new Error('the local scheduler did not start');
}

async function call(method, url, body) {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${new URL(url).pathname} answered ${answer.status}`);
  return answer;
}
