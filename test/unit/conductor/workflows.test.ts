import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { workflowInputs } from '../../../src/conductor/workflows.ts';
import type { FailureKind } from '../../../src/model/generated/report-parts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import type { Outcome } from '../../../src/model/port.ts';
import { casesOf } from '../../support/cases.ts';
import { errorOf, noRoute, type Scripted, scripted } from './scripted.ts';

function kindOf(outcome: Outcome<unknown>): FailureKind | 'ok' {
  return outcome.ok ? 'ok' : outcome.failure.kind;
}

describe('the versions of workflows', () => {
  it('are read by name, ascending', async () => {
    const json = {
      b: [
        { name: 'b', version: 10 },
        { name: 'b', version: 9 },
      ],
      a: [],
      __proto: [{ version: 'x' }],
    };
    const { connection, sent } = scripted([{ json }]);
    expect(await connection.workflows.versions()).toEqual({
      ok: true,
      value: new Map([
        ['b', [9, 10]],
        ['a', []],
        ['__proto', []],
      ]),
    });
    expect(sent).toEqual(['GET /metadata/workflow/names-and-versions']);
  });

  test.each<readonly [string, Scripted, FailureKind]>([
    ['no right', errorOf(403, 'no'), 'forbidden'],
    ['no such route', noRoute, 'unsupported'],
    ['a list', { json: [] }, 'shape'],
    ['no lists in it', { json: { a: 1 } }, 'shape'],
    ['a page', { text: '<html>', headers: { 'content-type': 'text/html' } }, 'html'],
    ['another status', errorOf(500, 'broken'), 'status'],
  ])('are not: %s', async (_what, answer, kind) => {
    expect(kindOf(await scripted([answer]).connection.workflows.versions())).toBe(kind);
  });
});

describe('the inputs of a workflow', () => {
  test.each<readonly [string, object, object]>([
    ['nothing said', {}, { required: [] }],
    ['parameters', { inputParameters: ['a', 'b', 'a'] }, { declared: ['a', 'b'], required: [] }],
    ['a template', { inputTemplate: { a: 1 } }, { declared: ['a'], required: [] }],
    [
      'a schema',
      { inputSchema: { data: { properties: { a: {}, b: {} }, required: ['a'] } } },
      { declared: ['a', 'b'], required: ['a'] },
    ],
    [
      'a schema whose key has a default',
      { inputTemplate: { a: 1 }, inputSchema: { data: { properties: { a: {} }, required: ['a'] } } },
      { declared: ['a'], required: [] },
    ],
    [
      'a schema that takes any key',
      { inputSchema: { data: { properties: { a: {} }, additionalProperties: true, required: ['a'] } } },
      { required: ['a'] },
    ],
    [
      'all of several schemas, one of them by reference',
      {
        inputSchema: {
          data: {
            allOf: [{ properties: { a: {} }, required: ['a'] }, { $ref: '#/$defs/b' }],
            $defs: { b: { properties: { b: {} }, required: ['b'] } },
          },
        },
      },
      { declared: ['a', 'b'], required: ['a', 'b'] },
    ],
    [
      'one of several schemas: what all of them require',
      {
        inputSchema: {
          data: {
            oneOf: [
              { properties: { a: {}, c: {} }, required: ['a', 'c'] },
              { properties: { b: {}, c: {} }, required: ['b', 'c'] },
            ],
          },
        },
      },
      { declared: ['a', 'c', 'b'], required: ['c'] },
    ],
    [
      'a schema for what only sometimes holds',
      {
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        inputSchema: { data: { if: { required: ['a'] }, then: { properties: { b: {} }, required: ['b'] } } },
      },
      { declared: ['b'], required: [] },
    ],
    [
      'patterns of keys',
      { inputSchema: { data: { properties: { a: {} }, patternProperties: { '^x': {} }, required: ['a'] } } },
      { required: ['a'] },
    ],
    [
      'other keys of a type',
      { inputSchema: { data: { properties: { a: {} }, additionalProperties: { type: 'string' } } } },
      { required: [] },
    ],
    [
      'a reference to elsewhere',
      { inputSchema: { data: { properties: { a: {} }, $ref: 'https://example.com/s.json' } } },
      { required: [] },
    ],
    [
      'a schema that refers to itself',
      { inputSchema: { data: { properties: { a: {} }, allOf: [{ $ref: '#' }, { $ref: '#' }] } } },
      { declared: ['a'], required: [] },
    ],
    [
      'a schema elsewhere',
      { inputParameters: ['a'], inputSchema: { name: 's', version: 1 } },
      { required: [] },
    ],
    ['odd values', { inputParameters: 'a', inputTemplate: [], inputSchema: 1 }, { required: [] }],
  ])('%s', async (_what, definition, value) => {
    const { connection, sent } = scripted([{ json: { name: 'w', version: 3, ...definition } }]);
    expect(await connection.workflows.inputs('w', 3)).toEqual({ ok: true, value });
    expect(sent).toEqual(['GET /metadata/workflow/w?version=3']);
  });

  it('are null if the server does not have the workflow', async () => {
    const missing = errorOf(404, 'No such workflow found by name: w/x, version: null');
    const { connection, sent } = scripted([missing]);
    expect(await connection.workflows.inputs('w x')).toEqual({ ok: true, value: null });
    expect(sent).toEqual(['GET /metadata/workflow/w%20x']);
  });

  test.each<readonly [string, Scripted, FailureKind]>([
    ['no right', errorOf(403, 'no'), 'forbidden'],
    ['no such route', noRoute, 'unsupported'],
    ["a gateway's 404", { status: 404, text: 'not found' }, 'unsupported'],
    ['something else', { json: { versions: [] } }, 'shape'],
  ])('are not known: %s', async (_what, answer, kind) => {
    expect(kindOf(await scripted([answer]).connection.workflows.inputs('w'))).toBe(kind);
  });
});

it('requires only what a validator refuses to be without, and names what it knows', () => {
  const key = fc.constantFrom('a', 'b', 'c');
  const { schema } = fc.letrec<{ schema: JsonObject }>((tie) => ({
    schema: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<JsonObject>(
        {},
        { $ref: '#/$defs/one' },
        { required: ['a'] },
        { properties: { b: {} } },
      ),
      fc.record(
        {
          properties: fc.dictionary(key, fc.constant({}), { maxKeys: 2 }),
          required: fc.uniqueArray(key, { maxLength: 2 }),
          allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
          anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
          oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
          if: tie('schema'),
          // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
          then: tie('schema'),
          else: tie('schema'),
        },
        { requiredKeys: [] },
      ),
    ),
  }));
  const one = { properties: { c: {} }, required: ['c'] };
  fc.assert(
    fc.property(schema, (written) => {
      const data = { ...written, $defs: { one } };
      const { required, declared } = workflowInputs({ name: 'w', inputSchema: { data } }) ?? { required: [] };
      const accepts = new Ajv2020({ strict: false }).compile(data);
      const keys = ['a', 'b', 'c'];
      for (let chosen = 0; chosen < 8; chosen += 1) {
        const input = Object.fromEntries(keys.filter((_, at) => chosen & (1 << at)).map((name) => [name, 1]));
        if (accepts(input)) for (const name of required) expect(Object.keys(input)).toContain(name);
      }
      for (const name of keys)
        if (declared !== undefined && JSON.stringify(written).includes(`"${name}":{}`))
          expect(declared).toContain(name);
    }),
    { numRuns: casesOf(1000, 50) },
  );
});
