import { describe, expect, test } from 'vitest';
import {
  type DiagnosticArgs,
  type DiagnosticCode,
  definitions,
  families,
} from '../../../src/problems/codes.ts';
import { type Diagnostic, problem } from '../../../src/problems/diagnostic.ts';
import { explain, remedyOf } from '../../../src/problems/explain.ts';

const breach = { policy: 'p', schedule: 's' } as const;

/** Facts for each code. A new code does not compile until it is here. */
const samples: { readonly [C in DiagnosticCode]: readonly DiagnosticArgs[C][] } = {
  usage: [{ message: '--prune needs an owner', hint: 'set `owner` in downbeat.yaml' }],
  'internal-error': [{ what: 'TypeError: x is not a function', version: '1.0.0' }],
  'no-directory': [{ path: 'schedules' }, { path: 'schedules', isUnconfigured: true }],
  'not-a-directory': [{ path: 'a.yaml' }],
  'not-read': (['leads-out', 'leads-nowhere', 'git-files', 'empty-submodule', 'special'] as const).map(
    (fault) => ({
      path: 'a',
      fault,
    }),
  ),
  'hidden-manifests': [
    { path: '.a', manifests: 1 },
    { path: '.b', manifests: 3 },
  ],
  unreadable: [{ path: 'a.yaml', why: 'permission denied' }],
  'bad-calendar': [
    { calendar: 'c', fault: 'both' },
    { calendar: 'c', fault: 'neither' },
    { calendar: 'c', fault: 'date', text: '2027-02-30' },
    { calendar: 'c', fault: 'zone', text: 'Europe/Nowhere' },
    { calendar: 'c', fault: 'file', text: 'c.ics', why: 'the file does not exist' },
    { calendar: 'c', fault: 'file', text: 'c.ics', why: 'it is none', hint: 'write another' },
  ],
  'unknown-calendar': [
    { calendar: 'c', known: [] },
    { calendar: 'c', known: ['a', 'b'] },
    { calendar: 'holidays', nearest: 'holiday', known: ['holiday'] },
  ],
  'calendar-zone': [{ calendar: 'c', zone: 'Europe/Berlin', own: 'UTC' }],
  'calendar-days': [
    { cron: '0 0 9 L-28 * *', why: 'runaway' },
    { cron: '0 0 9 25 12 *', why: 'never' },
    { cron: '0 0 0 * * *', why: 'inexact', at: '2026-11-01T05:00:00Z' },
    { cron: '0 0 0 * * *', why: 'too-many', most: 60 },
  ],
  'calendar-over': [{ calendar: 'c', last: '2025-12-26' }],
  'calendar-horizon': [
    { calendar: 'c', last: '2026-12-26' },
    { names: ['a', 'b'], until: '2026-12-01' },
  ],
  'calendar-timed': [
    { calendar: 'c', count: 1 },
    { calendar: 'c', count: 3 },
  ],
  'no-manifests': [{ path: 'schedules' }],
  'json-syntax': [{ expected: 'a value' }],
  'yaml-syntax': [{ why: 'Flow sequence must end with a ]' }],
  'tab-indent': [{}],
  'unquoted-value': [{ text: '@daily' }],
  'unquoted-colon': [{ text: 'now: later' }],
  'unquoted-reference': [{ text: '${var.x}' }],
  'colon-without-space': [{ key: 'name' }],
  'template-braces': [{}],
  'unclosed-quote': [{ quote: '"' }],
  'bad-escape': [{ sequence: '\\U' }],
  'control-character': [{ codePoint: 0 }],
  'lone-surrogate': [{}],
  'unknown-tag': [{ tag: '!secret' }, { tag: '!!binary' }],
  'unknown-alias': [{ alias: 'x' }],
  'alias-loop': [{ alias: 'x' }],
  'alias-bomb': [{ limit: 1_000_000 }],
  'too-deep': [{ limit: 200 }],
  'bad-merge': [{}],
  'duplicate-key': [{ key: 'name' }],
  'number-range': [{ text: '.inf' }],
  'cut-by-comment': [{ kept: '0 0 2 ? * MON', lost: '#1' }],
  'not-a-manifest': [{ found: 'a list' }],
  'unknown-key': [
    { key: 'nane', nearest: 'name', parent: [] },
    { key: 'colour', parent: ['startWorkflowRequest'] },
    { key: 'enabled', parent: [], state: 'active' },
    { key: 'enabled', parent: [], state: 'paused' },
  ],
  'unindented-key': [
    { key: 'version', above: 'startWorkflowRequest', parent: [] },
    { key: 'x', above: 'input', parent: ['startWorkflowRequest'] },
  ],
  'server-field': [{ key: 'createTime' }],
  'missing-key': [
    { key: 'name', parent: [] },
    { key: 'name', parent: ['startWorkflowRequest'] },
    { key: 'value', parent: ['tags', '0'] },
  ],
  'wrong-type': [
    { field: ['description'], expected: 'a text', found: 'the number 5', rewrite: '"5"' },
    { field: ['paused'], expected: 'true or false', found: 'the text "true"', rewrite: 'true' },
    { field: ['tags'], expected: 'a mapping or a list', found: 'the number 5' },
  ],
  'wrong-value': [{ field: ['x'], expected: 'a whole number from 0 to 99', found: 'the number 100' }],
  'altered-number': [{ text: '08989', becomes: '8989' }],
  'old-yaml-word': [
    { text: 'no', meaning: 'false' },
    { text: '12:30:00', meaning: 'a number' },
  ],
  'time-in-seconds': [{ field: 'scheduleStartTime', value: 1_893_456_000 }],
  'bad-time': (['form', 'no-offset', 'no-such-day', 'no-such-time', 'no-such-offset'] as const).map(
    (fault) => ({
      field: ['scheduleEndTime'],
      text: 'x',
      fault,
    }),
  ),
  'not-a-config': [{ found: 'a list' }],
  'reference-in-config': [{ text: '${var.x}' }],
  'bad-server-url': [{ field: ['server', 'url'], why: 'not a URL' }],
  'credentials-in-config': [{ field: ['server', 'url'] }],
  'no-overlays': [{ path: 'overlays/staging' }],
  'unknown-overlay': [{ name: 'a' }, { name: 'a', nearest: 'b' }],
  'two-overlays': [{ name: 'a', other: 'b.yaml:1:7' }],
  'overlay-against-pause': [{ reason: 'by hand' }],
  'not-defaults': [{}],
  'two-defaults': [{ other: 'a/_defaults.yaml' }],
  'ignored-name': [{ name: 'adhoc-1', pattern: 'adhoc-*' }],
  'bad-reference': (['form', 'dollar-before-secret'] as const).map((fault) => ({ text: '${var.}', fault })),
  'undefined-variable': [
    { name: 'region', environments: [] },
    { name: 'region', environments: ['staging', 'production'] },
    { name: 'regoin', nearest: 'region', environments: [] },
  ],
  'undefined-env': [{ name: 'SHARD' }],
  'undefined-secret': [{ name: 'ORDERS_KEY' }],
  'refused-name': [
    { kind: 'env', name: 'GITHUB_TOKEN', fault: 'reserved' },
    { kind: 'secret', name: 'CONDUCTOR_AUTH_SECRET', fault: 'reserved' },
    { kind: 'env', name: 'REGION', fault: 'not-allowed' },
    { kind: 'secret', name: 'ORDERS_KEY', fault: 'strangers' },
  ],
  'secret-outside-input': [{ name: 'ORDERS_KEY' }],
  'duplicate-name': [{ name: 'a', other: 'b.yaml:1:7' }],
  'names-collide': [
    { name: 'A', otherName: 'a', side: 'base' },
    { name: 'A', otherName: 'a', renamed: true },
    { name: 'a', otherName: 'A', other: 'b.yaml:1:7' },
    { name: 'a', otherName: 'A' },
  ],
  'confusable-name': [{ name: 'cоpy', letter: 'о', script: 'Cyrillic', among: 'Latin' }],
  'bad-name': (['separator', 'dots', 'route', 'organisation', 'json', 'length', 'surrogate'] as const).map(
    (fault) => ({ name: 'x', fault }),
  ),
  'odd-name': (['space-at-the-end', 'control-character'] as const).map((oddity) => ({ name: 'x', oddity })),
  'no-cron': [{ name: 'a' }, { name: '' }],
  'two-crons': [{ name: 'a' }],
  'bad-cron': [
    { expression: '0 0 * * *', why: '5 fields' },
    { expression: '0 0 * * *', why: '5 fields', hint: 'put a 0 in front' },
  ],
  'runaway-cron': [{ expression: '0 0 0 L-28 * *' }],
  'runaway-hour': [
    {
      expression: '0 0 * * * *',
      zone: 'Australia/Lord_Howe',
      from: '1970-01-01T00:00:00Z',
      to: '1970-01-01T00:30:00Z',
    },
  ],
  'bad-zone': [
    { zone: 'Mars/X', why: 'there is none' },
    { zone: 'utc', why: 'there is none', nearest: 'UTC' },
  ],
  'idle-zone': [{ zone: 'UTC' }],
  'never-fires': [{ expression: '0 0 0 30 2 *', zone: 'UTC' }],
  'every-second': [{ expression: '* 0 9 * * *', suggestion: '0 0 9 * * *' }],
  'both-days': [{ expression: '0 0 9 1 * MON' }],
  'numbered-weekday': [
    { number: 1, day: 'Monday', quartz: 'Sunday', suggestion: 'MON' },
    { number: 6, day: 'Saturday' },
  ],
  'crons-meet': [
    { entry: 2, other: 1 },
    { entry: 2, other: 1, at: '1970-01-01T00:00:00Z' },
  ],
  'clock-change': [
    {
      zone: 'America/New_York',
      days: 400,
      safeFrom: '03:00',
      shifts: [{ kind: 'skipped', date: '2027-03-14', time: '02:30', count: 1 }],
    },
    {
      zone: 'America/New_York',
      days: 400,
      safeFrom: '03:00',
      shifts: Array.from({ length: 6 }, () => ({
        kind: 'doubled' as const,
        date: '2027-11-07',
        time: '01:07',
        count: 8,
      })),
    },
  ],
  'zone-rules-changed': [
    { zone: 'America/Vancouver', release: '2026b', isNew: false, tz: '2025c' },
    { zone: 'America/Vancouver', release: '2026b', isNew: false, tz: '2026f' },
    { zone: 'America/Coyhaique', release: '2025b', isNew: true },
  ],
  'old-zone': [{ zone: 'US/Pacific', now: 'America/Los_Angeles' }],
  'window-upside-down': [
    { start: '1970-01-01T00:00:00.002Z', end: '1970-01-01T00:00:00.001Z' },
    {
      start: '1970-01-01T00:00:00.002Z',
      end: '1970-01-01T00:00:00.001Z',
      once: '1970-01-01T00:00:00.003Z',
    },
  ],
  'window-without-fire': [
    { end: '1970-01-01T00:00:00.001Z' },
    { end: '1970-01-01T00:00:00.001Z', first: '1970-01-01T00:00:00.002Z' },
  ],
  'window-over': [
    { end: '1970-01-01T00:00:00.001Z', isPast: true },
    { end: '1970-01-01T00:00:00.001Z', isPast: false },
  ],
  'catchup-ignores-window': [{ field: 'scheduleEndTime' }],
  'catchup-burst': [{ expression: '0 * * * * *', firesPerHour: 60 }],
  'literal-correlation': [{ text: '${x}' }],
  'overwritten-input': [{ key: '_scheduledTime' }],
  'idle-strategy': [{ strategy: 'FAIL' }],
  'unknown-rule': [{ code: 'both-dayz', nearest: 'both-days' }, { code: 'x' }],
  'allowance-without-reason': [{ code: 'both-days' }],
  'unused-allowance': [{ code: 'both-days' }],
  'idempotency-not-kept': [{ names: ['x'] }],
  'name-beyond-orkes': [{ names: ['a-b'] }, { names: ['a-b', 'c-d'] }],
  'not-fired': [{ name: 'x', at: '2026-11-23T12:00:00Z' }],
  'dead-there': [
    ...(['bad-cron', 'bad-zone', 'no-cron', 'no-date', 'over', 'name'] as const).map((cause) => ({
      schedules: [{ name: 'x', cause, text: 'y' }],
    })),
    { schedules: Array.from({ length: 12 }, (_, at) => ({ name: `x${at}`, cause: 'no-cron' as const })) },
  ],
  'stuck-there': [
    { schedules: [{ name: 'a/b', cause: 'name' }] },
    { schedules: [{ name: 'x', cause: 'null-entry' }] },
    {
      schedules: [
        { name: 'a/b', cause: 'name' },
        { name: 'x', cause: 'null-entry' },
      ],
    },
  ],
  'no-workflow': [
    { workflow: 'w' },
    { workflow: 'w', nearest: 'ww' },
    { workflow: 'w', offline: true },
    { workflow: 'w', nearest: 'ww', others: 2, offline: true },
  ],
  'workflows-not-read': [{ path: 'workflows/a.json', why: 'it is not valid YAML or JSON' }],
  'no-workflow-version': [
    { workflow: 'w', version: 3, versions: [] },
    { workflow: 'w', version: 3, versions: [1, 2] },
    { workflow: 'w', version: 3, versions: [1, 2], offline: true },
  ],
  'unknown-input': [
    { key: 'k', workflow: 'w' },
    { key: 'k', workflow: 'w', nearest: 'kk' },
  ],
  'no-policies': [{ path: 'policies.yaml', why: 'the file does not exist' }],
  'not-policies': [{ found: 'a mapping' }],
  'bad-policy': (
    ['nameless', 'no-demand', 'duplicate', 'rule', 'pattern', 'zone', 'times', 'schema'] as const
  ).map((fault) => ({ policy: 'p', fault, text: 'x', why: 'it is not one' })),
  'policy-require': [
    { ...breach, what: { tag: 'team' } },
    { ...breach, what: 'description' },
    { ...breach, what: 'zoneId', because: 'clocks change' },
  ],
  'policy-match': [{ ...breach, pattern: '^[a-z]+$', isUnmanaged: true }],
  'policy-every': [0, 90, 3661].map((apart) => ({
    ...breach,
    every: '5m',
    apart,
    first: { at: '2027-01-01T00:00:00Z', zone: 'UTC' },
    second: { at: '2027-01-01T00:01:00Z', zone: 'UTC', cron: '0 * * * * *' },
  })),
  'policy-between': [
    {
      ...breach,
      between: ['02:00', '03:00'],
      fire: { at: '2027-01-01T02:30:00+01:00', zone: 'Europe/Berlin' },
    },
  ],
  'policy-fires-per-minute': [
    { ...breach, limit: 1, fires: 2, minute: '2027-01-01T00:00:00Z', who: ['a', 'b'] },
  ],
  'policy-workflow': [{ ...breach, workflow: 'w', allowed: ['billing_*'] }],
  'policy-schema': [
    { ...breach, field: '', why: "must have required property 'x'" },
    { ...breach, field: 'a.b', why: 'must be string' },
  ],
  'unused-policy': [{ policy: 'p' }],
  'missing-input': [{ keys: ['k'], workflow: 'w' }],
  'workflows-not-readable': [
    { why: 'no permission', forbidden: true },
    { why: 'no answer', forbidden: false },
  ],
  'end-at-zero': [{}],
  'reason-without-pause': [{ name: 'a' }],
  'bad-tag': (['colon-in-key', 'colon-in-value', 'empty-key'] as const).map((fault) => ({ key: 'a', fault })),
  'old-scheduler': [{}, { version: '3.23.0' }],
  'unknown-path': [
    { path: 'startWorkflowReqest.input.x', key: 'startWorkflowReqest', nearest: 'startWorkflowRequest' },
    { path: 'x', key: 'x' },
  ],
  'marker-in-manifest': [{ name: 'a' }],
  'protect-without-owner': [{ name: 'a' }],
  'bad-previous-name': [
    { name: 'b', previous: 'b', fault: 'own' },
    { name: 'b', previous: 'a', fault: 'used', other: 'b.yaml:1:7' },
    { name: 'b', previous: 'a', fault: 'claimed', other: 'b.yaml:9:5' },
    { name: 'b', previous: 'a/b', fault: 'unreachable' },
  ],
  'previous-name-there': [
    ...(['no-owner', 'unmarked', 'ignored'] as const).map((why) => ({ name: 'b', previous: 'a', why })),
    { name: 'b', previous: 'a', why: 'foreign', owner: 'them' },
  ],
  'rename-outside': [{ name: 'b', previous: 'a', outside: 'a' }],
  'rename-elsewhere': [{ name: 'b', previous: 'a' }],
  'rename-protected': [{ name: 'b', previous: 'a' }],
  'looks-renamed': [
    { name: 'b', previous: 'a' },
    { name: 'b', previous: 'a', differs: true },
  ],
  'protected-orphan': [{ name: 'a' }, { name: 'a', paused: true }],
  'foreign-owner': [
    { name: 'a', owner: 'them', isUnconfigured: true },
    { name: 'a', owner: 'them', ours: 'us' },
    { name: 'a', owner: 'them' },
  ],
  'still-committed': [{ name: 'a', path: 'x/a.yaml' }],
  'copied-marker': [{ name: 'a', owner: 'us' }],
  'needs-adopt': [{ name: 'a' }, { name: 'a', unknown: ['KEY'] }, { name: 'a', unknown: ['KEY', 'DSN'] }],
  'unknown-target': [{ name: 'a' }],
  'unmatched-flag': [
    { flag: '--take-over', value: 'paymnts', nearest: 'payments' },
    { flag: '--adopt', value: 'a' },
    { flag: '--selector', value: 'team=x' },
  ],
  'unknown-schedule': [{ name: 'nigthly', nearest: 'nightly' }, { name: 'x' }],
  guard: [
    { guard: 'deletes', seen: 14, limit: 3 },
    { guard: 'deletes', seen: 1, limit: 0, names: ['old'], renames: 1 },
    { guard: 'deletes', seen: 2, limit: 1, names: ['a', 'b'], ofAll: true, waiting: true },
    { guard: 'fires-per-day', seen: 1440, limit: 100, at: '2026-11-23T00:00:00Z' },
    { guard: 'fires-per-minute', seen: 60, limit: 10, at: '2026-11-23T00:01:00Z' },
  ],
  'literal-in-plan': [
    { name: 'n' },
    { name: 'n', field: ['startWorkflowRequest', 'input', 'password'] },
    { name: 'n', field: ['description'] },
  ],
  'bad-plan-file': [
    { fault: 'json' },
    { fault: 'kind' },
    { fault: 'kind', detail: 'plan' },
    { fault: 'format', detail: '2' },
    { fault: 'form', detail: 'changes[0].steps' },
    { fault: 'edited' },
  ],
  'plan-for-other': [
    { what: 'server', planned: 'http://a/api', here: 'http://b/api' },
    { what: 'owner', planned: 'a', here: 'b' },
    { what: 'owner', planned: '', here: 'b' },
    { what: 'serverType', planned: 'oss-2', here: 'orkes-new' },
    { what: 'digest-key', planned: '', here: '' },
    { what: 'digest-key', planned: '', here: 'another' },
  ],
  'plan-changed': [{ digest: 'a'.repeat(64), expected: 'b'.repeat(64) }],
  'tags-not-kept': [{ names: ['a', 'b'] }, { names: [...Array(30).keys()].map(String) }],
  'reason-not-kept': [
    { names: ['a'], kept: 'dropped' },
    { names: ['a'], kept: 'unknown' },
    { names: ['a', 'b'], kept: 'unknown' },
  ],
  'crons-not-kept': [
    { names: ['a'], kept: 'dropped' },
    { names: ['a', 'b'], kept: 'unknown' },
  ],
};

const diagnostics: readonly Diagnostic[] = (Object.keys(samples) as DiagnosticCode[]).flatMap((code) =>
  samples[code].map((args) => problem(code, args as never, { kind: 'nowhere' })),
);

test.each(Object.keys(definitions) as DiagnosticCode[])('%s says what to do about it', (code) => {
  expect(remedyOf(code)).toMatch(/^[a-z`_].{4,}[^.]$/i);
});

describe('every code has words', () => {
  test.each(diagnostics.map((diagnostic) => [diagnostic.code, diagnostic] as const))(
    '%s',
    (_code, diagnostic) => {
      const { message, hint } = explain(diagnostic);
      expect(message.length).toBeGreaterThan(10);
      expect(hint?.length).toBeGreaterThan(10);
      for (const text of [message, hint]) {
        expect(text).not.toMatch(/undefined|\[object|[\n.]$/);
        expect(text).not.toContain('\n');
      }
      expect(message).not.toBe(hint);
    },
  );

  test('the words of the variants of a code differ', () => {
    for (const code of [
      'bad-time',
      'bad-name',
      'odd-name',
      'bad-tag',
      'bad-reference',
      'refused-name',
    ] as const) {
      const words = diagnostics.filter((one) => one.code === code).map((one) => explain(one).message);
      expect(new Set(words).size).toBe(words.length);
    }
  });
});

/** Arguments with what somebody wrote. */
const written = ['text', 'value', 'expression', 'zone', 'name', 'key', 'tag', 'path'];
/** Where it has been read as something that is no such text: a number, a word, a variable's name, a zone, a key. */
const ofOneForm = [
  ...['altered-number text', 'old-yaml-word text', 'colon-without-space key', 'refused-name name'],
  ...['secret-outside-input name', 'undefined-env name', 'undefined-secret name', 'undefined-variable name'],
  ...['clock-change zone', 'never-fires zone', 'calendar-zone zone'],
  ...['zone-rules-changed zone', 'runaway-hour zone'],
];

describe('no problem shows a credential in the wrong place', () => {
  const credential = 'https://ada:hunter2hunter2@example.com/hook';
  const cases = Object.entries(samples).flatMap(([code, all]) =>
    all.flatMap((args: Readonly<Record<string, unknown>>) =>
      Object.entries(args).flatMap(([key, value]) =>
        typeof value === 'string' && written.includes(key) && !ofOneForm.includes(`${code} ${key}`)
          ? [[`${code} ${key}`, code, { ...args, [key]: credential }] as const]
          : [],
      ),
    ),
  );
  test.each(cases)('%s', (_what, code, args) => {
    const { message, hint } = explain(problem(code as 'usage', args as never, { kind: 'nowhere' }));
    expect(`${message} ${hint}`).not.toContain('hunter2hunter2');
  });
});

test('no code is in two families', () => {
  const codes = families.flatMap((family) => Object.keys(family));
  expect(codes.toSorted()).toEqual(Object.keys(definitions).toSorted());
});

describe('important messages', () => {
  test.each<readonly [diagnostic: Diagnostic, message: RegExp, hint: RegExp]>([
    [
      problem(
        'unknown-key',
        { key: 'cron_expression', nearest: 'cronExpression', parent: [] },
        { kind: 'nowhere' },
      ),
      /"cron_expression"/,
      /"cronExpression"/,
    ],
    [
      problem('server-field', { key: 'createTime' }, { kind: 'nowhere' }),
      /"createTime"/,
      /downbeat pull --from/,
    ],
    [
      problem('unquoted-value', { text: '@daily' }, { kind: 'nowhere' }),
      /begin with "@"/,
      /quotes: "@daily"/,
    ],
    [
      problem(
        'wrong-type',
        { field: ['description'], expected: 'a text', found: 'the number 5', rewrite: '"5"' },
        { kind: 'nowhere' },
      ),
      /^description must be a text, not the number 5$/,
      /^put it in quotes: "5"$/,
    ],
    [
      problem(
        'wrong-type',
        { field: ['paused'], expected: 'true or false', found: 'the text "true"', rewrite: 'true' },
        { kind: 'nowhere' },
      ),
      /^paused must be/,
      /^remove the quotes: true$/,
    ],
    [
      problem('duplicate-name', { name: 'a', other: 'b.yaml:1:7' }, { kind: 'nowhere' }),
      /"a".*b\.yaml:1:7/,
      /one manifest/,
    ],
    [problem('no-manifests', { path: 'schedules' }, { kind: 'nowhere' }), /"schedules"/, /--allow-empty/],
    [
      problem('tags-not-kept', { names: [...Array(30).keys()].map(String) }, { kind: 'nowhere' }),
      /"9" and 20 more/,
      /Orkes/,
    ],
    [problem('unknown-alias', { alias: 'x'.repeat(500) }, { kind: 'nowhere' }), /^.{1,600}$/, /^.{1,250}$/],
  ])('%#', (diagnostic, message, hint) => {
    const words = explain(diagnostic);
    expect(words.message).toMatch(message);
    expect(words.hint).toMatch(hint);
  });
});
