import { serverFields, serverRequestField } from '../../model/normal.ts';
import { pathText } from '../../model/schedule.ts';
import type { Diagnostic } from '../../problems/diagnostic.ts';
import { validateSchedule } from './generated/validate-schedule.js';
import type { RawManifest } from './parse-file.ts';
import { type Form, schemaProblems } from './schema-problems.ts';

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
export function validate({ value, origin }: RawManifest): readonly Diagnostic[] {
  if (validateSchedule(value)) return [];
  const found = schemaProblems(validateSchedule.errors ?? [], origin, form);
  const meant = meantFields(found);
  return found.filter(
    ({ code, args }) => code !== 'missing-key' || !meant.has(pathText([...args.parent, args.key])),
  );
}

/** The fields that misspelt keys stand for, as path texts: they are not missing as well. */
export function meantFields(diagnostics: readonly Diagnostic[]): ReadonlySet<string> {
  return new Set(
    diagnostics.flatMap(({ code, args }) =>
      code === 'unknown-key' && args.nearest !== undefined ? [pathText([...args.parent, args.nearest])] : [],
    ),
  );
}
