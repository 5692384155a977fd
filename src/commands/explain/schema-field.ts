import { expectation } from '../../manifest/read/schema-problems.ts';
import { isObject, type Json, type JsonObject, writeJson } from '../../model/json.ts';
import { compareText } from '../../model/schedule.ts';

/** What a schema says of one field, in words. */
export type FieldFacts = {
  readonly path: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description?: string;
  readonly default?: string;
  /** As JSON, which is YAML as well. */
  readonly example?: string;
  /** What is below it; none for names that users choose. */
  readonly fields: readonly Pick<FieldFacts, 'path' | 'type' | 'isRequired'>[];
};

/** The field of a schema at a path; undefined when there is none. `#/$defs/NAME` of the root is where it begins. */
export function fieldAt(schema: JsonObject, root: string, path: readonly string[]): FieldFacts | undefined {
  let part: JsonObject | undefined = resolved(schema, { $ref: `#/$defs/${root}` });
  let isRequired = false;
  for (const [index, key] of path.entries()) {
    if (part === undefined) return undefined;
    const parent = withFields(schema, part);
    const own = fieldOfAny(schema, parent, key, index === path.length - 1) ?? ownField(parent, key);
    isRequired = Array.isArray(parent.required) && parent.required.includes(key);
    part = own === undefined ? undefined : resolved(schema, own);
  }
  if (part === undefined) return undefined;
  const { description } = part;
  const text = typeof description === 'string' ? description : undefined;
  const fallback = text === undefined ? undefined : /\b(?:Default:? |Left out: )([^.]+)\./.exec(text)?.[1];
  const [example] = Array.isArray(part.examples) ? (part.examples as readonly Json[]) : [];
  const inside = withFields(schema, part);
  const required = Array.isArray(inside.required) ? inside.required : [];
  return {
    path: path.join('.'),
    type: typeOf(part),
    isRequired,
    ...(text === undefined ? {} : { description: text }),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(example === undefined ? {} : { example: writeJson(example) }),
    fields: Object.entries(isObject(inside.properties) ? inside.properties : {})
      .filter(([key]) => key !== '$schema')
      .map(([key, value]) => ({
        path: [...path, key].join('.'),
        type: isObject(value) ? typeOf(resolved(schema, value)) : '',
        isRequired: required.includes(key),
      })),
  };
}

/** Every path of named fields that a schema has, for the nearest one. */
export function fieldPaths(schema: JsonObject, root: string): readonly string[] {
  const paths = new Set<string>();
  const visit = (path: readonly string[]): void => {
    for (const field of fieldAt(schema, root, path)?.fields ?? []) {
      if (paths.has(field.path) || path.length > 4) continue;
      paths.add(field.path);
      visit(field.path.split('.'));
    }
  };
  visit([]);
  return [...paths].sort(compareText);
}

/** A part with what it refers to, and of a choice between a value and a reference to a variable the value. */
function resolved(schema: JsonObject, part: JsonObject): JsonObject {
  const { $ref, anyOf, ...own } = part;
  const target = typeof $ref === 'string' ? definition(schema, $ref) : undefined;
  const [first] = Array.isArray(anyOf) ? (anyOf as readonly Json[]) : [];
  return {
    ...(target === undefined ? {} : resolved(schema, target)),
    ...(isObject(first) ? resolved(schema, first) : {}),
    ...own,
  };
}

function definition(schema: JsonObject, reference: string): JsonObject | undefined {
  const { $defs } = schema;
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  const found = isObject($defs) && Object.hasOwn($defs, name) ? $defs[name] : undefined;
  return isObject(found) ? found : undefined;
}

/** What holds the fields: the part itself, or the items of a list. */
function withFields(schema: JsonObject, part: JsonObject): JsonObject {
  if (isObject(part.properties) || !isObject(part.items)) return part;
  return resolved(schema, part.items);
}

/** `environments.names` is the field of every environment rather than an environment of that name. */
function fieldOfAny(
  schema: JsonObject,
  { properties, additionalProperties }: JsonObject,
  key: string,
  isLast: boolean,
): JsonObject | undefined {
  if (!isLast || isObject(properties) || !isObject(additionalProperties)) return undefined;
  const { properties: below } = withFields(schema, resolved(schema, additionalProperties));
  const field = isObject(below) && Object.hasOwn(below, key) ? below[key] : undefined;
  return isObject(field) ? field : undefined;
}

function ownField(
  { properties, additionalProperties, patternProperties }: JsonObject,
  key: string,
): JsonObject | undefined {
  const named = isObject(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined;
  if (isObject(named)) return named;
  const [[, byPattern] = []] = isObject(patternProperties) ? Object.entries(patternProperties) : [];
  if (isObject(byPattern)) return byPattern;
  return isObject(additionalProperties) ? additionalProperties : undefined;
}

function typeOf(part: JsonObject): string {
  return expectation(part as Parameters<typeof expectation>[0]) || 'any value';
}
