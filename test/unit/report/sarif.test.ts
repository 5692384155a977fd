import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadManifests } from '../../../src/manifest/desired.ts';
import { type LocatedDiagnostic, problem } from '../../../src/problems/diagnostic.ts';
import { withRun } from '../../../src/report/documents/document.ts';
import { validationDocument } from '../../../src/report/documents/validation.ts';
import { renderSarif } from '../../../src/report/formats/sarif.ts';

/** OASIS's schema, as Microsoft's package has it. */
const path = createRequire(import.meta.url).resolve(
  '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
);
const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(path, 'utf8'));
const valid = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);

interface Log {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly level: string;
        readonly message: { readonly text: string };
        readonly locations: readonly [
          {
            readonly physicalLocation: {
              readonly artifactLocation: { readonly uri: string };
              readonly region?: Readonly<Record<string, number>>;
            };
          },
        ];
      }[];
    },
  ];
}

function logOf(problems: readonly LocatedDiagnostic[]): Log {
  const document = withRun(validationDocument({ files: 1, manifests: 1 }, problems), {
    command: 'validate',
    identity: '5f0c2a9be1d47763',
    directory: 'schedules',
  });
  const log = JSON.parse(renderSarif(document));
  valid(log);
  expect(valid.errors).toBeNull();
  return log;
}

test('the schema refuses what is not SARIF', () => {
  expect(valid({ version: '2.1.0' })).toBe(false);
  expect(valid({ version: '2.1.0', runs: [{ tool: {} }] })).toBe(false);
});

test('problems of a manifest', () => {
  const text = 'name: 😀a\ncronExpresion: "0 0 6 * * *"\nstartWorkflowRequest: {name: w}\n';
  const [run] = logOf(loadManifests([{ path: 'schedules/à b.yaml', text }]).diagnostics).runs;
  expect(run.results.map(({ ruleId }) => ruleId)).toContain('unknown-key');
  expect(run.results[0]).toStrictEqual({
    ruleId: 'unknown-key',
    ruleIndex: run.tool.driver.rules.findIndex(({ id }) => id === 'unknown-key'),
    level: 'error',
    message: { text: 'unknown key "cronExpresion"\nhint: did you mean "cronExpression"?' },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'schedules/%C3%A0%20b.yaml', uriBaseId: '%SRCROOT%' },
          region: { startLine: 2, startColumn: 1, endLine: 2, endColumn: 14 },
        },
      },
    ],
  });
  expect(run.tool.driver.rules[run.results[0]?.ruleIndex ?? -1]).toMatchObject({
    id: 'unknown-key',
    shortDescription: { text: 'an unknown field; the message suggests the nearest one' },
    defaultConfiguration: { level: 'error' },
  });
});

test('each rule once, and an empty report', () => {
  const twice = ['a', 'b'].map((name) => ({ diagnostic: problem('no-cron', { name }, { kind: 'nowhere' }) }));
  expect(logOf(twice).runs[0].tool.driver.rules).toHaveLength(1);
  expect(logOf([]).runs[0]).toMatchObject({ results: [], tool: { driver: { rules: [] } } });
});

test('a problem without a place is at the directory', () => {
  const [run] = logOf([
    { diagnostic: problem('no-manifests', { path: 'schedules' }, { kind: 'nowhere' }) },
  ]).runs;
  expect(run.results[0]?.locations[0].physicalLocation).toStrictEqual({
    artifactLocation: { uri: 'schedules', uriBaseId: '%SRCROOT%' },
  });
});

describe('text of others', () => {
  test('is valid, relative, and not a link', () => {
    const parts = fc.constantFrom(
      '[a](http://x)',
      '](',
      '{0}',
      ':',
      '%',
      '#',
      '?',
      '\\',
      ' ',
      '\n',
      '\u202e',
      '\ud800',
      '::error::',
      '😀',
    );
    const text = fc.array(fc.oneof(parts, fc.string({ unit: 'binary', maxLength: 4 })), { minLength: 1 });
    fc.assert(
      fc.property(
        text.map((all) => all.join('')),
        (nasty) => {
          const at = { file: `schedules/${nasty}`, line: 1, column: 1 };
          const diagnostic = problem('no-cron', { name: nasty }, { kind: 'nowhere' });
          const [run] = logOf([{ diagnostic, at }]).runs;
          const [result] = run.results;
          expect(result?.message.text).not.toMatch(/(?<!\\)\]\(|\p{Bidi_Control}|[^\P{Cc}\n]/u);
          const { uri } = result?.locations[0].physicalLocation.artifactLocation ?? { uri: '' };
          expect(uri).toMatch(/^schedules\/[\w\-.!~*'()%/]*$/);
          expect(decodeURIComponent(uri)).toBe(`schedules/${nasty.replace(/\p{Surrogate}/gu, '\ufffd')}`);
        },
      ),
    );
  });
});
