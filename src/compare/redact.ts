import {
  below,
  belowPath,
  type Hiding,
  hides,
  isHidden,
  type Sight,
  sightOf,
} from '../model/hiding/hiding.ts';
import { isObject, type Json, type JsonObject, objectOf } from '../model/json.ts';
import type { Step } from '../model/plan.ts';
import type { FieldPath, Schedule } from '../model/schedule.ts';

/** What enters a hash instead of a value that must not be guessed from it. */
export type Seal = (value: Json, path: FieldPath) => Json;

/**
 * A value, which is at `path` of a schedule, with everything that is masked when it is shown sealed. An array with a
 * path into it is sealed as a whole, since its items move.
 */
export function redact(value: Json, sight: Sight, path: FieldPath, seal: Seal): Json {
  if (isHidden(sight)) return seal(value, path);
  if (Array.isArray(value)) {
    if (sight.hidden.length > 0) return seal(value, path);
    return value.map((item: Json, index) => redact(item, sight, [...path, String(index)], seal));
  }
  if (isObject(value))
    return objectOf(
      Object.entries(value).map(([key, item]) => [
        key,
        redact(item, below(sight, key), [...path, key], seal),
      ]),
    );
  return hides(sight, value) ? seal(value, path) : value;
}

/** A schedule as it may enter a hash. */
export function redactSchedule(schedule: Schedule, hiding: Hiding, seal: Seal): JsonObject {
  return redact(schedule, sightOf(hiding), [], seal) as JsonObject;
}

/** A step as it may enter a hash. */
export function redactStep(step: Step, hiding: Hiding, seal: Seal): Json {
  const at = (path: FieldPath, value: Json): Json =>
    redact(value, belowPath(sightOf(hiding), path), path, seal);
  if (step.kind === 'pause')
    return step.reason === undefined ? step : { kind: 'pause', reason: at(['pausedReason'], step.reason) };
  if (step.kind === 'tag' || step.kind === 'untag') return { kind: step.kind, tags: at(['tags'], step.tags) };
  if (step.kind !== 'save') return step;
  if (step.mode === 'create')
    return { kind: 'save', mode: 'create', schedule: redactSchedule(step.schedule, hiding, seal) };
  return {
    kind: 'save',
    mode: step.mode,
    ...(step.mode === 'copy' ? { from: step.from } : {}),
    set: step.set.map(({ path, value }) => ({ path: [...path], value: at(path, value) })),
    unset: step.unset.map((path) => [...path]),
  };
}
