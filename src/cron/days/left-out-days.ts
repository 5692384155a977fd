import type { Window } from '../fire/entry-timers.ts';
import { runsOnAnyDay, type Span } from '../fire/fires.ts';
import { dateText } from '../zone/civil.ts';
import type { DaysWish } from './compile-entries.ts';
import { type DayChoice, keepsOf, type NamedDays } from './named-days.ts';

/** A day of a calendar. */
export type CalendarDay = {
  /** 2026-12-25, in the time zone of the schedule. */
  readonly date: string;
  readonly calendar: string;
  /** What the day is: `Christmas Day`. */
  readonly what: string;
};

/** The days of calendars on which timers would fire. */
export type ChosenDays = {
  /** Those without a fire, because `except` names their calendar; absent = it names none. */
  readonly leftOut?: readonly CalendarDay[];
  /** Those with fires, because `only` names their calendar: there are fires on no other days. Absent = it names none. */
  readonly kept?: readonly CalendarDay[];
};

const dayMs = 86_400_000;
/** A schedule that keeps to few days is looked at for a year, not forever. */
const mostDays = 400;

/** The first chosen days of an interval, at most `limit` of each kind, in order; a day counts from its first fire on. */
export function chosenDays(
  wish: DaysWish,
  window: Omit<Window, 'days'>,
  { from, to, since = from - 1 }: Span,
  limit: number,
): ChosenDays {
  const isKeptTo = keepsOf({ only: wish.only, except: [] });
  const leftOut = new Set<number>();
  const kept = new Set<number>();
  const span = { from, to: Math.min(to, from + mostDays * dayMs), since };
  for (const entry of wish.entries) {
    const own = { leftOut: new Set<number>(), kept: new Set<number>() };
    for (const { day } of runsOnAnyDay(entry, window, span)) {
      if (!isKeptTo(day)) continue;
      const kind = wish.except.some(({ days }) => days.has(day)) ? 'leftOut' : 'kept';
      if (own[kind].size < limit) own[kind].add(day);
      if (own.leftOut.size >= limit && (own.kept.size >= limit || wish.only.length === 0)) break;
    }
    for (const day of own.leftOut) leftOut.add(day);
    for (const day of own.kept) kept.add(day);
  }
  const told = (days: ReadonlySet<number>, calendars: readonly NamedDays[]): readonly CalendarDay[] =>
    [...days]
      .sort((a, b) => a - b)
      .slice(0, limit)
      .flatMap((day) => calendarDay(calendars, day));
  return {
    ...(wish.except.length === 0 ? {} : { leftOut: told(leftOut, wish.except) }),
    ...(wish.only.length === 0 ? {} : { kept: told(kept, wish.only) }),
  };
}

function calendarDay(calendars: readonly NamedDays[], day: number): readonly CalendarDay[] {
  for (const { name, days } of calendars) {
    const what = days.get(day);
    if (what !== undefined) return [{ date: dateText(day), calendar: name, what }];
  }
  return [];
}

/** The calendars of a wish after the words of a cron: `, except holidays-de`. */
export function daysWords({ except, only }: DayChoice): string {
  const names = (all: readonly NamedDays[]): string => all.map(({ name }) => name).join(', ');
  return `${only.length === 0 ? '' : `, only on days of ${names(only)}`}${except.length === 0 ? '' : `, except ${names(except)}`}`;
}
