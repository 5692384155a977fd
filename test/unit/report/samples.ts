import { onlyLooks } from '../../../src/model/hiding/hiding.ts';
import type { Json } from '../../../src/model/json.ts';
import type { Change, Create, Delete, Leave, Plan, Rename, Update } from '../../../src/model/plan.ts';
import type { Failure } from '../../../src/model/port.ts';
import type { ApplyResult, StepResult } from '../../../src/model/result.ts';
import type { FieldChange } from '../../../src/model/schedule.ts';
import type { LocatedDiagnostic } from '../../../src/problems/diagnostic.ts';
import type { PullResult } from '../../../src/report/documents/pull-result.ts';
import { createColors, type Style } from '../../../src/report/text/style.ts';

export const plain: Style = { width: 80, colors: createColors(false) };

/** One difference; `undefined` is a side that is absent. */
export function field(path: string, before: unknown, after: unknown): FieldChange {
  return {
    path: path.split('.'),
    ...(before === undefined ? {} : { before: before as Json }),
    ...(after === undefined ? {} : { after: after as Json }),
  };
}

const origin = { file: 'schedules/shop.yaml', document: 0 };
const facts = { updatedTime: 1_795_461_396_920, updatedBy: 'jane@acme.com' };

export function create(name: string, fields: readonly FieldChange[], more: Partial<Create> = {}): Create {
  const schedule = {
    name,
    startWorkflowRequest: { name: 'w', input: {}, taskToDomain: {}, priority: 0 },
    runCatchupScheduleInstances: false,
    paused: false,
  };
  const steps = [{ kind: 'save', mode: 'create', schedule }] as const;
  return {
    kind: 'create',
    name,
    basis: null,
    fields,
    steps,
    origin,
    sensitive: [],
    notSensitive: [],
    secretPaths: [],
    unknownPaths: [],
    ...more,
  };
}

export function update(name: string, fields: readonly FieldChange[], more: Partial<Update> = {}): Update {
  const steps = [{ kind: 'save', mode: 'update', set: [], unset: [] }] as const;
  return {
    kind: 'update',
    name,
    basis: 'b',
    fields,
    steps,
    facts,
    pausedBefore: false,
    origin,
    sensitive: [],
    notSensitive: [],
    secretPaths: [],
    unknownPaths: [],
    ...more,
  };
}

/** A rename of schedules with these old names, all steps still to do. */
export function rename(
  name: string,
  oldNames: readonly string[],
  fields: readonly FieldChange[],
  more: Partial<Rename> = {},
): Rename {
  const [from = ''] = oldNames;
  return {
    kind: 'rename',
    name,
    basis: null,
    previous: oldNames.map((old) => ({ name: old, basis: 'b' })),
    becomes: 'c',
    fields,
    steps: [
      { kind: 'save', mode: 'copy', from, set: [], unset: [] },
      ...oldNames.map((old) => ({ kind: 'delete', old }) as const),
      { kind: 'resume' },
    ],
    facts,
    pausedBefore: false,
    origin,
    sensitive: [],
    notSensitive: [],
    secretPaths: [],
    unknownPaths: [],
    ...more,
  };
}

export function remove(name: string, more: Partial<Delete> = {}): Delete {
  const steps = [{ kind: 'delete' }] as const;
  return {
    kind: 'delete',
    name,
    basis: 'b',
    fields: [],
    steps,
    facts,
    sensitive: [],
    notSensitive: [],
    secretPaths: [],
    unknownPaths: [],
    ...more,
  };
}

export function leave(name: string, more: Partial<Leave> = {}): Leave {
  return {
    kind: 'leave',
    reason: 'paused-on-server',
    name,
    basis: 'b',
    fields: [],
    steps: [],
    facts,
    origin,
    sensitive: [],
    notSensitive: [],
    secretPaths: [],
    unknownPaths: [],
    ...more,
  };
}

export function plan(changes: readonly Change[], more: Partial<Plan> = {}): Plan {
  const count = (kind: Change['kind']): number => changes.filter((change) => change.kind === kind).length;
  return {
    format: 1,
    target: { url: 'https://conductor.example.com/api', serverType: 'oss-2', version: '3.32.1' },
    changes,
    counts: {
      create: count('create'),
      update: count('update'),
      adopt: count('adopt'),
      horizon: count('horizon'),
      rename: count('rename'),
      delete: count('delete'),
      pause: 0,
      resume: 0,
      unchanged: 996,
      unmanaged: 3,
      ofOtherOwners: 0,
    },
    guards: [],
    digest: '3f9ac2',
    verdict: changes.some(({ steps }) => steps.length > 0) ? 'ready' : 'nothing-to-do',
    ...more,
  };
}

export function failed(more: Partial<Failure> = {}): Failure {
  return {
    kind: 'status',
    operation: 'save',
    schedule: 'daily-orders',
    method: 'POST',
    url: 'https://conductor.example.com/api/scheduler/schedules',
    status: 500,
    words: 'Unknown time-zone ID: Mars/X',
    attempts: 3,
    effect: 'unknown',
    ...more,
  };
}

export function result(steps: readonly StepResult[], more: Partial<ApplyResult> = {}): ApplyResult {
  const count = (outcome: StepResult['outcome']): number =>
    steps.filter((step) => step.outcome === outcome).length;
  return {
    format: 1,
    digest: '3f9ac2',
    steps,
    counts: {
      done: count('done'),
      failed: count('failed'),
      already: count('already'),
      stale: count('stale'),
      overwritten: count('overwritten'),
      lost: count('lost'),
      notRun: count('not-run'),
    },
    requests: { reads: 12, writes: 4, retries: 1 },
    interrupted: false,
    possiblyMissed: [],
    closingLook: { outcome: 'done' },
    ...more,
  };
}

/** The lines of a golden text: without the first newline and the margin of its first line. */
export function lines(text: string): string {
  const rows = text.replace(/^\n/, '').split('\n');
  const margin = /^ */.exec(rows[0] ?? '')?.[0].length ?? 0;
  return rows.map((row) => row.slice(margin)).join('\n');
}

/** A pull in which everything happened that can. */
export function pullResult(problems: readonly LocatedDiagnostic[]): PullResult {
  const input = 'startWorkflowRequest.input';
  const kept = { name: 'b', file: 'a.yaml', hiding: onlyLooks, problems: [] };
  return {
    from: { kind: 'server', target: { url: 'http://localhost/api', serverType: 'oss-2', version: '3.32.1' } },
    check: false,
    files: [
      {
        path: 'a.yaml',
        kind: 'edit',
        shownBefore: 'priority: 1\n',
        shownAfter: 'priority: 2\n',
        lostComments: [{ line: 3, text: '# TODO' }],
        schedules: [{ name: 'a', fields: [field(`${input}.token`, 'old', 'new')], hiding: onlyLooks }],
        outcome: { kind: 'written' },
      },
      {
        path: 'b.yaml',
        kind: 'create',
        shownBefore: '',
        shownAfter: 'name: c\n',
        lostComments: [],
        schedules: [{ name: 'c', fields: [], hiding: onlyLooks }],
        outcome: { kind: 'failed', why: 'permission denied' },
      },
    ],
    kept: [
      {
        ...kept,
        reason: 'overlay',
        at: { file: 'o.yaml', line: 2, column: 3 },
        field: field('zoneId', 'UTC', 'GMT'),
      },
      { ...kept, reason: 'invalid', field: field('cronExpression', '0 0 0 * * ?', '* *'), problems },
    ],
    skipped: [
      { name: 'x', reason: 'foreign-owner', owner: 'payments' },
      { name: 'y', reason: 'credential', paths: [['startWorkflowRequest', 'workflowDef', 'token']] },
      { name: 'z', reason: 'invalid', problems },
    ],
    missing: [{ name: 'gone', origin }],
    secrets: [{ name: 'A_TOKEN', schedule: 'a', path: input.split('.') }],
    unknownSecrets: ['OTHER'],
    unknownFields: [{ name: 'c', fields: ['surprise'] }],
    paused: [],
    unmarked: ['c'],
    unmanaged: 2,
    unchanged: 5,
  };
}
