import { expect, it } from 'vitest';
import { awayText, spanText } from '../../../src/report/text/span.ts';
import { intervalOf, pastTimeOf, resolved } from '../../../src/run/typed-times.ts';

const now = Date.UTC(2026, 10, 23, 12);

it.each([
  ['45s', now - 45_000],
  ['30m', now - 1_800_000],
  ['12h', now - 43_200_000],
  ['7d', now - 604_800_000],
  ['0s', now],
  ['2026-11-23T00:00:00Z', Date.UTC(2026, 10, 23)],
  ['2026-11-23T00:00:00+01:00', Date.UTC(2026, 10, 22, 23)],
  ['2026-11-23', Date.UTC(2026, 10, 23)],
  ['2026-11-31', undefined],
  ['2026-11-23T00:00:00', undefined],
  ['36500d', Date.UTC(2026, 10, 23, 12) - 36_500 * 86_400_000],
  ['36501d', undefined],
  ['1w', undefined],
  ['-5m', undefined],
  ['1.5h', undefined],
  ['', undefined],
])('--since %j', (text, moment) => {
  const time = pastTimeOf('since', text);
  expect(time.ok ? resolved(time.value, now) : undefined).toBe(moment);
});

it.each([
  [0, '0s'],
  [59_499, '59s'],
  [60_000, '1m'],
  [-61_000, '1m 1s'],
  [3_599_000, '59m 59s'],
  [3_600_000, '1h'],
  [52_200_000, '14h 30m'],
  [86_400_000, '1d'],
  [90_000_000, '1d 1h'],
  [8_640_000_000, '100d'],
  [31_536_000_000, '365d'],
])('%i ms are %s', (milliseconds, text) => {
  expect(spanText(milliseconds)).toBe(text);
});

it.each([
  [-3_600_000, '1h ago'],
  [-500, '1s ago'],
  [-499, 'now'],
  [0, 'now'],
  [400, 'now'],
  [3_600_000, 'in 1h'],
])('%i ms from now is %s', (milliseconds, text) => {
  expect(awayText(now + milliseconds, now)).toBe(text);
});

it.each([
  ['2026-01-02', { ok: true }],
  ['2036-01-01', { ok: true }],
  ['2036-01-09', { ok: true }],
  ['2036-01-10', { ok: false, usage: { message: '--to is too far from --from' } }],
  ['9999-12-31', { ok: false, usage: { message: '--to is too far from --from' } }],
  ['2026-01-01', { ok: false, usage: { message: '--to is not after --from' } }],
])('an interval from 2026-01-01 to %s', (to, interval) => {
  expect(intervalOf({ from: '2026-01-01', to }, now, 1)).toMatchObject(interval);
});
