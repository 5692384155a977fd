import { parseTimer } from '../fire/entry-timers.ts';
import { nextFire } from '../fire/next.ts';
import { dateText } from '../zone/civil.ts';
import { wallAt } from '../zone/wall.ts';
import type { DaysWish } from './compile-entries.ts';
import { type DayChoice, keepsOf, type NamedDays } from './named-days.ts';

/** A day on which a timer would fire, were it not for its calendars. */
export type LeftOutDay = {
  /** 2026-12-25 */
  readonly date: string;
  /** The calendar that has it; absent = `only` names calendars that do not. */
  readonly calendar?: string;
  /** What the day is: `Christmas Day`. */
  readonly what?: string;
};

const dayMs = 86_400_000;
// An hourly cron that keeps to one day a year is asked for a year of days, not of fires.
const mostDays = 400;

/** The first days that are left out from `now` on (epoch milliseconds), at most `limit`, in order. */
export function leftOutDays(wish: DaysWish, now: number, limit: number): readonly LeftOutDay[] {
  const keeps = keepsOf(wish);
  const days = new Set<number>();
  for (const entry of wish.entries) {
    const own = parseTimer(entry);
    if (own === undefined) continue;
    let found = 0;
    let at = nextFire(own.cron, own.zone, now);
    for (let count = 0; at !== null && at < now + mostDays * dayMs && count < mostDays; count += 1) {
      const { local, offset } = wallAt(own.zone, at / 1000, false);
      const day = Math.floor(local / 86_400);
      if (!keeps(day)) {
        days.add(day);
        found += 1;
      }
      if (found >= limit) break;
      // The last second of its local day.
      at = nextFire(own.cron, own.zone, ((day + 1) * 86_400 - offset - 1) * 1000);
    }
  }
  return [...days]
    .sort((a, b) => a - b)
    .slice(0, limit)
    .map((day) => ({ date: dateText(day), ...reasonOf(wish.except, day) }));
}

function reasonOf(except: readonly NamedDays[], day: number): Pick<LeftOutDay, 'calendar' | 'what'> {
  for (const { name, days } of except) {
    const what = days.get(day);
    if (what !== undefined) return { calendar: name, what };
  }
  return {};
}

/** The calendars of a wish after the words of a cron: `, except holidays-de`. */
export function daysWords({ except, only }: DayChoice): string {
  const names = (all: readonly NamedDays[]): string => all.map(({ name }) => name).join(', ');
  return `${only.length === 0 ? '' : `, only on days of ${names(only)}`}${except.length === 0 ? '' : `, except ${names(except)}`}`;
}
