import { describe, expect, it } from 'vitest';
import { settlingTime } from '../../../src/apply/closing-look.ts';
import type { StepEnd } from '../../../src/apply/end.ts';
import { type SaveOptions, saveSchedule } from '../../../src/apply/save.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { normalize } from '../../../src/model/normal.ts';
import { type Failure, fail } from '../../../src/model/port.ts';
import {
  type Fault,
  type Hand,
  type Happening,
  modelServer,
  type ServerKind,
  type Stored,
} from '../../law/model/server.ts';

const kind: ServerKind = {
  tags: false,
  tagsInList: false,
  keepsReason: true,
  tellsOfReason: true,
  answersSaves: true,
  refusesTaken: false,
  pausesAgain: true,
  putTags: 'replace',
};
/** A name that is taken is refused, and a schedule that the key may not see answers 403. */
const strict: Partial<ServerKind> = { refusesTaken: true };
const body: JsonObject = {
  name: 'a',
  description: 'as it was',
  cronExpression: '0 0 3 * * ?',
  paused: false,
  xTop: 1,
  startWorkflowRequest: { name: 'wf', input: { size: 1 }, xInRequest: [2] },
};
/** Without what Downbeat does not know, as a manifest has it. */
const wanted = normalize({
  name: 'a',
  description: 'new',
  cronExpression: '0 0 3 * * ?',
  startWorkflowRequest: { name: 'wf', input: { size: 1 } },
}).schedule;
const there: Stored = { body, tags: [], timer: true };

type At = readonly [at: number, what: Happening | Hand['kind'] | Fault];
const byThem: JsonObject = { ...body, description: 'theirs' };
const asWanted: JsonObject = {
  name: 'a',
  cronExpression: '0 0 3 * * ?',
  description: 'new',
  startWorkflowRequest: { name: 'wf', input: { size: 1 } },
};

function happeningOf(what: At[1]): Happening {
  if (typeof what === 'object' && 'kind' in what) return what;
  switch (what) {
    case 'create':
      return { kind: 'hand', hand: { kind: 'create', name: 'a', body: byThem, tags: [] } };
    case 'edit':
      return {
        kind: 'hand',
        hand: { kind: 'edit', name: 'a', edit: { description: 'theirs' }, inRequest: {} },
      };
    case 'delete':
      return { kind: 'hand', hand: { kind: 'delete', name: 'a' } };
    case 'pause':
    case 'resume':
      return { kind: 'hand', hand: { kind: what, name: 'a' } };
    case 'tags':
      return { kind: 'hand', hand: { kind: 'tags', name: 'a', tags: [] } };
    default:
      return { kind: 'fault', on: 'write', fault: what, times: 1 };
  }
}
const unread: Happening = { kind: 'fault', on: 'read', fault: 'before', times: 1 };
const stop: Happening = { kind: 'stop' };
const createdAsWanted: Happening = {
  kind: 'hand',
  hand: { kind: 'create', name: 'a', body: asWanted, tags: [] },
};

interface Saved {
  /** Outcome, kind and effect of the failure, what was not kept, note: what there is of them. */
  readonly end: string;
  /** `save`, `get` and `wait N`, in order. */
  readonly steps: readonly string[];
  readonly stored: Stored | undefined;
}

/** Saves `wanted`. `happenings`: before the request of that number, counted from 0. */
async function save(
  before: Stored | null,
  happenings: readonly At[],
  {
    over = {},
    maxRetries = 3,
    first,
    unseen = false,
  }: {
    readonly over?: Partial<ServerKind>;
    readonly maxRetries?: number;
    /** It came after the look. */
    readonly unseen?: boolean;
    /** What the first save answers, instead of being sent. */
    readonly first?: Partial<Failure>;
  } = {},
): Promise<Saved> {
  const server = modelServer({ ...kind, ...over }, new Map(before === null ? [] : [['a', before]]), {
    clock: 0,
    lateness: 0,
  });
  const seen = before === null || before.hidden || unseen ? null : (server.observed()[0] ?? null);
  server.begin(
    happenings.map(([at, what]) => ({ at, what: happeningOf(what) })),
    false,
  );
  let answered = first === undefined;
  const options: SaveOptions = {
    reader: server.reader,
    writer: {
      save: async (...sent) => {
        if (answered) return server.writer.save(...sent);
        answered = true;
        return fail({ ...lost, ...first });
      },
    },
    capabilities: server.capabilities,
    maxRetries,
    retryDelay: (repeats) => 100 * (repeats + 1),
    wait: server.wait,
    stopped: server.stopped,
  };
  const end = await saveSchedule(wanted, seen, options);
  return {
    end: textOf(end),
    steps: server.journal.flatMap((entry) =>
      entry.kind === 'write'
        ? ['save']
        : entry.kind === 'read'
          ? ['get']
          : entry.kind === 'wait'
            ? [`wait ${entry.ms}`]
            : [],
    ),
    stored: server.contents().get('a'),
  };
}

const lost: Failure = {
  kind: 'status',
  operation: 'save',
  schedule: 'a',
  method: 'POST',
  url: 'model',
  words: 'no',
  attempts: 1,
  effect: 'unknown',
};

function textOf({ outcome, failure, notKept, note }: StepEnd): string {
  return [
    outcome,
    ...(failure === undefined ? [] : [failure.kind, failure.effect]),
    ...(notKept ?? []).map((path) => path.join('.')),
    ...(note === undefined ? [] : [note]),
  ].join(', ');
}

const meanwhile = 'somebody else changed it at the same time; it was not written again';
const neverFires = 'it looks active but may never fire: save it once more, or pause and resume it';
const unknown = 'it could not be read afterwards, so whether it was saved is not known';

describe('a create that overwrites one of somebody else', () => {
  const overwrote =
    'failed, somebody created it after Downbeat looked, and this save overwrote it: find out who else uses this name';
  it.each<[string, number, Partial<ServerKind>, string]>([
    ['whose run may not have looked yet', settlingTime, {}, 'done'],
    ['whose run may have looked', settlingTime + 1, {}, overwrote],
    ['where no answer shows that', settlingTime + 1, { answersSaves: false }, 'done'],
  ])('%s', async (_what, age, over, end) => {
    // The model is asked 40 ms after it was started.
    const start = modelServer(kind, new Map(), { clock: 0, lateness: 0 }).now();
    const older: Stored = { body: { ...byThem, createTime: start + 40 - age }, tags: [], timer: true };
    const saved = await save(older, [], { over, unseen: true });
    expect(saved.end).toBe(end);
    expect(saved.stored?.body.description).toBe('new');
  });
});

describe('a create', () => {
  it.each<[string, readonly At[], Partial<ServerKind>, string, readonly string[]]>([
    ['that is answered', [], {}, 'done', ['save']],
    ['that is answered without the schedule', [], { answersSaves: false }, 'done', ['save', 'get']],
    ['that overwrites what somebody created just now', [[0, 'create']], {}, 'done', ['save']],
    [
      'that overwrites its own lost attempt',
      [[0, 'killed']],
      {},
      'done',
      ['save', 'get', 'wait 100', 'save'],
    ],
    [
      'that cannot be looked at',
      [[1, unread]],
      { answersSaves: false },
      'failed, reset, unknown, the server accepted the save, but it could not be read to check it',
      ['save'],
    ],
    [
      'that is gone at the look',
      [[1, 'delete']],
      { answersSaves: false },
      'failed, name, the server accepted it but does not have the schedule',
      ['save', 'get'],
    ],
    ['that is refused', [[0, 'refused']], {}, 'failed, status, none', ['save']],
    [
      'of a name that is taken',
      [[0, 'create']],
      strict,
      'stale, somebody created it since the plan was made',
      ['save', 'get'],
    ],
    [
      'of a name that was taken for a moment',
      [
        [0, 'create'],
        [1, 'delete'],
      ],
      strict,
      'failed, hidden, none',
      ['save', 'get'],
    ],
    [
      'of a name that is taken, and cannot be read',
      [
        [0, 'create'],
        [1, unread],
      ],
      strict,
      'failed, conflict, none, it could not be read afterwards to see who owns it',
      ['save'],
    ],
    [
      'lost before it came: it is sent again',
      [[0, 'before']],
      {},
      'done',
      ['save', 'get', 'wait 100', 'save'],
    ],
    [
      'lost after it came: it is saved once more, for its timer',
      [[0, 'after']],
      {},
      'done',
      ['save', 'get', 'wait 100', 'save'],
    ],
    [
      'lost, and somebody made another',
      [
        [0, 'before'],
        [1, 'create'],
      ],
      {},
      `failed, reset, unknown, ${meanwhile}`,
      ['save', 'get'],
    ],
    [
      'lost, and taken at the second attempt',
      [
        [0, 'before'],
        [2, 'create'],
      ],
      strict,
      `failed, conflict, none, ${meanwhile}`,
      ['save', 'get', 'wait 100', 'save', 'get'],
    ],
    [
      'lost, taken at the second attempt, and gone again',
      [
        [0, 'before'],
        [2, 'create'],
        [3, 'delete'],
      ],
      strict,
      'failed, hidden, unknown',
      ['save', 'get', 'wait 100', 'save', 'get'],
    ],
    [
      'lost, and made just so by somebody before the second attempt',
      [
        [0, 'before'],
        [2, createdAsWanted],
      ],
      strict,
      'done',
      ['save', 'get', 'wait 100', 'save', 'get', 'wait 200', 'save'],
    ],
    [
      'lost, and refused at the second attempt: what is reported is the first',
      [
        [0, 'before'],
        [2, 'refused'],
      ],
      {},
      'failed, reset, none, a read shows that the schedule does not exist',
      ['save', 'get', 'wait 100', 'save'],
    ],
    [
      'lost, and not to be read',
      [
        [0, 'before'],
        [1, unread],
      ],
      {},
      `failed, reset, unknown, ${unknown}`,
      ['save'],
    ],
    [
      'lost twice, and then not to be read: what is reported is the first',
      [
        [0, 'before'],
        [2, 'unavailable'],
        [3, unread],
      ],
      {},
      `failed, reset, unknown, ${unknown}`,
      ['save', 'get', 'wait 100', 'save'],
    ],
    [
      'lost, and the run is stopped',
      [
        [0, 'before'],
        [1, stop],
      ],
      {},
      'failed, reset, none, a read shows that the schedule does not exist',
      ['save', 'get'],
    ],
  ])('%s', async (_case, happenings, over, end, steps) => {
    const saved = await save(null, happenings, { over });
    expect([saved.end, saved.steps]).toEqual([end, steps]);
  });

  it('of a name that the key may not see is hidden, with its answer or without', async () => {
    const hidden: Stored = { ...there, hidden: true };
    expect((await save(hidden, [], { over: strict })).end).toBe('failed, hidden, none');
    const unanswered = await save(hidden, [[0, 'before']], { over: strict });
    expect(unanswered.end).toBe('failed, hidden, unknown');
    // Where a list hides nothing, a 403 says nothing about it.
    expect((await save(hidden, [[0, 'before']])).end).toBe(`failed, reset, unknown, ${unknown}`);
  });

  it.each([0, 2])(
    'that is lost each time is sent as often as allowed, with %i retries',
    async (maxRetries) => {
      const all = Array.from({ length: 8 }, (_, at): At => [at, 'before']);
      const saved = await save(null, all, { maxRetries });
      expect(saved.end).toBe('failed, reset, none, a read shows that the schedule does not exist');
      expect(saved.steps.filter((step) => step === 'save')).toHaveLength(maxRetries + 1);
      expect(saved.steps.filter((step) => step.startsWith('wait'))).toEqual(
        ['wait 100', 'wait 200'].slice(0, maxRetries),
      );
    },
  );

  it.each([
    [0, 3],
    [2, 3],
    [3, 4],
  ])(
    'that exists and is never answered is saved again, with %i retries %i times',
    async (maxRetries, times) => {
      const all = Array.from({ length: 12 }, (_, at): At => [at, 'after']);
      const saved = await save(null, all, { maxRetries });
      expect(saved.end).toBe(`failed, reset, unknown, it is saved; ${neverFires}`);
      expect(saved.steps.filter((step) => step === 'save')).toHaveLength(times);
    },
  );
});

describe('an update', () => {
  it.each<[string, readonly At[], Partial<ServerKind>, string, readonly string[]]>([
    ['that is answered', [], {}, 'done', ['save']],
    [
      'lost after it came',
      [[0, 'after']],
      {},
      'done, the answer was lost; a read shows it saved',
      ['save', 'get'],
    ],
    ['lost before it came', [[0, 'before']], {}, 'done', ['save', 'get', 'wait 100', 'save']],
    [
      'lost, and changed by somebody',
      [
        [0, 'before'],
        [1, 'edit'],
      ],
      {},
      `failed, reset, unknown, ${meanwhile}`,
      ['save', 'get'],
    ],
    [
      'lost, and deleted by somebody',
      [
        [0, 'before'],
        [1, 'delete'],
      ],
      {},
      `failed, reset, unknown, ${meanwhile}`,
      ['save', 'get'],
    ],
    ['that broke the store once', [[0, 'broken']], {}, 'done', ['save', 'get', 'wait 100', 'save']],
    [
      'that broke the store after it came: saved once more, for its timer',
      [[0, 'broken after']],
      {},
      'done',
      ['save', 'get', 'wait 100', 'save'],
    ],
    [
      'that broke the store twice: saved as it was',
      [
        [0, 'broken'],
        [2, 'broken'],
      ],
      {},
      'failed, status, none, it was saved again unchanged, so that it keeps firing',
      ['save', 'get', 'wait 100', 'save', 'get', 'wait 200', 'save'],
    ],
    [
      'that broke the store, and was lost then: its timer may still be gone',
      [
        [0, 'broken'],
        [2, 'after'],
      ],
      {},
      'done',
      ['save', 'get', 'wait 100', 'save', 'get', 'wait 200', 'save'],
    ],
    [
      'that broke the store three times',
      [
        [0, 'broken'],
        [2, 'broken'],
        [4, 'broken'],
      ],
      {},
      `failed, status, unknown, ${neverFires}`,
      ['save', 'get', 'wait 100', 'save', 'get', 'wait 200', 'save', 'get'],
    ],
    [
      'that is lost, and then refused',
      [
        [0, 'before'],
        [2, 'refused'],
      ],
      {},
      'failed, reset, none, a read shows it unchanged',
      ['save', 'get', 'wait 100', 'save'],
    ],
    [
      'of which the server loses what Downbeat does not know',
      [[0, { drops: ['xTop', 'request.xInRequest', 'description'] }]],
      {},
      'failed, description, xTop, startWorkflowRequest.xInRequest',
      ['save'],
    ],
  ])('%s', async (_case, happenings, over, end, steps) => {
    const saved = await save(there, happenings, { over });
    expect([saved.end, saved.steps]).toEqual([end, steps]);
  });

  it.each(['forbidden', 'conflict'] as const)('that is refused as %s counts as refused', async (failure) => {
    const saved = await save(there, [], { over: strict, first: { kind: failure, effect: 'none' } });
    expect([saved.end, saved.steps]).toEqual([`failed, ${failure}, none`, []]);
  });

  it('that is sent again carries what somebody changed in what Downbeat does not know', async () => {
    const xTop: Hand = {
      kind: 'edit',
      name: 'a',
      edit: { xTop: 'newer' },
      inRequest: { xInRequest: 'newer' },
    };
    const saved = await save(there, [
      [0, 'before'],
      [1, { kind: 'hand', hand: xTop }],
    ]);
    expect(saved.end).toBe('done');
    expect(saved.stored?.body).toMatchObject({
      description: 'new',
      xTop: 'newer',
      startWorkflowRequest: { xInRequest: 'newer' },
    });
  });

  it('that is lost each time is sent as often as allowed', async () => {
    const all = Array.from({ length: 12 }, (_, at): At => [at, 'before']);
    const saved = await save(there, all, { maxRetries: 2 });
    expect(saved.end).toBe('failed, reset, none, a read shows it unchanged');
    expect(saved.steps).toEqual(['save', 'get', 'wait 100', 'save', 'get', 'wait 200', 'save', 'get']);
  });

  it('that is lost twice is sent whole a third time', async () => {
    const saved = await save(there, [
      [0, 'before'],
      [2, 'before'],
    ]);
    expect(saved.end).toBe('done');
    expect(saved.steps.filter((step) => step === 'save')).toHaveLength(3);
    expect(saved.stored?.body.description).toBe('new');
  });

  it('is not sent again when the run is stopped during the wait', async () => {
    const server = modelServer(kind, new Map([['a', there]]), { clock: 0, lateness: 0 });
    server.begin([{ at: 0, what: { kind: 'fault', on: 'write', fault: 'before', times: 9 } }], false);
    let waited = false;
    const end = await saveSchedule(wanted, server.observed()[0] ?? null, {
      ...server,
      maxRetries: 3,
      retryDelay: () => 100,
      wait: async () => {
        waited = true;
      },
      stopped: () => waited,
    });
    expect(textOf(end)).toBe('failed, reset, none, a read shows it unchanged');
    expect(server.journal.filter((entry) => entry.kind === 'write')).toHaveLength(1);
  });

  // From 502 to 504 it is a gateway that answers, and a save that is there is done.
  it.each([
    [500, ['get', 'wait 100', 'save']],
    [501, ['get', 'wait 100', 'save']],
    [502, ['get']],
    [503, ['get']],
    [504, ['get']],
    [505, ['get', 'wait 100', 'save']],
    [499, ['get']],
  ])('answered by %i that exists anyway', async (status, steps) => {
    const saved = await save({ ...there, body: { ...body, description: 'new' } }, [], { first: { status } });
    expect(saved.steps).toEqual(steps);
    expect(saved.end).toMatch(/^done/);
  });
});
