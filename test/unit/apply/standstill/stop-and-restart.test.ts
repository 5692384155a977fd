import { describe, expect, it } from 'vitest';
import type { RecordKeeper } from '../../../../src/apply/standstill/kept-record.ts';
import { restartEach } from '../../../../src/apply/standstill/restart.ts';
import { type StandstillOptions, stopEach } from '../../../../src/apply/standstill/stop.ts';
import { connect } from '../../../../src/conductor/connect.ts';
import type { Standstill } from '../../../../src/model/standstill.ts';
import type { ServedType } from '../../../../src/scheduler/server-types.ts';
import { inProcess } from '../../../support/in-process.ts';
import { scheduleBody, type TestScheduler, testScheduler } from '../../../support/scheduler.ts';

const blank: Standstill = {
  format: 1,
  kind: 'record',
  server: 'http://local/api',
  at: 0,
  mark: '00c0ffee',
  running: [],
};

interface Yard {
  readonly scheduler: TestScheduler;
  /** As the disk has it. */
  record(): Standstill;
  stop(options?: Partial<StandstillOptions>): Promise<Readonly<Record<string, string>>>;
  restart(options?: Partial<StandstillOptions>): Promise<Readonly<Record<string, string>>>;
  running(): readonly string[];
}

/** Some schedules, the local scheduler, and what `onRequest` lets happen before the n-th request. */
async function yard(
  names: readonly string[],
  {
    serverType = 'oss-2',
    onRequest = () => undefined,
  }: {
    readonly serverType?: ServedType;
    readonly onRequest?: (scheduler: TestScheduler, method: string, path: string) => void;
  } = {},
): Promise<Yard> {
  const scheduler = testScheduler({ serverType });
  for (const name of names) scheduler.put(scheduleBody(name));
  const watched: TestScheduler = {
    ...scheduler,
    handle(request) {
      onRequest(scheduler, request.method, decodeURIComponent(request.path));
      return scheduler.handle(request);
    },
  };
  const { reader, writer } = connect({
    url: 'http://local',
    transport: inProcess(watched),
    ...(serverType.startsWith('orkes')
      ? { credentials: { kind: 'key', key: 'k', secret: 's' } as const }
      : {}),
    now: scheduler.clock.now,
    random: () => 0.5,
    wait: async () => undefined,
    maxRetries: 1,
  });
  await reader.list();
  const server = await reader.identify();
  if (!server.ok) throw new Error(server.failure.words);
  let record: Standstill | undefined;
  const options: StandstillOptions = {
    reader,
    writer,
    capabilities: server.value.capabilities,
    parallelism: 4,
    maxRetries: 2,
    retryDelay: () => 0,
    wait: async () => undefined,
    stopped: () => false,
    ignores: () => false,
    now: scheduler.clock.now,
    keeper: {
      read: () => ({ ok: true, record }),
      write: (next) => {
        record = next;
        return 'written';
      },
    },
  };
  const ends = (result: Awaited<ReturnType<typeof stopEach>>): Readonly<Record<string, string>> =>
    result.kind === 'ended'
      ? Object.fromEntries(
          [...result.ends].map(([name, end]) => [
            name,
            end.kind === 'done' && end.changed ? 'done, changed' : end.kind,
          ]),
        )
      : { [result.kind]: result.kind === 'failed' ? result.failure.kind : result.why };
  return {
    scheduler,
    record: () => record ?? blank,
    stop: async (more) => ends(await stopEach(blank, undefined, { ...options, ...more })),
    restart: async (more) => ends(await restartEach(record ?? blank, { ...options, ...more })),
    running: () =>
      scheduler
        .state()
        .schedules.filter(({ paused }) => paused === false)
        .map(({ name }) => String(name))
        .sort(),
  };
}

const pausedBy = (scheduler: TestScheduler, name: string, reason = ''): void => {
  const query = reason === '' ? '' : `?reason=${reason}`;
  scheduler.ask('PUT', `/api/scheduler/schedules/${name}/pause${query}`);
};

describe('everything stops and starts again', () => {
  it("an operator's pauses from before, and from during the stop, stay", async () => {
    const server = await yard(['a', 'b', 'c', 'd'], {
      onRequest: (scheduler, method, path) => {
        // Just before `c` is looked at: the list says that it runs.
        if (method === 'GET' && path.endsWith('/c')) pausedBy(scheduler, 'c', 'INC-2');
      },
    });
    pausedBy(server.scheduler, 'a', 'INC-1');
    expect(await server.stop()).toEqual({ b: 'done', c: 'left', d: 'done' });
    expect(server.running()).toEqual([]);
    expect(await server.restart()).toEqual({ b: 'done', c: 'left', d: 'done' });
    expect(server.running()).toEqual(['b', 'd']);
  });

  it('who is paused again meanwhile, with another reason or none, stays paused', async () => {
    const server = await yard(['a', 'b', 'c']);
    await server.stop();
    pausedBy(server.scheduler, 'a', 'INC-3');
    pausedBy(server.scheduler, 'b');
    expect(await server.restart()).toEqual({ a: 'left', b: 'left', c: 'done' });
  });

  it('what was changed, deleted or resumed meanwhile is said', async () => {
    const server = await yard(['a', 'b', 'c', 'd']);
    await server.stop();
    const reason = 'everything is stopped [downbeat pause 00c0ffee]';
    server.scheduler.put(
      scheduleBody('a', { cronExpression: '0 0 10 * * ?', paused: true, pausedReason: reason }),
    );
    server.scheduler.ask('DELETE', '/api/scheduler/schedules/b');
    server.scheduler.ask('PUT', '/api/scheduler/schedules/c/resume');
    expect(await server.restart()).toEqual({ a: 'done, changed', b: 'gone', c: 'already', d: 'done' });
    expect(server.record().resumedAt).toBe(server.scheduler.clock.now());
  });

  it('what is masked is not taken for a change', async () => {
    const server = await yard(['a']);
    const secret = { apiKey: 'k', url: 'amqp://u:' + 'pw@h', list: [{ password: 'p' }] };
    server.scheduler.put({ ...scheduleBody('b'), startWorkflowRequest: { name: 'w', input: secret } });
    await server.stop();
    server.scheduler.clock.advance(60_000, server.scheduler.tick);
    expect(await server.restart()).toEqual({ a: 'done', b: 'done' });
  });

  it('a schedule that comes during the stop is stopped too, and in the record before that', async () => {
    let came = false;
    const server = await yard(['a', 'b'], {
      onRequest: (scheduler, method) => {
        if (method === 'PUT' && !came) {
          came = true;
          scheduler.put(scheduleBody('new'));
        }
      },
    });
    expect(await server.stop()).toEqual({ a: 'done', b: 'done', new: 'done' });
    expect(await server.restart()).toEqual({ a: 'done', b: 'done', new: 'done' });
    expect(server.running()).toEqual(['a', 'b', 'new']);
  });

  it('a record that is done with resumes nothing', async () => {
    const server = await yard(['a', 'b'], { serverType: 'documented' });
    await server.stop();
    await server.restart();
    server.scheduler.advance(1000);
    pausedBy(server.scheduler, 'a');
    expect(await server.restart()).toEqual({ a: 'left', b: 'already' });
    expect(server.running()).toEqual(['b']);
  });

  it('names that no URL can hold are stopped too', async () => {
    const server = await yard(['a/b', '.', 'c']);
    expect(await server.stop()).toEqual({ '.': 'done', 'a/b': 'done', c: 'done' });
    expect(server.record().marksKept).toBe(true);
    expect(server.running()).toEqual([]);
    expect(await server.restart()).toEqual({ '.': 'done', 'a/b': 'done', c: 'done' });
    expect(server.running()).toEqual(['.', 'a/b', 'c']);
  });

  it('names that are ignored are left out', async () => {
    const server = await yard(['adhoc', 'b']);
    expect(await server.stop({ ignores: (name) => name === 'adhoc' })).toEqual({ b: 'done' });
    expect(server.running()).toEqual(['adhoc']);
  });
});

describe('what cannot be done', () => {
  it('nothing is paused when the record cannot be written', async () => {
    const server = await yard(['a', 'b']);
    const full: RecordKeeper = {
      read: () => ({ ok: true, record: undefined }),
      write: () => ({ why: 'ENOSPC' }),
    };
    expect(await server.stop({ keeper: full })).toEqual({ unwritten: 'ENOSPC' });
    expect(server.running()).toEqual(['a', 'b']);
  });

  it('the record holds every running schedule before the first request that changes anything', async () => {
    const written: number[] = [];
    const server = await yard(['a', 'b', 'c'], {
      onRequest: (_scheduler, method) => {
        if (method === 'PUT') written.push(server.record().running.length);
      },
    });
    await server.stop();
    expect(written).toEqual([3, 3, 3]);
  });

  it('an interruption leaves the rest to the next run', async () => {
    const server = await yard(['a', 'b', 'c']);
    let paused = 0;
    const ends = await server.stop({
      parallelism: 1,
      stopped: () => paused >= 2,
      onEnd: () => {
        paused += 1;
      },
    });
    expect(ends).toEqual({ a: 'done', b: 'done', c: 'not-run' });
    expect(await server.stop()).toEqual({ a: 'already', b: 'already', c: 'done' });
    expect(await server.restart()).toEqual({ a: 'done', b: 'done', c: 'done' });
  });
});
