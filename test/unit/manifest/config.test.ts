import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { finderIn, locate } from '../../../src/manifest/read/locate.ts';
import { readConfig } from '../../../src/manifest/resolve/config.ts';

const whole = `server: {url: https://conductor.example.com/api, type: auto}
manifests: schedules
owner: payments-platform
prune: false
ignore: ["adhoc-*"]
defaults: {zoneId: Europe/Berlin, tags: {team: payments, of: [a, b]}}
limits: {deletes: 30%, updates: none, firesPerDay: 5000, firesPerMinute: none}
environments:
  staging: {server: {url: https://staging.example.com}, overlays: overlays/staging, variables: {region: eu-1}}
  production: {server: {url: https://conductor.example.com}, variables: {region: us-1, batch: 12345678901234567890, on: true}}
`;

function problems(text: string): readonly string[] {
  const source = { path: 'downbeat.yaml', text };
  const { file, diagnostics } = readConfig(source);
  if (diagnostics.length > 0) expect(file).toEqual({});
  return locate(diagnostics, finderIn([source])).map(
    ({ diagnostic, at }) => `${at?.line}:${at?.column} ${diagnostic.code}`,
  );
}

test('a complete configuration', () => {
  const { file, diagnostics } = readConfig({ path: 'downbeat.yaml', text: whole });
  expect(diagnostics).toEqual([]);
  expect(file).toEqual({
    server: { url: 'https://conductor.example.com/api', type: 'auto' },
    manifests: 'schedules',
    owner: 'payments-platform',
    prune: false,
    ignore: ['adhoc-*'],
    defaults: { zoneId: 'Europe/Berlin', tags: { team: 'payments', of: ['a', 'b'] } },
    limits: { deletes: '30%', updates: 'none', firesPerDay: 5000, firesPerMinute: 'none' },
    environments: {
      staging: {
        server: { url: 'https://staging.example.com' },
        overlays: 'overlays/staging',
        variables: { region: 'eu-1' },
      },
      production: {
        server: { url: 'https://conductor.example.com' },
        variables: { region: 'us-1', batch: 12345678901234567890n, on: true },
      },
    },
  });
});

test.each(['', '# nothing yet\n', '---\n', '{}\n'])('%j is an empty configuration', (text) => {
  expect(problems(text)).toEqual([]);
});

describe('what is wrong, and where', () => {
  test.each<readonly [what: string, text: string, expected: readonly string[]]>([
    ['a list', '- a: 1\n', ['1:3 not-a-config']],
    ['a text', 'owner\n', ['1:1 not-a-config']],
    ['two documents', 'owner: a\n---\nowner: b\n', ['1:1 not-a-config']],
    ['no YAML', 'owner: "a\n', ['1:8 unclosed-quote']],
    ['a key twice', 'owner: a\nowner: b\n', ['2:1 duplicate-key']],
    ['an unknown key', 'owner: a\nmanifest: x\n', ['2:1 unknown-key']],
    ['an unknown key further in', 'limits:\n  delete: 3\n', ['2:3 unknown-key']],
    ['an unknown key of an environment', 'environments:\n  a:\n    variable: {}\n', ['3:5 unknown-key']],
    ['a variable with an odd name', 'environments: {a: {variables: {"a b": 1}}}\n', ['1:32 unknown-key']],
    ['a list as a variable', 'environments: {a: {variables: {a: [1]}}}\n', ['1:32 wrong-type']],
    ['a variable without a value', 'environments: {a: {variables: {a: }}}\n', ['1:32 wrong-type']],
    ['a text for a truth value', 'prune: "no"\n', ['1:8 wrong-type']],
    ['a truth value of YAML 1.1', 'prune: no\n', ['1:8 wrong-type']],
    ['a limit of another form', 'limits: {deletes: 30 percent}\n', ['1:19 wrong-value']],
    ['a share over all', 'limits: {deletes: 101%}\n', ['1:19 wrong-value']],
    ['a limit below nothing', 'limits: {deletes: -1}\n', ['1:19 wrong-value']],
    ['half a schedule', 'limits: {deletes: 1.5}\n', ['1:19 wrong-type']],
    ['a share of fires', 'limits: {firesPerDay: 30%}\n', ['1:23 wrong-value']],
    ['an owner that could not stand in a marker', 'owner: "a; protected"\n', ['1:8 wrong-value']],
    ['a server type that does not exist', 'server: {type: oss-9}\n', ['1:16 wrong-value']],
    ['nothing behind a key', 'server:\n', ['1:1 wrong-type']],
    [
      'references',
      'owner: "${env.TEAM}"\nserver: {url: "https://${var.host}/api"}\n',
      ['1:8 reference-in-config', '2:15 reference-in-config'],
    ],
    [
      'references in variables',
      'environments: {a: {variables: {k: "${secret.K}"}}}\n',
      ['1:35 reference-in-config'],
    ],
  ])('%s', (_what, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test('the nearest key is named', () => {
    const { diagnostics } = readConfig({ path: 'downbeat.yaml', text: 'ingore: []\nmanifest: x\n' });
    expect(diagnostics.map(({ args }) => args)).toEqual([
      { key: 'ingore', nearest: 'ignore', parent: [] },
      { key: 'manifest', nearest: 'manifests', parent: [] },
    ]);
  });

  test('accepts references in defaults, and text that only looks like one', () => {
    expect(problems('defaults: {zoneId: "${var.zone}"}\nmanifests: "$${var.x}"\nowner: a\n')).toEqual([]);
    expect(problems('ignore: ["${workflow.x}"]\n')).toEqual([]);
  });
});

interface Part {
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly properties?: { readonly [name: string]: Part };
  readonly $ref?: string;
  readonly additionalProperties?: unknown;
}

describe('the schema for editors', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../../schemas/config.schema.json', import.meta.url), 'utf8'),
  ) as Part & { readonly $id: string; readonly $defs: { readonly [name: string]: Part } };
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  ajv.addSchema(schema);
  const fields = Object.entries(schema.$defs).flatMap(([name, part]) =>
    Object.entries(part.properties ?? {}).map(([field, described]) => ({
      pointer: `#/$defs/${name}/properties/${field}`,
      part: { ...schema.$defs[described.$ref?.split('/').at(-1) ?? ''], ...described },
    })),
  );

  test('has fields', () => {
    expect(fields.length).toBeGreaterThan(15);
  });

  test.each(fields)('$pointer has a description and examples that it takes', ({ pointer, part }) => {
    expect(part.description).toMatch(/^[A-Z].+\.$/s);
    expect(part.examples?.length).toBeGreaterThan(0);
    const takes = ajv.getSchema(`${schema.$id}${pointer}`);
    for (const example of part.examples ?? []) expect(takes?.(example)).toBe(true);
  });

  test("no object accepts unknown keys, except maps with names of the user's choice", () => {
    for (const { properties, additionalProperties } of Object.values(schema.$defs))
      if (properties !== undefined) expect(additionalProperties).toBe(false);
  });
});
