import * as fc from 'fast-check';
import { nextRunOfEntry, type Timing } from '../../src/cron/fire/entry-timers.ts';
import type { Span } from '../../src/cron/fire/fires.ts';

/** A random expression that Spring takes, of every form it has; many fire never or rarely. */
export function anyCron(): fc.Arbitrary<string> {
  return fc.tuple(sixties, sixties, hours, days, months, weekdays).map((fields) => fields.join(' '));
}

function values(least: number, greatest: number): fc.Arbitrary<string> {
  const value = fc.integer({ min: least, max: greatest });
  const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const step = fc.integer({ min: 1, max: greatest });
  const item = fc.oneof(
    { weight: 4, arbitrary: value.map(String) },
    { weight: 1, arbitrary: range },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.oneof(fc.constant('*'), value.map(String), range), step)
        .map((pair) => pair.join('/')),
    },
  );
  return fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(','));
}

const sixties = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('0', '30', '*/15', '0/30') },
  { weight: 1, arbitrary: fc.constant('*') },
  { weight: 3, arbitrary: values(0, 59) },
);

// Clocks change in the small hours.
const hours = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('*', '0', '1', '2', '3', '23', '*/2', '0-3', '22,1') },
  { weight: 2, arbitrary: values(0, 23) },
);

const dayRule = fc.oneof(
  fc.constantFrom('L', 'LW', 'L-1', 'L-3'),
  fc.integer({ min: 4, max: 27 }).map((days) => `L-${days}`),
  fc.integer({ min: 1, max: 31 }).map((day) => `${day}W`),
);

const days = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('*', '?') },
  { weight: 2, arbitrary: values(1, 31) },
  { weight: 2, arbitrary: dayRule },
  { weight: 1, arbitrary: fc.tuple(dayRule, values(1, 31)).map((items) => items.join(',')) },
);

const months = fc.oneof(
  { weight: 5, arbitrary: fc.constant('*') },
  { weight: 1, arbitrary: values(1, 12) },
  { weight: 1, arbitrary: fc.constantFrom('MAR,OCT,NOV', 'jan-jun/2') },
);

const weekdayRule = fc.oneof(
  fc.integer({ min: 0, max: 7 }).map((day) => `${day}L`),
  fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 1, max: 5 })).map((pair) => pair.join('#')),
);

const weekdays = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('*', '?') },
  { weight: 2, arbitrary: fc.constantFrom('MON-FRI', 'SAT,SUN', 'SUN', '7-2', 'fri', '*/2', '0/3') },
  { weight: 2, arbitrary: values(0, 7).filter((text) => !text.includes('-7/')) },
  { weight: 2, arbitrary: weekdayRule },
  {
    weight: 1,
    arbitrary: fc.tuple(weekdayRule, fc.constantFrom('MON', '3-5')).map((items) => items.join(',')),
  },
);

/** Changes of the clock of all kinds there are, and two zones that have none. */
export const changes: readonly { readonly zone: string; readonly at: string }[] = [
  { zone: 'Europe/Berlin', at: '2027-03-28T01:00Z' },
  { zone: 'Europe/Berlin', at: '2026-10-25T01:00Z' },
  { zone: 'America/New_York', at: '2026-03-08T07:00Z' },
  { zone: 'America/New_York', at: '2026-11-01T06:00Z' },
  // Midnight occurs twice, or not at all.
  { zone: 'America/Havana', at: '2026-11-01T05:00Z' },
  { zone: 'America/Havana', at: '2026-03-08T05:00Z' },
  { zone: 'America/Santiago', at: '2026-09-06T04:00Z' },
  { zone: 'America/Santiago', at: '2026-04-05T03:00Z' },
  { zone: 'Africa/Cairo', at: '2026-04-23T22:00Z' },
  { zone: 'Africa/Cairo', at: '2026-10-29T21:00Z' },
  // The last hour of a day.
  { zone: 'America/Nuuk', at: '2026-03-29T01:00Z' },
  { zone: 'America/Nuuk', at: '2026-10-25T01:00Z' },
  // Half an hour, and in the middle of one.
  { zone: 'Australia/Lord_Howe', at: '2026-10-03T15:30Z' },
  { zone: 'Australia/Lord_Howe', at: '2026-04-04T15:00Z' },
  { zone: 'Pacific/Chatham', at: '2026-04-04T14:00Z' },
  { zone: 'Pacific/Chatham', at: '2026-09-26T14:00Z' },
  { zone: 'America/St_Johns', at: '2026-11-01T04:30Z' },
  // Two hours.
  { zone: 'Antarctica/Troll', at: '2026-03-29T01:00Z' },
  { zone: 'Antarctica/Troll', at: '2026-10-25T01:00Z' },
  // Twice within six weeks; a day left out; a zone with seconds.
  { zone: 'Africa/Casablanca', at: '2027-02-07T02:00Z' },
  { zone: 'Africa/Casablanca', at: '2027-03-14T02:00Z' },
  { zone: 'Pacific/Apia', at: '2011-12-30T10:00Z' },
  { zone: 'Africa/Monrovia', at: '1972-01-07T00:44:30Z' },
  { zone: '+05:30', at: '2026-01-01T00:00Z' },
  { zone: '-01:00:30', at: '2026-01-01T00:00Z' },
];

/** From fire to fire as the server goes, at most so many for one entry; `end` is up to where they are all there (epoch milliseconds). */
export function walk(
  timing: Timing,
  span: Span,
  limit = 600,
): { readonly fires: number[]; readonly end: number } {
  const { from, to, since = from - 1 } = span;
  let end = to;
  const all = timing.entries.map((entry) => {
    const found: number[] = [];
    // The walk goes on from what lies just before the interval, which a walk through years would reach as well.
    let next = nextRunOfEntry(entry, timing, since, since);
    if (next !== null && next < from) next = nextRunOfEntry(entry, timing, from - 1, from - 1);
    while (next !== null && next < to && found.length < limit) {
      if (next >= from) found.push(next);
      next = nextRunOfEntry(entry, timing, next, next);
    }
    if (next !== null && next < to) end = Math.min(end, next);
    return found;
  });
  return {
    fires: all
      .flat()
      .filter((moment) => moment < end)
      .sort((a, b) => a - b),
    end,
  };
}
