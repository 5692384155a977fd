import { describe, expect, it } from 'vitest';
import { markedDescription, markerTags } from '../../../src/model/marks/marker.ts';
import { inRenaming, unfinished } from '../../../src/model/marks/renaming.ts';
import type { Rename, Step } from '../../../src/model/plan.ts';
import type { Capabilities } from '../../../src/model/port.ts';
import { openPolicy, type Policy } from '../../../src/model/run-policy.ts';
import type { DesiredSchedule, ObservedSchedule, PauseWish, Tag } from '../../../src/model/schedule.ts';
import type { JudgedPlan } from '../../../src/plan/plan.ts';
import { planOf } from '../../../src/plan/plan.ts';
import { aSchedule, desiredOf, observedOf, type Special } from '../../support/schedules.ts';

const orkesNew: Capabilities = {
  tags: true,
  tagsInList: true,
  cronSchedules: 'kept',
  pauseReason: 'kept',
  idempotency: true,
  anyName: true,
  bulk: true,
  hidesUnreadable: false,
  executionQuery: 'clauses',
  pauseAll: 'one process',
  numbers: 'kind',
};
const oss: Capabilities = { ...orkesNew, tags: false, tagsInList: false };
const orkesOld: Capabilities = { ...orkesNew, pauseReason: 'dropped' };

function plan(
  can: Capabilities,
  desired: readonly DesiredSchedule[],
  observed: readonly ObservedSchedule[],
  policy: Partial<Policy> = {},
): JudgedPlan {
  return planOf({
    desired,
    observed,
    server: { serverType: 'oss-2', capabilities: can },
    url: 'http://s/api',
    now: 0,
    policy: { ...openPolicy, owner: 'us', ...policy },
  });
}

interface Wish {
  readonly pause?: PauseWish;
  readonly tags?: readonly Tag[];
  readonly protect?: boolean;
  readonly special?: Special;
}

/** A manifest with previous names. */
function manifest(name: string, previousNames: readonly string[], wish: Wish = {}): DesiredSchedule {
  const { protect = false, special, ...managed } = wish;
  const plain = desiredOf(aSchedule({ ...special, name }), managed);
  return { ...plain, lifecycle: { ...plain.lifecycle, previousNames, protect } };
}

interface State extends Special {
  readonly owner?: string;
  readonly shielded?: boolean;
  readonly tags?: readonly Tag[];
  /** It carries the note of an unfinished rename. */
  readonly from?: string;
}

/** A schedule on the server, ours unless said otherwise. */
function there(can: Capabilities, name: string, state: State = {}): ObservedSchedule {
  const { owner = 'us', shielded = false, tags = [], from, ...special } = state;
  const plain = aSchedule({ ...special, name });
  const noted =
    from === undefined
      ? plain
      : inRenaming(plain, from, can.pauseReason === 'kept' ? 'reason' : 'description');
  const marker = { owner, protected: shielded };
  if (can.tags)
    return observedOf(noted, { tags: [...(owner === '' ? [] : markerTags(name, marker)), ...tags] });
  return observedOf(
    owner === '' ? noted : { ...noted, description: markedDescription(name, noted.description, marker) },
  );
}

function stepText(step: Step): string {
  if (step.kind === 'delete') return `delete ${step.old}`;
  if (step.kind === 'save') return step.mode === 'copy' ? `copy ${step.from}` : `save ${step.mode}`;
  return step.kind;
}

const outline = ({ changes, verdict, diagnostics }: JudgedPlan): readonly string[] => [
  ...changes.map(({ kind, name, steps }) => `${kind} ${name}: ${steps.map(stepText).join(', ')}`),
  verdict,
  ...diagnostics.map(({ code }) => code),
];

const team: Tag = { key: 'team', value: 'a' };

describe('the note of an unfinished rename', () => {
  it.each(['old', 'a "b"\n[c]', 'x]', '\\'])('comes back from both places: %j', (from) => {
    for (const place of ['reason', 'description'] as const)
      for (const special of [{}, { description: 'two\nlines' }]) {
        const schedule = aSchedule({ name: 'a', ...special });
        const noted = inRenaming(schedule, from, place);
        expect(noted.paused).toBe(true);
        expect(unfinished(noted)).toStrictEqual({ from, schedule });
      }
  });

  it('is not any other text, and is gone once somebody pauses it again', () => {
    expect(unfinished(aSchedule({ paused: true, pausedReason: 'Downbeat is renaming' }))).toBeUndefined();
    const noted = inRenaming(aSchedule({}), 'old', 'reason');
    expect(unfinished({ ...noted, pausedReason: 'INC-1' })).toBeUndefined();
    expect(unfinished({ ...noted, paused: false })).toBeUndefined();
  });
});

describe.each<[string, Capabilities, finish: string]>([
  ['OSS', oss, 'resume'],
  ['new Orkes', orkesNew, 'resume'],
  ['old Orkes', orkesOld, 'save update'],
])('renames on %s', (_server, can, finish) => {
  const tag = can.tags ? ', tag' : '';
  const paused = { paused: true, ...(can.pauseReason === 'kept' ? { pausedReason: 'INC-1' } : {}) };

  it.each<
    [string, readonly DesiredSchedule[], readonly ObservedSchedule[], Partial<Policy>, readonly string[]]
  >([
    [
      'one that runs',
      [manifest('new', ['old'])],
      [there(can, 'old')],
      {},
      [`rename new: copy old${tag}, delete old, ${finish}`, 'ready'],
    ],
    [
      'one that is paused',
      [manifest('new', ['old'])],
      [there(can, 'old', paused)],
      {},
      [`rename new: copy old${tag}, delete old`, 'ready'],
    ],
    [
      'paused by the manifest at the same time',
      [manifest('new', ['old'], { pause: { paused: true } })],
      [there(can, 'old')],
      {},
      [`rename new: copy old${tag}, delete old`, 'ready'],
    ],
    [
      'resumed by the manifest at the same time',
      [manifest('new', ['old'], { pause: { paused: false } })],
      [there(can, 'old', paused)],
      {},
      [`rename new: copy old${tag}, delete old, ${finish}`, 'ready'],
    ],
    ['done long ago', [manifest('new', ['old'])], [there(can, 'new')], {}, ['nothing-to-do']],
    ['of nothing', [manifest('new', ['old'])], [], {}, [`create new: save create${tag}`, 'ready']],
    [
      'several at once: the first that is listed moves',
      [manifest('new', ['b', 'a', 'b', 'x'])],
      [there(can, 'a'), there(can, 'b'), there(can, 'c'), there(can, 'd')],
      {},
      [`rename new: copy b${tag}, delete b, delete a, ${finish}`, 'leave c: ', 'leave d: ', 'ready'],
    ],
    [
      'broken off after the save',
      [manifest('new', ['old'])],
      [there(can, 'old'), there(can, 'new', { from: 'old' })],
      {},
      [`rename new: delete old, ${finish}`, 'ready'],
    ],
    [
      'broken off before its tags',
      [manifest('new', ['old'])],
      [there(can, 'old'), there(can, 'new', { from: 'old', owner: '' })],
      {},
      [`rename new: ${can.tags ? 'tag' : 'save update'}, delete old, ${finish}`, 'ready'],
    ],
    [
      'broken off after the delete',
      [manifest('new', ['old'])],
      [there(can, 'new', { from: 'old' })],
      {},
      [`rename new: ${finish}`, 'ready'],
    ],
    [
      'broken off, and no longer in the manifest',
      [manifest('new', [])],
      [there(can, 'new', { from: 'old' })],
      {},
      [`rename new: ${finish}`, 'ready'],
    ],
    [
      'broken off, no longer in the manifest, and the old one at work: nothing fires twice',
      [manifest('new', [])],
      [there(can, 'old'), there(can, 'new', { from: 'old' })],
      {},
      ['leave new: ', 'leave old: ', 'nothing-to-do'],
    ],
    [
      'broken off, and the old one is another manifest again',
      [manifest('new', []), manifest('old', [])],
      [there(can, 'old'), there(can, 'new', { from: 'old' })],
      {},
      [`rename new: ${finish}`, 'ready'],
    ],
    [
      'broken off, and the old one has lost its marker',
      [manifest('new', ['old'])],
      [there(can, 'old', { owner: '' }), there(can, 'new', { from: 'old' })],
      {},
      ['leave new: ', 'nothing-to-do', 'previous-name-there'],
    ],
    [
      'broken off, and the old one was paused since',
      [manifest('new', ['old'])],
      [there(can, 'old', paused), there(can, 'new', { from: 'old' })],
      {},
      ['rename new: save update, delete old', 'ready'],
    ],
    [
      'broken off, with a change of the manifest since',
      [manifest('new', ['old'], { special: { input: { a: 1 } } })],
      [there(can, 'old'), there(can, 'new', { from: 'old' })],
      {},
      [`rename new: save update, delete old, ${finish}`, 'ready'],
    ],
    [
      'broken off, and renamed again since',
      [manifest('newest', ['new', 'old'])],
      [there(can, 'old'), there(can, 'new', { from: 'old' })],
      {},
      [`rename newest: copy new${tag}, delete new, delete old, ${finish}`, 'ready'],
    ],
    [
      'both run, whoever did that',
      [manifest('new', ['old'])],
      [there(can, 'old'), there(can, 'new')],
      {},
      ['rename new: delete old', 'ready'],
    ],
    [
      'both there, the manifest resumes: only when the old one is gone',
      [manifest('new', ['old'], { pause: { paused: false } })],
      [there(can, 'old'), there(can, 'new', paused)],
      {},
      ['rename new: delete old, resume', 'ready'],
    ],
    [
      'unmarked',
      [manifest('new', ['old'])],
      [there(can, 'old', { owner: '' })],
      {},
      [`create new: save create${tag}`, 'ready', 'previous-name-there'],
    ],
    [
      "somebody else's",
      [manifest('new', ['old'])],
      [there(can, 'old', { owner: 'them' })],
      { takeOver: ['them'] },
      [`create new: save create${tag}`, 'ready', 'previous-name-there'],
    ],
    [
      'without an owner',
      [manifest('new', ['old'])],
      [there(can, 'old', { owner: '' })],
      { owner: undefined as never },
      ['create new: save create', 'ready', 'previous-name-there'],
    ],
    [
      'ignored',
      [manifest('new', ['old'])],
      [there(can, 'old')],
      { ignores: (name) => name === 'old' },
      [`create new: save create${tag}`, 'ready', 'previous-name-there'],
    ],
    [
      'protected, and the protection goes along',
      [manifest('new', ['old'], { protect: true })],
      [there(can, 'old', { shielded: true })],
      {},
      [`rename new: copy old${tag}, delete old, ${finish}`, 'ready'],
    ],
    [
      'protected, and the manifest drops it',
      [manifest('new', ['old'])],
      [there(can, 'old', { shielded: true })],
      { prune: true },
      ['leave new: ', 'blocked', 'rename-protected'],
    ],
    [
      'in another directory than the configured one',
      [manifest('new', ['old'])],
      [there(can, 'old')],
      { reportsOrphans: false },
      ['leave new: ', 'blocked', 'rename-elsewhere'],
    ],
    [
      'the new name is taken by somebody',
      [manifest('new', ['old'])],
      [there(can, 'old'), there(can, 'new', { owner: 'them' })],
      {},
      ['leave new: ', 'leave old: ', 'nothing-to-do', 'foreign-owner'],
    ],
    [
      'in order',
      [manifest('b-new', ['b']), manifest('a-new', ['a']), manifest('z', []), manifest('y', [])],
      [
        there(can, 'a'),
        there(can, 'b'),
        there(can, 'o', { input: { x: 1 } }),
        there(can, 'y', { input: { x: 1 } }),
      ],
      { prune: true, limits: { ...openPolicy.limits, deletes: { kind: 'none' } } },
      [
        `create z: save create${tag}`,
        'update y: save update',
        `rename a-new: copy a${tag}, delete a, ${finish}`,
        `rename b-new: copy b${tag}, delete b, ${finish}`,
        'delete o: delete undefined',
        'ready',
      ],
    ],
  ])('%s', (_case, desired, observed, policy, expected) => {
    expect(outline(plan(can, desired, observed, policy))).toStrictEqual(expected);
  });

  it('moves the pause with its reason, the unmanaged tags and what is ignored', () => {
    const wanted = manifest('new', ['old'], { special: { input: { size: 1 } } });
    const lifecycle = {
      ...wanted.lifecycle,
      ignoreChanges: [['startWorkflowRequest', 'input', 'size']],
    };
    const old = there(can, 'old', { ...paused, tags: [team], input: { size: 7 } });
    const [change] = plan(can, [{ ...wanted, lifecycle }], [old]).changes as readonly Rename[];
    expect(change?.fields).toStrictEqual([{ path: ['name'], before: 'old', after: 'new' }]);
    // What only moves along is not in the plan: it is copied from what is read just before. A marker is good for one name.
    const marker = { owner: 'us', protected: false };
    const markedAnew = can.tags
      ? []
      : [{ path: ['description'], value: markedDescription('new', undefined, marker) }];
    expect(change?.steps[0]).toStrictEqual({
      kind: 'save',
      mode: 'copy',
      from: 'old',
      set: [{ path: ['name'], value: 'new' }, ...markedAnew],
      unset: [],
    });
    expect(change?.steps.find(({ kind }) => kind === 'tag')).toStrictEqual(
      can.tags ? { kind: 'tag', tags: [...markerTags('new', marker), team] } : undefined,
    );
    expect(change?.pausedBefore).toBe(true);
  });

  it('counts as a delete, and one of an only schedule does not delete all of them', () => {
    const made = plan(can, [manifest('new', ['old'])], [there(can, 'old')]);
    expect(made.counts).toMatchObject({ rename: 1, create: 0, delete: 0, resume: 0 });
    expect(made.guards[0]).toMatchObject({ guard: 'deletes', seen: 1, limit: 1, refused: false });
    const four = ['a', 'b', 'c', 'd'];
    const many = plan(
      can,
      four.map((name) => manifest(`${name}-new`, [name])),
      four.map((name) => there(can, name)),
    );
    expect(many.guards[0]).toMatchObject({ seen: 4, limit: 3, refused: true });
  });

  it('has a digest that covers both names', () => {
    const digest = (state: State, name = 'new') =>
      plan(can, [manifest(name, ['old'])], [there(can, 'old', state)]).digest;
    expect(digest({})).toBe(digest({}));
    expect(new Set([digest({}), digest({ input: { a: 1 } }), digest({}, 'newer')]).size).toBe(3);
  });

  it.each<[string, Policy['selection'], string]>([
    ['the new one alone', { target: ['new'], exclude: [], selector: [] }, 'old'],
    ['the old one alone', { target: ['old'], exclude: [], selector: [] }, 'new'],
    ['all but the old one', { target: [], exclude: ['old'], selector: [] }, 'old'],
    ['all but the new one', { target: [], exclude: ['new'], selector: [] }, 'new'],
  ])('%s is half a rename: refused, and nothing is pruned', (_case, selection, outside) => {
    const made = plan(can, [manifest('new', ['old'])], [there(can, 'old')], {
      prune: true,
      ...(selection === undefined ? {} : { selection }),
    });
    expect(outline(made)).toStrictEqual(['blocked', 'rename-outside']);
    expect(made.diagnostics[0]?.args).toMatchObject({ outside });
  });

  it('works with both names selected, or neither', () => {
    const both = { target: ['new', 'old'], exclude: [], selector: [] };
    const [change] = plan(can, [manifest('new', ['old'])], [there(can, 'old')], { selection: both }).changes;
    expect(change?.kind).toBe('rename');
    const neither = { target: ['x'], exclude: [], selector: [] };
    const made = plan(
      can,
      [manifest('new', ['old']), manifest('x', [])],
      [there(can, 'old'), there(can, 'x')],
      {
        selection: neither,
      },
    );
    expect(outline(made)).toStrictEqual(['nothing-to-do']);
  });

  it('reports a delete and a create that look like a rename', () => {
    const made = plan(
      can,
      [manifest('new', [])],
      [there(can, 'old', paused), there(can, 'kept', { input: { a: 1 } })],
    );
    expect(made.diagnostics).toMatchObject([
      { code: 'looks-renamed', severity: 'warning', args: { name: 'new', previous: 'old' } },
    ]);
    const other = there(can, 'old', { input: { a: 1 } });
    expect(plan(can, [manifest('new', [])], [other]).diagnostics).toMatchObject([
      { code: 'looks-renamed', args: { name: 'new', previous: 'old', differs: true } },
    ]);
    const alsoKept = [manifest('new', []), manifest('kept', [])];
    expect(plan(can, alsoKept, [other, there(can, 'kept')]).diagnostics).toStrictEqual([]);
    const two = [manifest('new', []), manifest('new2', [])];
    expect(plan(can, two, [there(can, 'old')]).diagnostics).toStrictEqual([]);
    expect(
      plan(can, [manifest('new', [])], [there(can, 'old'), there(can, 'old2')]).diagnostics,
    ).toStrictEqual([]);
  });
});

describe('a selected tag', () => {
  const selection = { target: [], exclude: [], selector: [team] };
  it("can be the old one's if the manifest manages none", () => {
    const observed = [there(orkesNew, 'old', { tags: [team] })];
    const [change] = plan(orkesNew, [manifest('new', ['old'])], observed, { selection }).changes;
    expect(change?.kind).toBe('rename');
    const managed = manifest('new', ['old'], { tags: [] });
    expect(outline(plan(orkesNew, [managed], observed, { selection }))).toStrictEqual([
      'blocked',
      'rename-outside',
    ]);
  });
});
