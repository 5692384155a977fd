import { describe, expect, it, test } from 'vitest';
import { type LoadOptions, loadManifests } from '../../../src/manifest/desired.ts';
import type { DiagnosticArgs } from '../../../src/problems/codes.ts';

/** 2026-11-23T12:00:00Z, a Monday. */
const now = Date.UTC(2026, 10, 23, 12);
const options: LoadOptions = { now, clockChanges: true };

function load(text: string, more: LoadOptions = {}): ReturnType<typeof loadManifests> {
  return loadManifests([{ path: 'a.yaml', text }], { ...options, ...more });
}

/** The problems, each as `line:column code`, with `(E)` behind errors. */
function problems(text: string, more: LoadOptions = {}): readonly string[] {
  return load(text, more).diagnostics.map(
    ({ diagnostic: { code, severity }, at }) =>
      `${at?.line}:${at?.column} ${code}${severity === 'error' ? ' (E)' : ''}`,
  );
}

function argsOf<C extends keyof DiagnosticArgs>(text: string, code: C): DiagnosticArgs[C] {
  const found = load(text).diagnostics.find(({ diagnostic }) => diagnostic.code === code);
  if (found === undefined) throw new Error(`no ${code}`);
  return found.diagnostic.args as DiagnosticArgs[C];
}

/** A schedule with this cron and further lines from line 4 on. */
const withCron = (cron: string, ...lines: readonly string[]): string =>
  [`name: a`, `cronExpression: "${cron}"`, 'startWorkflowRequest: {name: w}', ...lines, ''].join('\n');
const daily = (...lines: readonly string[]): string => withCron('0 0 6 * * *', ...lines);
const several = (...entries: readonly string[]): string =>
  [
    'name: a',
    'startWorkflowRequest: {name: w}',
    'cronSchedules:',
    ...entries.map((one) => `  - ${one}`),
    '',
  ].join('\n');
const request = (fields: string): string =>
  `name: a\ncronExpression: "0 0 6 * * *"\nstartWorkflowRequest: {name: w, ${fields}}\n`;

describe('the cron', () => {
  test.each<readonly [string, readonly string[]]>([
    ['0 0 6 * * *', []],
    ['0 0 6 29 2 *', []],
    ['0 0 6 L-27 * *', []],
    ['0 0 0 30 2 *', ['2:17 never-fires (E)']],
    ['0 0 9 31 FEB ?', ['2:17 never-fires (E)']],
    ['0 0 9 31 4,6,9,11 *', ['2:17 never-fires (E)']],
    ['0 0 9 * * MON#6', ['2:17 never-fires (E)']],
    ['* 0 9 * * *', ['2:17 every-second']],
    ['* * * * * *', ['2:17 every-second']],
    ['0/1 0 9 * * *', ['2:17 every-second']],
    ['*/2 0 9 * * *', []],
    ['0 0 9 1 * MON', ['2:17 both-days']],
    ['0 0 9 L * FRI', ['2:17 both-days']],
    ['0 0 9 1-31 * MON', []],
    ['0 0 9 1 * MON-SUN', []],
    ['0 0 9 ? * 1', ['2:28 numbered-weekday']],
    ['0 0 9 * * 1-5', ['2:28 numbered-weekday']],
    ['0 0 9 * * 5L', ['2:28 numbered-weekday']],
    ['0 0 9 * * 6#3', ['2:28 numbered-weekday']],
    ['0 0 9 * * 7', ['2:28 numbered-weekday']],
    ['0 0 9 * * 0', []],
    ['0 0 9 * * 0-6', []],
    ['0 0 9 * * */2', []],
    ['0 0 9 * * MON#2', []],
    ['@weekly', []],
  ])('%s', (cron, expected) => {
    expect(problems(withCron(cron))).toEqual(expected);
  });

  test.each([
    ['1', 'MON'],
    ['1-5', 'MON-FRI'],
    ['5L', 'FRIL'],
    ['6#3', 'SAT#3'],
    ['0,3', 'SUN,WED'],
    ['7', 'SUN'],
    ['2-6/2', 'TUE-SAT/2'],
  ])('%s is suggested as %s', (written, suggestion) => {
    expect(argsOf(withCron(`0 0 9 * * ${written}`), 'numbered-weekday')).toMatchObject({ suggestion });
  });

  it('names the day of a number, here and in Quartz', () => {
    expect(argsOf(withCron('0 0 9 * * 1'), 'numbered-weekday')).toMatchObject({
      number: 1,
      day: 'Monday',
      quartz: 'Sunday',
    });
  });

  it('detects that clock changes skip every fire', () => {
    // The second Sunday of March, 02:00 to 03:00, is the hour that New York leaves out.
    const text = withCron('0 30 2 * 3 SUN#2', 'zoneId: America/New_York');
    expect(problems(text)).toContain('2:17 never-fires (E)');
    expect(problems(text.replace('America/New_York', 'UTC'))).toEqual([]);
  });

  it('finds the one entry that never fires', () => {
    const text = several('{cronExpression: "0 0 6 * * *"}', '{cronExpression: "0 0 6 31 4 *"}');
    expect(problems(text)).toEqual(['5:22 never-fires (E)']);
  });
});

describe('several crons', () => {
  const berlin = '{cronExpression: "0 0 6 * * *", zoneId: Europe/Berlin}';
  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['the same twice', [berlin, berlin], ['5:22 crons-meet']],
    [
      'the same moment in another zone, in winter alone',
      [berlin, '{cronExpression: "0 0 5 * * *"}'],
      ['5:22 crons-meet'],
    ],
    [
      'every hour and a daily one',
      ['{cronExpression: "0 0 * * * *"}', '{cronExpression: "0 0 6 * * *"}'],
      ['5:22 crons-meet'],
    ],
    ['the one time and the other', [berlin, '{cronExpression: "0 30 6 * * *", zoneId: Europe/Berlin}'], []],
    ['never in step, fast', ['{cronExpression: "0/2 * * * * *"}', '{cronExpression: "1/2 * * * * *"}'], []],
  ])('%s', (_what, entries, expected) => {
    expect(problems(several(...entries))).toEqual(expected);
  });

  it('names a shared fire', () => {
    const text = several('{cronExpression: "0 0 0 1 * *"}', '{cronExpression: "0 0 0 * * MON"}');
    expect(argsOf(text, 'crons-meet')).toEqual({ entry: 2, other: 1, at: '2027-02-01T00:00:00Z' });
  });
});

describe('zones', () => {
  test.each<readonly [string, readonly string[]]>([
    ['US/Pacific', ['4:9 old-zone']],
    ['Asia/Calcutta', ['4:9 old-zone']],
    ['Europe/Kiev', ['4:9 old-zone']],
    ['America/Los_Angeles', []],
    ['Europe/Oslo', []],
    ['Etc/GMT+3', []],
    ['UTC+1', []],
  ])('%s', (zone, expected) => {
    expect(problems(daily(`zoneId: ${zone}`))).toEqual(expected);
  });
});

describe('the window', () => {
  test.each<readonly [string, string, readonly string[]]>([
    ['open', daily('scheduleStartTime: 2027-01-01T00:00:00Z'), []],
    ['sound', daily('scheduleStartTime: 2027-01-01T00:00:00Z', 'scheduleEndTime: 2027-01-02T00:00:00Z'), []],
    ['an end at the last fire', daily('scheduleEndTime: 2026-11-24T06:00:00Z'), []],
    ['over', daily('scheduleEndTime: 2026-11-23T11:59:59Z'), ['4:18 window-over']],
    ['nothing left', daily('scheduleEndTime: 2026-11-24T05:59:59Z'), ['4:18 window-over']],
    [
      'over, with a start',
      daily('scheduleStartTime: 2026-01-01T00:00:00Z', 'scheduleEndTime: 2026-02-01T00:00:00Z'),
      ['5:18 window-over'],
    ],
    [
      'upside down',
      daily('scheduleStartTime: 2027-01-02T00:00:00Z', 'scheduleEndTime: 2027-01-01T00:00:00Z'),
      ['5:18 window-upside-down (E)'],
    ],
    [
      'start and end at once',
      daily('scheduleStartTime: 2027-01-02T06:00:00Z', 'scheduleEndTime: 2027-01-02T06:00:00Z'),
      ['5:18 window-upside-down (E)'],
    ],
    [
      'between two fires',
      daily('scheduleStartTime: 2027-01-01T07:00:00Z', 'scheduleEndTime: 2027-01-02T05:00:00Z'),
      ['5:18 window-without-fire (E)'],
    ],
    [
      'between two fires, long ago',
      daily('scheduleStartTime: 2026-01-01T07:00:00Z', 'scheduleEndTime: 2026-01-02T05:00:00Z'),
      ['5:18 window-without-fire (E)'],
    ],
    ['end 0', daily('scheduleEndTime: 0'), ['4:18 end-at-zero (E)']],
    [
      'an end that cannot be read',
      daily('scheduleStartTime: 2027-01-01T00:00:00Z', 'scheduleEndTime: soon'),
      ['5:18 bad-time (E)'],
    ],
    [
      'catch-up with both',
      daily(
        'runCatchupScheduleInstances: true',
        'scheduleStartTime: 2027-01-01T00:00:00Z',
        'scheduleEndTime: 2026-01-01T00:00:00Z',
      ),
      ['5:20 catchup-ignores-window (E)', '6:18 catchup-ignores-window (E)'],
    ],
    ['catch-up alone', daily('runCatchupScheduleInstances: true'), []],
    [
      'catch-up every minute',
      withCron('0 * * * * *', 'runCatchupScheduleInstances: true'),
      ['4:30 catchup-burst'],
    ],
    ['catch-up every quarter', withCron('0 */15 * * * *', 'runCatchupScheduleInstances: true'), []],
  ])('%s', (_what, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it('names the only fire of a window whose end is before its start', () => {
    const upsideDown = (start: string, end: string): unknown =>
      argsOf(daily(`scheduleStartTime: ${start}`, `scheduleEndTime: ${end}`), 'window-upside-down');
    expect(upsideDown('2027-01-02T00:00:00Z', '2027-01-01T00:00:00Z')).toMatchObject({
      once: '2027-01-02T06:00:00Z',
    });
    expect(upsideDown('2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z')).not.toHaveProperty('once');
  });
});

describe('the request', () => {
  test.each<readonly [string, readonly string[]]>([
    ['correlationId: ORDERS', []],
    ['correlationId: "ORDERS_${workflow.input.x}"', ['3:48 literal-correlation']],
    ['input: {day: "${workflow.input.x}"}', []],
    ['input: {_scheduledTime: 1, _schedulerCron: x}', ['3:41 overwritten-input', '3:60 overwritten-input']],
    ['input: {deep: {_scheduledTime: 1}}', []],
    ['idempotencyStrategy: FAIL', ['3:54 idle-strategy']],
    ['idempotencyStrategy: FAIL, idempotencyKey: k', []],
    ['priority: 100', ['3:43 wrong-value (E)']],
  ])('%s', (fields, expected) => {
    expect(problems(request(fields))).toEqual(expected);
  });
});

describe('names that the scheduler misreads', () => {
  test.each(['abcd:rest', '"{}"'])('%s', (name) => {
    expect(problems(daily().replace('name: a', `name: ${name}`))).toEqual(['1:7 bad-name (E)']);
    const entry = '{cronExpression: "0 0 6 * * *"}';
    expect(problems(several(entry).replace('name: a', `name: ${name}`))).toEqual([]);
  });
});

describe('changes of the clock', () => {
  test.each<readonly [string, string, readonly string[]]>([
    ['0 30 2 * * *', 'America/New_York', ['2:17 clock-change']],
    ['0 30 2 * * *', 'UTC', []],
    ['0 30 12 * * *', 'America/New_York', []],
    ['0 0 * * * *', 'America/New_York', []],
    ['0 30 2 * * MON', 'America/New_York', []],
  ])('%s in %s', (cron, zone, expected) => {
    expect(problems(withCron(cron, `zoneId: ${zone}`))).toEqual(expected);
  });

  it('names the dates and an unaffected time', () => {
    const shifts = (cron: string, ...lines: readonly string[]) =>
      argsOf(withCron(cron, 'zoneId: America/New_York', ...lines), 'clock-change');
    expect(shifts('0 30 2 * * *')).toEqual({
      zone: 'America/New_York',
      days: 400,
      safeFrom: '03:00',
      shifts: [{ kind: 'skipped', date: '2027-03-14', time: '02:30', count: 1 }],
    });
    expect(shifts('0 15 1,2 * * *').shifts).toEqual([
      { kind: 'skipped', date: '2027-03-14', time: '02:15', count: 1 },
      { kind: 'doubled', date: '2027-11-07', time: '01:15', count: 1 },
    ]);
  });

  it('ignores changes outside the window', () => {
    const text = withCron(
      '0 30 2 * * *',
      'zoneId: America/New_York',
      'scheduleEndTime: 2027-03-01T00:00:00Z',
    );
    expect(problems(text)).toEqual([]);
  });

  it('is one problem per schedule, and is checked only on request', () => {
    const entry = '{cronExpression: "0 30 2 * * *", zoneId: America/New_York}';
    const text = several(entry, entry.replace('30', '40'));
    expect(problems(text)).toEqual(['4:22 clock-change']);
    expect(problems(text, { clockChanges: false })).toEqual([]);
  });
});

describe('a clock that goes back to the middle of an hour', () => {
  const hourly = (zone: string, ...lines: readonly string[]): string =>
    withCron(`0 ${zone === 'Pacific/Chatham' ? 45 : 0} * * * *`, `zoneId: ${zone}`, ...lines);
  const off = { 'clock-change': 'off' } as const;

  it.each<readonly [string, readonly string[]]>([
    ['Australia/Lord_Howe', ['2:17 runaway-hour (E)']],
    ['Pacific/Chatham', ['2:17 runaway-hour (E)']],
    ['Australia/Adelaide', []],
    ['Asia/Kolkata', []],
  ])('%s', (zone, expected) => {
    expect(problems(hourly(zone), { rules: off })).toEqual(expected);
  });

  it('counts within the window, is configurable like other rules, and is checked only on request', () => {
    const zone = 'Australia/Lord_Howe';
    const ended = hourly(zone, 'scheduleEndTime: 2027-04-01T00:00:00Z');
    expect(problems(ended, { rules: off })).toEqual([]);
    expect(problems(hourly(zone), { rules: { ...off, 'runaway-hour': 'off' } })).toEqual([]);
    expect(problems(hourly(zone), { rules: off, clockChanges: false })).toEqual([]);
    expect(argsOf(hourly(zone), 'runaway-hour')).toEqual({
      expression: '0 0 * * * *',
      zone,
      from: '2027-04-03T14:00:00Z',
      to: '2027-04-03T14:30:00Z',
    });
  });
});

describe('zones whose rules changed', () => {
  const asked = { tz: '2025c', clockChanges: false };
  const found = (zone: string, more: LoadOptions = {}): readonly string[] =>
    load(daily(`zoneId: ${zone}`), { ...asked, rules: { 'old-zone': 'off' }, ...more }).diagnostics.map(
      ({ diagnostic: { code, args }, at }) =>
        `${at?.line}:${at?.column} ${code} ${(args as { readonly release?: string }).release}`,
    );

  test.each<readonly [string, readonly string[]]>([
    ['America/Vancouver', ['4:9 zone-rules-changed 2026b']],
    ['Canada/Pacific', ['4:9 zone-rules-changed 2026b']],
    ['America/Coyhaique', ['4:9 zone-rules-changed 2025b']],
    ['Europe/Chisinau', ['4:9 zone-rules-changed 2026a']],
    ['America/Havana', ['4:9 zone-rules-changed 2026f']],
    ['Europe/Berlin', []],
    ['America/Toronto', []],
    ['UTC', []],
  ])('%s', (zone, expected) => {
    expect(found(zone)).toEqual(expected);
  });

  it('counts only for times in the next 400 days', () => {
    const on = (date: string): LoadOptions => ({ now: Date.parse(date) });
    // Havana's clocks were not put back in the winter of 2026 alone.
    expect(found('America/Havana', on('2027-03-14T04:59Z'))).toHaveLength(1);
    expect(found('America/Havana', on('2027-03-14T05:00Z'))).toEqual([]);
    expect(found('America/Vancouver', on('2025-09-27T09:00Z'))).toEqual([]);
    expect(found('America/Vancouver', on('2025-09-27T09:01Z'))).toHaveLength(1);
  });

  it('is checked for each entry, and is configurable like other rules', () => {
    const entry = '{cronExpression: "0 30 9 * * *", zoneId: America/Winnipeg}';
    expect(problems(several(entry, entry.replace('America/Winnipeg', 'UTC')), asked)).toEqual([
      '4:46 zone-rules-changed',
    ]);
    expect(found('America/Winnipeg', { rules: { 'zone-rules-changed': 'off' } })).toEqual([]);
  });
});

describe('without a clock', () => {
  it('reports nothing that depends on the date', () => {
    const { now: _, ...rest } = options;
    const text = daily('scheduleEndTime: 2020-01-01T00:00:00Z');
    expect(loadManifests([{ path: 'a.yaml', text }], rest).diagnostics).toEqual([]);
  });
});

describe('settings', () => {
  const bad = withCron('* 0 9 1 * MON');

  test.each<readonly [string, LoadOptions['rules'], readonly string[]]>([
    ['nothing set', {}, ['2:17 both-days', '2:17 every-second']],
    ['one off', { 'both-days': 'off' }, ['2:17 every-second']],
    ['one an error', { 'both-days': 'error' }, ['2:17 both-days (E)', '2:17 every-second']],
    ['all off', { all: 'off' }, []],
    ['all but one off', { all: 'off', 'both-days': 'warning' }, ['2:17 both-days']],
    ['all errors', { all: 'error' }, ['2:17 both-days (E)', '2:17 every-second (E)']],
  ])('%s', (_what, rules = {}, expected) => {
    expect(problems(bad, { rules })).toEqual(expected);
  });

  it('lets a manifest through whose only errors became warnings, and stops one whose warning became an error', () => {
    const never = withCron('0 0 0 30 2 *');
    expect(load(never).desired).toEqual([]);
    expect(load(never, { rules: { 'never-fires': 'warning' } }).desired).toHaveLength(1);
    expect(load(bad, { rules: { 'both-days': 'error' } }).desired).toEqual([]);
  });

  it('cannot switch off errors that are not rules', () => {
    expect(problems(withCron('0 9 * * *'), { rules: { all: 'off' } })).toEqual(['2:18 bad-cron (E)']);
  });
});

describe('allowances', () => {
  const allow = (code: string): string => `# downbeat: allow ${code} because the ledger says so`;
  const cron = 'cronExpression: "* 0 9 1 * MON"';
  const rest = 'startWorkflowRequest: {name: w}';

  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['behind the line', ['name: a', `${cron} ${allow('both-days')}`, rest], ['2:17 every-second']],
    ['above the line', ['name: a', allow('both-days'), cron, rest], ['3:17 every-second']],
    [
      'two above the line, with others between',
      ['name: a', allow('both-days'), '# a word', '', allow('every-second'), cron, rest],
      [],
    ],
    ['before everything', [allow('both-days'), 'name: a', cron, rest], ['3:17 every-second']],
    ['behind the marker', [`--- ${allow('both-days')}`, 'name: a', cron, rest], ['3:17 every-second']],
    [
      'at another line',
      [`name: a ${allow('both-days')}`, cron, rest],
      ['1:9 unused-allowance', '2:17 both-days', '2:17 every-second'],
    ],
    [
      'in another document',
      [allow('both-days'), 'name: b', 'cronExpression: "0 0 6 * * *"', rest, '---', 'name: a', cron, rest],
      ['1:1 unused-allowance', '7:17 both-days', '7:17 every-second'],
    ],
    [
      'before everything of the second document',
      ['name: b', 'cronExpression: "0 0 6 * * *"', rest, '---', allow('both-days'), 'name: a', cron, rest],
      ['7:17 every-second'],
    ],
    [
      'for the whole list',
      [allow('both-days'), allow('every-second'), '- name: a', `  ${cron}`, `  ${rest}`],
      [],
    ],
    [
      'at the end of the file',
      ['name: a', cron, rest, allow('both-days')],
      ['2:17 both-days', '2:17 every-second', '4:1 unused-allowance'],
    ],
    [
      'a misspelt rule',
      [allow('both-dayz'), 'name: a', cron, rest],
      ['1:1 unknown-rule (E)', '3:17 both-days', '3:17 every-second'],
    ],
    [
      'an error that is no rule',
      ['name: a', `cronExpression: "0 9 * * *" ${allow('bad-cron')}`, rest],
      ['2:18 bad-cron (E)', '2:29 unknown-rule (E)'],
    ],
    [
      'no reason',
      ['name: a', `${cron} # downbeat: allow both-days`, rest],
      ['2:17 both-days', '2:17 every-second', '2:33 allowance-without-reason (E)'],
    ],
    [
      'because of nothing',
      ['name: a', `${cron} # downbeat: allow both-days because `, rest],
      ['2:17 both-days', '2:17 every-second', '2:33 allowance-without-reason (E)'],
    ],
    [
      'no rule',
      ['# downbeat: allow', 'name: a', cron, rest],
      ['1:1 unknown-rule (E)', '3:17 both-days', '3:17 every-second'],
    ],
    [
      'another word',
      ['# downbeat: see the README', 'name: a', cron, rest],
      ['3:17 both-days', '3:17 every-second'],
    ],
    ['two in one comment', ['name: a', allow('both-days, every-second'), cron, rest], []],
    ['two joined by "and"', ['name: a', `${cron} ${allow('both-days and every-second')}`, rest], []],
    [
      'two comments on one line, each with its reason',
      ['name: a', `${cron} ${allow('both-days')} ${allow('every-second')}`, rest],
      [],
    ],
    ['after a note', ['name: a', `${cron} # settled twice ${allow('both-days, every-second')}`, rest], []],
    [
      'two in one comment, one of them misspelt',
      ['name: a', `${cron} ${allow('both-days, every-secnd')}`, rest],
      ['2:17 every-second', '2:33 unknown-rule (E)'],
    ],
    [
      'a text that only looks like a comment',
      ['name: a', 'description: |', `  ${allow('both-days')}`, cron, rest],
      ['4:17 both-days', '4:17 every-second'],
    ],
  ])('%s', (_what, lines, expected) => {
    expect(problems(`${lines.join('\n')}\n`)).toEqual(expected);
  });

  test.each<readonly [string, string | readonly string[], readonly string[]]>([
    ['a text', 'downbeat: allow both-days, every-second because the ledger says so', []],
    [
      'several texts',
      ['downbeat: allow both-days because it must', 'a note', 'downbeat: allow every-second because it may'],
      [],
    ],
    [
      'without a reason',
      'downbeat: allow both-days',
      ['1:69 both-days', '1:69 every-second', '1:24 allowance-without-reason (E)'],
    ],
    [
      'for another rule',
      'downbeat: allow never-fires because of it',
      ['1:85 both-days', '1:85 every-second', '1:24 unused-allowance'],
    ],
  ])('in JSON, as $comment: %s', (_what, comment, expected) => {
    const bad = {
      name: 'a',
      $comment: comment,
      cronExpression: '* 0 9 1 * MON',
      startWorkflowRequest: { name: 'w' },
    };
    const text = JSON.stringify(bad);
    const found = loadManifests([{ path: 'a.json', text }], options).diagnostics;
    expect(
      found
        .map(
          ({ diagnostic: { code, severity }, at }) =>
            `${at?.line}:${at?.column} ${code}${severity === 'error' ? ' (E)' : ''}`,
        )
        .sort(),
    ).toEqual([...expected].sort());
  });

  it('in one item of a JSON list applies only to that item', () => {
    const bad = { cronExpression: '0 0 9 1 * MON', startWorkflowRequest: { name: 'w' } };
    const allowed = { name: 'a', $comment: 'downbeat: allow both-days because it must', ...bad };
    const text = JSON.stringify([allowed, { name: 'b', ...bad }]);
    const found = loadManifests([{ path: 'a.json', text }], options).diagnostics;
    expect(found.map(({ diagnostic: { code, place } }) => [code, place])).toMatchObject([
      ['both-days', { origin: { item: 1 } }],
    ]);
  });

  it('finds its place with Windows line ends and a byte order mark', () => {
    const text = ['\ufeff---', 'name: a', allow('both-days'), allow('every-second'), cron, rest, ''].join(
      '\r\n',
    );
    expect(problems(text)).toEqual([]);
  });

  it('is not reported as unused if its rule is off or was not checked', () => {
    const text = ['name: a', `cronExpression: "0 0 6 * * *" ${allow('clock-change')}`, rest, ''].join('\n');
    expect(problems(text)).toEqual(['2:31 unused-allowance']);
    expect(problems(text, { clockChanges: false })).toEqual([]);
    expect(problems(text, { rules: { 'clock-change': 'off' } })).toEqual([]);
    expect(problems(text, { rules: { 'unused-allowance': 'off' } })).toEqual([]);
  });

  it('applies in an overlay to what the overlay sets', () => {
    const overlay = ['name: a', allow('both-days'), 'cronExpression: "0 0 9 1 * MON"', ''].join('\n');
    const found = load(`name: a\ncronExpression: "0 0 6 * * *"\n${rest}\n`, {
      overlays: [{ path: 'overlay.yaml', text: overlay }],
    });
    expect(found.diagnostics).toEqual([]);
  });

  it('lets a manifest through that a rule would stop', () => {
    const text = ['name: a', `cronExpression: "0 0 0 30 2 *" ${allow('never-fires')}`, rest, ''].join('\n');
    expect(load(text)).toMatchObject({ diagnostics: [], desired: [{ schedule: { name: 'a' } }] });
  });
});

describe('problems that are found later', () => {
  it('get their place, their severity and their allowance', () => {
    const text = daily().replace(
      '{name: w}',
      '{name: w} # downbeat: allow no-workflow because it ships today',
    );
    const place = {
      kind: 'field',
      origin: { file: 'a.yaml', document: 0 },
      path: ['startWorkflowRequest', 'name'],
      at: 'value',
    } as const;
    const late = { code: 'no-workflow', severity: 'warning', args: { workflow: 'w' }, place } as const;
    expect(load(text).settle([late])).toEqual([]);
    expect(load(daily()).settle([late])).toMatchObject([{ at: { line: 3, column: 30 } }]);
    expect(load(daily(), { rules: { 'no-workflow': 'error' } }).settle([late])).toMatchObject([
      { diagnostic: { severity: 'error' } },
    ]);
  });
});
