import { isNumber, isObject, type Json, type JsonObject, objectOf } from '../model/json.ts';
import { doubleOf, isWhole, wholeNumber } from '../model/number.ts';
import { completeDefinition } from './definition.ts';
import { asJavaKeeps } from './java-numbers.ts';

/**
 * A save's body as the server's JSON reader takes it (OSS v3.32.1 WorkflowSchedule, Jackson): known fields with
 * values coerced to their types, the rest dropped. `answer` is what the save itself answers; `stored` is what every
 * later read answers. They differ where the body had an explicit null for a field that has a default.
 */
export type ReadSave =
  | { readonly ok: true; readonly answer: JsonObject; readonly stored: JsonObject }
  | { readonly ok: false; readonly why: string };

type Coerced = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly why: string };
type Coercion = (value: Json) => Coerced;

interface Field {
  readonly name: string;
  readonly as: Coercion;
  /** What a missing field becomes; a null becomes it too when the stored text is read again. */
  readonly fallback?: Json;
  /** A Java primitive: null is the fallback at once. */
  readonly primitive?: true;
}

/** Reads the body of a save. `keepsCronSchedules` is false for servers whose schedule has no such field. */
export function readSave(body: Json, keepsCronSchedules: boolean): ReadSave {
  if (!isObject(body)) return { ok: false, why: 'the body is not an object' };
  const fields = keepsCronSchedules ? [...scheduleFields, cronSchedulesField] : scheduleFields;
  const read = readFields(body, fields);
  return read.ok
    ? {
        ok: true,
        answer: filled(read.value, fields, 'missing'),
        stored: filled(read.value, fields, 'missing and null'),
      }
    : read;
}

type ReadFields =
  | { readonly ok: true; readonly value: JsonObject }
  | { readonly ok: false; readonly why: string };

function readFields(object: JsonObject, fields: readonly Field[]): ReadFields {
  const entries: [string, Json][] = [];
  for (const { name, as, fallback, primitive } of fields) {
    const value = object[name];
    if (value === undefined) continue;
    if (value === null) {
      entries.push([name, primitive ? (fallback ?? null) : null]);
      continue;
    }
    const coerced = as(value);
    if (!coerced.ok) return { ok: false, why: `${name}: ${coerced.why}` };
    entries.push([name, coerced.value]);
  }
  return { ok: true, value: objectOf(entries) };
}

type Filling = 'missing' | 'missing and null';

function filled(read: JsonObject, fields: readonly Field[], filling: Filling): JsonObject {
  return withoutNulls(
    objectOf(
      fields.map(({ name, fallback = null }): [string, Json] => {
        const value = read[name];
        if (value === undefined) return [name, fallback];
        if (value === null) return [name, filling === 'missing and null' ? fallback : null];
        return [name, fillInside(name, value, filling)];
      }),
    ),
  );
}

function fillInside(name: string, value: Json, filling: Filling): Json {
  if (name === 'startWorkflowRequest' && isObject(value)) return filled(value, requestFields, filling);
  if (name === 'cronSchedules' && Array.isArray(value))
    return value.map((entry) => (isObject(entry) ? filled(entry, entryFields, filling) : entry));
  return value;
}

function withoutNulls(object: JsonObject): JsonObject {
  return objectOf(Object.entries(object).filter(([, value]) => value !== null));
}

function taken(value: Json): Coerced {
  return { ok: true, value };
}

function refused(why: string): Coerced {
  return { ok: false, why };
}

/** Any scalar becomes text. */
const text: Coercion = (value) =>
  Array.isArray(value) || isObject(value)
    ? refused('not a text')
    : taken(typeof value === 'string' ? value : String(value));

/** `"true"`, `"True"`, `"TRUE"` and every whole number but 0 are true, `""` is false. */
const truth: Coercion = (value) => {
  if (typeof value === 'boolean') return taken(value);
  if (isNumber(value))
    return isWhole(value) ? taken(doubleOf(value) !== 0) : refused('a fraction is not a boolean');
  if (typeof value !== 'string') return refused('not a boolean');
  const word = value.trim();
  if (word === '' || /^(?:false|False|FALSE)$/.test(word)) return taken(false);
  return /^(?:true|True|TRUE)$/.test(word) ? taken(true) : refused(`"${value}" is not a boolean`);
};

/** Fractions are cut towards zero, digits in quotes are read, `""` is null. */
function integer(bits: 32 | 64): Coercion {
  return (value) => {
    if (typeof value === 'string') {
      const digits = value.trim();
      if (digits === '') return taken(null);
      return /^[+-]?\d+$/.test(digits) ? within(BigInt(digits), bits) : refused(`"${value}" is not a number`);
    }
    if (!isNumber(value)) return refused('not a number');
    return within(typeof value === 'bigint' ? value : BigInt(Math.trunc(doubleOf(value))), bits);
  };
}

function within(value: bigint, bits: 32 | 64): Coerced {
  return BigInt.asIntN(bits, value) === value
    ? taken(wholeNumber(value))
    : refused(`${value} does not fit into ${bits} bits`);
}

const strategies = ['FAIL', 'RETURN_EXISTING', 'FAIL_ON_RUNNING'];

/** The exact word, or its position as a number or as digits. */
const strategy: Coercion = (value) => {
  const said = typeof value === 'string' ? value.trim() : value;
  const position = typeof said === 'number' ? said : /^\d+$/.test(String(said)) ? Number(said) : -1;
  const word = strategies[position] ?? said;
  return typeof word === 'string' && strategies.includes(word)
    ? taken(word)
    : refused(`not one of ${strategies.join(', ')}`);
};

const map: Coercion = (value) => (isObject(value) ? taken(asJavaKeeps(value)) : refused('not an object'));

const textMap: Coercion = (value) => {
  if (!isObject(value)) return refused('not an object');
  const entries: [string, Json][] = [];
  for (const [key, item] of Object.entries(value)) {
    const coerced = item === null ? taken(null) : text(item);
    if (!coerced.ok) return coerced;
    entries.push([key, coerced.value]);
  }
  return taken(objectOf(entries));
};

const definition: Coercion = (value) =>
  isObject(value) ? taken(asJavaKeeps(completeDefinition(value))) : refused('not an object');

const entryFields: readonly Field[] = [
  { name: 'cronExpression', as: text },
  { name: 'zoneId', as: text, fallback: 'UTC' },
];

/** An entry may be null here; what that does to the schedule is in `store.ts`. */
const entryList: Coercion = (value) => {
  if (!Array.isArray(value)) return refused('not a list');
  const entries: Json[] = [];
  for (const item of value) {
    if (item === null) {
      entries.push(null);
      continue;
    }
    if (!isObject(item)) return refused('an entry is not an object');
    const read = readFields(item, entryFields);
    if (!read.ok) return read;
    entries.push(read.value);
  }
  return taken(entries);
};

const requestFields: readonly Field[] = [
  { name: 'name', as: text },
  { name: 'version', as: integer(32) },
  { name: 'correlationId', as: text },
  { name: 'input', as: map, fallback: {} },
  { name: 'taskToDomain', as: textMap, fallback: {} },
  { name: 'workflowDef', as: definition },
  { name: 'externalInputPayloadStoragePath', as: text },
  { name: 'priority', as: integer(32), fallback: 0 },
  { name: 'createdBy', as: text },
  { name: 'idempotencyKey', as: text },
  { name: 'idempotencyStrategy', as: strategy },
];

const startRequest: Coercion = (value) => {
  if (!isObject(value)) return refused('not an object');
  return readFields(value, requestFields);
};

const cronSchedulesField: Field = { name: 'cronSchedules', as: entryList, fallback: [], primitive: true };

const scheduleFields: readonly Field[] = [
  { name: 'name', as: text },
  { name: 'cronExpression', as: text },
  { name: 'runCatchupScheduleInstances', as: truth, fallback: false, primitive: true },
  { name: 'paused', as: truth, fallback: false, primitive: true },
  { name: 'pausedReason', as: text },
  { name: 'startWorkflowRequest', as: startRequest },
  { name: 'zoneId', as: text, fallback: 'UTC' },
  { name: 'scheduleStartTime', as: integer(64) },
  { name: 'scheduleEndTime', as: integer(64) },
  { name: 'createTime', as: integer(64) },
  { name: 'updatedTime', as: integer(64) },
  { name: 'createdBy', as: text },
  { name: 'updatedBy', as: text },
  { name: 'description', as: text },
  { name: 'nextRunTime', as: integer(64) },
];
