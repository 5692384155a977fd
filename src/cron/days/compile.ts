import { nextFire } from '../fire/next.ts';
import { type Run, runs, type Timer, timer } from '../fire/runs-of-days.ts';
import { timeAt } from '../fire/times.ts';
import type { Cron } from '../parse/cron.ts';
import { fieldTexts, lastDayOffsetTooLarge, parseCron } from '../parse/parse-cron.ts';
import { dayNames } from '../parse/specs.ts';
import { civilDate, dayNumber } from '../zone/civil.ts';
import { nextChange } from '../zone/offsets.ts';
import type { Zone } from '../zone/zone.ts';
import { fewestGroups } from './fewest.ts';
import { datesOf, type MonthDates } from './months.ts';
import type { Keeps } from './named-days.ts';

/** A cron without some days, as crons that have none. */
export type CompiledDays =
  | {
      readonly kind: 'compiled';
      /** In Spring's grammar; they share the zone of the original, and no two fire on one date. Never empty. */
      readonly crons: readonly string[];
      /** How many dates that the original takes are left out. */
      readonly leftOut: number;
      /** The first date from which they hold no more, as a day number. */
      readonly until: number;
    }
  /** It counts back beyond the first of a month, so a server fires about every second on some days. */
  | { readonly kind: 'runaway' }
  /** Every date that it takes in the twelve months is left out, or it takes none. */
  | { readonly kind: 'never'; readonly until: number }
  /** Around a change of the clock Spring's answers depend on the fields, so other crons would fire at other times. */
  | { readonly kind: 'inexact'; readonly at: number };

/**
 * The fewest crons that fire in twelve months as `cron` does, but for the dates that are not kept. A cron has no year, so
 * they hold for twelve months from the first of the month of `day` (a day number): within one month every day gives the
 * same crons. Dates are computed, not rewritten as text: months of which no date is left out share one entry with the
 * original's own day fields; the others have their dates listed, and share an entry where that fires on no other date.
 */
export function compileDays(cron: Cron, zone: Zone, keeps: Keeps, day: number): CompiledDays {
  if (lastDayOffsetTooLarge(cron)) return { kind: 'runaway' };
  const { year, month } = civilDate(day);
  const first = dayNumber({ year, month, day: 1 });
  const until = dayNumber({ year: year + 1, month, day: 1 });
  const months = datesOf(cron, keeps, first).filter(({ taken }) => taken !== 0);
  const firing = months.filter(({ kept }) => kept !== 0);
  if (firing.length === 0) return { kind: 'never', until };
  const crons = fewestCrons(cron, months, firing);
  const at = differenceAt(timer(cron, zone), crons, keeps, first, until);
  if (at !== undefined) return { kind: 'inexact', at };
  const leftOut = months.reduce((sum, { taken, kept }) => sum + bitCount(taken & ~kept), 0);
  return { kind: 'compiled', crons, leftOut, until };
}

function fewestCrons(
  cron: Cron,
  months: readonly MonthDates[],
  firing: readonly MonthDates[],
): readonly string[] {
  const [second, minute, hour, day, month, weekday] = fieldTexts(cron.expression) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const time = `${second} ${minute} ${hour}`;
  const untouched = firing.filter(({ taken, kept }) => taken === kept);
  if (untouched.length === months.length) return [`${time} ${day} ${month} ${weekday}`];
  const changed = firing.filter(({ taken, kept }) => taken !== kept);
  const listed = listedCrons(time, changed);
  if (untouched.length === 0) return listed;
  const own = `${time} ${day} ${rangesText(untouched.map(({ month }) => month))} ${weekday}`;
  const all = listedCrons(time, firing);
  return all.length <= listed.length ? all : [own, ...listed];
}

/** Crons that list dates, in as few as can be. */
function listedCrons(time: string, months: readonly MonthDates[]): readonly string[] {
  const weekdays = weekdaysOf(months);
  const forbidden = months.map(
    ({ byWeekday, kept }) =>
      byWeekday.reduce((dates, own, index) => (weekdays.has(index) ? dates | own : dates), 0) & ~kept,
  );
  const conflict = (a: number, b: number): boolean =>
    ((months[a]?.kept ?? 0) & (forbidden[b] ?? 0)) !== 0 ||
    ((months[b]?.kept ?? 0) & (forbidden[a] ?? 0)) !== 0;
  const weekday = weekdayText(weekdays);
  return fewestGroups(months.length, conflict).map((group) => {
    const members = group.map((index) => months[index] as MonthDates);
    const kept = members.reduce((dates, own) => dates | own.kept, 0);
    const free = ~group.reduce((dates, index) => dates | (forbidden[index] as number), 0);
    const day = datesText(kept, free);
    return `${time} ${day} ${rangesText(members.map((member) => member.month))} ${weekday}`;
  });
}

/** The weekdays of all kept dates, 0 = Monday. */
function weekdaysOf(months: readonly MonthDates[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (const { byWeekday, kept } of months)
    for (const [index, dates] of byWeekday.entries()) if ((dates & kept) !== 0) found.add(index);
  return found;
}

function weekdayText(weekdays: ReadonlySet<number>): string {
  if (weekdays.size === dayNames.length) return '*';
  return rangesText([...weekdays], (index) => dayNames[index] as string);
}

const lastDate = 31;

/** Dates as a day of month, the fewest ranges: a range may go over dates that are free, which nothing takes. */
function datesText(kept: number, free: number): string {
  const dates: number[] = [];
  for (let date = 1; date <= lastDate; date += 1) if (((kept | free) & (1 << date)) !== 0) dates.push(date);
  if (dates.length === lastDate) return '*';
  const isKept = (date: number): boolean => (kept & (1 << date)) !== 0;
  return ranges(dates)
    .map((range) => range.slice(range.findIndex(isKept), range.findLastIndex(isKept) + 1))
    .filter((range) => range.some(isKept))
    .map((range) => rangesText(range))
    .join(',');
}

/** Numbers as a cron field lists them: `1,3-5`. */
function rangesText(values: readonly number[], name: (value: number) => string = String): string {
  return ranges(values.toSorted((a, b) => a - b))
    .map((range) => {
      const [from, to] = [name(range[0] as number), name(range.at(-1) as number)];
      return range.length === 1 ? from : range.length === 2 ? `${from},${to}` : `${from}-${to}`;
    })
    .join(',');
}

/** Ascending numbers, cut where one is missing. */
function ranges(values: readonly number[]): readonly (readonly number[])[] {
  const found: number[][] = [];
  for (const value of values) {
    const last = found.at(-1);
    if (last?.at(-1) === value - 1) last.push(value);
    else found.push([value]);
  }
  return found;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

const dayLength = 86_400;
// On its way to a day Spring looks up to a week ahead of it, so further from a change of the clock nothing can differ.
const margin = 9 * dayLength;
// A search that begins with a fire so long before a change is the same, whatever was before that fire.
const settled = 2 * dayLength;
/** How far ahead of a change the last fire before it is looked for, one after the other. */
const lookback = [margin, 40 * dayLength, 400 * dayLength];

/**
 * Where around the changes of a zone's clock the crons do not fire as the original does; epoch milliseconds. What Spring
 * finds there may depend on where its search begins: at the last fire before, or where the schedule was saved since.
 */
function differenceAt(
  original: Timer,
  crons: readonly string[],
  keeps: Keeps,
  first: number,
  until: number,
): number | undefined {
  const { zone } = original;
  if (zone.kind === 'fixed') return undefined;
  const compiled = crons.flatMap((expression) => {
    const parsed = parseCron(expression);
    return parsed.ok ? [timer(parsed.cron, zone)] : [];
  });
  const isWithin = ({ day }: Run): boolean => day >= first && day < until;
  for (let start = first * dayLength - margin; ; ) {
    const change = nextChange(zone.rules, start, until * dayLength + margin);
    if (change === undefined) return undefined;
    for (const begin of [saved, lastFire]) {
      const wanted = stretches([original], begin, change.at, (run) => isWithin(run) && keeps(run.day));
      const given = stretches(compiled, begin, change.at, isWithin);
      if (wanted.length !== given.length || wanted.some((one, index) => one !== given[index]))
        return change.at * 1000;
    }
    start = change.at;
  }
}

/** The first fire of a schedule that is saved shortly before a change; epoch milliseconds. */
function saved({ cron, zone }: Timer, change: number): number | null {
  return nextFire(cron, zone, (change - margin) * 1000 - 1);
}

/** A fire before a change from which on all are known; epoch milliseconds. */
function lastFire({ cron, zone }: Timer, change: number): number | null {
  for (const back of lookback) {
    const fire = nextFire(cron, zone, (change - back) * 1000 - 1);
    if (fire !== null && fire < (change - settled) * 1000) return fire;
  }
  return nextFire(cron, zone, (change - margin) * 1000 - 1);
}

/** The fires around a change, day by day, as texts that are equal when the fires are. */
function stretches(
  timers: readonly Timer[],
  begin: (own: Timer, change: number) => number | null,
  change: number,
  counts: (run: Run) => boolean,
): readonly string[] {
  const found: { day: number; offset: number; first: number; end: number; at: number }[] = [];
  for (const own of timers) {
    for (const run of runs(own, begin(own, change), (change + margin) * 1000)) {
      const at = run.day * dayLength - run.offset + timeAt(run.times, run.first);
      if (!counts(run) || at < change - margin) continue;
      const last = found.at(-1);
      if (last?.day === run.day && last.offset === run.offset && last.end === run.first) last.end = run.end;
      else found.push({ ...run, at });
    }
  }
  return found
    .sort((a, b) => a.at - b.at)
    .map(({ day, offset, first, end }) => `${day} ${offset} ${first} ${end}`);
}
