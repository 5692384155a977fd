import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../../src/model/config.ts';
import { markedDescription, markerTags, unmarked } from '../../../src/model/marks/marker.ts';
import type { DeleteProof, Plan } from '../../../src/model/plan.ts';
import type { Capabilities } from '../../../src/model/port.ts';
import { openPolicy, type Policy } from '../../../src/model/run-policy.ts';
import type { DesiredSchedule, ObservedSchedule, Tag } from '../../../src/model/schedule.ts';
import { exitOfPlan } from '../../../src/plan/exit-of-plan.ts';
import type { JudgedPlan } from '../../../src/plan/plan.ts';
import { planOf } from '../../../src/plan/plan.ts';
import { explain } from '../../../src/problems/explain.ts';
import { casesOf } from '../../support/cases.ts';
import { anyDesired } from '../../support/desired.ts';
import { anySchedule, aSchedule, desiredOf, observedOf } from '../../support/schedules.ts';

const orkes: Capabilities = {
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
const oss: Capabilities = { ...orkes, tags: false, tagsInList: false };

function plan(
  capabilities: Capabilities,
  desired: readonly DesiredSchedule[],
  observed: readonly ObservedSchedule[],
  policy: Partial<Policy> = {},
): JudgedPlan {
  return planOf({
    desired,
    observed,
    server: { serverType: 'oss-2', capabilities },
    url: 'http://s/api',
    now: 0,
    policy: { ...openPolicy, owner: 'us', ...policy },
  });
}

const team: Tag = { key: 'team', value: 'a' };
const named = (name: string, description?: string) =>
  aSchedule({ name, ...(description === undefined ? {} : { description }) });

/** An observed schedule with a marker in the place that the server has for it. */
function marked(
  capabilities: Capabilities,
  name: string,
  owner: string,
  isProtected = false,
): ObservedSchedule {
  const marker = { owner, protected: isProtected };
  return capabilities.tags
    ? observedOf(named(name), { tags: [...markerTags(name, marker), team] })
    : observedOf(named(name, markedDescription(name, 'text', marker)));
}

const outline = ({ changes, verdict }: Plan): readonly string[] => [
  ...changes.map(
    (change) => `${change.kind} ${change.name}${change.kind === 'leave' ? ` ${change.reason}` : ''}`,
  ),
  verdict,
];

describe('markers', () => {
  it.each([
    ['text', { owner: 'us', protected: false }],
    [undefined, { owner: 'team/a@b', protected: true }],
    ['two\nlines', { owner: 'us', protected: true }],
    ['ends in a line break\n', { owner: 'us', protected: true }],
  ])('in a description: %j', (description, marker) => {
    const raw = observedOf(named('a', markedDescription('a', description, marker)));
    const read = unmarked(raw, 'description');
    expect(read).toMatchObject({ markers: [marker], copiedFrom: [] });
    expect(read.observed.schedule.description).toBe(description);
  });

  const line = markedDescription('a', undefined, { owner: 'us', protected: false });
  it.each([
    ['above', `edited by hand\nand more\n${line}`, 'edited by hand\nand more'],
    ['below', `${line}\nsomething below`, 'something below'],
    ['around, with spaces after it', `above\n${line} \nbelow`, 'above\nbelow'],
  ])('survive an edit that adds a line %s', (_where, description, rest) => {
    const { markers, observed } = unmarked(observedOf(named('a', description)), 'description');
    expect(markers).toStrictEqual([{ owner: 'us', protected: false }]);
    expect(observed.schedule.description).toBe(rest);
  });

  it.each([
    ['without an id', '[downbeat-owner: us]'],
    ['of another name', markedDescription('b', undefined, { owner: 'us', protected: true })],
    ['of another owner with our id', line.replace(': us;', ': them;')],
  ])('are copies when they are %s', (_what, description) => {
    const { markers, copiedFrom } = unmarked(observedOf(named('a', description)), 'description');
    expect([markers, copiedFrom.length]).toStrictEqual([[], 1]);
  });

  it('are only text if the server has tags', () => {
    const raw = observedOf(named('a', line), { tags: [team] });
    expect(unmarked(raw, 'tags')).toStrictEqual({ observed: raw, markers: [], copiedFrom: [] });
  });

  it('in tags are copies on another name', () => {
    const tags = [...markerTags('a', { owner: 'us', protected: true }), team];
    expect(unmarked(observedOf(named('a'), { tags }), 'tags')).toMatchObject({
      markers: [{ owner: 'us', protected: true }],
      observed: { tags: [team] },
    });
    const copy = unmarked(observedOf(named('b'), { tags }), 'tags');
    expect(copy).toMatchObject({ markers: [], copiedFrom: ['us'], observed: { tags: [team] } });
  });
});

describe.each([
  ['tags', orkes],
  ['descriptions', oss],
])('with markers in %s', (_place, can) => {
  const ours = (name: string, isProtected = false) => marked(can, name, 'us', isProtected);
  const wanted = (name: string) => desiredOf(can.tags ? named(name) : named(name, 'text'));

  it.each<
    [string, readonly DesiredSchedule[], readonly ObservedSchedule[], Partial<Policy>, readonly string[]]
  >([
    ['ours and equal', [wanted('a')], [ours('a')], {}, ['nothing-to-do']],
    ['new', [wanted('a')], [], {}, ['create a', 'ready']],
    [
      'an orphan',
      [],
      [ours('a'), ours('b')],
      {},
      ['leave a needs-prune', 'leave b needs-prune', 'nothing-to-do'],
    ],
    ['an orphan, pruned', [wanted('b')], [ours('a'), ours('b')], { prune: true }, ['delete a', 'ready']],
    ['the last orphan of all', [], [ours('a')], { prune: true }, ['delete a', 'blocked']],
    [
      'the last orphan, accepted',
      [],
      [ours('a')],
      { prune: true, limits: { ...openPolicy.limits, deletes: { kind: 'count', count: 1 } } },
      ['delete a', 'ready'],
    ],
    ['a protected orphan', [], [ours('a', true)], { prune: true }, ['leave a protected', 'nothing-to-do']],
    [
      'an orphan outside of the directory that was read',
      [],
      [ours('a')],
      { reportsOrphans: false },
      ['nothing-to-do'],
    ],
    ['unmanaged', [], [observedOf(named('a'))], { prune: true }, ['nothing-to-do']],
    ["another owner's, in no manifest", [], [marked(can, 'a', 'them')], { prune: true }, ['nothing-to-do']],
    [
      "another owner's, named",
      [wanted('a')],
      [marked(can, 'a', 'them')],
      {},
      ['leave a foreign-owner', 'nothing-to-do'],
    ],
    ['taken over', [wanted('a')], [marked(can, 'a', 'them')], { takeOver: ['them'] }, ['update a', 'ready']],
    [
      'taken over from somebody else',
      [wanted('a')],
      [marked(can, 'a', 'them')],
      { takeOver: ['x'] },
      ['leave a foreign-owner', 'nothing-to-do'],
    ],
    [
      'a marker while we have no owner',
      [wanted('a')],
      [ours('a')],
      { owner: undefined as never },
      ['leave a foreign-owner', 'nothing-to-do'],
    ],
    [
      'no marker, equal',
      [desiredOf(named('a'))],
      [observedOf(named('a'), { tags: [team] })],
      {},
      ['adopt a', 'ready'],
    ],
    [
      'no marker, different',
      [desiredOf(named('a', 'x'))],
      [observedOf(named('a'))],
      {},
      ['leave a needs-adopt', 'nothing-to-do'],
    ],
    [
      'no marker, accepted',
      [desiredOf(named('a', 'x'))],
      [observedOf(named('a'))],
      { adopt: ['a'] },
      ['adopt a', 'ready'],
    ],
    [
      'no marker, all accepted',
      [desiredOf(named('a', 'x'))],
      [observedOf(named('a'))],
      { adopt: 'all' },
      ['adopt a', 'ready'],
    ],
    [
      'ignored',
      [],
      [ours('adhoc-1')],
      { prune: true, ignores: (name) => name.startsWith('adhoc-') },
      ['nothing-to-do'],
    ],
    [
      'a target narrows deletes too',
      [wanted('c')],
      [ours('a'), ours('b'), ours('c')],
      {
        prune: true,
        selection: { target: ['a'], exclude: [], selector: [] },
        limits: { ...openPolicy.limits, deletes: { kind: 'none' } },
      },
      ['delete a', 'ready'],
    ],
    [
      'an unknown target',
      [wanted('a')],
      [ours('a')],
      { selection: { target: ['nope'], exclude: [], selector: [] } },
      ['blocked'],
    ],
  ])('%s', (_case, desired, observed, policy, expected) => {
    expect(outline(plan(can, desired, observed, policy))).toStrictEqual(expected);
  });

  it('the marker is shown as an owner, never as a tag or a line', () => {
    const [change] = plan(can, [desiredOf(named('a'))], [observedOf(named('a'))]).changes;
    expect(change?.fields).toStrictEqual([{ path: ['owner'], after: 'us' }]);
  });

  it('protection is put on and taken off by the manifest', () => {
    const shielded: DesiredSchedule = {
      ...wanted('a'),
      lifecycle: { ...wanted('a').lifecycle, protect: true },
    };
    const on = plan(can, [shielded], [ours('a')]).changes;
    expect(on.map(({ fields }) => fields)).toStrictEqual([
      [{ path: ['protected'], before: false, after: true }],
    ]);
    const off = plan(can, [wanted('a')], [ours('a', true)]).changes;
    expect(off.map(({ fields }) => fields)).toStrictEqual([
      [{ path: ['protected'], before: true, after: false }],
    ]);
  });
});

describe('refusals of owners', () => {
  it.each([
    ['tags', orkes],
    ['descriptions', oss],
  ])('stop one schedule each, and deletes wait (markers in %s)', (_place, can) => {
    const wanted = (name: string) => desiredOf(can.tags ? named(name) : named(name, 'text'));
    const observed = [
      marked(can, 'theirs', 'them'),
      observedOf(named('nobodys', 'other')),
      marked(can, 'orphan', 'us'),
      ...['a', 'b', 'c'].map((name) => marked(can, name, 'us')),
    ];
    const desired = ['theirs', 'nobodys', 'new', 'a', 'b', 'c'].map(wanted);
    const made = plan(can, desired, observed, { prune: true });
    expect(outline(made)).toStrictEqual([
      'create new',
      'leave nobodys needs-adopt',
      'leave orphan deletes-wait',
      'leave theirs foreign-owner',
      'ready',
    ]);
    expect(exitOfPlan(made, true)).toBe(3);
  });

  it.each([
    ['tags', orkes],
    ['descriptions', oss],
  ])(
    'like them, unread manifests let nothing be deleted, not even by a rename (markers in %s)',
    (_place, can) => {
      const renamed = desiredOf(can.tags ? named('new') : named('new', 'text'));
      const desired = [{ ...renamed, lifecycle: { ...renamed.lifecycle, previousNames: ['old'] } }];
      const observed = ['old', 'orphan', 'a', 'b'].map((name) => marked(can, name, 'us'));
      const made = plan(can, desired, observed, { prune: true, isIncomplete: true });
      expect(made.changes.flatMap(({ steps }) => steps)).toStrictEqual([]);
      expect(made.counts).toMatchObject({ delete: 0, rename: 0 });
    },
  );

  it('an orphan whose manifest is committed is one of them, unless a person says so', () => {
    const kept = ['a', 'b', 'c'].map((name) => marked(oss, name, 'us'));
    const desired = ['a', 'b', 'c'].map((name) => desiredOf(named(name, 'text')));
    const observed = [marked(oss, 'hidden', 'us'), marked(oss, 'gone', 'us'), ...kept];
    const removed = { kind: 'removed', commit: 'c', subject: 's', author: 'a', at: '2026-11-23' } as const;
    const proofs = new Map<string, DeleteProof>([
      ['hidden', { kind: 'committed', path: '.team/a.yaml' }],
      ['gone', removed],
    ]);
    const made = (allowsUncommitted: boolean) =>
      planOf({
        desired,
        observed,
        server: { serverType: 'oss-2', capabilities: oss },
        url: 'http://s/api',
        now: 0,
        policy: { ...openPolicy, owner: 'us', prune: true, allowsUncommitted },
        proofs,
      });
    expect(outline(made(false))).toStrictEqual([
      'leave gone deletes-wait',
      'leave hidden still-committed',
      'nothing-to-do',
    ]);
    expect(exitOfPlan(made(false), false)).toBe(3);
    // What stays loses no field.
    expect(made(false).changes.map(({ fields }) => fields)).toStrictEqual([[], []]);
    expect(outline(made(true))).toStrictEqual(['delete gone', 'delete hidden', 'ready']);
    expect(made(true).changes).toMatchObject([{ proof: removed }, { proof: { kind: 'committed' } }]);
    // Which commit it was is for the reader: the plan is the same without it.
    expect(made(true).digest).toBe(
      planOf({
        desired,
        observed,
        server: { serverType: 'oss-2', capabilities: oss },
        url: 'http://s/api',
        now: 0,
        policy: { ...openPolicy, owner: 'us', prune: true },
      }).digest,
    );
  });

  it('say what may have happened, and propose no take-over where no owner is configured', () => {
    const { diagnostics } = planOf({
      desired: [desiredOf(named('a'))],
      observed: [marked(oss, 'a', 'them')],
      server: { serverType: 'oss-2', capabilities: oss },
      url: 'http://s/api',
      now: 0,
      policy: openPolicy,
    });
    const [refusal] = diagnostics.filter(({ code }) => code === 'foreign-owner');
    expect(refusal && explain(refusal).hint).not.toContain('--take-over');
  });
});

describe('copies of a marker', () => {
  it.each([
    ['tags', orkes],
    ['descriptions', oss],
  ])('have no owner: reported, never deleted, adopted like unmanaged ones (markers in %s)', (_place, can) => {
    const original = marked(can, 'a', 'us');
    const copy = { ...original, schedule: { ...original.schedule, name: 'copy' } };
    const text = can.tags ? undefined : 'text';
    const pruned = plan(can, [desiredOf(named('a', text))], [original, copy], { prune: true });
    expect(outline(pruned)).toStrictEqual(['nothing-to-do']);
    expect(pruned.counts).toMatchObject({ unmanaged: 1, ofOtherOwners: 0 });
    expect(pruned.diagnostics).toMatchObject([
      { code: 'copied-marker', args: { name: 'copy', owner: 'us' } },
    ]);

    const adopted = plan(can, [desiredOf(named('copy', text))], [copy]);
    expect(outline(adopted)).toStrictEqual(['adopt copy', 'ready']);
    expect(outline(plan(can, [desiredOf(named('copy', 'new'))], [copy]))).toStrictEqual([
      'leave copy needs-adopt',
      'nothing-to-do',
    ]);
  });

  it('and the position of the line do not cause a save', () => {
    const { schedule } = marked(oss, 'a', 'us');
    const moved = { ...schedule, description: (schedule.description ?? '').split('\n').reverse().join('\n') };
    expect(outline(plan(oss, [desiredOf(named('a', 'text'))], [observedOf(moved)]))).toStrictEqual([
      'nothing-to-do',
    ]);
  });
});

describe('adopting what is equal already', () => {
  it('is one tag call if there are tags, and keeps the other tags', () => {
    const { changes } = plan(orkes, [desiredOf(named('a'))], [observedOf(named('a'), { tags: [team] })]);
    expect(changes[0]?.steps).toStrictEqual([
      { kind: 'tag', tags: [...markerTags('a', { owner: 'us', protected: false }), team] },
    ]);
  });

  it('is one save of the description otherwise', () => {
    const { changes } = plan(oss, [desiredOf(named('a'))], [observedOf(named('a'))]);
    expect(changes[0]?.steps).toStrictEqual([
      {
        kind: 'save',
        mode: 'update',
        set: [
          {
            path: ['description'],
            value: markedDescription('a', undefined, { owner: 'us', protected: false }),
          },
        ],
        unset: [],
      },
    ]);
  });
});

describe('guards', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => marked(oss, `s${index}`, 'us'));
  const kept = (count: number) =>
    Array.from({ length: count }, (_, index) => desiredOf(named(`s${index}`, 'text')));

  it.each<[number, number, boolean]>([
    [10, 7, false], // 3 of 10: always allowed
    [10, 6, true],
    [100, 70, false], // exactly 30 %
    [100, 69, true],
    [3, 0, true], // never all
    [4, 1, false],
  ])('%i owned, %i kept: refused %s', (there, stay, refused) => {
    const made = plan(oss, kept(stay), many(there), { prune: true });
    expect(made.guards.find(({ guard }) => guard === 'deletes')).toMatchObject({
      seen: there - stay,
      refused,
    });
    expect(made.verdict).toBe(refused ? 'blocked' : 'ready');
  });

  it('the ceiling accepts exactly that many', () => {
    const limits = (count: number) => ({
      prune: true,
      limits: { ...openPolicy.limits, deletes: { kind: 'count' as const, count } },
    });
    expect(plan(oss, [], many(14), limits(14)).verdict).toBe('ready');
    expect(plan(oss, [], many(14), limits(13)).verdict).toBe('blocked');
  });

  it('are not part of the digest; owner and selection are', () => {
    const digest = (policy: Partial<Policy>) =>
      plan(oss, kept(1), many(3), { prune: true, ...policy }).digest;
    const none = { ...defaultLimits, deletes: { kind: 'none' } } as const;
    expect(digest({ limits: none })).toBe(digest({}));
    expect(digest({ selection: { target: ['s0', 's1', 's2'], exclude: [], selector: [] } })).not.toBe(
      digest({}),
    );
  });
});

describe('laws', () => {
  it('without the marker nothing is deleted, whatever the manifests and the flags', () => {
    fc.assert(
      fc.property(
        anyDesired,
        fc.array(anySchedule, { maxLength: 4 }),
        fc.boolean(),
        (desired, schedules, tags) => {
          const observed = schedules.map((schedule, index) =>
            observedOf({ ...schedule, name: `n${index}` }, { tags: [] }),
          );
          const limits = { ...defaultLimits, deletes: { kind: 'none' } } as const;
          const { changes } = plan(tags ? orkes : oss, desired, observed, {
            prune: true,
            adopt: 'all',
            limits,
          });
          expect(changes.filter(({ kind }) => kind === 'delete')).toStrictEqual([]);
        },
      ),
      { numRuns: casesOf(2000) },
    );
  });

  it('a narrowed run changes and deletes nothing outside of itself', () => {
    const some = fc.subarray(['a', 'b', 'c', 'd', 'e'], { minLength: 1 });
    fc.assert(
      fc.property(anyDesired, some, some, some, fc.boolean(), (desired, there, target, exclude, tags) => {
        const can = tags ? orkes : oss;
        const observed = there.map((name) => marked(can, name, 'us'));
        const limits = { ...defaultLimits, deletes: { kind: 'none' } } as const;
        const { changes } = plan(can, desired, observed, {
          prune: true,
          limits,
          selection: { target, exclude, selector: [] },
        });
        const outside = changes.filter(({ name }) => !target.includes(name) || exclude.includes(name));
        expect(outside).toStrictEqual([]);
      }),
      { numRuns: casesOf(2000) },
    );
  });
});
