import { describe, expect, it } from 'vitest';
import { normalize } from '../../../src/model/normal.ts';
import type { Change } from '../../../src/model/plan.ts';
import type { ObservedSchedule } from '../../../src/model/schedule.ts';
import type { ChangeFires } from '../../../src/model/timing.ts';
import { firesOfChanges } from '../../../src/plan/fires-of-changes.ts';
import { planDocument } from '../../../src/report/documents/plan.ts';
import { changeTable } from '../../../src/report/tables/change-table.ts';
import { renderDocument } from '../../../src/report/text/text.ts';
import { create, field, leave, plain, plan, remove, update } from '../report/samples.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const request = { name: 'w', input: {}, taskToDomain: {}, priority: 0 };

function there(name: string, cronExpression: string, more: object = {}): ObservedSchedule {
  const body = { name, cronExpression, zoneId: 'Europe/Berlin', startWorkflowRequest: request, ...more };
  return { schedule: normalize(body).schedule, facts: {}, literal: {}, carried: {}, carriedInRequest: {} };
}

function firesOf(changes: readonly Change[], observed: readonly ObservedSchedule[] = []) {
  return firesOfChanges(plan(changes), observed, now);
}

/** The lines about fires. */
function shown(changes: readonly Change[], observed: readonly ObservedSchedule[] = []): readonly string[] {
  const fires = firesOf(changes, observed);
  const text = renderDocument(planDocument(plan(changes), [], { showSensitive: false, fires }), plain);
  const all = text.split('\n');
  const from = all.findIndex((line) => line.startsWith('    fires:'));
  const lines = from < 0 ? [] : all.slice(from);
  return lines.slice(0, lines.indexOf(''));
}

const created = (...fields: Parameters<typeof field>[]): Change =>
  create(
    'a',
    fields.map((parts) => field(...parts)),
  );

describe('fires of changes', () => {
  it('has before and after, with the words, the busiest day and a first fire that is soon', () => {
    const change = update('a', [field('cronExpression', '0 5 0 * * ?', '0 */5 * * * ?')]);
    const [entry] = firesOf([change], [there('a', '0 5 0 * * ?')]).values();
    expect(entry).toEqual<ChangeFires>({
      before: {
        timers: [{ cronExpression: '0 5 0 * * ?', zoneId: 'Europe/Berlin', words: 'at 00:05 every day' }],
        paused: false,
        next: [
          { at: Date.parse('2026-11-23T23:05Z'), local: '2026-11-24T00:05:00+01:00' },
          { at: Date.parse('2026-11-24T23:05Z'), local: '2026-11-25T00:05:00+01:00' },
          { at: Date.parse('2026-11-25T23:05Z'), local: '2026-11-26T00:05:00+01:00' },
        ],
        mostPerDay: 1,
      },
      after: {
        timers: [{ cronExpression: '0 */5 * * * ?', zoneId: 'Europe/Berlin', words: 'every 5 minutes' }],
        paused: false,
        next: [
          { at: now + 300_000, local: '2026-11-23T13:05:00+01:00' },
          { at: now + 600_000, local: '2026-11-23T13:10:00+01:00' },
          { at: now + 900_000, local: '2026-11-23T13:15:00+01:00' },
        ],
        mostPerDay: 288,
      },
      soon: 300_000,
    });
  });

  it('are only for what is saved, paused or resumed', () => {
    const observed = ['b', 'c', 'd'].map((name) => there(name, '0 0 9 * * ?'));
    const tags = update('b', [field('tags', [], [])], { steps: [{ kind: 'tag', tags: [] }] });
    expect([...firesOf([tags, remove('c'), leave('d')], observed).keys()]).toEqual([]);
  });

  it('stay as they are when other fields change', () => {
    const change = update('a', [field('description', 'x', 'y')]);
    const [entry] = firesOf([change], [there('a', '0 0 9 * * ?')]).values();
    expect(entry).not.toHaveProperty('before');
    expect(entry?.after.next?.[0]?.local).toBe('2026-11-24T09:00:00+01:00');
  });

  it('in words only where a table is all that is shown of them, which is the same', () => {
    const crons = ['0 5 0 * * ?', '0 */5 * * * ?', '0 9 * * *', '0 0 9 31 2 ?'];
    const start = ['scheduleStartTime', undefined, now + 86_400_000] as const;
    const changes = crons.flatMap((cron, index) => [
      create(`new-${index}`, [field('cronExpression', undefined, cron), field('zoneId', undefined, 'UTC')]),
      ...crons.map((to, at) => update(`cron-${index}-${at}`, [field('cronExpression', cron, to)])),
      update(`resume-${index}`, [field('paused', true, false)], { steps: [{ kind: 'resume' }] }),
      update(`start-${index}`, [field(...start)]),
      remove(`gone-${index}`),
    ]);
    const observed = changes.map(({ name }, index) =>
      there(name, crons[Math.floor(index / 8)] ?? '', { paused: name.startsWith('resume') }),
    );
    const [words, times] = (['words', 'times'] as const).map((view) => {
      const fires = firesOfChanges(plan(changes), observed, now, [], view);
      return planDocument(plan(changes), [], { showSensitive: false, fires });
    });
    expect(words?.changes.flatMap(({ fires }) => fires?.after.next ?? [])).toEqual([]);
    expect(changeTable(words?.changes ?? [], plain)).toEqual(changeTable(times?.changes ?? [], plain));
  });

  it('stay within the window', () => {
    const [entry] = firesOf([
      created(
        ['cronExpression', undefined, '0 0 9 * * ?'],
        ['zoneId', undefined, 'UTC'],
        ['scheduleStartTime', undefined, Date.parse('2027-03-01T00:00Z')],
        ['scheduleEndTime', undefined, Date.parse('2027-03-02T09:00Z')],
      ),
    ]).values();
    expect(entry?.after).toMatchObject({
      mostPerDay: 0,
      next: [{ local: '2027-03-01T09:00:00Z' }, { local: '2027-03-02T09:00:00Z' }],
    });
  });

  it.each<[string, readonly Change[], readonly ObservedSchedule[], readonly string[]]>([
    [
      'a new schedule',
      [created(['cronExpression', undefined, '0 3 * * * ?'], ['zoneId', undefined, 'UTC'])],
      [],
      [
        '    fires: every hour at minute 3 (UTC), up to 24 a day',
        '      next: 2026-11-23 12:03Z, 13:03Z, 14:03Z',
        '      first fire in 3 min',
      ],
    ],
    [
      'an update that leaves the fires',
      [update('a', [field('description', 'x', 'y')])],
      [there('a', '30 0 13 * * ?')],
      [
        '    fires: at 13:00:30 every day (Europe/Berlin)',
        '      next: 2026-11-23 13:00:30 +01:00 (12:00:30Z)',
        '      next fire in 30 s',
      ],
    ],
    [
      'another cron, and another day in UTC',
      [update('a', [field('cronExpression', '0 30 0 * * ?', '* * 9 * * MON')])],
      [there('a', '0 30 0 * * ?')],
      [
        '    fires:',
        '      - at 00:30 every day (Europe/Berlin)',
        '        next: 2026-11-24 00:30 +01:00 (11-23 23:30Z)',
        '      + every second from 09:00:00 to 09:59:59 on Mondays (Europe/Berlin), up to',
        '        3600 a day',
        '        next: 2026-11-30 09:00 +01:00 (08:00Z), 09:00:01 +01:00 (08:00:01Z)',
      ],
    ],
    [
      'several timers',
      [
        created([
          'cronSchedules',
          undefined,
          [
            { cronExpression: '0 0 9 * * ?', zoneId: 'UTC' },
            { cronExpression: '0 0 9 LW * ?', zoneId: 'Asia/Tokyo' },
          ],
        ]),
      ],
      [],
      [
        '    fires:',
        '      at 09:00 every day (UTC)',
        '      at 09:00 on the last workday of the month (Asia/Tokyo), up to 2 a day',
        '      next: 2026-11-24 09:00Z, 2026-11-25 09:00Z, 2026-11-26 09:00Z',
      ],
    ],
    [
      'a pause',
      [update('a', [field('paused', false, true)], { steps: [{ kind: 'pause' }] })],
      [there('a', '0 0 9 * * ?')],
      ['    fires: at 09:00 every day (Europe/Berlin), but it is paused'],
    ],
    [
      'a cron that the server took and cannot read, mended',
      [update('a', [field('cronExpression', '0 9 * * *', '0 0 9 * * *')])],
      [there('a', '0 9 * * *')],
      [
        '    fires:',
        '      - never: no server can read "0 9 * * *" in Europe/Berlin',
        '      + at 09:00 every day (Europe/Berlin)',
        '        next: 2026-11-24 09:00 +01:00 (08:00Z), 2026-11-25 09:00 +01:00 (08:00Z)',
      ],
    ],
    [
      'a cron that never fires',
      [created(['cronExpression', undefined, '0 0 9 31 2 ?'], ['zoneId', undefined, 'UTC'])],
      [],
      ['    fires: at 09:00 on the 31st of February (UTC)', '      next: none, it never fires'],
    ],
  ])('as text: %s', (_, changes, observed, expected) => {
    const lines = shown(changes, observed);
    expect(lines).toEqual(expected);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });
});
