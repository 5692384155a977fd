import { expect, it } from 'vitest';
import { apply } from '../../../src/apply/apply.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { markerTags } from '../../../src/model/marks/marker.ts';
import { normalize } from '../../../src/model/normal.ts';
import { type Failure, fail } from '../../../src/model/port.ts';
import type { ApplyResult } from '../../../src/model/result.ts';
import { openPolicy } from '../../../src/model/run-policy.ts';
import { type DesiredSchedule, type Tag, tagSet } from '../../../src/model/schedule.ts';
import { planOf } from '../../../src/plan/plan.ts';
import {
  type Fault,
  type Hand,
  type Happening,
  type ModelServer,
  modelServer,
  type ServerKind,
  type Stored,
} from '../../law/model/server.ts';
import { neverFires } from '../../support/never-fires.ts';
import { desiredOf } from '../../support/schedules.ts';

/** Whole runs of one plan at the adversarial port, and what each step comes to when something happens between two requests. */

const kind: ServerKind = {
  tags: true,
  tagsInList: false,
  keepsReason: true,
  tellsOfReason: true,
  answersSaves: true,
  refusesTaken: false,
  pausesAgain: true,
  putTags: 'replace',
};
const owner = 'us';
const team: Tag = { key: 'team', value: 'a' };

function body(name: string, over: JsonObject = {}): JsonObject {
  return { name, cronExpression: '0 0 3 * * ?', startWorkflowRequest: { name: 'wf' }, ...over };
}

function ours(name: string, over: JsonObject = {}, ...tags: readonly Tag[]): readonly [string, Stored] {
  const marks = markerTags(name, { owner, protected: false });
  return [name, { body: body(name, over), tags: tagSet([...marks, ...tags]), timer: true }];
}

function wanted(name: string, over: JsonObject, managed: Parameters<typeof desiredOf>[1] = {}) {
  return desiredOf(normalize(body(name, over)).schedule, managed);
}

function asRenamed(desired: DesiredSchedule, ...previousNames: readonly string[]): DesiredSchedule {
  return { ...desired, lifecycle: { ...desired.lifecycle, previousNames } };
}

type When = (server: ModelServer, request: string) => Happening | Fault | undefined;
const byHand = (hand: Hand): Happening => ({ kind: 'hand', hand });

/** `when` is asked before each request of the apply, `GET a` and the like, what happens then. */
async function run(
  stored: readonly (readonly [string, Stored])[],
  desired: readonly DesiredSchedule[],
  when: When = () => undefined,
  over: Partial<ServerKind> = {},
  reader: Partial<ModelServer['reader']> = {},
): Promise<{ readonly ends: readonly string[]; readonly result: ApplyResult; readonly server: ModelServer }> {
  const server = modelServer({ ...kind, ...over }, new Map(stored), { clock: 0, lateness: 0 });
  const plan = planOf({
    desired,
    observed: server.observed(),
    server: { serverType: 'oss-2', capabilities: server.capabilities },
    url: 'model',
    policy: {
      ...openPolicy,
      owner,
      prune: true,
      limits: { ...openPolicy.limits, deletes: { kind: 'none' } },
    },
    now: server.now(),
  });
  server.begin([], false);
  const asking = <D extends object>(door: D): D =>
    new Proxy(door, {
      get: (target, key) => async (first: unknown, second: unknown) => {
        const name = typeof first === 'object' && first !== null && 'name' in first ? first.name : first;
        const what = when(server, `${String(key)} ${typeof name === 'string' ? name : ''}`.trim());
        if (what !== undefined) happen(server, String(key), what);
        return (target[key as keyof D] as (...args: readonly unknown[]) => Promise<unknown>)(first, second);
      },
    });
  const result = await apply(plan, {
    ...neverFires,
    reader: { ...asking(server.reader), ...reader },
    writer: asking(server.writer),
    capabilities: server.capabilities,
    parallelism: 1,
    failFast: false,
    maxRetries: 1,
    retryDelay: () => 100,
    now: server.now,
    wait: server.wait,
    stopped: server.stopped,
    counts: () => ({ reads: 0, writes: 0, retries: 0 }),
  });
  return {
    ends: result.steps.map(({ name, step, outcome }) => `${outcome} ${step.kind} ${name}`),
    result,
    server,
  };
}

function happen(server: ModelServer, request: string, what: Happening | Fault): void {
  const isRead = ['get', 'list', 'tags', 'searchExecutions'].includes(request);
  const happening: Happening =
    typeof what === 'object' && 'kind' in what
      ? what
      : { kind: 'fault', on: isRead ? 'read' : 'write', fault: what, times: 1 };
  if (happening.kind === 'hand') server.act(happening.hand);
  else server.begin([{ at: 0, what: happening }], false);
}

/** Before the n-th request of its kind, counted from 1. */
function at(request: string, nth: number, what: Happening | Fault): When {
  let seen = 0;
  return (_server, one) => {
    if (one !== request) return undefined;
    seen += 1;
    return seen === nth ? what : undefined;
  };
}

it('a read that fails is the failure of the first step, and the others were not run', async () => {
  const { ends, result } = await run(
    [ours('a')],
    [wanted('a', { description: 'new' }, { tags: [team] })],
    at('get a', 1, 'before'),
  );
  expect(ends).toEqual(['failed save a', 'not-run tag a']);
  expect(result.steps[0]?.failure?.kind).toBe('reset');
});

it('a run that is stopped between the look and the write writes nothing, and no step has run', async () => {
  const { ends, server } = await run(
    [ours('a')],
    [wanted('a', { description: 'new' }, { tags: [team] })],
    at('get a', 1, { kind: 'stop' }),
  );
  expect(ends).toEqual(['not-run save a', 'not-run tag a']);
  expect(server.journal.some((entry) => entry.kind === 'write')).toBe(false);
});

it.each<[string, Partial<ServerKind>, string, string | undefined]>([
  [
    'where it is not known whether one is kept',
    { keepsReason: false, tellsOfReason: false },
    'already pause a',
    'it is paused without the reason',
  ],
  ['where reasons are kept', {}, 'stale pause a', undefined],
])('somebody pauses without a reason what the plan pauses with one, %s', async (_where, over, end, note) => {
  const pause = { paused: true, reason: 'INC-1' };
  const { ends, result } = await run(
    [ours('a')],
    [wanted('a', {}, { pause })],
    at('get a', 1, byHand({ kind: 'pause', name: 'a' })),
    over,
  );
  expect(ends).toEqual([end]);
  expect(result.steps[0]?.note).toBe(note);
});

it('tags that somebody changes before the end are overwritten', async () => {
  const { ends, result } = await run(
    [ours('a')],
    [wanted('a', {}, { tags: [team] })],
    at('list', 1, byHand({ kind: 'tags', name: 'a', tags: [] })),
  );
  expect(ends).toEqual(['overwritten tag a']);
  expect(result.steps[0]?.differs).toEqual([['tags']]);
});

it('what somebody deletes before the end is lost, and its tags are not asked for', async () => {
  const { ends, server } = await run(
    [ours('a')],
    [wanted('a', { description: 'new' }, { tags: [team] })],
    at('list', 1, byHand({ kind: 'delete', name: 'a' })),
  );
  expect(ends).toEqual(['lost save a', 'lost tag a']);
  const reads = server.journal.flatMap((entry) => (entry.kind === 'read' ? [entry.what] : []));
  expect(reads.slice(reads.indexOf('list'))).toEqual(['list', 'get']);
});

it('tags to remove are left if somebody changed another one', async () => {
  const { ends } = await run(
    [ours('a', {}, team, { key: 'x', value: '1' })],
    [wanted('a', {}, { tags: [team] })],
    at('tags a', 1, byHand({ kind: 'tags', name: 'a', tags: [...ours('a')[1].tags, team] })),
  );
  expect(ends).toEqual(['already untag a']);
  const changed = await run(
    [ours('a', {}, team, { key: 'x', value: '1' })],
    [wanted('a', {}, { tags: [team] })],
    at(
      'tags a',
      1,
      byHand({ kind: 'tags', name: 'a', tags: [...ours('a')[1].tags, { key: 'x', value: '1' }] }),
    ),
  );
  expect(changed.ends).toEqual(['stale untag a']);
});

it('a rename to a name that the key does not see is a failure that says so', async () => {
  const hidden: readonly [string, Stored] = [
    'new',
    { body: body('new'), tags: [], timer: true, hidden: true },
  ];
  const { ends, result } = await run(
    [ours('old'), hidden],
    [asRenamed(wanted('new', {}), 'old')],
    undefined,
    { refusesTaken: true },
  );
  expect(ends[0]).toBe('failed save new');
  expect(result.steps[0]?.failure).toMatchObject({ kind: 'hidden', operation: 'get', schedule: 'new' });
});

it.each<[string, Hand, string]>([
  ['changed', { kind: 'edit', name: 'a', edit: { description: 'theirs' }, inRequest: {} }, 'failed delete a'],
  ['deleted', { kind: 'delete', name: 'a' }, 'done delete a'],
])('a lost delete is not sent again for what somebody %s in the meantime', async (_what, hand, end) => {
  let deletes = 0;
  const { ends } = await run([ours('a'), ours('b')], [wanted('b', {})], (_server, request) => {
    if (request === 'delete a') {
      deletes += 1;
      return 'before';
    }
    return deletes > 0 && request === 'get a' ? byHand(hand) : undefined;
  });
  expect(ends).toEqual([end]);
  expect(deletes).toBe(1);
});

it('a lost delete is sent again if the schedule has not changed', async () => {
  const { ends } = await run([ours('a'), ours('b')], [wanted('b', {})], at('delete a', 1, 'before'));
  expect(ends).toEqual(['done delete a']);
});

it('a lost delete of what somebody deletes right before it is sent again', async () => {
  let deletes = 0;
  let looks = 0;
  const { ends } = await run([ours('a'), ours('b')], [wanted('b', {})], (_server, request) => {
    if (request === 'delete a') {
      deletes += 1;
      return deletes === 1 ? 'before' : undefined;
    }
    if (request !== 'get a' || deletes === 0) return undefined;
    looks += 1;
    return looks === 2 ? byHand({ kind: 'delete', name: 'a' }) : undefined;
  });
  expect(ends).toEqual(['done delete a']);
  expect(deletes).toBe(1);
});

it('tags that somebody changes after the save of the same change are left', async () => {
  const { ends } = await run(
    [ours('a')],
    [wanted('a', { description: 'new' }, { tags: [team] })],
    at('tags a', 2, byHand({ kind: 'tags', name: 'a', tags: [{ key: 'x', value: '1' }] })),
  );
  expect(ends).toEqual(['done save a', 'stale tag a']);
});

it.each<[string, readonly (readonly [string, Stored])[], readonly string[]]>([
  ['an update', [ours('a')], ['failed save a', 'not-run tag a']],
  ['a create', [], ['failed save a', 'done tag a']],
])(
  'after a field that the server drops, %s: only what was just created is still marked',
  async (_what, stored, ends) => {
    const desired = wanted('a', { description: 'new' }, { tags: [team] });
    expect((await run(stored, [desired], at('save a', 1, { drops: ['description'] }))).ends).toEqual(ends);
  },
);

it('tags that were taken away and that somebody puts back before the end are overwritten', async () => {
  const [, { tags }] = ours('a', {}, team);
  const { ends } = await run(
    [ours('a', {}, team)],
    [wanted('a', {}, { tags: [] })],
    at('list', 1, byHand({ kind: 'tags', name: 'a', tags })),
  );
  expect(ends).toEqual(['overwritten untag a']);
});

it('the new one of a rename is deleted before the old one: nothing is deleted', async () => {
  let looks = 0;
  const { ends } = await run([ours('old')], [asRenamed(wanted('new', {}), 'old')], (_server, request) => {
    if (request !== 'get new') return undefined;
    looks += 1;
    return looks === 2 ? byHand({ kind: 'delete', name: 'new' }) : undefined;
  });
  expect(ends).toEqual(['lost save new', 'lost tag new', 'stale delete old', 'not-run resume new']);
});

it('a create whose answer is lost is saved once more, so that it has a timer', async () => {
  const { ends, server } = await run([], [wanted('a', {})], at('save a', 1, 'killed'));
  expect(ends[0]).toBe('done save a');
  expect(server.contents().get('a')?.timer).toBe(true);
});

it.each([
  ['interrupted', 'not-run'],
  ['reset', 'failed'],
] as const)('a closing look that is %s is %s, and what was done stays so', async (kind, outcome) => {
  const failure: Failure = {
    kind,
    operation: 'list',
    method: 'GET',
    url: 'model',
    words: '',
    attempts: 1,
    effect: 'none',
  };
  const { ends, result } = await run(
    [ours('a')],
    [wanted('a', { description: 'new' })],
    undefined,
    {},
    { list: async () => fail(failure) },
  );
  expect(ends).toEqual(['done save a']);
  expect(result.closingLook.outcome).toBe(outcome);
});

it('a pause without a reason accepts one with a reason', async () => {
  const { ends, result } = await run(
    [ours('a')],
    [wanted('a', {}, { pause: { paused: true } })],
    at('get a', 1, byHand({ kind: 'pause', name: 'a', reason: 'INC-9' })),
  );
  expect(ends).toEqual(['already pause a']);
  expect(result.steps[0]?.note).toBeUndefined();
});

it('the reason of a pause that somebody changes before the end is overwritten', async () => {
  const { ends, result } = await run(
    [ours('a')],
    [wanted('a', {}, { pause: { paused: true, reason: 'INC-1' } })],
    at('list', 1, byHand({ kind: 'edit', name: 'a', edit: { pausedReason: 'another' }, inRequest: {} })),
  );
  expect(ends).toEqual(['overwritten pause a']);
  expect(result.steps[0]?.differs).toEqual([['pausedReason']]);
});

it('what was deleted and somebody creates before the end is overwritten', async () => {
  const { ends, result } = await run(
    [ours('a')],
    [],
    at('list', 1, byHand({ kind: 'create', name: 'a', body: body('a'), tags: [] })),
  );
  expect(ends).toEqual(['overwritten delete a']);
  expect(result.steps[0]?.note).toBe('it exists again: somebody created it');
});

it('a rename of two of which another run finished one is not done', async () => {
  const tags = tagSet(markerTags('new', { owner, protected: false }));
  let begun = false;
  const { ends, server } = await run(
    [ours('old'), ours('older')],
    [asRenamed(wanted('new', {}), 'old', 'older')],
    (world) => {
      if (begun) return undefined;
      begun = true;
      world.act({ kind: 'create', name: 'new', body: body('new'), tags });
      world.act({ kind: 'delete', name: 'old' });
      return undefined;
    },
  );
  expect(new Set(ends.map((end) => end.split(' ')[0]))).toEqual(new Set(['stale']));
  expect(
    server
      .observed()
      .map(({ schedule }) => schedule.name)
      .sort(),
  ).toEqual(['new', 'older']);
});
