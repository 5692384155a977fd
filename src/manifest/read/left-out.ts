import { isObject, type Json, type JsonObject, objectOf } from '../../model/json.ts';

/**
 * True for what counts as left out in the API's fields: bodies that people paste from documentation and answers
 * have `""`, null and [] where nothing is meant.
 */
export function isLeftOut(value: Json | undefined): boolean {
  return (
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

/** The manifest without the fields that count as left out. What is the user's own (input, tags' values …) stays. */
export function withoutLeftOut(manifest: JsonObject): JsonObject {
  const { startWorkflowRequest, cronSchedules, lifecycle } = manifest;
  // A copy costs more than the look, and hardly any manifest needs one.
  if (
    !holdsLeftOut(manifest) &&
    !(isObject(startWorkflowRequest) && holdsLeftOut(startWorkflowRequest)) &&
    !(isObject(lifecycle) && holdsLeftOut(lifecycle)) &&
    cronSchedules === undefined
  )
    return manifest;
  return {
    ...written(manifest),
    ...(isObject(startWorkflowRequest) ? { startWorkflowRequest: written(startWorkflowRequest) } : {}),
    ...(isObject(lifecycle) ? { lifecycle: written(lifecycle) } : {}),
    ...(Array.isArray(cronSchedules) && cronSchedules.length > 0
      ? { cronSchedules: cronSchedules.map((entry: Json) => (isObject(entry) ? written(entry) : entry)) }
      : {}),
  };
}

function holdsLeftOut(fields: JsonObject): boolean {
  for (const key of Object.keys(fields)) if (isLeftOut(fields[key])) return true;
  return false;
}

function written(fields: JsonObject): JsonObject {
  return objectOf(Object.entries(fields).filter(([, value]) => !isLeftOut(value)));
}
