import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObject, type Json, type JsonObject, objectOf, writeJson } from '../../../src/model/json.ts';
import { markerTags } from '../../../src/model/marks/marker.ts';
import { normalize } from '../../../src/model/normal.ts';
import { JsonNumber, numberFrom } from '../../../src/model/number.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { openPolicy, type Policy } from '../../../src/model/run-policy.ts';
import type { DesiredSchedule, SecretUse } from '../../../src/model/schedule.ts';
import { readSaved } from '../../../src/plan/saved/read-saved.ts';
import { checksumOf, type SavedPlan } from '../../../src/plan/saved/saved-plan.ts';
import { savedPlanOf } from '../../../src/plan/saved/write-saved.ts';
import { documentJson } from '../../../src/report/formats/document-json.ts';
import { desiredOf } from '../../support/schedules.ts';
import { worldOf } from '../../support/world.ts';

const body = { cronExpression: '0 0 3 * * ?', startWorkflowRequest: { name: 'w' } };
const tag = (key: string) => ({ key, value: 'x' });
const owned: Policy = {
  ...openPolicy,
  owner: 'us',
  prune: true,
  adopt: 'all',
  limits: { ...openPolicy.limits, deletes: { kind: 'count', count: 9 } },
  selection: { target: [], exclude: ['nothing-of-that-name'], selector: [] },
};

function wanted(
  name: string,
  over: JsonObject = {},
  managed: Parameters<typeof desiredOf>[1] = {},
): DesiredSchedule {
  return desiredOf(normalize({ ...body, name, ...over }).schedule, managed);
}

/** Every kind of change and of step, and every field. */
async function everything(): Promise<SavedPlan> {
  const world = worldOf({ serverType: 'orkes-new', policy: owned, switches: { cronSchedules: 'kept' } });
  for (const name of ['update', 'switch', 'wake', 'untag', 'delete', 'adopt', 'before'])
    world.scheduler.put(
      { ...body, name, description: 'd', paused: name === 'wake' },
      name === 'adopt' ? [] : [...markerTags(name, { owner: 'us', protected: false }), tag('old')],
    );
  const renamed = wanted('after', { description: 'd' });
  const desired = [
    wanted(
      'update',
      { startWorkflowRequest: { name: 'w', input: { id: 2n ** 70n } } },
      { tags: [tag('new')] },
    ),
    wanted('switch', { description: 'd' }, { pause: { paused: true, reason: 'r' } }),
    wanted('wake', { description: 'd' }, { pause: { paused: false } }),
    wanted('untag', { description: 'd' }, { tags: [] }),
    wanted('adopt', { description: 'other' }),
    wanted(
      'create',
      {
        cronSchedules: [{ cronExpression: '0 0 3 * * ?', zoneId: 'UTC' }],
        description: 'd',
        scheduleStartTime: 1,
        scheduleEndTime: 2,
        startWorkflowRequest: {
          name: 'w',
          version: 1,
          input: { deep: [{ er: [2n ** 70n, 0.1] }] },
          correlationId: 'c',
          taskToDomain: { a: 'b' },
          priority: 3,
          workflowDef: { name: 'w', tasks: [] },
          idempotencyKey: 'k',
          idempotencyStrategy: 'FAIL',
        },
      },
      { pause: { paused: true, reason: 'r' } },
    ),
    wanted('create-plain'),
    { ...renamed, lifecycle: { ...renamed.lifecycle, previousNames: ['before'] } },
  ];
  const plan = await world.plan(desired);
  // The selection's one name is on neither side, which blocks a plan; here it is only to be written down.
  return save({ ...plan, verdict: 'ready', selection: owned.selection as never }, desired);
}

function save(plan: Plan, desired: readonly DesiredSchedule[]): SavedPlan {
  const outcome = savedPlanOf(plan, desired, undefined);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.diagnostics));
  return outcome.saved;
}

describe('a saved plan', () => {
  it('is read back as it was, to the last digit', async () => {
    const saved = await everything();
    const kinds = saved.changes.flatMap(({ steps }) =>
      steps.map((step) => `${step.kind}${step.kind === 'save' ? ` ${step.mode}` : ''}`),
    );
    expect([...new Set(kinds)].sort()).toStrictEqual([
      'delete',
      'pause',
      'resume',
      'save copy',
      'save create',
      'save update',
      'tag',
      'untag',
    ]);
    const text = documentJson(saved);
    expect(text).toContain('1180591620717411303424');
    const read = readSaved(text, 'plan.json');
    if (!read.ok) throw new Error(JSON.stringify(read.diagnostic));
    expect(writeJson(read.saved as unknown as Json)).toBe(writeJson(saved as unknown as Json));
  });

  it('may have another layout', async () => {
    const saved = await everything();
    expect(readSaved(writeJson(saved as unknown as Json), 'plan.json').ok).toBe(true);
    expect(readSaved(documentJson(saved).replaceAll('\n', '\r\n'), 'plan.json').ok).toBe(true);
  });

  it('has no value of the server in it', async () => {
    const world = worldOf({ serverType: 'oss-2' });
    world.scheduler.put({
      ...body,
      name: 'a',
      description: 'observed-1',
      startWorkflowRequest: { name: 'observed-2', input: { a: 'observed-3', b: 'observed-4' } },
    });
    const desired = [wanted('a', { startWorkflowRequest: { name: 'w', input: { a: 'mine' } } })];
    expect(documentJson(save(await world.plan(desired), desired))).not.toContain('observed');
  });
});

describe('its schema and its reader', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../../schemas/saved-plan.schema.json', import.meta.url), 'utf8'),
  );
  const validate = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(
    schema,
  );
  /** As a validator can take it. */
  const small = (value: Json): Json => JSON.parse(writeJson(value)) as Json;

  it('accept and refuse the same, and the reader names the place', async () => {
    const saved = small((await everything()) as unknown as Json);
    expect(validate(saved)).toBe(true);
    let refused = 0;
    for (const { what, at, value } of mutants(saved)) {
      // These have faults of their own.
      if (['', 'kind', 'format'].includes(at) || writeJson(value) === writeJson(saved)) continue;
      const isWhole = validate(value);
      const { fault, detail } = argsOf(readSaved(writeJson(value), 'plan.json'));
      expect([what, fault]).toStrictEqual([what, isWhole ? 'edited' : 'form']);
      if (isWhole) continue;
      refused += 1;
      // Another kind of step or change has other keys: the one that is wrong then is beside it.
      if (!/\.(kind|mode)$/.test(at)) expect([what, detail]).toStrictEqual([what, at]);
    }
    expect(refused).toBeGreaterThan(1000);
  });

  it('every field has a description', () => {
    const bare: string[] = [];
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      if ('properties' in node)
        for (const [key, field] of Object.entries(node.properties as Record<string, object>))
          if (typeof field === 'object' && !('description' in field) && !('$ref' in field))
            bare.push(`${path}.${key}`);
      for (const [key, inner] of Object.entries(node))
        if (key !== 'if' && key !== 'else') walk(inner, `${path}.${key}`);
    };
    walk(schema, '');
    expect(bare).toStrictEqual([]);
  });
});

interface Mutant {
  readonly what: string;
  /** The path of what is wrong. */
  readonly at: string;
  readonly value: Json;
}

/** A value with one thing wrong, at every place: a key gone, a key too many, another type. */
function* mutants(value: Json, at = ''): Generator<Mutant> {
  const under = (key: string) => (at === '' ? key : `${at}.${key}`);
  for (const other of [null, 'x', 1, 1.5, -1, true, [], {}])
    if (typeof other !== typeof value || Array.isArray(other) !== Array.isArray(value) || other === null)
      yield { what: `${at} = ${JSON.stringify(other)}`, at, value: other };
  if (Array.isArray(value)) {
    yield { what: `${at} empty`, at, value: [] };
    for (const [index, item] of value.entries())
      for (const mutant of mutants(item as Json, `${at}[${index}]`))
        yield { ...mutant, value: value.map((one: Json, place) => (place === index ? mutant.value : one)) };
  } else if (isObject(value)) {
    const another = under('another');
    yield { what: `with ${another}`, at: another, value: { ...value, another: 1 } };
    for (const [key, item] of Object.entries(value)) {
      const { [key]: _gone, ...rest } = value;
      yield { what: `without ${under(key)}`, at: under(key), value: rest };
      for (const mutant of mutants(item, under(key)))
        yield { ...mutant, value: { ...value, [key]: mutant.value } };
    }
  }
}

/** A value with another at the place that the numbers choose, one for each level; or with a key added or taken there. */
function tampered(value: Json, [first = 0, ...rest]: readonly number[], key: string, other?: Json): Json {
  const entries = Object.entries(value ?? {}) as [string, Json][];
  const [chosen, item] = entries[first % (entries.length + 1)] ?? [];
  if (typeof value !== 'object' || value === null || (rest.length > 0 && item === undefined))
    return other ?? null;
  const changed: readonly [string, Json | undefined][] =
    chosen === undefined
      ? [...entries, [key, other ?? null]]
      : entries.map(([name, old]) => [
          name,
          name !== chosen ? old : rest.length === 0 ? other : tampered(old, rest, key, other),
        ]);
  const kept = changed.filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return Array.isArray(value) ? kept.map(([, one]) => one) : objectOf(kept);
}

function argsOf(read: ReturnType<typeof readSaved>): { readonly fault: string; readonly detail?: string } {
  return read.ok ? { fault: 'none' } : (read.diagnostic.args as never);
}

describe('refused', () => {
  const faultOf = (text: string) => {
    return argsOf(readSaved(text, 'plan.json')).fault;
  };

  it('any truncated text', async () => {
    const text = documentJson(await everything()).trimEnd();
    for (let end = 0; end < text.length; end += 97) expect(faultOf(text.slice(0, end))).toBe('json');
    expect(faultOf(text.slice(0, -1))).toBe('json');
    expect(faultOf(text)).toBe('none');
  });

  it.each([
    ['', 'json'],
    ['[]', 'kind'],
    ['null', 'kind'],
    ['{}', 'kind'],
    ['{"kind":"plan","format":1}', 'kind'],
    ['{"kind":"saved-plan"}', 'format'],
    ['{"kind":"saved-plan","format":"1"}', 'format'],
    ['{"kind":"saved-plan","format":1}', 'form'],
    ['name: a manifest', 'json'],
  ])('%j: %s', (text, fault) => {
    expect(faultOf(text)).toBe(fault);
  });

  it('any change, addition or removal, anywhere', async () => {
    const saved = await everything();
    const text = writeJson(saved as unknown as Json);
    const anything = fc.oneof(
      fc.jsonValue().map((value) => value as Json),
      fc.bigInt().map((value) => numberFrom(String(value))),
      fc.constantFrom<Json>('__proto__', 'constructor', 'save', 'rename', 'update'),
    );
    let faults = 0;
    fc.assert(
      fc.property(
        fc.array(fc.nat(30), { minLength: 1, maxLength: 9 }),
        fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'previous', 'toString', 'a/b~0c')),
        fc.option(anything, { nil: undefined }),
        (places, key, other) => {
          const changed = writeJson(tampered(saved as unknown as Json, places, key, other));
          if (changed === text) return;
          faults += 1;
          expect(faultOf(changed)).not.toBe('none');
        },
      ),
      { numRuns: 3000, seed: 1 },
    );
    expect(faults).toBeGreaterThan(2500);
  });

  it.each(['input', 'workflowDef', 'taskToDomain'])('a number written differently as %s', async (key) => {
    const saved = await everything();
    const changes = saved.changes.map((change) => ({
      ...change,
      steps: change.steps.map((step) => {
        if (step.kind !== 'save' || step.mode !== 'create') return step;
        const { startWorkflowRequest: request } = step.schedule;
        const wrong = { ...request, [key]: new JsonNumber('1.0') };
        return { ...step, schedule: { ...step.schedule, startWorkflowRequest: wrong } };
      }),
    }));
    const { fault, detail } = argsOf(readSaved(documentJson({ ...saved, changes }), 'plan.json'));
    expect(fault).toBe('form');
    expect(detail).toMatch(new RegExp(`startWorkflowRequest\\.${key}$`));
  });

  it('values that are nested deeper than a call stack', async () => {
    // In the middle are those that the parser can hold and the hash could not.
    for (const depth of [600, 1500, 2000, 2200, 2500, 2800, 5000, 1e6])
      for (const [open, close] of [
        ['[', ']'],
        ['{"a":[', ']}'],
      ] as const) {
        const text = writeJson((await everything()) as unknown as Json);
        const deep = open.repeat(depth) + close.repeat(depth);
        const changed = text.replace('"input":{}', `"input":{"a":${deep}}`);
        expect(changed).not.toBe(text);
        expect(['json', 'form']).toContain(faultOf(changed));
      }
  });

  it('a digest of other changes, even with a correct checksum', async () => {
    const { checksum: _checksum, ...saved } = await everything();
    const forged = { ...saved, digest: '0'.repeat(64) };
    expect(faultOf(documentJson({ ...forged, checksum: checksumOf(forged) }))).toBe('edited');
  });
});

describe('what is masked', () => {
  const secret = (path: readonly string[], reference: string): SecretUse => ({
    path: ['startWorkflowRequest', 'input', ...path],
    reference,
    names: ['S'],
    known: true,
  });
  const withInput = (
    input: JsonObject,
    secrets: readonly SecretUse[],
    sensitive: readonly string[][] = [],
  ) => {
    const one = wanted('a', { startWorkflowRequest: { name: 'w', input } });
    return { ...one, secrets, lifecycle: { ...one.lifecycle, sensitive } };
  };

  it.each<[string, DesiredSchedule, readonly string[]]>([
    ['a reference', withInput({ password: 'v' }, [secret(['password'], '${secret.S}')]), []],
    ['a part of a text', withInput({ token: 'x-v' }, [secret(['token'], 'x-${secret.S}')]), []],
    ['in a list beside others', withInput({ list: ['a', 'v'] }, [secret(['list', '1'], '${secret.S}')]), []],
    ['a literal', withInput({ password: 'v' }, []), ['startWorkflowRequest.input.password']],
    [
      'a number under a password',
      withInput({ list: [{ dbPassword: 5n }] }, []),
      ['startWorkflowRequest.input.list.0.dbPassword'],
    ],
    ['a number elsewhere', withInput({ token: 5n, maxTokens: 1024n }, []), []],
    [
      'a literal by its form',
      withInput({ url: 'amqp://u:' + 'pw@h' }, []),
      ['startWorkflowRequest.input.url'],
    ],
    ['nothing in it', withInput({ password: '', token: null, auth: {} }, []), []],
    [
      'a literal beside a reference',
      withInput({ auth: { user: 'u', pass: 'v' } }, [secret(['auth', 'pass'], '${secret.S}')]),
      ['startWorkflowRequest.input.auth.user'],
    ],
    [
      'a sensitive path through a list',
      withInput({ list: [{ a: 1 }] }, [], [['startWorkflowRequest', 'input', 'list', 'a']]),
      ['startWorkflowRequest.input.list.0.a'],
    ],
    ['keys with dots', withInput({ 'a.password': 'v' }, [secret(['a.password'], '${secret.S}')]), []],
    [
      'the text of another path',
      withInput({ a: { password: 'v' }, 'a.password': 'v' }, [secret(['a.password'], '${secret.S}')]),
      ['startWorkflowRequest.input.a.password'],
    ],
  ])('%s', async (_case, desired, literals) => {
    for (const there of [false, true]) {
      const world = worldOf({ serverType: 'oss-2' });
      if (there) world.scheduler.put({ ...body, name: 'a' });
      const plan = await world.plan([desired]);
      const outcome = savedPlanOf(plan, [desired], undefined);
      const found = outcome.ok
        ? []
        : outcome.diagnostics.map(({ args }) =>
            (args as { readonly field: readonly string[] }).field.join('.'),
          );
      expect(found).toStrictEqual(literals);
      if (outcome.ok) {
        expect(documentJson(outcome.saved)).not.toMatch(/"(x-)?v"/);
        const read = readSaved(documentJson(outcome.saved), 'plan.json');
        expect(read.ok && read.saved.digest).toBe(plan.digest);
      }
    }
  });

  it('the reason of a pause, and tags', async () => {
    const world = worldOf({ serverType: 'orkes-new' });
    world.scheduler.put({ ...body, name: 'a' });
    const one = wanted('a', {}, { pause: { paused: true, reason: 'r' }, tags: [tag('k')] });
    const desired = { ...one, lifecycle: { ...one.lifecycle, sensitive: [['pausedReason'], ['tags']] } };
    const plan = await world.plan([desired]);
    const outcome = savedPlanOf(plan, [desired], undefined);
    if (outcome.ok) throw new Error('saved');
    const fields = outcome.diagnostics.map(
      ({ args }) => (args as { readonly field: readonly string[] }).field[0],
    );
    expect(fields).toStrictEqual(['pausedReason', 'tags', 'tags']);
    const other = { ...desired, pause: { paused: true, reason: 'another' } };
    expect((await world.plan([other])).digest).toBe(plan.digest);
  });
});
