import { saveBody } from '../../compare/save-body.ts';
import { defaultLimits } from '../../model/config.ts';
import type { Change } from '../../model/plan.ts';
import type { ServerIdentity } from '../../model/port.ts';
import { present } from '../../model/present.ts';
import type { Policy } from '../../model/run-policy.ts';
import type { ObservedSchedule } from '../../model/schedule.ts';
import type { Diagnostic } from '../../problems/diagnostic.ts';
import { type PlanInput, planOf } from '../plan.ts';

/** What a server has once manifests were applied to it while it was empty, and what was to be said of them. */
export type Applied = {
  readonly observed: readonly ObservedSchedule[];
  readonly diagnostics: readonly Diagnostic[];
};

/**
 * Applies manifests to no server at all: each create leaves what its steps hold, markers and tags too. So another commit's
 * manifests can be compared with them as with a server. `policy` is that of these manifests.
 */
export function asApplied(
  input: Pick<PlanInput, 'desired' | 'server' | 'now' | 'demanded' | 'allows'> & { readonly policy: Policy },
): Applied {
  const { selection: _selection, digestKey: _key, ...policy } = input.policy;
  const { changes, diagnostics } = planOf({
    ...input,
    observed: [],
    url: '',
    unapplied: 'silent',
    policy: { ...policy, limits: defaultLimits },
  });
  return { observed: changes.flatMap((change) => leftBy(change, input.server)), diagnostics };
}

function leftBy({ steps }: Change, { capabilities }: ServerIdentity): readonly ObservedSchedule[] {
  const schedule = steps.flatMap((step) =>
    step.kind === 'save' && step.mode === 'create' ? [step.schedule] : [],
  )[0];
  if (schedule === undefined) return [];
  const tags = steps.flatMap((step) => (step.kind === 'tag' ? step.tags : []));
  return [
    {
      schedule,
      ...present({ tags: capabilities.tags ? tags : undefined }),
      facts: {},
      literal: saveBody(schedule, null).fields,
      carried: {},
      carriedInRequest: {},
    },
  ];
}
