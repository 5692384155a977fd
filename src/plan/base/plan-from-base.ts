import { onlyLooks } from '../../model/hiding/hiding.ts';
import type { Change, Leave } from '../../model/plan.ts';
import type { DesiredSchedule, FieldPath, ObservedSchedule } from '../../model/schedule.ts';
import { hiddenBy } from '../field-changes.ts';
import { type JudgedPlan, namesWithTags, type PlanInput, planOf } from '../plan.ts';

/** By schedule, the paths at which its manifest has a reference to a secret. */
export type SecretPaths = ReadonlyMap<string, readonly FieldPath[]>;

type FromBase = PlanInput & {
  /** The manifests that the observed schedules come from. */
  readonly before: readonly DesiredSchedule[];
  readonly secrets: { readonly before: SecretPaths; readonly after: SecretPaths };
};

/**
 * The plan over what a base leaves on a server. What is in no manifest any more and may not be deleted is not part of a plan
 * against a server, which may have it from anywhere; here it is known to come from a manifest that was taken away.
 */
export function planFromBase({ before, secrets, ...input }: FromBase): JudgedPlan {
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
  return {
    ...plan,
    changes: [...plan.changes, ...kept].map((change) => {
      const known = withBase(change, manifests);
      return { ...known, secretPaths: [...known.secretPaths, ...oneSided(change, secrets)] };
    }),
  };
}

/** Where the list has no tags, a run reads only those that it needs. */
function asRead({ desired, observed, policy, server }: PlanInput): readonly ObservedSchedule[] {
  if (!server.capabilities.tags || server.capabilities.tagsInList) return observed;
  const bare = observed.map(({ tags: _tags, ...one }): ObservedSchedule => one);
  const read = new Set(namesWithTags(desired, bare, policy));
  return observed.map((one, index) => (read.has(one.schedule.name) ? one : (bare[index] ?? one)));
}

function previousOf(change: Change): readonly string[] {
  return change.kind === 'rename' ? change.previous.map(({ name }) => name) : [];
}

/**
 * Where one side has a reference to a secret and the other something else, that was or becomes the secret. References are
 * not secret: where both sides have one, it is shown.
 */
function oneSided(change: Change, { before, after }: FromBase['secrets']): readonly FieldPath[] {
  if (!['update', 'adopt', 'rename'].includes(change.kind)) return [];
  const was = [change.name, ...previousOf(change)].flatMap((name) => before.get(name) ?? []);
  const is = after.get(change.name) ?? [];
  const keys = (paths: readonly FieldPath[]): ReadonlySet<string> =>
    new Set(paths.map((path) => JSON.stringify(path)));
  const [known, left] = [keys(was), keys(is)];
  return [
    ...is.filter((path) => !known.has(JSON.stringify(path))),
    ...was.filter((path) => !left.has(JSON.stringify(path))),
  ];
}

/** What a manifest of the base hides stays hidden, and what only the base has gets its place there. */
function withBase(change: Change, manifests: ReadonlyMap<string, DesiredSchedule>): Change {
  const names = [change.name, ...previousOf(change)];
  const own = names.map((name) => manifests.get(name)).filter((one) => one !== undefined);
  const origin = change.origin ?? own[0]?.origin;
  return {
    ...change,
    sensitive: [
      ...change.sensitive,
      ...own.flatMap((one) => hiddenBy({ notSensitive: change.notSensitive }, one).sensitive),
    ],
    ...(origin === undefined ? {} : { origin }),
  };
}
