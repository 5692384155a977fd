import type { IncomingMessage } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createScheduler } from '../../src/scheduler/core.ts';
import { scheduleBody } from '../support/scheduler.ts';
import { directoryWith, manifestsOf, type Ran, removeDirectories, run, unwrapped } from './cli.ts';
import { type Answer, answerBy, type Local, serve, stopServers } from './local.ts';

/** `--parallelism`, `--max-retries` and `--timeout`, as the server sees them. */

afterEach(async () => {
  await stopServers();
  removeDirectories();
});

const version = 'GET /api/version';
const list = 'GET /api/scheduler/schedules';
const save = 'POST /api/scheduler/schedules';

interface Applied extends Ran {
  /** How often a request came, by `METHOD path`. */
  times(line: string): number;
}

async function applied(
  server: Local,
  names: readonly string[],
  ...flags: readonly string[]
): Promise<Applied> {
  const ran = await run(['apply', '--auto-approve', '--server', server.url, ...flags], {
    cwd: directoryWith(manifestsOf(...names)),
  });
  return { ...ran, times: (line) => server.seen.filter((one) => one === line).length };
}

function numbered(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `s${index}`);
}

/** The local scheduler, but for what `instead` answers. */
function schedulerBut(instead: (line: string, index: number) => number | undefined): Answer {
  const byScheduler = answerBy(createScheduler({ serverType: 'oss-2', now: Date.now }));
  return (request, response, index) => {
    const status = instead(`${request.method} ${request.url}`, index);
    if (status === undefined) byScheduler(request, response, index);
    else response.writeHead(status, { 'content-type': 'text/plain' }).end('try again');
  };
}

describe('--parallelism', () => {
  it.each([
    [['--parallelism', '1'], 1],
    [['--parallelism', '3'], 3],
    [[], 16],
  ])('%j: at most %i requests in flight, and as many as that', async (flags, most) => {
    let flying = 0;
    const seen: number[] = [];
    const scheduler = createScheduler({ serverType: 'oss-2', now: Date.now });
    // Half of them are updates, which read before they write.
    for (const name of numbered(most)) scheduler.put(scheduleBody(name));
    let isFull = (): void => undefined;
    const full = new Promise<void>((resolve) => {
      isFull = resolve;
    });
    const counted = async ({ method, url = '' }: IncomingMessage): Promise<void> => {
      flying += 1;
      seen.push(flying);
      if (flying === most) isFull();
      // The first requests about schedules are answered when as many are there as may be, and one more could have come.
      if (method !== 'GET' || /\/schedules\/\w/.test(url)) await full;
      for (let turns = 0; turns < 20; turns += 1) await turn();
      flying -= 1;
    };
    const server = await serve(answerBy(scheduler, counted));
    const { code, times } = await applied(server, numbered(2 * most), ...flags);
    expect(code).toBe(0);
    expect([times(save), times(`${save}?overwrite=true`)]).toEqual([most, most]);
    expect(Math.max(...seen)).toBe(most);
  });
});

describe('--max-retries', () => {
  it.each([
    [['--max-retries', '0'], 1],
    [['--max-retries', '2'], 3],
    [[], 5],
  ])('%j: an unreachable server is asked for the list %i times', async (flags, attempts) => {
    const server = await serve(schedulerBut(() => 503));
    const { code, err, waits, times } = await applied(server, ['a'], ...flags);
    expect(code).toBe(1);
    expect(times(list)).toBe(attempts);
    // What the list may need beside it is not worth another attempt.
    expect(server.seen.toSorted()).toEqual([...Array<string>(attempts).fill(list), version]);
    expect(waits).toHaveLength(attempts - 1);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(unwrapped(err)).toContain(`, ${attempts} attempt${attempts > 1 ? 's' : ''} hint:`);
  });

  it('is enough when the server is back at the last attempt', async () => {
    let lists = 0;
    const fails = (line: string): boolean => line === list && ++lists <= 3;
    const server = await serve(schedulerBut((line) => (fails(line) ? 503 : undefined)));
    const { code, err, times } = await applied(server, ['a'], '--max-retries', '3');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    // And once for the closing look.
    expect(times(list)).toBe(4 + 1);
    expect(times(save)).toBe(1);
  });

  it.each([0, 2])('%i: a save is looked up before it, and before each further one', async (retries) => {
    const server = await serve(schedulerBut((line) => (line === save ? 503 : undefined)));
    const { code, times } = await applied(server, ['a'], '--max-retries', String(retries));
    expect(code).toBe(1);
    expect(times(save)).toBe(1 + retries);
    expect(times('GET /api/scheduler/schedules/a')).toBe(2 + retries);
  });

  it('holds for saves that the server did not take', async () => {
    const server = await serve(schedulerBut((line) => (line === save ? 429 : undefined)));
    const { code, times } = await applied(server, ['a'], '--max-retries', '2');
    expect(code).toBe(1);
    expect(times(save)).toBe(3);
    expect(times('GET /api/scheduler/schedules/a')).toBe(1);
  });
});

describe('--timeout', () => {
  it('ends the wait for a list', async () => {
    const server = await serve(() => {});
    const begun = performance.now();
    const { code, err } = await applied(server, ['a'], '--timeout', '1', '--max-retries', '0');
    const took = performance.now() - begun;
    expect(code).toBe(1);
    expect(unwrapped(err)).toMatch(
      /^error: cannot list the schedules: the request timed out: no whole answer within 1000 ms .* hint: run it again, or allow more time with --timeout$/,
    );
    expect(took).toBeGreaterThan(950);
    expect(took).toBeLessThan(5000);
    expect(server.seen).toEqual([list, version]);
  });

  it('ends the wait for a save, which then is looked up', async () => {
    const byScheduler = answerBy(createScheduler({ serverType: 'oss-2', now: Date.now }));
    const server = await serve((request, response, index) => {
      if (request.method === 'GET') byScheduler(request, response, index);
    });
    const { code, out, times } = await applied(server, ['a'], '--timeout', '1', '--max-retries', '0');
    expect(code).toBe(1);
    expect(unwrapped(out)).toContain('cannot save a: the request timed out');
    expect(times(save)).toBe(1);
    expect(times('GET /api/scheduler/schedules/a')).toBe(2);
  });
});
