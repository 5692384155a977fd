import { describe, expect, it } from 'vitest';
import { defaultLimits, type Limits } from '../../../src/model/config.ts';
import type { Selection } from '../../../src/model/generated/report-parts.ts';
import { markedDescription } from '../../../src/model/marks/marker.ts';
import type { Guard } from '../../../src/model/plan.ts';
import { openPolicy } from '../../../src/model/run-policy.ts';
import type { DesiredSchedule, ObservedSchedule } from '../../../src/model/schedule.ts';
import { type JudgedPlan, planOf } from '../../../src/plan/plan.ts';
import { aSchedule, desiredOf, observedOf } from '../../support/schedules.ts';

const capabilities = {
  tags: false,
  tagsInList: false,
  cronSchedules: 'kept',
  pauseReason: 'kept',
  idempotency: true,
  anyName: true,
  bulk: true,
  hidesUnreadable: false,
  executionQuery: 'clauses',
  pauseAll: 'one process',
  numbers: 'kind',
} as const;

function plan(
  desired: readonly DesiredSchedule[],
  observed: readonly ObservedSchedule[],
  limits: Partial<Limits>,
  selection?: Partial<Selection>,
): JudgedPlan {
  return planOf({
    desired,
    observed,
    server: { serverType: 'oss-2', capabilities },
    url: 'http://s/api',
    now: 0,
    policy: {
      ...openPolicy,
      owner: 'us',
      prune: true,
      limits: { ...defaultLimits, ...limits },
      ...(selection === undefined
        ? {}
        : { selection: { target: [], exclude: [], selector: [], ...selection } }),
    },
  });
}

function guard({ guards }: JudgedPlan, name: Guard['guard']): Guard | undefined {
  return guards.find((one) => one.guard === name);
}

const ours = (name: string): ObservedSchedule =>
  observedOf(
    aSchedule({ name, description: markedDescription(name, 'text', { owner: 'us', protected: false }) }),
  );
const wanted = (name: string, more: Partial<DesiredSchedule> = {}): DesiredSchedule => ({
  ...desiredOf(aSchedule({ name, description: 'text' })),
  ...more,
});
const ten = Array.from({ length: 10 }, (_none, index) => `s${index}`);
const renamed = (name: string, from: string, description = 'text'): DesiredSchedule => {
  const one = desiredOf(aSchedule({ name, description }));
  return { ...one, lifecycle: { ...one.lifecycle, previousNames: [from] } };
};

describe("a share is of all the owner's schedules", () => {
  it.each([
    ['all', undefined],
    ['one target', { target: ['s9'] }],
    ['all but one', { exclude: ['s0'] }],
  ])('%s', (_what, selection) => {
    const made = plan(
      ten.slice(0, 9).map((name) => wanted(name)),
      ten.map(ours),
      {},
      selection,
    );
    expect(guard(made, 'deletes')).toEqual({ guard: 'deletes', seen: 1, limit: 3, refused: false });
    const updates = plan([], ten.map(ours), { updates: { kind: 'percent', percent: 50 } }, selection);
    expect(guard(updates, 'updates')).toMatchObject({ limit: 5 });
  });

  it('never all of them, not even with one --target', () => {
    expect(guard(plan([], [ours('s0')], {}, { target: ['s0'] }), 'deletes')).toMatchObject({
      seen: 1,
      limit: 0,
      refused: true,
    });
  });
});

describe('what counts as an update', () => {
  it.each([
    ['a rename of the name alone', renamed('new', 's0'), 0],
    ['a rename that changes something', renamed('new', 's0', 'other'), 1],
  ])('%s', (_what, one, seen) => {
    const made = plan([one], [ours('s0'), ours('s1')], { updates: { kind: 'count', count: 0 } });
    expect(made.changes.find(({ kind }) => kind === 'rename')).toBeDefined();
    expect(guard(made, 'updates')).toEqual({ guard: 'updates', seen, limit: 0, refused: seen > 0 });
  });
});

describe('creates and pauses', () => {
  const paused = { pause: { paused: true, reason: 'why' } };

  it('are not limited, nor listed, unless asked', () => {
    const made = plan(
      [...ten, 'new'].map((name) => wanted(name, paused)),
      ten.map(ours),
      {},
    );
    expect(made.guards.map((one) => one.guard)).toEqual(['deletes', 'updates']);
    expect(made.verdict).toBe('ready');
  });

  it('are refused beyond their limits, which the message names', () => {
    const desired = [...ten, 'new', 'newer'].map((name) => wanted(name, paused));
    const made = plan(desired, ten.map(ours), {
      creates: { kind: 'count', count: 1 },
      pauses: { kind: 'percent', percent: 20 },
    });
    expect(guard(made, 'creates')).toEqual({ guard: 'creates', seen: 2, limit: 1, refused: true });
    // A new schedule that starts paused is not one that is paused.
    expect(guard(made, 'pauses')).toEqual({ guard: 'pauses', seen: 10, limit: 2, refused: true });
    expect(made.verdict).toBe('blocked');
    expect(made.diagnostics.map(({ args }) => args)).toEqual([
      { guard: 'creates', seen: 2, limit: 1, names: ['new', 'newer'] },
      { guard: 'pauses', seen: 10, limit: 2, names: ten },
    ]);
  });
});
