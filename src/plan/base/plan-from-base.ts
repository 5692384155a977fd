import { onlyLooks } from '../../model/hiding/hiding.ts';
import type { Change, Leave } from '../../model/plan.ts';
import type { DesiredSchedule, ObservedSchedule } from '../../model/schedule.ts';
import { type JudgedPlan, namesWithTags, type PlanInput, planOf } from '../plan.ts';

/** `before`: the manifests that the observed schedules come from. */
type FromBase = PlanInput & { readonly before: readonly DesiredSchedule[] };

/**
 * The plan over what a base leaves on a server. What is in no manifest any more and may not be deleted is not part of a plan
 * against a server, which may have it from anywhere; here it is known to come from a manifest that was taken away.
 */
export function planFromBase({ before, ...input }: FromBase): JudgedPlan {
  const plan = planOf({ ...input, observed: asRead(input), unapplied: 'shown' });
  const kept = plan.others.map(
    (name): Leave => ({
      kind: 'leave',
      reason: 'stays-without-manifest',
      name,
      basis: '',
      fields: [],
      steps: [],
      facts: {},
      unknownPaths: [],
      ...onlyLooks,
    }),
  );
  const manifests = new Map(before.map((one) => [one.schedule.name, one]));
  return { ...plan, changes: [...plan.changes, ...kept].map((change) => withBase(change, manifests)) };
}

/** Where the list has no tags, a run reads those alone that it needs. */
function asRead({ desired, observed, policy, server }: PlanInput): readonly ObservedSchedule[] {
  if (!server.capabilities.tags || server.capabilities.tagsInList) return observed;
  const bare = observed.map(({ tags: _tags, ...one }): ObservedSchedule => one);
  const read = new Set(namesWithTags(desired, bare, policy));
  return observed.map((one, index) => (read.has(one.schedule.name) ? one : (bare[index] ?? one)));
}

function previousOf(change: Change): readonly string[] {
  return change.kind === 'rename' ? change.previous.map(({ name }) => name) : [];
}

/** What a manifest of the base hides stays hidden, and of what it alone names it tells the place. */
function withBase(change: Change, manifests: ReadonlyMap<string, DesiredSchedule>): Change {
  const names = [change.name, ...previousOf(change)];
  const own = names.map((name) => manifests.get(name)).filter((one) => one !== undefined);
  const origin = change.origin ?? own[0]?.origin;
  return {
    ...change,
    sensitive: [...change.sensitive, ...own.flatMap(({ lifecycle }) => lifecycle.sensitive)],
    ...(origin === undefined ? {} : { origin }),
  };
}
