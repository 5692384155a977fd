import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { isObject, type Json, type JsonObject, parseJson } from '../../src/model/json.ts';
import { createScheduler } from '../../src/scheduler/core.ts';
import type { Execution } from '../../src/scheduler/run-history.ts';
import { type Served, serve } from '../../src/scheduler/serve.ts';
import { differencesOf, settle } from './compare.ts';
import { type Line, openLine, type RawAnswer } from './exchange.ts';
import { known } from './known.ts';
import { anyRequest, bytesOf, type FuzzRequest, operations } from './requests.ts';

const count = Number(process.env.DOWNBEAT_FUZZ_REQUESTS ?? 5000);
/** The first requests of a seed are left out, so that many can be had in parts. */
const from = Number(process.env.DOWNBEAT_FUZZ_FROM ?? 0);
const seed = Number(process.env.DOWNBEAT_FUZZ_SEED ?? Date.now() % 2 ** 31);

const { url } = inject('realServer');
let real: Line;
let local: Line;
let served: Served;

const plain = (method: string, target: string, body?: JsonObject): FuzzRequest => ({
  operation: 'set-up',
  method,
  target,
  headers: body === undefined ? [] : ['Content-Type: application/json'],
  ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
});

function jsonOf(answer: RawAnswer): Json {
  const parsed = parseJson(answer?.body.toString('utf8') ?? '');
  if (!parsed.ok) throw new Error(`The real server answered no JSON: ${parsed.why}`);
  return parsed.value;
}

async function askReal(method: string, target: string, body?: JsonObject): Promise<Json> {
  const answer = await real.send(bytesOf(plain(method, target, body)), false);
  expect(answer?.status, `${method} ${target}`).toBe(200);
  return answer?.body.length === 0 ? null : jsonOf(answer);
}

const histories: readonly (readonly [name: string, workflow: string])[] = [
  ['ha', 'done'],
  ['hb', 'done'],
  ['hc', 'undefined'],
];

const patience = 60;

/** Asks once a second. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let second = 0; second < patience; second += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error(`After ${patience} s it is still not so that ${what}.`);
}

/** Past runs of the real server, some of them failed; the local one gets the same. */
async function makeHistory(): Promise<readonly JsonObject[]> {
  await askReal('GET', '/api/scheduler/admin/resume');
  const task = { name: 's', taskReferenceName: 's', type: 'SET_VARIABLE', inputParameters: { x: 1 } };
  await askReal('POST', '/api/metadata/workflow?overwrite=true', {
    name: 'done',
    version: 1,
    schemaVersion: 2,
    tasks: [task],
  });
  for (const [name, workflow] of histories)
    await askReal('POST', '/api/scheduler/schedules', {
      name,
      cronExpression: '* * * * * ?',
      startWorkflowRequest: { name: workflow, input: { n: 1 } },
    });
  const found = async (): Promise<readonly JsonObject[]> => {
    const page = await askReal('GET', '/api/scheduler/search/executions?sort=scheduledTime:ASC');
    return isObject(page) && Array.isArray(page.results) ? (page.results as readonly JsonObject[]) : [];
  };
  await until('there are past runs', async () => (await found()).length > 8);
  for (const [name] of histories) await askReal('PUT', `/api/scheduler/schedules/${name}/pause`);
  for (const [name] of histories) await askReal('DELETE', `/api/scheduler/schedules/${name}`);
  // A fire that was under way is recorded, too.
  let before = -1;
  await until('the fires are over', async () => {
    const count = (await found()).length;
    const isStill = count === before;
    before = count;
    return isStill;
  });
  await askReal('DELETE', '/api/metadata/workflow/done/1');
  return found();
}

/** Removes what the requests have left, so that one difference is not the cause of the next. */
async function reset(): Promise<void> {
  const both = (request: FuzzRequest) =>
    Promise.all([real, local].map((line) => line.send(bytesOf(request), false)));
  for (const answer of await both(plain('GET', '/api/scheduler/schedules')))
    for (const { name } of JSON.parse(String(answer?.body)) as readonly { readonly name: string }[])
      await both(plain('DELETE', `/api/scheduler/schedules/${encodeURIComponent(name)}`));
  for (const answer of await both(plain('GET', '/api/metadata/workflow')))
    for (const { name, version } of JSON.parse(String(answer?.body)) as readonly {
      name: string;
      version: number;
    }[])
      await both(plain('DELETE', `/api/metadata/workflow/${encodeURIComponent(name)}/${version}`));
}

beforeAll(async () => {
  real = openLine(Number(new URL(url).port));
  const executions = (await makeHistory()) as unknown as readonly Execution[];
  const scheduler = createScheduler({ serverType: 'oss-2', now: Date.now, initial: { executions } });
  served = await serve(scheduler, { host: '127.0.0.1', port: 0 });
  local = openLine(served.port);
  await reset();
});
afterAll(async () => {
  await reset();
  // The requests stop and start the polling of the server; it was on.
  await askReal('GET', '/api/scheduler/admin/resume');
  real?.close();
  local?.close();
  await served?.close();
});

it(`${count} requests have the same answers from Conductor and from serve`, async () => {
  console.log(`DOWNBEAT_FUZZ_SEED=${seed} repeats these requests.`);
  const requests = fc.sample(anyRequest, { seed, numRuns: from + count }).slice(from);
  expect(new Set(requests.map(({ operation }) => operation))).toEqual(new Set(operations));
  const unknown: string[] = [];
  const used = new Map<string, number>();
  for (const request of requests) {
    const bytes = bytesOf(request);
    const [theirs, ours] = await Promise.all(
      [real, local].map((line) => line.send(bytes, request.method === 'HEAD')),
    );
    const realAnswer = settle(theirs ?? null);
    const localAnswer = settle(ours ?? null);
    const differences = differencesOf(realAnswer, localAnswer);
    if (differences.length === 0) continue;
    const reason = known.find(({ is }) => is(request, realAnswer, localAnswer))?.reason;
    if (reason === undefined) unknown.push([textOf(bytes), ...differences.slice(0, 3)].join('\n  '));
    else used.set(reason, (used.get(reason) ?? 0) + 1);
    if (request.method !== 'GET') await reset();
  }
  for (const [reason, times] of used) console.log(`${times} times: ${reason}`);
  expect(unknown.slice(0, 60).join('\n\n'), `${unknown.length} differences, seed ${seed}`).toBe('');
});

/** Several values are joined by commas, and the parts between commas are fields, each with a direction after a colon. */
const sorts: readonly string[] = [
  ...['', 'sort', 'sort=', 'sort=%20', 'sort=,', 'sort=,,', 'sort=,state', 'sort=state,', 'sort=,state:ASC'],
  ...['sort=state,,workflowName:ASC', 'sort=%20,%20', 'sort=%20state:ASC%20', 'sort=state%20:%20asc%20'],
  ...['sort=:', 'sort=::', 'sort=:ASC', 'sort=::ASC', 'sort=state:', 'sort=state::', 'sort=state::ASC'],
  ...['sort=state:ASC:DESC', 'sort=,:', 'sort=%20:', 'sort=%20:%20', 'sort=scheduledTime:ASC,:'],
  ...['sort&sort', 'sort=&sort=', 'sort=&sort=state', 'sort=state&sort=', 'sort=x&sort=', 'sort=&sort=x'],
  ...['sort=scheduleName:ASC&sort=state:ASC', 'sort=scheduleName,state&sort=state:ASC', 'sort=,&sort=,'],
  ...[
    'sort=scheduleName,state:ASC&sort=',
    'sort=:&sort=',
    'sort=%20:&sort=x',
    'sort=&sort=:ASC',
    'sort=&sort=:',
  ],
  ...['sort=scheduledTime', 'sort=scheduledTime:asc', 'sort=scheduledtime:ASC', 'sort=executionTime:ASC'],
  ...['sort=executionId:ASC', 'sort=status:ASC', 'sort=workflowType:ASC', 'sort=scheduled_time:ASC'],
  ...['sort=state:ASC,workflowName:DESC,executionTime:ASC', 'sort=%C2%A0state:ASC', 'sort=state:A%C5%BFC'],
  ...['sort=__proto__:ASC', 'sort=constructor', 'SORT=state:ASC', 'sort=state%2CscheduleName:ASC'],
];

it(`${sorts.length} ways to sort past runs have the same answers from Conductor and from serve`, async () => {
  const differ: string[] = [];
  for (const query of sorts)
    for (const part of ['', '&size=3', '&start=2&size=4&query=ha']) {
      const request = {
        ...plain('GET', `/api/scheduler/search/executions?${query}${part}`),
        operation: 'search executions',
      };
      const [theirs, ours] = await Promise.all(
        [real, local].map((line) => line.send(bytesOf(request), false)),
      );
      const [realAnswer, localAnswer] = [settle(theirs ?? null), settle(ours ?? null)];
      const differences = differencesOf(realAnswer, localAnswer);
      if (differences.length > 0 && !known.some(({ is }) => is(request, realAnswer, localAnswer)))
        differ.push([request.target, ...differences.slice(0, 3)].join('\n  '));
    }
  expect(differ.join('\n\n')).toBe('');
});

function textOf(bytes: Buffer): string {
  const text = JSON.stringify(bytes.toString('latin1'));
  return text.length > 1500 ? `${text.slice(0, 1500)}…` : text;
}
