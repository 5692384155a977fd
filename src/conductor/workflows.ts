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
  const data: JsonObject = isObject(schema?.data) ? schema.data : {};
  const declared = [...texts(inputParameters), ...defaults, ...keysOf(data.properties)];
  const isElsewhere = schema !== undefined && !isObject(schema.data);
  const takesAny = isElsewhere || data.additionalProperties === true || declared.length === 0;
  return {
    ...(takesAny ? {} : { declared: [...new Set(declared)] }),
    required: texts(data.required).filter((key) => !defaults.includes(key)),
  };
}

function runFrom(value: Json): WorkflowRun | undefined {
  if (!isObject(value) || typeof value.status !== 'string') return undefined;
  const { status, reasonForIncompletion: reason } = value;
  return { status, ...(typeof reason === 'string' && reason !== '' ? { reason } : {}) };
}

function keysOf(value: Json | undefined): readonly string[] {
  return isObject(value) ? Object.keys(value) : [];
}

function texts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
