import { describe, expect, it } from 'vitest';
import { lastDayOffsetTooLarge, parseCron } from '../../../src/cron/parse/parse-cron.ts';

const accepted = [
  ...[
    '0 0 9 * * ?',
    '0 0 9 ? * ?',
    '  0 0 9 * * *  ',
    '0  0   9 * * *',
    '0/5 * * ? * *',
    '0 0 9-17/2 * * mon-fri',
  ],
  ...['0 0 9 * jan,apr *', '0 0 9 1-5/2 * *', '0 0 9 ? * 0', '0 0 9 ? * 7', '0 0 9 * * 7-1', '0 0 9 * * 5-7'],
  ...[
    '0 0 9 * * SUN-TUE',
    '0 0 9 ? * *,MON',
    '0 0 9 1,L * *',
    '0 0 9 15W * ?',
    '0 0 9 1W,15W * *',
    '0 0 9 31W * *',
  ],
  ...['0 0 9 LW * ?', '0 0 9 L-3 * ?', '0 0 9 L-31 * *', '0 0 9 * * 5L', '0 0 9 ? * SUNL', '0 0 9 ? * MON#2'],
  ...['0 0 9 * * 0#2', '0 0 9 * * 1#6', '0 0 9 ? * 6#3', '* * * * * *', '@yearly', '@annually', '@monthly'],
  ...['@weekly', '@daily', '@midnight', '@hourly', '@DAILY', ' @daily', '0 0 9 31 FEB ?', '0 0 0 30 2 *'],
  // A tab or line break beside a space is a blank, names and small l are fine in the day of week, numbers are Java's.
  ...[
    '0 \t0 9 * * *',
    '0 0 9 * * *\n',
    '0 0 9 * * fril',
    '+5 007 9 * * *',
    '0--0 0 9 * * *',
    '0 0 9 ?,L * *',
  ],
  // Names are replaced wherever they stand: month 12.
  '0 0 0 1 JANFEB *',
];

const rejected = [
  ...['', 'bad', '0 9 * * *', '0 0 9 * * ? *', '0\t0 9 * * *', '0 0 24 * * ?', '0 0 9 ? ? ?', '60 0 0 * * *'],
  ...['-1 0 0 * * *', '5-70 * * * * *', '0 0 0 0 * *', '0 0 9 32 * *', '0 0 0 * 13 *', '0 0 9 * * 8'],
  ...[
    '*/0 * * * * *',
    '0 0/0 9 * * *',
    '0,,5 0 9 * * *',
    '0 0 22-2 * * *',
    '0 0 9 ? * 6-1',
    '0 0 9 * * MON-',
  ],
  ...['0 0 9 * * Monday', '0 0 9 * january *', '0 0 9 * * L', '0 0 9 W * *', '0 0 9 WL * *', 'H 0 9 * * *'],
  ...[
    '@every 5m',
    '@reboot',
    '0 0 9 ?,1 * *',
    '*-5 0 9 * * *',
    '0 0 9 L-0 * *',
    '0 0 9 l * *',
    '0 0 9 2147483648 * *',
  ],
];

/** Expression, the part of it that is the mistake, a word of why, a word of the hint (none = no hint). */
const mistakes: readonly (readonly [string, string, string, string?])[] = [
  ['0 9 1 * MON', '0 9 1 * MON', 'six fields', 'both day fields must match'],
  ['0 0 9 ? * 2 *', '*', 'six fields', '1 is Monday here and Sunday in Quartz'],
  ['0 0 9 ? * MON-6 2027', '2027', 'six fields', '1 is Monday here and Sunday in Quartz'],
  ['', '', 'empty', 'six fields'],
  ['bad', 'bad', 'found 1', 'second minute hour'],
  ['0 9 * * MON-FRI', '0 9 * * MON-FRI', 'found 5', 'write "0 0 9 * * MON-FRI"'],
  ['0 9 * * 8', '0 9 * * 8', 'found 5', 'second minute hour'],
  ['0 0 9 * * ? *', '*', 'found 7', 'write "0 0 9 * * ?"'],
  ['0 0 2 * * ? 2026', '2026', 'found 7', 'a start and an end time'],
  ['0 0 9 * * * ; x', '0 0 9 * * * ; x', 'found 8', 'second minute hour'],
  ['0\t0 9 * * *', '\t', 'only a space separates', 'write "0 0 9 * * *"'],
  ['0\u00a00 9 * * *', '\u00a0', 'no-break space', 'write "0 0 9 * * *"'],
  ['0 0 9 *\u00a0 * *', '*\u00a0', 'only a space separates'],
  ['@reboot', '@reboot', 'unknown macro', 'no such event'],
  [' @every 5m', '@every 5m', 'unknown macro', 'write "0 */5 * * * *"'],
  ['@every 10s', '@every 10s', 'unknown macro', 'write "*/10 * * * * *"'],
  ['@every 2h', '@every 2h', 'unknown macro', 'write "0 0 */2 * * *"'],
  ['@every 90m', '@every 90m', 'unknown macro', 'the macros are @yearly'],
  ['@dayly', '@dayly', 'unknown macro', 'write @daily'],
  ['0 0 24 * * ?', '24', '24 is not a valid hour: 0 to 23', 'midnight is hour 0'],
  ['60 0 0 * * *', '60', '60 is not a valid second: 0 to 59', 'write 0'],
  ['-1 0 0 * * *', '-1', '-1 is not a valid second'],
  ['5-70 * * * * *', '70', '70 is not a valid second'],
  ['0 0 0 0 * *', '0', '0 is not a valid day of month: 1 to 31'],
  ['0 0 9 * * 8', '8', '0 to 7', '1 is Monday'],
  ['0 0 9 99999999999 * *', '99999999999', 'too large'],
  ['*/0 * * * * *', '0', 'a step must be at least 1'],
  ['*/x * * * * *', 'x', '"x" is not a valid step'],
  ['0 0/ 9 * * *', '0/', 'a value is missing'],
  ['0,,5 0 9 * * *', '0,,5', 'a value is missing'],
  ['0 0 9 * * MON-', 'MON-', 'a value is missing in "MON-"'],
  ['0 0 22-2 * * *', '22-2', 'is reversed', 'write "22-23,0-2"'],
  ['0 0 22-2/2 * * *', '22-2', 'is reversed'],
  ['0 0 9 ? * 6-1', '6-1', 'is reversed', 'write "6-7,1"'],
  ['0 0 9 ? * fri-mon', 'fri-mon', 'is reversed', 'write "fri-SUN,mon"'],
  ['0 0 9 ? * FRI-0', 'FRI-0', 'is reversed', 'write "FRI-SUN"'],
  ['0 0 0 * NOV-FEB *', 'NOV-FEB', 'is reversed', 'write "NOV-DEC,JAN-FEB"'],
  ['0 0 9 * * Monday', 'Monday', '"Monday" is not a valid day of week', 'write MON'],
  ['0 0 9 * * TUE,THURS-6', 'THURS', '"THURS" is not a valid day of week', 'write THU'],
  ['0 0 9 * january *', 'january', '"january" is not a valid month', 'write JAN'],
  ['0 0 9 * MON *', 'MON', '"MON" is not a valid month', 'sixth field'],
  ['0 0 9 JAN * *', 'JAN', '"JAN" is not a valid day of month', 'fifth field'],
  ['0 0 9 ? ? ?', '?', 'allowed only by itself', 'write "*"'],
  ['0 0 9 1,? * *', '?', 'allowed only by itself'],
  ['*-5 0 9 * * *', '*', 'allowed only by itself'],
  ['H/5 0 9 * * *', 'H', '"H" is not a valid second', 'Jenkins'],
  ['0 0 9 l * *', 'l', 'not a valid day of month', 'write L'],
  ['0 0 9 15w * *', '15w', 'not a valid day of month', 'write 15W'],
  ['0 0 9 W * *', 'W', 'W needs a day', 'write 15W'],
  ['0 0 9 1,WL * *', 'WL', 'not a valid day of month', 'write LW'],
  ['0 0 9 L3 * *', 'L3', 'followed only by', 'write L-3'],
  ['0 0 9 5L * *', '5L', 'not a valid day of month', 'last Friday'],
  ['0 0 9 1-5W * *', '1-5', 'W must follow one day'],
  ['0 0 9 * * L', 'L', 'L needs a day of the week', 'Saturday is SAT'],
  ['0 0 9 * * L5', 'L5', 'L comes last'],
  ['0 0 9 * * MON,2#', '2#', 'followed by a number'],
  ['0 0 9 * * MON#0', '0', 'followed by a number'],
  ['0 0 9 * * #2', '#2', 'needs a day of the week before it', 'write MON#2'],
  ['0 0 9 * * MON-FRI#1', 'MON-FRI', 'not a single day of week'],
];

describe('parseCron', () => {
  it.each(['*', '?'])('suggests no start and end for the year %s', (year) => {
    expect(JSON.stringify(parseCron(`0 0 2 * * ? ${year}`))).toMatch(/write \\"0 0 2 \* \* \?\\""/);
  });

  it.each(accepted)('takes %j', (expression) => {
    expect(parseCron(expression)).toMatchObject({ ok: true, cron: { expression } });
  });

  it.each(rejected)('refuses %j', (expression) => {
    expect(parseCron(expression).ok).toBe(false);
  });

  it.each(mistakes.map(([expression, part, why, hint]) => ({ expression, part, why, hint })))(
    '$expression: the mistake is $part, $why',
    ({ expression, part, why, hint }) => {
      const parsed = parseCron(expression);
      if (parsed.ok) throw new Error('it was accepted');
      const { problem } = parsed;
      expect(expression.slice(problem.start, problem.end)).toBe(part);
      expect(problem.why).toContain(why);
      if (hint === undefined) expect(problem).not.toHaveProperty('hint');
      else expect(problem.hint).toContain(hint);
    },
  );

  it('refuses digits of other scripts, which Java would take', () => {
    expect(parseCron('0 0 ٩ * * *')).toMatchObject({ ok: false, problem: { start: 4, end: 5 } });
  });

  it('reads long runs of spaces and lists in linear time', () => {
    expect(parseCron(`0 0 9 * *${' '.repeat(500_000)}*`).ok).toBe(true);
    expect(parseCron(`0\t${'\t'.repeat(500_000)}0 9 * * *`).ok).toBe(false);
    expect(parseCron(`0 0 ${'9,'.repeat(100_000)}9 * * *`).ok).toBe(true);
  });

  it('suggests only valid expressions', () => {
    const suggested = [...mistakes.map(([expression]) => expression), ...rejected].flatMap((expression) => {
      const parsed = parseCron(expression);
      return parsed.ok ? [] : (/write "([^"]+ [^"]+)"/.exec(parsed.problem.hint ?? '')?.[1] ?? []);
    });
    expect(suggested.length).toBeGreaterThan(8);
    expect(suggested.filter((expression) => !parseCron(expression).ok)).toEqual([]);
  });

  it('reads the fields', () => {
    expect(parseCron('5/20 0-10/5,59 *  L,LW,L-3,15W,1-2 JAN,12 SUN,5L,MON#2')).toMatchObject({
      cron: {
        second: [{ kind: 'values', values: [5, 25, 45] }],
        minute: [{ kind: 'values', values: [0, 5, 10, 59] }],
        hour: [{ kind: 'values', values: Array.from({ length: 24 }, (_, hour) => hour) }],
        day: [
          { kind: 'last-day', before: 0 },
          { kind: 'last-workday' },
          { kind: 'last-day', before: 3 },
          { kind: 'workday-near', day: 15 },
          { kind: 'values', values: [1, 2] },
        ],
        month: [{ kind: 'values', values: [1, 12] }],
        weekday: [
          { kind: 'values', values: [7] },
          { kind: 'last-weekday', weekday: 5 },
          { kind: 'nth-weekday', weekday: 1, nth: 2 },
        ],
      },
    });
  });

  it.each([
    ['0/3', [3, 6, 7]],
    ['*/2', [1, 3, 5, 7]],
    ['7-1', [1, 7]],
    ['7-7', [1, 2, 3, 4, 5, 6, 7]],
    ['7/2', [7]],
  ])('counts %s as day of week as Spring does', (field, values) => {
    expect(parseCron(`0 0 0 * * ${field}`)).toMatchObject({ cron: { weekday: [{ values }] } });
  });

  it("adds a huge step as Java's int does", () => {
    expect(parseCron('5/2147483647 * * * * *')).toMatchObject({
      cron: { second: [{ values: [0, 1, 2, 3, 4, 5] }] },
    });
  });
});

describe('lastDayOffsetTooLarge', () => {
  it.each([
    ['0 0 0 L * *', false],
    ['0 0 0 L-27 * *', false],
    ['0 0 0 L-28 * *', true],
    ['0 0 0 1,L-2147483648 * *', true],
    ['0 0 0 * * 5L', false],
  ])('%s: %s', (expression, tooLarge) => {
    const parsed = parseCron(expression);
    expect(parsed.ok && lastDayOffsetTooLarge(parsed.cron)).toBe(tooLarge);
  });
});
