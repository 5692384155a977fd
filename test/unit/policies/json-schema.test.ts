import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { houseSchema } from '../../../src/policies/json-schema.ts';
import { linearPattern } from '../../../src/policies/linear-pattern.ts';
import { casesOf } from '../../support/cases.ts';

/** Whether a schema is refused for the same reason; one that is valid may still be of no use, as with a reference to nowhere. */
function expectSame(schema: object): void {
  const expected = whyByAjv(schema);
  const said = why(schema);
  if (expected !== undefined || said?.startsWith('schema is invalid') === true) expect(said).toBe(expected);
}

/** What Ajv says of a schema when it compiles its schema of schemas itself. */
function whyByAjv(schema: object): string | undefined {
  const { $schema = '' } = schema as { readonly $schema?: unknown };
  const ajv = drafts.find(({ name }) => String($schema).includes(name))?.ajv ?? usual.ajv;
  try {
    ajv.validateSchema(schema, true);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const options = { allErrors: true, strict: false, validateFormats: false, logger: false } as const;
const usual = { name: '2020-12', ajv: new Ajv2020(options) };
const drafts = [{ name: 'draft-07', ajv: new Ajv(options) }, usual];

function why(schema: object): string | undefined {
  const read = houseSchema(schema, linearPattern);
  return read.ok ? undefined : read.why;
}

const spellings: readonly unknown[] = [
  undefined,
  '',
  'http://json-schema.org/draft-07/schema',
  'http://json-schema.org/draft-07/schema#',
  'https://json-schema.org/draft/2020-12/schema',
  'https://json-schema.org/draft/2020-12/schema#',
];
/** Of these only Ajv knows what to say. */
const unusual: readonly unknown[] = [
  'https://json-schema.org/draft-07/schema#',
  'http://json-schema.org/draft-04/schema#',
  'https://json-schema.org/draft/2020-12/meta/validation',
  'https://json-schema.org/draft/2019-09/schema',
  5,
  null,
];
const withDraft = (schema: object, $schema: unknown): object =>
  $schema === undefined ? schema : { ...schema, $schema };

const bad: readonly object[] = [
  { type: 'text' },
  { properties: [] },
  { properties: { name: { minLength: -1 } } },
  { required: ['a', 'a'] },
  { items: [{ type: 'string' }] },
  { $defs: { x: { type: 5 } } },
  { definitions: { x: { type: 5 } } },
  { enum: 'a' },
  { anyOf: [] },
  { if: 3, else: { not: [] } },
  { dependentRequired: { a: 'b' } },
  { minimum: '1', multipleOf: 0, maxItems: 1.5 },
];

describe('the schema of a policy', () => {
  it.each([...spellings, ...unusual])('of draft %j is judged as Ajv judges it', (draft) => {
    for (const schema of bad) expectSame(withDraft(schema, draft));
  });

  it('whatever it says', () => {
    const key = fc.constantFrom(
      ...['type', 'properties', 'items', 'required', 'enum', 'const', '$defs', 'definitions', 'anyOf', 'not'],
      ...['minLength', 'uniqueItems', 'additionalProperties', 'prefixItems', 'dependencies', 'title', 'x'],
    );
    const { schema } = fc.letrec((tie) => ({
      schema: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>('string', 'object', 'x', 0, 1, -1, 1.5, true, false, null, [], {}),
        fc.array(tie('value'), { maxLength: 3 }),
        tie('schema'),
      ),
    }));
    let refused = 0;
    fc.assert(
      fc.property(schema as fc.Arbitrary<object>, fc.constantFrom(...spellings), (one, draft) => {
        const full = withDraft(one, draft);
        if (whyByAjv(full) !== undefined) refused += 1;
        expectSame(full);
      }),
      { numRuns: casesOf(1000) },
    );
    expect(refused).toBeGreaterThan(10);
  });
});

it('a keyword of Ajv that would let every manifest pass is refused', () => {
  expect(why({ $async: true, minProperties: 50 })).toBe('$async is not a keyword of JSON Schema: remove it');
});
