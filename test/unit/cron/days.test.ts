import { describe, expect, it } from 'vitest';
import { compileDays } from '../../../src/cron/days/compile.ts';
import { parseCron } from '../../../src/cron/parse/parse-cron.ts';
import { dayNumber } from '../../../src/cron/zone/civil.ts';
import { parseZone } from '../../../src/cron/zone/zone.ts';

function dayOf(date: string): number {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return dayNumber({ year, month, day });
}

function compiled(expression: string, zoneId: string, today: string, keeps: (day: number) => boolean) {
  const cron = parseCron(expression);
  const zone = parseZone(zoneId);
  if (!cron.ok || !zone.ok) throw new Error('a bad case');
  return compileDays(cron.cron, zone.zone, keeps, dayOf(today));
}

function except(...dates: string[]): (day: number) => boolean {
  const off = new Set(dates.map(dayOf));
  return (day) => !off.has(day);
}

// Germany, those that hold in every state.
const germany2027 = [
  '2026-12-25',
  '2026-12-26',
  '2027-01-01',
  '2027-03-26',
  '2027-03-29',
  '2027-05-01',
  '2027-05-06',
  '2027-05-17',
  '2027-10-03',
];

describe('a cron without some days', () => {
  it.each<[string, string, (day: number) => boolean, string[]]>([
    [
      'months share an entry where none of their dates is left out',
      '0 0 9 * * MON-FRI',
      except('2026-12-25'),
      ['0 0 9 * 1-11 MON-FRI', '0 0 9 1-24,28-31 12 MON-FRI'],
    ],
    ['nothing is left out', '0 0 9 * * MON-FRI', except('2026-12-26'), ['0 0 9 * * MON-FRI']],
    ['a macro is what it stands for', '@monthly', except('2027-01-01'), ['0 0 0 1 2-12 *']],
    [
      'the last day of a month keeps its own rule',
      '0 30 6 L * ?',
      except('2026-12-31', '2027-06-30'),
      ['0 30 6 L 1-5,7-11 ?'],
    ],
    ['one date only', '0 0 9 * * *', (day) => day === dayOf('2027-02-14'), ['0 0 9 14 2 SUN']],
  ])('%s', (_what, expression, keeps, crons) => {
    expect(compiled(expression, 'Europe/Berlin', '2026-11-26', keeps)).toMatchObject({
      kind: 'compiled',
      crons,
    });
  });

  it('at nine on weekdays, without the holidays of a country', () => {
    expect(compiled('0 0 9 * * MON-FRI', 'Europe/Berlin', '2026-11-26', except(...germany2027))).toEqual({
      kind: 'compiled',
      crons: [
        '0 0 9 * 2,4,6-11 MON-FRI',
        '0 0 9 1-24,28-31 12 MON-FRI',
        '0 0 9 4-29 1 MON-FRI',
        '0 0 9 1-25,30,31 3 MON-FRI',
        '0 0 9 3-5,7-14,18-31 5 MON-FRI',
      ],
      leftOut: 6,
      until: dayOf('2027-11-01'),
    });
  });

  it('says why it cannot be done', () => {
    expect(compiled('0 0 9 L-28 * *', 'UTC', '2026-11-26', except())).toEqual({ kind: 'runaway' });
    expect(compiled('0 0 9 25 12 *', 'UTC', '2026-11-26', except('2026-12-25'))).toEqual({
      kind: 'never',
      until: dayOf('2027-11-01'),
    });
  });
});
