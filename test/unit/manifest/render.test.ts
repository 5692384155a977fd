import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LoadOptions, loadManifests } from '../../../src/manifest/desired.ts';
import { renderManifests } from '../../../src/manifest/edit/render.ts';
import type { Json, JsonObject } from '../../../src/model/json.ts';
import { canonicalJson, writeJson } from '../../../src/model/json.ts';
import { compareText, type DesiredSchedule, type Lifecycle } from '../../../src/model/schedule.ts';
import { anyDesired } from '../../support/desired.ts';
import { anyKey } from '../../support/values.ts';

const env = { ORDERS_KEY: 'k-123456', OTHER: '$', NUMBER: '007' };
const scope = (missingSecrets: 'error' | 'opaque'): LoadOptions => ({
  scope: {
    variables: new Map<string, { readonly value: string | number }>([
      ['region', { value: 'eu-1' }],
      ['batch', { value: 100 }],
      ['literal', { value: '${secret.ORDERS_KEY}' }],
      ['dollar', { value: '5$' }],
    ]),
    elsewhere: new Map(),
    env: missingSecrets === 'error' ? env : { NUMBER: '007' },
    allow: { env: ['NUMBER'] },
    missingSecrets,
  },
});

function read(text: string, options: LoadOptions = {}): readonly DesiredSchedule[] {
  // Random values break rules that are a matter of judgement.
  const { desired, diagnostics } = loadManifests([{ path: 'a.yaml', text }], {
    ...options,
    rules: { all: 'off' },
  });
  expect(diagnostics).toEqual([]);
  return desired.map((one) => ({ ...one, origin: { file: '', document: 0 } }));
}

/** As text: keys such as `constructor` mislead comparisons of objects. */
function exactly(desired: readonly DesiredSchedule[]): string {
  return canonicalJson(desired as unknown as Json);
}

function byName(desired: readonly DesiredSchedule[]): readonly DesiredSchedule[] {
  return [...desired]
    .sort((a, b) => compareText(a.schedule.name, b.schedule.name))
    .map((one) => ({ ...one, origin: { file: '', document: 0 } }));
}

test('a complete manifest', () => {
  const text = `
startWorkflowRequest:
  input: {secret: "Bearer \${secret.ORDERS_KEY}", id: 12345678901234567890, own: "\${workflow.input.x}", lit: "$\${var.x}", n: "\${var.batch}"}
  priority: 5
  name: order_processing
  version: 3
tags: [{key: team, value: b}, {key: team, value: a}, {key: "on", value: "no"}]
name: daily
cronExpression: "0 0 0 * * ?"
scheduleStartTime: 2027-01-01T00:00:00-05:00
scheduleEndTime: 1830297599001
paused: true
pausedReason: "yes"
description: "several\\nlines"
lifecycle: {protect: true, ignoreChanges: [startWorkflowRequest.input.n], previousNames: [old], sensitive: [startWorkflowRequest.input.secret], notSensitive: [startWorkflowRequest.input.id]}
---
name: a
cronSchedules: [{cronExpression: "@daily", zoneId: Europe/Berlin}]
startWorkflowRequest: {name: w}
runCatchupScheduleInstances: true
paused: false
tags: {}
`;
  expect(renderManifests(read(text, scope('opaque')))).toBe(`name: a
cronSchedules:
  - cronExpression: "@daily"
    zoneId: Europe/Berlin
startWorkflowRequest:
  name: w
runCatchupScheduleInstances: true
paused: false
tags: {}
---
name: daily
description: |-
  several
  lines
cronExpression: "0 0 0 * * ?"
zoneId: UTC
startWorkflowRequest:
  name: order_processing
  version: 3
  input:
    secret: "Bearer \${secret.ORDERS_KEY}"
    id: 12345678901234567890
    own: "\${workflow.input.x}"
    lit: "$\${var.x}"
    "n": 100
  priority: 5
scheduleStartTime: "2027-01-01T05:00:00Z"
scheduleEndTime: "2027-12-31T23:59:59.001Z"
paused: true
pausedReason: "yes"
tags:
  "on": "no"
  team:
    - a
    - b
lifecycle:
  protect: true
  ignoreChanges:
    - startWorkflowRequest.input.n
  previousNames:
    - old
  sensitive:
    - startWorkflowRequest.input.secret
  notSensitive:
    - startWorkflowRequest.input.id
`);
});

test('nothing is nothing', () => {
  expect(renderManifests([])).toBe('');
});

describe('printed manifests read back as the same schedules', () => {
  const path = fc.constantFrom(['description'], ['startWorkflowRequest', 'input', 'a']);
  const inputPath = fc.constantFrom(
    ['startWorkflowRequest', 'input', 'a'],
    ['startWorkflowRequest', 'input', 'b', 'c'],
  );
  const lifecycle: fc.Arbitrary<Lifecycle> = fc.record({
    protect: fc.boolean(),
    ignoreChanges: fc.array(path, { maxLength: 2 }),
    previousNames: fc.array(fc.constantFrom('old', 'ключ', '${var.x}', 'no: '), { maxLength: 2 }),
    sensitive: fc.array(inputPath, { maxLength: 2 }),
    notSensitive: fc.array(inputPath, { maxLength: 2 }),
  });
  /** No two manifests may claim one previous name. */
  const own = (one: Lifecycle, index: number): Lifecycle => ({
    ...one,
    previousNames: one.previousNames.map((name) => `${name}${index}`),
  });

  test('for any schedules', () => {
    fc.assert(
      fc.property(anyDesired, fc.array(lifecycle, { minLength: 5, maxLength: 5 }), (desired, lifecycles) => {
        const whole = desired.map((one, index) => ({
          ...one,
          lifecycle: own(lifecycles[index] ?? one.lifecycle, index),
        }));
        const text = renderManifests(whole);
        const again = read(text);
        expect(exactly(again)).toBe(exactly(byName(whole)));
        expect(renderManifests(again)).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  const piece = fc.constantFrom(
    '${secret.ORDERS_KEY}',
    '${secret.OTHER}',
    '${var.region}',
    '${var.batch}',
    '${var.literal}',
    '${env.NUMBER}',
    '$${var.region}',
    '$$${secret.X}',
    '${workflow.input.x}',
    '$',
    '{var.region}',
    ' ',
    'a',
    '\n',
  );
  const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
  const value = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      text,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(anyKey, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).value;
  const input = fc.dictionary(anyKey, value, { maxKeys: 4, noNullPrototype: true });

  test.each(['error', 'opaque'] as const)('with references in them, missing secrets: %s', (missing) => {
    let withSecrets = 0;
    fc.assert(
      fc.property(input, text, (fields: JsonObject, description) => {
        const manifest = writeJson({
          name: 'a',
          cronExpression: '@daily',
          description: `d${description}`.replaceAll('${secret.', '${workflow.'),
          startWorkflowRequest: { name: 'w', input: fields },
        });
        const desired = read(manifest, scope(missing));
        const rendered = renderManifests(desired);
        if (missing === 'error') expect(rendered).not.toContain('k-123456');
        const again = read(rendered, { scope: { ...noVariables, ...scoped(missing) } });
        expect(exactly(again)).toBe(exactly(desired));
        if (desired.some(({ secrets }) => secrets !== undefined)) withSecrets += 1;
      }),
      { numRuns: 400 },
    );
    expect(withSecrets).toBeGreaterThan(50);
  });
});

const noVariables = { variables: new Map<string, never>(), elsewhere: new Map<string, never>() };

function scoped(missingSecrets: 'error' | 'opaque'): {
  readonly env: Readonly<Record<string, string>>;
  readonly allow: { readonly env: readonly string[] };
  readonly missingSecrets: 'error' | 'opaque';
} {
  return { env: missingSecrets === 'error' ? env : {}, allow: { env: ['NUMBER'] }, missingSecrets };
}

test('a value that ends in a dollar before a secret cannot be written', () => {
  const text = `{name: a, cronExpression: "@daily", startWorkflowRequest: {name: w, input: {x: "\${var.dollar}\${secret.ORDERS_KEY}"}}}`;
  const { diagnostics } = loadManifests([{ path: 'a.yaml', text }], scope('error'));
  expect(diagnostics.map(({ diagnostic }) => diagnostic)).toMatchObject([
    { code: 'bad-reference', args: { fault: 'dollar-before-secret' } },
  ]);
});
