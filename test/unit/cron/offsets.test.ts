import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Change, nextChange, stretches } from '../../../src/cron/zone/offsets.ts';

const at = (text: string): number => Date.parse(text) / 1000;

/** The same from all stretches in between, with nothing remembered of an earlier question. */
function changeFrom(zone: string, from: number, to: number): Change | undefined {
  const all = stretches(zone, from, to).filter(({ end }) => end > from);
  const index = all.findIndex(({ offset }) => offset !== all[0]?.offset);
  const [before, after] = [all[index - 1], all[index]];
  if (before === undefined || after === undefined || after.start >= to) return undefined;
  return { at: after.start, before: before.offset, after: after.offset };
}

const aMoment = fc.integer({ min: at('1960-01-01T00:00:00Z'), max: at('2060-01-01T00:00:00Z') });
const days = fc.integer({ min: 0, max: 500 });

it('the next change is the same whatever was asked before', () => {
  const question = fc.tuple(aMoment, days, fc.constantFrom(0, 1, 86_399));
  fc.assert(
    fc.property(
      fc.constantFrom('Europe/Berlin', 'Africa/Casablanca', 'Australia/Lord_Howe', 'Asia/Tokyo'),
      fc.array(question, { minLength: 2, maxLength: 6 }),
      (zone, questions) => {
        for (const [from, length, more] of questions) {
          const to = from + length * 86_400 + more;
          expect(nextChange(zone, from, to)).toStrictEqual(changeFrom(zone, from, to));
        }
      },
    ),
    { numRuns: 300 },
  );
});

it.each([
  ['just before it', -1, 0],
  ['at it', 0, 1],
])('the change is later than the time asked for: %s', (_when, offset, index) => {
  const changes = [at('2026-10-25T01:00:00Z'), at('2027-03-28T01:00:00Z')];
  const first = changes[0] as number;
  const found = nextChange('Europe/Berlin', first + offset, at('2028-01-01T00:00:00Z'));
  expect(found?.at).toBe(changes[index]);
  expect(nextChange('Europe/Berlin', first - 1, first)).toBeUndefined();
});

it('is found decades ahead, as often as it is asked for', () => {
  const walk = (): number => {
    let count = 0;
    let from = at('1980-06-01T00:00:00Z');
    for (let next = nextChange('Europe/Berlin', from, at('2080-06-01T00:00:00Z')); next !== undefined; ) {
      count += 1;
      from = next.at;
      next = nextChange('Europe/Berlin', from, at('2080-06-01T00:00:00Z'));
    }
    return count;
  };
  // Two a year.
  expect([walk(), walk()]).toStrictEqual([200, 200]);
});
