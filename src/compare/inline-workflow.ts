import { isNumber, isObject, type Json, objectOf } from '../model/json.ts';
import { type NumberEquality, numberKey } from '../model/number.ts';
import { contains, inLettersOf, same } from './same.ts';

/** What of a workflow definition is a map of anything: a server keeps the kind of each number there. */
const freeMaps: ReadonlySet<string> = new Set([
  ...['inputParameters', 'inputTemplate', 'outputParameters', 'variables', 'metadata', 'payload', 'data'],
  'priority',
]);

/**
 * Whether everything written in an inline workflow is in the stored one. Its other fields have types of their own on a
 * server, such as whole seconds: there 60.0 is kept as 60, so numbers are compared by value.
 */
export function containsDefinition(stored: Json, written: Json, numbers: NumberEquality): boolean {
  if (isObject(written)) {
    if (!isObject(stored)) return false;
    return Object.keys(written).every((key) => {
      if (!Object.hasOwn(stored, key)) return false;
      const [theirs, ours] = [stored[key] as Json, written[key] as Json];
      return freeMaps.has(key) && isObject(ours)
        ? contains(theirs, ours, numbers)
        : containsDefinition(theirs, ours, numbers);
    });
  }
  if (Array.isArray(written))
    return (
      Array.isArray(stored) &&
      stored.length === written.length &&
      written.every((item: Json, index) => containsDefinition(stored[index] as Json, item, numbers))
    );
  return same(stored, written, 'value');
}

/** The written definition with what is the same in the stored one in the letters that it has there. */
export function definitionInLettersOf(
  stored: Json | undefined,
  written: Json,
  numbers: NumberEquality,
): Json {
  if (isNumber(written))
    return isNumber(stored) && numberKey(written, 'value') === numberKey(stored, 'value') ? stored : written;
  if (Array.isArray(written))
    return written.map((item: Json, index) =>
      definitionInLettersOf(
        Array.isArray(stored) ? (stored[index] as Json | undefined) : undefined,
        item,
        numbers,
      ),
    );
  if (!isObject(written) || !isObject(stored)) return written;
  return objectOf(
    Object.entries(written).map(([key, ours]) => {
      const theirs = Object.hasOwn(stored, key) ? stored[key] : undefined;
      return [
        key,
        freeMaps.has(key) && isObject(ours)
          ? inLettersOf(theirs, ours, numbers)
          : definitionInLettersOf(theirs, ours, numbers),
      ];
    }),
  );
}

/** What Conductor 3.32.1 fills in where a definition or a task leaves a field out; of one name in both, either. */
const defaults: { readonly [field: string]: readonly Json[] } = {
  createTime: [0],
  updateTime: [0],
  version: [1],
  schemaVersion: [2],
  tasks: [[]],
  inputParameters: [[], {}],
  outputParameters: [{}],
  variables: [{}],
  inputTemplate: [{}],
  metadata: [{}],
  maskedFields: [[]],
  restartable: [true],
  workflowStatusListenerEnabled: [false],
  timeoutPolicy: ['ALERT_ONLY'],
  timeoutSeconds: [0],
  enforceSchema: [true],
  type: ['SIMPLE'],
  decisionCases: [{}],
  defaultCase: [[]],
  forkTasks: [[]],
  startDelay: [0],
  joinOn: [[]],
  optional: [false],
  defaultExclusiveJoinTask: [[]],
  asyncComplete: [false],
  loopOver: [[]],
  onStateChange: [{}],
  permissive: [false],
};

/**
 * A stored definition without the defaults that the written one leaves out: a server fills them in again, so that they
 * do not change.
 */
export function withoutDefaults(stored: Json, written: Json | undefined): Json {
  if (Array.isArray(stored))
    return stored.map((item: Json, index) =>
      withoutDefaults(item, Array.isArray(written) ? (written[index] as Json | undefined) : undefined),
    );
  if (!isObject(stored)) return stored;
  const left = (key: string): Json | undefined =>
    isObject(written) && Object.hasOwn(written, key) ? written[key] : undefined;
  return objectOf(
    Object.entries(stored).flatMap(([key, value]): readonly (readonly [string, Json])[] => {
      const ours = left(key);
      const isDefault =
        Object.hasOwn(defaults, key) && defaults[key]?.some((one) => same(one, value, 'value'));
      if (ours === undefined && isDefault) return [];
      return [[key, freeMaps.has(key) && isObject(value) ? value : withoutDefaults(value, ours)]];
    }),
  );
}
