import { isObject, type Json, type JsonObject, setField } from '../../model/json.ts';
import { serverFields, serverRequestField } from '../../model/normal.ts';
import { pathText } from '../../model/schedule.ts';
import type { Diagnostic } from '../../problems/diagnostic.ts';
import { validateSchedule } from './generated/validate-schedule.js';
import type { RawManifest } from './parse-file.ts';
import { type Form, hasLettered, plainNumbers, schemaProblems } from './schema-problems.ts';

const timeFields: readonly string[] = ['scheduleStartTime', 'scheduleEndTime'];

// As the schema's `required` says; a required field that is written as one of the empty values is missing too.
const requiredFields = new Set([
  'name',
  'startWorkflowRequest',
  'startWorkflowRequest.name',
  'cronSchedules.*.cronExpression',
  'tags.*.key',
  'tags.*.value',
]);

const freeFields: ReadonlySet<string> = new Set(['input', 'workflowDef']);

const form: Form = {
  isRequired: (path) => requiredFields.has(path),
  wrongKey(key, parent) {
    const isServers =
      (parent.length === 0 && serverFields.includes(key)) ||
      (parent.join('.') === 'startWorkflowRequest' && key === serverRequestField);
    return isServers ? { code: 'server-field', args: { key } } : undefined;
  },
  // The rule about times says what is wrong with such a text.
  hasPatternRule: (key) => timeFields.includes(key),
};

/** What a manifest's form gets wrong, by the schema: one problem per field, and one per wrong key. */
export function validate(manifest: RawManifest): readonly Diagnostic[] {
  // A copy costs more than the look, and hardly any manifest needs one.
  const { value } = manifest;
  if (validateSchedule(hasLettered(value) ? withPlainFields(value) : value)) return [];
  const found = schemaProblems(validateSchedule.errors ?? [], manifest, form);
  const meant = meantFields(found);
  return found.filter(
    ({ code, args }) => code !== 'missing-key' || !meant.has(pathText([...args.parent, args.key])),
  );
}

/** With numbers as the validator knows them; what it does not look into stays as it is. */
function withPlainFields(manifest: JsonObject): JsonObject {
  const plain: { [key: string]: Json } = {};
  for (const [key, value] of Object.entries(manifest))
    setField(
      plain,
      key,
      key === 'startWorkflowRequest' && isObject(value) ? withPlainRequest(value) : plainNumbers(value),
    );
  return plain;
}

function withPlainRequest(request: JsonObject): JsonObject {
  const plain: { [key: string]: Json } = {};
  for (const [key, value] of Object.entries(request))
    setField(plain, key, freeFields.has(key) && isObject(value) ? value : plainNumbers(value));
  return plain;
}

const noFields: ReadonlySet<string> = new Set();

/** The fields that misspelled keys stand for, as path texts: they are not missing as well. */
export function meantFields(diagnostics: readonly Diagnostic[]): ReadonlySet<string> {
  if (diagnostics.length === 0) return noFields;
  return new Set(
    diagnostics.flatMap(({ code, args }) =>
      code === 'unknown-key' && args.nearest !== undefined ? [pathText([...args.parent, args.nearest])] : [],
    ),
  );
}
