import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patch } from '../../../src/compare/patch.ts';
import { normalize } from '../../../src/model/normal.ts';
import type { Step } from '../../../src/model/plan.ts';
import type { Capabilities } from '../../../src/model/port.ts';
import { openPolicy, type Policy } from '../../../src/model/run-policy.ts';
import {
  type DesiredSchedule,
  type ObservedSchedule,
  pathText,
  type Tag,
} from '../../../src/model/schedule.ts';
import type { JudgedPlan } from '../../../src/plan/plan.ts';
import { planOf } from '../../../src/plan/plan.ts';
import { anySchedule, aSchedule, desiredOf, observedOf } from '../../support/schedules.ts';

const everything: Capabilities = {
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

function plan(
  desired: readonly DesiredSchedule[],
  observed: readonly ObservedSchedule[],
  capabilities: Capabilities = everything,
  policy: Policy = openPolicy,
): JudgedPlan {
  return planOf({
    desired,
    observed,
    server: { serverType: 'oss-2', capabilities },
    url: 'http://s/api',
    now: 0,
    policy,
  });
}

const team: Tag = { key: 'team', value: 'a' };
const other: Tag = { key: 'team', value: 'b' };
const active = aSchedule({});
const paused = aSchedule({ paused: true, pausedReason: 'incident 42' });

describe('the steps of one schedule', () => {
  it.each<[string, DesiredSchedule, ObservedSchedule, readonly Step[]]>([
    ['equal', desiredOf(active), observedOf(active), []],
    ['an operator paused it, manifest silent', desiredOf(active), observedOf(paused), []],
    [
      'manifest says active',
      desiredOf(active, { pause: { paused: false } }),
      observedOf(paused),
      [{ kind: 'resume' }],
    ],
    [
      'manifest says paused with a reason',
      desiredOf(active, { pause: { paused: true, reason: 'why' } }),
      observedOf(active),
      [{ kind: 'pause', reason: 'why' }],
    ],
    [
      'manifest says paused, reason left to the server',
      desiredOf(active, { pause: { paused: true } }),
      observedOf(paused),
      [],
    ],
    [
      'another reason for a paused one',
      desiredOf(active, { pause: { paused: true, reason: 'why' } }),
      observedOf(paused),
      [{ kind: 'save', mode: 'update', set: [{ path: ['pausedReason'], value: 'why' }], unset: [] }],
    ],
    [
      'a reason that was left beside a running one',
      desiredOf(active, { pause: { paused: false } }),
      observedOf(aSchedule({ pausedReason: 'old' })),
      [],
    ],
    [
      'another cron of a paused one: the pause is not in the step',
      desiredOf(aSchedule({ cronExpression: '0 0 1 * * ?' })),
      observedOf(paused),
      [
        {
          kind: 'save',
          mode: 'update',
          set: [{ path: ['cronExpression'], value: '0 0 1 * * ?' }],
          unset: [],
        },
      ],
    ],
    [
      'cron and pause: one save',
      desiredOf(aSchedule({ cronExpression: '0 0 1 * * ?' }), { pause: { paused: true } }),
      observedOf(active),
      [
        {
          kind: 'save',
          mode: 'update',
          set: [
            { path: ['cronExpression'], value: '0 0 1 * * ?' },
            { path: ['paused'], value: true },
          ],
          unset: [],
        },
      ],
    ],
    [
      'a description that is gone from the manifest',
      desiredOf(active),
      observedOf(aSchedule({ description: 'old' })),
      [{ kind: 'save', mode: 'update', set: [], unset: [['description']] }],
    ],
    ['tags left out', desiredOf(active), observedOf(active, { tags: [team] }), []],
    ['tags equal', desiredOf(active, { tags: [team] }), observedOf(active, { tags: [team] }), []],
    [
      'a tag more',
      desiredOf(active, { tags: [team, other] }),
      observedOf(active, { tags: [team] }),
      [{ kind: 'tag', tags: [team, other] }],
    ],
    [
      'a tag less',
      desiredOf(active, { tags: [team] }),
      observedOf(active, { tags: [team, other] }),
      [{ kind: 'untag', tags: [other] }],
    ],
    [
      'one for another',
      desiredOf(active, { tags: [other] }),
      observedOf(active, { tags: [team] }),
      [{ kind: 'tag', tags: [other] }],
    ],
    [
      'no tags wanted',
      desiredOf(active, { tags: [] }),
      observedOf(active, { tags: [team] }),
      [{ kind: 'untag', tags: [team] }],
    ],
    [
      'a change that is to be ignored',
      desiredOf(aSchedule({ input: { size: 1, mode: 'x' } }), {
        ignoreChanges: [['startWorkflowRequest', 'input', 'size'], ['description']],
      }),
      observedOf(aSchedule({ input: { size: 9, mode: 'x' }, description: 'theirs' })),
      [],
    ],
    [
      'an inline workflow with defaults filled in',
      desiredOf(aSchedule({ workflowDef: { name: 'w', tasks: [{ name: 't' }] } })),
      observedOf(
        aSchedule({ workflowDef: { name: 'w', tasks: [{ name: 't', optional: false }], version: 1 } }),
      ),
      [],
    ],
    [
      'an inline workflow that was changed: sent as written, not mixed',
      desiredOf(aSchedule({ workflowDef: { name: 'w', tasks: [{ name: 'u' }] } })),
      observedOf(aSchedule({ workflowDef: { name: 'w', tasks: [{ name: 't', optional: false }] } })),
      [
        {
          kind: 'save',
          mode: 'update',
          set: [
            { path: ['startWorkflowRequest', 'workflowDef'], value: { name: 'w', tasks: [{ name: 'u' }] } },
          ],
          unset: [],
        },
      ],
    ],
  ])('%s', (_case, desired, observed, steps) => {
    expect(plan([desired], [observed]).changes.flatMap((change) => change.steps)).toStrictEqual(steps);
  });

  it('a new one is active unless the manifest says otherwise, and its tags follow its save', () => {
    const { changes } = plan(
      [desiredOf(active, { pause: { paused: true, reason: 'soon' }, tags: [team] })],
      [],
    );
    expect(changes.map(({ kind, steps }) => [kind, steps.map((step) => step.kind)])).toStrictEqual([
      ['create', ['save', 'tag']],
    ]);
    expect(changes[0]?.steps[0]).toMatchObject({ schedule: { paused: true, pausedReason: 'soon' } });
  });

  it('a pause that the manifest does not set is shown and left alone', () => {
    const { changes, verdict } = plan(
      [desiredOf(active)],
      [observedOf(paused, { facts: { updatedBy: 'jo' } })],
    );
    expect(changes).toMatchObject([
      {
        kind: 'leave',
        reason: 'paused-on-server',
        pausedReasonBefore: 'incident 42',
        facts: { updatedBy: 'jo' },
      },
    ]);
    expect(verdict).toBe('nothing-to-do');
  });
});

describe('the plan', () => {
  it('counts, orders and leaves alone what no manifest names', () => {
    const names = (prefix: string) => ['c', 'a', 'b'].map((name) => aSchedule({ name: prefix + name }));
    const { counts, changes } = plan(
      [...names('new-'), ...names('same-'), ...names('old-')].map((one) => desiredOf(one)),
      [
        ...names('same-'),
        ...names('theirs-'),
        ...names('old-').map((one) => ({ ...one, zoneId: 'Asia/Tokyo' })),
      ].map((one) => observedOf(one)),
    );
    expect(changes.map(({ kind, name }) => `${kind} ${name}`)).toStrictEqual([
      'create new-a',
      'create new-b',
      'create new-c',
      'update old-a',
      'update old-b',
      'update old-c',
    ]);
    expect(counts).toStrictEqual({
      create: 3,
      update: 3,
      adopt: 0,
      horizon: 0,
      rename: 0,
      delete: 0,
      pause: 0,
      resume: 0,
      unchanged: 3,
      unmanaged: 3,
      ofOtherOwners: 0,
    });
  });

  it('drops tags with one warning if the server has none, and is empty afterwards', () => {
    const desired = [
      desiredOf(aSchedule({ name: 'b' }), { tags: [team] }),
      desiredOf(aSchedule({ name: 'a' }), { tags: [team] }),
      desiredOf(aSchedule({ name: 'c' }), { tags: [] }),
    ];
    const observed = ['a', 'b', 'c'].map((name) => observedOf(aSchedule({ name })));
    const made = plan(desired, observed, { ...everything, tags: false });
    expect(made.verdict).toBe('nothing-to-do');
    expect(made.diagnostics).toMatchObject([
      { code: 'tags-not-kept', severity: 'warning', args: { names: ['a', 'b'] } },
    ]);
  });

  it('drops a reason with one warning if the server stores none', () => {
    const desired = [desiredOf(active, { pause: { paused: true, reason: 'why' } })];
    const made = plan(desired, [observedOf(aSchedule({ paused: true }))], {
      ...everything,
      pauseReason: 'dropped',
    });
    expect(made.verdict).toBe('nothing-to-do');
    expect(made.diagnostics.map(({ code }) => code)).toStrictEqual(['reason-not-kept']);
  });

  it('has a digest of the steps, not of file names or times', () => {
    const [a, b] = [aSchedule({ name: 'a' }), aSchedule({ name: 'b' })];
    const digest = (...args: Parameters<typeof plan>): string => plan(...args).digest ?? '';
    const moved = { ...desiredOf(a), origin: { file: 'elsewhere.yaml', document: 3 } };
    expect(digest([desiredOf(a), desiredOf(b)], [])).toBe(digest([desiredOf(b), moved], []));
    expect(digest([desiredOf(a)], [])).not.toBe(digest([desiredOf(b)], []));
    const changed = desiredOf(aSchedule({ name: 'a', description: 'new' }));
    expect(digest([changed], [observedOf(a)])).not.toBe(
      digest([changed], [observedOf({ ...a, zoneId: 'Asia/Tokyo' })]),
    );
    expect(digest([changed], [observedOf(a, { facts: { updatedTime: 1 } })])).toBe(
      digest([changed], [observedOf(a)]),
    );
  });

  it('reaches the desired state: applied to the observed state, it leaves nothing to do', () => {
    fc.assert(
      fc.property(anySchedule, anySchedule, fc.boolean(), (wanted, there, managesPause) => {
        const reason = wanted.paused ? wanted.pausedReason : undefined;
        const pause = { paused: wanted.paused, ...(reason === undefined ? {} : { reason }) };
        const desired = desiredOf(wanted, managesPause ? { pause } : {});
        let now = there;
        for (const { steps } of plan([desired], [observedOf(there)]).changes) {
          for (const step of steps) {
            if (step.kind === 'save' && step.mode === 'update') now = patch(now, step.set, step.unset);
            if (step.kind === 'pause')
              now = normalize({ ...now, paused: true, pausedReason: step.reason ?? '' } as never).schedule;
            if (step.kind === 'resume')
              now = normalize({ ...now, paused: false, pausedReason: '' } as never).schedule;
          }
        }
        expect(plan([desired], [observedOf(now)]).verdict).toBe('nothing-to-do');
        if (!managesPause)
          expect([now.paused, now.pausedReason]).toStrictEqual([there.paused, there.pausedReason]);
      }),
      { numRuns: 1000 },
    );
  });

  it('shows each difference once', () => {
    const [change] = plan(
      [desiredOf(aSchedule({ description: 'new' }), { tags: [team] })],
      [observedOf(active)],
    ).changes;
    expect(change?.fields.map(({ path }) => pathText(path))).toStrictEqual(['description', 'tags']);
  });
});
