import { describe, expect, test } from 'vitest';
import { type LoadOptions, loadManifests } from '../../../src/manifest/desired.ts';
import type { Scope, Variable } from '../../../src/manifest/resolve/substitute.ts';
import type { VariableValue } from '../../../src/model/config.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import type { DesiredSchedule } from '../../../src/model/schedule.ts';
import type { LocatedDiagnostic } from '../../../src/problems/diagnostic.ts';

/** Everything beside the manifest, short to write. */
interface Around {
  readonly overlay?: string;
  readonly defaults?: JsonObject;
  readonly ignore?: readonly string[];
  readonly variables?: { readonly [name: string]: VariableValue };
  readonly elsewhere?: { readonly [name: string]: readonly string[] };
  readonly env?: { readonly [name: string]: string };
  readonly missingSecrets?: Scope['missingSecrets'];
  /** Absent = what is in `env`, and M and X. */
  readonly allow?: Scope['allow'];
  readonly rules?: LoadOptions['rules'];
}

/** The configuration that `around` would be: its second line holds the variables, so that places can be told. */
const configText = `defaults: {zoneId: Mars/Base, tags: {team: "a:b"}}
variables: {region: eu-1, batch: 1000, on: "0 0 24 * * ?", zone: Mars/X}
`;
const configOrigin = { file: 'downbeat.yaml', document: 0 };

function load(text: string, around: Around = {}): ReturnType<typeof loadManifests> {
  const { overlay, defaults, ignore = [], variables = {}, elsewhere = {}, env = {} } = around;
  const known = new Map<string, Variable>(
    Object.entries(variables).map(([name, value]) => [
      name,
      { value, origin: configOrigin, at: ['variables', name] },
    ]),
  );
  const options: LoadOptions = {
    overlays: overlay === undefined ? [] : [{ path: 'overlay.yaml', text: overlay }],
    ...(defaults === undefined
      ? {}
      : { defaults: [{ value: defaults, origin: configOrigin, at: ['defaults'] }] }),
    ignore,
    scope: {
      variables: known,
      elsewhere: new Map(Object.entries(elsewhere)),
      env,
      allow: around.allow ?? { env: [...Object.keys(env), 'M', 'X'] },
      missingSecrets: around.missingSecrets ?? 'error',
    },
    config: { path: 'downbeat.yaml', text: configText },
    rules: around.rules ?? {},
  };
  return loadManifests([{ path: 'a.yaml', text }], options);
}

function desired(text: string, around: Around = {}): DesiredSchedule {
  const { desired: found, diagnostics } = load(text, around);
  expect(diagnostics).toEqual([]);
  expect(found).toHaveLength(1);
  return found[0] as DesiredSchedule;
}

/** The problems, each as `file:line:column code`. */
function problems(text: string, around: Around = {}): readonly string[] {
  return load(text, around).diagnostics.map(
    ({ diagnostic, at }: LocatedDiagnostic) => `${at?.file}:${at?.line}:${at?.column} ${diagnostic.code}`,
  );
}

const base = `name: a
cronExpression: "0 0 6 * * *"
startWorkflowRequest:
  name: w
  input: {a: 1, b: {c: 2, d: [1, 2]}}
`;

describe('an overlay', () => {
  const input = (overlay: string) => desired(base, { overlay }).schedule.startWorkflowRequest.input;

  test.each<readonly [what: string, patch: string, input: JsonObject]>([
    ['adds', '{e: 5}', { a: 1, b: { c: 2, d: [1, 2] }, e: 5 }],
    ['changes', '{a: x}', { a: 'x', b: { c: 2, d: [1, 2] } }],
    ['removes', '{b: null}', { a: 1 }],
    ['goes down', '{b: {c: null, e: 1}}', { a: 1, b: { d: [1, 2], e: 1 } }],
    ['replaces a list as a whole', '{b: {d: [3]}}', { a: 1, b: { c: 2, d: [3] } }],
    ['drops null in what is new', '{e: {f: null, g: 1}}', { a: 1, b: { c: 2, d: [1, 2] }, e: { g: 1 } }],
    ['takes the place of what is no mapping', '{a: {b: 1}}', { a: { b: 1 }, b: { c: 2, d: [1, 2] } }],
    ['does nothing when it removes what is not there', '{z: null}', { a: 1, b: { c: 2, d: [1, 2] } }],
    [
      'treats __proto__ as any key',
      '{__proto__: 1}',
      Object.fromEntries([
        ['a', 1],
        ['b', { c: 2, d: [1, 2] }],
        ['__proto__', 1],
      ]),
    ],
  ])('%s', (_what, patch, expected) => {
    expect(input(`name: a\nstartWorkflowRequest: {input: ${patch}}\n`)).toEqual(expected);
  });

  test('can complete a manifest', () => {
    const incomplete = 'name: a\nstartWorkflowRequest: {name: w}\n';
    expect(problems(incomplete)).toEqual(['a.yaml:1:1 no-cron']);
    expect(
      desired(incomplete, { overlay: 'name: a\ncronExpression: "@daily"\n' }).schedule.cronExpression,
    ).toBe('@daily');
  });

  test('finds its manifest by the resolved name', () => {
    const variables = { region: 'eu-1' };
    const overlay = 'name: "a-${var.region}"\ndescription: d\n';
    const one = desired(base.replace('name: a\n', 'name: ${var.region}-x\n'), {
      variables,
      overlay: 'name: "eu-1-x"\ndescription: d\n',
    });
    expect([one.schedule.name, one.schedule.description]).toEqual(['eu-1-x', 'd']);
    const other = desired(base.replace('name: a\n', 'name: a-eu-1\n'), { variables, overlay });
    expect(other.schedule.description).toBe('d');
  });

  test.each<readonly [what: string, overlay: string, expected: readonly string[]]>([
    ['for a name that no manifest has', 'name: b\n', ['overlay.yaml:1:7 unknown-overlay']],
    ['without a name', 'description: d\n', ['overlay.yaml:1:1 missing-key']],
    ['twice for a name', 'name: a\n---\nname: a\n', ['overlay.yaml:3:7 two-overlays']],
    ['that is no mapping', '- name: a\n- x\n', ['overlay.yaml:2:3 not-a-manifest']],
    ['with a misspelt key', 'name: a\ndescriptoin: d\n', ['overlay.yaml:2:1 unknown-key']],
    ['that would remove a misspelt key', 'name: a\ndescriptoin: null\n', ['overlay.yaml:2:1 unknown-key']],
    [
      'with a wrong value',
      'name: a\nstartWorkflowRequest:\n  priority: 100\n',
      ['overlay.yaml:3:13 wrong-value'],
    ],
    [
      'with a cron that never fires',
      'name: a\ncronExpression: "0 0 24 * * *"\n',
      ['overlay.yaml:2:22 bad-cron'],
    ],
    [
      'with a cron that never fires in a list',
      'name: a\ncronExpression: null\ncronSchedules:\n- cronExpression: "@daily"\n- {cronExpression: "* *"}\n',
      ['overlay.yaml:5:21 bad-cron'],
    ],
    [
      'that removes what is required',
      'name: a\nstartWorkflowRequest: {name: null}\n',
      ['overlay.yaml:2:30 missing-key'],
    ],
    ['with a syntax error', 'name: a\n\tx: 1\n', ['overlay.yaml:2:1 tab-indent']],
  ])('%s is a problem in the overlay', (_what, overlay, expected) => {
    expect(problems(base, { overlay }).filter((one) => !one.includes('a.yaml:'))).toEqual(expected);
  });

  test('names the nearest name', () => {
    const [{ diagnostic }] = load(base.replace('name: a', 'name: orders'), { overlay: 'name: order\n' })
      .diagnostics as [LocatedDiagnostic];
    expect(diagnostic.args).toEqual({ name: 'order', nearest: 'orders' });
  });

  test('is not reported as unknown while a manifest cannot be read', () => {
    expect(problems('name: [\n', { overlay: 'name: b\n' })).toEqual(['a.yaml:2:1 yaml-syntax']);
  });

  test('leaves problems of the manifest in the manifest', () => {
    expect(problems(base.replace('0 0 6', '0 0 26'), { overlay: 'name: a\ndescription: d\n' })).toEqual([
      'a.yaml:2:22 bad-cron',
    ]);
  });
});

describe('defaults', () => {
  const zone = { zoneId: 'Europe/Berlin' };

  test.each<readonly [what: string, text: string, zones: readonly (string | undefined)[]]>([
    ['a cron without a zone', base, ['Europe/Berlin']],
    ['one with', `${base}zoneId: Asia/Dubai\n`, ['Asia/Dubai']],
    ['one with an empty one', `${base}zoneId: ""\n`, ['Europe/Berlin']],
    [
      'several crons',
      'name: a\ncronSchedules: [{cronExpression: "@daily"}, {cronExpression: "@hourly", zoneId: UTC}]\nstartWorkflowRequest: {name: w}\n',
      ['Europe/Berlin', 'UTC'],
    ],
  ])('give a zone to %s', (_what, text, zones) => {
    const { schedule } = desired(text, { defaults: zone });
    expect(schedule.cronSchedules?.map(({ zoneId }) => zoneId) ?? [schedule.zoneId]).toEqual(zones);
  });

  test.each<readonly [tags: string, expected: readonly string[] | undefined]>([
    ['', undefined],
    ['tags: []\n', undefined],
    ['tags: {}\n', ['of=x', 'of=y', 'team=payments']],
    ['tags: {env: p}\n', ['env=p', 'of=x', 'of=y', 'team=payments']],
    ['tags: {team: mine}\n', ['of=x', 'of=y', 'team=mine']],
    ['tags: {team: []}\n', ['of=x', 'of=y']],
    ['tags: [{key: team, value: mine}]\n', ['of=x', 'of=y', 'team=mine']],
    ['tags: [{key: env, value: p}]\n', ['env=p', 'of=x', 'of=y', 'team=payments']],
  ])('add tags to %j', (tags, expected) => {
    const { tags: found } = desired(base + tags, {
      defaults: { tags: { team: 'payments', of: ['x', 'y'] } },
    });
    expect(found?.map(({ key, value }) => `${key}=${value}`)).toEqual(expected);
  });

  test('can use variables, and their problems are in the configuration', () => {
    const around = { defaults: { zoneId: '${var.zone}' } };
    expect(desired(base, { ...around, variables: { zone: 'Asia/Dubai' } }).schedule.zoneId).toBe(
      'Asia/Dubai',
    );
    expect(problems(base, { ...around, variables: { zone: 'Mars/X' } })).toEqual([
      'downbeat.yaml:2:66 bad-zone',
    ]);
    expect(problems(base, around)).toEqual(['downbeat.yaml:1:20 undefined-variable']);
  });

  test('get their own problems, once', () => {
    const two = `${base}---\n${base.replace('name: a', 'name: b')}`;
    expect(problems(two, { defaults: { zoneId: 'Mars/Base' } })).toEqual(['downbeat.yaml:1:20 bad-zone']);
    for (const tags of ['{}', '[{key: x, value: y}]'])
      expect(problems(`${base}tags: ${tags}\n`, { defaults: { tags: { team: 'a:b' } } })).toEqual([
        'downbeat.yaml:1:44 bad-tag',
      ]);
  });
});

describe('references', () => {
  const variables = { region: 'eu-1', batch: 1000, big: 12345678901234567890n, on: true, rate: 0.5 };
  const input = (value: string, around: Around = {}) =>
    desired(
      base.replace(' {a: 1, b: {c: 2, d: [1, 2]}}', () => `\n    x: ${value}`),
      { variables, ...around },
    ).schedule.startWorkflowRequest.input.x;

  test.each<readonly [written: string, value: unknown]>([
    ['"${var.region}"', 'eu-1'],
    ['${var.batch}', 1000],
    ['"${var.batch}"', 1000],
    ['" ${var.batch}"', ' 1000'],
    ['${var.big}', 12345678901234567890n],
    ['n${var.big}', 'n12345678901234567890'],
    ['${var.on}', true],
    ['${var.on}${var.rate}', 'true0.5'],
    ['"a-${var.region}-${var.batch}"', 'a-eu-1-1000'],
    ['["${var.region}", {y: "${var.batch}"}]', ['eu-1', { y: 1000 }]],
    ['{"${var.region}": 1}', { '${var.region}': 1 }],
    ['"${workflow.input.x}"', '${workflow.input.x}'],
    ['"$${var.region}"', '${var.region}'],
    ['"$${var.nowhere}"', '${var.nowhere}'],
    [String.raw`"\x24{var.region}"`, 'eu-1'],
  ])('%s', (written, value) => {
    expect(input(written)).toEqual(value);
  });

  test('a resolved value is not resolved again', () => {
    expect(input('"${var.nested}"', { variables: { nested: '${var.nested}$${env.X}' } })).toBe(
      '${var.nested}$${env.X}',
    );
  });

  test('environment variables are text, even empty text', () => {
    const env = { SHARD: '007', EMPTY: '' };
    expect(input('"${env.SHARD}"', { env })).toBe('007');
    expect(input('"${env.EMPTY}"', { env })).toBe('');
  });

  test('typed fields accept a whole reference of their type', () => {
    const text = `name: a
cronExpression: "0 0 \${var.hour} * * *"
startWorkflowRequest: {name: w, version: "\${var.batch}", priority: "\${var.five}", idempotencyKey: k, idempotencyStrategy: "\${var.strategy}"}
scheduleStartTime: \${var.day}T00:00:00Z
runCatchupScheduleInstances: \${var.on}
paused: "\${var.on}"
lifecycle: {protect: "\${var.on}"}
tags: {batch: "b\${var.batch}"}
`;
    const typed = { ...variables, hour: 5, five: 5, day: '2027-01-01', strategy: 'FAIL' };
    const one = desired(text, { variables: typed, rules: { 'catchup-ignores-window': 'off' } });
    expect(one).toMatchObject({
      schedule: {
        cronExpression: '0 0 5 * * *',
        startWorkflowRequest: { version: 1000, priority: 5, idempotencyStrategy: 'FAIL' },
        scheduleStartTime: Date.UTC(2027, 0, 1),
        runCatchupScheduleInstances: true,
      },
      pause: { paused: true },
      lifecycle: { protect: true },
      tags: [{ key: 'batch', value: 'b1000' }],
    });
  });

  const x = (value: string): string => base.replace('a: 1,', `x: ${value}, a: 1,`);
  test.each<readonly [what: string, text: string, around: Around, expected: readonly string[]]>([
    ['an undefined variable', x('"b ${var.nowhere}"'), {}, ['a.yaml:5:17 undefined-variable']],
    [
      'an undefined one in a typed field',
      `${base}paused: \${var.nowhere}\n`,
      {},
      ['a.yaml:6:9 undefined-variable'],
    ],
    [
      'an undefined one in a cron',
      base.replace(' 6 ', ' ${var.hour} '),
      {},
      ['a.yaml:2:22 undefined-variable'],
    ],
    [
      'an undefined one in a name',
      base.replace('name: a', 'name: ${var.name}'),
      {},
      ['a.yaml:1:7 undefined-variable'],
    ],
    [
      'several in one text',
      x('"${var.n}${env.M}${secret.S}"'),
      {},
      ['a.yaml:5:15 undefined-variable', 'a.yaml:5:23 undefined-env', 'a.yaml:5:31 undefined-secret'],
    ],
    [
      'a name of the prototype',
      x('"${env.constructor} ${var.toString} ${secret.valueOf}"'),
      { allow: { env: ['constructor'] } },
      ['a.yaml:5:15 undefined-env', 'a.yaml:5:34 undefined-variable', 'a.yaml:5:50 undefined-secret'],
    ],
    [
      'one that may not be read',
      x('"${env.HOME}"'),
      { allow: { env: ['HOME_'] }, env: { HOME: '/root' } },
      ['a.yaml:5:15 refused-name'],
    ],
    [
      'a secret that may not be read',
      x('"${secret.S}"'),
      { allow: { env: ['S'], secrets: ['T'] }, env: { S: 'x' } },
      ['a.yaml:5:15 refused-name'],
    ],
    ['an empty secret', x('"${secret.S}"'), { env: { S: '' } }, ['a.yaml:5:15 undefined-secret']],
    ['no name', x('"${var.}"'), {}, ['a.yaml:5:15 bad-reference']],
    ['a shell default', x('"${env.X:-y}"'), {}, ['a.yaml:5:15 bad-reference']],
    [
      'a value of the wrong type',
      `${base}paused: \${var.region}\n`,
      { variables },
      ['downbeat.yaml:2:21 wrong-type'],
    ],
    [
      'a value out of range',
      base.replace('name: w', 'name: w\n  priority: ${var.batch}'),
      { variables },
      ['downbeat.yaml:2:34 wrong-value'],
    ],
    [
      'a cron from a variable',
      base.replace('"0 0 6 * * *"', '${var.on}'),
      { variables: { on: '0 0 24 * * ?' } },
      ['downbeat.yaml:2:49 bad-cron'],
    ],
    [
      'a cron with a variable in it',
      base.replace(' 6 ', ' ${var.hour} '),
      { variables: { hour: 26 } },
      ['a.yaml:2:17 bad-cron'],
    ],
    [
      'a cron from the environment',
      base.replace('"0 0 6 * * *"', '${env.CRON}'),
      { env: { CRON: '* *' } },
      ['a.yaml:2:17 bad-cron'],
    ],
    [
      'text for a truth value',
      `${base}paused: \${env.PAUSED}\n`,
      { env: { PAUSED: 'true' } },
      ['a.yaml:6:9 wrong-type'],
    ],
  ])('%s', (_what, text, around, expected) => {
    expect(problems(text, around)).toEqual(expected);
  });

  test('an undefined one in an overlay is a problem there', () => {
    const overlay = 'name: a\ndescription: "in ${var.nowhere}"\n';
    expect(problems(base, { overlay })).toEqual(['overlay.yaml:2:18 undefined-variable']);
  });

  test('a cron with a variable in it, in an overlay', () => {
    const overlay = 'name: a\ncronExpression: "0 0 ${var.hour} * * *"\n';
    expect(problems(base, { overlay, variables: { hour: 26 } })).toEqual(['overlay.yaml:2:17 bad-cron']);
  });

  test('an undefined one names the nearest, or the environment that has it', () => {
    const args = (text: string, around: Around) => load(x(text), around).diagnostics[0]?.diagnostic.args;
    expect(args('"${var.regoin}"', { variables })).toEqual({
      name: 'regoin',
      nearest: 'region',
      environments: [],
    });
    expect(args('"${var.zone}"', { elsewhere: { zone: ['staging'] } })).toEqual({
      name: 'zone',
      environments: ['staging'],
    });
  });

  test.each([
    '${env.GITHUB_TOKEN}',
    '${env.GITHUB_HEAD_REF}',
    '${env.ACTIONS_RUNTIME_TOKEN}',
    '${env.RUNNER_TEMP}',
    '${env.INPUT_SERVER}',
    '${env.CONDUCTOR_AUTH_SECRET}',
    '${env.conductor_auth_secret}',
    '${env.CI_JOB_TOKEN}',
    '${env.DOWNBEAT_DIGEST_KEY}',
    '${secret.GITHUB_TOKEN}',
    '${secret.CONDUCTOR_AUTH_SECRET}',
    '${secret.RUNNER_X}',
    '${secret.CI_JOB_TOKEN}',
    '${secret.DOWNBEAT_DIGEST_KEY}',
  ])('%s is refused, set or not', (reference) => {
    const name = /\.(.*)\}/.exec(reference)?.[1] ?? '';
    for (const env of [{}, { [name]: 'value-of-it' }]) {
      const { diagnostics, desired: found } = load(x(`"${reference}"`), { env });
      expect(diagnostics.map(({ diagnostic }) => diagnostic.code)).toEqual(['refused-name']);
      expect(found).toEqual([]);
      expect(JSON.stringify(diagnostics)).not.toContain('value-of-it');
    }
  });
});

describe('secrets', () => {
  const env = { ORDERS_KEY: 'k-123456', OTHER: 'o-123456' };
  const text = base.replace(
    'a: 1,',
    () =>
      'key: "${secret.ORDERS_KEY}", list: [{both: "${var.region} ${secret.OTHER}/${secret.ORDERS_KEY}/${secret.OTHER} $${env.X}"}],',
  );
  const variables = { region: 'eu-1' };
  const paths = {
    key: ['startWorkflowRequest', 'input', 'key'],
    both: ['startWorkflowRequest', 'input', 'list', '0', 'both'],
  };

  test('are in the schedule, with their places', () => {
    const one = desired(text, { env, variables });
    expect(one.schedule.startWorkflowRequest.input).toMatchObject({
      key: 'k-123456',
      list: [{ both: 'eu-1 o-123456/k-123456/o-123456 ${env.X}' }],
    });
    expect(one.secrets).toEqual([
      { path: paths.key, reference: '${secret.ORDERS_KEY}', names: ['ORDERS_KEY'], known: true },
      {
        path: paths.both,
        reference: 'eu-1 ${secret.OTHER}/${secret.ORDERS_KEY}/${secret.OTHER} $${env.X}',
        names: ['OTHER', 'ORDERS_KEY'],
        known: true,
      },
    ]);
  });

  test('that are missing stay references if allowed', () => {
    const { schedule, secrets } = desired(text, {
      env: { OTHER: 'o-123456' },
      variables,
      missingSecrets: 'opaque',
    });
    expect(schedule.startWorkflowRequest.input).toMatchObject({
      key: '${secret.ORDERS_KEY}',
      list: [{ both: 'eu-1 ${secret.OTHER}/${secret.ORDERS_KEY}/${secret.OTHER} $${env.X}' }],
    });
    expect(secrets?.map(({ known }) => known)).toEqual([false, false]);
  });

  test('a manifest without secrets has no such field', () => {
    expect(desired(base, { env })).not.toHaveProperty('secrets');
  });

  test.each([
    ['description', `${base}description: "\${secret.ORDERS_KEY}"\n`, 'a.yaml:6:15'],
    ['the workflow', base.replace('name: w', 'name: ${secret.ORDERS_KEY}'), 'a.yaml:4:9'],
    ['all of the input', base.replace(/input:.*/, 'input: ${secret.ORDERS_KEY}'), 'a.yaml:5:10'],
    ['a tag', `${base}tags: {a: "\${secret.ORDERS_KEY}"}\n`, 'a.yaml:6:12'],
    [
      'the correlation id',
      base.replace('name: w', 'name: w\n  correlationId: ${secret.ORDERS_KEY}'),
      'a.yaml:5:18',
    ],
  ])('are refused in %s', (_what, manifest, place) => {
    const { diagnostics } = load(manifest, { env });
    expect(JSON.stringify(diagnostics)).not.toContain('k-123456');
    expect(problems(manifest, { env })).toEqual([`${place} secret-outside-input`]);
  });

  test('and in defaults', () => {
    expect(problems(base, { env, defaults: { zoneId: '${secret.ORDERS_KEY}' } })).toEqual([
      'downbeat.yaml:1:20 secret-outside-input',
    ]);
  });
});

test('a manifest with an ignored name', () => {
  expect(problems(base.replace('name: a', 'name: adhoc-1'), { ignore: ['x', 'adhoc-*'] })).toEqual([
    'a.yaml:1:7 ignored-name',
  ]);
  expect(problems(base, { ignore: ['adhoc-*'] })).toEqual([]);
});
