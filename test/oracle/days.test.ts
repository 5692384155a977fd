import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileDays } from '../../src/cron/days/compile.ts';
import { parseCron } from '../../src/cron/parse/parse-cron.ts';
import { civilDate, dayNumber } from '../../src/cron/zone/civil.ts';
import { wallAt } from '../../src/cron/zone/wall.ts';
import { parseZone } from '../../src/cron/zone/zone.ts';
import { anyCron } from '../support/crons.ts';
import { askSpring } from './spring.ts';

/** A twentieth of the other comparison's: each case is a year of fires. */
const count = Math.min(1000, Math.ceil(Number(process.env.DOWNBEAT_ORACLE_COUNT ?? 20_000) / 20));
const seed = Number(process.env.DOWNBEAT_ORACLE_SEED ?? 20_261_123);
/** More than a year has for a cron that fires once a day. */
const most = 380;
const dayMs = 86_400_000;
// Zones whose rules no JDK of these years has otherwise.
const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'Australia/Lord_Howe', '+05:30'];

/** With one time of day, so that a year of fires can be listed. */
const sparse = fc.tuple(anyCron(), fc.integer({ min: 0, max: 23 })).map(([cron, hour]) => {
  const [, , , ...days] = cron.split(' ');
  return ['0', '30', String(hour), ...days].join(' ');
});

it(`compiled crons fire when Spring fires the original, on the kept days (seed ${seed})`, async () => {
  const cases = fc.sample(
    fc.tuple(
      sparse,
      fc.constantFrom(...zones),
      fc.integer({
        min: dayNumber({ year: 2024, month: 1, day: 1 }),
        max: dayNumber({ year: 2029, month: 1, day: 1 }),
      }),
      fc.uniqueArray(fc.integer({ min: 0, max: 365 }), { maxLength: 20 }),
    ),
    { numRuns: count * 2, seed },
  );
  const compiled = cases.flatMap(([expression, zoneId, today, off]) => {
    const [cron, zone] = [parseCron(expression), parseZone(zoneId)];
    if (!cron.ok || !zone.ok) throw new Error(expression);
    const { year, month } = civilDate(today);
    const first = dayNumber({ year, month, day: 1 });
    const left = new Set(off.map((day) => first + day));
    const keeps = (day: number): boolean => !left.has(day);
    const found = compileDays(cron.cron, zone.zone, keeps, today);
    return found.kind === 'compiled'
      ? [{ expression, zoneId, zone: zone.zone, first, until: found.until, keeps, crons: found.crons }]
      : [];
  });
  expect(compiled.length).toBeGreaterThanOrEqual(count);
  const asked = compiled.slice(0, count);
  const questions = asked.flatMap(({ expression, zoneId, first, crons }) =>
    [expression, ...crons].map((cron) => ['next', cron, zoneId, String((first - 2) * dayMs), String(most)]),
  );
  const answers = (await askSpring(questions)).values();
  const different: unknown[] = [];
  let fires = 0;
  for (const { expression, zoneId, zone, first, until, keeps, crons } of asked) {
    const dayOf = (at: number): number => Math.floor(wallAt(zone, at / 1000, false).local / 86_400);
    const within = (answer: string): readonly number[] =>
      answer
        .split(' ')
        .slice(1)
        .filter((fire) => fire !== 'none')
        .map(Number)
        .filter((at) => dayOf(at) >= first && dayOf(at) < until);
    const next = (): readonly number[] => within(String(answers.next().value));
    const wanted = next().filter((at) => keeps(dayOf(at)));
    const given = crons.flatMap(next).sort((a, b) => a - b);
    fires += given.length;
    if (given.join() !== wanted.join()) different.push({ expression, zoneId, first, crons });
  }
  expect(different).toEqual([]);
  expect(fires).toBeGreaterThan(count);
});
