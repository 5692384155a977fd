import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { requestFields, scheduleFields } from '../../../src/model/normal.ts';

interface Part {
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly properties?: { readonly [name: string]: Part };
  readonly required?: readonly string[];
  readonly $ref?: string;
  readonly additionalProperties?: unknown;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const schema = JSON.parse(readFileSync(`${root}/schemas/schedule.schema.json`, 'utf8')) as Part & {
  readonly $id: string;
  readonly $defs: { readonly [name: string]: Part };
};
const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
ajv.addSchema(schema);

function at(pointer: string): (value: unknown) => boolean {
  const validate = ajv.getSchema(`${schema.$id}${pointer}`);
  if (!validate) throw new Error(`no schema at ${pointer}`);
  return (value) => validate(value) === true;
}

const fields = Object.entries(schema.$defs).flatMap(([name, part]) =>
  Object.entries(part.properties ?? {}).map(([field, described]) => {
    const target = described.$ref && schema.$defs[described.$ref.split('/').at(-1) ?? ''];
    return { pointer: `#/$defs/${name}/properties/${field}`, part: { ...target, ...described } };
  }),
);

test('the committed validator is the one generated from the schema', () => {
  expect(() =>
    execFileSync(process.execPath, ['scripts/generate.mjs', '--check'], { cwd: root }),
  ).not.toThrow();
});

describe('the schemas have the fields of the normal form', () => {
  const saved = JSON.parse(readFileSync(`${root}/schemas/saved-plan.schema.json`, 'utf8')).$defs.schedule;
  const { schedule, startWorkflowRequest } = schema.$defs;

  test.each([
    [
      'schedule',
      schedule?.properties,
      ['$schema', '$comment', ...scheduleFields, 'except', 'only', 'tags', 'lifecycle'],
    ],
    ['startWorkflowRequest', startWorkflowRequest?.properties, requestFields],
    ['schedule of a saved plan', saved.properties, scheduleFields],
    ['request of a saved plan', saved.properties.startWorkflowRequest.properties, requestFields],
  ])('%s', (_name, properties, fields) => {
    expect(Object.keys(properties ?? {}).sort()).toStrictEqual([...fields].sort());
  });
});

describe('every field', () => {
  test('exists', () => {
    expect(fields.length).toBeGreaterThan(30);
  });

  test.each(fields)('$pointer has a description and examples that it takes', ({ pointer, part }) => {
    expect(part.description).toMatch(/^[A-Z].+[.\]]$/s);
    expect(part.examples?.length).toBeGreaterThan(0);
    for (const example of part.examples ?? []) expect(at(pointer)(example)).toBe(true);
  });

  test("no object accepts unknown keys, except maps with names of the user's choice", () => {
    const strict = Object.values(schema.$defs).filter(({ properties }) => properties !== undefined);
    expect(strict.length).toBeGreaterThan(4);
    for (const { additionalProperties } of strict) expect(additionalProperties).toBe(false);
  });
});

describe('the schema for editors', () => {
  const valid = { name: 'a', startWorkflowRequest: { name: 'w' } };
  test.each<readonly [what: string, value: unknown, ok: boolean]>([
    ['one schedule', valid, true],
    ['a list of them', [valid, valid], true],
    ['something else', 'a', false],
    ['a list with something else', [valid, 5], false],
    ['an unknown key', { ...valid, colour: 'red' }, false],
    ['the whole of the example', schema.$defs.schedule?.examples?.[0], true],
  ])('%s', (_what, value, ok) => {
    expect(at('')(value)).toBe(ok);
  });

  const optional = fields.filter(
    ({ pointer }) =>
      !/\/(lifecycle|tag)\//.test(pointer) &&
      !/(\$schema|name|lifecycle|startWorkflowRequest|cronSchedule\/properties\/cronExpression)$/.test(
        pointer,
      ),
  );
  test.each(optional)('$pointer may be left out in each way', ({ pointer }) => {
    for (const value of ['', null, []]) expect(at(pointer)(value)).toBe(true);
  });
});

describe('before variables are filled in', () => {
  const takesReferences = [
    'schedule/properties/runCatchupScheduleInstances',
    'schedule/properties/paused',
    'schedule/properties/scheduleStartTime',
    'schedule/properties/scheduleEndTime',
    'startWorkflowRequest/properties/version',
    'startWorkflowRequest/properties/priority',
    'startWorkflowRequest/properties/idempotencyStrategy',
    'lifecycle/properties/protect',
  ];
  test.each(takesReferences)('%s takes a whole reference', (pointer) => {
    const takes = at(`#/$defs/${pointer}`);
    for (const reference of ['${var.x}', '${env.SHARD}']) expect(takes(reference)).toBe(true);
    for (const other of ['${secret.X}', '${workflow.x}', '${var.}', 'x${var.'])
      expect(takes(other)).toBe(false);
  });

  test.each(fields.filter(({ pointer }) => !takesReferences.some((one) => pointer.endsWith(one))))(
    '$pointer takes one where it takes texts',
    ({ pointer }) => {
      expect(at(pointer)('${var.x}')).toBe(at(pointer)('x.y'));
    },
  );

  test('a time may have one in it', () => {
    expect(at('#/$defs/time')('${var.day}T00:00:00Z')).toBe(true);
    expect(at('#/$defs/time')('2027-01-01T00:00:00')).toBe(false);
  });
});
