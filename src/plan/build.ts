import { basisOf } from '../compare/basis.ts';
import { diff, fieldChange } from '../compare/diff.ts';
import { assignments } from '../compare/patch.ts';
import { sameTags, tagsWithout } from '../compare/tags.ts';
import type { Json } from '../model/json.ts';
import { type Marker, markedDescription, markerTags, type Unmarked, unmarked } from '../model/marker.ts';
import {
  type Change,
  type LeaveReason,
  maskedIn,
  ownerField,
  protectedField,
  type Step,
  type Update,
} from '../model/plan.ts';
import {
  compareText,
  type DesiredSchedule,
  type FieldChange,
  type ObservedSchedule,
  type Schedule,
  type Tag,
  tagSet,
} from '../model/schedule.ts';
import { complete, fresh } from './complete.ts';
import type { Policy } from './policy.ts';

/** What the two sides make together. */
export interface Built {
  /** Creates, updates, adoptions, deletes, then what is left alone; by name within each. */
  readonly changes: readonly Change[];
  readonly unchanged: number;
  /** Observed, in no manifest, and not ours. */
  readonly unmanaged: number;
  /** How many schedules on the server carry our marker. */
  readonly owned: number;
}

/** Where this server keeps a marker. */
export type MarkerPlace = 'tags' | 'description';

/**
 * What turns `observed` into `desired`, with the fewest requests. `desired` has been adapted to the server, names
 * are distinct on both sides, and an observed schedule whose tags matter has its tags.
 */
export function build(
  desired: readonly DesiredSchedule[],
  observed: readonly ObservedSchedule[],
  policy: Policy,
  place: MarkerPlace,
): Built {
  const theirs = new Map(observed.map((raw) => [raw.schedule.name, { raw, ...unmarked(raw) }]));
  const isOurs = ({ markers }: Unmarked): boolean =>
    policy.owner !== undefined && markers.length > 0 && markers.every(({ owner }) => owner === policy.owner);
  const owned = [...theirs.values()].filter(isOurs).length;
  const changes: Change[] = [];
  let unchanged = 0;
  for (const one of desired) {
    const { name } = one.schedule;
    const there = theirs.get(name);
    theirs.delete(name);
    if (there === undefined) {
      changes.push(create(one, policy, place));
      continue;
    }
    const change = meet(one, there, policy, place);
    if (change === undefined || (change.kind === 'leave' && change.reason === 'paused-on-server'))
      unchanged += 1;
    if (change !== undefined) changes.push(change);
  }
  let unmanaged = 0;
  for (const there of theirs.values()) {
    if (isOurs(there) && policy.reportsOrphans) changes.push(orphan(there, policy));
    else unmanaged += 1;
  }
  return {
    changes: changes.sort((a, b) => ranks[a.kind] - ranks[b.kind] || compareText(a.name, b.name)),
    unchanged,
    unmanaged,
    owned,
  };
}

const ranks: { readonly [K in Change['kind']]: number } = {
  create: 0,
  update: 1,
  adopt: 2,
  delete: 3,
  leave: 4,
};

/** A schedule as it is, and as it is without markers. */
interface There extends Unmarked {
  readonly raw: ObservedSchedule;
}

function markerOf({ lifecycle }: DesiredSchedule, { owner }: Policy): Marker | undefined {
  return owner === undefined ? undefined : { owner, protected: lifecycle.protect };
}

function create(desired: DesiredSchedule, policy: Policy, place: MarkerPlace): Change {
  const marker = markerOf(desired, policy);
  const plain = fresh(desired);
  const schedule = place === 'description' ? described(plain, marker) : plain;
  const tags = tagSet([...(desired.tags ?? []), ...(place === 'tags' && marker ? markerTags(marker) : [])]);
  return {
    kind: 'create',
    name: schedule.name,
    basis: null,
    fields: [...diff(null, plain), ...tagChange([], desired.tags ?? []), ...markerChange(undefined, marker)],
    steps: [
      { kind: 'save', mode: 'create', schedule },
      ...(tags.length > 0 ? [{ kind: 'tag', tags } as const] : []),
    ],
    origin: desired.origin,
    ...hiddenBy(desired),
  };
}

/** A manifest and the schedule of its name. */
function meet(
  desired: DesiredSchedule,
  there: There,
  policy: Policy,
  place: MarkerPlace,
): Change | undefined {
  const foreign = there.markers.find(({ owner }) => owner !== policy.owner);
  if (foreign !== undefined && !policy.takeOver.includes(foreign.owner)) {
    return left('foreign-owner', there, desired, [fieldChange([ownerField], foreign.owner, policy.owner)]);
  }
  const change = update(desired, there, policy, place);
  if (change === undefined) return pausedThere(desired, there);
  if (policy.owner === undefined || there.markers.length > 0) return change;
  const differs = change.fields.some(({ path }) => path[0] !== ownerField && path[0] !== protectedField);
  const allowed = !differs || policy.adopt === 'all' || policy.adopt.includes(change.name);
  return allowed ? { ...change, kind: 'adopt' } : left('needs-adopt', there, desired, change.fields);
}

function update(
  desired: DesiredSchedule,
  { raw, observed, markers }: There,
  policy: Policy,
  place: MarkerPlace,
): Update | undefined {
  const marker = markerOf(desired, policy);
  const target = complete(desired, observed);
  // What is shown has no markers in it, what is written has: each difference is found in its own form.
  const written = diff(raw.schedule, place === 'description' ? described(target, marker) : target);
  const tagsBefore = raw.tags ?? [];
  const tagsAfter =
    desired.tags === undefined && marker === undefined
      ? tagsBefore
      : tagSet([
          ...(desired.tags ?? observed.tags ?? []),
          ...(place === 'tags' && marker !== undefined ? markerTags(marker) : []),
        ]);
  const tagSteps = stepsForTags(tagsBefore, tagsAfter);
  const steps = [...stepsForFields(raw.schedule, written), ...tagSteps];
  if (steps.length === 0) return undefined;
  const { schedule, facts } = observed;
  return {
    kind: 'update',
    name: schedule.name,
    basis: basisOf(raw, maskedIn(hiddenBy(desired)), tagSteps.length > 0 ? raw.tags : undefined),
    fields: [
      ...diff(schedule, target),
      ...(desired.tags === undefined ? [] : tagChange(observed.tags ?? [], desired.tags)),
      ...markerChange(markers[0], marker),
    ],
    steps,
    facts,
    pausedBefore: schedule.paused,
    ...(schedule.pausedReason === undefined ? {} : { pausedReasonBefore: schedule.pausedReason }),
    origin: desired.origin,
    ...hiddenBy(desired),
  };
}

function pausedThere(desired: DesiredSchedule, there: There): Change | undefined {
  if (desired.pause !== undefined || !there.observed.schedule.paused) return undefined;
  return left('paused-on-server', there, desired);
}

/** A schedule of ours that no manifest names any more. */
function orphan(there: There, policy: Policy): Change {
  if (there.markers.some((marker) => marker.protected)) return left('protected', there);
  if (!policy.prune) return left('needs-prune', there);
  const { raw, observed } = there;
  return {
    kind: 'delete',
    name: raw.schedule.name,
    basis: basisOf(raw, [], raw.tags),
    fields: diff(observed.schedule, null),
    steps: [{ kind: 'delete' }],
    facts: observed.facts,
    ...hiddenBy(),
  };
}

function left(
  reason: LeaveReason,
  { raw, observed }: There,
  desired?: DesiredSchedule,
  fields: readonly FieldChange[] = [],
): Change {
  const { schedule, facts } = observed;
  return {
    kind: 'leave',
    reason,
    name: schedule.name,
    basis: basisOf(raw, maskedIn(hiddenBy(desired))),
    fields,
    steps: [],
    facts,
    ...(schedule.pausedReason === undefined ? {} : { pausedReasonBefore: schedule.pausedReason }),
    ...(desired === undefined ? {} : { origin: desired.origin }),
    ...hiddenBy(desired),
  };
}

function described(schedule: Schedule, marker: Marker | undefined): Schedule {
  if (marker === undefined) return schedule;
  return { ...schedule, description: markedDescription(schedule.description, marker) };
}

function markerChange(before: Marker | undefined, after: Marker | undefined): readonly FieldChange[] {
  return [
    ...(before?.owner === after?.owner ? [] : [fieldChange([ownerField], before?.owner, after?.owner)]),
    ...((before?.protected ?? false) === (after?.protected ?? false)
      ? []
      : [fieldChange([protectedField], before?.protected ?? false, after?.protected ?? false)]),
  ];
}

/**
 * A switch of `paused` alone is one pause or resume, which leaves everything else as it is. Anything else is one
 * save, which carries the switch too. A new reason for a schedule that stays paused is a save: pausing again does
 * not change it on Orkes, and there is no due fire to lose.
 */
function stepsForFields(before: Schedule, fields: readonly FieldChange[]): readonly Step[] {
  if (fields.length === 0) return [];
  const paused = fields.find(({ path }) => path[0] === 'paused');
  const reason = fields.find(({ path }) => path[0] === 'pausedReason');
  if (paused !== undefined && fields.every((field) => field === paused || field === reason)) {
    if (before.paused) return [{ kind: 'resume' }];
    return [{ kind: 'pause', ...(typeof reason?.after === 'string' ? { reason: reason.after } : {}) }];
  }
  return [{ kind: 'save', mode: 'update', ...assignments(fields) }];
}

function stepsForTags(before: readonly Tag[], after: readonly Tag[]): readonly Step[] {
  const removed = tagsWithout(before, after);
  if (tagsWithout(after, before).length > 0) return [{ kind: 'tag', tags: after }];
  return removed.length > 0 ? [{ kind: 'untag', tags: removed }] : [];
}

function tagChange(before: readonly Tag[], after: readonly Tag[]): readonly FieldChange[] {
  if (sameTags(before, after)) return [];
  return [fieldChange(['tags'], before as unknown as Json, after as unknown as Json)];
}

function hiddenBy(desired?: DesiredSchedule): Pick<Change, 'sensitive' | 'secretPaths' | 'unknownPaths'> {
  return {
    sensitive: desired?.lifecycle.sensitive ?? [],
    secretPaths: desired?.secrets?.map(({ path }) => path) ?? [],
    unknownPaths: desired?.secrets?.flatMap(({ known, path }) => (known ? [] : [path])) ?? [],
  };
}
