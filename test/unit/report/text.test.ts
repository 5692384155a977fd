import { describe, expect, test } from 'vitest';
import type { Rename } from '../../../src/model/plan.ts';
import type { StepResult } from '../../../src/model/result.ts';
import { problem } from '../../../src/problems/diagnostic.ts';
import { driftDocument } from '../../../src/report/documents/drift.ts';
import { failureDocument } from '../../../src/report/documents/failure.ts';
import { planDocument } from '../../../src/report/documents/plan.ts';
import { resultDocument } from '../../../src/report/documents/result.ts';
import { validationDocument } from '../../../src/report/documents/validation.ts';
import { createColors } from '../../../src/report/text/style.ts';
import { renderDocument } from '../../../src/report/text/text.ts';
import {
  create,
  failed,
  field,
  leave,
  lines,
  plain,
  plan,
  remove,
  rename,
  result,
  update,
} from './samples.ts';

const hide = { showSensitive: false };
const input = 'startWorkflowRequest.input';

const everything = plan(
  [
    create('nightly-report', [
      field('name', undefined, 'nightly-report'),
      field('cronExpression', undefined, '0 0 2 * * ?'),
      field('zoneId', undefined, 'Europe/Berlin'),
      field('startWorkflowRequest', undefined, {
        name: 'report',
        input: {
          apiKey: 'k',
          days: [1, 2, 3, 4, 5, 6, 7],
          query: 'select everything from a long table name',
        },
        taskToDomain: {},
        priority: 0,
      }),
      field('runCatchupScheduleInstances', undefined, false),
      field('paused', undefined, false),
      field('tags', undefined, [{ key: 'team', value: 'backend' }]),
    ]),
    update(
      'daily-orders',
      [
        field('cronExpression', '0 0 9 * * ?', '0 0 10 * * ?'),
        field(`${input}.account`, 'DE1', 'DE2'),
        field(`${input}.batchSize`, 100, 200),
        field(`${input}.query`, 'select *\nfrom orders\n', 'select *\nfrom orders\nlimit 5\n'),
        field('paused', false, true),
        field('pausedReason', undefined, 'stocktaking until Friday'),
        field('tags', [{ key: 'team', value: 'data' }], [{ key: 'team', value: 'backend' }]),
      ],
      { sensitive: [['startWorkflowRequest', 'input', 'account']] },
    ),
    update('hourly-sync', [field('paused', true, false), field('pausedReason', 'incident 42', undefined)], {
      pausedBefore: true,
      pausedReasonBefore: 'incident 42',
      steps: [{ kind: 'resume' }],
      origin: { file: 'schedules/sync.yaml', document: 1, item: 2 },
    }),
    remove('old-report'),
    leave('weekly-cleanup', { pausedReasonBefore: 'disk is full' }),
  ],
  {
    counts: {
      create: 1,
      update: 2,
      adopt: 0,
      horizon: 0,
      rename: 0,
      delete: 1,
      pause: 1,
      resume: 1,
      unchanged: 996,
      unmanaged: 3,
      ofOtherOwners: 0,
    },
  },
);

test('a plan with everything in it', () => {
  expect(renderDocument(planDocument(everything, [], hide), plain)).toBe(
    lines(`
      https://conductor.example.com/api (oss-2, version 3.32.1)

      + create nightly-report  (schedules/shop.yaml)
          cronExpression:            "0 0 2 * * ?"
          zoneId:                    "Europe/Berlin"
          startWorkflowRequest.name: "report"
          startWorkflowRequest.input:
            {
              "apiKey": "(sensitive)",
              "days": [
                1,
                2,
                3,
                4,
                5,
                6,
                7
              ],
              "query": "select everything from a long table name"
            }
          tags:                      team=backend

      ~ update daily-orders  (schedules/shop.yaml)
          cronExpression: "0 0 9 * * ?" → "0 0 10 * * ?"
          startWorkflowRequest.input.account: (sensitive) changed
          startWorkflowRequest.input.batchSize: 100 → 200
          startWorkflowRequest.input.query:
              select *
              from orders
            + limit 5
          tags:
            + team=backend
            - team=data

      ! pause daily-orders  (schedules/shop.yaml)
          reason: "stocktaking until Friday"

      ! resume hourly-sync  (schedules/sync.yaml, document 2, item 3)
          paused on the server: "incident 42"; last changed by jane@acme.com at
          2026-11-23T19:16:36Z

      - delete old-report
          last changed by jane@acme.com at 2026-11-23T19:16:36Z

      = leave weekly-cleanup  (schedules/shop.yaml)
          paused on the server: "disk is full"; last changed by jane@acme.com at
          2026-11-23T19:16:36Z. Not set in the manifest; left paused.

      Plan: 1 to create, 2 to update, 1 to delete, 1 to pause, 1 to resume; 996 unchanged, 3 unmanaged.
      digest: 3f9ac2
      `),
  );
});

describe('a plan without changes', () => {
  test.each([
    [1000, 0, 0, 'No changes. 1000 schedules match their manifests.'],
    [1, 3, 0, 'No changes. 1 schedule matches its manifest; 3 unmanaged.'],
    [1, 2, 14, 'No changes. 1 schedule matches its manifest; 2 unmanaged, 14 of other owners.'],
  ])('%d unchanged, %d unmanaged, %d of other owners', (unchanged, unmanaged, ofOtherOwners, last) => {
    const counts = {
      create: 0,
      update: 0,
      adopt: 0,
      horizon: 0,
      rename: 0,
      delete: 0,
      pause: 0,
      resume: 0,
      unchanged,
      unmanaged,
      ofOtherOwners,
    };
    const text = renderDocument(planDocument(plan([], { counts }), [], hide), plain);
    expect(text).toBe(
      `https://conductor.example.com/api (oss-2, version 3.32.1)\n\n${last}\ndigest: 3f9ac2\n`,
    );
  });
});

test('a blocked plan says so', () => {
  const text = renderDocument(planDocument(plan([remove('x')], { verdict: 'blocked' }), [], hide), plain);
  expect(text).toContain('\nThis plan cannot be applied: see the errors above.\n');
});

test('a paused schedule with another change does not count as a pause', () => {
  const change = update('x', [field('pausedReason', 'a', 'b'), field('zoneId', 'UTC', 'Asia/Tokyo')], {
    pausedBefore: true,
    pausedReasonBefore: 'a',
  });
  const text = renderDocument(planDocument(plan([change]), [], hide), plain);
  expect(text).toContain('    pausedReason: "a" → "b"\n');
  expect(text).not.toContain('! ');
});

test('without names, times and reasons the lines are shorter', () => {
  const change = update('x', [field('paused', true, false)], {
    pausedBefore: true,
    facts: { updatedBy: '' },
  });
  const text = renderDocument(planDocument(plan([change, remove('y', { facts: {} })]), [], hide), plain);
  expect(text).toContain(
    '! resume x  (schedules/shop.yaml)\n    paused on the server without a reason\n\n- delete y\n\n',
  );
});

test('a hidden reason is hidden in the pause line too', () => {
  const change = update('x', [field('paused', false, true), field('pausedReason', undefined, 'top secret')], {
    sensitive: [['pausedReason']],
  });
  const text = renderDocument(planDocument(plan([change]), [], hide), plain);
  expect(text).toContain('    reason: "(sensitive)"\n');
  expect(renderDocument(planDocument(plan([change]), [], { showSensitive: true }), plain)).toContain(
    'top secret',
  );
});

test('colors surround the same text', () => {
  const document = planDocument(everything, [], hide);
  const coloured = renderDocument(document, { width: 80, colors: createColors(true) });
  expect(coloured).not.toBe(renderDocument(document, plain));
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(renderDocument(document, plain));
});

test('no text from outside becomes a terminal or runner command', () => {
  const evil = '::set-output name=a::b\n::error::c\u001b[2J\u009b\u202e\u200b\r\n ##[add-mask]x';
  const change = create(evil, [field('description', undefined, evil)], {
    origin: { file: evil, document: 0 },
  });
  const texts = [
    planDocument(
      plan(
        [
          change,
          update(
            evil,
            [
              field('description', 'a\n', evil),
              field(`startWorkflowRequest.input.${evil}`, 1, evil),
              field('paused', true, false),
            ],
            {
              pausedBefore: true,
              pausedReasonBefore: evil,
              facts: { updatedBy: evil },
            },
          ),
        ],
        { target: { url: evil, serverType: 'oss-2', version: evil }, digest: evil },
      ),
      [],
      hide,
    ),
    resultDocument(
      result(
        [
          {
            name: evil,
            step: { kind: 'delete' },
            outcome: 'failed',
            failure: failed({
              schedule: evil,
              words: `${'word '.repeat(12)}::set-output ${evil}`,
              url: evil,
            }),
            note: evil,
            notKept: [[evil]],
          },
        ],
        { possiblyMissed: [{ name: evil, at: 0 }] },
      ),
      [],
    ),
    failureDocument([], failed({ words: evil })),
  ].map((document) => renderDocument(document, plain));
  for (const text of texts) {
    expect(text).toMatch(/\\u003a:(set-output|error)|\\u001b/);
    expect(text).not.toMatch(/[^\P{C}\n]/u);
    expect(text).not.toMatch(/^\s*::|##\w*\[/m);
  }
});

const origin = { file: 'schedules/orders.yaml', document: 0 };
const save = { kind: 'save', mode: 'update', set: [], unset: [] } as const;
const steps: readonly StepResult[] = [
  { name: 'nightly-report', step: save, outcome: 'done', origin },
  { name: 'nightly-report', step: { kind: 'tag', tags: [] }, outcome: 'done', origin },
  { name: 'hourly-sync', step: { kind: 'resume' }, outcome: 'already', origin },
  {
    name: 'daily-orders',
    step: save,
    outcome: 'failed',
    origin,
    failure: failed(),
    note: 'the schedule as it was is saved again',
  },
  {
    name: 'two-crons',
    step: save,
    outcome: 'failed',
    origin,
    notKept: [['cronSchedules'], ['pausedReason']],
  },
  { name: 'weekly', step: { kind: 'pause' }, outcome: 'stale', origin },
  { name: 'old-report', step: { kind: 'delete' }, outcome: 'not-run' },
];

describe('a result', () => {
  test('with every outcome', () => {
    const possiblyMissed = [{ name: 'nightly', at: 1_795_399_200_000 }];
    expect(renderDocument(resultDocument(result(steps, { possiblyMissed }), []), plain)).toBe(
      lines(`
        done    save   nightly-report
        done    tag    nightly-report
        already resume hourly-sync
        failed  save   daily-orders  (schedules/orders.yaml)
            cannot save daily-orders: the server returned 500: Unknown time-zone ID:
            Mars/X
            POST https://conductor.example.com/api/scheduler/schedules, 3 attempts; it
            is unknown whether the server applied it
            hint: Conductor also returns 500 for most invalid input: read its message,
            then the server's log
            the schedule as it was is saved again
        failed  save   two-crons  (schedules/orders.yaml)
            the server reported success but did not keep cronSchedules, pausedReason
            hint: the server does not know these fields, or somebody else wrote at the
            same time: plan again to see which
        stale   pause  weekly  (schedules/orders.yaml)
            it changed after the plan was made, so it was not written
            hint: plan again to see what changed on the server
        not run delete old-report

        possibly missed: nightly 2026-11-23T02:00:00Z

        1 step not run, because an earlier step failed or was stale: plan again to see
        what is left.

        Applied: 2 done, 2 failed, 1 already, 1 stale, 1 not run. 12 reads, 4 writes, 1 retry.
        `),
    );
  });
  test('of an interrupted run', () => {
    const some = steps.filter(({ outcome }) => outcome === 'done' || outcome === 'not-run');
    const document = resultDocument(
      result(some, { interrupted: true, requests: { reads: 1, writes: 1, retries: 0 } }),
      [],
    );
    expect(renderDocument(document, plain)).toContain(
      lines(`
        1 step not run, because the run was stopped: plan again to see what is left.

        Interrupted: 2 done, 0 failed, 0 already, 0 stale, 1 not run. 1 read, 1 write, 0 retries.
        `),
    );
  });
});

describe('drift', () => {
  test('in all classes', () => {
    expect(renderDocument(driftDocument(everything, [], { ...hide, strict: false }), plain)).toBe(
      lines(`
        https://conductor.example.com/api (oss-2, version 3.32.1)  server → manifest

        missing nightly-report  (schedules/shop.yaml)

        changed daily-orders  (schedules/shop.yaml)
            last changed by jane@acme.com at 2026-11-23T19:16:36Z
            cronExpression: "0 0 9 * * ?" → "0 0 10 * * ?"
            startWorkflowRequest.input.account: (sensitive) changed
            startWorkflowRequest.input.batchSize: 100 → 200
            startWorkflowRequest.input.query:
                select *
                from orders
              + limit 5
            paused:         false → true
            pausedReason:   (none) → "stocktaking until Friday"
            tags:
              + team=backend
              - team=data

        paused hourly-sync  (schedules/sync.yaml, document 2, item 3)
            paused on the server: "incident 42"; last changed by jane@acme.com at
            2026-11-23T19:16:36Z

        orphan old-report
            last changed by jane@acme.com at 2026-11-23T19:16:36Z

        paused weekly-cleanup  (schedules/shop.yaml)
            paused on the server: "disk is full"; last changed by jane@acme.com at
            2026-11-23T19:16:36Z. Not set in the manifest; left paused.
            not counted as drift without --strict

        Drift: 1 changed, 1 missing, 1 orphan, 2 paused; 996 unchanged, 3 unmanaged.
        `),
    );
  });
  test('none', () => {
    const text = renderDocument(driftDocument(plan([]), [], { ...hide, strict: false }), plain);
    expect(text).toContain('\n\nNo drift. 996 schedules match their manifests; 3 unmanaged.\n');
  });
});

const misspelt = {
  diagnostic: problem(
    'unknown-key',
    { key: 'cronExpresion', nearest: 'cronExpression', parent: [] },
    { kind: 'file', file: 'a.yaml' },
  ),
  at: { file: 'a.yaml', line: 3, column: 1, endLine: 3, endColumn: 14, source: 'cronExpresion: x' },
};
const reasonLost = {
  diagnostic: problem('reason-not-kept', { names: ['x'], kept: 'dropped' }, { kind: 'nowhere' }),
};

describe('a validation', () => {
  test('with problems shows each with its place, then the sums', () => {
    const text = renderDocument(
      validationDocument({ files: 2, manifests: 12 }, [misspelt, reasonLost]),
      plain,
    );
    const [first, second, sums] = text.split('\n\n');
    expect(first).toMatch(/^a\.yaml:3:1: error: .*cronExpresion.* \[unknown-key\]\n3 \| cronExpresion: x\n/);
    expect(second).toMatch(/^warning: .* \[reason-not-kept\]/);
    expect(sums).toBe('Invalid: 1 error, 1 warning; 12 manifests in 2 files.\n');
  });
  test('without problems', () => {
    expect(renderDocument(validationDocument({ files: 1, manifests: 1 }, []), plain)).toBe(
      'Valid: 1 manifest in 1 file; 0 errors, 0 warnings.\n',
    );
  });
});

describe('a failure', () => {
  test('of a request', () => {
    const refused = failed({
      kind: 'refused',
      operation: 'list',
      method: 'GET',
      url: 'http://127.0.0.1:1/api/scheduler/schedules',
      words: 'ECONNREFUSED',
      effect: 'none',
    });
    expect(renderDocument(failureDocument([], refused), plain)).toBe(
      lines(`
        error: cannot list the schedules: connection refused by 127.0.0.1:1:
        ECONNREFUSED
        GET http://127.0.0.1:1/api/scheduler/schedules, 3 attempts
        hint: is the server running? If so, check the server URL (--server or
        CONDUCTOR_SERVER_URL), its port, and HTTPS_PROXY if you use a proxy
        `),
    );
  });
  test('of the manifests', () => {
    const text = renderDocument(failureDocument([misspelt, reasonLost]), plain);
    expect(text).toMatch(/\n\n1 error\.\n$/);
  });
});

describe('a rename names what happens to each schedule', () => {
  const moved = (oldNames: readonly string[], steps: Rename['steps']): string =>
    renderDocument(planDocument(plan([rename('new', oldNames, [], { steps })]), [], hide), plain)
      .split('\n\n')[1]
      ?.replaceAll(/\n +/g, ' ') ?? '';
  const copy = { kind: 'save', mode: 'copy', from: 'old', set: [], unset: [] } as const;
  const drop = (old: string) => ({ kind: 'delete', old }) as const;
  test.each<[string, readonly string[], Rename['steps'], string]>([
    [
      'from the start',
      ['old'],
      [copy, drop('old'), { kind: 'resume' }],
      'it is saved, paused; then "old" is deleted, and this one resumed',
    ],
    ['a paused one', ['old'], [copy, drop('old')], 'it is saved; then "old" is deleted'],
    [
      'several',
      ['old', 'older\u001b'],
      [copy, drop('old'), drop('older\u001b'), { kind: 'resume' }],
      'it is saved, paused; then "old", "older\\u001b" are deleted, and this one resumed',
    ],
    ['after the save', ['old'], [drop('old'), { kind: 'resume' }], '"old" is deleted, and this one resumed'],
    [
      'after the delete',
      [],
      [{ kind: 'resume' }],
      'a rename was interrupted: the old schedule is gone, and this one is paused until it is resumed last changed by jane@acme.com at 2026-11-23T19:16:36Z',
    ],
  ])('%s', (_case, oldNames, steps, words) => {
    expect(moved(oldNames, steps)).toBe(`> rename new  (schedules/shop.yaml) ${words}`);
  });
});
