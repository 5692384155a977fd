import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededNumbers } from '../../src/scheduler/random.ts';
import { builtProgram, type Started, start } from '../support/program.ts';

/** `serve --data FILE` as a process that is killed at any moment and started again. */

let program: Awaited<ReturnType<typeof builtProgram>>;
const children = new Set<Started>();
beforeAll(async () => {
  program = await builtProgram();
});
afterAll(async () => {
  for (const { child, ended } of children) {
    child.kill('SIGKILL');
    await ended;
  }
  rmSync(program.folder, { recursive: true });
});

interface Server {
  readonly url: string;
  readonly started: Started;
  kill(): Promise<void>;
}

async function serve(file: string, ...more: readonly string[]): Promise<Server> {
  const started = start(program.path, ['serve', '--port', '0', '--data', file, ...more], {
    cwd: program.folder,
  });
  children.add(started);
  await expect.poll(started.out).toMatch(/answers at/);
  const url = `${/http:\S+/.exec(started.out())?.[0] ?? ''}/scheduler`;
  return {
    url,
    started,
    async kill() {
      started.child.kill('SIGKILL');
      await started.ended;
    },
  };
}

type Json = { readonly [key: string]: unknown };

async function call(url: string, method: string, path: string, body?: unknown): Promise<Response> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return answer;
}

async function list(url: string): Promise<readonly Json[]> {
  return (await (await call(url, 'GET', '/schedules')).json()) as readonly Json[];
}

async function runs(url: string): Promise<readonly Json[]> {
  const found = await call(url, 'GET', '/search/executions?size=-1&sort=scheduledTime:ASC');
  return ((await found.json()) as { readonly results: readonly Json[] }).results;
}

const body = (name: string, more: object = {}): object => ({
  name,
  cronExpression: '0 0 9 * * ?',
  startWorkflowRequest: { name: 'w' },
  ...more,
});
const key = ({ scheduleName, scheduledTime }: Json): string => `${scheduleName} ${scheduledTime}`;

describe.each([1, 2])('killed at random times, seed %i', (seed) => {
  it('has everything that was answered, in order, and no duplicate fire', async () => {
    const random = seededNumbers(seed);
    const file = `random-${seed}.data`;
    /** As the last answers say, last written last; what was in flight at the kill may be either. */
    let known: readonly Json[] = [];
    let seenRuns = new Set<string>();
    for (let life = 0; life < 4; life += 1) {
      const server = await serve(file);
      const there = await list(server.url);
      const names = new Set(there.map(({ name }) => name));
      if (life === 0) {
        expect(there).toEqual([]);
        await call(server.url, 'POST', '/schedules', body('ticks', { cronExpression: '* * * * * *' }));
      } else {
        // One request was in flight, so one schedule at most may differ.
        const strange = known.filter(
          (one) => !there.some((other) => JSON.stringify(one) === JSON.stringify(other)),
        );
        expect(strange.length).toBeLessThanOrEqual(1);
        expect(Math.abs(names.size - known.length)).toBeLessThanOrEqual(1);
        const order = known.filter((one) => !strange.includes(one)).map(({ name }) => name);
        expect(there.map(({ name }) => name).filter((name) => order.includes(name))).toEqual(order);
        const after = (await runs(server.url)).map(key);
        expect(after).toEqual(expect.arrayContaining([...seenRuns]));
        expect(new Set(after).size).toBe(after.length);
      }
      let dead = false;
      const death = new Promise<void>((resolve) => {
        setTimeout(
          () => {
            dead = true;
            void server.kill().then(resolve);
          },
          400 + random() * 900,
        );
      });
      while (!dead) {
        const name = `s${Math.floor(random() * 12)}`;
        const path = `/schedules/${name}`;
        const chance = random();
        try {
          if (chance < 0.5) {
            await call(server.url, 'POST', '/schedules', body(name, { description: String(random()) }));
          } else if (chance < 0.65) await call(server.url, 'PUT', `${path}/pause?reason=${chance}`);
          else if (chance < 0.8) await call(server.url, 'PUT', `${path}/resume`);
          else if (chance < 0.9) await call(server.url, 'DELETE', path);
          else seenRuns = new Set((await runs(server.url)).map(key));
          known = await list(server.url);
        } catch {
          // Killed: what it was doing may be done or not.
          if (!dead) throw new Error('the server went away by itself');
        }
      }
      await death;
    }
    expect(seenRuns.size).toBeGreaterThan(0);
    expect(known.length).toBeGreaterThan(2);
  });
});

describe('what a restart keeps', () => {
  it('timers: what was due in the meantime starts late, once; a lost timer stays lost', async () => {
    const file = 'timers.data';
    const first = await serve(file);
    await call(first.url, 'POST', '/schedules', body('ticks', { cronExpression: '* * * * * *' }));
    await call(first.url, 'POST', '/schedules', body('dead', { cronExpression: '* * * * * *' }));
    const broken = { name: 'dead', cronExpression: '* * * * * *', startWorkflowRequest: {} };
    expect((await call(first.url, 'POST', '/schedules', broken)).status).toBe(500);
    await expect.poll(async () => (await runs(first.url)).length).toBeGreaterThan(0);
    await first.kill();
    const down = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const up = Date.now();
    const second = await serve(file);
    const ticks = async (): Promise<readonly Json[]> =>
      (await runs(second.url)).filter(({ scheduleName }) => scheduleName === 'ticks');
    await expect.poll(async () => (await ticks()).at(-1)?.scheduledTime).toBeGreaterThan(up + 1000);
    const missed = (await ticks())
      .map(({ scheduledTime }) => Number(scheduledTime))
      .filter((at) => at > down + 200 && at < up);
    expect(missed.length).toBeLessThanOrEqual(1);
    const late = (await ticks()).filter(
      ({ scheduledTime, executionTime }) => Number(executionTime) - Number(scheduledTime) > 1000,
    );
    expect(late).toHaveLength(1);
    // Fires of `dead` from before the failed save may be there; from after the restart none.
    const dead = (await runs(second.url)).filter(
      ({ scheduleName, executionTime }) => scheduleName === 'dead' && Number(executionTime) > up,
    );
    expect(dead).toEqual([]);
    await second.kill();
  });

  it('workflows, their runs, and the server type', async () => {
    const file = 'workflows.data';
    const first = await serve(file, '--server-type', 'oss-1');
    const api = first.url.replace('/scheduler', '');
    const defined = {
      name: 'w',
      version: 1,
      schemaVersion: 2,
      tasks: [{ name: 't', taskReferenceName: 't' }],
    };
    expect((await call(api, 'POST', '/metadata/workflow', defined)).status).toBe(200);
    const id = await (await call(api, 'POST', '/workflow', { name: 'w' })).text();
    await first.kill();
    const second = await serve(file);
    expect(second.started.out()).toContain('(oss-1)');
    const again = second.url.replace('/scheduler', '');
    expect((await call(again, 'GET', '/metadata/workflow/w')).status).toBe(200);
    expect(((await (await call(again, 'GET', `/workflow/${id}`)).json()) as Json).workflowId).toBe(id);
    await second.kill();
    const other = start(program.path, ['serve', '--port', '0', '--data', file, '--server-type', 'oss-2'], {
      cwd: program.folder,
    });
    expect(await other.ended).toMatchObject({ code: 1, out: '' });
    expect((await other.ended).err).toContain('type oss-1, not oss-2');
  });
});

it('completes a workflow with a worker task after --complete-after', async () => {
  const server = await serve('complete.data', '--complete-after', '5');
  const api = server.url.replace('/scheduler', '');
  const tasks = [{ name: 't', taskReferenceName: 't', type: 'SIMPLE' }];
  await call(api, 'POST', '/metadata/workflow', { name: 'w', version: 1, schemaVersion: 2, tasks });
  const id = await (await call(api, 'POST', '/workflow', { name: 'w' })).text();
  const status = async (): Promise<unknown> =>
    ((await (await call(api, 'GET', `/workflow/${id}`)).json()) as Json).status;
  expect(await status()).toBe('RUNNING');
  const own = api.replace(/\/api$/, '');
  expect((await call(own, 'POST', '/_downbeat/advance', { ms: 3_600_000 })).ok).toBe(true);
  expect(await status()).toBe('COMPLETED');
  await server.kill();
});

describe('a file at the start', () => {
  it('ignores an unfinished last line; a broken line in the middle is an error', async () => {
    const file = 'cut.data';
    const path = join(program.folder, file);
    const first = await serve(file);
    await call(first.url, 'POST', '/schedules', body('a'));
    await call(first.url, 'POST', '/schedules', body('b'));
    await first.kill();
    const whole = readFileSync(path);
    truncateSync(path, whole.length - 10);
    const second = await serve(file);
    expect((await list(second.url)).map(({ name }) => name)).toEqual(['a']);
    await second.kill();
    appendFileSync(path, '{"kind":\n[]\n');
    const third = start(program.path, ['serve', '--port', '0', '--data', file], { cwd: program.folder });
    expect(await third.ended).toMatchObject({ code: 1 });
    expect((await third.ended).err).toMatch(/cannot be used, line \d+: it is broken/);
  });

  it("leaves another program's file alone", async () => {
    writeFileSync(join(program.folder, 'notes.txt'), 'my notes\n');
    const { ended } = start(program.path, ['serve', '--port', '0', '--data', 'notes.txt'], {
      cwd: program.folder,
    });
    expect(await ended).toMatchObject({ code: 1 });
    expect((await ended).err).toContain('this is no file of serve');
    expect(readFileSync(join(program.folder, 'notes.txt'), 'utf8')).toBe('my notes\n');
  });
});

it('fires fail at the given rate, and history shows why', async () => {
  const server = await serve('failing.data', '--fault', 'failed-run=1', '--seed', '1');
  await call(server.url, 'POST', '/schedules', body('ticks', { cronExpression: '* * * * * *' }));
  await expect.poll(async () => (await runs(server.url)).length).toBeGreaterThan(0);
  const [run] = await runs(server.url);
  expect(run).toMatchObject({ state: 'FAILED', reason: expect.stringContaining('asked for') });
  await server.kill();
  expect((await server.started.ended).err).toContain('Fires fail: 100 %. --seed 1 repeats it.');
});
