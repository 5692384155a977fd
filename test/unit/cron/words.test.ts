import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cron, CronField } from '../../../src/cron/parse/cron.ts';
import { parseCron } from '../../../src/cron/parse/parse-cron.ts';
import { cronWords } from '../../../src/cron/words/words.ts';
import { anyCron } from '../../support/crons.ts';

function cronOf(expression: string): Cron {
  const parsed = parseCron(expression);
  if (!parsed.ok) throw new Error(`${expression}: ${parsed.problem.why}`);
  return parsed.cron;
}

/** What a cron means, however it is written. */
function meaning({ second, minute, hour, day, month, weekday }: Cron): string {
  return JSON.stringify([second, minute, hour, day, month, weekday].map(canonical));
}

function canonical(field: CronField, index: number): unknown {
  const values = new Set(field.flatMap((rule) => (rule.kind === 'values' ? rule.values : [])));
  if (values.size === [60, 60, 24, 31, 12, 7][index]) return 'all';
  const rules = field.filter((rule) => rule.kind !== 'values').map((rule) => JSON.stringify(rule));
  return [...[...values].sort((a, b) => a - b), ...rules];
}

describe('a cron in words', () => {
  it.each([
    ['0 0 9 * * *', 'at 09:00 every day'],
    ['0 5 0 * * *', 'at 00:05 every day'],
    ['0 0 9 * * MON-FRI', 'at 09:00, Monday to Friday'],
    ['0 */5 * * * *', 'every 5 minutes'],
    ['* * 9 * * *', 'every second from 09:00:00 to 09:59:59'],
    ['* * * * * *', 'every second'],
    ['*/10 * * * * *', 'every 10 seconds'],
    ['0 * * * * *', 'every minute'],
    ['30 * * * * *', 'every minute at second 30'],
    ['0 0 * * * *', 'every hour'],
    ['0 15 * * * *', 'every hour at minute 15'],
    ['30 15 * * * *', 'every hour at minute 15, second 30'],
    ['0 0 */6 * * *', 'every 6 hours'],
    ['0 15 1/6 * * *', 'every 6 hours from 01:15 to 19:15'],
    ['0 0 9-17 * * *', 'every hour from 09:00 to 17:00'],
    ['0 0 9,17 * * *', 'at 09:00 and 17:00 every day'],
    ['0 0,30 9,17 * * *', 'at 09:00, 09:30, 17:00 and 17:30 every day'],
    ['0 */15 9-17 * * MON-FRI', 'every 15 minutes from 09:00 to 17:45, Monday to Friday'],
    ['0 5/20 9-17 * * *', 'every 20 minutes from 09:05 to 17:45'],
    ['0 5/20 * * * *', 'every 20 minutes from minute 5'],
    ['0 */7 * * * *', 'every 7 minutes from minute 0 to 56 of every hour'],
    ['0 0-10,30 8 * * *', 'at minutes 0 to 10 and 30 of hour 8'],
    ['0 0 9-12,14-17 * * *', 'at minute 0 of hours 9 to 12 and 14 to 17'],
    ['5/20 * * ? * *', 'every 20 seconds from second 5'],
    ['0,30 0 9 * * *', 'every 30 seconds from 09:00:00 to 09:00:30'],
    ['*/10 */5 * * * *', 'every 10 seconds of every 5th minute from 0 to 55 of every hour'],
    ['* 0 * * * *', 'every second of minute 0 of every hour'],
    ['0,7,9 * 9-17 * * *', 'at seconds 0, 7 and 9 of every minute of hours 9 to 17'],
    ['@daily', 'at 00:00 every day'],
    ['@weekly', 'at 00:00 on Sundays'],
    ['@yearly', 'at 00:00 on the 1st of January'],
    ['@hourly', 'every hour'],
    ['@DAILY', 'at 00:00 every day'],
    ['0 0 9 L * ?', 'at 09:00 on the last day of the month'],
    ['0 0 9 L-3 * ?', 'at 09:00 on the 3rd day before the last day of the month'],
    ['0 0 9 LW * *', 'at 09:00 on the last workday of the month'],
    ['0 0 9 15W * *', 'at 09:00 on the workday nearest to the 15th of the month'],
    ['0 0 9 ? * MON#2', 'at 09:00 on the 2nd Monday of the month'],
    ['0 0 9 ? * 5L', 'at 09:00 on the last Friday of the month'],
    ['0 0 9 ? * SUNL', 'at 09:00 on the last Sunday of the month'],
    ['0 0 9 15 * MON', 'at 09:00 on the 15th of the month, but only on Mondays'],
    ['0 0 9 1,L 3,6 *', 'at 09:00 on the 1st and last day of March and June'],
    ['0 0 9 29 2 *', 'at 09:00 on the 29th of February'],
    ['0 0 9 */2 * *', 'at 09:00 on the 1st and every 2nd day after it up to the 31st of the month'],
    ['0 0 9 1-7 * MON', 'at 09:00 on the 1st to 7th of the month, but only on Mondays'],
    ['0 0 9 ? * 0', 'at 09:00 on Sundays'],
    ['0 0 9 ? * 7', 'at 09:00 on Sundays'],
    ['0 0 9 ? * 7-2', 'at 09:00 on Mondays, Tuesdays and Sundays'],
    ['0 0 9 ? * */2', 'at 09:00 on Mondays, Wednesdays, Fridays and Sundays'],
    ['0 0 9 ? * 0/3', 'at 09:00 on Wednesdays, Saturdays and Sundays'],
    ['0 0 9 * jan-mar *', 'at 09:00 every day in January to March'],
    [
      '0 0 9 L,15W 1 FRI#1,MON',
      'at 09:00 on the last day and workday nearest to the 15th of January, but only on Mondays and the 1st Friday of the month',
    ],
    ['0 0 */2 * * SAT,SUN', 'every 2 hours on Saturdays and Sundays'],
    ['0 0 9 1 */3 *', 'at 09:00 on the 1st of January, April, July and October'],
    ['0 */2 */2 * * *', 'every 2 minutes of every 2nd hour from 0 to 22'],
    ['0 0 9 1,15 * *', 'at 09:00 on the 1st and 15th of the month'],
    ['0 30 1,5,9,13 * * *', 'every 4 hours from 01:30 to 13:30'],
    ['*/7 * * * * *', 'every 7 seconds from second 0 to 56 of every minute'],
    ['30 */5 9-17 * * *', 'every 5 minutes from 09:00:30 to 17:55:30'],
    ['0 0 0 L-28 * *', 'at 00:00 on the 28th day before the last day of the month'],
    ['0 1,2 9-17 * * *', 'at minutes 1 and 2 of hours 9 to 17'],
  ])('%s: %s', (expression, words) => {
    expect(cronWords(cronOf(expression))).toBe(words);
  });

  it('differ for any two different crons', () => {
    const told = new Map<string, Cron>();
    fc.assert(
      fc.property(anyCron(), (expression) => {
        const cron = cronOf(expression);
        const words = cronWords(cron);
        const other = told.get(words);
        told.set(words, cron);
        if (other !== undefined)
          expect({ words, meaning: meaning(other), of: other.expression }).toEqual({
            words,
            meaning: meaning(cron),
            of: other.expression,
          });
      }),
      { numRuns: 5000, seed: 20261123 },
    );
    expect(told.size).toBeGreaterThan(3000);
  });

  it('are different for every set of hours and every pair of simple fields', () => {
    const lists = [
      '*',
      '0',
      '5',
      '0,5',
      '0,1',
      '0-2',
      '0-5',
      '*/2',
      '*/3',
      '1/2',
      '2/6',
      '*/5',
      '*/7',
      '0,30',
      '0,5,9',
      '0-8/2',
      '10-20',
    ];
    const hours = [
      '*',
      '0',
      '9',
      '9,10',
      '9-11',
      '9-17',
      '*/2',
      '*/6',
      '1/6',
      '*/5',
      '0,12',
      '9-12,14-17',
      '1,5,9',
    ];
    const told = new Map<string, string>();
    for (const second of lists)
      for (const minute of lists)
        for (const hour of hours) {
          const cron = cronOf(`${second} ${minute} ${hour} * * *`);
          const words = cronWords(cron);
          const other = told.get(words) ?? meaning(cron);
          expect([words, other]).toEqual([words, meaning(cron)]);
          told.set(words, other);
        }
    expect(told.size).toBe(lists.length * lists.length * hours.length);
  });
});
