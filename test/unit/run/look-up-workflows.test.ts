import { describe, expect, it, test } from 'vitest';
import type { JsonObject } from '../../../src/model/json.ts';
import { normalize } from '../../../src/model/normal.ts';
import type { DesiredSchedule } from '../../../src/model/schedule.ts';
import { type LookUp, lookUp } from '../../../src/run/look-up-workflows.ts';
import { desiredOf } from '../../support/schedules.ts';
import { errorOf, noRoute, type Scripted, scripted } from '../conductor/scripted.ts';

function starting(name: string, request: JsonObject): DesiredSchedule {
  return desiredOf(
    normalize({ name, cronExpression: '0 0 9 * * *', startWorkflowRequest: { name: 'w', ...request } })
      .schedule,
  );
}

const names: Scripted = { json: { w: [{ version: 1 }, { version: 2 }], v: [{ version: 1 }] } };
const definition: Scripted = { json: { name: 'w', inputParameters: ['day'] } };
const settle: LookUp['settle'] = (found, gather = (left) => left) =>
  gather(found).map((diagnostic) => ({ diagnostic }));

/** What is said, as `code args`, and what was asked. */
async function ask(
  desired: readonly DesiredSchedule[],
  answers: readonly Scripted[] = [names, definition],
  more: Partial<LookUp> = {},
) {
  const { connection, sent } = scripted(answers);
  const found = await lookUp(connection.workflows, desired, { rules: {}, settle, required: false, ...more });
  const said = found.problems.map(({ diagnostic: { code, args } }) => `${code} ${JSON.stringify(args)}`);
  return { said, sent, failure: found.failure?.kind, broken: found.broken };
}

const list = 'GET /metadata/workflow/names-and-versions';

describe('requests', () => {
  test.each<readonly [string, readonly DesiredSchedule[], Partial<LookUp>, readonly string[]]>([
    ['nothing for nothing', [], {}, []],
    ['nothing for a definition in the manifest', [starting('a', { workflowDef: { name: 'w' } })], {}, []],
    ['nothing when no rule wants to know', [starting('a', {})], { rules: { all: 'off' } }, []],
    [
      'the names alone when only those matter',
      [starting('a', { input: { x: 1 } })],
      { rules: { 'unknown-input': 'off', 'missing-input': 'off' } },
      [list],
    ],
    [
      'each workflow and version once',
      [
        ...['a', 'b'].map((name) => starting(name, { version: 1 })),
        ...['c', 'd'].map((name) => starting(name, {})),
      ],
      {},
      [list, 'GET /metadata/workflow/w?version=1', 'GET /metadata/workflow/w'],
    ],
    ['nothing more of one that is not there', [starting('a', { name: 'x' })], {}, [list]],
  ])('%s', async (_what, desired, more, expected) => {
    expect((await ask(desired, undefined, more)).sent).toEqual(expected);
  });
});

describe('messages', () => {
  test.each<readonly [string, JsonObject, readonly string[]]>([
    ['all there', { version: 2, input: { day: 1 } }, []],
    ['no such workflow', { name: 'elsewhere' }, ['no-workflow {"workflow":"elsewhere"}']],
    [
      'no such version',
      { version: 3 },
      ['no-workflow-version {"workflow":"w","version":3,"versions":[1,2]}'],
    ],
    [
      'an unknown input',
      { input: { dya: 1 } },
      ['unknown-input {"key":"dya","workflow":"w","nearest":"day"}'],
    ],
    ['an input of the scheduler', { input: { _scheduledTime: 1 } }, []],
    ['an input that is kept elsewhere', { externalInputPayloadStoragePath: 'p', input: { x: 1 } }, []],
  ])('%s', async (_what, request, expected) => {
    expect((await ask([starting('a', request)])).said).toEqual(expected);
  });

  it('is what the schema requires', async () => {
    const strict: Scripted = {
      json: { name: 'w', inputSchema: { data: { properties: { a: {}, b: {} }, required: ['a', 'b'] } } },
    };
    expect((await ask([starting('x', { input: { b: null } })], [names, strict])).said).toEqual([
      'missing-input {"keys":["a"],"workflow":"w"}',
    ]);
  });

  it('is reported once for many schedules', async () => {
    const desired = ['a', 'b', 'c'].map((name) => starting(name, { name: 'elsewhere' }));
    expect((await ask(desired)).said).toEqual(['no-workflow {"workflow":"elsewhere","others":2}']);
  });
});

describe('a server without the list', () => {
  it('is asked for each definition', async () => {
    const gone = errorOf(404, 'No such workflow found by name: w, version: 3');
    const answers = [noRoute, definition];
    expect((await ask([starting('a', { input: { day: 1 } })], answers)).said).toEqual([]);
    expect((await ask([starting('a', {})], [noRoute, gone])).said).toEqual(['no-workflow {"workflow":"w"}']);
    expect((await ask([starting('a', { version: 3 })], [noRoute, gone])).said).toEqual([
      'no-workflow-version {"workflow":"w","version":3,"versions":[]}',
    ]);
  });
});

it('asks a server that has neither only one more time', async () => {
  const desired = ['u', 'v', 'w'].map((name) => starting(name, { name }));
  const { sent, said } = await ask(desired, [noRoute]);
  expect(sent).toEqual([list, 'GET /metadata/workflow/u']);
  expect(said).toHaveLength(1);
});

describe('a missing answer', () => {
  const forbidden = errorOf(403, 'no');
  const broken = errorOf(500, 'broken');
  const a = [starting('a', { input: { x: 1 } }), starting('b', { name: 'v' })];

  test.each<readonly [string, readonly Scripted[], boolean, number, string | undefined]>([
    ['no right to the list', [forbidden], false, 1, undefined],
    ['no right to the list, on request', [forbidden], true, 1, undefined],
    ['no right to the definitions', [names, forbidden], true, 1, undefined],
    ['another failure', [broken], false, 1, undefined],
    ['another failure, on request', [broken], true, 0, 'status'],
    ['another failure of a definition, on request', [names, broken], true, 0, 'status'],
  ])('%s', async (_what, answers, required, notes, failure) => {
    const found = await ask(a, answers, { required });
    expect(found.said.filter((one) => one.startsWith('workflows-not-readable'))).toHaveLength(notes);
    expect(found.failure).toBe(failure);
    expect(found.broken).toBe(false);
  });

  it('still reports what is known', async () => {
    const found = await ask([starting('a', { name: 'x' }), starting('b', {})], [names, forbidden]);
    expect(found.said.map((one) => one.split(' ')[0])).toEqual(['workflows-not-readable', 'no-workflow']);
  });
});

it('is an error if the settings say so', async () => {
  const asError: LookUp['settle'] = (found) =>
    found.map((diagnostic) => ({ diagnostic: { ...diagnostic, severity: 'error' } }));
  expect((await ask([starting('a', { name: 'x' })], undefined, { settle: asError })).broken).toBe(true);
});
