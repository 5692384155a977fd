import { describe, expect, it } from 'vitest';
import type { StepEnd } from '../../../src/apply/end.ts';
import type { ApplyOptions } from '../../../src/apply/options.ts';
import { isDone } from '../../../src/apply/remaining.ts';
import { removeSchedule } from '../../../src/apply/remove.ts';
import { switchPause } from '../../../src/apply/switch.ts';
import { removeTags, setTags } from '../../../src/apply/tags.ts';
import { stoppable } from '../../../src/apply/writing/stoppable.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { normalize } from '../../../src/model/normal.ts';
import type { Step } from '../../../src/model/plan.ts';
import { type Schedule, type Tag, tagSet } from '../../../src/model/schedule.ts';
import {
  type Fault,
  type Hand,
  type Happening,
  modelServer,
  type ServerKind,
} from '../../law/model/server.ts';
import { neverFires } from '../../support/never-fires.ts';
import { observedOf } from '../../support/schedules.ts';

/** Writes of one schedule, with something that happens before the request of a number, counted from 0. */

const kind: ServerKind = {
  tags: true,
  tagsInList: true,
  keepsReason: true,
  tellsOfReason: true,
  answersSaves: false,
  refusesTaken: true,
  pausesAgain: true,
  putTags: 'append',
};
const body: JsonObject = {
  name: 'a',
  description: 'as it was',
  cronExpression: '0 0 3 * * ?',
  paused: false,
  xTop: 1,
  startWorkflowRequest: { name: 'wf' },
};
const before = normalize(body).schedule;
const tag = (text: string): Tag => {
  const [key = '', value = ''] = text.split('=');
  return { key, value };
};

type What = Happening | Fault;
type At = readonly [at: number, what: What];
const byHand = (hand: Hand): Happening => ({ kind: 'hand', hand });
const tagged = (...tags: readonly string[]): Happening =>
  byHand({ kind: 'tags', name: 'a', tags: tags.map(tag) });
const edited = byHand({ kind: 'edit', name: 'a', edit: { description: 'theirs' }, inRequest: {} });
const deleted = byHand({ kind: 'delete', name: 'a' });
const unread: Happening = { kind: 'fault', on: 'read', fault: 'before', times: 1 };
const stop: Happening = { kind: 'stop' };

interface Ended {
  readonly end: string;
  /** What came in, and the waits. */
  readonly steps: readonly string[];
  /** What the server has in the end. */
  readonly tags: readonly string[];
  readonly stored: JsonObject | undefined;
}

async function run(
  write: (options: ApplyOptions) => Promise<StepEnd>,
  happenings: readonly At[],
  {
    has = [],
    over = {},
    maxRetries = 2,
    paused = false,
  }: {
    readonly has?: readonly string[];
    readonly over?: Partial<ServerKind>;
    readonly maxRetries?: number;
    readonly paused?: boolean;
  } = {},
): Promise<Ended> {
  const server = modelServer(
    { ...kind, ...over },
    new Map([['a', { body: { ...body, paused }, tags: tagSet(has.map(tag)), timer: true }]]),
    { clock: 0, lateness: 0 },
  );
  server.begin(
    happenings.map(([at, what]) => ({
      at,
      what:
        typeof what === 'object' && 'kind' in what
          ? what
          : { kind: 'fault', on: 'write', fault: what, times: 1 },
    })),
    false,
  );
  const end = await write({
    ...neverFires,
    reader: server.reader,
    writer: stoppable(server.writer, server.stopped, () => undefined),
    capabilities: server.capabilities,
    parallelism: 1,
    failFast: false,
    maxRetries,
    retryDelay: (repeats) => 100 * (repeats + 1),
    now: server.now,
    wait: server.wait,
    waitAside: server.wait,
    stopped: server.stopped,
    counts: () => ({ reads: 0, writes: 0, retries: 0 }),
  });
  const { outcome, failure, notKept, note } = end;
  return {
    end: [
      outcome,
      ...(failure === undefined ? [] : [failure.kind, failure.effect]),
      ...(notKept ?? []).map((path) => path.join('.')),
      ...(note === undefined ? [] : [note]),
    ].join(', '),
    steps: server.journal.flatMap((entry) => {
      if (entry.kind === 'write' || entry.kind === 'read') return [entry.what];
      return entry.kind === 'wait' ? [`wait ${entry.ms}`] : [];
    }),
    tags: (server.contents().get('a')?.tags ?? []).map(({ key, value }) => `${key}=${value}`),
    stored: server.contents().get('a')?.body,
  };
}

const meanwhile = 'somebody else changed it at the same time; it was not written again';
const halfDone = 'the new tags are set; old ones may remain';

describe('tags are set', () => {
  const set =
    (wanted: readonly string[], may = true) =>
    (options: ApplyOptions) =>
      setTags('a', wanted.map(tag), { read: undefined, may: () => may }, options);

  it.each<[string, readonly string[], readonly string[], readonly At[], string, readonly string[]]>([
    ['where they are already', ['t=1'], ['t=1'], [], 'already', ['tags']],
    ['where there are none', [], ['t=1'], [], 'done', ['tags', 'put tags', 'tags']],
    [
      'and the old ones go',
      ['o=1', 't=1'],
      ['t=1', 'n=2'],
      [],
      'done',
      ['tags', 'put tags', 'tags', 'delete tags', 'tags'],
    ],
    ['but they cannot be read', [], ['t=1'], [[0, unread]], 'failed, reset, none', []],
    ['but the write is refused', [], ['t=1'], [[1, 'refused']], 'failed, status, none', ['tags', 'put tags']],
    [
      'but they cannot be read again',
      [],
      ['t=1'],
      [[2, unread]],
      'failed, reset, unknown, its tags could not be read to check them',
      ['tags', 'put tags'],
    ],
    [
      'but the answer was lost, and they cannot be read again',
      [],
      ['t=1'],
      [
        [1, 'unavailable'],
        [2, unread],
      ],
      'failed, status, unknown, its tags could not be read to check them',
      ['tags', 'put tags'],
    ],
    [
      'but the server drops one',
      [],
      ['t=1', 'n=2'],
      [[1, { drops: ['tags'] }]],
      'failed, tags',
      ['tags', 'put tags', 'tags'],
    ],
    [
      'again, when the answer was lost before they came',
      [],
      ['t=1'],
      [[1, 'before']],
      'done',
      ['tags', 'put tags', 'tags', 'wait 100', 'put tags', 'tags'],
    ],
    [
      'when the answer was lost after they came',
      [],
      ['t=1'],
      [[1, 'after']],
      'done',
      ['tags', 'put tags', 'tags'],
    ],
    [
      'not again, when somebody else set others meanwhile',
      [],
      ['t=1'],
      [
        [1, 'unavailable'],
        [2, tagged('theirs=1')],
      ],
      `failed, status, unknown, ${meanwhile}`,
      ['tags', 'put tags', 'tags'],
    ],
    [
      'again, when somebody else took one away meanwhile',
      ['o=1'],
      ['t=1', 'o=1'],
      [
        [1, 'unavailable'],
        [2, tagged()],
      ],
      'done',
      ['tags', 'put tags', 'tags', 'wait 100', 'put tags', 'tags'],
    ],
    [
      'beside one that somebody else adds, which stays',
      [],
      ['t=1'],
      [[2, tagged('t=1', 'theirs=1')]],
      'failed, tags, somebody else changed them at the same time',
      ['tags', 'put tags', 'tags'],
    ],
    [
      'and the old ones go, beside one that somebody else adds, which stays',
      ['o=1'],
      ['t=1'],
      [[4, tagged('t=1', 'theirs=1')]],
      'failed, tags, somebody else changed them at the same time',
      ['tags', 'put tags', 'tags', 'delete tags', 'tags'],
    ],
    [
      'in part, when the delete of the old ones is refused',
      ['o=1'],
      ['t=1'],
      [[3, 'refused']],
      `failed, status, unknown, ${halfDone}`,
      ['tags', 'put tags', 'tags', 'delete tags'],
    ],
    [
      'in part, when the old ones stay',
      ['o=1'],
      ['t=1'],
      [[3, { drops: ['tags'] }]],
      'failed, tags',
      ['tags', 'put tags', 'tags', 'delete tags', 'tags'],
    ],
    [
      'in part, when the run is stopped before the delete of the old ones',
      ['o=1'],
      ['t=1'],
      [[2, stop]],
      `failed, tags, ${halfDone}`,
      ['tags', 'put tags', 'tags'],
    ],
    [
      'no more, when the run is stopped after a lost answer',
      [],
      ['t=1'],
      [
        [1, 'before'],
        [2, stop],
      ],
      'failed, reset, unknown',
      ['tags', 'put tags', 'tags'],
    ],
  ])('%s', async (_case, has, wanted, happenings, end, steps) => {
    const ended = await run(set(wanted), happenings, { has });
    expect([ended.end, ended.steps]).toEqual([end, steps]);
    if (end === 'done') expect([...ended.tags].sort()).toEqual([...wanted].sort());
  });

  it('as often as --max-retries allows', async () => {
    const lost = Array.from({ length: 9 }, (_, at): At => [at, 'before']);
    const ended = await run(set(['t=1']), lost, { maxRetries: 1 });
    expect(ended.end).toBe('failed, reset, unknown');
    expect(ended.steps).toEqual(['tags', 'put tags', 'tags', 'wait 100', 'put tags', 'tags']);
  });

  it('no more, when the run is stopped during the wait for another attempt', async () => {
    let waited = false;
    const ended = await run(
      (options) =>
        set(['t=1'])({
          ...options,
          wait: async () => {
            waited = true;
          },
          stopped: () => waited,
        }),
      [[1, 'before']],
    );
    expect([ended.end, ended.steps]).toEqual(['failed, reset, unknown', ['tags', 'put tags', 'tags']]);
  });

  it('not if they are not the expected ones', async () => {
    const ended = await run(set(['t=1'], false), []);
    expect([ended.end, ended.steps]).toEqual(['stale, somebody else changed its tags', ['tags']]);
  });

  it('without another read if they were just read', async () => {
    const read = [tag('o=1')];
    const ended = await run((options) => setTags('a', [tag('o=1')], { read, may: () => false }, options), []);
    expect([ended.end, ended.steps]).toEqual(['already', []]);
  });
});

describe('tags are taken away', () => {
  const remove = (unwanted: readonly string[]) => (options: ApplyOptions) =>
    removeTags('a', unwanted.map(tag), { read: undefined, may: () => true }, options);

  it.each<[string, readonly string[], readonly At[], string, readonly string[]]>([
    ['and others stay', ['o=1', 't=1'], [], 'done', ['t=1']],
    ['but not when they cannot be read', ['o=1'], [[0, unread]], 'failed, reset, none', ['o=1']],
    ['but not by a server that keeps them', ['o=1'], [[1, { drops: ['tags'] }]], 'failed, tags', ['o=1']],
    ['again after a lost answer', ['o=1', 't=1'], [[1, 'before']], 'done', ['t=1']],
    [
      'not again when somebody else adds one meanwhile',
      ['o=1'],
      [
        [1, 'before'],
        [2, tagged('o=1', 'theirs=1')],
      ],
      `failed, reset, unknown, ${meanwhile}`,
      ['o=1', 'theirs=1'],
    ],
  ])('%s', async (_case, has, happenings, end, left) => {
    const ended = await run(remove(['o=1']), happenings, { has });
    expect([ended.end, ended.tags]).toEqual([end, left]);
  });
});

describe('a pause', () => {
  const pause = (options: ApplyOptions) => switchPause('a', { paused: true, reason: 'why' }, options, before);

  it.each<[string, readonly At[], Partial<ServerKind>, string, readonly string[]]>([
    ['that is answered', [], {}, 'done', ['pause', 'get']],
    [
      'whose reason is not stored',
      [],
      { keepsReason: false },
      'done, it is paused, and this server does not keep the reason',
      ['pause', 'get'],
    ],
    ['that does nothing', [[0, { drops: ['paused'] }]], {}, 'failed, paused', ['pause', 'get']],
    [
      'whose reason is dropped by a server that keeps reasons',
      [[1, byHand({ kind: 'pause', name: 'a' })]],
      {},
      'failed, pausedReason',
      ['pause', 'get'],
    ],
    [
      'whose reason is replaced where it is not known whether reasons are kept',
      [[1, byHand({ kind: 'pause', name: 'a', reason: 'theirs' })]],
      { tellsOfReason: false },
      'failed, pausedReason',
      ['pause', 'get'],
    ],
    [
      'whose reason is lost where it is not known whether reasons are kept',
      [],
      { tellsOfReason: false, keepsReason: false },
      'done, it is paused, and this server does not keep the reason',
      ['pause', 'get'],
    ],
    ['that is refused', [[0, 'refused']], {}, 'failed, status, none', ['pause']],
    [
      'that cannot be looked at',
      [[1, unread]],
      {},
      'failed, reset, unknown, it could not be read afterwards to check it',
      ['pause'],
    ],
    [
      'whose answer was lost, and that cannot be looked at',
      [
        [0, 'unavailable'],
        [1, unread],
      ],
      {},
      'failed, status, unknown, it could not be read afterwards to check it',
      ['pause'],
    ],
    [
      'of one that is gone afterwards',
      [[1, deleted]],
      {},
      'failed, name, the schedule is gone',
      ['pause', 'get'],
    ],
    ['of one that is gone', [[0, deleted]], {}, 'failed, missing, none', ['pause', 'get']],
    ['lost after it came', [[0, 'after']], {}, 'done', ['pause', 'get']],
    ['lost before it came', [[0, 'before']], {}, 'done', ['pause', 'get', 'wait 100', 'pause', 'get']],
    [
      'lost, and the schedule was changed meanwhile: it is not sent again',
      [
        [0, 'before'],
        [1, edited],
      ],
      {},
      `failed, reset, none, ${meanwhile}`,
      ['pause', 'get'],
    ],
    [
      'lost, and what Downbeat does not know was changed meanwhile: it is sent again',
      [
        [0, 'before'],
        [1, byHand({ kind: 'edit', name: 'a', edit: { xTop: 2 }, inRequest: {} })],
      ],
      {},
      'done',
      ['pause', 'get', 'wait 100', 'pause', 'get'],
    ],
    [
      'lost, and the run is stopped: it is not sent again',
      [
        [0, 'before'],
        [1, stop],
      ],
      {},
      'failed, reset, none, a read shows it unchanged',
      ['pause', 'get'],
    ],
    [
      'that broke the server',
      [[0, 'broken']],
      {},
      'failed, status, none, a read shows it unchanged',
      ['pause', 'get'],
    ],
  ])('%s', async (_case, happenings, over, end, steps) => {
    const ended = await run(pause, happenings, { over });
    expect([ended.end, ended.steps]).toEqual([end, steps]);
  });

  it('without a reason takes any', async () => {
    const plain = (options: ApplyOptions) => switchPause('a', { paused: true }, options);
    const ended = await run(plain, [], { paused: true, over: { pausesAgain: false } });
    expect(ended.end).toBe('done');
  });

  it('is not sent after a stop', async () => {
    const stopped = async (options: ApplyOptions): Promise<StepEnd> => {
      await options.reader.get('a');
      return pause(options);
    };
    const ended = await run(stopped, [[0, stop]]);
    expect([ended.end, ended.steps]).toEqual(['not-run', ['get']]);
  });
});

describe('a resume', () => {
  const resume = (options: ApplyOptions) => switchPause('a', { paused: false }, options);
  it('of an active one answers 404, and is done', async () => {
    expect((await run(resume, [])).end).toBe('done');
  });

  it('of one that is paused', async () => {
    const ended = await run(resume, [[0, 'before']], { paused: true });
    expect(ended.end).toBe('done');
    expect(ended.stored).toMatchObject({ paused: false });
  });
});

describe('a delete', () => {
  const remove =
    (...ends: readonly (StepEnd | undefined)[]) =>
    (options: ApplyOptions) => {
      const left = [...ends];
      return removeSchedule('a', async () => left.shift(), options);
    };
  const stale: StepEnd = { outcome: 'stale' };

  it.each<[string, readonly At[], readonly (StepEnd | undefined)[], string, readonly string[]]>([
    ['that is answered', [], [], 'done', ['delete', 'get']],
    ['of one that is gone', [[0, deleted]], [], 'done', ['delete', 'get']],
    ['that is refused', [[0, 'refused']], [], 'failed, status, none', ['delete']],
    [
      'that cannot be looked at',
      [[1, unread]],
      [],
      'failed, reset, unknown, it could not be read afterwards to check it',
      ['delete'],
    ],
    ['lost after it came', [[0, 'after']], [], 'done', ['delete', 'get']],
    ['lost before it came', [[0, 'before']], [], 'done', ['delete', 'get', 'wait 100', 'delete', 'get']],
    [
      'after which there is one again',
      [[1, byHand({ kind: 'create', name: 'a', body, tags: [] })]],
      [],
      'failed, the server accepted the delete but still has the schedule',
      ['delete', 'get'],
    ],
    [
      'lost, and at the next look another one is there',
      [[0, 'before']],
      [stale],
      `failed, reset, unknown, ${meanwhile}`,
      ['delete', 'get', 'wait 100'],
    ],
    [
      'lost, and the next look says why not',
      [[0, 'before']],
      [{ outcome: 'stale', note: 'no' }],
      'failed, reset, unknown, no',
      ['delete', 'get', 'wait 100'],
    ],
    [
      'lost, and gone at the next look',
      [[0, 'before']],
      [{ outcome: 'already' }],
      'done',
      ['delete', 'get', 'wait 100'],
    ],
    [
      'lost, and the next look fails',
      [[0, 'before']],
      [{ outcome: 'failed' }],
      'failed, reset, unknown, it could not be read afterwards to check it',
      ['delete', 'get', 'wait 100'],
    ],
    [
      'that broke the server is not sent again',
      [[0, 'broken']],
      [],
      'failed, status, none, a read shows that it still exists',
      ['delete', 'get'],
    ],
    [
      'lost, and the run is stopped: it is not sent again',
      [
        [0, 'before'],
        [1, stop],
      ],
      [],
      'failed, reset, none, a read shows that it still exists',
      ['delete', 'get'],
    ],
  ])('%s', async (_case, happenings, ends, end, steps) => {
    const ended = await run(remove(...ends), happenings);
    expect([ended.end, ended.steps]).toEqual([end, steps]);
  });
});

it.each<[Step, Partial<Schedule>, readonly string[] | undefined, boolean]>([
  [{ kind: 'tag', tags: [tag('t=1')] }, {}, ['t=1'], true],
  [{ kind: 'tag', tags: [tag('t=1')] }, {}, ['t=1', 'o=1'], false],
  [{ kind: 'tag', tags: [tag('t=1')] }, {}, [], false],
  [{ kind: 'tag', tags: [tag('t=1')] }, {}, undefined, false],
  [{ kind: 'untag', tags: [tag('t=1')] }, {}, ['o=1'], true],
  [{ kind: 'untag', tags: [tag('t=1')] }, {}, ['t=1'], false],
  [{ kind: 'untag', tags: [tag('t=1'), tag('u=1')] }, {}, ['u=1'], false],
  [{ kind: 'untag', tags: [tag('t=1')] }, {}, undefined, false],
  [{ kind: 'pause' }, { paused: true, pausedReason: 'why' }, undefined, true],
  [{ kind: 'pause' }, { paused: false }, undefined, false],
  [{ kind: 'pause', reason: 'why' }, { paused: true, pausedReason: 'why' }, undefined, true],
  [{ kind: 'pause', reason: 'why' }, { paused: true, pausedReason: 'other' }, undefined, false],
  [{ kind: 'pause', reason: 'why' }, { paused: false, pausedReason: 'why' }, undefined, false],
  [{ kind: 'resume' }, { paused: false }, undefined, true],
  [{ kind: 'resume' }, { paused: true }, undefined, false],
  [{ kind: 'delete' }, {}, undefined, false],
  [{ kind: 'save', mode: 'update', set: [], unset: [['description']] }, {}, undefined, false],
  [
    { kind: 'save', mode: 'update', set: [{ path: ['description'], value: 'as it was' }], unset: [] },
    {},
    undefined,
    true,
  ],
])('whether %j is done where the schedule is %j with tags %j', (step, over, tags, done) => {
  const observed = observedOf({ ...before, ...over });
  const seen = { observed, ...(tags === undefined ? {} : { tags: tags.map(tag) }) };
  expect(isDone(step, seen, { numbers: 'kind', pauseReason: 'kept' })).toBe(done);
});
