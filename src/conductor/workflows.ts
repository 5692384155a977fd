import { isObject, type Json, type JsonObject } from '../model/json.ts';
import {
  succeed,
  type WorkflowInputs,
  type WorkflowReader,
  type WorkflowRun,
  type WorkflowVersions,
} from '../model/port.ts';
import { read, type Session } from './perform.ts';

/** The reading door to workflow definitions. */
export function workflowReader(session: Session): WorkflowReader {
  const { perform } = session;
  return {
    versions: async () => {
      const got = await perform('workflow names');
      return got.ok ? read(session, got.value, versionsFrom, 'a list of workflows by name') : got;
    },
    inputs: async (name, version) => {
      const got = await perform('workflow get', { workflow: name, query: { version } });
      if (!got.ok) return got.failure.kind === 'missing' ? succeed(null) : got;
      return read(session, got.value, workflowInputs, 'the definition of a workflow');
    },
    run: async (id) => {
      const got = await perform('workflow run', { workflow: id, query: { includeTasks: 'false' } });
      if (!got.ok) return got.failure.kind === 'missing' ? succeed(null) : got;
      return read(session, got.value, runFrom, 'a workflow');
    },
  };
}

/** `{"name": [{"name", "version", …}, …]}` (live on OSS 3.32.1). */
function versionsFrom(value: Json): WorkflowVersions | undefined {
  if (!isObject(value)) return undefined;
  const versions = new Map<string, readonly number[]>();
  for (const [name, entries] of Object.entries(value)) {
    if (!Array.isArray(entries)) return undefined;
    const numbers = entries.flatMap((entry: Json) =>
      isObject(entry) && typeof entry.version === 'number' ? [entry.version] : [],
    );
    versions.set(
      name,
      numbers.sort((a, b) => a - b),
    );
  }
  return versions;
}

/**
 * What a definition says of the input: `inputParameters` lists keys, `inputTemplate` has defaults, and `inputSchema.data`
 * is a JSON Schema unless the schema is only named (OSS v3.32.1 WorkflowDef, SchemaDef).
 */
export function workflowInputs(value: Json): WorkflowInputs | undefined {
  if (!isObject(value) || typeof value.name !== 'string') return undefined;
  const { inputParameters, inputTemplate, inputSchema } = value;
  const defaults = keysOf(inputTemplate);
  const schema = isObject(inputSchema) ? inputSchema : undefined;
  const data = isObject(schema?.data) ? schemaKeys(schema.data, schema.data, new Map()) : noKeys;
  const declared = [...texts(inputParameters), ...defaults, ...data.named];
  const isElsewhere = schema !== undefined && !isObject(schema.data);
  const takesAny = isElsewhere || data.takesOthers || declared.length === 0;
  return {
    ...(takesAny ? {} : { declared: [...new Set(declared)] }),
    required: [...new Set(data.required)].filter((key) => !defaults.includes(key)),
  };
}

/** What a JSON Schema says of the keys of an object. */
type SchemaKeys = {
  readonly named: readonly string[];
  readonly required: readonly string[];
  /** It says something of keys that it does not name, or what it says is not known. */
  readonly takesOthers: boolean;
};

const noKeys: SchemaKeys = { named: [], required: [], takesOthers: false };
const open: SchemaKeys = { ...noKeys, takesOthers: true };

/** `known`: what was found so far, so that a part that many refer to is looked at once. */
function schemaKeys(
  schema: Json | undefined,
  top: JsonObject,
  known: Map<JsonObject, SchemaKeys>,
): SchemaKeys {
  if (!isObject(schema)) return schema === true ? open : noKeys;
  const found = known.get(schema);
  if (found !== undefined) return found;
  // What leads back to itself adds nothing.
  known.set(schema, noKeys);
  const own = keysOfSchema(schema, top, (one) => schemaKeys(one, top, known));
  known.set(schema, own);
  return own;
}

function keysOfSchema(
  schema: JsonObject,
  top: JsonObject,
  below: (one: Json | undefined) => SchemaKeys,
): SchemaKeys {
  const all = [...listOf(schema.allOf).map(below), ...referred(schema, top).map(below)];
  const choices = [schema.anyOf, schema.oneOf].map((one) => listOf(one).map(below));
  const maybe = [
    ...choices.flat(),
    ...[schema.if, schema.then, schema.else].map(below),
    ...[schema.dependentSchemas, schema.dependencies].flatMap((one) => valuesOf(one).map(below)),
  ];
  const others = [schema.additionalProperties, schema.unevaluatedProperties];
  return {
    named: [...keysOf(schema.properties), ...[...all, ...maybe].flatMap(({ named }) => named)],
    required: [
      ...texts(schema.required),
      ...all.flatMap(({ required }) => required),
      ...choices.flatMap(inEvery),
    ],
    takesOthers:
      others.some((one) => one === true || isObject(one)) ||
      keysOf(schema.patternProperties).length > 0 ||
      [...all, ...maybe].some(({ takesOthers }) => takesOthers),
  };
}

/** What every choice requires is required. */
function inEvery(choices: readonly SchemaKeys[]): readonly string[] {
  const [first, ...rest] = choices;
  return (first?.required ?? []).filter((key) => rest.every(({ required }) => required.includes(key)));
}

/** What `$ref` leads to in the same schema; `true`, which says nothing, for what is elsewhere. */
function referred({ $ref }: JsonObject, top: JsonObject): readonly Json[] {
  if (typeof $ref !== 'string') return [];
  if ($ref !== '#' && !$ref.startsWith('#/')) return [true];
  let at: Json | undefined = top;
  for (const part of $ref.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return [at ?? true];
}

function runFrom(value: Json): WorkflowRun | undefined {
  if (!isObject(value) || typeof value.status !== 'string') return undefined;
  const { status, reasonForIncompletion: reason } = value;
  return { status, ...(typeof reason === 'string' && reason !== '' ? { reason } : {}) };
}

function keysOf(value: Json | undefined): readonly string[] {
  return isObject(value) ? Object.keys(value) : [];
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function valuesOf(value: Json | undefined): readonly Json[] {
  return isObject(value) ? Object.values(value) : [];
}

function texts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
