import type { CronRule } from '../parse/cron.ts';
import { approach, clearBelow, roll } from '../zone/moves.ts';
import { bounds, isBefore, midnight, plusDays, put, read, type Wall } from '../zone/wall.ts';
import type { Zone } from '../zone/zone.ts';

/** A rule that depends on the month it is asked in. */
export type SpecialRule = Exclude<CronRule, { readonly kind: 'values' }>;

// Spring's bound for a search within one rule.
const maxTries = 366;
const monday = 1;
const friday = 5;
const saturday = 6;
const sunday = 7;

/**
 * `from` itself when its day fits the rule, else the next day that does, at 00:00; undefined when there is none. The answer
 * comes from this month or the next in one step, and may lie before `from` where Spring's does (`L-28`).
 */
export function specialDay(zone: Zone, rule: SpecialRule, from: Wall): Wall | undefined {
  const found = candidate(zone, rule, from);
  if (found === undefined || !isBefore(found, from)) return found;
  const later = candidate(zone, rule, roll(zone, from, 'day'));
  return later && clearBelow(zone, later, 'day');
}

function candidate(zone: Zone, rule: SpecialRule, from: Wall): Wall | undefined {
  switch (rule.kind) {
    case 'last-day':
      return startOf(zone, from, plusDays(zone, lastDay(zone, from), -rule.before));
    case 'last-workday': {
      const last = lastDay(zone, from);
      return startOf(zone, from, plusDays(zone, last, -Math.max(0, read(last, 'weekday') - friday)));
    }
    case 'last-weekday': {
      const last = lastDay(zone, from);
      const back = (read(last, 'weekday') - rule.weekday + 7) % 7;
      return startOf(zone, from, plusDays(zone, last, -back));
    }
    case 'nth-weekday':
      return nthWeekday(zone, rule.weekday, rule.nth, from);
    case 'workday-near':
      return workdayNear(zone, rule.day, from);
  }
}

/** `day` at 00:00, or `from` when both have the same number in their months, which Spring takes for the same day. */
function startOf(zone: Zone, from: Wall, day: Wall): Wall {
  return read(day, 'day') === read(from, 'day') ? from : midnight(zone, day);
}

function lastDay(zone: Zone, wall: Wall): Wall {
  const [, last] = bounds(wall, 'day');
  return put(zone, wall, 'day', last);
}

/** Counts weeks from the month's first such weekday; a month that has too few passes the search on to where that ended. */
function nthWeekday(zone: Zone, weekday: number, nth: number, from: Wall): Wall | undefined {
  let month = from;
  for (let tries = 0; tries < 12; tries += 1) {
    const first = put(zone, month, 'day', 1);
    // An int in Java, so absurd ordinals wrap around.
    const days = (((weekday - read(first, 'weekday') + 7) % 7) + (((nth - 1) * 7) | 0)) | 0;
    const day = plusDays(zone, first, days);
    if (read(day, 'month') === read(month, 'month')) return startOf(zone, month, day);
    month = day;
  }
  return undefined;
}

function workdayNear(zone: Zone, day: number, from: Wall): Wall | undefined {
  if (isWorkdayNear(day, read(from, 'day'), read(from, 'weekday'))) return from;
  let found = from;
  for (let tries = 0; tries < maxTries; tries += 1) {
    if (read(found, 'day') === day) return midnight(zone, plusDays(zone, found, shift(day, found)));
    found = approach(zone, found, 'day', day);
  }
  return undefined;
}

/** Whether a date is the nearest workday to `day`; a Friday 30th counts for `31W` in a month of 30 days too, as in Spring. */
function isWorkdayNear(day: number, current: number, weekday: number): boolean {
  if (weekday >= saturday) return false;
  if (current === day) return true;
  if (weekday === friday && current === day - 1) return true;
  return weekday === monday && (current === day + 1 || (day === 1 && current === 3));
}

function shift(day: number, wall: Wall): number {
  const weekday = read(wall, 'weekday');
  if (weekday === saturday) return day === 1 ? 2 : -1;
  return weekday === sunday ? 1 : 0;
}
