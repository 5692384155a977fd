import { diff, fieldChange } from '../../compare/diff.ts';
import { patch } from '../../compare/patch.ts';
import { tagsWithout } from '../../compare/tags.ts';
import { type Change, horizonField, type Plan, type Step } from '../../model/plan.ts';
import { present } from '../../model/present.ts';
import type { FieldChange, ObservedSchedule } from '../../model/schedule.ts';
import { markerChange, tagChange } from '../field-changes.ts';
import { onServer, type Places } from '../on-server.ts';
import type { SavedChange, SavedPlan } from './saved-plan.ts';

/**
 * The plan that a file holds. Its steps and what they rest on are the file's; what is shown of them is what they would
 * make of the server as it is now, since the file has no value of the server in it. Secrets must be resolved before.
 */
export function planOfSaved(
  saved: SavedPlan,
  observed: readonly ObservedSchedule[],
  places: Pick<Places, 'marker'>,
): Plan {
  const { target, owner, selection, counts, guards, digest } = saved;
  const there = new Map(observed.map((one) => [one.schedule.name, one]));
  return {
    format: saved.format,
    target,
    ...present({ owner, selection }),
    changes: saved.changes.map((change) => revived(change, there, places)),
    counts,
    guards,
    digest,
    verdict: saved.changes.length > 0 ? 'ready' : 'nothing-to-do',
  };
}

function revived(
  change: SavedChange,
  there: ReadonlyMap<string, ObservedSchedule>,
  places: Pick<Places, 'marker'>,
): Change {
  const [first] = change.steps;
  const source = first?.kind === 'save' && first.mode === 'copy' ? first.from : change.name;
  const raw = there.get(source);
  const after = change.steps.reduce(carriedOut, raw);
  const { schedule, facts } = raw === undefined ? { facts: {} } : onServer(raw, places).observed;
  return {
    ...change,
    unknownPaths: [],
    fields: toldFields(fieldsBetween(raw, after, places), change),
    facts,
    pausedBefore: schedule?.paused ?? false,
    ...present({ pausedReasonBefore: schedule?.pausedReason }),
  } as Change;
}

/** What a step makes of a schedule; undefined = there is none. */
function carriedOut(raw: ObservedSchedule | undefined, step: Step): ObservedSchedule | undefined {
  if (step.kind === 'save' && step.mode === 'create')
    return { facts: {}, literal: {}, carried: {}, carriedInRequest: {}, ...raw, schedule: step.schedule };
  if (raw === undefined) return undefined;
  const { schedule, tags = [] } = raw;
  switch (step.kind) {
    case 'save':
      return { ...raw, schedule: patch(schedule, step.set, step.unset) };
    case 'pause': {
      const reason = step.reason === undefined ? {} : { pausedReason: step.reason };
      return { ...raw, schedule: { ...schedule, paused: true, ...reason } };
    }
    case 'resume': {
      const { pausedReason: _reason, ...rest } = schedule;
      return { ...raw, schedule: { ...rest, paused: false } };
    }
    case 'tag':
      return { ...raw, tags: step.tags };
    case 'untag':
      return { ...raw, tags: tagsWithout(tags, step.tags) };
    case 'delete':
      return step.old === undefined ? undefined : raw;
  }
}

/** Timers that were compiled from calendars are told by the date until which they hold. */
function toldFields(fields: readonly FieldChange[], { reviewed }: SavedChange): readonly FieldChange[] {
  if (reviewed === undefined || !fields.some(isTimer)) return fields;
  return [
    ...fields.filter((field) => !isTimer(field)),
    fieldChange([horizonField], undefined, reviewed.until),
  ];
}

function isTimer({ path }: FieldChange): boolean {
  return path[0] === 'cronExpression' || path[0] === 'zoneId' || path[0] === 'cronSchedules';
}

/** As a plan shows them: markers as what they mean. */
function fieldsBetween(
  before: ObservedSchedule | undefined,
  after: ObservedSchedule | undefined,
  places: Pick<Places, 'marker'>,
): readonly FieldChange[] {
  const [old, next] = [before && onServer(before, places), after && onServer(after, places)];
  return [
    ...diff(old?.observed.schedule ?? null, next?.observed.schedule ?? null),
    ...(after === undefined ? [] : tagChange(old?.observed.tags ?? [], next?.observed.tags ?? [])),
    ...(after === undefined ? [] : markerChange(old?.markers[0], next?.markers[0])),
  ];
}
