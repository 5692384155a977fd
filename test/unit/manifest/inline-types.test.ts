import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { same } from '../../../src/compare/same.ts';
import { inlineTypes } from '../../../src/manifest/rules/inline-types.ts';
import { isObject, type Json } from '../../../src/model/json.ts';
import { numberFrom } from '../../../src/model/number.ts';
import { workflowDefinition } from '../../../src/scheduler/body/definition.ts';

/** Every name that a class of a workflow has a property of. */
const source = readFileSync(new URL('../../../src/scheduler/body/definition.ts', import.meta.url), 'utf8');
const names = [...new Set([...source.matchAll(/name: '(\w+)'/g)].map(([, name = '']) => name))].filter(
  // A workflow or an expression that gives one, and a value of any type.
  (name) => name !== 'workflowDefinition' && name !== 'priority',
);

const scalars: readonly Json[] = [
  ...['x', '', '5', 'true', 'null', 'TRUE', '${workflow.input.x}', true, false, null],
  ...['0', '5', '-1', '60.0', '60.5', '6e1', '-0', '-0.0', '0.5', '1e400', '2147483647', '2147483648'].map(
    numberFrom,
  ),
  ...['-2147483648', '-2147483649', '-2147483648.0', '2147483647.5', '2147483648.0'].map(numberFrom),
  ...['9223372036854775807', '9223372036854775808', '-9223372036854775808', '9.3e18', '1e19'].map(numberFrom),
];

/** Where an object of each class can be in a definition. */
const inTask = (task: Json): Json => ({ tasks: [task] });
const places: readonly (readonly [place: string, path: readonly string[], holding: (part: Json) => Json])[] =
  [
    ['the workflow', [], (part) => part],
    ['its rate limit', ['rateLimitConfig'], (part) => ({ rateLimitConfig: part })],
    ['its cache', ['cacheConfig'], (part) => ({ cacheConfig: part })],
    ['its schemas', ['inputSchema'], (part) => ({ inputSchema: part })],
    ['a task', ['tasks', '0'], inTask],
    ['a task of a loop', ['tasks', '0', 'loopOver', '0'], (part) => inTask({ loopOver: [part] })],
    ['a task of a default', ['tasks', '0', 'defaultCase', '0'], (part) => inTask({ defaultCase: [part] })],
    ['a task of a fork', ['tasks', '0', 'forkTasks', '0', '0'], (part) => inTask({ forkTasks: [[part]] })],
    [
      'a task of a case',
      ['tasks', '0', 'decisionCases', 'a', '0'],
      (part) => inTask({ decisionCases: { a: [part] } }),
    ],
    ['the cache of a task', ['tasks', '0', 'cacheConfig'], (part) => inTask({ cacheConfig: part })],
    [
      'the definition of a task',
      ['tasks', '0', 'taskDefinition'],
      (part) => inTask({ taskDefinition: part }),
    ],
    [
      'the schema of that',
      ['tasks', '0', 'taskDefinition', 'outputSchema'],
      (part) => inTask({ taskDefinition: { outputSchema: part } }),
    ],
    ['a sub-workflow', ['tasks', '0', 'subWorkflowParam'], (part) => inTask({ subWorkflowParam: part })],
    [
      'a workflow inside of that',
      ['tasks', '0', 'subWorkflowParam', 'workflowDefinition'],
      (part) => inTask({ subWorkflowParam: { workflowDefinition: part } }),
    ],
    [
      'a change of state',
      ['tasks', '0', 'onStateChange', 'onStart', '0'],
      (part) => inTask({ onStateChange: { onStart: [part] } }),
    ],
  ];

const origin = { file: 'a.yaml', document: 0 };

function told(workflowDef: Json): readonly string[] {
  const startWorkflowRequest = { name: 'w', workflowDef };
  return inlineTypes({ fields: { startWorkflowRequest }, origin, meant: new Set() }).map(({ code, place }) =>
    place.kind === 'field' ? `${code} ${place.path.slice(2).join('.')}` : code,
  );
}

function at(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((inner, key) => {
    if (Array.isArray(inner)) return inner[Number(key)];
    return isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined;
  }, value);
}

/** Whether a server keeps a value by its amount; what it fills in counts as kept. */
function isKept(workflowDef: Json, path: readonly string[], value: Json): boolean {
  const stored = workflowDefinition(workflowDef);
  return stored.ok && same(at(stored.value, path), value, 'value');
}

test.each(places)('%s: what a server does not keep is told, and nothing else', (_place, path, holding) => {
  let scalarFields = 0;
  for (const name of names) {
    const where = [...path, name];
    const one = (value: Json): Json => holding({ [name]: value });
    const keeps = scalars.map((value) => isKept(one(value), where, value));
    // Otherwise it is no field of this class, or none with a scalar type.
    if (!keeps.includes(true)) continue;
    scalarFields += 1;
    for (const [index, value] of scalars.entries())
      expect([name, value, told(one(value))]).toStrictEqual([
        name,
        value,
        keeps[index] ? [] : [`wrong-type ${where.join('.')}`],
      ]);
  }
  expect(scalarFields).toBeGreaterThan(0);
});

test('texts in lists and maps, too', () => {
  const definition = {
    inputParameters: ['a', 5],
    tasks: [{ joinOn: [true], subWorkflowParam: { taskToDomain: { a: 1, b: 'x' } } }],
  };
  expect(told(definition)).toStrictEqual([
    'wrong-type inputParameters.1',
    'wrong-type tasks.0.joinOn.0',
    'wrong-type tasks.0.subWorkflowParam.taskToDomain.a',
  ]);
});

test('what is free stays free', () => {
  const free = { a: 60.5, timeoutSeconds: 'x', version: null };
  const definition = {
    variables: free,
    metadata: free,
    inputTemplate: free,
    outputParameters: free,
    tasks: [
      { inputParameters: free, metadata: free, subWorkflowParam: { priority: 60.5 }, taskDefinition: 'x' },
    ],
    unknown: { timeoutSeconds: 60.5 },
  };
  expect(told(definition)).toStrictEqual([]);
});
