import { describe, expect, it, test } from 'vitest';
import { scheduleFrom } from '../../../src/conductor/wire.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { normalize } from '../../../src/model/normal.ts';
import type { DesiredSchedule, ObservedSchedule } from '../../../src/model/schedule.ts';
import type { RuleSettings } from '../../../src/model/severity.ts';
import { doomed } from '../../../src/plan/checks/never-fires.ts';
import { desiredOf } from '../../support/schedules.ts';

/** 2026-11-23T12:00:00Z, a Monday. */
const now = Date.UTC(2026, 10, 23, 12);
const body = { name: 'a', cronExpression: '0 0 9 * * *', startWorkflowRequest: { name: 'w' } };

/** As `code name: cause text`. */
function found(
  bodies: readonly JsonObject[],
  desired: readonly DesiredSchedule[] = [],
  rules: RuleSettings = {},
  others: readonly string[] = [],
): readonly string[] {
  const isOthers = ({ schedule }: ObservedSchedule): boolean => others.includes(schedule.name);
  return doomed(desired, bodies.map(scheduleFrom), rules, now, isOthers).map(({ code, args }) => {
    if (code !== 'dead-there' && code !== 'stuck-there') return code;
    const [first, ...others] = args.schedules;
    const text = first !== undefined && 'text' in first ? ` ${first.text}` : '';
    return `${code} ${first?.name}: ${first?.cause}${text}${others.length > 0 ? ` +${others.length}` : ''}`;
  });
}

describe('a schedule on the server', () => {
  test.each<readonly [string, JsonObject, readonly string[]]>([
    ['alive', {}, []],
    ['crontab', { cronExpression: '0 9 * * *' }, ['dead-there a: bad-cron 0 9 * * *']],
    ['no date', { cronExpression: '0 0 9 31 4 *' }, ['dead-there a: no-date 0 0 9 31 4 *']],
    ['a bad zone', { zoneId: 'EST' }, ['dead-there a: bad-zone EST']],
    ['no cron', { cronExpression: null }, ['dead-there a: no-cron']],
    ['empty lists', { cronExpression: '', cronSchedules: [] }, ['dead-there a: no-cron']],
    ['an end at 0', { scheduleEndTime: 0 }, ['dead-there a: over']],
    ['an end in the past', { scheduleEndTime: now - 1 }, ['dead-there a: over']],
    ['nothing left', { scheduleEndTime: now + 1000 }, ['dead-there a: over']],
    ['an end to come', { scheduleEndTime: now + 86_400_000 }, []],
    ['an end that catch-up ignores', { scheduleEndTime: 0, runCatchupScheduleInstances: true }, []],
    ['one fire after its end', { scheduleStartTime: now + 9000, scheduleEndTime: now + 5000 }, []],
    ['paused', { cronExpression: 'bad', paused: true }, []],
    ['an organisation', { name: 'abcd:rest' }, ['dead-there abcd:rest: name']],
    [
      'an organisation that does not matter',
      { name: 'abcd:rest', cronSchedules: [{ cronExpression: '0 0 9 * * *' }] },
      [],
    ],
    [
      'one dead entry of two',
      { cronSchedules: [{ cronExpression: 'bad' }, { cronExpression: '0 0 9 * * *' }] },
      [],
    ],
    [
      'two dead entries',
      { cronSchedules: [{ cronExpression: 'bad' }, { cronExpression: '0 0 9 * * *', zoneId: 'Mars/X' }] },
      ['dead-there a: bad-zone Mars/X'],
    ],
    ['a slash', { name: 'a/b' }, ['stuck-there a/b: name']],
    ['dots', { name: '..' }, ['stuck-there ..: name']],
    ['no name', { name: '' }, ['stuck-there : name']],
    ['a percent sign and a semicolon', { name: 'a%b;c' }, []],
    ['a route', { name: 'search' }, []],
    ['a null among its timers', { cronSchedules: [null] }, ['stuck-there a: null-entry']],
    [
      'a slash and a bad cron',
      { name: 'a/b', cronExpression: 'bad' },
      ['stuck-there a/b: name', 'dead-there a/b: bad-cron bad'],
    ],
  ])('%s', (_what, fields, expected) => {
    expect(found([{ ...body, ...fields }])).toEqual(expected);
  });
});

describe('many of them', () => {
  const many = (count: number): readonly JsonObject[] =>
    Array.from({ length: count }, (_, at) => ({ ...body, name: `x${at}`, cronExpression: 'bad' }));

  it('are named one by one up to five', () => {
    expect(found(many(5))).toHaveLength(5);
  });

  it('are summed up beyond', () => {
    expect(found(many(6))).toEqual(['dead-there x0: bad-cron bad +5']);
  });
});

describe('one with a manifest', () => {
  const dead = { ...body, cronExpression: 'bad' };
  const { schedule } = normalize(body);

  it('is judged by its manifest', () => {
    expect(found([dead], [desiredOf(schedule)])).toEqual([]);
  });

  it('is judged by itself if the manifest leaves fields to the server', () => {
    const desired = desiredOf(schedule, { ignoreChanges: [['cronExpression']] });
    expect(found([dead], [desired])).toEqual(['dead-there a: bad-cron bad']);
  });

  it('can still be stuck', () => {
    expect(found([{ ...body, cronSchedules: [null] }], [desiredOf(schedule)])).toEqual([
      'stuck-there a: null-entry',
    ]);
  });
});

it('is silent about schedules of other owners', () => {
  const both = [
    { ...body, cronExpression: 'bad' },
    { ...body, name: 'b/c' },
  ];
  expect(found(both)).toHaveLength(2);
  expect(found(both, [], {}, ['a', 'b/c'])).toEqual([]);
});

it('is silent if the rule is off', () => {
  const both = { ...body, name: 'a/b', cronExpression: 'bad' };
  expect(found([both], [], { 'dead-there': 'off' })).toEqual(['stuck-there a/b: name']);
  expect(found([both], [], { all: 'off' })).toEqual([]);
});
