import { keepsOf, lastKept } from '../days/named-days.ts';
import { modulo } from '../zone/civil.ts';
import { parseTimer, startSlack, type TimerEntry, type Timing, type Window } from './entry-timers.ts';
import { nextFire } from './next.ts';
import { countWithin, firesOf, type Run, runs, type Timer, timer } from './runs-of-days.ts';
import { timeAt } from './times.ts';

/**
 * An interval of fires; epoch milliseconds. `since` is when the server computed the first of them, which is when the
 * schedule was saved or resumed; absent = just before `from`.
 */
export interface Span {
  readonly from: number;
  /** Exclusive; `Infinity` is fine for what is read lazily. */
  readonly to: number;
  readonly since?: number;
}

/** One fire: its exact cron time in epoch milliseconds, and the entry whose timer it is. */
export interface Fire {
  readonly at: number;
  readonly entry: TimerEntry;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
const minutesPerDay = 1440;

/**
 * All fires of a schedule in an interval, in order, computed as they are asked for: as Conductor OSS 3.30.0.rc9 and later
 * starts them, each fire being punctual (see `nextRunOfEntry`). Two entries that meet at one instant are two fires. Entries
 * that the server skips have none. A paused schedule has none either, which is the caller's to know.
 */
export function* fires(timing: Timing, span: Span): Generator<Fire, undefined> {
  const [only, ...others] = timing.entries;
  if (only !== undefined && others.length === 0) {
    for (const at of momentsOf(only, timing, span)) yield { at, entry: only };
    return undefined;
  }
  const upcoming = timing.entries.flatMap((entry) => {
    const moments = momentsOf(entry, timing, span);
    const first = moments.next().value;
    return first === undefined ? [] : [{ entry, moments, at: first }];
  });
  for (;;) {
    let first: (typeof upcoming)[number] | undefined;
    for (const candidate of upcoming)
      if (candidate.at < (first?.at ?? Number.POSITIVE_INFINITY)) first = candidate;
    if (first === undefined) return undefined;
    yield { at: first.at, entry: first.entry };
    first.at = first.moments.next().value ?? Number.POSITIVE_INFINITY;
  }
}

/** The first of the fires of an interval; undefined = there is none. */
export function firstFire(timing: Timing, span: Span): number | undefined {
  let first: number | undefined;
  for (const entry of timing.entries) {
    const at = firstOfEntry(entry, timing, span);
    if (at !== undefined && at < (first ?? Number.POSITIVE_INFINITY)) first = at;
  }
  return first;
}

function firstOfEntry(entry: TimerEntry, window: Window, span: Span): number | undefined {
  if (window.days !== undefined) return momentsOf(entry, window, span).next().value;
  const own = timerOf(entry);
  if (own === undefined) return undefined;
  const { alone, first, to } = walkOf(own, window, span);
  if (alone !== undefined) return alone;
  return first !== null && first < to ? first : undefined;
}

/** The first fires of a schedule that was saved at `now`, at most `limit`, in order. */
export function firesAfter(timing: Timing, now: number, limit: number): readonly number[] {
  const found: number[] = [];
  if (limit <= 0) return found;
  if (limit === 1) {
    const first = firstFire(timing, { from: now + 1, to: Number.POSITIVE_INFINITY, since: now });
    return first === undefined ? found : [first];
  }
  for (const { at } of fires(timing, { from: now + 1, to: Number.POSITIVE_INFINITY, since: now })) {
    found.push(at);
    if (found.length >= limit) break;
  }
  return found;
}

/** How many fires an interval has: by counting the times of day of each local day, not by visiting them. */
export function countFires(timing: Timing, span: Span): number {
  let count = 0;
  for (const run of allRuns(timing, span)) count += run.end - run.first;
  return count;
}

/**
 * Adds the fires of an interval to a tally of UTC days: index 0 is the day of `span.from`. Fires beyond the tally's end are
 * left out. One tally may take many schedules.
 */
export function addFiresPerDay(timing: Timing, span: Span, tally: Tally): void {
  const firstDay = Math.floor(span.from / dayMs);
  for (const run of allRuns(timing, span)) {
    const midnight = run.day * 86_400 - run.offset;
    const dayOfFirst = Math.floor((midnight + timeAt(run.times, run.first)) / 86_400);
    const dayOfLast = Math.floor((midnight + timeAt(run.times, run.end - 1)) / 86_400);
    if (dayOfFirst === dayOfLast) add(tally, dayOfFirst - firstDay, run.end - run.first);
    else
      for (let day = dayOfFirst; day <= dayOfLast; day += 1)
        add(tally, day - firstDay, countWithin(run, day * 86_400, (day + 1) * 86_400));
  }
}

/**
 * Adds the fires of an interval to a tally of minutes: index 0 is the minute of `span.from`. Else as `addFiresPerDay`.
 * `times`: how many schedules fire so.
 */
export function addFiresPerMinute(timing: Timing, span: Span, tally: Tally, times = 1): void {
  const firstMinute = Math.floor(span.from / minuteMs);
  for (const run of allRuns(timing, span)) addMinutes(run, tally, firstMinute, times);
}

/** Counts by index, such as a `Uint32Array`. */
export interface Tally {
  readonly length: number;
  [index: number]: number;
}

function add(tally: Tally, index: number, count: number): void {
  if (index >= 0 && index < tally.length) tally[index] = (tally[index] as number) + count;
}

function* allRuns(timing: Timing, span: Span): Generator<Run, undefined> {
  for (const entry of timing.entries) yield* runsOf(entry, timing, span);
  return undefined;
}

function* momentsOf(entry: TimerEntry, window: Window, span: Span): Generator<number, undefined> {
  for (const run of runsOf(entry, window, span)) yield* firesOf(run);
  return undefined;
}

// One entry is asked for its fires, their count and their days: it is read once.
const timers = new WeakMap<TimerEntry, Timer | undefined>();

function timerOf(entry: TimerEntry): Timer | undefined {
  if (timers.has(entry)) return timers.get(entry);
  const parsed = parseTimer(entry);
  const own = parsed === undefined ? undefined : timer(parsed.cron, parsed.zone);
  timers.set(entry, own);
  return own;
}

/** The runs of an entry on days that are kept. */
function* runsOf(entry: TimerEntry, window: Window, span: Span): Generator<Run, undefined> {
  if (window.days === undefined) return yield* runsOnAnyDay(entry, window, span);
  const keeps = keepsOf(window.days);
  // After the last day that is kept to, a search for more would have no end.
  const to = Math.min(span.to, (lastKept(window.days) + 2) * dayMs);
  for (const run of runsOnAnyDay(entry, window, { ...span, to })) if (keeps(run.day)) yield run;
  return undefined;
}

/** The rules of `nextRunOfEntry`, looked at from afar: what they come to for one fire after the other. */
export function* runsOnAnyDay(
  entry: TimerEntry,
  window: Omit<Window, 'days'>,
  span: Span,
): Generator<Run, undefined> {
  const own = timerOf(entry);
  if (own === undefined) return undefined;
  const { alone, first, to } = walkOf(own, window, span);
  if (alone !== undefined) yield* runs(own, alone, alone + 1);
  yield* runs(own, first, to);
  return undefined;
}

/** Where a walk through the fires of an interval begins. */
type Walk = {
  /** A fire before those of the walk, which is in the interval, too. */
  readonly alone: number | undefined;
  /** null = there is none. */
  readonly first: number | null;
  /** Exclusive. */
  readonly to: number;
};

function walkOf(
  { cron, zone }: Timer,
  { startTime, endTime, catchup }: Omit<Window, 'days'>,
  { from, to, since = from - 1 }: Span,
): Walk {
  const late = !catchup && startTime !== undefined && since < startTime - startSlack;
  const earliest = nextFire(cron, zone, late ? startTime - startSlack : since);
  if (earliest === null) return { alone: undefined, first: null, to };
  const begin = late ? nextFire(cron, zone, earliest) : earliest;
  const last = catchup || endTime === undefined ? Number.POSITIVE_INFINITY : Math.floor(endTime);
  return {
    // The first one from a start on fires whatever the end is.
    alone: late && earliest >= from && earliest < to ? earliest : undefined,
    first: begin !== null && begin < from ? nextFire(cron, zone, from - 1) : begin,
    to: Math.min(to, last + 1),
  };
}

/** Adds the fires of a run, minute by minute of its pattern; index 0 is the epoch minute `firstMinute`. */
function addMinutes(run: Run, tally: Tally, firstMinute: number, multiple: number): void {
  const { day, offset, times, first, end } = run;
  const { hours, minutes, seconds } = times;
  const perMinute = seconds.values.length;
  const perHour = minutes.values.length * perMinute;
  // Old zones are some seconds off the full minute: a local minute is then parts of two.
  const early = seconds.below[modulo(offset, 60)] as number;
  const base = day * minutesPerDay - Math.floor(offset / 60);
  for (let hour = Math.floor(first / perHour); hour * perHour < end; hour += 1) {
    const hourStart = base + (hours.values[hour] as number) * 60;
    for (let index = 0; index < minutes.values.length; index += 1) {
      const minute = hourStart + (minutes.values[index] as number);
      const start = hour * perHour + index * perMinute;
      const whole = early === 0 && start >= first && start + perMinute <= end;
      if (whole) {
        add(tally, minute - firstMinute, perMinute * multiple);
        continue;
      }
      const low = Math.max(first, start);
      const high = Math.min(end, start + perMinute);
      if (low >= high) continue;
      const split = Math.min(high, Math.max(low, start + early));
      add(tally, minute - 1 - firstMinute, (split - low) * multiple);
      add(tally, minute - firstMinute, (high - split) * multiple);
    }
  }
}
