import { describe, expect, it } from 'vitest';
import { fires } from '../../../src/cron/fire/fires.ts';
import { fireWindows } from '../../../src/fires/windows.ts';

const from = Date.UTC(2026, 10, 23, 12, 0, 30);
const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** Fires one by one, drawn together as it is promised. */
function oneByOne(cronExpression: string, zoneId: string, to: number, gap: number) {
  const timing = { entries: [{ cronExpression, zoneId }], catchup: false };
  const found: { first: number; last: number; count: number }[] = [];
  for (const { at } of fires(timing, { from, to })) {
    const before = found.at(-1);
    if (before === undefined || at - before.last > gap) found.push({ first: at, last: at, count: 1 });
    else found[found.length - 1] = { first: before.first, last: at, count: before.count + 1 };
  }
  return { timing, found };
}

describe('fires drawn together', () => {
  it.each([
    ['0 0 2 * * ?', 'Europe/Berlin', 14, hourMs],
    ['0 0 * * * ?', 'UTC', 2, hourMs],
    ['0 0 * * * ?', 'UTC', 2, hourMs - 1],
    ['0 */5 * * * ?', 'Asia/Kolkata', 2, hourMs],
    ['0 */5 9-17 ? * MON-FRI', 'America/New_York', 14, 6 * hourMs],
    ['*/10 * 8-10 * * ?', 'Europe/Berlin', 2, hourMs],
    ['7/20 */15 * * * ?', 'UTC', 2, 5 * 60_000],
    ['* * * * * ?', 'UTC', 1, hourMs],
    // An hour apart to the second, and a second more.
    ['0/2 0-9 0/2 * * ?', 'UTC', 2, 6_601_000],
    ['0,58 9/10 * * * ?', 'UTC', 14, 542_000],
    ['0,58 9/10 * * * ?', 'UTC', 14, 541_999],
    ['0,58 9/10 * * * ?', 'Asia/Tokyo', 14, 58_000],
  ])('%s in %s, %d days', (cron, zone, days, gap) => {
    const to = from + days * dayMs;
    const { timing, found } = oneByOne(cron, zone, to, gap);
    const windows = fireWindows(timing, { from, to }, gap);
    expect(windows).toStrictEqual(found);
    expect(windows.length).toBeGreaterThan(0);
  });

  it('an invalid cron has none', () => {
    const timing = { entries: [{ cronExpression: 'x', zoneId: 'UTC' }], catchup: false };
    expect(fireWindows(timing, { from, to: from + dayMs }, hourMs)).toStrictEqual([]);
  });
});
