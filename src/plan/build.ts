import { basisOf, tagsBasisOf } from '../compare/basis.ts';
import { diff, fieldChange } from '../compare/diff.ts';
import type { LeaveReason } from '../model/generated/report-parts.ts';
import { markerTags, unmarked } from '../model/marks/marker.ts';
import { type Change, ownerField, protectedField, type Rename, type Update } from '../model/plan.ts';
import { present } from '../model/present.ts';
import type { Policy } from '../model/run-policy.ts';
import {
  compareText,
  type DesiredSchedule,
  type FieldChange,
  type ObservedSchedule,
  tagSet,
} from '../model/schedule.ts';
import { complete, fresh } from './complete.ts';
import { hiddenBy, markerChange, tagChange } from './field-changes.ts';
import { described, isOurs, markerOf, type OnServer, onServer, type Places } from './on-server.ts';
import { deletesOf, finishing, move, stateOf, stillPaused } from './rename.ts';
import { stepsForFields, stepsForTags } from './steps.ts';
import { isHorizonOnly, reviewedOf, shownDifferences } from './terms-of-days.ts';

export interface BuildInput {
  /** Adapted to the server, with distinct names. */
  readonly desired: readonly DesiredSchedule[];
  /** With tags, where tags matter. */
  readonly observed: readonly ObservedSchedule[];
  /** By the name of a manifest: the schedules that it replaces. */
  readonly replaced: ReadonlyMap<string, readonly OnServer[]>;
  /** Every name on the server, also of schedules that this run is not about. */
  readonly names: ReadonlySet<string>;
  readonly policy: Policy;
  readonly places: Places;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Whether creates tell their fields, which are all that they have. */
  readonly tellsCreates: boolean;
}

/** What the two sides make together. */
export interface Built {
  /** Creates, updates, adoptions, renames, deletes, then what is left alone; by name within each. */
  readonly changes: readonly Change[];
  readonly unchanged: number;
  /** Observed, in no manifest, without an owner. */
  readonly unmanaged: number;
  /** Observed, with the marker of another owner, also where a manifest names it in vain. */
  readonly ofOtherOwners: number;
  /** The names of both. */
  readonly others: readonly string[];
  /** Names in any manifest or none whose only marker was written for another name. */
  readonly copies: readonly Copy[];
}

/** What turns `observed` into `desired`, with the fewest requests. */
export function build({
  desired,
  observed,
  replaced,
  names,
  policy,
  places,
  now,
  tellsCreates,
}: BuildInput): Built {
  const theirs = new Map(observed.map((raw) => [raw.schedule.name, onServer(raw, places)]));
  const copies = copiesIn([...theirs.values()], policy);
  const desiredNames = new Set(desired.map(({ schedule }) => schedule.name));
  const changes: Change[] = [];
  let unchanged = 0;
  let ofOtherOwners = 0;
  for (const one of desired) {
    const { name } = one.schedule;
    const there = theirs.get(name);
    const own = replaced.get(name) ?? [];
    theirs.delete(name);
    const change = changeFor(one, there, own);
    if (change === undefined || (change.kind === 'leave' && change.reason === 'paused-on-server'))
      unchanged += 1;
    if (change?.kind === 'leave' && change.reason === 'foreign-owner') ofOtherOwners += 1;
    if (change !== undefined) changes.push(change);
    if (change?.kind === 'rename') for (const old of change.previous) theirs.delete(old.name);
  }
  let unmanaged = 0;
  const others: string[] = [];
  for (const there of theirs.values()) {
    if (isOurs(there, policy) && policy.reportsOrphans) changes.push(orphan(there, policy));
    else {
      others.push(there.raw.schedule.name);
      if (there.markers.length === 0) unmanaged += 1;
      else if (!isOurs(there, policy)) ofOtherOwners += 1;
    }
  }
  return {
    changes: changes.sort((a, b) => ranks[a.kind] - ranks[b.kind] || compareText(a.name, b.name)),
    unchanged,
    unmanaged,
    ofOtherOwners,
    others: others.sort(compareText),
    copies,
  };

  function changeFor(
    one: DesiredSchedule,
    there: OnServer | undefined,
    [old, ...others]: readonly OnServer[],
  ): Change | undefined {
    const replaced: readonly OnServer[] = old === undefined ? [] : [old, ...others];
    if (there === undefined)
      return old === undefined
        ? create(one, { policy, places, now, tellsCreates })
        : move(one, [old, ...others], policy, places, now);
    if (waitsForOld(one, there, replaced))
      return left('paused-on-server', asItIs(there, places), policy, one);
    return changeBetween(one, there, replaced, policy, places, now);
  }

  /** Paused until the old one is gone, which this run cannot delete: to resume it would let both fire. */
  function waitsForOld(
    { pause }: DesiredSchedule,
    { renamedFrom, markers }: OnServer,
    replaced: readonly OnServer[],
  ): boolean {
    return (
      renamedFrom !== undefined &&
      markers.every(({ owner }) => owner === policy.owner) &&
      pause === undefined &&
      names.has(renamedFrom) &&
      !desiredNames.has(renamedFrom) &&
      !replaced.some(({ raw }) => raw.schedule.name === renamedFrom)
    );
  }
}

/** A schedule that came with the marker of another name. */
export interface Copy {
  readonly name: string;
  readonly owner: string;
}

/** Copies of this owner's markers; what others have copied of theirs is theirs to know. */
function copiesIn(all: readonly OnServer[], { owner }: Policy): readonly Copy[] {
  if (owner === undefined) return [];
  return all
    .filter(({ markers, copiedFrom }) => markers.length === 0 && copiedFrom.includes(owner))
    .map(({ raw }) => ({ name: raw.schedule.name, owner }))
    .sort((a, b) => compareText(a.name, b.name));
}

const ranks: { readonly [K in Change['kind']]: number } = {
  create: 0,
  update: 1,
  adopt: 2,
  horizon: 3,
  rename: 4,
  delete: 5,
  leave: 6,
};

function create(
  desired: DesiredSchedule,
  { policy, places, now, tellsCreates }: Pick<BuildInput, 'policy' | 'places' | 'now' | 'tellsCreates'>,
): Change {
  const marker = markerOf(desired, policy);
  const plain = fresh(desired);
  const schedule = described(plain, marker, places);
  const tags = tagSet([
    ...(desired.tags ?? []),
    ...(places.marker === 'tags' && marker ? markerTags(plain.name, marker) : []),
  ]);
  return {
    kind: 'create',
    name: schedule.name,
    basis: null,
    fields: tellsCreates
      ? [
          ...shownDifferences(null, plain, desired.days, now),
          ...tagChange([], desired.tags ?? []),
          ...markerChange(undefined, marker),
        ]
      : [],
    steps: [
      { kind: 'save', mode: 'create', schedule },
      ...(tags.length > 0 ? [{ kind: 'tag', tags } as const] : []),
    ],
    origin: desired.origin,
    ...present({ reviewed: reviewedOf(desired, undefined, policy, now) }),
    ...hiddenBy(policy, desired),
  };
}

/** A manifest and the schedule of its name; `replaced` are those that it replaces. */
function changeBetween(
  desired: DesiredSchedule,
  there: OnServer,
  replaced: readonly OnServer[],
  policy: Policy,
  places: Places,
  now: number,
): Change | undefined {
  const foreign = there.markers.find(({ owner }) => owner !== policy.owner);
  if (foreign !== undefined && !policy.takeOver.includes(foreign.owner)) {
    const taken = update(desired, there, replaced, policy, places, now);
    return left('foreign-owner', there, policy, desired, [
      ...(taken?.fields ?? []).filter(({ path }) => path[0] !== ownerField),
      fieldChange([ownerField], foreign.owner, policy.owner),
    ]);
  }
  const change = update(desired, there, replaced, policy, places, now);
  if (change === undefined) return pausedThere(desired, there, policy);
  if (policy.owner === undefined || there.markers.length > 0) {
    const onlyAged = change.kind === 'update' && isHorizonOnly(change.fields);
    return onlyAged ? { ...change, kind: 'horizon' } : change;
  }
  // Our own rename broke off between the save and the tag that marks it.
  const { renamedFrom } = there;
  if (renamedFrom !== undefined && desired.lifecycle.previousNames.includes(renamedFrom)) return change;
  const differs = change.fields.some(({ path }) => path[0] !== ownerField && path[0] !== protectedField);
  const allowed = !differs || policy.adopt === 'all' || policy.adopt.includes(change.name);
  if (!allowed) return left('needs-adopt', there, policy, desired, change.fields);
  return change.kind === 'update' ? { ...change, kind: 'adopt' } : change;
}

function update(
  desired: DesiredSchedule,
  there: OnServer,
  replaced: readonly OnServer[],
  policy: Policy,
  places: Places,
  now: number,
): Update | Rename | undefined {
  const { raw, observed, markers } = there;
  const marker = markerOf(desired, policy);
  const before = stateOf(there, replaced).observed;
  const target = complete(desired, before, places.numbers);
  const final = described(target, marker, places, there);
  // As long as an old one is there, nothing that is paused begins to fire.
  const waits = replaced.length > 0 && raw.schedule.paused && !target.paused;
  // What is shown has no markers in it, what is written has: each difference is found in its own form.
  const written = waits ? described(stillPaused(target, there, places), marker, places, there) : final;
  const tagsBefore = raw.tags ?? [];
  const tagsAfter =
    desired.tags === undefined && marker === undefined
      ? tagsBefore
      : tagSet([
          ...(desired.tags ?? [...(observed.tags ?? []), ...(replaced[0]?.observed.tags ?? [])]),
          ...(places.marker === 'tags' && marker !== undefined ? markerTags(target.name, marker) : []),
        ]);
  const tagSteps = stepsForTags(tagsBefore, tagsAfter);
  const steps = [
    ...stepsForFields(raw.schedule, diff(raw.schedule, written)),
    ...tagSteps,
    ...deletesOf(replaced),
    ...(waits ? stepsForFields(written, diff(written, final)) : []),
  ];
  if (steps.length === 0) return undefined;
  const { schedule, facts } = observed;
  const { digestKey } = policy;
  const isRename = replaced.length > 0 || there.renamedFrom !== undefined;
  const rests = tagSteps.length > 0;
  const change: Update = {
    kind: 'update',
    name: schedule.name,
    // A rename is judged as a whole, an update part by part.
    basis: basisOf(raw, hiddenBy(policy, desired), digestKey, isRename && rests ? raw.tags : undefined),
    ...(rests && !isRename ? { tagsBasis: tagsBasisOf(tagsBefore, digestKey) } : {}),
    fields: [
      ...shownDifferences(before.schedule, target, desired.days, now),
      ...(desired.tags === undefined ? [] : tagChange(observed.tags ?? [], desired.tags)),
      ...markerChange(markers[0], marker),
    ],
    steps,
    facts,
    pausedBefore: schedule.paused,
    ...present({
      pausedReasonBefore: schedule.pausedReason,
      reviewed: reviewedOf(desired, raw, policy, now, isRename && rests ? raw.tags : undefined),
    }),
    origin: desired.origin,
    ...hiddenBy(policy, desired),
  };
  return isRename
    ? { ...change, ...finishing(desired, there, replaced, final, { policy, places, now }) }
    : change;
}

function pausedThere(desired: DesiredSchedule, there: OnServer, policy: Policy): Change | undefined {
  if (desired.pause !== undefined || !there.observed.schedule.paused) return undefined;
  return left('paused-on-server', there, policy, desired);
}

/** A schedule of ours that no manifest names any more. */
function orphan(there: OnServer, policy: Policy): Change {
  if (there.markers.some((marker) => marker.protected)) return left('protected', there, policy);
  if (!policy.prune) return left('needs-prune', there, policy);
  const { raw, observed } = there;
  return {
    kind: 'delete',
    name: raw.schedule.name,
    basis: basisOf(raw, hiddenBy(policy), policy.digestKey, raw.tags),
    fields: diff(observed.schedule, null),
    steps: [{ kind: 'delete' }],
    facts: observed.facts,
    ...hiddenBy(policy),
  };
}

/** With the note of an unfinished rename as the reason of its pause, which it is. */
function asItIs({ raw }: OnServer, { marker }: Places): OnServer {
  return { raw, ...unmarked(raw, marker) };
}

function left(
  reason: LeaveReason,
  { raw, observed }: OnServer,
  policy: Policy,
  desired?: DesiredSchedule,
  fields: readonly FieldChange[] = [],
): Change {
  const { schedule, facts } = observed;
  return {
    kind: 'leave',
    reason,
    name: schedule.name,
    basis: basisOf(raw, hiddenBy(policy, desired), policy.digestKey),
    fields,
    steps: [],
    facts,
    ...present({ pausedReasonBefore: schedule.pausedReason, origin: desired?.origin }),
    ...hiddenBy(policy, desired),
  };
}
