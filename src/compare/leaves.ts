import { isObject, type Json, objectOf } from '../model/json.ts';
import type { Step } from '../model/plan.ts';
import type { FieldPath, Schedule } from '../model/schedule.ts';

/** A step in which each text of the schedule is what `replace` makes of it. Paths lead from the schedule down, list items by their index as text. */
export function withTexts(step: Step, replace: (text: string, path: FieldPath) => string): Step {
  if (step.kind !== 'save') return step;
  if (step.mode === 'create') {
    const schedule = mapTexts(step.schedule, [], replace) as Schedule;
    return { ...step, schedule };
  }
  return {
    ...step,
    set: step.set.map(({ path, value }) => ({ path, value: mapTexts(value, path, replace) })),
  };
}

function mapTexts(value: Json, path: FieldPath, replace: (text: string, path: FieldPath) => string): Json {
  if (typeof value === 'string') return replace(value, path);
  if (Array.isArray(value))
    return value.map((item: Json, index) => mapTexts(item, [...path, String(index)], replace));
  if (!isObject(value)) return value;
  return objectOf(Object.entries(value).map(([key, item]) => [key, mapTexts(item, [...path, key], replace)]));
}

/** The value at a path that may lead through lists, `undefined` when there is none. */
export function leafAt(value: Json | undefined, path: FieldPath): Json | undefined {
  return path.reduce<Json | undefined>((at, key) => {
    if (Array.isArray(at)) return at[Number(key)];
    return isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }, value);
}
