import { basisOf, outcomeOf } from '../compare/basis.ts';
import { diff, fieldChange } from '../compare/diff.ts';
import { assignments } from '../compare/patch.ts';
import { markerTags } from '../model/marks/marker.ts';
import { inRenaming } from '../model/marks/renaming.ts';
import type { Leave, PreviousName, Rename, Step } from '../model/plan.ts';
import { present } from '../model/present.ts';
import type { Policy } from '../model/run-policy.ts';
import { type DesiredSchedule, type Schedule, tagSet } from '../model/schedule.ts';
import { hasMark } from '../model/standstill.ts';
import { complete } from './complete.ts';
import { hiddenBy, markerChange, tagChange } from './field-changes.ts';
import { described, markerOf, type OnServer, type Places } from './on-server.ts';
import { stepsForFields } from './steps.ts';
import { reviewedOf, shownDifferences, toldBasis } from './terms-of-days.ts';

/**
 * A schedule that is only there under old names moves to its manifest's. The first of them is the one that moves: its
 * pause with the reason, its unmanaged tags and what is ignored or not known of it go along.
 */
export function move(
  desired: DesiredSchedule,
  [source, ...others]: readonly [OnServer, ...OnServer[]],
  policy: Policy,
  places: Places,
  now: number,
): Rename {
  const marker = markerOf(desired, policy);
  const target = kept(complete(desired, source.observed, places.numbers), places);
  const final = described(target, marker, places);
  // Paused as long as the old one is there, so that no fire happens twice.
  const saved = target.paused
    ? final
    : described(inRenaming(target, source.raw.schedule.name, places.note), marker, places);
  const tagsBefore = source.observed.tags ?? [];
  const tags =
    places.marker === 'tags'
      ? tagSet([
          ...(desired.tags ?? tagsBefore),
          ...(marker === undefined ? [] : markerTags(target.name, marker)),
        ])
      : [];
  const replaced = [source, ...others];
  return {
    kind: 'rename',
    name: target.name,
    basis: null,
    previous: replaced.map((old) => previousName(old, desired, policy, now)),
    becomes: outcomeOf(final, hiddenBy(policy, desired), policy.digestKey, places.numbers),
    fields: [
      ...shownDifferences(source.observed.schedule, target, desired.days, now),
      ...(desired.tags === undefined ? [] : tagChange(tagsBefore, desired.tags)),
      ...markerChange(source.markers[0], marker),
    ],
    steps: [
      {
        kind: 'save',
        mode: 'copy',
        from: source.raw.schedule.name,
        ...assignments(diff(source.raw.schedule, saved)),
      },
      ...(tags.length > 0 ? [{ kind: 'tag', tags } as const] : []),
      ...deletesOf(replaced),
      ...stepsForFields(saved, diff(saved, final)),
    ],
    ...present({ reviewed: reviewedOf(desired, undefined, policy, now) }),
    ...pauseBefore(source),
    origin: desired.origin,
    ...hiddenBy(policy, desired),
  };
}

/** A rename that may not be: shown, and not carried out. */
export function refusedRename(desired: DesiredSchedule, { raw, observed }: OnServer, policy: Policy): Leave {
  const { schedule, facts } = observed;
  return {
    kind: 'leave',
    reason: 'rename-refused',
    name: desired.schedule.name,
    basis: basisOf(raw, hiddenBy(policy, desired), policy.digestKey),
    fields: [fieldChange(['name'], schedule.name, desired.schedule.name)],
    steps: [],
    facts,
    origin: desired.origin,
    ...hiddenBy(policy, desired),
  };
}

/** What an update of the new schedule becomes when old ones are still there, or a rename of it broke off. */
export function finishing(
  desired: DesiredSchedule,
  there: OnServer,
  replaced: readonly OnServer[],
  final: Schedule,
  { policy, places, now }: { readonly policy: Policy; readonly places: Places; readonly now: number },
): Pick<Rename, 'kind' | 'previous' | 'becomes'> & ReturnType<typeof pauseBefore> {
  return {
    kind: 'rename',
    previous: replaced.map((old) => previousName(old, desired, policy, now)),
    becomes: outcomeOf(final, hiddenBy(policy, desired), policy.digestKey, places.numbers),
    ...pauseBefore(stateOf(there, replaced)),
  };
}

/**
 * The schedule whose pause counts: as long as the old one is there and the new one only waits for its end, it is the
 * old one, which an operator may have paused since. Once it is gone, others of the list do not matter.
 */
export function stateOf(there: OnServer, replaced: readonly OnServer[]): OnServer {
  const old =
    replaced.find(({ raw }) => raw.schedule.name === there.renamedFrom) ??
    replaced.find((one) => isRepaused(one, there));
  if (old === undefined) return there;
  const { paused, pausedReason } = old.observed.schedule;
  const { pausedReason: _reason, ...rest } = there.observed.schedule;
  const schedule = { ...rest, paused, ...present({ pausedReason }) };
  return { ...there, observed: { ...there.observed, schedule, facts: old.observed.facts } };
}

/**
 * The copy went out under a record's mark, which came from the old schedule; that one has been paused again since,
 * and that pause would be lost with it.
 */
function isRepaused(old: OnServer, there: OnServer): boolean {
  const [was, now] = [old.raw.schedule, there.raw.schedule];
  return was.paused && now.paused && hasMark(now.pausedReason ?? '') && !hasMark(was.pausedReason ?? '');
}

/** The new schedule as it stays until the old ones are gone: as it is paused now. */
export function stillPaused(target: Schedule, { raw, renamedFrom }: OnServer, places: Places): Schedule {
  if (renamedFrom !== undefined) return inRenaming(target, renamedFrom, places.note);
  const { pausedReason } = raw.schedule;
  return { ...target, paused: true, ...present({ pausedReason }) };
}

export function deletesOf(replaced: readonly OnServer[]): readonly Step[] {
  return replaced.map(({ raw }) => ({ kind: 'delete', old: raw.schedule.name }));
}

/** Without the reason that a server of this kind would not keep. */
function kept(schedule: Schedule, { pauseReason }: Places): Schedule {
  if (pauseReason !== 'dropped') return schedule;
  const { pausedReason: _reason, ...rest } = schedule;
  return rest;
}

function previousName(
  { raw }: OnServer,
  desired: DesiredSchedule,
  policy: Policy,
  now: number,
): PreviousName {
  const basis = basisOf(raw, hiddenBy(policy, desired), policy.digestKey, raw.tags);
  const reviewed = desired.days === undefined ? undefined : toldBasis(desired, raw, policy, now, raw.tags);
  return { name: raw.schedule.name, basis, ...present({ reviewed }) };
}

function pauseBefore({
  observed: { schedule, facts },
}: OnServer): Pick<Rename, 'facts' | 'pausedBefore' | 'pausedReasonBefore'> {
  const { paused, pausedReason } = schedule;
  return {
    facts,
    pausedBefore: paused,
    ...present({ pausedReasonBefore: pausedReason }),
  };
}
