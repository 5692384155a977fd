import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadManifests } from '../../../src/manifest/desired.ts';
import { writeYaml } from '../../../src/manifest/edit/write-yaml.ts';
import { type Json, type JsonObject, writeJson } from '../../../src/model/json.ts';
import { casesOf } from '../../support/cases.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const number = fc.oneof(
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 90n), max: 2n ** 90n }).map((value) => (isSafe(value) ? Number(value) : value)),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Number.isInteger(value)),
);
const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(fc.constant(null), fc.boolean(), number, text),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;
const object = fc.dictionary(text, json, { maxKeys: 5, noNullPrototype: true });
// Fields of a definition that Conductor knows have types of their own.
const definition = fc.dictionary(
  text.map((key) => `x${key}`),
  json,
  { maxKeys: 5, noNullPrototype: true },
);
const word = fc.stringMatching(/^[a-z][a-z0-9_-]{5,20}$/);

const manifest = fc.record(
  {
    name: word,
    cronExpression: fc.constantFrom('0 0 6 * * *', '@daily', '*/5 * * * * MON-FRI', '0 0 2 ? * MON#1'),
    startWorkflowRequest: fc.record(
      {
        name: word,
        input: object,
        version: fc.nat({ max: 1000 }),
        priority: fc.nat({ max: 99 }),
        correlationId: text,
        workflowDef: definition,
      },
      { requiredKeys: ['name'], noNullPrototype: true },
    ),
    description: text,
    zoneId: fc.constantFrom('UTC', 'Europe/Berlin'),
    scheduleStartTime: fc.oneof(
      fc.integer({ min: 1e11, max: 1e13 }),
      fc.constant('2027-01-01T00:00:00-05:00'),
    ),
    paused: fc.boolean(),
    tags: fc.dictionary(word, fc.oneof(word, fc.array(word)), { noNullPrototype: true }),
  },
  { requiredKeys: ['name', 'cronExpression', 'startWorkflowRequest'], noNullPrototype: true },
) as fc.Arbitrary<JsonObject>;

function isSafe(value: bigint): boolean {
  return Number.isSafeInteger(Number(value));
}

function load(
  path: string,
  source: string,
): Pick<ReturnType<typeof loadManifests>, 'desired' | 'diagnostics'> {
  const { desired, diagnostics } = loadManifests([{ path, text: source }]);
  return { desired: desired.map((one) => ({ ...one, origin: { file: '', document: 0 } })), diagnostics };
}

describe('any manifest', () => {
  test('is the same in YAML and in JSON, and its input is as written', () => {
    fc.assert(
      fc.property(manifest, (value) => {
        const fromJson = load('a.json', writeJson(value));
        expect(fromJson.diagnostics).toEqual([]);
        expect(fromJson.desired).toHaveLength(1);
        expect(load('a.json', writeJson(value, 2))).toEqual(fromJson);
        expect(load('a.yaml', writeYaml(value))).toEqual(fromJson);
        expect(load('a.yaml', writeYaml([value, { ...value, name: 'other-name' }])).desired[0]).toEqual(
          fromJson.desired[0],
        );
        const { input = {} } = value.startWorkflowRequest as { readonly input?: JsonObject };
        expect(fromJson.desired[0]?.schedule.startWorkflowRequest.input).toStrictEqual(input);
      }),
      { numRuns: 200 },
    );
  });
});

test('no text makes it throw', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'name: ',
      'cronExpression: ',
      'startWorkflowRequest:',
      '- ',
      '\n',
      '  ',
      '\t',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      ': ',
      '*',
      '&a ',
      '*a',
      '<<: ',
      '!x ',
      '@',
      '#',
      '---\n',
      '%',
      '|',
      '>',
      '\\',
      '\r\n',
      '\ufeff',
      '\0',
      '1e400',
      '12345678901234567890',
      '? ',
      ',',
    ),
    fc.string({ unit: 'binary', maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.constantFrom('a.yaml', 'a.json'), (pieces, path) => {
      for (const { at } of loadManifests([{ path, text: pieces.join('') }]).diagnostics) {
        expect(at?.line).toBeGreaterThan(0);
        expect(at?.column).toBeGreaterThan(0);
        expect(at?.column).toBeLessThanOrEqual([...(at?.source ?? '')].length + 1);
      }
    }),
    { numRuns: casesOf(2000) },
  );
});
