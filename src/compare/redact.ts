import { looksLikeCredential } from '../model/credential.ts';
import { isObject, type Json, type JsonObject, objectOf } from '../model/json.ts';
import type { Step } from '../model/plan.ts';
import type { FieldPath, Schedule } from '../model/schedule.ts';

/** What stands in a hash in place of a value that nobody may guess from it. */
const masked = '(masked)';

/**
 * A value without what is masked when it is shown: everything at or below the paths, and keys that look like
 * credentials. An array with a path into it is masked as a whole, since its items move.
 */
export function redact(value: Json, paths: readonly FieldPath[]): Json {
  if (paths.some((path) => path.length === 0)) return masked;
  if (Array.isArray(value)) {
    return paths.length > 0 ? masked : value.map((item: Json) => redact(item, []));
  }
  if (!isObject(value)) return value;
  return objectOf(
    Object.entries(value).map(([key, item]) => {
      if (looksLikeCredential(key)) return [key, masked];
      return [
        key,
        redact(
          item,
          paths.filter((path) => path[0] === key).map((path) => path.slice(1)),
        ),
      ];
    }),
  );
}

/** A schedule as it may enter a hash. */
export function redactSchedule(schedule: Schedule, paths: readonly FieldPath[]): JsonObject {
  return redact(schedule, paths) as JsonObject;
}

/** A step as it may enter a hash: that a masked value is set, not to what. */
export function redactStep(step: Step, paths: readonly FieldPath[]): Json {
  if (step.kind === 'pause' && step.reason !== undefined)
    return { kind: 'pause', reason: redact(step.reason, below(paths, ['pausedReason'])) };
  if (step.kind === 'tag' || step.kind === 'untag')
    return { kind: step.kind, tags: redact(step.tags, below(paths, ['tags'])) };
  if (step.kind !== 'save') return step;
  if (step.mode === 'create')
    return { kind: 'save', mode: 'create', schedule: redactSchedule(step.schedule, paths) };
  return {
    kind: 'save',
    mode: step.mode,
    ...(step.mode === 'copy' ? { from: step.from } : {}),
    set: step.set.map(({ path, value }) => ({
      path: [...path],
      value: path.some(looksLikeCredential) ? masked : redact(value, below(paths, path)),
    })),
    unset: step.unset.map((path) => [...path]),
  };
}

/** What is left of the paths below a place; the empty path when the place is at or below one. */
function below(paths: readonly FieldPath[], at: FieldPath): readonly FieldPath[] {
  return paths.flatMap((path) => {
    const shared = Math.min(path.length, at.length);
    return path.slice(0, shared).every((key, index) => key === at[index]) ? [path.slice(shared)] : [];
  });
}
