import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { saveBody } from '../../src/compare/save-body.ts';
import { type Connection, type ConnectOptions, connect } from '../../src/conductor/connect.ts';
import type { FailureKind } from '../../src/model/generated/report-parts.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { normalize } from '../../src/model/normal.ts';
import type {
  Capabilities,
  ExecutionQuery,
  Operation,
  Outcome,
  SaveBody,
  ServerType,
} from '../../src/model/port.ts';
import type { Schedule } from '../../src/model/schedule.ts';
import { operationOf, schedulerOperations } from './operations.ts';

export interface PortTarget {
  /** Scheme, host and port. */
  readonly url: string;
  close(): Promise<void>;
  /** Lets so many milliseconds pass on the server's clock. */
  elapse(ms: number): Promise<void>;
}

export interface PortContractOptions {
  /** What the client is to take the server for when it is not told. */
  readonly recognised: ServerType;
  /** Told to the client; absent = it finds out. */
  readonly configured?: ServerType;
  readonly credentials?: ConnectOptions['credentials'];
  /** A pause by its own call stores the reason; false = it is ignored. */
  readonly keepsPauseReason: boolean;
  /** Opened before the first case, closed after the last. */
  readonly open: () => Promise<PortTarget>;
}

/** The contract of `Reader` and `Writer`, over HTTP, run alike on the local scheduler and on a real server. */
export function portContract({
  recognised,
  configured,
  credentials,
  keepsPauseReason,
  open,
}: PortContractOptions): void {
  let target: PortTarget;
  let connection: Connection;
  let prefix: string;
  const saved = new Set<string>();
  const succeeded = new Set<Operation>();

  /** A new client, which has yet to find everything out. */
  const fresh = (): Connection =>
    connect({
      url: target.url,
      now: () => Date.now(),
      random: Math.random,
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      onRequest: ({ method, path, status = 0 }) => {
        const operation = operationOf(method, new URL(path, 'http://server').pathname.replace(/^\/api/, ''));
        if (operation !== undefined && status >= 200 && status < 300) succeeded.add(operation);
      },
      ...(configured === undefined ? {} : { serverType: configured }),
      ...(credentials === undefined ? {} : { credentials }),
    });

  beforeAll(async () => {
    target = await open();
    connection = fresh();
    // Beginning with it, names meet nothing of another run. No hyphen in fifth place: nothing is taken for a prefix.
    prefix = `port${randomUUID().slice(0, 8)}`;
  });
  afterAll(async () => target?.close());
  afterEach(async () => {
    for (const name of saved) got(await connection.writer.delete(name));
    saved.clear();
  });

  const body = (suffix: string, more: JsonObject = {}): SaveBody & { readonly schedule: Schedule } => {
    const { schedule } = normalize({
      name: `${prefix} ${suffix}`,
      cronExpression: '0 0 9 * * ?',
      startWorkflowRequest: { name: 'w' },
      ...more,
    });
    return { ...saveBody(schedule, null), schedule };
  };
  const save = async (wanted: SaveBody, mode: 'create' | 'update' = 'create'): Promise<string> => {
    saved.add(wanted.name);
    got(await connection.writer.save(wanted, mode));
    return wanted.name;
  };
  const get = async (name: string) => got(await connection.reader.get(name));
  const capabilities = async (): Promise<Capabilities> =>
    got(await connection.reader.identify()).capabilities;

  it('identifies the server', async () => {
    await save(body('known by its list'));
    const { reader } = fresh();
    got(await reader.list());
    expect(got(await reader.identify()).serverType).toBe(recognised);
  });

  it('lists what was saved, with its time', async () => {
    const names = [await save(body('one')), await save(body('two'))];
    const list = got(await connection.reader.list());
    const listed = list.schedules.map(({ schedule }) => schedule.name);
    expect(listed).toEqual(expect.arrayContaining(names));
    expect(new Set(listed).size).toBe(listed.length);
    expect(list.serverTime).toBeGreaterThan(Date.UTC(2020, 0));
  });

  it('has null for a missing schedule', async () => {
    expect(await get(`${prefix} never saved`)).toBeNull();
  });

  it.each<[string, JsonObject]>([
    ['the least', {}],
    ['a description and a zone', { description: 'zwölf "Uhr" 🚚\nsecond line', zoneId: 'America/New_York' }],
    ['a window', { scheduleStartTime: 1_900_000_000_000, scheduleEndTime: 1_900_000_000_001 }],
    ['catch-up', { runCatchupScheduleInstances: true }],
    [
      'numbers',
      { startWorkflowRequest: { name: 'w', input: { id: 12345678901234567890n, rate: 0.1, none: null } } },
    ],
    [
      'the whole request',
      {
        startWorkflowRequest: {
          name: 'w',
          version: 2,
          input: { text: '$'.concat('{workflow.input.x}'), deep: [{ a: [] }, {}, ''] },
          correlationId: 'c',
          taskToDomain: { task: 'domain', '*': 'other' },
          priority: 7,
          idempotencyKey: 'k',
          idempotencyStrategy: 'RETURN_EXISTING',
          externalInputPayloadStoragePath: 'p',
        },
      },
    ],
  ])('keeps %s', async (what, more) => {
    const wanted = body(what, more);
    const name = await save(wanted);
    const found = await get(name);
    expect(found?.schedule).toEqual(wanted.schedule);
    expect(found).toMatchObject({ carried: {}, carriedInRequest: {} });
    expect(found?.facts.updatedTime).toBeGreaterThan(Date.UTC(2020, 0));
  });

  it('answers with what it stored, if it answers', async () => {
    const wanted = body('answered', { description: 'd' });
    saved.add(wanted.schedule.name);
    const answer = got(await connection.writer.save(wanted, 'create'));
    expect(answer === null || answer.schedule).toEqual(answer === null || wanted.schedule);
  });

  it('keeps several crons if it can, else drops them', async () => {
    const wanted = body('several crons', {
      cronExpression: null,
      cronSchedules: [
        { cronExpression: '0 0 9 * * ?', zoneId: 'Europe/Berlin' },
        { cronExpression: '0 0 7 * * ?' },
      ],
    });
    const { cronSchedules } = wanted.schedule;
    const found = await get(await save(wanted));
    const known = (await capabilities()).cronSchedules;
    expect(found?.schedule.cronSchedules).toEqual(known === 'kept' ? cronSchedules : undefined);
  });

  it.each([
    '100%',
    'a%20b',
    'x?y=1&z',
    'a;b',
    'a#b',
    'a+b',
    'tägliche Läufe',
    '🚚',
    ' blank at the ends ',
    '%2e%2e',
  ])('addresses the name %j', async (suffix) => {
    const name = await save(body(suffix));
    expect((await get(name))?.schedule.name).toBe(name);
    got(await connection.writer.pause(name));
    expect((await get(name))?.schedule.paused).toBe(true);
    got(await connection.writer.delete(name));
    expect(await get(name)).toBeNull();
    saved.delete(name);
  });

  it('replaces everything by a save', async () => {
    const name = await save(
      body('replaced', { description: 'before', paused: true, zoneId: 'Europe/Berlin' }),
    );
    await save(body('replaced', { cronExpression: '0 30 9 * * ?' }), 'update');
    const found = await get(name);
    expect(found?.schedule).toEqual(body('replaced', { cronExpression: '0 30 9 * * ?' }).schedule);
  });

  it('pauses with a reason, and resumes', async () => {
    const name = await save(body('paused'));
    got(await connection.writer.pause(name, 'why not & ü?'));
    const paused = await get(name);
    expect(paused?.schedule.paused).toBe(true);
    expect(paused?.schedule.pausedReason).toBe(keepsPauseReason ? 'why not & ü?' : undefined);
    got(await connection.writer.resume(name));
    expect((await get(name))?.schedule).toEqual(body('paused').schedule);
  });

  it('answers `missing` to a pause or resume of a missing schedule', async () => {
    const name = `${prefix} never saved`;
    expect(kindOf(await connection.writer.pause(name))).toBe('missing');
    expect(kindOf(await connection.writer.resume(name))).toBe('missing');
  });

  it('finds out once how it is paused', async () => {
    const names = [await save(body('a')), await save(body('b')), await save(body('c'))];
    const { writer, counts } = fresh();
    for (const outcome of await Promise.all(names.map((name) => writer.pause(name)))) got(outcome);
    const first = counts().writes;
    for (const name of names) got(await writer.resume(name));
    for (const name of names) got(await writer.pause(name));
    expect(first).toBeLessThanOrEqual(names.length + 1);
    expect(counts().writes - first).toBeLessThanOrEqual(2 * names.length + 1);
  });

  it('keeps tags through a save, or reports that it has none', async () => {
    const name = await save(body('tagged'));
    const one = { key: 'team', value: 'data & ü' };
    const two = { key: 'env', value: 'prod' };
    if (!(await capabilities()).tags) {
      expect(kindOf(await connection.reader.tags(name))).toBe('unsupported');
      expect(kindOf(await connection.writer.putTags(name, [one]))).toBe('unsupported');
      expect(kindOf(await connection.writer.deleteTags(name, [one]))).toBe('unsupported');
      return;
    }
    expect(got(await connection.reader.tags(name))).toEqual([]);
    got(await connection.writer.putTags(name, [one, two]));
    expect(got(await connection.reader.tags(name))).toEqual([two, one]);
    await save(body('tagged', { description: 'd' }), 'update');
    expect(got(await connection.reader.tags(name))).toEqual([two, one]);
    if ((await capabilities()).tagsInList) {
      const { schedules } = got(await connection.reader.list());
      expect(schedules.find(({ schedule }) => schedule.name === name)?.tags).toEqual([two, one]);
    }
    got(await connection.writer.deleteTags(name, [one]));
    expect(got(await connection.reader.tags(name))).toEqual([two]);
  });

  it('pauses and resumes many, with a message for each failure', async () => {
    const names = [await save(body('m1')), await save(body('m2'))];
    const missing = `${prefix} never saved`;
    const paused = got(await connection.writer.pauseMany([...names, missing]));
    expect([...paused.succeeded].sort()).toEqual(names);
    expect(Object.keys(paused.failed)).toEqual([missing]);
    for (const name of names) expect((await get(name))?.schedule.paused).toBe(true);
    expect([...got(await connection.writer.resumeMany(names)).succeeded].sort()).toEqual(names);
    for (const name of names) expect((await get(name))?.schedule.paused).toBe(false);
  });

  it('computes the next fires', async () => {
    const start = Date.UTC(2030, 0, 1);
    const fires = got(
      await connection.reader.nextFew({ cronExpression: '0 0 9 * * ?', scheduleStartTime: start, limit: 2 }),
    );
    expect(fires).toEqual([Date.UTC(2030, 0, 1, 9), Date.UTC(2030, 0, 2, 9)]);
  });

  it('pages executions', async () => {
    const all = got(await connection.reader.searchExecutions({ size: 1 }));
    expect(all.results.length).toBeLessThanOrEqual(1);
    expect(all.totalHits).toBeGreaterThanOrEqual(all.results.length);
  });

  it('stops and starts as a whole, and archives again', async () => {
    got(await connection.writer.pauseAll());
    got(await connection.writer.resumeAll());
    got(await connection.writer.requeue());
  });

  it('finds past runs by name, state and time, in pages and sorted', async () => {
    const workflow = `${prefix} nobody defined`;
    const everySecond = { cronExpression: '* * * * * ?', startWorkflowRequest: { name: workflow } };
    const name = await save(body('runs', everySecond));
    const search = async (more: ExecutionQuery) => got(await connection.reader.searchExecutions(more));
    let found = await search({ names: [name] });
    for (let tries = 0; found.totalHits < 2 && tries < 100; tries += 1) {
      await target.elapse(200);
      found = await search({ names: [name] });
    }
    got(await connection.writer.pause(name));
    found = await search({ names: [name] });
    expect(found.totalHits).toBeGreaterThanOrEqual(2);
    for (const run of found.results) {
      expect(run).toMatchObject({ schedule: name, state: 'FAILED', workflow });
      expect(run.reason).toContain('No such workflow');
      expect((run.scheduledTime ?? 1) % 1000).toBe(0);
      expect(run.workflowId).toBeUndefined();
    }
    const times = found.results.map(({ scheduledTime = 0 }) => scheduledTime);
    expect(new Set(times).size).toBe(times.length);
    const ascending = (await search({ names: [name], sort: 'scheduledTime:ASC' })).results;
    expect(ascending.map(({ id }) => id)).toEqual(
      (await search({ names: [name], sort: 'scheduledTime:DESC' })).results.map(({ id }) => id).reverse(),
    );
    const [first, second] = await Promise.all(
      [0, 1].map((start) => search({ names: [name], start, size: 1, sort: 'scheduledTime:ASC' })),
    );
    expect([first, second].map((page) => page?.results[0]?.id)).toEqual(
      ascending.slice(0, 2).map(({ id }) => id),
    );
    expect((await search({ names: [name], failed: true })).totalHits).toBe(found.totalHits);
    if ((await capabilities()).executionQuery !== 'clauses') return;
    const after = Math.min(...times);
    expect((await search({ names: [name], after })).totalHits).toBe(found.totalHits - 1);
    const both = await search({ names: [name, `${prefix} never saved`] });
    expect(both.totalHits).toBe(found.totalHits);
    expect((await search({ names: [`${prefix} never saved`] })).totalHits).toBe(0);
    expect(kindOf(await connection.reader.searchExecutions({ names: ['a AND b'] }))).toBe('unaddressable');
  });

  it('finds the runs of names that no list can hold', async () => {
    if ((await capabilities()).executionQuery !== 'clauses') return;
    const name = await save(body('comma, (bracket)', { cronExpression: '* * * * * ?' }));
    let hits = 0;
    for (let tries = 0; hits === 0 && tries < 100; tries += 1) {
      await target.elapse(200);
      const page = got(await connection.reader.searchExecutions({ names: [name] }));
      hits = page.results.filter(({ schedule }) => schedule === name).length;
      expect(hits).toBe(page.totalHits);
    }
    expect(hits).toBeGreaterThan(0);
  });

  it.each(['', '.', '..', 'a/b', 'a\\b'])('is never asked about the name %j', async (name) => {
    const before = connection.counts();
    expect(kindOf(await connection.reader.get(name))).toBe('unaddressable');
    expect(kindOf(await connection.writer.delete(name))).toBe('unaddressable');
    expect(connection.counts()).toEqual(before);
  });

  it("has used each of the server's fourteen operations", async () => {
    const { tags } = await capabilities();
    const there = schedulerOperations
      .map(({ operation }) => operation)
      .filter((operation) => tags || !operation.startsWith('tags'));
    expect([...succeeded]).toEqual(expect.arrayContaining(there));
    expect(there.length).toBe(tags ? 14 : 11);
  });

  describe('workflow definitions', () => {
    const authorised = async (): Promise<{ readonly [name: string]: string }> => {
      if (credentials?.kind !== 'key') return {};
      const { key: keyId, secret: keySecret } = credentials;
      const answer = await fetch(`${target.url}/api/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ keyId, keySecret }),
      });
      return { 'x-authorization': ((await answer.json()) as { readonly token: string }).token };
    };
    const define = async (definition: JsonObject): Promise<void> => {
      const tasks = [{ name: 't', taskReferenceName: 't', type: 'SET_VARIABLE', inputParameters: { x: 1 } }];
      const answer = await fetch(`${target.url}/api/metadata/workflow`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(await authorised()) },
        body: JSON.stringify({ schemaVersion: 2, tasks, ...definition }),
      });
      expect(answer.status).toBe(200);
    };
    const undefine = async (name: string, version: number): Promise<void> => {
      const path = `/api/metadata/workflow/${encodeURIComponent(name)}/${version}`;
      await fetch(`${target.url}${path}`, { method: 'DELETE', headers: await authorised() });
    };

    it('are listed by name with their versions and inputs', async () => {
      const { workflows } = connection;
      const name = `${prefix} wörk flow`;
      const inputSchema = {
        name: 'schema',
        version: 1,
        type: 'JSON',
        data: { type: 'object', properties: { day: { type: 'string' } }, required: ['day', 'hour'] },
      };
      try {
        await define({
          name,
          version: 2,
          inputParameters: ['batch'],
          inputTemplate: { hour: 3 },
          inputSchema,
        });
        await define({ name, version: 1 });
        expect(got(await workflows.versions()).get(name)).toEqual([1, 2]);
        const latest = { declared: ['batch', 'hour', 'day'], required: ['day'] };
        expect(got(await workflows.inputs(name))).toEqual(latest);
        expect(got(await workflows.inputs(name, 2))).toEqual(latest);
        expect(got(await workflows.inputs(name, 1))).toEqual({ required: [] });
        expect(got(await workflows.inputs(name, 3))).toBeNull();
      } finally {
        await undefine(name, 1);
        await undefine(name, 2);
      }
    });

    it('are null if missing, and cannot be requested by a name that does not fit in a URL', async () => {
      expect(got(await connection.workflows.inputs(`${prefix} never`))).toBeNull();
      expect(kindOf(await connection.workflows.inputs('a/b'))).toBe('unaddressable');
    });
  });

  describe('after a save that the server refuses', () => {
    it('stores nothing of a schedule with an unknown zone, and passes on its message', async () => {
      const wanted = body('bad zone', { zoneId: 'Mars/X' });
      const answer = await connection.writer.save(wanted, 'create');
      expect(answer).toMatchObject({
        ok: false,
        failure: {
          kind: 'status',
          status: 500,
          effect: 'unknown',
          attempts: 1,
          words: 'Unknown time-zone ID: Mars/X',
        },
      });
      expect(await get(wanted.schedule.name)).toBeNull();
    });
  });
}

function got<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
  return outcome.value;
}

function kindOf(outcome: Outcome<unknown>): FailureKind | 'ok' {
  return outcome.ok ? 'ok' : outcome.failure.kind;
}
