import { type Diagnostic, problem } from '../model/diagnostic.ts';
import { isObject, type Json } from '../model/json.ts';
import { serverFields } from '../model/normal.ts';
import { type FieldPath, type Origin, pathText } from '../model/schedule.ts';
import { validateSchedule } from './generated/validate-schedule.js';
import { isLeftOut } from './left-out.ts';
import { nearestKey } from './nearest.ts';
import type { RawManifest } from './parse.ts';
import type { JsonType, SchemaError, SchemaPart } from './schema-error.ts';

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

const typeWords: { readonly [T in JsonType]: string } = {
  object: 'a mapping',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'nothing',
};

/** What a manifest's form gets wrong, by the schema: one problem per field, and one per wrong key. */
export function validate({ value, origin }: RawManifest): readonly Diagnostic[] {
  if (validateSchedule(value)) return [];
  const found: Diagnostic[] = [];
  const told = new Set<string>();
  for (const error of validateSchedule.errors ?? []) {
    const path = segments(error.instancePath);
    const { additionalProperty, missingProperty } = error.params;
    if (additionalProperty !== undefined)
      found.push(wrongKey(additionalProperty, path, error.parentSchema, origin));
    else if (missingProperty !== undefined) found.push(missingKey(missingProperty, path, origin, path));
    // One field may fail several keywords: the first, its type, says it best.
    else if (!told.has(error.instancePath)) {
      told.add(error.instancePath);
      found.push(...wrongValue(error, path, origin));
    }
  }
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

function wrongKey(key: string, parent: FieldPath, schema: SchemaPart, origin: Origin): Diagnostic {
  const place = { kind: 'field', origin, path: [...parent, key], at: 'key' } as const;
  const isServers =
    (parent.length === 0 && serverFields.includes(key)) ||
    (parent.join('.') === 'startWorkflowRequest' && key === 'createdBy');
  if (isServers) return problem('server-field', { key }, place);
  const nearest = nearestKey(key, Object.keys(schema.properties ?? {}));
  return problem('unknown-key', { key, parent, ...(nearest === undefined ? {} : { nearest }) }, place);
}

function missingKey(key: string, parent: FieldPath, origin: Origin, path: FieldPath): Diagnostic {
  return problem('missing-key', { key, parent }, { kind: 'field', origin, path, at: 'value' });
}

function wrongValue(error: SchemaError, path: FieldPath, origin: Origin): readonly Diagnostic[] {
  const { keyword, data, parentSchema } = error;
  const place = { kind: 'field', origin, path, at: 'value' } as const;
  const key = path.at(-1) ?? '';
  if (isLeftOut(data) && requiredFields.has(path.map((part) => (/^\d+$/.test(part) ? '*' : part)).join('.')))
    return [missingKey(key, path.slice(0, -1), origin, path)];
  // The rule about times says what is wrong with such a text.
  if (keyword === 'pattern' && timeFields.includes(key)) return [];
  const args = { field: path, expected: expectation(parentSchema), found: foundText(data) };
  // A type that is only there for "" and [] is no type of the field.
  if (!['type', 'maxLength', 'maxItems'].includes(keyword)) return [problem('wrong-value', args, place)];
  const rewrite = rewritten(data, typesOf(parentSchema));
  return [problem('wrong-type', { ...args, ...(rewrite === undefined ? {} : { rewrite }) }, place)];
}

/** In words, what the schema takes. */
function expectation(schema: SchemaPart): string {
  if (schema.title !== undefined) return schema.title;
  if (schema.enum) return `one of ${schema.enum.filter((item) => !isLeftOut(item)).join(', ')}`;
  const { minimum, maximum } = schema;
  const range =
    minimum === undefined
      ? ''
      : maximum === undefined
        ? ` from ${minimum}`
        : ` from ${minimum} to ${maximum}`;
  return typesOf(schema)
    .map((type) =>
      type === 'string' && schema.minLength === 1 ? 'a text that is not empty' : typeWords[type],
    )
    .join(' or ')
    .concat(range);
}

/** The types that mean something: the ways to leave a field out are not worth a word. */
function typesOf({ type = [], maxLength, maxItems }: SchemaPart): readonly JsonType[] {
  const types = typeof type === 'string' ? [type] : type;
  return types.filter(
    (name) =>
      name !== 'null' &&
      !(name === 'string' && (maxLength === 0 || types.includes('integer'))) &&
      !(name === 'array' && maxItems === 0),
  );
}

function foundText(value: Json): string {
  if (value === null) return 'nothing';
  if (typeof value === 'string')
    return value === '' ? 'an empty text' : `the text ${JSON.stringify(clip(value))}`;
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'object') return `the number ${clip(String(value))}`;
  return isObject(value) ? 'a mapping' : value.length === 0 ? 'an empty list' : 'a list';
}

/** The value as the manifest should have it, where only quotes are too few or too many. */
function rewritten(value: Json, types: readonly JsonType[]): string | undefined {
  if (types.includes('string') && ['number', 'bigint', 'boolean'].includes(typeof value)) return `"${value}"`;
  if (types.includes('boolean') && (value === 'true' || value === 'false')) return value;
  if (types.includes('integer') && typeof value === 'string' && /^\d{1,15}$/.test(value)) return value;
  return undefined;
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function segments(pointer: string): FieldPath {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}
