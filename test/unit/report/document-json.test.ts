import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { agendaOf } from '../../../src/fires/agenda.ts';
import { loadOf } from '../../../src/fires/load.ts';
import type { ChangeFires } from '../../../src/model/timing.ts';
import { problem } from '../../../src/problems/diagnostic.ts';
import { agendaDocument } from '../../../src/report/documents/agenda.ts';
import { type BasePlanFacts, basePlanDocument } from '../../../src/report/documents/base-plan.ts';
import { documentOf, withRun } from '../../../src/report/documents/document.ts';
import { driftDocument } from '../../../src/report/documents/drift.ts';
import { problemEntry } from '../../../src/report/documents/entries.ts';
import { failureDocument } from '../../../src/report/documents/failure.ts';
import { loadDocument, loadPicture } from '../../../src/report/documents/load.ts';
import { nextDocument } from '../../../src/report/documents/next.ts';
import { auditDocument } from '../../../src/report/documents/on-call/audit.ts';
import { planDocument } from '../../../src/report/documents/plan.ts';
import { pullDocument } from '../../../src/report/documents/pull.ts';
import { resultDocument } from '../../../src/report/documents/result.ts';
import { statusDocument } from '../../../src/report/documents/status.ts';
import { switchDocument } from '../../../src/report/documents/switch.ts';
import { validationDocument } from '../../../src/report/documents/validation.ts';
import { documentJson } from '../../../src/report/formats/document-json.ts';
import { policyReport } from '../../../src/report/policies/policy-report.ts';
import { create, failed, field, leave, plan, pullResult, remove, rename, result, update } from './samples.ts';

const hide = { showSensitive: false };
const input = 'startWorkflowRequest.input';
const problems = [
  {
    diagnostic: problem(
      'bad-cron',
      { expression: '* *', why: 'x', hint: 'y' },
      { kind: 'file', file: 'a.yaml' },
    ),
    at: { file: 'a.yaml', line: 3, column: 1, endLine: 3, endColumn: 4, source: 'x: * *' },
  },
  { diagnostic: problem('tags-not-kept', { names: ['x'] }, { kind: 'nowhere' }) },
];
const whole = plan([
  create('a', [
    field('startWorkflowRequest', undefined, { name: 'w', input: { password: 'p', id: 2n ** 70n } }),
  ]),
  update('b', [
    field(`${input}.token`, 'old', 'new'),
    field('paused', false, true),
    field('tags', [], [{ key: 'a', value: 'b' }]),
  ]),
  update('c', [field('paused', true, false)], { pausedBefore: true, pausedReasonBefore: 'r', facts: {} }),
  remove('d', { fields: [field('zoneId', 'UTC', undefined)] }),
  leave('e', { origin: { file: 'x.yaml', document: 1, item: 0 } }),
  rename('f', ['f-old'], [field('name', 'f-old', 'f'), field(`${input}.token`, 'old', 'new')]),
  leave('g', { reason: 'rename-refused' }),
]);
const nothingFires = loadOf([], 0);
const overCommit: BasePlanFacts = {
  base: { ref: 'main...', commit: '0'.repeat(40), isMergeBase: true, state: 'read' },
  plan: whole,
  settings: [{ setting: 'owner', after: 'team' }],
  allowances: [
    { code: 'never-fires', reason: 'r', before: 'b', schedule: 'a', at: { file: 'x.yaml', line: 1 } },
  ],
  load: { before: nothingFires, after: nothingFires },
  problems,
  isNew: ({ at }) => at !== undefined,
  ended: [],
};
const outcome = result(
  [
    {
      name: 'a',
      step: {
        kind: 'save',
        mode: 'create',
        schedule: {
          name: 'a',
          startWorkflowRequest: { name: 'w', input: { password: 'p' }, taskToDomain: {}, priority: 0 },
          runCatchupScheduleInstances: false,
          paused: false,
        },
      },
      outcome: 'failed',
      failure: failed(),
      note: 'n',
    },
    { name: 'b', step: { kind: 'untag', tags: [] }, outcome: 'failed', notKept: [['tags']] },
    { name: 'c', step: { kind: 'resume' }, outcome: 'already', origin: { file: 'x.yaml', document: 0 } },
    { name: 'd', step: { kind: 'delete' }, outcome: 'not-run' },
    { name: 'e', step: { kind: 'pause' }, outcome: 'stale' },
    { name: 'f', step: { kind: 'save', mode: 'copy', from: 'f-old', set: [], unset: [] }, outcome: 'done' },
    { name: 'f-old', step: { kind: 'delete', old: 'f-old' }, outcome: 'done', note: 'n' },
  ],
  { interrupted: true, possiblyMissed: [{ name: 'nightly', at: 1_795_399_200_000 }] },
);
const pulled = pullResult(problems);
const { status: _status, schedule: _schedule, ...connection } = failed({ kind: 'dns' });

const schedule = {
  name: 'nightly',
  cronExpression: '0 0/5 * * * ?',
  zoneId: 'Europe/Berlin',
  startWorkflowRequest: { name: 'w', input: {}, taskToDomain: {}, priority: 0 },
  runCatchupScheduleInstances: false,
  paused: false,
};
const daily = { ...schedule, name: 'daily', cronExpression: '@daily' };
const paused = { ...schedule, name: 'idle', paused: true };
const day = { from: 1_795_000_000_000, to: 1_795_086_400_000 };

const timers = [
  { cronExpression: '0 0 9 * * ?', zoneId: 'UTC', words: 'at 09:00 every day' },
  { cronExpression: '0 9 * * *', zoneId: 'UTC' },
];
const after = { timers, paused: false, next: [{ at: 0, local: '1970-01-01T00:00:00Z' }], mostPerDay: 1 };
const fires: ReadonlyMap<string, ChangeFires> = new Map([
  ['a', { after, soon: 48_000 }],
  ['b', { before: { ...after, paused: true, next: [], mostPerDay: 0 }, after }],
]);

const page = {
  at: 1_795_399_200_000,
  load: loadPicture(loadOf([schedule, paused], day.from), loadOf([daily], day.from)),
  subjects: new Map([
    ['a', { workflow: 'w', owner: 'o', tags: [{ key: 'k', value: 'v' }] }],
    ['b', { workflow: 'w' }],
  ]),
};
const windows = [{ first: day.from, last: day.from + 9000, count: 4 }];
const drawn: ReadonlyMap<string, ChangeFires> = new Map([
  ['a', { after, timeline: { ...day, after: windows } }],
  ['b', { before: after, after, timeline: { ...day, before: [], after: windows } }],
]);

const run = {
  command: 'plan',
  identity: '5f0c2a9be1d47763',
  directory: 'schedules',
  environment: 'staging',
  server: 'https://conductor.example.com/api',
  selection: { target: ['a'], exclude: [], selector: [{ key: 'team', value: 'x' }] },
};

const target = { url: 'https://c.example.com/api', serverType: 'oss-2', version: '3.32.1' } as const;
const time = '2026-11-23T12:00:00Z';
const ran = {
  id: 'e',
  schedule: 'a',
  scheduledTime: time,
  executionTime: time,
  state: 'EXECUTED',
  workflow: 'w',
};
const onCall: readonly (readonly [schema: string, object])[] = [
  [
    'status',
    statusDocument({
      tz: '2025c',
      target,
      at: time,
      manifests: 'compared',
      ofOtherOwners: 0,
      asked: ['a'],
      schedules: [
        { name: 'a', state: 'active', nextFire: time, lastRun: { ...ran, workflowId: 'i' }, drift: 'none' },
        { name: 'b', state: 'paused', pause: { reason: 'r', by: 'u', at: time }, drift: 'unknown' },
        { name: 'c', state: 'missing', lastRunUnknown: true, drift: 'renamed' },
        { name: 'd', state: 'active', overdue: time, tags: [{ key: 'k', value: 'v' }] },
      ],
      stopped: { since: time, schedules: 2 },
      problems: problems.map(problemEntry),
    }),
  ],
  [
    'show',
    documentOf('show', {
      target,
      at: time,
      name: 'a',
      state: 'paused',
      description: 'd',
      timers: [{ cronExpression: 'c', zoneId: 'UTC', words: 'w' }],
      startTime: time,
      endTime: time,
      catchup: true,
      next: [{ at: time, local: 'l' }],
      leftOut: [{ date: '2026-12-25', calendar: 'c', what: 'w' }],
      kept: [{ date: '2026-12-24', calendar: 'c', what: 'w' }],
      pause: { reason: 'r', by: 'u', at: time },
      overdue: time,
      workflow: { name: 'w', version: 1, correlationId: 'i', priority: 2, input: { a: [1] } },
      manifest: { file: 'f', document: 0, item: 1, line: 2 },
      drift: 'none',
      owner: 'o',
      protected: true,
      tags: [{ key: 'k', value: 'v' }],
      created: { at: time, by: 'u' },
      changed: { at: time },
      runs: [ran],
      runsUnknown: 'why',
    }),
  ],
  [
    'audit',
    auditDocument({
      tz: '2025c',
      target,
      at: 10_000,
      from: 1000,
      to: 9000,
      by: 'manifests',
      asked: ['a*'],
      usual: { runs: 7, median: 300, lateAfter: 10_000, missedAfter: 30_000 },
      stopped: { since: 2000, schedules: 2 },
      readFrom: 1500,
      outcomes: { asked: 1, left: 2 },
      requests: 3,
      schedules: [
        {
          name: 'a',
          state: 'active',
          changed: 500,
          counts: { ran: 1, late: 1, failed: 1, missed: 1, due: 1, unknown: 5, unexpected: 1 },
          overdue: { since: 3000, cause: 'server' },
          lastSuccess: 2000,
          earlier: 2,
          drift: 'none',
          left: 4,
          groups: [
            {
              class: 'late',
              count: 1,
              first: 1000,
              last: 1000,
              late: { least: 1, most: 2 },
              workflowId: 'i',
            },
            { class: 'failed', count: 1, first: 2000, last: 2000, reason: 'r' },
            {
              class: 'missed',
              count: 2,
              first: 3000,
              last: 4000,
              why: { kind: 'behind', run: 1000, started: 4500 },
            },
            ...(
              [
                { kind: 'changed', at: 1 },
                { kind: 'other-moment', at: 2 },
                { kind: 'history' },
                { kind: 'state', state: 's' },
                { kind: 'runaway' },
              ] as const
            ).map((why) => ({ class: 'unknown' as const, count: 1, first: 5000, last: 5000, why })),
            { class: 'unexpected', count: 1, first: 6000, last: 6000, why: { kind: 'again' } },
          ],
        },
        {
          name: 'b',
          state: 'missing',
          counts: { ran: 0, late: 0, failed: 0, missed: 0, due: 0, unknown: 0, unexpected: 0 },
          earlier: 0,
          left: 0,
          groups: [],
        },
      ],
    }),
  ],
  ['status', failureDocument([], failed())],
  [
    'history',
    documentOf('history', {
      target,
      asked: ['a', 'b*'],
      selector: ['k=v'],
      workflow: 'w',
      text: 't',
      failed: true,
      since: time,
      until: time,
      query: 'q',
      sort: 'state:ASC',
      runs: [
        { ...ran, state: 'FAILED', reason: 'r' },
        { schedule: 'b', state: 'unknown' },
      ],
      more: true,
    }),
  ],
  [
    'switch',
    switchDocument(
      {
        action: 'pause',
        target,
        interrupted: true,
        requests: { reads: 1, writes: 2, retries: 0 },
        record: 'f.json',
        schedules: [
          {
            name: 'a',
            outcome: 'done',
            reasonLost: true,
            changed: true,
            before: { reason: 'r', by: 'u', at: time },
          },
          { name: 'b', outcome: 'failed', failure: failed() },
          { name: 'c', outcome: 'left', gone: true },
          {
            name: 'd',
            outcome: 'not-run',
            manifest: { origin: { file: 'x.yaml', document: 0 }, disagrees: true },
          },
        ],
      },
      problems,
    ),
  ],
  ['command', documentOf('command', { operation: 'requeue', target, answer: { sampleIds: [] } })],
  ['command', documentOf('command', { operation: 'pause all', target, answer: null })],
];

const fire = { at: day.from, zoneId: 'UTC', zone: { kind: 'fixed', id: 'UTC', offset: 0 } } as const;

const documents: readonly (readonly [schema: string, object])[] = [
  [
    'agenda',
    agendaDocument(agendaOf([schedule, daily, paused], day), { kind: 'fixed', id: 'UTC', offset: 0 }, 'UTC'),
  ],
  [
    'agenda',
    agendaDocument(
      { ...agendaOf([daily], day), tz: '2025c' },
      { kind: 'fixed', id: 'UTC', offset: 0 },
      'UTC',
    ),
  ],
  ['agenda', failureDocument(problems)],
  ['next', nextDocument({ by: 'downbeat', tz: '2025c', name: 'a', paused: true }, [fire])],
  ['next', nextDocument({ by: 'server', cron: '@daily' }, [])],
  [
    'next',
    nextDocument(
      {
        by: 'downbeat',
        leftOut: [{ date: '2026-12-25', calendar: 'c', what: 'w' }],
        kept: [{ date: '2026-12-24', calendar: 'c', what: 'w' }],
      },
      [fire],
    ),
  ],
  ['next', failureDocument(problems)],
  ['load', loadDocument(loadOf([daily], day.from), undefined, '2025c')],
  ['load', loadDocument(loadOf([schedule, daily, paused], day.from), loadOf([], day.from))],
  ['load', failureDocument([], failed())],
  ['plan', planDocument(whole, problems, hide)],
  ['plan', withRun(planDocument(whole, problems, { ...hide, fires }), run)],
  ['plan', planDocument(plan([], { verdict: 'nothing-to-do' }), [], hide)],
  ['plan', planDocument(whole, problems, { ...hide, fires: drawn, page })],
  ['drift', driftDocument(whole, problems, { ...hide, strict: true, page })],
  ['plan', failureDocument(problems)],
  ['result', resultDocument(outcome, problems)],
  ['result', withRun(resultDocument(outcome, []), run)],
  ['result', withRun(failureDocument([], connection), run)],
  ['drift', driftDocument(whole, problems, { ...hide, strict: true })],
  ['drift', withRun(driftDocument(whole, [], { ...hide, strict: false }), run)],
  ['drift', failureDocument([], failed())],
  ['settings', failureDocument(problems)],
  [
    'settings',
    documentOf('settings', {
      settings: [
        { name: 'owner', value: 'o', source: { kind: 'file', file: 'downbeat.yaml', line: 1, column: 8 } },
        { name: 'variables.id', value: 2n ** 70n, source: { kind: 'flag', flag: '--var' } },
        { name: 'x', sensitive: true, source: { kind: 'environment', variable: 'X' } },
        { name: 'overlays', source: { kind: 'default' } },
      ],
    }),
  ],
  ['validation', withRun(validationDocument({ files: 1, manifests: 2 }, problems), run)],
  ...onCall,
  [
    'policy-report',
    policyReport(
      {
        schedules: 2,
        policies: [
          {
            name: 'teams',
            severity: 'warning',
            description: 'why',
            demands: ['a description'],
            at: { file: 'policies.yaml', line: 1, column: 9 },
            schedules: [{ name: 'a', state: 'allowed' }],
          },
          { name: 'other', severity: 'error', demands: [], schedules: [] },
        ],
      },
      problems,
    ),
  ],
  ['policy-report', failureDocument(problems)],
  ['base-plan', withRun(basePlanDocument(overCommit, hide), run)],
  ['base-plan', basePlanDocument({ ...overCommit, plan: undefined, ended: problems }, hide)],
  ['base-plan', basePlanDocument(overCommit, { ...hide, fires: drawn, page })],
  ['base-plan', failureDocument(problems)],
  ['pull', pullDocument(pulled, problems, hide)],
  ['pull', pullDocument({ ...pulled, from: { kind: 'file', file: 'body.json' }, files: [] }, [], hide)],
  ['pull', failureDocument([], failed())],
];

/** Fields of documents that are times; counts have such names, too. */
const isTimeName =
  /(?<!counts\.properties)\.(?:at|from|to|since|until|first|last|nextFire|overdue|scheduledTime|executionTime|startTime|endTime|pausedAt|resumedAt|lastSuccess|readFrom)$/;

function schemaOf(name: string): { readonly [key: string]: unknown } {
  return JSON.parse(readFileSync(new URL(`../../../schemas/${name}.schema.json`, import.meta.url), 'utf8'));
}

describe('the published schemas', () => {
  test.each(documents)('%s describes %o', (name, document) => {
    const validate = new Ajv2020({ allErrors: true, strict: true, strictRequired: false }).compile(
      schemaOf(name),
    );
    const written = JSON.parse(documentJson(document));
    validate(written);
    expect(validate.errors).toBeNull();
    // And a field that nobody described is refused, so the schemas cannot fall behind.
    expect(validate({ ...written, extra: 1 })).toBe(false);
    expect(validate({ ...written, format: 2 })).toBe(false);
  });

  const outputs = [
    ...['plan', 'result', 'drift', 'validation', 'settings', 'next', 'agenda', 'load', 'pull'],
    ...['base-plan', 'policy-report', 'status', 'show', 'audit', 'history', 'switch', 'command', 'record'],
  ];

  test.each(outputs)('%s: no time is a number', (name) => {
    const schema = schemaOf(name);
    expect(JSON.stringify(schema)).not.toMatch(/epoch|milliseconds since/i);
    const numbers: string[] = [];
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      if ('type' in node && /integer|number/.test(String(node.type)) && isTimeName.test(path))
        numbers.push(path);
      for (const [key, inner] of Object.entries(node)) walk(inner, `${path}.${key}`);
    };
    walk(schema, name);
    expect(numbers).toEqual([]);
  });

  test('no document has a time as a number', () => {
    const texts = documents.map(([, document]) => documentJson(document));
    expect(texts.length).toBeGreaterThan(40);
    for (const text of texts) expect(text.match(/[^"\d.]1[0-9]{12}\b[^"\d]/g)).toBeNull();
  });

  test.each(outputs)('%s: every field has a description', (name) => {
    const bare: string[] = [];
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      if ('properties' in node)
        for (const [key, field] of Object.entries(node.properties as Record<string, object>))
          if (!('description' in field) && !('$ref' in field)) bare.push(`${path}.${key}`);
      for (const [key, inner] of Object.entries(node)) walk(inner, `${path}.${key}`);
    };
    const schema = schemaOf(name);
    walk(schema, name);
    expect(bare).toEqual([]);
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  });
});

test('no document contains a secret', () => {
  const all = documents.map(([, document]) => documentJson(document)).join('');
  expect(all).not.toMatch(/"(old|new|p)"/);
  expect(all).toContain('"(sensitive)"');
});

test('showSensitive shows them', () => {
  expect(documentJson(planDocument(whole, [], { showSensitive: true }))).toContain('"password": "p"');
});

test('digits are exact, the last line ends, and control characters are JSON escapes', () => {
  const text = documentJson(
    planDocument(
      plan([update('x\u001b\u202e ##[error]', [field(`${input}.id`, 12345678901234567890n, 0.1)])]),
      [],
      hide,
    ),
  );
  expect(text).toContain('"before": 12345678901234567890,\n');
  expect(text.endsWith('}\n')).toBe(true);
  expect(text).toContain('"name": "x\\u001b\\u202e #\\u0023[error]"');
  expect(JSON.parse(text).changes[0].name).toBe('x\u001b\u202e ##[error]');
});

test('equal plans give equal bytes, whatever the order of keys inside values', () => {
  const one = planDocument(plan([update('x', [field(input, {}, { a: 1, b: { c: 1, d: 2 } })])]), [], hide);
  const other = planDocument(plan([update('x', [field(input, {}, { b: { d: 2, c: 1 }, a: 1 })])]), [], hide);
  expect(documentJson(one)).toBe(documentJson(other));
});

test('a step in a result does not contain the schedule that it sent', () => {
  const [first] = resultDocument(outcome, []).steps;
  expect(first).toMatchObject({ name: 'a', step: 'save', mode: 'create', outcome: 'failed' });
  expect(Object.keys(first ?? {})).toEqual(['name', 'step', 'mode', 'outcome', 'failure', 'note']);
});

describe('drift', () => {
  test('has a class for each schedule', () => {
    const { entries, counts, drifted } = driftDocument(whole, [], { ...hide, strict: false });
    expect(entries.map(({ name, class: kind, counts: counted }) => [name, kind, counted])).toEqual([
      ['a', 'missing', true],
      ['b', 'changed', true],
      ['c', 'paused', true],
      ['d', 'orphan', true],
      ['e', 'paused', false],
      ['f', 'renamed', true],
      ['g', 'renamed', true],
    ]);
    expect(counts).toEqual({
      changed: 1,
      overdue: 0,
      missing: 1,
      renamed: 2,
      orphan: 1,
      paused: 2,
      unmanaged: 3,
      ofOtherOwners: 0,
      unchanged: 996,
    });
    expect(drifted).toBe(true);
  });

  const none = {
    create: 0,
    update: 0,
    adopt: 0,
    horizon: 0,
    rename: 0,
    delete: 0,
    pause: 0,
    resume: 0,
    unchanged: 5,
  };
  test.each([
    ['nothing', [], 0, false, false],
    ['nothing, strictly', [], 0, true, false],
    ['unmanaged ones', [], 2, false, false],
    ['unmanaged ones, strictly', [], 2, true, true],
    ['an unmanaged pause', [leave('x')], 0, false, false],
    ['an unmanaged pause, strictly', [leave('x')], 0, true, true],
    [
      'a managed pause',
      [update('x', [field('paused', true, false)], { pausedBefore: true })],
      0,
      false,
      true,
    ],
  ] as const)('%s', (_what, changes, unmanaged, strict, drifted) => {
    const document = driftDocument(plan(changes, { counts: { ...none, unmanaged, ofOtherOwners: 1 } }), [], {
      ...hide,
      strict,
    });
    expect(document.drifted).toBe(drifted);
  });
});

test('a validation counts errors and warnings', () => {
  const { valid, counts } = validationDocument({ files: 3, manifests: 2 }, problems);
  expect([valid, counts]).toEqual([false, { files: 3, manifests: 2, errors: 1, warnings: 1 }]);
  expect(validationDocument({ files: 1, manifests: 1 }, problems.slice(1)).valid).toBe(true);
});
