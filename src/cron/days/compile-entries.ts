import type { TimerEntry } from '../fire/entry-timers.ts';
import { parseTimer } from '../fire/entry-timers.ts';
import { civilDate, dayNumber } from '../zone/civil.ts';
import { wallAt } from '../zone/wall.ts';
import type { Zone } from '../zone/zone.ts';
import { type CompiledDays, compileDays } from './compile.ts';
import { type DayChoice, keepsOf } from './named-days.ts';

/** Timers as a person wrote them, and the days on which they are to fire or not. */
export type DaysWish = DayChoice & { readonly entries: readonly TimerEntry[] };

/** The timers of a wish as timers without calendars. */
export type CompiledEntries =
  | {
      readonly ok: true;
      readonly entries: readonly TimerEntry[];
      /** The first date on which the first of them holds no more. */
      readonly until: number;
    }
  | {
      readonly ok: false;
      /** Of the entry that cannot be compiled. */
      readonly index: number;
      readonly refusal: Exclude<CompiledDays, { readonly kind: 'compiled' }> | { readonly kind: 'too-many' };
    };

/** More timers than any server was tried with for one schedule. */
export const mostEntries = 60;

const dayLength = 86_400;

/**
 * What a wish comes to in the month of `now` (epoch milliseconds), or in a month before it: the same on each day of a
 * month, as each zone has it. Undefined when the server would skip an entry.
 */
export function compileEntries(wish: DaysWish, now: number, monthsBefore = 0): CompiledEntries | undefined {
  const months = wish.entries.map((entry) => {
    const own = parseTimer(entry);
    return own === undefined ? Number.NaN : monthOf(own.zone, now, monthsBefore);
  });
  if (months.some(Number.isNaN)) return undefined;
  const key = months.join(' ');
  const known = compiledWishes.get(wish) ?? new Map<string, CompiledEntries | undefined>();
  compiledWishes.set(wish, known);
  const compiled = known.has(key) ? known.get(key) : compileMonths(wish, months);
  known.set(key, compiled);
  return compiled;
}

// Many schedules are compiled from one wish, and each is asked what it was compiled to in other months.
const compiledWishes = new WeakMap<DaysWish, Map<string, CompiledEntries | undefined>>();

function compileMonths(wish: DaysWish, months: readonly number[]): CompiledEntries | undefined {
  const keeps = keepsOf(wish);
  const entries: TimerEntry[] = [];
  let until = Number.POSITIVE_INFINITY;
  for (const [index, entry] of wish.entries.entries()) {
    const own = parseTimer(entry);
    if (own === undefined) return undefined;
    const compiled = compileDays(own.cron, own.zone, keeps, months[index] as number);
    if (compiled.kind !== 'compiled') return { ok: false, index, refusal: compiled };
    entries.push(...compiled.crons.map((cronExpression) => ({ cronExpression, zoneId: entry.zoneId })));
    until = Math.min(until, compiled.until);
    if (entries.length > mostEntries) return { ok: false, index, refusal: { kind: 'too-many' } };
  }
  return { ok: true, entries, until };
}

/**
 * When timers on a server hold no more, if they are what a wish came to in one of the last twelve months: the first
 * such date. Undefined = they are something else.
 */
export function heldUntil(wish: DaysWish, timers: readonly TimerEntry[], now: number): number | undefined {
  const wanted = keyOf(timers);
  for (let months = 0; months <= 12; months += 1) {
    const compiled = compileEntries(wish, now, months);
    if (compiled?.ok && keyOf(compiled.entries) === wanted) return compiled.until;
  }
  return undefined;
}

/** Their order has no effect. */
function keyOf(timers: readonly TimerEntry[]): string {
  return timers
    .map(({ cronExpression, zoneId }) => `${zoneId} ${cronExpression}`)
    .sort()
    .join('\n');
}

/** The first day of the month of a time in a zone, or of so many months before it. */
function monthOf(zone: Zone, now: number, before: number): number {
  const { year, month } = civilDate(
    Math.floor(wallAt(zone, Math.floor(now / 1000), false).local / dayLength),
  );
  const months = year * 12 + month - 1 - before;
  return dayNumber({ year: Math.floor(months / 12), month: (months % 12) + 1, day: 1 });
}
