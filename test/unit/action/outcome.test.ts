import { describe, expect, it } from 'vitest';
import { outputsOf, type Planned, reasonOf } from '../../../src/action/outcome.ts';
import type { AnyDocument } from '../../../src/report/documents/document.ts';
import type { PlanDocument } from '../../../src/report/documents/generated/documents.ts';

const plan = (over: object): PlanDocument =>
  ({
    kind: 'plan',
    verdict: 'ready',
    counts: {
      create: 1,
      update: 2,
      adopt: 3,
      rename: 9,
      delete: 4,
      pause: 5,
      resume: 6,
      unchanged: 7,
      unmanaged: 8,
    },
    digest: 'd',
    problems: [],
    ...over,
  }) as unknown as PlanDocument;

const error = (code: string) => ({ code, severity: 'error' });

describe('reasonOf', () => {
  it.each([
    [0, plan({}), undefined],
    [2, plan({}), undefined],
    [2, { kind: 'drift' }, undefined],
    [1, undefined, 'invalid'],
    [1, { kind: 'validation' }, 'invalid'],
    [1, { kind: 'failure', problems: [] }, 'invalid'],
    [1, { kind: 'failure', problems: [], failure: {} }, 'unreachable'],
    [1, plan({ problems: [{ code: 'unknown-target' }] }), 'invalid'],
    [3, plan({ problems: [error('needs-adopt')] }), 'owner'],
    [3, plan({ problems: [error('foreign-owner'), error('guard')] }), 'guard'],
    [3, plan({ problems: [error('foreign-owner'), error('policy-limit')] }), 'policy'],
    [1, { kind: 'result' }, 'partial'],
    [5, { kind: 'result' }, 'partial'],
    [130, { kind: 'result' }, 'partial'],
    [130, undefined, 'partial'],
    [4, { kind: 'result' }, 'stale'],
    [4, plan({}), 'plan-changed'],
  ] as const)('exit %s with %j is %s', (code, document, reason) => {
    expect(reasonOf(code, document as AnyDocument | undefined)).toBe(reason);
  });
});

describe('outputsOf', () => {
  it('counts adoptions and renames among the updates', () => {
    expect(outputsOf(undefined, plan({}))).toStrictEqual({
      'has-changes': 'true',
      'to-create': '1',
      'to-update': '14',
      'to-delete': '4',
      'to-pause': '5',
      'to-resume': '6',
      overdue: '0',
      digest: 'd',
      'failure-reason': '',
    });
  });

  it('sets every output without a plan, too', () => {
    expect(outputsOf('unreachable', undefined)).toStrictEqual({
      'has-changes': 'false',
      'to-create': '0',
      'to-update': '0',
      'to-delete': '0',
      'to-pause': '0',
      'to-resume': '0',
      overdue: '0',
      digest: '',
      'failure-reason': 'unreachable',
    });
    expect(outputsOf(undefined, undefined, { drifted: true, overdue: 2 })).toMatchObject({
      'has-changes': 'true',
      overdue: '2',
    });
    expect(outputsOf(undefined, plan({ verdict: 'nothing-to-do' }))['has-changes']).toBe('false');
  });

  it('does not count what is not known', () => {
    const unknown = { kind: 'base-plan', verdict: 'unknown' } as unknown as Planned;
    expect(outputsOf(undefined, unknown)).toMatchObject({ 'has-changes': 'unknown', 'to-delete': '' });
  });
});
