import { isNumber, isObject, type Json, type JsonObject, keysOfPointer, setField } from '../../model/json.ts';
import { doubleOf, JsonNumber } from '../../model/number.ts';
import { present } from '../../model/present.ts';
import { type FieldPath, type Origin, pathText } from '../../model/schedule.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import { quoted } from '../../problems/quote.ts';
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
  { value, origin }: { readonly value: JsonObject; readonly origin: Origin },
  form: Form,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const told = new Set<string>();
  /** Keys without a value, whose fields came unindented after them: nothing else is said of those. */
  const opened = new Set<string>();
  for (const error of errors) {
    const path = keysOfPointer(error.instancePath);
    const { additionalProperty, missingProperty } = error.params;
    if (additionalProperty !== undefined) {
      const wrong = wrongKey(additionalProperty, path, error.parentSchema, { value, origin }, form);
      if (wrong.code === 'unindented-key') opened.add(pathText([...path, wrong.args.above]));
      found.push(wrong);
    } else if (missingProperty !== undefined) found.push(missingKey(missingProperty, path, origin, path));
    // One field may fail several keywords: the first, its type, says it best.
    else if (!told.has(error.instancePath)) {
      told.add(error.instancePath);
      found.push(...wrongValue(error, leafAt(value, path) ?? error.data, path, origin, form));
    }
  }
  return found.filter(
    ({ code, place }) =>
      !(
        (code === 'missing-key' || code === 'wrong-type') &&
        place.kind === 'field' &&
        opened.has(pathText(place.path))
      ),
  );
}

/**
 * The key that an unknown one was meant for: it has no value, takes a mapping, and only unknown keys or none are
 * between the two.
 */
function keyAbove(
  key: string,
  mapping: Json | undefined,
  { properties = {} }: SchemaPart,
): string | undefined {
  if (!isObject(mapping)) return undefined;
  const keys = Object.keys(mapping);
  const above = keys.slice(0, keys.indexOf(key)).findLast((one) => Object.hasOwn(properties, one));
  if (above === undefined || mapping[above] !== null) return undefined;
  const { type, $ref } = properties[above] as { readonly type?: SchemaPart['type']; readonly $ref?: string };
  return $ref !== undefined || [type].flat().includes('object') ? above : undefined;
}

const stateWords: { readonly [key: string]: 'active' | 'paused' } = {
  ...{ enabled: 'active', active: 'active' },
  ...{ disabled: 'paused', inactive: 'paused' },
};

/** What `enabled: true` and the like say of a schedule. */
function stateOf(key: string, value: Json | undefined, properties: object): 'active' | 'paused' | undefined {
  const state = stateWords[key.toLowerCase()];
  if (state === undefined || typeof value !== 'boolean' || !('paused' in properties)) return undefined;
  return value === (state === 'active') ? 'active' : 'paused';
}

function wrongKey(
  key: string,
  parent: FieldPath,
  schema: SchemaPart,
  { value, origin }: { readonly value: JsonObject; readonly origin: Origin },
  form: Form,
): Diagnostic {
  const place = { kind: 'field', origin, path: [...parent, key], at: 'key' } as const;
  const better = form.wrongKey?.(key, parent);
  if (better !== undefined) return { ...better, severity: 'error', place } as Diagnostic;
  const properties = schema.properties ?? {};
  const state = stateOf(key, leafAt(value, [...parent, key]), properties);
  const nearest = nearestKey(key, Object.keys(properties));
  const above = keyAbove(key, leafAt(value, parent), schema);
  const isBelow = state === undefined && (nearest === undefined || nearest.startsWith(`${above}.`));
  if (above !== undefined && isBelow) return problem('unindented-key', { key, above, parent }, place);
  return problem('unknown-key', { key, parent, ...present({ nearest, state }) }, place);
}

function missingKey(key: string, parent: FieldPath, origin: Origin, path: FieldPath): Diagnostic {
  return problem('missing-key', { key, parent }, { kind: 'field', origin, path, at: 'value' });
}

function wrongValue(
  { keyword, parentSchema }: SchemaError,
  data: Json,
  path: FieldPath,
  origin: Origin,
  form: Form,
): readonly Diagnostic[] {
  const place = { kind: 'field', origin, path, at: 'value' } as const;
  const key = path.at(-1) ?? '';
  if (isLeftOut(data) && form.isRequired(path.map((part) => (/^\d+$/.test(part) ? '*' : part)).join('.')))
    return [missingKey(key, path.slice(0, -1), origin, path)];
  if (keyword === 'pattern' && form.hasPatternRule?.(key)) return [];
  const args = { field: path, expected: expectation(parentSchema), found: foundText(data) };
  // A type that is only there for "" and [] is not a type of the field.
  if (!['type', 'maxLength', 'maxItems'].includes(keyword)) return [problem('wrong-value', args, place)];
  const rewrite = rewritten(data, typesOf(parentSchema), parentSchema.pattern);
  return [problem('wrong-type', { ...args, ...present({ rewrite }) }, place)];
}

/** What a field without a schema of its own takes. */
export type Expected = {
  readonly type: JsonType;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
};

/** The same problem for a field that no schema looks into. */
export function mistyped(data: Json, expected: Expected, path: FieldPath, origin: Origin): Diagnostic {
  const { type, minimum, maximum } = expected;
  const rewrite = rewritten(data, [type], undefined);
  const args = {
    field: path,
    expected: `${typeWords[type]}${rangeText(minimum, maximum)}`,
    found: foundText(data),
    ...present({ rewrite }),
  };
  return problem('wrong-type', args, { kind: 'field', origin, path, at: 'value' });
}

/** In words, what the schema takes. */
export function expectation(schema: SchemaPart): string {
  if (schema.title !== undefined) return schema.title;
  if (schema.enum) return `one of ${schema.enum.filter((item) => !isLeftOut(item)).join(', ')}`;
  const { minimum, maximum } = schema;
  return typesOf(schema)
    .map((type) => `${typeWords[type]}${mayBeEmpty(type, schema) ? '' : ' that is not empty'}`)
    .join(' or ')
    .concat(rangeText(minimum, maximum));
}

function rangeText(minimum?: number | bigint, maximum?: number | bigint): string {
  if (minimum === undefined) return '';
  return maximum === undefined ? ` from ${minimum}` : ` from ${minimum} to ${maximum}`;
}

function mayBeEmpty(type: JsonType, { minLength, minItems, minProperties }: SchemaPart): boolean {
  if (type === 'string') return minLength !== 1;
  if (type === 'array') return minItems !== 1;
  return type !== 'object' || minProperties !== 1;
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
  if (typeof value === 'string') return value === '' ? 'an empty text' : `the text ${quoted(value)}`;
  if (typeof value === 'boolean') return String(value);
  if (isNumber(value)) return `the number ${clip(sourceOf(value))}`;
  if (isObject(value)) return Object.keys(value).length === 0 ? 'an empty mapping' : 'a mapping';
  return value.length === 0 ? 'an empty list' : 'a list';
}

/** The value as the manifest should have it, where only quotes are too few or too many. */
function rewritten(value: Json, types: readonly JsonType[], pattern: string | undefined): string | undefined {
  if (types.includes('string') && isNumber(value)) {
    const text = sourceOf(value);
    // In quotes `every: 5` would be wrong as well.
    return pattern === undefined || new RegExp(pattern, 'u').test(text) ? `"${text}"` : undefined;
  }
  if (types.includes('string') && typeof value === 'boolean') return `"${value}"`;
  if (types.includes('boolean') && (value === 'true' || value === 'false')) return value;
  if (types.includes('integer') && typeof value === 'string' && /^\d{1,15}$/.test(value)) return value;
  return undefined;
}

/** A number as it is in its file. */
function sourceOf(value: number | bigint | JsonNumber): string {
  return value instanceof JsonNumber ? value.source : String(value);
}

/** A value as a generated validator takes it: numbers of any form as doubles, which tell wholes from fractions. */
export function plainNumbers(value: Json): Json {
  // A copy costs more than the look, and hardly any value needs one.
  return hasLettered(value) ? withDoubles(value) : value;
}

function withDoubles(value: Json): Json {
  if (isNumber(value)) return doubleOf(value);
  if (Array.isArray(value)) return value.map(withDoubles);
  if (!isObject(value)) return value;
  const plain: { [key: string]: Json } = {};
  for (const [key, item] of Object.entries(value)) setField(plain, key, withDoubles(item));
  return plain;
}

/** Whether any number in it is none of JavaScript's. */
export function hasLettered(value: Json | undefined): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint';
  if (Array.isArray(value)) return value.some(hasLettered);
  if (!isObject(value)) return true;
  for (const key in value) if (hasLettered(value[key])) return true;
  return false;
}

function leafAt(value: Json, path: FieldPath): Json | undefined {
  return path.reduce<Json | undefined>((at, key) => {
    if (Array.isArray(at)) return at[Number(key)];
    return isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }, value);
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
