import { describe, expect, it } from 'vitest';
import type { RecordKeeper } from '../../../../src/apply/standstill/kept-record.ts';
import { restartEach } from '../../../../src/apply/standstill/restart.ts';
import {
  type StandstillEnd,
  type StandstillOptions,
  stopEach,
} from '../../../../src/apply/standstill/stop.ts';
import { connect } from '../../../../src/conductor/connect.ts';
import { inRenaming } from '../../../../src/model/marks/renaming.ts';
import { normalize } from '../../../../src/model/normal.ts';
import { fail } from '../../../../src/model/port.ts';
import type { Standstill } from '../../../../src/model/standstill.ts';
import { markedReason } from '../../../../src/model/standstill.ts';
import type { Fault } from '../../../../src/scheduler/faults.ts';
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
  readonly reader: StandstillOptions['reader'];
  /** As the disk has it. */
  record(): Standstill;
  stop(options?: Partial<StandstillOptions>): Promise<Readonly<Record<string, string>>>;
  restart(
    options?: Partial<StandstillOptions>,
    started?: Standstill,
  ): Promise<Readonly<Record<string, string>>>;
  running(): readonly string[];
}

/** Some schedules, the local scheduler, and what `onRequest` lets happen before the n-th request. */
async function yard(
  names: readonly string[],
  {
    serverType = 'oss-2',
    onRequest = () => undefined,
    fault = () => undefined,
  }: {
    readonly serverType?: ServedType;
    readonly fault?: (method: string, path: string) => Fault | undefined;
    readonly onRequest?: (scheduler: TestScheduler, method: string, path: string) => void;
  } = {},
): Promise<Yard> {
  const scheduler = testScheduler({
    serverType,
    fault: ({ method, path }) => fault(method, decodeURIComponent(path)),
  });
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
      ? {
          ...Object.fromEntries([...result.ends].map(([name, end]) => [name, textOf(end)])),
          ...(result.broken === undefined ? {} : { broken: result.broken }),
        }
      : { [result.kind]: result.kind === 'failed' ? result.failure.kind : result.why };
  return {
    scheduler,
    reader,
    record: () => record ?? blank,
    stop: async (more) => ends(await stopEach(blank, undefined, { ...options, ...more })),
    restart: async (more, started = record ?? blank) =>
      ends(await restartEach(started, { ...options, ...more })),
    running: () =>
      scheduler
        .state()
        .schedules.filter(({ paused }) => paused === false)
        .map(({ name }) => String(name))
        .sort(),
  };
}

function textOf(end: StandstillEnd): string {
  // Said only where it is so.
  if ('changed' in end)
    return end.kind === 'done' && end.changed ? 'done, changed' : `${end.kind}, ${end.changed}`;
  return end.kind === 'left' && end.otherMark ? 'left, of another mark' : end.kind;
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

  it('one that is paused again in the meantime, with another reason or none, stays paused', async () => {
    const server = await yard(['a', 'b', 'c']);
    await server.stop();
    pausedBy(server.scheduler, 'a', 'INC-3');
    pausedBy(server.scheduler, 'b');
    expect(await server.restart()).toEqual({ a: 'left', b: 'left', c: 'done' });
  });

  it('what was changed, deleted or resumed in the meantime is reported', async () => {
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

  it('a masked value is not treated as a change', async () => {
    const server = await yard(['a']);
    const secret = { apiKey: 'k', url: 'amqp://u:' + 'pw@h', list: [{ password: 'p' }] };
    server.scheduler.put({ ...scheduleBody('b'), startWorkflowRequest: { name: 'w', input: secret } });
    await server.stop();
    server.scheduler.clock.advance(60_000, server.scheduler.tick);
    expect(await server.restart()).toEqual({ a: 'done', b: 'done' });
  });

  it('a schedule created during the stop is recorded, then stopped, too', async () => {
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

  it('a finished record resumes nothing', async () => {
    const server = await yard(['a', 'b'], { serverType: 'documented' });
    await server.stop();
    await server.restart();
    server.scheduler.advance(1000);
    pausedBy(server.scheduler, 'a');
    expect(await server.restart()).toEqual({ a: 'left', b: 'already' });
    expect(server.running()).toEqual(['b']);
  });

  it('names that do not fit in a URL are stopped, too', async () => {
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

describe('what somebody else paused', () => {
  const mark = '00c0ffee';

  it('for another record, or by a rename, is left and reported', async () => {
    const server = await yard(['a', 'b']);
    await server.stop();
    const other = scheduleBody('x', { paused: true, pausedReason: markedReason('0000beef') });
    server.scheduler.put(other);
    server.scheduler.put(scheduleBody('a', { paused: true, pausedReason: markedReason('0000beef') }));
    const renamed = inRenaming(normalize(scheduleBody('new')).schedule, 'old', 'reason');
    server.scheduler.put(renamed as never);
    server.scheduler.put(scheduleBody('mine', { paused: true, pausedReason: 'INC-1' }));
    expect(await server.restart()).toEqual({
      a: 'left, of another mark',
      b: 'done',
      new: 'left, of another mark',
      x: 'left, of another mark',
    });
    expect(server.running()).toEqual(['b']);
  });

  it('for this record but not in it is resumed, too', async () => {
    const server = await yard(['a']);
    await server.stop();
    server.scheduler.put(scheduleBody('late', { paused: true, pausedReason: markedReason(mark) }));
    expect(await server.restart()).toEqual({ a: 'done', late: 'done' });
    expect(server.running()).toEqual(['a', 'late']);
  });

  it('in the meantime is not in the continued record', async () => {
    const server = await yard(['a', 'b', 'c']);
    await server.stop();
    server.scheduler.advance(1000);
    await server.restart();
    pausedBy(server.scheduler, 'b', 'INC-1');
    expect(await server.stop()).toEqual({ a: 'done', c: 'done' });
    expect(server.record().running.map(({ name }) => name)).toEqual(['a', 'c']);
    expect(server.record().resumedAt).toBeUndefined();
    expect(await server.restart()).toEqual({ a: 'done', c: 'done' });
    expect(server.running()).toEqual(['a', 'c']);
  });

  it('with the mark of a resumed record is in the new one', async () => {
    const server = await yard(['a', 'b']);
    await server.stop();
    await server.restart();
    server.scheduler.put(scheduleBody('b', { paused: true, pausedReason: markedReason(mark) }));
    expect(await server.stop()).toEqual({ a: 'done', b: 'already' });
    expect(await server.restart()).toEqual({ a: 'done', b: 'done' });
  });
});

describe('what breaks off', () => {
  it('a record that others change all the time: nothing is paused', async () => {
    const server = await yard(['a']);
    let tries = 0;
    const busy: RecordKeeper = {
      read: () => ({ ok: true, record: undefined }),
      write: () => {
        tries += 1;
        return 'changed';
      },
    };
    expect(await server.stop({ keeper: busy })).toEqual({ unwritten: 'other runs keep changing it' });
    expect(tries).toBe(50);
    expect(server.running()).toEqual(['a']);
  });

  it('a record that cannot be read: nothing is paused', async () => {
    const server = await yard(['a']);
    const unread: RecordKeeper = { read: () => ({ ok: false, why: 'EACCES' }), write: () => 'written' };
    expect(await server.stop({ keeper: unread })).toEqual({ unwritten: 'EACCES' });
    expect(server.running()).toEqual(['a']);
  });

  it('a list that cannot be read at first: nothing is known', async () => {
    let broken = false;
    const server = await yard(['a'], {
      fault: (_method, path) =>
        broken && path.endsWith('/schedules') ? { kind: 'reset', effect: false } : undefined,
    });
    broken = true;
    expect(await server.stop()).toEqual({ failed: 'reset' });
    expect(await server.restart()).toEqual({ failed: 'reset' });
    expect(server.running()).toEqual(['a']);
  });

  it('a list that cannot be read after the stop: what was paused is reported', async () => {
    let paused = false;
    const server = await yard(['a', 'b'], {
      fault: (method, path) => {
        paused ||= method === 'PUT';
        return paused && path.endsWith('/schedules') ? { kind: 'reset', effect: false } : undefined;
      },
    });
    expect(await server.stop()).toEqual({ a: 'done', b: 'done' });
  });

  it('a list that cannot be read after the resumes: it says so', async () => {
    let resumed = false;
    const server = await yard(['a', 'b'], {
      fault: (method, path) => {
        resumed ||= method === 'PUT' && path.endsWith('/resume');
        return resumed && path.endsWith('/schedules') ? { kind: 'reset', effect: false } : undefined;
      },
    });
    await server.stop();
    expect(await server.restart()).toEqual({
      a: 'done',
      b: 'done',
      broken: 'the list of schedules could not be read at the end',
    });
  });

  it('an interrupted read does not count as a try, a failed one does', async () => {
    const server = await yard(['a', 'b']);
    const unsent = {
      operation: 'get',
      method: 'GET',
      url: '',
      words: '',
      attempts: 0,
      effect: 'none',
    } as const;
    const get: StandstillOptions['reader']['get'] = async (name) =>
      fail({ ...unsent, kind: name === 'a' ? 'interrupted' : 'reset', schedule: name });
    const reader = { ...server.reader, get };
    expect(await server.stop({ reader, maxRetries: 0 })).toEqual({ a: 'not-run', b: 'failed' });
    expect(server.running()).toEqual(['a', 'b']);
  });

  it('another run that begins a record of its own: nothing more is paused or resumed', async () => {
    const server = await yard(['a', 'b', 'c']);
    let reads = 0;
    let mine: Standstill | undefined;
    const taken: RecordKeeper = {
      read: () => {
        reads += 1;
        if (reads <= 2 || mine === undefined) return { ok: true, record: mine };
        return { ok: true, record: { ...mine, mark: '0000beef' } };
      },
      write: (next) => {
        mine = next;
        return 'written';
      },
    };
    expect(await server.stop({ keeper: taken, parallelism: 1 })).toEqual({
      a: 'done',
      b: 'not-run',
      c: 'not-run',
      broken: 'another run has started its own record in it',
    });
    expect(server.running()).toEqual(['b', 'c']);
  });

  it('another run that resumes everything: nothing more is paused', async () => {
    const server = await yard(['a', 'b']);
    let mine: Standstill | undefined;
    let reads = 0;
    const resumed: RecordKeeper = {
      read: () => {
        reads += 1;
        if (reads <= 2 || mine === undefined) return { ok: true, record: mine };
        return { ok: true, record: { ...mine, resumedAt: 5 } };
      },
      write: (next) => {
        mine = next;
        return 'written';
      },
    };
    expect(await server.stop({ keeper: resumed, parallelism: 1 })).toEqual({
      a: 'done',
      b: 'not-run',
      broken: 'another run has resumed it in the meantime',
    });
  });

  it('another record at the end of the resumes: it says so, and the record is not closed', async () => {
    const server = await yard(['a']);
    await server.stop();
    const other: RecordKeeper = {
      read: () => ({ ok: true, record: { ...server.record(), mark: '0000beef' } }),
      write: () => 'written',
    };
    expect(await server.restart({ keeper: other })).toEqual({
      a: 'done',
      broken: 'another run has started its own record in it',
    });
    expect(server.record().resumedAt).toBeUndefined();
  });

  it('a schedule of the record that is gone before the next run is reported as gone', async () => {
    const server = await yard(['a', 'b']);
    await server.stop();
    server.scheduler.ask('DELETE', '/api/scheduler/schedules/b');
    expect(await server.stop()).toEqual({ a: 'already', b: 'gone' });
  });

  it('a schedule of the record that somebody else has paused since is left', async () => {
    const server = await yard(['a', 'b']);
    await server.stop();
    pausedBy(server.scheduler, 'b', 'INC-1');
    expect(await server.stop()).toEqual({ a: 'already', b: 'left' });
  });

  it('a pause whose answer is lost counts as done if the last read shows it', async () => {
    let paused = false;
    const server = await yard(['a'], {
      fault: (method, path) => {
        const isLook = paused && method === 'GET' && path.endsWith('/a');
        paused ||= method === 'PUT';
        return isLook || method === 'PUT' ? { kind: 'reset', effect: true } : undefined;
      },
    });
    expect(await server.stop()).toEqual({ a: 'done' });
    expect(server.running()).toEqual([]);
  });

  it('after a refused first pause and an interruption no other is sent', async () => {
    const paused: string[] = [];
    const server = await yard(['a', 'b', 'c'], {
      fault: (method, path) => {
        if (method !== 'PUT') return undefined;
        paused.push(path.slice(-7));
        return { kind: 'status', status: 429, effect: false };
      },
    });
    await server.stop({ stopped: () => paused.length > 0 });
    expect(new Set(paused)).toEqual(new Set(['a/pause']));
  });

  it('a pause that is refused for good is not tried again', async () => {
    let pauses = 0;
    const server = await yard(['a', 'b'], {
      fault: (method, path) => {
        if (method !== 'PUT' || !path.includes('/a/')) return undefined;
        pauses += 1;
        return { kind: 'status', status: 429, effect: false };
      },
    });
    expect(await server.stop({ maxRetries: 0 })).toEqual({ a: 'failed', b: 'done' });
    // The client sends it twice by itself.
    expect(pauses).toBe(2);
  });

  it('the record is not written again for an unknown time of change', async () => {
    const server = await yard(['a'], { serverType: 'documented' });
    let kept: Standstill | undefined;
    const written: Standstill[] = [];
    const keeper: RecordKeeper = {
      read: () => ({ ok: true, record: kept }),
      write: (next) => {
        written.push(next);
        kept = next;
        return 'written';
      },
    };
    const blind: StandstillOptions['reader'] = {
      ...server.reader,
      get: async (name) => {
        const found = await server.reader.get(name);
        return found.ok && found.value !== null ? { ok: true, value: { ...found.value, facts: {} } } : found;
      },
    };
    expect(await server.stop({ keeper, reader: blind })).toEqual({ a: 'done' });
    expect(written.map(({ running, marksKept }) => [running[0]?.pausedAt, marksKept])).toEqual([
      [undefined, undefined],
      [undefined, false],
    ]);
  });

  it('a schedule that another run takes out of the record is in it again before it is paused', async () => {
    let kept: Standstill | undefined;
    const held: (readonly string[])[] = [];
    const server = await yard(['a', 'b'], {
      onRequest: (_scheduler, method) => {
        if (method === 'PUT') held.push((kept?.running ?? []).map(({ name }) => name).sort());
      },
    });
    const keeper: RecordKeeper = {
      read: () => ({
        ok: true,
        record: kept && { ...kept, running: kept.running.filter(({ name }) => name !== 'b') },
      }),
      write: (next) => {
        kept = next;
        return 'written';
      },
    };
    await server.stop({ keeper, parallelism: 1 });
    expect(held.at(-1)).toContain('b');
  });

  it('a failed pause leaves no time that a later one could be mistaken for', async () => {
    const server = await yard(['a'], {
      serverType: 'documented',
      fault: (method) => (method === 'PUT' ? { kind: 'reset', effect: false } : undefined),
    });
    expect(await server.stop({ maxRetries: 0 })).toEqual({ a: 'failed' });
    expect(server.record().running.map(({ pausedAt }) => pausedAt)).toEqual([undefined]);
  });

  it('what was changed meanwhile, and cannot be resumed, has failed', async () => {
    const server = await yard(['a'], {
      fault: (_method, path) =>
        path.endsWith('/resume') ? { kind: 'status', status: 429, effect: false } : undefined,
    });
    await server.stop();
    const reason = markedReason('00c0ffee');
    server.scheduler.put(
      scheduleBody('a', { cronExpression: '0 0 10 * * ?', paused: true, pausedReason: reason }),
    );
    expect(await server.restart()).toEqual({ a: 'failed' });
  });

  it('a finished record is read once', async () => {
    let lists = 0;
    const server = await yard(['a'], {
      onRequest: (_scheduler, method, path) => {
        if (method === 'GET' && path.endsWith('/schedules')) lists += 1;
      },
    });
    await server.stop();
    await server.restart();
    const before = lists;
    await server.restart();
    expect(lists - before).toBe(1);
  });

  const begunAnew = 'another run has started its own record in it';
  it.each([
    ['that has been added to is gone on with', 1, '00c0ffee', { a: 'done', b: 'done' }],
    ['of another mark is not', 1, '0000beef', { a: 'done', broken: begunAnew }],
  ])('a record %s', async (_what, read, mark, ends) => {
    const server = await yard(['a', 'b']);
    await server.stop();
    const whole = server.record();
    let reads = 0;
    const keeper: RecordKeeper = {
      read: () => {
        reads += 1;
        return { ok: true, record: reads === read ? { ...whole, mark } : whole };
      },
      write: () => 'written',
    };
    const part: Standstill = { ...whole, running: whole.running.filter(({ name }) => name === 'a') };
    // As it was read before another run added to it and paused `b`.
    const options = { keeper };
    expect(await server.restart(options, part)).toMatchObject(ends);
  });

  it('a schedule that is gone when it is to be paused', async () => {
    const server = await yard(['a', 'b'], {
      onRequest: (scheduler, method, path) => {
        if (method === 'GET' && path.endsWith('/b')) scheduler.ask('DELETE', '/api/scheduler/schedules/b');
      },
    });
    expect(await server.stop()).toEqual({ a: 'done', b: 'gone' });
  });

  it('a pause that is always refused has a limited number of tries', async () => {
    let pauses = 0;
    const server = await yard(['a'], {
      fault: (method) => {
        if (method !== 'PUT') return undefined;
        pauses += 1;
        return { kind: 'reset', effect: false };
      },
    });
    const waits: number[] = [];
    const ends = await server.stop({
      maxRetries: 1,
      retryDelay: (round) => round,
      wait: async (ms) => void waits.push(ms),
    });
    expect(ends).toEqual({ a: 'failed' });
    expect(server.running()).toEqual(['a']);
    expect(pauses).toBeGreaterThan(2);
    expect(waits).toContain(2);
    // The first repeat comes at once.
    expect(waits).not.toContain(1);
  });

  it('a pause that fails does not tell whether the server keeps reasons', async () => {
    const server = await yard(['a', 'b'], {
      serverType: 'documented',
      fault: (_method, path) =>
        path.endsWith('/a/pause') ? { kind: 'status', status: 429, effect: false } : undefined,
    });
    expect(await server.stop()).toEqual({ a: 'failed', b: 'done' });
    expect(server.record().marksKept).toBe(false);
    expect(await server.restart()).toEqual({ a: 'already', b: 'done' });
  });

  it('a resume that fails leaves the record open, so that the next run tries it again', async () => {
    let broken = true;
    const server = await yard(['a', 'b'], {
      fault: (_method, path) =>
        broken && path.endsWith('/b/resume') ? { kind: 'status', status: 429, effect: false } : undefined,
    });
    await server.stop();
    expect(await server.restart()).toEqual({ a: 'done', b: 'failed' });
    expect(server.record().resumedAt).toBeUndefined();
    broken = false;
    expect(await server.restart()).toEqual({ a: 'already', b: 'done' });
    expect(server.record().resumedAt).toBe(server.scheduler.clock.now());
  });

  it('resumes that are interrupted leave the record open', async () => {
    const server = await yard(['a', 'b']);
    await server.stop();
    let resumed = 0;
    const ends = await server.restart({
      parallelism: 1,
      stopped: () => resumed >= 1,
      onEnd: () => {
        resumed += 1;
      },
    });
    expect(ends).toEqual({ a: 'done', b: 'not-run' });
    expect(server.record().resumedAt).toBeUndefined();
  });

  it.each<[string, ((record: Standstill) => Standstill) | undefined]>([
    ['that goes on with this record: it is resumed too', undefined],
    [
      'that begins it again: it stays paused',
      (record) => {
        const { resumedAt: _none, ...open } = record;
        return open;
      },
    ],
    ['that has begun one of its own: it stays paused', (record) => ({ ...record, mark: '0000beef' })],
  ])('a pause of another run during the resumes, %s', async (_case, again) => {
    let lists = 0;
    let begin = Number.POSITIVE_INFINITY;
    const server = await yard(['a'], {
      onRequest: (scheduler, method, path) => {
        if (method !== 'GET' || !path.endsWith('/schedules')) return;
        lists += 1;
        // After the look at the end of the stop and the one at the begin of the resumes.
        if (lists === begin + 1)
          scheduler.put(scheduleBody('late', { paused: true, pausedReason: markedReason('00c0ffee') }));
      },
    });
    await server.stop();
    begin = lists + 1;
    let kept: Standstill = server.record();
    let writes = 0;
    const keeper: RecordKeeper = {
      read: () => {
        return { ok: true, record: again !== undefined && writes > 0 ? again(kept) : kept };
      },
      write: (next) => {
        kept = next;
        writes += 1;
        return 'written';
      },
    };
    const ends = await server.restart({ keeper });
    if (again !== undefined) {
      expect(ends).toMatchObject({ a: 'done', broken: 'another run pauses everything again' });
      expect(server.running()).toEqual(['a']);
    } else {
      expect(ends).toEqual({ a: 'done', late: 'done' });
      expect(server.running()).toEqual(['a', 'late']);
    }
  });

  it('a record that another run has added to is closed after one more read', async () => {
    const server = await yard(['a', 'b']);
    await server.stop({ ignores: (name) => name === 'b' });
    let kept: Standstill = server.record();
    let reads = 0;
    const keeper: RecordKeeper = {
      read: () => {
        reads += 1;
        // Another run has added `b`, and resumed it by now.
        if (reads === 1) kept = { ...kept, running: [...kept.running, { name: 'b', basis: 'x' }] };
        return { ok: true, record: kept };
      },
      write: (next) => {
        kept = next;
        return 'written';
      },
    };
    expect(await server.restart({ keeper })).toEqual({ a: 'done', b: 'already' });
    expect(kept.resumedAt).toBe(server.scheduler.clock.now());
  });
});
