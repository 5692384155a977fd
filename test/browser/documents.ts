import type { AnyDocument } from '../../src/report/documents/document.ts';
import { isoTime } from '../../src/report/documents/entries.ts';
import type {
  AgendaDocument,
  AuditDocument,
  ChangeEntry,
  LoadDocument,
  LoadEntry,
} from '../../src/report/documents/generated/documents.ts';
import { renderAgendaPage } from '../../src/report/page/agenda-page.ts';
import { renderAuditPage } from '../../src/report/page/audit-page.ts';
import { renderLoadPage } from '../../src/report/page/load-page.ts';
import { renderHtml } from '../../src/report/page/page.ts';

/** A document of each kind that has a page, with everything in it that can be there; `page` renders it. */
export type Sample = { readonly document: object; readonly page: (document: never) => string };

const noon = Date.UTC(2026, 10, 23, 12);
const hourMs = 3_600_000;
const iso = '2026-11-23T12:00:00Z';
const origin = { file: 'schedules/shop/a.yaml', document: 1, item: 2 };
const target = {
  url: 'https://conductor.example.com/api',
  serverType: 'oss-2',
  assumed: true,
  version: '3.32.1',
} as const;
const lastChange = { by: 'jane@acme.com', at: iso };
const subject = { workflow: 'settle', owner: 'shop', tags: [{ key: 'team', value: 'payments' }] };
const input = ['startWorkflowRequest', 'input'];
const fields = [
  { path: ['description'], before: 'before', after: 'after' },
  { path: [...input, 'odd key'], after: 'added' },
  { path: [...input, 'gone'], before: 'removed' },
  {
    path: [...input, 'nested'],
    before: { key: 'old', list: ['a', 'b'] },
    after: { key: 'new', list: ['a', 'c'] },
  },
  { path: [...input, 'long'], before: `${'line\n'.repeat(9)}old`, after: `${'line\n'.repeat(9)}new` },
  { path: [...input, 'token'], before: '(sensitive)', after: '(sensitive)', sensitive: true },
  { path: ['tags'], before: [{ key: 'a', value: 'b' }], after: [{ key: 'a', value: 'c' }] },
  { path: ['cronSchedules'], after: [{ cronExpression: '0 0 9 * * ?', zoneId: 'UTC' }] },
] as const;
const side = {
  timers: [
    { cronExpression: '0 30 2 * * ?', zoneId: 'Europe/Berlin', words: 'at 02:30 every day' },
    { cronExpression: 'no cron', zoneId: 'Mars/X' },
  ],
  paused: false,
  next: [{ at: isoTime(noon + hourMs), local: '2026-11-23T14:00:00+01:00' }],
  mostPerDay: 2,
  leftOut: [{ date: '2026-12-25', calendar: 'holidays-de', what: 'Christmas Day' }],
  kept: [{ date: '2026-12-31', calendar: 'month-ends', what: 'Month end' }],
};
const fires = {
  before: side,
  after: { ...side, mostPerDay: 3 },
  soon: 200_000,
  timeline: {
    from: iso,
    to: isoTime(noon + 48 * hourMs),
    before: [{ first: isoTime(noon + hourMs), last: isoTime(noon + hourMs), count: 1 }],
    after: [{ first: isoTime(noon + hourMs), last: isoTime(noon + 9 * hourMs), count: 96 }],
  },
};
const problems = (['error', 'warning'] as const).map((severity) => ({
  severity,
  code: 'bad-cron' as const,
  message: 'invalid cron',
  hint: 'six fields',
  args: {},
  at: { file: 'schedules/a.yaml', line: 3, column: 1, endLine: 3, endColumn: 4, source: 'x:\t* *' },
}));
const changes: readonly ChangeEntry[] = [
  {
    ...{ kind: 'delete', name: 'gone', origin, subject, lastChange, steps: ['delete'] },
    proof: { kind: 'removed', commit: 'a1b2c3d4e5f6', subject: 'chore: drop it', author: 'Jane', at: iso },
    fields: fields.map(({ path, ...sides }) => ({
      path,
      ...('before' in sides ? { before: sides.before } : {}),
    })),
  },
  {
    ...{ kind: 'update', name: 'resumed', origin, subject, lastChange, fires, fields, steps: ['resume'] },
    pause: { action: 'resume', reason: 'INC-4711' },
    sources: [{ path: ['zoneId'], at: { file: 'downbeat.yaml', line: 3 } }],
  },
  {
    kind: 'update',
    name: 'paused',
    subject,
    pause: { action: 'pause', reason: 'why' },
    fields: [],
    steps: ['pause'],
  },
  { kind: 'leave', name: 'refused', reason: 'foreign-owner', subject, lastChange, fields: [], steps: [] },
  {
    kind: 'rename',
    name: 'new',
    previous: ['old'],
    subject,
    lastChange,
    fires,
    fields: [],
    steps: ['save', 'delete', 'resume'],
  },
  { kind: 'update', name: 'updated', origin, subject, lastChange, fires, fields, steps: ['save'] },
  { kind: 'create', name: 'created', origin, subject, fires: { after: side }, fields, steps: ['save'] },
  {
    kind: 'leave',
    name: 'left',
    reason: 'paused-on-server',
    pause: { action: 'stays', reason: 'why' },
    fields: [],
    steps: [],
  },
];
const counts = {
  ...{ create: 1, update: 1, adopt: 0, horizon: 0, rename: 1, delete: 1, pause: 1, resume: 1 },
  ...{ unchanged: 3, unmanaged: 2, ofOtherOwners: 1 },
};
const load: LoadEntry = {
  ...{ active: 3, paused: 1, total: 84, perDay: 3 },
  busiest: { at: iso, fires: 2 },
  peaks: [{ minute: '12:00', perDay: 2, causes: [{ name: 'nightly', perDay: 1 }] }],
  minutes: Array.from({ length: 1440 }, (_, minute) => (minute % 97 === 0 ? minute : 0)),
};
const picture = { from: '2026-11-23T00:00:00Z', days: 28, before: load, after: load };
const run = { command: 'plan', identity: 'id', environment: 'staging', tz: '2025c' } as const;
const failure = {
  ...{ kind: 'status', operation: 'save', schedule: 'a', method: 'POST', url: 'https://a/api', status: 500 },
  ...{ words: 'broken', attempts: 3, effect: 'unknown', message: 'it failed', hint: 'try again' },
};

const plan = {
  ...{ format: 1, kind: 'plan', run, target, verdict: 'blocked', counts, owner: 'shop' },
  guards: [{ guard: 'deletes', seen: 4, limit: 3, refused: true }],
  ...{ changes, digest: '3f9ac2', at: iso, load: picture, problems },
};
const agenda: AgendaDocument = {
  ...{ format: 1, kind: 'agenda', from: iso, to: '2026-11-24T12:00:00Z', zone: 'Europe/Berlin' },
  fires: [{ at: iso, name: 'nightly', zoneId: 'Europe/Berlin', local: '2026-11-23T13:00:00+01:00' }],
  dense: [
    {
      ...{ name: 'busy', count: 60, mostPerDay: 60, first: iso, last: '2026-11-23T16:55:00Z' },
      windows: [{ first: iso, last: '2026-11-23T16:55:00Z', count: 60 }],
    },
  ],
  daysOff: [{ date: '2026-12-25', calendar: 'holidays-de', what: 'Christmas Day', names: ['nightly'] }],
  unknownAfter: [{ calendar: 'holidays-de', date: '2027-12-31' }],
  ...{ paused: ['stopped'], silent: ['quiet'] },
};
const groupOf = (kind: string) => ({
  ...{ class: kind, count: 3, first: iso, last: '2026-11-23T14:00:00Z', reason: 'no such workflow' },
  ...{ workflowId: 'w-1', lateMs: { least: 1000, most: 9000 }, why: { kind: 'state', state: 'ODD' } },
});
const classes = ['ran', 'late', 'failed', 'missed', 'due', 'unknown', 'unexpected'];
const audited = Object.fromEntries(classes.map((one) => [one, 3]));
const audit = {
  ...{ format: 1, kind: 'audit', target, at: iso, from: '2026-11-22T12:00:00Z', to: iso, by: 'server' },
  counts: { schedules: 2, fires: 18, ...audited, overdue: 1, never: 0, paused: 1 },
  usual: { runs: 9, medianMs: 300, lateAfterMs: 10_000, missedAfterMs: 150_000 },
  ...{ stopped: { since: iso, schedules: 3 }, readFrom: iso, outcomes: { asked: 9, left: 2 }, requests: 3 },
  schedules: (['active', 'paused', 'missing'] as const).map((state) => ({
    ...{ name: `of ${state}`, state, changed: iso, counts: audited, lastSuccess: iso, earlier: 2, left: 1 },
    ...(state === 'active' ? { overdue: { since: iso, cause: 'schedule' } } : {}),
    groups: classes.slice(1).map(groupOf),
  })),
};
const drift = {
  ...{ format: 1, kind: 'drift', run, target, drifted: true, strict: false, at: iso },
  counts: {
    changed: 1,
    missing: 1,
    renamed: 1,
    orphan: 1,
    overdue: 1,
    paused: 1,
    unmanaged: 0,
    ofOtherOwners: 0,
    unchanged: 1,
  },
  entries: [
    { class: 'changed', counts: true, name: 'changed', origin, subject, lastChange, fields },
    { class: 'missing', counts: true, name: 'missing', origin, subject, fields: [] },
    { class: 'renamed', counts: true, name: 'renamed', previous: ['old'], fields },
    { class: 'orphan', counts: true, name: 'orphan', lastChange, fields },
    { class: 'overdue', counts: true, name: 'overdue', since: iso, fields: [] },
    {
      ...{ class: 'paused', counts: false, name: 'paused', lacksRight: true, lastChange, fields: [] },
      pause: { action: 'stays', reason: 'Security Error: x' },
    },
  ],
  ...{ stopped: { since: iso, schedules: 4 }, overdueUnknown: failure, problems },
};
const basePlan = {
  ...{
    format: 1,
    kind: 'base-plan',
    run,
    verdict: 'ready',
    counts,
    owner: 'shop',
    guards: [],
    changes,
    picture,
  },
  base: {
    ...{ ref: 'main...', commit: 'a1b2c3d4e5f6', isMergeBase: true, state: 'read' },
    directory: 'schedules/old',
  },
  settings: [{ setting: 'server.url', before: 'https://a', after: { deep: 'value' } }],
  allowances: [
    {
      ...{ code: 'clock-change', reason: 'it may run twice', before: 'nobody minds', schedule: 'a' },
      at: { file: 'schedules/a.yaml', line: 1, column: 1 },
    },
  ],
  ...{ problems: problems.map((one) => ({ ...one, isNew: true })), ended: problems },
};
const unknownBase = {
  ...{ format: 1, kind: 'base-plan', run, verdict: 'unknown', settings: [], allowances: [], changes: [] },
  base: { ref: 'main', commit: 'a1b2c3d4e5f6', state: 'moved', reasons: ['old/a.yaml is in the base'] },
  ...{ problems, ended: problems },
};
const loaded: LoadDocument = { format: 1, kind: 'load', ...picture };

/** By the name of what is shown. */
export const samples: { readonly [name: string]: Sample } = {
  plan: { document: plan, page: (one: AnyDocument) => renderHtml(one) },
  'base-plan': { document: basePlan, page: (one: AnyDocument) => renderHtml(one) },
  'unknown-base': { document: unknownBase, page: (one: AnyDocument) => renderHtml(one) },
  drift: { document: drift, page: (one: AnyDocument) => renderHtml(one) },
  failure: {
    document: { format: 1, kind: 'failure', problems, failure },
    page: (one: AnyDocument) => renderHtml(one),
  },
  agenda: { document: agenda, page: (one: AgendaDocument) => renderAgendaPage(one) },
  audit: { document: audit, page: (one: AuditDocument) => renderAuditPage(one) },
  load: { document: loaded, page: (one: LoadDocument) => renderLoadPage(one) },
};

/** What only Downbeat itself writes: words from a closed list, times, and numbers as text. */
const ours: ReadonlySet<string> = new Set([
  ...['format', 'kind', 'verdict', 'guard', 'severity', 'code', 'class', 'state', 'action', 'steps', 'cause'],
  ...[
    'serverType',
    'at',
    'local',
    'from',
    'to',
    'first',
    'last',
    'since',
    'date',
    'minute',
    'changed',
    'command',
  ],
  ...[
    'lastSuccess',
    'readFrom',
    'isShallow',
    'effect',
    'operation',
    'method',
    'tz',
    'minutes',
    'setting',
    'args',
  ],
]);

/** The same document with `text` in every place where a text of others can be, the keys of inputs included. */
export function withText<D>(document: D, text: string): D {
  const walk = (value: unknown, key: string, isFree: boolean): unknown => {
    if (typeof value === 'string') return isOurs(key, value) && !isFree ? value : text;
    if (Array.isArray(value)) return value.map((item) => walk(item, key, isFree));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => {
        const below =
          isFree || ((key === 'fields' || key === 'settings') && (name === 'before' || name === 'after'));
        const isPath = name === 'path';
        if (isPath)
          return [name, (item as string[]).length > 2 ? [...(item as string[]).slice(0, 2), text] : item];
        return [isFree && name.startsWith('k') ? text : name, walk(item, name, below)];
      }),
    );
  };
  return walk(document, '', false) as D;
}

function isOurs(key: string, value: string): boolean {
  if (key === 'by') return value === 'server';
  if (key === 'reason') return ['foreign-owner', 'paused-on-server'].includes(value);
  if (value === '(sensitive)') return true;
  return ours.has(key) && !(key === 'at' && value.includes('@'));
}
