import { isObject, type Json, keysOfPointer } from '../../model/json.ts';
import type { FieldPath, Origin } from '../../model/schedule.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import { nearestKey } from '../nearest.ts';
import { isLeftOut } from './left-out.ts';
import type { JsonType, SchemaError, SchemaPart } from './schema-error.ts';

/** What one kind of document says of itself beyond its schema. */
export interface Form {
  /** True for a required field that is written as one of the values that count as left out. `*` = any array item. */
  isRequired(path: string): boolean;
  /** A better word for a key that the schema does not know. */
  wrongKey?(key: string, parent: FieldPath): Pick<Diagnostic, 'code' | 'args'> | undefined;
  /** True when another rule has the words for a text of the wrong form. */
  hasPatternRule?(key: string): boolean;
}

const typeWords: { readonly [T in JsonType]: string } = {
  object: 'a mapping',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'nothing',
};

/** What a schema found, in our words: one problem per field, and one per wrong key. */
export function schemaProblems(
  errors: readonly SchemaError[],
  origin: Origin,
  form: Form,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const told = new Set<string>();
  for (const error of errors) {
    const path = keysOfPointer(error.instancePath);
    const { additionalProperty, missingProperty } = error.params;
    if (additionalProperty !== undefined)
      found.push(wrongKey(additionalProperty, path, error.parentSchema, origin, form));
    else if (missingProperty !== undefined) found.push(missingKey(missingProperty, path, origin, path));
    // One field may fail several keywords: the first, its type, says it best.
    else if (!told.has(error.instancePath)) {
      told.add(error.instancePath);
      found.push(...wrongValue(error, path, origin, form));
    }
  }
  return found;
}

function wrongKey(
  key: string,
  parent: FieldPath,
  schema: SchemaPart,
  origin: Origin,
  form: Form,
): Diagnostic {
  const place = { kind: 'field', origin, path: [...parent, key], at: 'key' } as const;
  const better = form.wrongKey?.(key, parent);
  if (better !== undefined) return { ...better, severity: 'error', place } as Diagnostic;
  const nearest = nearestKey(key, Object.keys(schema.properties ?? {}));
  return problem('unknown-key', { key, parent, ...(nearest === undefined ? {} : { nearest }) }, place);
}

function missingKey(key: string, parent: FieldPath, origin: Origin, path: FieldPath): Diagnostic {
  return problem('missing-key', { key, parent }, { kind: 'field', origin, path, at: 'value' });
}

function wrongValue(error: SchemaError, path: FieldPath, origin: Origin, form: Form): readonly Diagnostic[] {
  const { keyword, data, parentSchema } = error;
  const place = { kind: 'field', origin, path, at: 'value' } as const;
  const key = path.at(-1) ?? '';
  if (isLeftOut(data) && form.isRequired(path.map((part) => (/^\d+$/.test(part) ? '*' : part)).join('.')))
    return [missingKey(key, path.slice(0, -1), origin, path)];
  if (keyword === 'pattern' && form.hasPatternRule?.(key)) return [];
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
